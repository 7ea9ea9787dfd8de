"""Stated: the facts that the prose states for the report's year, each with one value only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from reportkit.form.facts import FACTS, Fact
from reportkit.prose.claim import Claim
from reportkit.prose.content import Problem


def facts_of(
    claims: Iterable[Claim], year: int | None
) -> tuple[dict[str, int | Decimal], list[Problem]]:
    """Return the facts that the prose states for the report's year.

    Two values for one fact give none, and a problem, unless one is the sum of the others. A named
    year just before the report's, with no statement for the report's own, is taken for the slip that
    it mostly is, and told.
    """
    facts: dict[str, int | Decimal] = {}
    problems: list[Problem] = []
    every = [c for c in claims if c.about in FACTS and c.kind == "value" and c.value is not None]
    for code, fact in FACTS.items():
        mine = [c for c in every if c.about == code]
        own = [c for c in mine if c.year in (None, year) or year is None]
        if not own and mine and all(year is not None and _names(c, year - 1) for c in mine):
            problems.append(
                Problem(
                    f"{fact.label}写的是{mine[0].year}年，不是报告年度：{mine[0].sentence}",
                    mine[0].place,
                )
            )
            own = mine
        if code == "disclosed_items":
            own = [] if _beside_channels(_surest(own), every) else _surest(own)
        exact = [c for c in own if c.exact]
        values = _values([c for c in exact if c.part_of is None]) or _values(exact)
        if code == "disclosed_items" and len(exact) < len(own):
            continue  # about so many: a smaller exact number beside it is none of all
        if len(values) > 1:
            said = "；".join(dict.fromkeys(f"{c.value}（{c.sentence[:40]}）" for c in exact))
            problems.append(Problem(f"正文中{fact.label}有不同的数：{said}", exact[0].place))
        elif values:
            _keep(facts, fact, values[0])
    return facts, problems


def _keep(facts: dict[str, int | Decimal], fact: Fact, value: int | Decimal) -> None:
    if fact.type == "decimal":
        facts[fact.code] = Decimal(value)
    elif value == int(value):
        facts[fact.code] = int(value)


def _values(claims: Sequence[Claim]) -> list[int | Decimal]:
    """Return the different values; only the whole where it is the sum of all others."""
    values = list(dict.fromkeys(c.value for c in claims if c.value is not None))
    if len(values) > 2:
        largest = max(values)
        if sum(values) == 2 * largest:
            return [largest]
    return values


def _surest(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims whose words state the whole most surely; a part is none of them."""
    wholes = [c for c in claims if c.part_of is None]
    best = max((c.strength for c in wholes), default=0)
    found = [c for c in wholes if c.strength == best]
    if best < 0 or (not best and (len(wholes) > len(found) or len({c.value for c in found}) > 1)):
        return []  # several channels, and nothing says what they make together
    return found


def _beside_channels(claims: Sequence[Claim], every: Sequence[Claim]) -> bool:
    """Say whether what may be the whole is one channel's number, beside as many of another's.

    Both stand in one sentence and count the same: articles (篇) beside items are something else.
    """
    single = {(claim.sentence, claim.unit) for claim in claims if claim.strength < 1}
    return any(
        c.about in ("wechat_items", "weibo_items") and (c.sentence, c.unit) in single for c in every
    )


def _names(claim: Claim, year: int) -> bool:
    """Say whether a claim is of a year, and its sentence prints that year in figures."""
    return claim.year == year and f"{year}年" in claim.sentence
