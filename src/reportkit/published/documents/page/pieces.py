"""Pieces: numbers that a narrow column without rules broke over two lines, put together again.

Where the pieces stand above and below the line of their row's label, they are one number. Where one
stands beside the label and the other alone below or above it, it may be another row's: the number is
marked as broken, and is no figure until something proves it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportkit.published.documents.page.glyphs import Glyph
from reportkit.published.documents.page.lines import PageLine, Word, line_of
from reportkit.published.tables.values import BROKEN, is_value

ALIGNED = 1.5
"""So many points may the begins, middles or ends of two pieces of a number lie apart."""
CLOSE = 0.5
"""Two lines of one cell are no further apart than so much of a line's height."""
LIKE = 0.25
"""Distances that differ by so much of a line's height are alike: a piece may be either row's."""
_PIECE = re.compile(r"[\d.,]+")


def put_together(lines: Sequence[PageLine]) -> list[PageLine]:
    """Return a page's lines with the pieces of each number in one word."""
    found = list(lines)
    n = 1
    while n + 1 < len(found):
        whole = _around(*found[n - 1 : n + 2])
        if whole is not None:
            found[n - 1 : n + 2] = [whole]
        n += whole is None
    gone: set[int] = set()
    for n, line in enumerate(found):
        if n in gone or not _pieces(line):
            continue
        above = _beside(found[n - 1], line, line) if n and n - 1 not in gone else None
        below = _beside(line, found[n + 1], line) if n + 1 < len(found) else None
        if above and below:
            nearer = (line.top - found[n - 1].bottom) - (found[n + 1].top - line.bottom)
            if abs(nearer) > LIKE * line.height:
                above, below = (None, below) if nearer > 0 else (above, None)
        if above:
            found[n - 1] = above
        if below:
            found[n + 1] = below
        if above or below:
            gone.add(n)
    return [line for n, line in enumerate(found) if n not in gone]


def _around(upper: PageLine, middle: PageLine, lower: PageLine) -> PageLine | None:
    """Return three lines as one where the outer two are pieces and the inner one has their label."""
    if not (_pieces(upper) and _pieces(lower) and _close(upper, lower)):
        return None
    if len(upper.words) != len(lower.words) or not _is_row(middle, upper):
        return None
    pairs = list(zip(upper.words, lower.words, strict=True))
    if not all(_aligned(one, two) and is_value(one.text + two.text) for one, two in pairs):
        return None
    if any(_aligned(one, word) for one in upper.words for word in middle.words):
        return None
    made = [_word(one.glyphs + two.glyphs) for one, two in pairs]
    return line_of(sorted([*middle.words, *made], key=lambda word: word.left))


def _beside(one: PageLine, two: PageLine, few: PageLine) -> PageLine | None:
    """Return two lines as one, its broken numbers marked, where ``few`` holds nothing but pieces."""
    row = two if few is one else one
    if not _close(one, two) or not _is_row(row, few):
        return None
    made = list(row.words)
    for piece in few.words:
        at = next((n for n, word in enumerate(made) if _aligned(piece, word)), None)
        if at is None:
            return None
        other = made[at]
        if BROKEN in other.text:
            continue
        first, second = (piece, other) if few is one else (other, piece)
        if not is_value(first.text + second.text):
            return None
        last = first.glyphs[-1]
        mark = Glyph(BROKEN, last.right, last.right, last.top, last.bottom)
        made[at] = _word([*first.glyphs, mark, *second.glyphs])
    return line_of(made)


def _is_row(line: PageLine, pieces: PageLine) -> bool:
    """Say whether a line holds a row: its label, or more figures than there are pieces."""
    return not _pieces(line) or len(line.words) > len(pieces.words)


def _pieces(line: PageLine) -> bool:
    return all(_PIECE.fullmatch(word.text) for word in line.words)


def _close(one: PageLine, two: PageLine) -> bool:
    return two.top - one.bottom < CLOSE * min(one.height, two.height)


def _aligned(one: Word, two: Word) -> bool:
    sides = (
        one.left - two.left,
        one.right - two.right,
        (one.left + one.right - two.left - two.right) / 2,
    )
    return any(abs(apart) <= ALIGNED for apart in sides)


def _word(glyphs: list[Glyph]) -> Word:
    return Word(
        "".join(g.text for g in glyphs),
        min(g.left for g in glyphs),
        max(g.right for g in glyphs),
        glyphs,
    )
