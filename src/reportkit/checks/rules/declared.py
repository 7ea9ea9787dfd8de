"""What a town declared against what its registers give, where it hands in both."""

from __future__ import annotations

from collections.abc import Iterator

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.wording import cell_name, number_or_blank
from reportkit.form.facts import FACTS
from reportkit.report import TownReport

_BASIS = "台账填写规则：逐件台账与申报数不一致的，以台账为准"


@rule(
    "D-DECLARED",
    "error",
    statement="同一单位同一年度，申报的表格与台账逐件统计的结果一致。",
    basis=_BASIS,
    example="台账统计收到申请 5 件，申报的表格填 4 件。",
)
def declared(report: TownReport, context: Context) -> Iterator[Hit]:
    """Compare each known cell and fact with the declared report's.

    A declared report of another year, or on another edition, says nothing.
    """
    other = context.declared
    if other is None or report.edition is None or other.year != report.year:
        return
    if other.edition == report.edition:
        edition = report.cells.edition
        pairs = zip(edition.addresses, report.cells.in_order(), other.cells.in_order(), strict=True)
        for address, mine, theirs in pairs:
            if mine is not None and theirs is not None and mine != theirs:
                yield Hit(
                    message=(
                        f"{cell_name(edition, address)}申报为 {number_or_blank(theirs)}，台账逐件统计为 {number_or_blank(mine)}。"
                        "请核对台账有无漏登，再改正申报数。"
                    ),
                    cells=(address,),
                    left=mine,
                    right=theirs,
                )
    for code in sorted(report.facts.keys() & other.facts.keys()):
        if report.facts[code] != other.facts[code] and not FACTS[code].cells:
            yield Hit(
                message=(
                    f"“{FACTS[code].label}”申报为 {number_or_blank(other.facts[code])}，"
                    f"台账逐件统计为 {number_or_blank(report.facts[code])}。请核对台账有无漏登，再改正申报数。"
                ),
                left=report.facts[code],
                right=other.facts[code],
            )


RULES: tuple[Rule, ...] = (declared,)
