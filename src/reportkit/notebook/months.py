"""Applications by month, where they can be summed from registers: a report's own form tells a year alone."""

from __future__ import annotations

from typing import Final

from reportkit.blocks import Block, Note, Table, TableColumn
from reportkit.blocks.tables import Line
from reportkit.notebook.comparison_view import ComparisonView
from reportkit.notebook.panels import Bar, Panel, small_multiples
from reportkit.notebook.pictured import pictured

_MONTHS: Final = range(1, 13)
_NOWHERE: Final = "各单位收到的申请没有按月的数：年度报告只有全年总数，按月的数只能由台账加总。"


def received_by_month(view: ComparisonView) -> Block:
    """Return the applications received in each month: a small panel a year, one scale, all bodies that tell it."""
    sums = _sums(view)
    if not any(any(months) for months in sums.values()):
        return Note("有台账的单位各月均未收到政府信息公开申请。" if sums else _NOWHERE)
    together = [sum(months) for months in zip(*sums.values(), strict=True)]
    most = max(together)
    best = "、".join(str(m) for m, count in zip(_MONTHS, together, strict=True) if count == most)
    panels = [
        Panel(
            f"{year}年 {sum(months)}件",
            [
                Bar(str(m), count, tick=m in {1, 6, 12}, figure=count == max(months) > 0)
                for m, count in zip(_MONTHS, months, strict=True)
            ],
        )
        for year, months in sums.items()
    ]
    span = f"{len(sums)}年合计，" if len(sums) > 1 else ""
    return pictured(
        small_multiples(panels, 3, 44),
        f"{span}{best}月收到的申请最多，{'各' if '、' in best else ''}{most}件",
        "做法：按台账的收到日期逐月加总，只加各月之和与年度报告“本年新收”总计相等的单位，各图同一比例；"
        f"{_coverage(view)}月份之间差几件，多出于偶然。",
        "；".join(f"{y}年各月依次为{'、'.join(map(str, months))}件" for y, months in sums.items())
        + "。",
        _table(view),
    )


def months_table(view: ComparisonView) -> Block:
    """Return the numbers of :func:`received_by_month`; nothing more where there are none."""
    return _table(view) if _sums(view) else Note("（没有按月的数，不列表。）")


def _sums(view: ComparisonView) -> dict[int, tuple[int, ...]]:
    """Return each month's sum by year, for the years in which any body tells its months."""
    held = view.held
    told = {
        year: [each.months for each in held.of_year(year) if each.months is not None]
        for year in held.years
    }
    return {
        year: tuple(sum(month) for month in zip(*some, strict=True))
        for year, some in told.items()
        if some
    }


def _coverage(view: ComparisonView) -> str:
    """Say how many bodies the sums are of."""
    lacking = []
    for year in view.held.years:
        reports = view.held.of_year(year)
        known = sum(each.months is not None for each in reports)
        if known < len(reports):
            lacking.append(f"{year}年{len(reports)}个单位中{known}个")
    return f"有按月数的单位：{'，'.join(lacking)}，其余年份全部。" if lacking else ""


def _table(view: ComparisonView) -> Table:
    sums = _sums(view)
    rows: list[Line] = [
        (f"{month}月", *counts, sum(counts))
        for month, counts in zip(_MONTHS, zip(*sums.values(), strict=True), strict=True)
    ]
    whole = [sum(months) for months in sums.values()]
    return Table(
        "收到申请，各月合计",
        (
            TableColumn("月份", "text"),
            *(TableColumn(f"{year}年") for year in sums),
            TableColumn("各年合计"),
        ),
        tuple(rows),
        (("合计", *whole, sum(whole)),),
        "件",
        tuple(filter(None, (_coverage(view),))),
    )
