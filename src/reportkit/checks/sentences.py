"""A report's prose as sentences, each with its section."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from reportkit.finding import Place
from reportkit.masking import mask
from reportkit.report import TownReport

_SPLIT = re.compile(r"(?<=[。！？；!?;])(?![”’」』）》])|(?<=[。！？][”’」』）])|\n+")
_SHOWN = 120
"""The longest piece of a sentence that a finding shows."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a report's prose."""

    section: str
    text: str

    def place(self) -> Place:
        """Return where it stands, masked for showing."""
        return Place(section=self.section, sentence=quoted(self.text))


@lru_cache(maxsize=512)
def split(text: str) -> tuple[str, ...]:
    """Split prose into sentences; a closing mark stays with the sentence that it ends.

    >>> split("收到2件。办结“2件。”无。")
    ('收到2件。', '办结“2件。”', '无。')
    """
    return tuple(piece for raw in _SPLIT.split(text) if (piece := raw.strip()))


def sentences(report: TownReport) -> Iterator[Sentence]:
    """Yield every sentence of a report, section by section."""
    for section, text in report.sections.items():
        for piece in split(text):
            yield Sentence(section, piece)


def located(
    section: str, text: str, faults: Iterable[int]
) -> Iterator[tuple[Sentence, int, list[int]]]:
    """Yield each sentence of a section that holds some of the places: it, its start, those places."""
    waiting = sorted(faults)
    start = 0
    for piece in split(text) if waiting else ():
        begin = text.index(piece, start)
        start = begin + len(piece)
        if here := waiting[bisect_left(waiting, begin) : bisect_left(waiting, start)]:
            yield Sentence(section, piece), begin, here


def quoted(text: str, around: int | None = None) -> str:
    """Return a sentence as a finding shows it: masked, on one line, cut where it is long.

    With ``around`` the piece about that position is shown.
    """
    start = 0
    if around is not None and len(text) > _SHOWN:
        start = max(0, min(around - _SHOWN // 2, len(text) - _SHOWN))
    masked = mask(text)
    if masked != text:
        start = 0  # places have moved
    piece = " ".join(masked[start : start + _SHOWN].split())
    before = "…" if start else ""
    after = "…" if len(masked) > start + _SHOWN else ""
    return f"{before}{piece}{after}"
