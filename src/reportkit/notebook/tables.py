"""The report's tables: the form's own, the time limits, and the findings for the office."""

from __future__ import annotations

from reportkit.blocks import (
    Backing,
    Block,
    Findings,
    FormTable,
    Item,
    Note,
    Nothing,
    Remark,
    Table,
    TableColumn,
    print_amount,
    print_value,
)
from reportkit.errors import FormError
from reportkit.finding import Place
from reportkit.form import CellValue
from reportkit.language import _
from reportkit.notebook.narrative import find_section
from reportkit.notebook.view import View
from reportkit.registers.derivation.kept import OutcomeDays, Timeliness
from reportkit.registers.derivation.narrative import number_in_prose
from reportkit.registers.derivation.told import told_words
from reportkit.registers.schema import REGISTERS
from reportkit.report import TownReport
from reportkit.review.decisions import VERDICTS, Decision

__all__ = ["findings", "form", "place_words", "print_value", "short_label", "time_limits"]


def form(report: View, code: str) -> FormTable:
    """Return a statutory table with its heading, exactly as the report's edition prints it.

    ``code`` is the section's, such as ``s3``. Unknown is a dash with a note, never 0.
    """
    section = find_section(report, code)
    if section.table is None:
        raise FormError(_("section {code} holds no table: show it by narrative.section", code=code))
    table = report.edition.tables[section.table]
    addresses = [cell.address for cell in table.cells()]
    marks = {address: report.marks[address] for address in addresses if address in report.marks}
    about = {number for numbers in marks.values() for number in numbers}
    return FormTable(
        edition=report.edition.code,
        table=table.code,
        section=section.code,
        title=section.title or "",
        town=report.report.town.id or report.report.town.name,
        year=report.report.year,
        cells=_cells(report.report, addresses),
        previous=(
            _cells(report.previous, addresses)
            if report.previous is not None and report.previous.edition == report.edition.code
            else None
        ),
        marks=marks,
        findings=tuple(
            Remark(number, finding.level, finding.message)
            for number, finding in enumerate(report.shown_findings, 1)
            if number in about
        ),
        anchored=report.internal,
        behind=_backings(report, addresses) if report.internal and report.dossier.trace else {},
    )


def _backings(report: View, addresses: list[str]) -> dict[str, Backing]:
    """Return what stands behind each cell, in the lines of an internal page."""
    return {address: _backing(report, address) for address in addresses}


def _backing(report: View, address: str) -> Backing:
    behind = report.behind(address)
    if behind.register is None:
        parts = tuple(
            f"{_part(report, address, a.address)} {print_amount(a.value)}" for a in behind.addends
        )
        return Backing(behind.rule, parts, behind.parts - len(parts))
    schema = REGISTERS[behind.register]
    heads = [
        "" if schema.column(name).key else schema.column(name).heading.removesuffix("日期")
        for name in behind.columns
    ]
    lines = tuple(
        " · ".join(
            f"{head}{told_words(value)}"
            for head, value in zip(heads, row, strict=True)
            if value is not None
        )
        for row in behind.rows
    )
    return Backing(behind.rule, lines, behind.count - len(lines))


def _part(report: View, whole: str, part: str) -> str:
    """Name a part of a total by what tells it from the other parts: its column, or its row."""
    one, other = report.edition.cells[whole], report.edition.cells[part]
    if one.row.code != other.row.code:
        return other.row.label
    group = f"{other.column.group}·" if other.column.group else ""
    return f"{group}{other.column.label}"


def _cells(report: TownReport, addresses: list[str]) -> dict[str, CellValue]:
    return {address: report.cells[address] for address in addresses}


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


def time_limits(report: View) -> Block:
    """Return how the time limits for replies were kept, by outcome."""
    kept = report.dossier.timeliness
    if kept is None:
        return Note("依申请公开台账未登记，答复时限未统计。")
    if not kept.replied and not kept.open_overdue and not kept.open_unknown:
        return Note("本年没有需要答复的政府信息公开申请，无超期答复。")
    counts = tuple(TableColumn(label) for label in ("答复", "按时", "超期", "用时中位数"))
    return Table(
        "答复时限",
        (TableColumn("办理结果", "text"), *counts),
        tuple(
            (short_label(row.label), row.count, *_kept(row)) for row in kept.by_outcome if row.count
        ),
        foot=(("合计", kept.replied, *_kept(kept)),),
        unit="件、工作日",
        notes=(_time_limits_note(kept),),
    )


def _kept(row: OutcomeDays | Timeliness) -> tuple[CellValue, ...]:
    return row.on_time, row.overdue, row.median_days


def _time_limits_note(kept: Timeliness) -> str:
    words = "答复期限为收到申请之日起20个工作日，依法延长的再加20个工作日，征求意见的时间不计（条例第三十三条）。"
    if kept.on_time_rate is not None:
        words += f"按时答复率{number_in_prose(kept.on_time_rate)}%。"
    if kept.extended:
        words += f"依法延期{kept.extended}件。"
    if kept.longest_days is not None:
        words += f"最长用时{kept.longest_days}个工作日。"
    if kept.open_overdue:
        words += f"年末超期未答复{kept.open_overdue}件。"
    if kept.unknown or kept.open_unknown:
        years = "、".join(map(str, kept.uncovered_years))
        words += f"另有{kept.unknown + kept.open_unknown}件因工作日历缺{years}年，未作判断。"
    return words


def findings(report: View) -> Block:
    """Return the panel of findings, for the office alone; for the public there is nothing."""
    if not report.internal:
        return Nothing("（公开稿不列校验问题）")
    cells = report.edition.cells
    return Findings(
        tuple(
            Item(
                code=each.finding.code,
                level=each.finding.level,
                message=each.finding.message,
                place=place_words(each.finding.place),
                sentence=(each.finding.place.sentence if each.finding.place else None) or "",
                cells=tuple((a, cells[a].label if a in cells else "") for a in each.finding.cells),
                left=each.finding.left,
                right=each.finding.right,
                basis=each.finding.basis,
                decision=_decision(each.decision),
            )
            for each in report.reviewed
        ),
        report.dossier.set_aside,
        report.draft,
    )


def _decision(decision: Decision | None) -> str:
    if decision is None:
        return ""
    return f"{VERDICTS[decision.decision]}：{decision.reason}（{decision.who}，{decision.when}）"


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
