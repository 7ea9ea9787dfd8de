"""This year beside last year, in words."""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.form import CellValue
from reportkit.form.facts import FACTS
from reportkit.notebook.fragment import Fragment, render, sentence
from reportkit.notebook.view import View
from reportkit.registers.derivation.narrative import UNKNOWN, change_phrase, number
from reportkit.report import TownReport

KEY_FIGURES: tuple[tuple[str, str, str], ...] = (
    ("主动公开政府信息", "disclosed_items", "条"),
    ("收到申请", "t3.received.total", "件"),
    ("办结申请", "t3.handled.total", "件"),
    ("结转下年", "t3.carried_forward.total", "件"),
)
"""The four figures at the head of a report: label, fact or cell, unit."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure with its change on last year."""

    label: str
    unit: str
    now: CellValue
    before: CellValue
    phrase: str
    """In words; empty where last year's report is not known at all."""

    @property
    def shown(self) -> str:
        """This year's figure, a dash for unknown."""
        return "—" if self.now is None else number(self.now)

    @property
    def shown_before(self) -> str:
        """Last year's figure, a dash for unknown."""
        return "—" if self.before is None else number(self.before)


def value(report: TownReport | None, code: str) -> CellValue:
    """Return a fact or a cell of a report by its code; unknown where the report lacks it."""
    if report is None:
        return None
    return report.facts.get(code) if code in FACTS else report.cells.get(code)


def change(report: View, label: str, code: str, unit: str) -> Change:
    """Return one figure of this year and of last year, with the phrase that compares them."""
    now, before = value(report.report, code), value(report.previous, code)
    if now is None:
        phrase = UNKNOWN
    elif report.previous is None:
        phrase = ""
    else:
        phrase = change_phrase(now, before, unit)
    return Change(label, unit, now, before, phrase)


def key_figures(report: View) -> Fragment:
    """Return the strip of four figures under the title, each with its change in words."""
    figures = [change(report, *figure) for figure in KEY_FIGURES]
    words = "，".join(f"{f.label}{f.shown}{f.unit}" for f in figures)
    return render("key_figures", words, figures=figures)


def last_year(report: View) -> Fragment:
    """Return the table that compares every fact, and the applications, with last year."""
    if report.previous is None:
        return sentence("没有上年的年度报告数据，不作同比。")
    figures = []
    for code, fact in FACTS.items():
        figures.append((fact.label, code, fact.unit))
        if any(cell in fact.cells for _, cell, _ in KEY_FIGURES):
            figures.extend(f for f in KEY_FIGURES if f[1] not in FACTS and f[1] not in fact.cells)
    changes = [change(report, *figure) for figure in figures]
    known = [c for c in changes if c.now is not None or c.before is not None]
    if not known:
        return sentence("本年与上年均无可比的统计数。")
    year = report.report.year
    return render(
        "last_year",
        "；".join(f"{c.label}{c.phrase}" for c in known),
        changes=known,
        year=year,
        before=report.previous.year,
        unknown=any(None in (c.now, c.before) for c in known),
    )
