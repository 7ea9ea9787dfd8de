"""The prose against the tables: every number that it states, recomputed or looked up.

A claim is right, wrong or nobody can tell. It is about the report's own year unless its sentence
says otherwise; parts are held against their whole, changes and percentages are recomputed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.said import NOT_THIS_YEAR, claims, known
from reportkit.checks.sentences import quoted
from reportkit.checks.wording import cell_name, distance, number_or_blank
from reportkit.checks.years import last_year
from reportkit.finding import Place
from reportkit.form import Edition, plain, total
from reportkit.form.facts import FACTS
from reportkit.prose.claims import Claim
from reportkit.report import TownReport

Verdict = Literal["right", "wrong", "unknown"]
Number = int | Decimal

_BASIS = "国办公开办函〔2021〕30号（内容准确）；政府信息公开条例第四十七条"
_MORE = re.compile(r"(?:增加|增长|上升|提高|新增|多)了?约?$")
_LESS = re.compile(r"(?:减少|下降|降低|少)了?约?$")
_SHARE = re.compile(r"占(?:比|总数的?|全部的?|总量的?)?(?:约|为|达)?$")


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim with what became of it."""

    claim: Claim
    verdict: Verdict
    actual: Number | None = None
    """What the tables or facts say."""


def _about(edition: Edition, code: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of what a claim is about, and its cells."""
    if code in FACTS:
        fact = FACTS[code]
        return f"“{fact.label}”", tuple(cell for cell in fact.cells if cell in edition.cells)
    return cell_name(edition, code), (code,)


def _own_year(report: TownReport, claim: Claim) -> bool:
    """Say whether a claim is about the report's own year."""
    code, year = claim.about or "", report.year
    if code == "t3.carried_in.total":
        return claim.year is None or year is None or claim.year in (year, year - 1)
    if code == "t3.carried_forward.total":
        return claim.year is None or year is None or claim.year in (year, year + 1)
    if NOT_THIS_YEAR.search(claim.label):
        return False
    return claim.year in (None, year) or year is None


def judge(report: TownReport, context: Context) -> tuple[JudgedClaim, ...]:
    """Judge every exact number that the prose states of a fact or cell, for the report's year.

    A year just before the report's, where nothing is stated for its own, is taken for a slip of an old
    text. Where one mention gives the right total, smaller ones are parts of it and nobody can tell.
    """
    stated: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims(report, context):
        if claim.stated and claim.about is not None and claim.value is not None:
            stated[claim.about].append(claim)
    judged: list[JudgedClaim] = []
    for about, mentions in stated.items():
        own = [each for each in mentions if _own_year(report, each)]
        if not own and report.year is not None:
            own = [
                each
                for each in mentions
                if each.year == report.year - 1 and not NOT_THIS_YEAR.search(each.sentence)
            ]
        actual = known(report, about)
        told = any(each.value == actual for each in own)
        for each in own:
            value = each.value
            if actual is None or value is None:
                judged.append(JudgedClaim(each, "unknown"))
            elif value == actual:
                judged.append(JudgedClaim(each, "right", actual))
            elif value < actual and (told or each.part_of is not None):
                judged.append(JudgedClaim(each, "unknown", actual))
            else:
                judged.append(JudgedClaim(each, "wrong", actual))
    return tuple(judged)


def _place(claim: Claim) -> Place:
    return Place(section=claim.section or None, sentence=quoted(claim.sentence))


@rule(
    "C-VALUE",
    "warning",
    statement="文字里的每个数与表格、指标一致；信息处理费等于缴费登记的合计（它与行政事业性收费的关系见 L-FEE）。",
    basis=_BASIS,
    example="正文写制定规范性文件 0 件，表二却是 4 件。",
)
def value(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check each number against the cell or fact that it is about."""
    edition = report.cells.edition
    told: set[tuple[str | None, object, str]] = set()
    unknown: dict[str, None] = {}
    for each in judge(report, context):
        claim = each.claim
        name, cells = _about(edition, claim.about or "")
        if each.verdict == "unknown" and each.actual is None:
            unknown[name] = None
        key = (claim.about, claim.value, claim.sentence)
        if each.verdict != "wrong" or key in told:
            continue
        told.add(key)
        yield Hit(
            message=(
                f"正文写{name}为 {number_or_blank(claim.value)}，{'表格' if cells else '台账统计'}为 {number_or_blank(each.actual)}："
                f"“{quoted(claim.sentence)}”。请核对，改成一致。"
            ),
            cells=cells,
            left=claim.value,
            right=each.actual,
            place=_place(claim),
        )
    if unknown:
        yield Hit(
            level="info",
            message=f"正文写到的{'、'.join(unknown)}，表格或台账里没有数，无法核对。",
        )


@rule(
    "C-CONFLICT",
    "warning",
    statement="文字前后所写的同一个数一致。",
    basis=_BASIS,
    example="前面写收到申请 5 件，后面写收到申请 6 件。",
)
def conflict(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check the mentions of one thing against one another, where no table decides."""
    edition = report.cells.edition
    mentions: dict[str, list[JudgedClaim]] = defaultdict(list)
    for each in judge(report, context):
        if each.verdict == "unknown" and each.actual is None and each.claim.part_of is None:
            mentions[each.claim.about or ""].append(each)
    for about, judged in mentions.items():
        values = list(dict.fromkeys(each.claim.value for each in judged))
        if len(values) < 2:
            continue
        name, cells = _about(edition, about)
        said = "；".join(
            f"{number_or_blank(v)}（“{quoted(next(j.claim.sentence for j in judged if j.claim.value == v))}”）"
            for v in values
        )
        fact = FACTS.get(about)
        sure = fact is not None and fact.cells and all(j.claim.strength == 3 for j in judged)
        yield Hit(
            level="warning" if sure else "info",
            message=f"正文里{name}有 {len(values)} 个不同的数：{said}。请核对，改成一致。",
            cells=cells,
            left=values[0],
            right=values[1],
            place=_place(judged[-1].claim),
        )


@rule(
    "C-BALANCE",
    "warning",
    statement="表格没有数时，文字里的数也要符合勾稽关系。",
    basis="年度报告格式（国办公开办函〔2019〕60号、〔2021〕30号）所附勾稽关系",
    example="正文写上年结转 5 件、新收 61 件，却只写办结 57 件、结转下年 4 件。",
)
def balance(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check the form's identities over what the prose states, where the cells are unknown."""
    if None not in report.cells.in_order():
        return
    said: dict[str, Claim] = {}
    for each in judge(report, context):
        claim = each.claim
        fact = FACTS.get(claim.about or "")
        address = fact.cells[0] if fact and len(fact.cells) == 1 else claim.about
        if address is not None and claim.part_of is None:
            said.setdefault(address, claim)
    edition = report.cells.edition
    for identity in edition.arithmetic:
        addresses = [term.address for term in identity.terms]
        from_prose = [a for a in addresses if report.cells.get(a) is None]
        if not from_prose or not all(a in said for a in from_prose):
            continue
        values: Mapping[str, Number | None] = {
            a: said[a].value if a in from_prose else report.cells.get(a) for a in addresses
        }
        left, right = (
            total(None if (v := values[term.address]) is None else term.sign * v for term in side)
            for side in (identity.left, identity.right)
        )
        if left is None or right is None or left == right:
            continue
        words = [
            "＋".join(
                f"“{edition.cell(term.address).row.label}”{number_or_blank(values[term.address])}"
                for term in side
            )
            for side in (identity.left, identity.right)
        ]
        yield Hit(
            message=f"正文里的数不平：{words[0]}＝{number_or_blank(left)}，{words[1]}＝{number_or_blank(right)}。请核对各数，补填表格。",
            cells=tuple(addresses),
            left=left,
            right=right,
            place=_place(said[from_prose[-1]]),
        )


@rule(
    "C-PARTS",
    "warning",
    statement="文字里的分项不超过总数；列全了的（含“其他”），分项之和等于总数。",
    basis=_BASIS,
    example="主动公开 117 条，其中 9、23、14、25 条，其他 4 条，合计只有 75 条。",
)
def parts(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check the parts that the prose lists against their whole."""
    every = claims(report, context)
    groups: dict[int, list[Claim]] = defaultdict(list)
    for claim in every:
        if claim.part_of is not None and claim.kind == "value" and claim.value is not None:
            groups[claim.part_of].append(claim)
    for at, listed in groups.items():
        whole = every[at]
        if len(listed) < 2 or whole.value is None or not whole.exact:
            continue
        if not all(claim.exact and claim.year == whole.year for claim in listed):
            continue
        if whole.part_of is not None:
            continue  # parts of a part: nobody can tell of which the later ones are
        rest = _left_over(listed, whole.value)
        if len(rest) < 2:
            continue
        amount = total(claim.value for claim in rest)
        if amount is None or amount == whole.value:
            continue
        complete = "其他" in rest[-1].label or "其它" in rest[-1].label
        if amount > whole.value or complete:
            told = "＋".join(number_or_blank(claim.value) for claim in rest)
            yield Hit(
                message=(
                    f"分项与总数不符：{told}＝{number_or_blank(amount)}，总数写的是 {number_or_blank(whole.value)}："
                    f"“{quoted(whole.sentence)}”。请核对。"
                ),
                left=amount,
                right=whole.value,
                place=_place(whole),
            )


def _left_over(listed: Sequence[Claim], whole: Number) -> Sequence[Claim]:
    """Return the parts behind the last run of them that makes up the whole.

    14 by mail and online (10+4), and 14 by what became of them (12+2), are two ways to split one whole.
    """
    start = 0
    amount: Number = 0
    for place, claim in enumerate(listed):
        amount += claim.value or 0
        if amount == whole:
            start, amount = place + 1, 0
    return listed[start:]


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
    basis=_BASIS,
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
                place=_place(claim),
            )


@rule(
    "C-CHANGE",
    "warning",
    statement="文字里的同比增减、百分比和“与上年持平”，按两年的数重新计算一致。",
    basis=_BASIS,
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
    name, cells = _about(report.cells.edition, about)
    yield Hit(
        message=(
            f"正文写与上年持平，而{name}本年 {number_or_blank(now)}、上年 {number_or_blank(before)}："
            f"“{quoted(claim.sentence)}”。请改正。"
        ),
        cells=cells,
        left=now,
        right=before,
        place=_place(claim),
    )


def _wrong(report: TownReport, claim: Claim, now: Number, before: Number, right: str) -> Hit:
    name, cells = _about(report.cells.edition, claim.about or "")
    return Hit(
        message=(
            f"同比不对：{name}本年 {number_or_blank(now)}、上年 {number_or_blank(before)}，增减应为 {right}，"
            f"正文写的是 {number_or_blank(claim.value)}{claim.unit}：“{quoted(claim.sentence)}”。请改正。"
        ),
        cells=cells,
        left=now,
        right=before,
        place=_place(claim),
    )


RULES: tuple[Rule, ...] = (value, conflict, balance, parts, percent, change)
