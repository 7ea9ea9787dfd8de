"""Respectively: 网站、微信公众号分别发布584条、267条, where the first number is the first one's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportkit.prose.channels import FACT_OF, ChannelKind, channels_in
from reportkit.prose.numerals import ARABIC, CHINESE

_NUMBER = rf"(?:共|约)?(?:{ARABIC}|{CHINESE})(?:条|件|次|篇|起|宗|份|例|个|项|场次|场|期)"
_LIST = re.compile(rf"分别[^,;。\d]{{0,16}}?(?P<numbers>{_NUMBER}(?:[、,和及]+{_NUMBER})+)")
_TOPIC = re.compile(
    r"(?P<reconsiderations>行政复议|复议)|(?P<litigations>行政诉讼|诉讼)|(?P<npc_proposals>人大)|(?P<cppcc_proposals>政协)|"
    r"(?P<applications_received>信息公开申请|依申请公开)|(?P<open_days>开放日)|(?P<trainings>培训)"
)


def respective(text: str) -> Mapping[int, str | None]:
    """Return for the numbers of such lists, by where each starts, the fact that it is of.

    ``None``: a channel without a fact. A list whose names are not as many as its numbers gives
    ``None`` for each: whose they are is undetermined.

    >>> respective("政府网站、公示栏分别公开信息584条、267条")
    {15: 'portal_items', 20: None}
    """
    found: dict[int, str | None] = {}
    for match in _LIST.finditer(text):
        numbers = list(re.finditer(_NUMBER, match["numbers"]))
        before = text[: match.start()]
        start = max(before.rfind(mark) for mark in ";。") + 1
        before = re.split(r"\d(?:[条件次篇起])", before[start:])[-1]
        channels: list[str | None] = [_fact(kind) for kind, _, _ in channels_in(before)]
        topics: list[str | None] = [m.lastgroup for m in _TOPIC.finditer(before)]
        names = next((each for each in (channels, topics) if len(each) == len(numbers)), None)
        for place, number in enumerate(numbers):
            at = match.start("numbers") + number.start()
            found[at + len(re.match("(?:共|约)?", number[0])[0])] = names[place] if names else None  # type: ignore[index]
    return found


def _fact(kind: ChannelKind) -> str | None:
    return FACT_OF.get(kind)
