"""This year beside last year, in words."""

from __future__ import annotations

from reportkit.blocks import Block, KeyFigure, KeyFigures, Note, Table, TableColumn, unknown_note
from reportkit.form import CellValue
from reportkit.form.facts import FACTS
from reportkit.form.key_figures import KEY_FIGURES
from reportkit.notebook.view import View
from reportkit.registers.derivation.narrative import UNKNOWN, change_phrase
from reportkit.report import TownReport

_HEAD: tuple[tuple[str, str, str], ...] = tuple(
    (figure.label, figure.at, figure.unit) for figure in KEY_FIGURES.values()
)
"""The four figures at the head of a report: label, fact or cell, unit."""


def value(report: TownReport | None, code: str) -> CellValue:
    """Return a fact or a cell of a report by its code; unknown where the report lacks it."""
    if report is None:
        return None
    return report.facts.get(code) if code in FACTS else report.cells.get(code)


def change(report: View, label: str, code: str, unit: str) -> KeyFigure:
    """Return one figure of this year and of last year, with the phrase that compares them."""
    now, before = value(report.report, code), value(report.previous, code)
    if now is None:
        phrase = UNKNOWN
    elif report.previous is None:
        phrase = ""
    else:
        phrase = change_phrase(now, before, unit)
    return KeyFigure(label, unit, now, before, phrase)


def key_figures(report: View) -> KeyFigures:
    """Return the strip of four figures under the title, each with its change in words."""
    return KeyFigures(tuple(change(report, *figure) for figure in _HEAD))


def last_year(report: View) -> Block:
    """Return the table that compares every fact, and the applications, with last year."""
    if report.previous is None:
        return Note("没有上年的年度报告数据，不作同比。")
    figures = []
    for code, fact in FACTS.items():
        figures.append((fact.label, code, fact.unit))
        if any(cell in fact.cells for _, cell, _ in _HEAD):
            figures.extend(f for f in _HEAD if f[1] not in FACTS and f[1] not in fact.cells)
    changes = [change(report, *figure) for figure in figures]
    known = [c for c in changes if c.now is not None or c.before is not None]
    if not known:
        return Note("本年与上年均无可比的统计数。")
    return Table(
        "与上年比较",
        (
            TableColumn("指标", "text"),
            TableColumn(f"{report.report.year}年"),
            TableColumn(f"{report.previous.year}年"),
            TableColumn("增减", "text"),
        ),
        tuple((f"{c.label}（{c.unit}）", c.now, c.before, _bare(c.phrase)) for c in known),
        notes=unknown_note([figure for c in known for figure in (c.now, c.before)]),
    )


def _bare(phrase: str) -> str:
    """Return a change without the words that the column's heading says already."""
    return phrase.replace("比上年", "").replace("与上年", "")
