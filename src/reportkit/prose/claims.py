"""Claims: the numbers that the prose states, every mention with its sentence.

What a number is about is decided by the words around it (claim_rules.py). A number that no rule
knows is a claim too, about nothing: parts that do not add up to their whole are found with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from reportkit.prose.claim import Claim
from reportkit.prose.content import TextParagraph, TextPlace
from reportkit.prose.fold import fold
from reportkit.prose.sentence import LAST_YEAR, SUMMED, PartGroup, SentenceClaims

_SENTENCE = re.compile(r"[^。;!?\n]+[。;!?]?|\n")


def claims_of(
    sections: Mapping[str, str | Sequence[TextParagraph]] | str, year: int | None = None
) -> tuple[Claim, ...]:
    """Return every claim of a report's sections, or of one text, in order.

    ``year`` is the report's; a claim whose sentence names that very year carries no year of its own.
    """
    texts = {"": sections} if isinstance(sections, str) else sections
    found: list[Claim] = []
    for section, text in texts.items():
        paragraphs = (
            [TextParagraph(line, TextPlace()) for line in text.splitlines()]
            if isinstance(text, str)
            else text
        )
        heading = ""
        for paragraph in paragraphs:
            plain_text = _flat(paragraph.text)
            base = len(found)
            found += [
                replace(
                    claim,
                    section=section,
                    place=paragraph.place,
                    part_of=None if claim.part_of is None else claim.part_of + base,
                )
                for claim in _paragraph(plain_text, heading)
            ]
            if _HEADING.fullmatch(plain_text):
                heading = plain_text if _DISPUTED.search(plain_text) else ""
    return tuple(_dated(claim, year) for claim in found)


_HEADING = re.compile(r"[^。;!?,\d]{2,24}")
_DISPUTED = re.compile("申请|复议|诉讼")
"""A heading that the text below it may leave out: 依申请公开 above 未收到申请."""


def _flat(text: str) -> str:
    """Return a paragraph in the one spelling that rules know, without spaces."""
    flat = re.sub(r"(?<![A-Za-z])\s+(?![A-Za-z])|\s+", "", fold(text))
    if "条." in flat:  # English full stops
        flat = re.sub(r"(?<=[^\d])\.(?=\D|$)|(?<=\d)\.(?=\D|$)", "。", flat)
    return flat


def _dated(claim: Claim, year: int | None) -> Claim:
    """Reckon a claim's year from the report's; last year of an unknown one is no year at all."""
    if claim.year == year:
        return replace(claim, year=None)
    if claim.year != LAST_YEAR:
        return claim
    return replace(claim, year=year - 1) if year else replace(claim, year=None, about=None)


@lru_cache(maxsize=1 << 11)
def _paragraph(text: str, heading: str) -> tuple[Claim, ...]:
    """Return a paragraph's claims, without their place, wholes counted from its own first one."""
    found: list[Claim] = []
    topic = heading
    whole: int | None = None
    open_group: PartGroup | None = None
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        if not sentence:
            continue
        start = len(found)
        group = None
        if sentence.startswith("其中") and whole is not None:
            group = PartGroup(whole, found[whole].value)
        elif open_group is not None:
            group = open_group
        walk = SentenceClaims(sentence, topic, "", TextPlace(), start, [group] if group else [])
        made = walk.claims()
        found += made
        counted = [
            start + i
            for i, c in enumerate(made)
            if c.kind == "value" and c.part_of is None and c.unit in SUMMED
        ]
        if counted:
            whole = counted[-1]
        elif any(c.kind == "value" for c in made) and group is None:
            whole = (
                None  # another thing has been counted; a share in between (全文公开率100%) is none
            )
        open_group = walk.groups[0] if sentence.endswith(";") and walk.groups else None
        topic = (topic + sentence)[-60:] if len(sentence) < 60 else sentence[-60:]
    return tuple(found)
