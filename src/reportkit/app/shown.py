"""Faults and findings as the page shows them: tables of this package's own kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportkit.app.making import open_points
from reportkit.app.visit import ReportChoice, Visit
from reportkit.blocks import Table, TableColumn
from reportkit.finding import LEVEL_NAMES

_MOST_SHOWN: Final = 500


def _table(caption: str, names: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    return Table(caption, tuple(TableColumn(name, "text") for name in names), tuple(rows)).html()


def faults_html(visit: Visit) -> str:
    """Return all faults of the registers: file where there are several, sheet, row, column, what, how."""
    if not visit.results:
        return "先在第一步放入台账。"
    if not visit.faults:
        return "<p class='rk-said'>没有发现填写问题，可以进行下一步。</p>"
    several = len(visit.results) > 1
    rows = [
        (
            *((fault.file,) if several else ()),
            fault.sheet or "",
            "" if fault.row is None else str(fault.row),
            fault.heading,
            fault.value or "",
            fault.what,
            fault.how,
            LEVEL_NAMES[fault.level],
        )
        for fault in visit.faults[:_MOST_SHOWN]
    ]
    names = ("工作表", "行", "列", "内容", "问题", "怎么改", "级别")
    caption = f"{visit.wrong}处问题，{len(visit.faults) - visit.wrong}处提醒"
    more = len(visit.faults) - len(rows)
    rest = f"<p class='rk-said'>还有{more}处，见标出问题的副本。</p>" if more else ""
    return _table(caption, ("文件", *names) if several else names, rows) + rest


def points_html(visit: Visit, choice: ReportChoice) -> str:
    """Return the findings on a report as a table."""
    points = open_points(visit, choice.town, choice.year)
    if not points:
        return "<p class='rk-said'>报告没有需要核对的地方。</p>"
    beside = (
        "，已与上一年发布的报告核对" if (choice.town, choice.year - 1) in visit.published else ""
    )
    errors = sum(level == LEVEL_NAMES["error"] for level, *_rest in points)
    caption = f"报告的{len(points)}处校验意见，其中错误{errors}处{beside}"
    table = _table("", ("级别", "位置", "意见", "依据"), points)
    return f"<details{' open' if errors else ''}><summary>{caption}</summary>{table}</details>"
