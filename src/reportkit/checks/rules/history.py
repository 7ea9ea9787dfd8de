"""A body's own past: cases that vanish between two years, and figures far from its usual range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import sqrt
from statistics import median

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.rules.years import last_year
from reportkit.checks.wording import cell_name, number_or_blank, row_name
from reportkit.counts import chance_of_change
from reportkit.form.facts import FACTS
from reportkit.report import TownReport

LEAST_YEARS = 3
"""A range needs so many earlier years."""
WIDTH = 4
"""How many robust spreads (MAD) off its own median a figure must lie to be a jump."""
CHANCE = 1e-4
"""And chance alone must make such a change less often than this: a county's reports hold ten thousand figures."""
LEAST_AMOUNT = 10
"""A smaller change of an amount, which is no count, is never a jump."""
_MAD = 1.4826
"""What makes the median absolute deviation a standard deviation, for a normal distribution."""


@rule(
    "Y-PENDING",
    "warning",
    statement="上年尚未审结的复议、诉讼，本年要么审结，要么仍列为尚未审结。",
    basis="年度报告格式表四：尚未审结",
    example="上年行政复议尚未审结 2 件，本年行政复议总计却为 1 件。",
)
def pending(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check that disputes pending last year are closed or pending this year."""
    last = last_year(report, context)
    if last is None or report.edition is None:
        return
    edition = report.cells.edition
    for row in edition.tables["t4"].rows:
        before = last.cells.get(f"t4.{row.code}.pending")
        address = f"t4.{row.code}.total"
        now = report.cells.get(address)
        if before is not None and now is not None and now < before:
            yield Hit(
                message=(
                    f"上年{row_name(edition.cell(address))}尚未审结 {number_or_blank(before)} 件，"
                    f"本年总计只有 {number_or_blank(now)} 件，至少 {number_or_blank(before - now)} 件既未审结也未列为尚未审结。"
                    "请核对；撤回、终止的计入“其他结果”。"
                ),
                cells=(f"t4.{row.code}.pending", address),
                left=now,
                right=before,
            )


@rule(
    "Y-PUBLIC",
    "warning",
    statement="2019年版：对外公开总数量不超过上年总数加本年新公开数量。",
    basis="年度报告格式（国办公开办函〔2019〕60号）：对外公开总数量",
    example="上年公开总数 20 件，本年新公开 3 件，公开总数却填 40 件。",
)
def public_stock(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check edition 2019's stock of published documents against last year's and the flow."""
    last = last_year(report, context)
    if last is None or report.edition is None:
        return
    for address, cell in report.cells.edition.cells.items():
        if cell.column.code != "public_total":
            continue
        flow = f"t2.{cell.row.code}.newly_public"
        now, newly = report.cells.get(address), report.cells.get(flow)
        before = last.cells.get(address)
        if now is not None and newly is not None and before is not None and now > before + newly:
            yield Hit(
                message=(
                    f"{cell_name(report.cells.edition, address)}为 {number_or_blank(now)}，"
                    f"超过上年 {number_or_blank(before)} 加本年新公开 {number_or_blank(newly)}。请核对。"
                ),
                cells=(address, flow),
                left=now,
                right=before + newly,
            )


def is_jump(now: int | Decimal, past: Sequence[int | Decimal]) -> bool:
    """Say whether a figure lies far from its own past.

    It must lie outside the robust spread of its past, and for a count chance alone must not make such a change
    (:func:`reportkit.counts.chance_of_change`): a steady row of small numbers makes no jump of the next.

    >>> is_jump(40, [10, 12, 11, 9]), is_jump(14, [10, 12, 11, 9]), is_jump(500, [3, 200, 900])
    (True, False, False)
    """
    values = [float(value) for value in past]
    centre = median(values)
    spread = _MAD * median(abs(value - centre) for value in values)
    if abs(float(now) - centre) <= WIDTH * spread:
        return False
    counts = [value for value in past if isinstance(value, int) and value >= 0]
    if isinstance(now, int) and now >= 0 and len(counts) == len(past):
        return now != centre and chance_of_change(now, counts) < CHANCE
    return abs(float(now) - centre) > max(WIDTH * sqrt(abs(centre) + 1), LEAST_AMOUNT)


@rule(
    "H-JUMP",
    "info",
    statement="与本单位往年相比没有异常的大起大落。",
    basis="本单位历年报告（件数按条件二项分布精确检验，并超出往年稳健离散程度）",
    example="往年收到申请 9 至 12 件，本年 140 件。",
)
def jumps(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check totals and facts against the body's own history."""
    past = [each for each in context.history if each.year and each.year < (report.year or 0)]
    if len(past) < LEAST_YEARS or report.edition is None:
        return
    past.sort(key=lambda each: each.year or 0)
    edition = report.cells.edition
    for address, cell in edition.cells.items():
        if cell.table != "t2" and cell.column.code != "total":
            continue
        now = report.cells[address]
        if now is not None:
            row = {e.year: v for e in past if (v := e.cells.get(address)) is not None}
            yield from _jump(cell_name(edition, address), now, row, (address,))
    for code, fact in FACTS.items():
        if code in report.facts and not fact.cells:
            row = {e.year: e.facts[code] for e in past if code in e.facts}
            yield from _jump(f"“{fact.label}”", report.facts[code], row, ())


def _jump(
    name: str, now: int | Decimal, row: dict[int | None, int | Decimal], cells: tuple[str, ...]
) -> Iterator[Hit]:
    if len(row) < LEAST_YEARS or not is_jump(now, list(row.values())):
        return
    told = "、".join(f"{year} 年 {number_or_blank(value)}" for year, value in row.items())
    middle = median(Decimal(value) for value in row.values())
    yield Hit(
        message=f"{name}本年为 {number_or_blank(now)}，往年为{told}，相差悬殊，不像是偶然波动。请核对；属实的可在文字部分说明原因。",
        cells=cells,
        left=now,
        right=middle,
    )


RULES: tuple[Rule, ...] = (pending, public_stock, jumps)
