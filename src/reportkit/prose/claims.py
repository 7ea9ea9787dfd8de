"""Claims: the numbers that the prose states, every mention with its sentence.

What a number is about is decided by the words around it (claim_rules.py). A number that no rule
knows is a claim too, about nothing: parts that do not add up to their whole are found with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from reportkit.form import plain
from reportkit.form.facts import FACTS
from reportkit.masking import mask
from reportkit.prose.claim_rules import (
    ADDED,
    APPROXIMATE,
    CHANGE,
    COMPARED,
    RULES,
    SAME,
    ZEROS,
)
from reportkit.prose.content import Paragraph, Place, Problem
from reportkit.prose.fold import fold
from reportkit.prose.numerals import ARABIC, CHINESE, parse_number

ClaimKind = Literal["value", "change", "percentage", "same_as_last_year"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of the prose, or a phrase that stands for one."""

    about: str | None
    """The fact's code or the cell's address; ``None``: none of them."""
    value: int | Decimal | None
    """The number, in the fact's unit; a percentage as printed (37.5); ``None`` for «same as last year»."""
    kind: ClaimKind
    sentence: str
    """Masked."""
    section: str
    place: Place
    label: str = ""
    """The words right before the number: what it counts, as printed."""
    unit: str = ""
    year: int | None = None
    """The year that the sentence names for it, if it names one."""
    exact: bool = True
    """False for about, nearly, more than."""
    part_of: int | None = None
    """The position, among all claims, of the whole that this is a part of."""

    @property
    def stated(self) -> bool:
        """Say whether it is an exact number of a fact or cell."""
        return self.about is not None and self.kind == "value" and self.exact


_UNITS = (
    "人次|场次|余条|余件|万元|亿元|元|件|条|份|宗|起|例|个|次|项|篇|期|场|部|人|名|户|%|个百分点"
)
_MENTION = re.compile(
    rf"(?P<percent>百分之(?P<share>{CHINESE}|{ARABIC}))"
    rf"|(?P<number>(?:{ARABIC})(?:万|亿)?|{CHINESE})(?P<about>余|多)?(?P<unit>{_UNITS})"
)
_NOT_COUNTED = re.compile(r"第$|[A-Za-z]$|〔$|\[$|\d[-—/.]$")
_SENTENCE = re.compile(r"[^。;!?\n]+[。;!?]?|\n")
_YEAR = re.compile(
    r"(?P<named>20\d\d)年(?!\d{1,2}月\d{1,2}日(?:起|至|到))|(?P<own>今年|本年)"
    r"|(?:(?<=[,;。:(、])|^)(?P<last>上年|去年|上一年)(?!度?(?:结转|相比|持平|底|末|以来))"
    r"|(?:上年|去年|上一年)度?(?:同期)?(?:的|为|是|有|共|仅|只有|:)*$"
)
"""The year that a number is of: named, this year, or last year where that opens a clause or stands
right before the number (上年为16件). 比上年 before a change names none."""
_LAST_YEAR = -1
"""Stands for last year until the report's year is known."""
_SUMMED = frozenset(("条", "件", "篇", "项", "个", "份", "宗", "起", "期"))
_SPLIT = re.compile(r"其中|包括|包含|分别|含|[:(]")
_ORDINARY = frozenset(
    {
        "一个",
        "一次",
        "一项",
        "一条",
        "一件",
        "一份",
        "一名",
        "两个",
        "一期",
        "一场",
        "一人",
        "三个",
        "一部",
        "两项",
        "四个",
        "五个",
        "三项",
        "一起",
        "一例",
        "一些",
    }
)


def claims_of(
    sections: Mapping[str, str | Sequence[Paragraph]] | str, year: int | None = None
) -> tuple[Claim, ...]:
    """Return every claim of a report's sections, or of one text, in order.

    ``year`` is the report's; a claim whose sentence names that very year carries no year of its own.
    """
    texts = {"": sections} if isinstance(sections, str) else sections
    found: list[Claim] = []
    for section, text in texts.items():
        paragraphs = (
            [Paragraph(line, Place()) for line in text.splitlines()]
            if isinstance(text, str)
            else text
        )
        for paragraph in paragraphs:
            found += _paragraph(paragraph, section, len(found))
    return tuple(_dated(claim, year) for claim in found)


def _dated(claim: Claim, year: int | None) -> Claim:
    """Reckon a claim's year from the report's; last year of an unknown one is no year at all."""
    if claim.year == year:
        return replace(claim, year=None)
    if claim.year != _LAST_YEAR:
        return claim
    return replace(claim, year=year - 1) if year else replace(claim, year=None, about=None)


def _paragraph(block: Paragraph, section: str, base: int) -> list[Claim]:
    folded = re.sub(r"(?<![A-Za-z])\s+(?![A-Za-z])|\s+", "", fold(block.text))
    folded = (
        re.sub(r"(?<=[^\d])\.(?=\D|$)|(?<=\d)\.(?=\D|$)", "。", folded)
        if "条." in folded
        else folded
    )
    found: list[Claim] = []
    topic = ""
    whole: int | None = None
    for match in _SENTENCE.finditer(folded):
        sentence = match[0].strip()
        if not sentence:
            continue
        start = base + len(found)
        parts = whole if sentence.startswith("其中") else None
        made = _Sentence(sentence, topic, section, block.place, start, parts).claims()
        found += made
        counted = [start + i for i, c in enumerate(made) if c.kind == "value" and c.part_of is None]
        whole = counted[-1] if counted else whole if parts is not None else None
        topic = (topic + sentence)[-60:] if len(sentence) < 60 else sentence[-60:]
    return found


@dataclass(slots=True)
class _Sentence:
    """One sentence on its way to claims."""

    text: str
    topic: str
    """The words before it in the paragraph."""
    section: str
    place: Place
    base: int
    """How many claims there are before it."""
    whole: int | None
    """The claim that the sentence's numbers are parts of."""
    made: list[Claim] = field(default_factory=list)
    last: str | None = None
    """What the last number was about."""

    def claims(self) -> list[Claim]:
        """Return the sentence's claims: numbers first, then what is denied or unchanged."""
        end = 0
        for match in _MENTION.finditer(self.text):
            if _NOT_COUNTED.search(self.text[: match.start()]):
                continue
            value = parse_number(match["share"] or match["number"])
            if value is not None:
                self._number(match, value, self.text[end : match.start()])
                end = match.end()
        self._denied()
        if SAME.search(self.text):
            self._add(Claim(self.last, None, "same_as_last_year", "", self.section, self.place))
        return self.made

    def _number(self, match: re.Match[str], value: Decimal, lead: str) -> None:
        """Add the claims of one number; ``lead`` is the text since the number before."""
        unit = "%" if match["percent"] else match["unit"].removeprefix("余")
        rough = match["about"] or APPROXIMATE.search(lead) or (match["unit"] or "").startswith("余")
        kind = _kind(lead, unit)
        if _SPLIT.search(lead) and self.made and self.whole is None:
            self.whole = self.base + len(self.made) - 1
        abouts = self._about(match, value, lead, unit, kind)
        if match[0] in _ORDINARY and not abouts:
            return  # 一个, 三项: words rather than figures
        claim = Claim(
            None,
            _scaled(value, unit, kind, lead),
            kind,
            "",
            self.section,
            self.place,
            label=lead[-24:],
            unit=unit,
            year=_year_of(self.text[: match.start()]),
            exact=not rough,
            part_of=self.whole if kind == "value" and unit in _SUMMED else None,
        )
        for about in abouts or (None,):
            self._add(replace(claim, about=about))

    def _about(
        self, match: re.Match[str], value: Decimal, lead: str, unit: str, kind: ClaimKind
    ) -> tuple[str, ...]:
        """Say what a number is about; a change or share is about what the number before was."""
        if kind != "value":
            return (self.last,) if self.last else ()
        if ADDED.search(lead):
            return ()  # how many more, of a year that the words do not name
        after, context = self.text[match.end() :], self.topic + self.text
        rule = next((r for r in RULES if r.fits(lead, unit, after, context)), None)
        if rule is None or (len(rule.about) > 1 and value):
            return ()
        self.last = rule.about[0]
        return rule.about

    def _denied(self) -> None:
        """Add a zero for everything that the sentence says there was none of."""
        said = {(claim.about, claim.year) for claim in self.made}
        for zero in ZEROS:
            hit = zero.words.search(self.text)
            if hit is None:
                continue
            year = _year_of(self.text[: hit.start()])
            for code in zero.about:
                if (code, year) not in said:
                    said.add((code, year))
                    self.last = code
                    self._add(
                        Claim(
                            code, 0, "value", "", self.section, self.place, hit[0][:24], year=year
                        )
                    )

    def _add(self, claim: Claim) -> None:
        self.made.append(replace(claim, sentence=mask(self.text)))


def _kind(lead: str, unit: str) -> ClaimKind:
    if CHANGE.search(lead[-6:]) and COMPARED.search(lead):
        return "change"
    return "percentage" if unit in ("%", "个百分点") else "value"


def _scaled(value: Decimal, unit: str, kind: ClaimKind, lead: str) -> int | Decimal:
    """Return the number in its plain unit: yuan for money, a change with its sign."""
    value *= {"万元": 10_000, "亿元": 100_000_000}.get(unit, 1)
    change = CHANGE.search(lead[-6:]) if kind == "change" else None
    if change and change["less"]:
        value = -value
    value = Decimal(plain(value))
    return (
        int(value)
        if value == value.to_integral_value() and unit not in ("元", "万元", "亿元", "%")
        else value
    )


def _year_of(before: str) -> int | None:
    """Return the year named last before a number, ``_LAST_YEAR`` where it is called last year."""
    marks = list(_YEAR.finditer(before))
    if not marks or marks[-1]["own"]:
        return None
    return int(marks[-1]["named"] or _LAST_YEAR)


def facts_of(
    claims: Iterable[Claim], year: int | None
) -> tuple[dict[str, int | Decimal], list[Problem]]:
    """Return the facts that the prose states for the report's year, each with one value only.

    Two values for one fact give none, and a problem. A named year just before the report's, with
    no statement for the report's own, is taken for the slip that it mostly is, and told.
    """
    facts: dict[str, int | Decimal] = {}
    problems: list[Problem] = []
    stated = [c for c in claims if c.stated and c.about in FACTS and c.value is not None]
    for code, fact in FACTS.items():
        mine = [c for c in stated if c.about == code]
        own = [c for c in mine if c.year in (None, year) or year is None]
        if not own and mine and all(year is not None and _names(c, year - 1) for c in mine):
            problems.append(
                Problem(
                    f"{fact.label}写的是{mine[0].year}年，不是报告年度：{mine[0].sentence}",
                    mine[0].place,
                )
            )
            own = mine
        values = {c.value for c in own if c.part_of is None} or {c.value for c in own}
        if len(values) == 1:
            value = values.pop()
            if value is not None and (fact.type == "decimal" or value == int(value)):
                facts[code] = Decimal(value) if fact.type == "decimal" else int(value)
        elif len(values) > 1:
            said = "；".join(dict.fromkeys(f"{c.value}（{c.sentence[:40]}）" for c in own))
            problems.append(Problem(f"正文中{fact.label}有不同的数：{said}", own[0].place))
    if "disclosed_items" not in facts and not any(c.about == "disclosed_items" for c in stated):
        _only_channel(stated, year, facts)
    return facts, problems


def _names(claim: Claim, year: int) -> bool:
    """Say whether a claim is of a year, and its sentence prints that year in figures."""
    return claim.year == year and f"{year}年" in claim.sentence


def _only_channel(
    stated: Sequence[Claim], year: int | None, facts: dict[str, int | Decimal]
) -> None:
    """Take what one channel published as «information» for all, where no other total is stated."""
    said = {
        c.value
        for c in stated
        if c.about in ("portal_items", "wechat_items", "weibo_items")
        and c.part_of is None
        and c.year in (None, year)
        and (
            "信息" in c.label
            or re.search(rf"{re.escape(str(c.value))}条[^,。;]{{0,6}}信息", c.sentence)
        )
    }
    if len(said) == 1:
        value = said.pop()
        if isinstance(value, int):
            facts["disclosed_items"] = value
