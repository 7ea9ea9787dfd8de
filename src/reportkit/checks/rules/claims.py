"""The prose against the tables: every number that it states, recomputed or looked up.

A claim is right, wrong or undetermined. It is about the report's own year unless its sentence
says otherwise; parts are held against their whole, changes and percentages are recomputed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.rules.recomputed import change, percent
from reportkit.checks.said import BASIS, NOT_THIS_YEAR, claims, known, place_of, subject_of
from reportkit.checks.sentences import quoted
from reportkit.checks.wording import number_or_blank
from reportkit.form import total
from reportkit.form.facts import FACTS
from reportkit.prose.claim import Claim
from reportkit.report import TownReport

Verdict = Literal["right", "wrong", "unknown"]
Number = int | Decimal


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim with what became of it."""

    claim: Claim
    verdict: Verdict
    actual: Number | None = None
    """What the tables or facts say."""


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
    text. Where one mention gives the right total, smaller ones are parts of it and undetermined.
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


@rule(
    "C-VALUE",
    "warning",
    statement="文字里的每个数与表格、指标一致；信息处理费等于缴费登记的合计（它与行政事业性收费的关系见 L-FEE）。",
    basis=BASIS,
    example="正文写制定规范性文件 0 件，表二却是 4 件。",
)
def value(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check each number against the cell or fact that it is about."""
    edition = report.cells.edition
    told: set[tuple[str | None, object, str]] = set()
    unknown: dict[str, None] = {}
    for each in judge(report, context):
        claim = each.claim
        name, cells = subject_of(edition, claim.about or "")
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
            place=place_of(claim),
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
    basis=BASIS,
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
        name, cells = subject_of(edition, about)
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
            place=place_of(judged[-1].claim),
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
            place=place_of(said[from_prose[-1]]),
        )


@rule(
    "C-PARTS",
    "warning",
    statement="文字里的分项不超过总数；列全了的（含“其他”），分项之和等于总数。",
    basis=BASIS,
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
            continue  # parts of a part: of which the later ones are is undetermined
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
                place=place_of(whole),
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


RULES: tuple[Rule, ...] = (value, conflict, balance, parts, percent, change)
