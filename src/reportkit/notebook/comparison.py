"""What the cells of the comparison's notebook import: bodies side by side and over years, counts before rates.

Every helper gives back one block. Charts have their numbers in a table that the cell below displays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final, NamedTuple

from reportkit.blocks import Block, Note, Nothing, Prose, Table, TableColumn
from reportkit.blocks.tables import Line, unknown_note
from reportkit.counts import chance_of_change, mean_interval
from reportkit.form import FIRST_YEAR, edition_for
from reportkit.notebook.comparison_view import ComparisonView
from reportkit.notebook.panels import Bar, Panel, small_multiples
from reportkit.notebook.pictured import pictured
from reportkit.registers.derivation.narrative import number_in_prose
from reportkit.rollup.comparison import FIGURES, Comparison

DRAWN: Final = 30
"""So many bodies have a panel or a line of their own in a chart."""
LISTED: Final = 400
"""So many bodies have a row of their own in a table."""
FOLDED: Final = 40
"""A longer table is folded on the page: it is looked up, not read."""
CHANGED: Final = 0.05
"""How likely it may be that chance alone names any body as changed."""
FEW_YEARS: Final = 2
"""So many earlier years a body's own past has at least."""


class ShownBodies(NamedTuple):
    """Which bodies have a place of their own, and how many have none."""

    shown: tuple[str, ...]
    others: tuple[str, ...]


def chosen(held: Comparison, code: str, most: int) -> ShownBodies:
    """Return the bodies with the largest figures over all years, in the order of their names."""
    by_size = sorted(held.ordered, key=lambda body: -sum(_known(held, body, code)))
    kept = set(by_size[:most])
    return ShownBodies(
        tuple(body for body in held.ordered if body in kept),
        tuple(body for body in held.ordered if body not in kept),
    )


def _known(held: Comparison, body: str, code: str) -> list[int]:
    return [v for y in held.years if (v := held.count(body, y, code)) is not None]


def left_out(bodies: ShownBodies) -> tuple[str, ...]:
    """Return the note on bodies without a place of their own."""
    if not bodies.others:
        return ()
    shown, others = len(bodies.shown), len(bodies.others)
    return (f"只列数字最大的{shown}个单位，其余{others}个合并；全部数据在 data 文件夹。",)


def about(view: ComparisonView) -> Block:
    """Say what is compared, and how to read it."""
    held = view.held
    reports, every = len(held.standings), len(held.bodies) * len(held.years)
    missing = (
        f"其余{every - reports}份没有报告，作未知，不作零"
        if reports < every
        else "没有缺报告的年份"
    )
    span = f"{held.years[0]}年至{held.years[-1]}年"
    return Prose(
        f"本页比较{len(held.bodies)}个单位{span}的年度报告，共{reports}份，{missing}。"
        "单位按所属和名称排列，不按好坏排列。先看件数，再看比率；一年几件、十几件的单位，比率高低大多出于偶然，"
        "所以每个比率都写明是多少件中的多少件，并给出95%的区间：区间之内的差别不能说明什么。"
    )


def received(view: ComparisonView) -> Block:
    """Return the applications that each body received in each year: a small panel a body, one scale."""
    held = view.held
    bodies = chosen(held, "received", DRAWN)
    counts = [v for body in held.bodies for v in _known(held, body, "received")]
    if not any(counts):
        return Note("各年均未收到政府信息公开申请，或者未统计。")
    first, last = held.years[0], held.years[-1]
    panels = [
        Panel(
            held.name(body),
            [
                Bar(str(y), held.count(body, y, "received"), tick=y in {first, last})
                for y in held.years
            ],
        )
        for body in bodies.shown
    ]
    title = f"一个单位一年收到申请{number_in_prose(_half(counts))}件是中等，最多{max(counts)}件"
    note = (
        "做法：取各年度报告表三“本年新收”的总计，各图同一比例；“—”为没有报告或未统计。"
        + "".join(left_out(bodies))
    )
    return pictured(
        small_multiples(panels, 3, 44),
        title,
        note,
        _words(held, "received"),
        counts_table(view, "received"),
    )


def _half(counts: Sequence[int]) -> int:
    return int(median(counts))


def _words(held: Comparison, code: str) -> str:
    years = []
    for year in held.years:
        value, missing = held.sum(year, code)
        reports = len(held.of_year(year))
        known = f"{reports - missing}个单位共{value}件" if reports > missing else "未统计"
        years.append(f"{year}年{known}")
    return f"{FIGURES[code]}：" + "；".join(years) + "。"


def received_table(view: ComparisonView) -> Block:
    """Return the numbers of :func:`received`."""
    return counts_table(view, "received")


def disclosed_table(view: ComparisonView) -> Block:
    """Return how many items each body disclosed in each year."""
    return counts_table(view, "disclosed", "条")


def counts_table(view: ComparisonView, code: str, unit: str = "件") -> Table:
    """Return one figure of every body and year, and its sum over the years that are known."""
    held = view.held
    bodies = chosen(held, code, LISTED)
    rows: list[Line] = []
    for body in bodies.shown:
        values = [held.count(body, year, code) for year in held.years]
        known = [value for value in values if value is not None]
        rows.append((held.name(body), *values, sum(known) if known else None))
    sums = []
    for year in held.years:
        value, missing = held.sum(year, code)
        sums.append(None if missing == len(held.of_year(year)) else value)
    foot = ("合计（只计已知）", *sums, sum(v for v in sums if v is not None))
    return Table(
        f"{FIGURES[code]}，各单位各年",
        (
            TableColumn("单位", "text"),
            *(TableColumn(f"{year}年") for year in held.years),
            TableColumn("已知各年合计"),
        ),
        tuple(rows),
        (foot,),
        unit,
        (
            *unknown_note([v for row in rows for v in row[1:] if not isinstance(v, str)]),
            *left_out(bodies),
        ),
        folds=len(rows) > FOLDED,
    )


def changed(view: ComparisonView) -> Block:
    """Say whose applications of the last year differ from its own earlier years by more than chance."""
    held, tested = view.held, []
    year = held.years[-1]
    for body in held.ordered:
        now = held.count(body, year, "received")
        past = [v for y in held.years[:-1] if (v := held.count(body, y, "received")) is not None]
        if now is not None and len(past) >= FEW_YEARS:
            tested.append((body, now, past, chance_of_change(now, past)))
    if not tested:
        return Note("没有足够的往年数据，不与本单位往年比较。")
    found = [
        f"{held.name(body)}（{year}年{now}件，此前{len(past)}年平均{sum(past) / len(past):.1f}件）"
        for body, now, past, chance in tested
        if chance * len(tested) < CHANGED
    ]
    how = (
        f"做法：{len(tested)}个单位各与本单位往年比，用条件二项精确检验；同时检验多个单位，误指出任何一个的概率不超过"
        f"{CHANGED:.0%}。"
    )
    if not found:
        return Note(f"{year}年没有一个单位收到的申请与本单位往年的差别超出偶然。{how}")
    return Note(f"{year}年收到的申请与本单位往年的差别超出偶然的：{'、'.join(found)}。{how}")


def per_head(view: ComparisonView) -> Block:
    """Return applications by the denominators that the user gave; nothing where none was given."""
    held = view.held
    if not held.denominators:
        return Nothing("（没有给出人口或经费等分母，不折算）")
    rows = [line for name in held.denominators for line in _per_head(held, name)]
    columns = ("单位", "分母", "收到申请", "分母合计", "每万单位分母的件数", "95%区间")
    return Table(
        "收到申请，按给出的分母折算（各年合并）",
        tuple(
            TableColumn(c, "number" if c in ("收到申请", "分母合计") else "text") for c in columns
        ),
        tuple(rows[:LISTED]),
        notes=(
            "做法：比率是各年件数之和除以各年分母之和，只合并两者都已知的年份；区间是泊松分布均值的精确区间（Garwood）。",
            f"分母取自 {held.table}。",
        ),
        folds=len(rows) > FOLDED,
    )


def _per_head(held: Comparison, name: str) -> Iterator[Line]:
    table = held.denominators[name]
    for body in held.ordered:
        years = [
            y
            for y in held.years
            if held.count(body, y, "received") is not None and (body, y) in table
        ]
        if years:
            count = sum(held.count(body, y, "received") or 0 for y in years)
            base = sum(table[body, y] for y in years)
            low, high = (bound / float(base) * 1e4 for bound in mean_interval(count))
            rate = f"{count / float(base) * 1e4:.2f}"
            yield held.name(body), name, count, base, rate, f"{low:.2f}—{high:.2f}"


def editions(view: ComparisonView) -> Block:
    """Say where the form changed within the years."""
    begun = {
        edition_for(year).code: year for year in reversed(view.held.years) if year >= FIRST_YEAR
    }
    if len(begun) < FEW_YEARS:
        return Nothing("（各年同用一版格式）")
    newest = max(begun.values())
    return Note(f"{newest}年起改用新版格式；两版格式中事由的分组相同，可以连起来看。")
