"""A county's own report against its towns': every cell is the sum of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.wording import cell_name, distance, number_or_blank
from reportkit.form import total
from reportkit.report import TownReport

_NAMED = 5
"""How many towns one finding names."""


@rule(
    "K-MISSING",
    "warning",
    statement="汇总时，应报送的单位都已报送。",
    basis="政府信息公开条例第四十九条；县级主管部门的年度报告通知",
    example="往年报送的某镇，本年没有报告。",
)
def missing(_report: TownReport, context: Context) -> Iterator[Hit]:
    """Name the bodies whose report is not there."""
    if context.towns and context.missing:
        yield Hit(
            message=f"没有找到 {len(context.missing)} 个单位的报告：{'、'.join(context.missing)}。请催报，汇总数暂不完整。",
            left=len(context.towns),
            right=len(context.towns) + len(context.missing),
        )


@rule(
    "K-SUM",
    "error",
    statement="县级汇总报告的每一格等于各单位报告之和；小于其和一定有误，大于其和的可能还有未提供的单位。",
    basis="县级汇总口径（各单位年度报告之和）",
    example="三个镇各收到申请 2 件，县里的报告填 4 件。",
)
def sums(report: TownReport, context: Context) -> Iterator[Hit]:
    """Compare each cell with the sum over the towns; a warning where the county has more.

    A cell that is unknown in the county or in a town says nothing; towns on another edition of
    the form have other cells and are left out of those.
    """
    towns = context.towns
    if not towns or report.edition is None:
        return
    unknown = 0
    edition = report.cells.edition
    rows = [each.cells.in_order() if each.edition == report.edition else None for each in towns]
    for place, (address, mine) in enumerate(report.cells.items()):
        theirs = [
            row[place] if row is not None else each.cells.get(address)
            for row, each in zip(rows, towns, strict=True)
        ]
        whole = total(theirs)
        if mine is None or whole is None:
            unknown += 1
            continue
        if mine == whole:
            continue
        named = _makers(mine, whole, towns, theirs)
        yield Hit(
            level="error" if mine < whole else "warning",
            message=(
                f"{cell_name(edition, address)}：县级报告为 {number_or_blank(mine)}，{len(towns)} 个单位之和为 {number_or_blank(whole)}，"
                f"相差 {number_or_blank(distance(mine, whole))}。{named}"
            ),
            cells=(address,),
            left=mine,
            right=whole,
        )
    if unknown:
        yield Hit(
            level="info",
            message=f"有 {unknown} 格在县级报告或某个单位的报告里空白，无法核对汇总数。",
        )


def _makers(
    mine: int | Decimal,
    whole: int | Decimal,
    towns: Sequence[TownReport],
    values: Sequence[int | Decimal | None],
) -> str:
    """Say which towns make the difference: those whose figure is just that, else who has figures."""
    named = [(each.town.name, value) for each, value in zip(towns, values, strict=True) if value]
    gap = distance(mine, whole)
    exact = [name for name, value in named if value == gap]
    if exact:
        verb = "可能漏计了" if mine < whole else "可能重复计了"
        return f"{'、'.join(exact[:_NAMED])}正好是 {number_or_blank(gap)}，{verb}其中之一，请核对。"
    told = "、".join(
        f"{name} {number_or_blank(value)}"
        for name, value in sorted(named, key=lambda item: (-item[1], item[0]))[:_NAMED]
    )
    more = f"等 {len(named)} 个单位" if len(named) > _NAMED else ""
    return (
        f"有数的单位：{told}{more}。请逐一核对。" if told else "各单位均为 0，请核对县级数的来源。"
    )


RULES: tuple[Rule, ...] = (missing, sums)
