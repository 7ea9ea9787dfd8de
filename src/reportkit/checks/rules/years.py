"""One year against the year before: the form's identities across years.

They speak only where last year's cell is known; a report of another year than the one before,
or of another body, is no last year.
"""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.rules.arithmetic import judge
from reportkit.form import Cells
from reportkit.report import TownReport


def last_year(report: TownReport, context: Context) -> TownReport | None:
    """Return the report of the year before, where it is known."""
    last = context.previous
    if last is None or report.year is None or last.year is None or last.edition is None:
        return None
    return last if last.year == report.year - 1 else None


def _across(report: TownReport, context: Context, code: str) -> Iterator[Hit]:
    last = last_year(report, context)
    cells: Cells | None = None if last is None else last.cells
    if cells is not None:
        yield from judge(report, code, cells, blanks=False)


@rule(
    "Y-CARRY",
    "error",
    statement="表三每一列：上年结转等于上一年报告的结转下年度继续办理。",
    basis="年度报告格式（国办公开办函〔2019〕60号、〔2021〕30号）：上年结转",
    example="上一年报告结转下年度 2 件，本年上年结转却填 1 件。",
)
def carried(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check what was carried in against what last year carried forward."""
    return _across(report, context, "Y-CARRY")


@rule(
    "Y-NORMATIVE",
    "error",
    statement="2021年版：现行有效件数等于上年现行有效件数加本年制发、减本年废止。",
    basis="年度报告格式（国办公开办函〔2021〕30号）：现行有效件数",
    example="上年现行有效 5 件，本年制发 1 件、废止 0 件，现行有效却填 5 件。",
)
def documents(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check the stock of documents against last year's stock and this year's flow."""
    return _across(report, context, "Y-NORMATIVE")


@rule(
    "Y-ITEMS",
    "error",
    statement="2019年版：上一年项目数量等于上一年报告的上一年项目数量加本年增/减。",
    basis="年度报告格式（国办公开办函〔2019〕60号）：上一年项目数量、本年增/减",
    example="上一年报告为 21 项、增 19 项，本年的上一年项目数量却填 21 项。",
)
def items(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check last year's number of items against last year's report."""
    return _across(report, context, "Y-ITEMS")


RULES: tuple[Rule, ...] = (carried, documents, items)
