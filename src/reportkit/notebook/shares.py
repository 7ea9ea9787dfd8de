"""Rates of the comparison, each with its denominator named: shares in their exact intervals, funnels, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportkit.blocks import Block, Note, Table, TableColumn
from reportkit.blocks.tables import Line
from reportkit.counts import Interval, control_limits, rank_ranges, share_interval
from reportkit.notebook.comparison import DRAWN, FOLDED, LISTED, chosen, left_out
from reportkit.notebook.comparison_view import ComparisonView
from reportkit.notebook.funnel import Share, funnel, intervals
from reportkit.notebook.panels import Bar, Panel, small_multiples
from reportkit.notebook.pictured import pictured
from reportkit.rollup.comparison import FIGURES, REFUSALS, Comparison

FEWEST: Final = 3
"""So many bodies with a share are drawn at least."""

LAW_CHANGED: Final = 2024
"""The year in which the revised Administrative Reconsideration Law came into force (行政复议法，2024年1月1日)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate: what it counts, and what it is of."""

    label: str
    part: str
    base: tuple[str, ...]
    of: str
    """The denominator's name."""


RATES: Final = {
    "opened": Rate("予以公开（含部分公开）", "opened", ("handled",), "办结的申请"),
    "handled": Rate("办结", "handled", ("received", "carried_in"), "本年新收加上年结转的申请"),
    **{group: Rate(FIGURES[group], group, ("handled",), "办结的申请") for group in REFUSALS},
}
"""The rates that are compared."""

_HOW: Final = "区间为二项分布的精确区间（Clopper-Pearson，95%），各年合并，只计两个数都已知的年份。"


def _shares(held: Comparison, rate: Rate, bodies: Sequence[str]) -> list[Share]:
    found = []
    for body in bodies:
        pooled = held.pooled(body, rate.part, rate.base)
        if (
            pooled.of >= pooled.count
        ):  # an edition's form holds it; a report that breaks it is left out
            interval = share_interval(pooled.count, pooled.of) if pooled.of else Interval(0, 1)
            found.append(Share(held.name(body), pooled.count, pooled.of, interval))
    return found


def _whole(shares: Sequence[Share]) -> Share:
    count, of = sum(s.count for s in shares), sum(s.of for s in shares)
    return Share("合计", count, of, share_interval(count, of))


def share(view: ComparisonView, code: str) -> Block:
    """Return a rate of every body in its exact interval."""
    held, rate = view.held, RATES[code]
    bodies = chosen(held, rate.base[0], DRAWN)
    every = [s for s in _shares(held, rate, held.ordered) if s.of]
    shown = [s for s in _shares(held, rate, bodies.shown) if s.of]
    if len(shown) < FEWEST:
        return Note(f"有{rate.of}的单位不足{FEWEST}个，不比较{rate.label}的比率。")
    whole = _whole(every)
    title = f"{rate.label}占{rate.of}的{_percent(whole.value)}，{_apart(every)}"
    note = (
        f"做法：每行是{rate.label}件数/{rate.of}件数；点是比率，横条是{_HOW}虚线是全部单位合起来的比率。"
        + "".join(left_out(bodies))
    )
    words = "；".join(f"{s.label}{s.count}/{s.of}，区间{_span(s.interval)}" for s in shown) + "。"
    return pictured(intervals(shown, whole.value), title, note, words, share_table(view, code))


def _apart(shares: Sequence[Share]) -> str:
    """Say whether ranks can be told apart."""
    every = len(shares)
    ranges = rank_ranges([(s.count, s.of) for s in shares])
    settled = sum(worst - best < every - 1 for best, worst in ranges)
    if not settled:
        return "各单位的先后分不出来"
    return f"{every}个单位中{every - settled}个的先后完全分不出来"


def share_table(view: ComparisonView, code: str) -> Table:
    """Return a rate of every body: counts, share, interval, and the ranks that it can have."""
    held, rate = view.held, RATES[code]
    bodies = chosen(held, rate.base[0], LISTED)
    shares = _shares(held, rate, bodies.shown)
    ranges = rank_ranges([(s.count, s.of) for s in shares])
    rows: list[Line] = [
        (
            s.label,
            s.count,
            s.of,
            _share(s),
            _span(s.interval) if s.of else "—",
            _rank(*ranks, len(shares)),
        )
        for s, ranks in zip(shares, ranges, strict=True)
    ]
    whole = _whole(shares)
    foot = (whole.label, whole.count, whole.of, _share(whole), _span(whole.interval), "")
    told = any(worst - best < len(shares) - 1 for best, worst in ranges)
    return Table(
        f"{rate.label}占{rate.of}的比率（{_years(held)}合并）",
        (
            TableColumn("单位", "text"),
            TableColumn("件数"),
            TableColumn("分母件数"),
            TableColumn("比率", "text"),
            TableColumn("95%区间", "text"),
            TableColumn("可能的名次", "text"),
        ),
        tuple(rows),
        (foot,),
        notes=(
            f"分母：{rate.of}。{_HOW}",
            "不排名次：名次只写出同时成立（95%）的可能范围，"
            + (
                "范围相交的单位分不出先后。"
                if told
                else "这里各单位的范围都是全部名次，分不出先后。"
            ),
            *left_out(bodies),
        ),
        folds=len(rows) > FOLDED,
    )


def _rank(best: int, worst: int, every: int) -> str:
    if worst - best >= every - 1:
        return "分不出"
    return f"第{best}" if best == worst else f"第{best}至第{worst}"


def _share(share: Share) -> str:
    return _percent(share.value) if share.of else "—"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}%"


def _span(interval: Interval) -> str:
    return f"{_percent(interval.low)}—{_percent(interval.high)}"


def _years(held: Comparison) -> str:
    first, last = held.years[0], held.years[-1]
    return f"{first}年" if first == last else f"{first}—{last}年"


def funnel_of(view: ComparisonView, code: str) -> Block:
    """Return the funnel plot of a rate, with the limits within which chance alone leaves 99.8% of bodies."""
    held, rate = view.held, RATES[code]
    shares = [s for s in _shares(held, rate, held.ordered) if s.of]
    if len(shares) < FEWEST:
        return Note(f"有{rate.of}的单位不足{FEWEST}个，不画漏斗图。")
    whole = _whole(shares)
    outside = []
    for each in shares:
        least, most = control_limits(each.of, whole.value)
        if not least <= each.count <= most:
            outside.append(each)
    named = [each.label for each in sorted(outside, key=lambda s: -s.of)[:12]]
    if outside:
        more = "等" if len(outside) > len(named) else ""
        title = f"{'、'.join(named)}{more}的比率在界限之外，其余与总体没有超出偶然的差别"
    else:
        title = "没有一个单位的比率在界限之外：差别都可以出于偶然"
    note = (
        f"做法：横轴是{rate.of}件数（平方根刻度），纵轴是{rate.label}的比率；红线是全部单位合起来的比率"
        f"{_percent(whole.value)}，灰线是二项分布的99.8%控制界限，只有偶然时约每500个单位有1个在界限之外。界限之外只说明"
        "不同，不说明好坏，也不说明原因。"
    )
    words = (
        f"{len(shares)}个单位中{len(outside)}个在界限之外"
        + "".join(f"；{s.label}{s.count}/{s.of}，比率{_percent(s.value)}" for s in outside[:12])
        + "。"
    )
    drawn = funnel(shares, whole.value, lambda of: control_limits(of, whole.value), named)
    return pictured(drawn, title, note, words, share_table(view, code))


def refusals(view: ComparisonView) -> Block:
    """Return the outcomes that gave nothing, by group and year, of all bodies together."""
    held = view.held
    sums = {group: [_sum(held, year, group) for year in held.years] for group in REFUSALS}
    if not any(v for values in sums.values() for v in values):
        return Note("各年没有不予公开、无法提供和不予处理的申请，或者未统计。")
    first, last = held.years[0], held.years[-1]
    panels = [
        Panel(
            FIGURES[group],
            [
                Bar(str(year), value, tick=year in {first, last})
                for year, value in zip(held.years, sums[group], strict=True)
            ],
        )
        for group in REFUSALS
    ]
    totals = {group: sum(v or 0 for v in values) for group, values in sums.items()}
    most = max(totals.values())
    leading = "、".join(FIGURES[group] for group in REFUSALS if totals[group] == most)
    words = "；".join(
        f"{FIGURES[group]}"
        + "，".join(
            f"{y}年{'—' if v is None else v}件"
            for y, v in zip(held.years, sums[group], strict=True)
        )
        for group in REFUSALS
    )
    note = (
        "做法：全部单位合计。法定事由是表三“不予公开”各项，事实原因是“无法提供”各项，程序事由是“不予处理”各项；"
        "两版格式分组相同。各图同一比例。"
    )
    return pictured(
        small_multiples(panels, 3, 56),
        f"没有公开的申请中，{leading}最多",
        note,
        f"{words}。",
        refusals_table(view),
    )


def _sum(held: Comparison, year: int, code: str) -> int | None:
    value, missing = held.sum(year, code)
    return None if missing == len(held.of_year(year)) else value


def refusals_table(view: ComparisonView) -> Table:
    """Return the groups of every body over all years, each as a share of what was handled, with its interval."""
    held = view.held
    bodies = chosen(held, "handled", LISTED)
    by_group = [_shares(held, RATES[group], bodies.shown) for group in REFUSALS]
    rows = []
    for shares in zip(*by_group, strict=True):
        told: list[object] = [shares[0].label, shares[0].of]
        for each in shares:
            told += [each.count, f"{_share(each)}（{_span(each.interval)}）" if each.of else "—"]
        rows.append(tuple(told))
    columns = [TableColumn("单位", "text"), TableColumn("办结")]
    for group in REFUSALS:
        columns += [TableColumn(FIGURES[group]), TableColumn("占办结（95%区间）", "text")]
    return Table(
        f"没有公开的申请，按事由分（{_years(held)}合并）",
        tuple(columns),
        tuple(rows),  # type: ignore[arg-type]
        unit="件",
        notes=(f"分母：办结的申请。{_HOW}", *left_out(bodies)),
        folds=len(rows) > FOLDED,
    )


def disputes(view: ComparisonView) -> Block:
    """Return reconsiderations and suits by year, of all bodies, with a mark where the law changed."""
    held = view.held
    codes = ("reconsiderations", "litigations")
    sums = {code: [_sum(held, year, code) for year in held.years] for code in codes}
    if not any(v for values in sums.values() for v in values):
        return Note("各年没有因政府信息公开引起的行政复议和行政诉讼，或者未统计。")
    marked = LAW_CHANGED in held.years[1:]
    mark = held.years.index(LAW_CHANGED) if marked else None
    panels = [
        Panel(
            FIGURES[code],
            [Bar(str(y), v) for y, v in zip(held.years, sums[code], strict=True)],
            mark,
        )
        for code in codes
    ]
    parts = [
        f"{FIGURES[code]}"
        + "，".join(
            f"{y}年{'—' if v is None else v}件" for y, v in zip(held.years, sums[code], strict=True)
        )
        for code in codes
    ]
    law = (
        f"虚线是{LAW_CHANGED}年1月1日新修订的行政复议法施行：对不予公开不服的先申请复议（第二十三条），前后的件数不能直接相比。"
        if marked
        else ""
    )
    note = f"做法：取各年度报告表四总计，全部单位合计，各图同一比例。{law}"
    title = "、".join(
        f"{FIGURES[c]}{held.years[-1]}年{'—' if sums[c][-1] is None else sums[c][-1]}件"
        for c in codes
    )
    return pictured(
        small_multiples(panels, 2, 56), title, note, "；".join(parts) + "。", disputes_table(view)
    )


def disputes_table(view: ComparisonView) -> Table:
    """Return the numbers of :func:`disputes`, with how many reports do not know them."""
    held = view.held
    rows = []
    for year in held.years:
        told: list[object] = [f"{year}年"]
        for code in ("reconsiderations", "litigations"):
            told += [_sum(held, year, code), held.sum(year, code)[1]]
        rows.append((*told, len(held.of_year(year))))
    heads = ("行政复议", "未统计的单位", "行政诉讼", "未统计的单位", "报告数")
    return Table(
        "行政复议和行政诉讼，各年合计",
        (TableColumn("年度", "text"), *map(TableColumn, heads)),
        tuple(rows),  # type: ignore[arg-type]
        notes=("只计已知的单位。",),
    )
