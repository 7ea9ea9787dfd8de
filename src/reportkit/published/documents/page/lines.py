"""Lines: glyphs to words, words to lines, lines to paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportkit.published.documents.page.glyphs import Glyph

APART = 1.2
"""Points between two words: the numbers of a table without borders nearly touch."""
PROSE = 10
"""A line of so many Chinese characters, no gap among the last of them, is prose and no row."""
_HAN = re.compile(r"[\u2e80-\u9fff]")
_TWICE = 1.0
"""Bold type is faked by drawing each character twice, a fraction of a point apart: 12 as 1122."""


@dataclass(slots=True)
class Word:
    """Glyphs of a line with nothing between them."""

    text: str
    left: float
    right: float
    glyphs: list[Glyph]


@dataclass(slots=True)
class PageLine:
    """A line of a page, or several that are one paragraph."""

    top: float
    bottom: float
    words: list[Word]
    text: str
    left: float
    right: float

    @property
    def height(self) -> float:
        """How high the line is, in points."""
        return self.bottom - self.top


def page_lines(glyphs: Iterable[Glyph]) -> list[PageLine]:
    """Return glyphs as lines from top to bottom.

    Glyphs of one line differ in height where fonts do: those that overlap by half are one line.
    """
    found: list[list[Glyph]] = []
    top = bottom = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.top + g.bottom, g.left)):
        shared = min(bottom, glyph.bottom) - max(top, glyph.top)
        least = min(bottom - top, glyph.bottom - glyph.top)
        if found and shared >= 0.6 * least:
            found[-1].append(glyph)
            top, bottom = min(top, glyph.top), max(bottom, glyph.bottom)
        else:
            found.append([glyph])
            top, bottom = glyph.top, glyph.bottom
    return [line for each in found if (line := _line(each)) is not None]


def _line(glyphs: list[Glyph]) -> PageLine | None:
    glyphs.sort(key=lambda g: g.left)
    words = list(_words(glyphs))
    return line_of(words) if words else None


def line_of(words: list[Word]) -> PageLine:
    """Return words, from left to right, as one line."""
    inked = [g for word in words for g in word.glyphs]
    top, bottom = min(g.top for g in inked), max(g.bottom for g in inked)
    text = words[0].text
    for before, word in pairwise(words):
        wide = word.left - before.right > 0.33 * (bottom - top)
        wide = wide or (before.text[-1].isdigit() and word.text[0].isdigit())
        text += (" " if wide else "") + word.text
    return PageLine(top, bottom, words, text, words[0].left, words[-1].right)


def _words(glyphs: Sequence[Glyph]) -> Iterator[Word]:
    word: Word | None = None
    last: Glyph | None = None
    for glyph in glyphs:
        if last is not None and glyph.text == last.text and _twice(last, glyph):
            continue
        last = glyph
        if glyph.text.isspace():
            if word is not None:
                yield word
            word = None
        elif word is not None and glyph.left - word.right <= APART:
            word.text += glyph.text
            word.glyphs.append(glyph)
            word.right = max(word.right, glyph.right)
        else:
            if word is not None:
                yield word
            word = Word(glyph.text, glyph.left, glyph.right, [glyph])
    if word is not None:
        yield word


def _twice(one: Glyph, two: Glyph) -> bool:
    return abs(one.left - two.left) < _TWICE and abs(one.top - two.top) < _TWICE


def paragraphs(lines: Sequence[PageLine]) -> list[PageLine]:
    """Join lines of prose that run to the right margin with the lines that go on at the left one."""
    left = min((line.left for line in lines), default=0.0)
    right = max((line.right for line in lines), default=0.0)
    found: list[PageLine] = []
    for line in lines:
        last = found[-1] if found else None
        if (
            last is not None
            and last.right > right - 1.5 * last.height
            and line.left < left + line.height
            and line.top - last.bottom < 1.5 * line.height
            and len(_HAN.findall(last.text)) >= PROSE
            and " " not in last.text[-PROSE:]
        ):
            last.text += line.text
            last.words = line.words
            last.bottom, last.right = line.bottom, line.right
        else:
            found.append(line)
    return found
