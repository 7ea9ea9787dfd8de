"""A checked report as outputs show it: findings in words, with where they are and how to mend them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reportkit.checks.repair import Repairs
from reportkit.checks.wording import cell_name, column_name, number_or_blank, row_name, table_name
from reportkit.finding import LEVELS, Finding, Level
from reportkit.form import Edition
from reportkit.registers.schema import REGISTERS
from reportkit.report import TownReport
from reportkit.review.decisions import VERDICTS, Reviewed


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """One report with its findings, the decisions on them, and the smallest mends."""

    report: TownReport
    findings: tuple[Reviewed, ...]
    repairs: tuple[Repairs, ...] = ()
    file: str = ""
    """Where it was read, as the caller named it."""

    def counts(self) -> Counter[Level]:
        """Count the findings of each level that are not accepted."""
        return Counter(each.finding.level for each in self.findings if not each.accepted)

    @property
    def accepted(self) -> int:
        """How many findings were accepted."""
        return sum(each.accepted for each in self.findings)

    def open(self, *levels: Level) -> tuple[Finding, ...]:
        """Return the findings of some levels that are not accepted."""
        return tuple(
            each.finding
            for each in self.findings
            if not each.accepted and each.finding.level in (levels or LEVELS)
        )


def where(report: TownReport, finding: Finding, most: int = 4) -> str:
    """Say in words where a finding is: its cells, or the section of its sentence."""
    edition = report.cells.edition
    if finding.cells:
        known = [cell for cell in finding.cells if cell in edition.cells]
        if (line := _line(edition, known)) is not None:
            return line
        names = "、".join(cell_name(edition, cell) for cell in known[:most])
        return names + (f"等 {len(known)} 格" if len(known) > most else "")
    place = finding.place
    if place is not None and place.section is not None:
        title = next((s.title for s in edition.sections if s.code == place.section), None)
        return title or "引言"
    if place is not None and place.register is not None:
        row = f" 第 {place.row} 行" if place.row is not None else ""
        register = REGISTERS.get(place.register)
        return f"{place.register if register is None else register.heading}{row}"
    return "全文"


def _line(edition: Edition, addresses: Sequence[str]) -> str | None:
    """Name the row or column that three or more cells lie in, instead of each of them."""
    cells = [edition.cell(address) for address in addresses]
    if len(cells) < 3 or len({cell.table for cell in cells}) > 1:
        return None
    table = table_name(edition, cells[0].table)
    if len({cell.row.code for cell in cells}) == 1:
        return f"{table}{row_name(cells[0])}行"
    if len({cell.column.code for cell in cells}) == 1:
        return f"{table}{column_name(cells[0])}列"
    return None


def mends(checked: Checked) -> list[str]:
    """Word the smallest mends, each part of the form by itself and every tie named."""
    edition = checked.report.cells.edition
    lines = []
    for part in checked.repairs:
        ways = [
            "、".join(
                f"{cell_name(edition, change.address)}由 {number_or_blank(change.now)} 改为 {change.should}"
                + ("" if repair.only else "（或其他相容的数）")
                for change in repair.changes
            )
            for repair in part.options
        ]
        if len(ways) == 1 and part.complete:
            lines.append(f"最少的改法只有一种：{ways[0]}。")
        elif ways:
            more = "" if part.complete else "（还有其他改法，未全部列出）"
            listed = "；".join(f"（{place}）{way}" for place, way in enumerate(ways, 1))
            lines.append(f"最少的改法有 {len(ways)} 种，请对照原始材料选定：{listed}{more}。")
    return lines


def decision_words(reviewed: Reviewed) -> tuple[str, str]:
    """Return the decision and its reason in words; empty where there is none."""
    decision = reviewed.decision
    if decision is None:
        return "", ""
    return (
        f"{VERDICTS[decision.decision]}（{decision.who}，{decision.when:%Y-%m-%d}）",
        decision.reason,
    )


def in_order(checked: Sequence[Checked]) -> list[Checked]:
    """Sort reports by county, town and year."""
    return sorted(
        checked,
        key=lambda each: (
            each.report.town.county,
            each.report.town.name,
            each.report.year or 0,
            each.file,
        ),
    )
