"""The prose's shares and comparisons with last year, computed anew from the numbers that they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, rule
from reportkit.checks.rules.years import last_year
from reportkit.checks.said import BASIS, claims, known, place_of, subject_of
from reportkit.checks.sentences import quoted
from reportkit.checks.wording import distance, number_or_blank
from reportkit.form import plain
from reportkit.prose.claim import Claim
from reportkit.report import TownReport

Number = int | Decimal


_MORE = re.compile(r"(?:增加|增长|上升|提高|新增|多)了?约?$")
_LESS = re.compile(r"(?:减少|下降|降低|少)了?约?$")
_SHARE = re.compile(r"占(?:比|总数的?|全部的?|总量的?)?(?:约|为|达)?$")


def same_percentage(printed: Number, exact: Decimal) -> bool:
    """Say whether a printed percentage is the exact one, rounded or cut off at its last digit.

    >>> same_percentage(Decimal("12.5"), Decimal("12.5")), same_percentage(19, Decimal("18.6"))
    (True, True)
    >>> same_percentage(14, Decimal("14.18")), same_percentage(20, Decimal("18.6"))
    (True, False)
    """
    printed = Decimal(printed)
    digits = len(plain(printed).partition(".")[2])
    unit = Decimal(1).scaleb(-digits)
    if abs(printed - exact) <= unit / 2 or 0 <= exact - printed < unit:
        return True
    return 0 < exact < unit == printed  # never a false 0


@rule(
    "C-PERCENT",
    "warning",
    statement="文字里的占比等于分项除以总数。",
    basis=BASIS,
    example="共 86 条，其中 16 条，却写占 30%。",
)
def percent(report: TownReport, context: Context) -> Iterator[Hit]:
    """Recompute the shares that the prose gives of a part in its whole."""
    every = claims(report, context)
    for at, claim in enumerate(every):
        if claim.kind != "percentage" or claim.value is None or not claim.exact or at == 0:
            continue
        part = every[at - 1]
        if part.part_of is None or part.value is None or not _SHARE.search(claim.label):
            continue
        whole = every[part.part_of].value
        if not whole or part.section != claim.section:
            continue
        exact = Decimal(part.value) / Decimal(whole) * 100
        if not same_percentage(claim.value, exact):
            right = exact.quantize(Decimal("0.01"))
            yield Hit(
                message=(
                    f"占比不对：{number_or_blank(part.value)}÷{number_or_blank(whole)}＝{number_or_blank(right)}%，"
                    f"写的是 {number_or_blank(claim.value)}%：“{quoted(claim.sentence)}”。请改正。"
                ),
                left=claim.value,
                right=right,
                place=place_of(claim),
            )


@rule(
    "C-CHANGE",
    "warning",
    statement="文字里的同比增减、百分比和“与上年持平”，按两年的数重新计算一致。",
    basis=BASIS,
    example="上年 8 件、本年 9 件，却写增长 20%。",
)
def change(report: TownReport, context: Context) -> Iterator[Hit]:
    """Recompute the comparisons with last year, where both years are known."""
    last = last_year(report, context)
    if last is None:
        return
    every = claims(report, context)
    for claim in every:
        if claim.kind == "same_as_last_year":
            yield from _same(report, last, claim, every)
        elif claim.about is not None and claim.value is not None and claim.exact:
            now, before = known(report, claim.about), known(last, claim.about)
            more, less = _MORE.search(claim.label), _LESS.search(claim.label)
            if now is None or before is None or not (more or less):
                continue
            if claim.unit == "%":
                yield from _growth(report, claim, now, before, less=bool(less))
            elif claim.kind == "change" and distance(claim.value, 0) != (
                now - before if more else before - now
            ):
                yield _wrong(report, claim, now, before, f"{number_or_blank(now - before)}")


def _growth(
    report: TownReport, claim: Claim, now: Number, before: Number, *, less: bool
) -> Iterator[Hit]:
    """Check a growth in per cent; of nothing there is none."""
    if not before or claim.value is None:
        yield _wrong(report, claim, now, before, "无法计算（上年为 0）")
        return
    exact = Decimal(now - before) / Decimal(before) * 100
    if not same_percentage(distance(claim.value, 0), -exact if less else exact):
        yield _wrong(
            report, claim, now, before, f"{number_or_blank(exact.quantize(Decimal('0.01')))}%"
        )


def _same(
    report: TownReport, last: TownReport, claim: Claim, every: Sequence[Claim]
) -> Iterator[Hit]:
    """Check «same as last year» against whatever its sentence counts: wrong where all changed."""
    abouts = dict.fromkeys(
        each.about
        for each in every
        if each.sentence == claim.sentence and each.kind == "value" and each.about
    )
    both = {about: (known(report, about), known(last, about)) for about in abouts if about}
    if not both or any(now is None or now == before for now, before in both.values()):
        return
    about, (now, before) = next(iter(both.items()))
    if now is None or before is None:
        return
    name, cells = subject_of(report.cells.edition, about)
    yield Hit(
        message=(
            f"正文写与上年持平，而{name}本年 {number_or_blank(now)}、上年 {number_or_blank(before)}："
            f"“{quoted(claim.sentence)}”。请改正。"
        ),
        cells=cells,
        left=now,
        right=before,
        place=place_of(claim),
    )


def _wrong(report: TownReport, claim: Claim, now: Number, before: Number, right: str) -> Hit:
    name, cells = subject_of(report.cells.edition, claim.about or "")
    return Hit(
        message=(
            f"同比不对：{name}本年 {number_or_blank(now)}、上年 {number_or_blank(before)}，增减应为 {right}，"
            f"正文写的是 {number_or_blank(claim.value)}{claim.unit}：“{quoted(claim.sentence)}”。请改正。"
        ),
        cells=cells,
        left=now,
        right=before,
        place=place_of(claim),
    )
