"""Whether reports of the comparison were published on time, and what is missing in them, as figures of their own."""

from __future__ import annotations

from typing import Final

from reportkit.blocks import Block, Table, TableColumn
from reportkit.blocks.ink import ACCENT, BAR, FAINT
from reportkit.blocks.tables import Line
from reportkit.counts import share_interval
from reportkit.notebook.comparison import FOLDED, LISTED, ShownBodies, left_out
from reportkit.notebook.comparison_view import ComparisonView
from reportkit.notebook.panels import Bar, Panel, small_multiples
from reportkit.notebook.pictured import pictured
from reportkit.rollup.comparison import Comparison

_STATES: Final = {
    "on_time": "按期公布",
    "late": "逾期公布",
    "undated": "公布日期未登记",
    "absent": "没有报告",
}
_INKS: Final = {"on_time": BAR, "late": ACCENT, "undated": FAINT, "absent": FAINT}


def _state(held: Comparison, body: str, year: int) -> str:
    report = held.standings.get((body, year))
    if report is None:
        return "absent"
    if report.published_on is None:
        return "undated"
    return "on_time" if report.published_on <= held.deadline(body, year) else "late"


def _tally(held: Comparison, year: int) -> dict[str, int]:
    states = [_state(held, body, year) for body in held.bodies]
    return {state: states.count(state) for state in _STATES}


def punctuality(view: ComparisonView) -> Block:
    """Return how many bodies published on time, late, on an unknown day, or not at all, by year."""
    held = view.held
    tallies = {year: _tally(held, year) for year in held.years}
    first, last = held.years[0], held.years[-1]
    panels = [
        Panel(
            name,
            [
                Bar(str(y), tallies[y][state], _INKS[state], tick=y in {first, last})
                for y in held.years
            ],
        )
        for state, name in _STATES.items()
    ]
    dated = sum(t["on_time"] + t["late"] for t in tallies.values())
    on_time = sum(t["on_time"] for t in tallies.values())
    if dated:
        low, high = share_interval(on_time, dated)
        title = f"公布日期已知的{dated}份报告中{on_time}份按期（{100 * on_time / dated:.1f}%，区间{100 * low:.1f}%—{100 * high:.1f}%）"
    else:
        title = "公布日期都没有登记，是否按期不能确定"
    note = (
        "做法：公布日期与期限相比；期限取参数中的规定，没有规定的，县级以上部门和镇街为次年1月31日、县级以上政府为次年3月31日"
        "（政府信息公开条例第四十九条，镇街参照）。分母是公布日期已知的报告。"
    )
    words = "；".join(
        f"{year}年" + "，".join(f"{_STATES[s]}{n}个" for s, n in tally.items() if n)
        for year, tally in tallies.items()
    )
    return pictured(small_multiples(panels, 2, 44), title, note, f"{words}。", keeping_table(view))


def keeping_table(view: ComparisonView) -> Table:
    """Return for every body how many of its reports are there, on time and late, and how many cells are unknown."""
    held = view.held
    bodies = ShownBodies(held.ordered[:LISTED], held.ordered[LISTED:])
    rows: list[Line] = []
    for body in bodies.shown:
        states = [_state(held, body, year) for year in held.years]
        reports = [held.standings[body, y] for y in held.years if (body, y) in held.standings]
        unknown, cells = sum(r.unknown for r in reports), sum(r.cells for r in reports)
        rows.append(
            (
                held.name(body),
                len(reports),
                *(states.count(state) for state in _STATES),
                unknown,
                f"{unknown}/{cells}，{100 * unknown / cells:.1f}%" if cells else "—",
            )
        )
    return Table(
        f"公布和缺失，各单位{len(held.years)}个年度",
        (
            TableColumn("单位", "text"),
            TableColumn("报告数"),
            *(TableColumn(name) for name in _STATES.values()),
            TableColumn("未知的格"),
            TableColumn("占全部格", "text"),
        ),
        tuple(rows),
        notes=("未知的格：报告的法定表格中没有数的格，不是零。", *left_out(bodies)),
        folds=len(rows) > FOLDED,
    )
