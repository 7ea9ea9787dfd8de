"""The report's tables: the form's own, the time limits, and the findings for the office."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reportkit.errors import FormError
from reportkit.finding import LEVEL_NAMES, Place
from reportkit.form import Cell, CellValue, plain
from reportkit.form.layout import Figure, Heading, Slot, layout
from reportkit.notebook.fragment import NOTHING, Fragment, render, sentence
from reportkit.notebook.narrative import find_section
from reportkit.notebook.view import View
from reportkit.registers.schema import REGISTERS
from reportkit.review.decisions import VERDICTS

UNKNOWN_MARK = "—"


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure as a table prints it."""

    text: str
    kind: str
    """``zero`` and ``unknown`` look different from other figures."""
    address: str
    colspan: int
    headers: str
    """The ids of its headings, where a table has several heads."""
    marks: tuple[int, ...]
    """The numbers of the findings about it."""


def print_value(value: CellValue, cell: Cell) -> str:
    """Write a cell as the form prints it: exact, a change with its sign, a dash for unknown."""
    if value is None:
        return UNKNOWN_MARK
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return f"+{text}" if cell.column.type == "signed" and value > 0 else text


def form(report: View, code: str) -> Fragment:
    """Return a statutory table with its heading, exactly as the report's edition prints it.

    ``code`` is the section's, such as ``s3``. Unknown is a dash with a note, never 0.
    """
    section = find_section(report, code)
    if section.table is None:
        raise FormError(f"section {code} holds no table: show it by narrative.section")
    plan = layout(report.edition.tables[section.table])
    cells = report.report.cells
    several = len(plan.parts) > 1

    def figure(slot: Figure, headers: str) -> Shown:
        cell = slot.cell
        value = cells[cell.address]
        kind = "unknown" if value is None else "zero" if not value else ""
        return Shown(
            print_value(value, cell),
            kind,
            cell.address,
            slot.colspan,
            headers,
            report.marks.get(cell.address, ()),
        )

    def line(row: tuple[Slot, ...], part: int) -> list[Heading | Shown]:
        return [
            slot
            if isinstance(slot, Heading)
            else figure(slot, _headers(plan.table.code, part, slot) if several else "")
            for slot in row
        ]

    numbers = {n for cell in plan.table.cells() for n in report.marks.get(cell.address, ())}
    return render(
        "form",
        section.title or plan.table.title,
        section=section,
        plan=plan,
        several=several,
        parts=[
            (part.head, [line(row, nth) for row in part.body])
            for nth, part in enumerate(plan.parts)
        ],
        unknown=any(cells[cell.address] is None for cell in plan.table.cells()),
        internal=report.internal,
        findings=[(n, f) for n, f in enumerate(report.findings, 1) if n in numbers],
    )


def _headers(table: str, part: int, slot: Figure) -> str:
    """Return the ids of the headings above and beside a cell of a table with several heads."""
    return f"{table}-{part} {table}-{part}-{slot.column} {table}-{slot.cell.row.code}"


def short_label(heading: str) -> str:
    """Return a heading of the form without its number and without what stands in brackets.

    >>> short_label("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")
    '部分公开'
    """
    return (
        heading.split("）", 1)[-1].split("（", maxsplit=1)[0]
        if heading.startswith("（")
        else heading
    )


def time_limits(report: View) -> Fragment:
    """Return how the time limits for replies were kept, by outcome."""
    kept = report.dossier.timeliness
    if kept is None:
        return sentence("依申请公开台账未登记，答复时限未统计。")
    if not kept.replied and not kept.open_overdue and not kept.open_unknown:
        return sentence("本年没有需要答复的政府信息公开申请，无超期答复。")
    rows = [(short_label(row.label), row) for row in kept.by_outcome if row.count]
    return render(
        "time_limits", f"答复{kept.replied}件，超期{kept.overdue}件", kept=kept, rows=rows
    )


def findings(report: View) -> Fragment:
    """Return the panel of findings, for the office alone; for the public there is nothing."""
    if not report.internal:
        return Fragment(NOTHING, "（公开稿不列校验问题）")
    counted = {
        level: sum(finding.level == level for finding in report.findings)
        for level in ("error", "warning", "info")
    }
    return render(
        "findings",
        f"校验问题{len(report.findings)}项",
        findings=[
            (n, each.finding, place_words(each.finding.place), each.decision)
            for n, each in enumerate(report.reviewed, 1)
        ],
        names=LEVEL_NAMES,
        verdicts=VERDICTS,
        counted=counted,
        set_aside=report.dossier.set_aside,
        draft=report.draft,
        edition=report.edition,
        label=_label(report),
    )


def _label(report: View) -> dict[str, str]:
    return {
        address: report.edition.cells[address].label
        for finding in report.findings
        for address in finding.cells
        if address in report.edition.cells
    }


def place_words(place: Place | None) -> str:
    """Say where in the data a finding was made, in words.

    >>> place_words(Place(register="disputes", file="a.csv", row=7, column="case_no"))
    '复议诉讼台账 · a.csv · 第7行 · 案号'
    """
    if place is None:
        return ""
    register = REGISTERS.get(place.register or "")
    words = [register.heading if register else place.register, place.file, place.sheet]
    words.append(None if place.row is None else f"第{place.row}行")
    headings = {column.name: column.heading for column in register.columns} if register else {}
    words.append(headings.get(place.column or "", place.column))
    words.append(None if place.value is None else f"“{place.value}”")
    return " · ".join(word for word in words if word)
