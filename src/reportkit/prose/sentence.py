"""One sentence of prose on its way to claims: its numbers, what each is about, and of which whole it is a part."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from reportkit.form import plain
from reportkit.masking import mask
from reportkit.prose.channels import channel_fact, is_news, scope_of, strength_of
from reportkit.prose.claim import Claim, ClaimKind
from reportkit.prose.claim_rules import (
    ADDED,
    APPROXIMATE,
    CHANGE,
    COMPARED,
    RULES,
    SAME,
)
from reportkit.prose.content import TextPlace
from reportkit.prose.denials import denied_in
from reportkit.prose.numerals import ARABIC, CHINESE, parse_number
from reportkit.prose.respectively import respective

_UNITS = "人次|场次|件次|例次|余条|余件|万元|亿元|元|件|条|份|宗|起|例|个|次|项|篇|期|场|部|人|名|户|则|单|%|个百分点"
_MENTION = re.compile(
    rf"(?P<percent>百分之(?P<share>{CHINESE}|{ARABIC}))"
    rf"|(?P<number>(?:{ARABIC})(?:万|亿)?|{CHINESE})(?P<about>余|多)?(?P<unit>{_UNITS})"
)
_NOT_COUNTED = re.compile(r"第$|[A-Za-z]$|〔$|\[$|\d[-—/.]$")
_YEAR = re.compile(
    r"(?P<compared>(?:较|比|与|同|去|和)?)(?P<named>20\d\d)年(?!\d{1,2}月\d{1,2}日(?:起|至|到))"
    r"(?!度?(?:政府|政务)?信息公开(?:工作)?(?:年度|年)?报|度?(?:部门)?(?:财政)?(?:预算|决算|预决算)|度?(?:工作)?(?:要点|计划)|度?年报)"
    r"|(?P<own>今年|本年)"
    r"|(?:(?<=[,;。:(、])|^)(?P<last>上年|去年|上一年)(?!度?(?:结转|相比|持平|底|末|以来))"
    r"|(?:上年|去年|上一年)度?(?:同期)?(?:的|为|是|有|共|仅|只有|:)*$"
)
"""The year that a number is of: named, this year, or last year where that opens a clause or stands
right before the number (上年为16件). 比上年 before a change names none."""
LAST_YEAR = -1
"""Stands for last year until the report's year is known."""
SUMMED = frozenset(("条", "件", "篇", "项", "个", "份", "宗", "起", "期"))
_SPLIT = re.compile(r"其中|包括|包含|涵盖|具体为|具体是|分别|含|[:(]")
_SINCE_EVER = re.compile(
    r"以来|至今|迄今|历年|历史上?|自20\d\d年(?!1月1日)|开通[^,;。]{0,6}(?:后|起)|运行[^,;。]{0,4}(?:后|起)|上线[^,;。]{0,4}(?:后|起)"
)
"""A number behind these has been counted for years."""
_UP_TO = re.compile(r"(?:截至|截止)[^;。]*(?:累计|总计|共有|现有|已有)")
_THIS_YEAR = re.compile(
    r"今年|全年|本年|年内|(?:^|[,;。:])20\d\d年(?:度|,|我|本|[^底末\d])|自20\d\d年1月1日|新增"
)
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


@dataclass(slots=True)
class PartGroup:
    """A whole whose parts are being listed."""

    whole: int
    """The whole's position among all claims."""
    amount: int | Decimal | None
    depth: int = 0
    """How many brackets were open where it started."""
    sum: int | Decimal = 0

    def full(self) -> bool:
        """Say whether the parts make up the whole: what follows is none, or another way to split it."""
        return self.amount is not None and self.sum == self.amount != 0


@dataclass(slots=True)
class SentenceClaims:
    """One sentence on its way to claims."""

    text: str
    topic: str
    """The words before it in the paragraph."""
    section: str
    place: TextPlace
    base: int
    """How many claims there are before it."""
    groups: list[PartGroup]
    """The wholes whose parts are being listed, the innermost last."""
    made: list[Claim] = field(default_factory=list)
    last: str | None = None
    """What the last number was about."""
    depth: int = 0
    """How many brackets are open."""
    masked: str = ""
    """The sentence as it is shown; made once."""
    listed: Mapping[int, str | None] = field(default_factory=dict)
    """What the numbers behind a 分别 are about, by where each starts."""

    def claims(self) -> list[Claim]:
        """Return the sentence's claims: numbers first, then what is denied or unchanged."""
        end = 0
        if "分别" in self.text:
            self.listed = respective(self.text)
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
        self._group(lead)
        abouts = self._about(match, value, lead, unit) if kind == "value" else self._same()
        if match[0] in _ORDINARY and not abouts:
            return  # 一个, 三项: words rather than figures
        part_of = None
        amount = _scaled(value, unit, kind, lead)
        if kind == "value" and unit in SUMMED and self.groups and not self.groups[-1].full():
            part_of = self.groups[-1].whole
            self.groups[-1].sum += amount
        claim = Claim(
            None,
            amount,
            kind,
            "",
            self.section,
            self.place,
            label=lead[-24:],
            unit=unit,
            year=_year_of(self.text[: match.start()]),
            exact=not rough,
            part_of=part_of,
        )
        for about, strength in abouts or ((None, 3),):
            self._add(replace(claim, about=about, strength=strength))

    def _group(self, lead: str) -> None:
        """Open and close groups of parts by the words and brackets before a number."""
        opened = False
        for mark in lead:
            if mark == ")":
                self.depth = max(0, self.depth - 1)
                while self.groups and self.groups[-1].depth > self.depth:
                    self.groups.pop()
            elif mark == "(":
                self.depth += 1
                opened = True
        if lead.endswith(")") or not _SPLIT.search(lead[lead.rfind(")") + 1 :]):
            return
        if self.groups and self.groups[-1].full():
            self.groups[-1].sum = 0  # the same whole, split another way
            return
        whole = next(
            (i for i in reversed(range(len(self.made))) if self.made[i].kind == "value"), None
        )
        inner = opened and "(" in lead[lead.rfind(")") + 1 :]
        if whole is not None and (not self.groups or inner or "其中" in lead):
            depth = self.depth if inner else self.groups[-1].depth if self.groups else 0
            self.groups.append(PartGroup(self.base + whole, self.made[whole].value, depth))

    def _same(self) -> tuple[tuple[str, int], ...]:
        """Return what a change or share is about: what the number before was."""
        return ((self.last, 3),) if self.last else ()

    def _about(
        self, match: re.Match[str], value: Decimal, lead: str, unit: str
    ) -> tuple[tuple[str, int], ...]:
        """Say what a number is about, and how surely its words say so."""
        if match.start() in self.listed:
            listed = self.listed[match.start()]
            self.last = listed or self.last
            return ((listed, 3),) if listed else ()
        before = self.text[: match.start()]
        if ADDED.search(lead) or _counted_for_years(before):
            return ()  # how many more, of a year that the words do not name; or of all years
        after, context = self.text[match.end() :], self.topic + self.text
        rule = next((r for r in RULES if r.fits(lead, unit, after, context)), None)
        if rule is not None:
            if len(rule.about) > 1 and value:
                return ()
            self.last = rule.about[0]
            return tuple((about, 3) for about in rule.about)
        said = _disclosed(lead, after, unit)
        self.last = said[0][0] if said else self.last
        return said

    def _denied(self) -> None:
        """Add a zero for everything that the sentence says there was none of."""
        said = {(claim.about, claim.year) for claim in self.made if claim.kind == "value"}
        for denied in denied_in(self.text, self.topic):
            year = _year_of(self.text[: denied.at])
            if (denied.about, year) in said:
                continue
            said.add((denied.about, year))
            self.last = denied.about
            self._add(
                Claim(
                    denied.about,
                    0,
                    "value",
                    "",
                    self.section,
                    self.place,
                    denied.words[:24],
                    year=year,
                )
            )

    def _add(self, claim: Claim) -> None:
        self.masked = self.masked or mask(self.text)
        self.made.append(replace(claim, sentence=self.masked))


def _disclosed(lead: str, after: str, unit: str) -> tuple[tuple[str, int], ...]:
    """Say what a number of published items is about: a channel's, and the whole where it is that."""
    scope = scope_of(lead)
    strength = strength_of(lead, after, unit)
    fact = channel_fact(scope, unit)
    whole: tuple[tuple[str, int], ...] = ()
    if not scope.kinds:
        whole = (("disclosed_items", strength),) if strength else ()
    elif not scope.direct:
        if strength == 3:
            return (("disclosed_items", 3),)
    elif scope.only is None:
        if strength and scope.kinds & {"portal", "platform"}:
            whole = (("disclosed_items", 2 if strength == 3 else 0),)
    elif strength and scope.only == "portal":
        whole = (("disclosed_items", 0 if fact or is_news(lead) else -1),)
    elif strength and scope.only in ("platform", "other"):
        whole = (("disclosed_items", 0 if strength == 3 and scope.only == "platform" else -1),)
    return (*whole, (fact, 3)) if fact else whole


def _counted_for_years(before: str) -> bool:
    """Say whether the words before a number count since ever, and not this year."""
    if _SINCE_EVER.search(before.rpartition("。")[2]):
        return True
    up_to = _UP_TO.search(before)
    return up_to is not None and not _THIS_YEAR.search(before)


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
    """Return the year named last before a number, ``LAST_YEAR`` where it is called last year.

    A year that something is compared with (较2022年) is that of the next number only.
    """
    marks = [
        mark
        for mark in _YEAR.finditer(before)
        if not (mark["compared"] and re.search("[,;:]", before[mark.end() :]))
    ]
    if not marks or marks[-1]["own"]:
        return None
    return int(marks[-1]["named"] or LAST_YEAR)
