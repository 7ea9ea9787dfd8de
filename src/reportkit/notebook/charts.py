"""The report's charts, where looking beats reading: one idea each, titled by what is seen.

A chart with fewer than three numbers, or with zeros alone, is a sentence instead. Each carries the
sentence that says the same as its drawing (``description``), made from the same data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportkit.blocks import Block, Chart, Note, Sketch, Table, TableColumn
from reportkit.blocks.ink import FAINT, OUTCOMES
from reportkit.form import CellValue, total
from reportkit.notebook.panels import Bar, Panel, dots, small_multiples
from reportkit.notebook.tables import short_label
from reportkit.notebook.view import View
from reportkit.registers.derivation.narrative import number_in_prose
from reportkit.registers.schema import REGISTERS
from reportkit.report import TownReport

FEWEST = 3
"""A chart shows at least so many numbers."""


def _chart(sketch: Sketch, title: str, note: str, words: str, table: Table) -> Chart:
    return Chart(title=title, note=note, description=words, sketch=sketch, table=table)


def _drawable(values: Sequence[CellValue]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) >= FEWEST and any(known)


def disclosures(report: View) -> Block:
    """Return disclosed items by channel and month: a small row of twelve bars for each channel."""
    monthly = report.dossier.monthly
    if monthly is None:
        known = report.report.facts.get("disclosed_items")
        if known is None:
            return Note("主动公开台账未登记，各月公开数未统计。")
        return Note(f"全年主动公开政府信息{number_in_prose(known)}条，只有全年总数，未按月统计。")
    used = {channel: counts for channel, counts in monthly.items() if any(counts)}
    if not used:
        return Note("本年各月均未主动公开政府信息。")
    names = REGISTERS["disclosures"].column("channel").codes or {}
    months = [sum(counts) for counts in zip(*used.values(), strict=True)]
    most = max(months)
    best = [str(month) for month, count in enumerate(months, 1) if count == most]
    last = list(used)[-1]
    panels = [
        Panel(
            f"{names.get(channel, channel)} {sum(counts)}条",
            [
                Bar(str(month), count, tick=channel == last, figure=count == max(counts))
                for month, count in enumerate(counts, 1)
            ],
        )
        for channel, counts in used.items()
    ]
    title = (
        f"{'、'.join(best)}月公开最多，{'各' if len(best) > 1 else ''}{most}条次"
        if len(best) < len(months)
        else f"每月各公开{most}条次"
    )
    words = "；".join(
        f"{names.get(channel, channel)}全年{sum(counts)}条，各月依次为{'、'.join(map(str, counts))}"
        for channel, counts in used.items()
    )
    note = "各渠道每月公开的条数，横轴为月份；同一信息在几个渠道公开的，各计一条。"
    table = Table(
        title,
        (
            TableColumn("月份", "text"),
            *(TableColumn(names.get(channel, channel)) for channel in used),
        ),
        tuple(
            (f"{month}月", *counts)
            for month, counts in enumerate(zip(*used.values(), strict=True), 1)
        ),
        unit="条",
    )
    return _chart(small_multiples(panels, 1, 36), title, note, words, table)


def _groups(report: TownReport) -> dict[str, tuple[str, CellValue]]:
    """Return a report's outcomes by group: its heading in the form and the sum of its rows."""
    form = report.cells.edition
    labels: dict[str, str] = {}
    members: dict[str, list[CellValue]] = {}
    for row in form.outcome_rows():
        group = row.code.split(".")[0]
        heading = row.path[-1] if len(row.path) > 1 else row.label
        labels.setdefault(group, short_label(heading))
        members.setdefault(group, []).append(report.cells[f"t3.{row.code}.total"])
    return {group: (labels[group], total(members[group])) for group in labels}


def outcomes(report: View) -> Block:
    """Return applications by outcome over at most five years: a small panel for each group."""
    years = {
        past.year: _groups(past)
        for past in report.dossier.history
        if past.year is not None and past.cells["t3.handled.total"] is not None
    }
    if not years:
        return Note("各年依申请公开的办理结果未统计。")
    first, last = min(years), max(years)
    handled = {year: total(value for _, value in groups.values()) for year, groups in years.items()}
    span = f"{first}年" if first == last else f"{first}年至{last}年"
    if not any(handled.values()):
        return Note(f"{span}没有办结的政府信息公开申请。")
    order = {group: label for groups in years.values() for group, (label, _) in groups.items()}
    shown = [g for g in OUTCOMES if g in order and any(groups[g][1] for groups in years.values())]
    shown += [g for g in order if g not in OUTCOMES]
    counts = {g: [groups[g][1] for groups in years.values()] for g in shown}
    if not _drawable([value for values in counts.values() for value in values]):
        words = "，".join(
            f"{order[g]}{number_in_prose(v)}件" for g in shown for v in counts[g] if v
        )
        return Note(f"{span}办结的政府信息公开申请：{words}。")
    inks = {g: OUTCOMES.get(g, FAINT) for g in shown}
    if first == last:
        bars = [Bar(order[g], years[first][g][1], inks[g]) for g in shown]
        panels = [Panel(f"{first}年", bars)]
    else:
        panels = [
            Panel(
                order[g],
                [
                    Bar(
                        str(year),
                        years[year][g][1] if year in years else None,
                        inks[g],
                        tick=year in {first, last},
                    )
                    for year in range(first, last + 1)
                ],
            )
            for g in shown
        ]
    words = "；".join(
        f"{year}年{number_in_prose(handled[year])}件"
        + "".join(f"，{order[g]}{number_in_prose(groups[g][1])}件" for g in shown if groups[g][1])
        for year, groups in years.items()
    )
    note = "各年办结的申请，按办理结果分；没有发生过的结果未列出。"
    title = _trend(handled, shown, order, counts)
    table = Table(
        title,
        (TableColumn("年度", "text"), *(TableColumn(order[g]) for g in shown)),
        tuple((f"{year}年", *(groups[g][1] for g in shown)) for year, groups in years.items()),
        unit="件",
    )
    return _chart(small_multiples(panels, 3, 56), title, note, words, table)


def _trend(
    handled: Mapping[int, CellValue],
    shown: Sequence[str],
    order: Mapping[str, str],
    counts: Mapping[str, Sequence[CellValue]],
) -> str:
    """Say what the panels show: how the number of replies moved, and which outcome leads."""
    sums = {g: sum(v for v in counts[g] if v is not None) for g in shown}
    most = max(sums.values())
    leading = "、".join(order[g] for g in shown if sums[g] == most)
    first, last = min(handled), max(handled)
    now, then = handled[last], handled[first]
    if first == last or now is None or then is None:
        return f"办结的申请中，{leading}最多"
    if now == then:
        moved = f"{first}年与{last}年各办结{number_in_prose(now)}件"
    else:
        moved = f"办结的申请由{number_in_prose(then)}件{'增至' if now > then else '减至'}{number_in_prose(now)}件"
    return f"{moved}，历年以{leading}最多"


def time_limits(report: View) -> Block:
    """Return the median days that replies took, by outcome, against the limit of 20 working days."""
    kept = report.dossier.timeliness
    days = (
        [(short_label(o.label), o.median_days, o.count) for o in kept.by_outcome if o.count]
        if kept
        else []
    )
    if not _drawable([median for _, median, _ in days]):
        if kept is None or kept.median_days is None:
            return Note("答复所用的工作日未统计。")
        return Note(f"全年答复用时的中位数为{number_in_prose(kept.median_days)}个工作日。")
    over = [label for label, median, _ in days if median is not None and median > LIMIT]
    title = (
        f"{'、'.join(over)}多在{LIMIT}个工作日之后答复"
        if over
        else f"各类答复的用时中位数都在{LIMIT}个工作日之内"
    )
    words = "；".join(
        f"{label}{number_in_prose(median)}天" for label, median, _ in days if median is not None
    )
    note = f"从收到到答复的工作日，取中位数；虚线为{LIMIT}个工作日的法定期限。"
    rows = [(label, median) for label, median, _ in days if median is not None]
    table = Table(
        title,
        (TableColumn("办理结果", "text"), TableColumn("用时中位数")),
        tuple(rows),
        unit="工作日",
    )
    return _chart(dots(rows, LIMIT, "天"), title, note, f"用时中位数：{words}。", table)


LIMIT = 20
"""Working days to reply in, before any extension (政府信息公开条例第三十三条)."""
