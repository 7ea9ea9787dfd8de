"""Sketches to SVG: what this package's own charts are made of, drawn without a drawing engine.

The one place where code of ours takes the place of a library for speed: a batch draws a few charts a
report, a sketch knows the place of every mark already, and writing them down takes a hundredth of the
engine's time. Every other chart goes through the engine, and tests hold this to the engine's own bytes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final
from xml.sax.saxutils import escape

FONT_SIZE: Final = 12
"""Pixels, of every text of a sketch."""
WIDTHS: Final = MappingProxyType(
    {"narrow": 280, "digit": 556, "small": 540, "capital": 670, "full": 1000}
)
"""Thousandths of the font size that a character of each class takes in the font charts are measured with."""

_SPACES = re.compile(" +")
_DOUBT: Final = 1e-3
"""Pixels: nearer to a whole one than this, rounding decides."""
_STROKE: Final = 1
"""How far the engine counts a line as reaching on each side of it."""
_ASCENT: Final = 10
"""Pixels from a text's line up to its top, as the engine counts: four fifths of the size, rounded."""
_RADIUS: Final = 4
"""Pixels, of a dot."""
_DOT: Final = "M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0"


def width_class(char: str) -> str:
    """Return the class of widths that a character belongs to, a key of :data:`WIDTHS`."""
    if unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—·":
        return "full"
    if char.isascii() and char.isdigit():
        return "digit"
    if char in " .,:;!|'`ijl()[]{}-/\\":
        return "narrow"
    return "capital" if char.isupper() else "small"


@lru_cache(maxsize=4096)
def text_width(text: str) -> float:
    """Return a text's width in pixels; spaces that follow one another count as one, as in SVG.

    >>> text_width("2021年")
    38.688
    """
    return sum(WIDTHS[width_class(char)] for char in _SPACES.sub(" ", text)) * FONT_SIZE / 1000


def draw_sketch(
    width: float,
    height: float,
    marks: Mapping[str, Sequence[Mapping[str, Any]]],
    inks: Mapping[str, str],
) -> str | None:
    """Return a sketch as SVG for a page: ``marks`` by kind, in the order of their layers.

    ``inks`` names the class of each colour; ``width`` and ``height`` are those of the paper, which grows by
    whole pixels where a mark reaches beyond it. ``None`` where nothing is drawn, or where a text ends so close
    to a whole pixel that the engine's own rounding decides how far the paper grows. Raises :class:`KeyError` for a colour without
    a class or a kind of mark that sketches do not have.
    """
    paper = _Paper(width, height)
    drawn = [
        _MARKS[kind](mark, paper, inks) for kind, kind_marks in marks.items() for mark in kind_marks
    ]
    if paper.doubtful or not any(drawn):
        return None
    left, top = paper.left, paper.top
    wide, high = _plain(width + left + paper.right), _plain(height + top + paper.bottom)
    moved = f' transform="translate({left},{top})"' if left or top else ""
    return (
        f'<svg width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" aria-hidden="true">'
        f'<g stroke-miterlimit="10"{moved}>{"".join(drawn)}</g></svg>'
    )


class _Paper:
    """How far marks reach beyond the paper on each side, in whole pixels."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self.left = self.top = self.right = self.bottom = 0
        self.doubtful = False

    def reach_text(self, x: float, before: float, after: float, y: float) -> None:
        """Count a text that reaches ``before`` and ``after`` its place.

        The engine reckons with widths of less than double precision: near a whole pixel that decides.
        """
        x2 = x + after
        x -= before
        for beyond in (-x if before else -1, x2 - self._width):
            if beyond > -_DOUBT and abs(beyond - round(beyond)) < _DOUBT:
                self.doubtful = True
        self.reach(x, x2, y - _ASCENT, y - _ASCENT + FONT_SIZE)

    def reach(self, x: float, x2: float, y: float, y2: float) -> None:
        """Count a mark that covers a rectangle."""
        self.left = max(self.left, math.ceil(-x))
        self.top = max(self.top, math.ceil(-y))
        self.right = max(self.right, math.ceil(x2 - self._width))
        self.bottom = max(self.bottom, math.ceil(y2 - self._height))


def _box(mark: Mapping[str, Any], paper: _Paper, inks: Mapping[str, str]) -> str:
    x, x2, y, y2 = mark["x"], mark["x2"], mark["y"], mark["y2"]
    paper.reach(x, x2, y, y2)
    across = _plain(x2 - x)
    shape = f"M{_plain(x)},{_plain(y)}h{across}v{_plain(y2 - y)}h{_plain(x - x2)}Z"
    return f'<path d="{shape}" class="f-{inks[mark["ink"]]}" />'


def _line(mark: Mapping[str, Any], paper: _Paper, inks: Mapping[str, str]) -> str:
    x, x2, y = mark["x"], mark["x2"], mark["y"]
    paper.reach(x - _STROKE, x2 + _STROKE, y - _STROKE, y + _STROKE)
    return f'<line{_moved(x, y)} x2="{_plain(x2 - x)}" y2="0" class="s-{inks[LINE]}" />'


def _dash(mark: Mapping[str, Any], paper: _Paper, inks: Mapping[str, str]) -> str:
    x, y, y2 = mark["x"], mark["y"], mark["y2"]
    paper.reach(x - _STROKE, x + _STROKE, y - _STROKE, y2 + _STROKE)
    return (
        f'<line{_moved(x, y)} x2="0" y2="{_plain(y2 - y)}" stroke-dasharray="4,3" '
        f'class="s-{inks[mark["ink"]]}" />'
    )


def _dot(mark: Mapping[str, Any], paper: _Paper, inks: Mapping[str, str]) -> str:
    x, y = mark["x"], mark["y"]
    paper.reach(x - _RADIUS, x + _RADIUS, y - _RADIUS, y + _RADIUS)
    return f'<path{_moved(x, y)} d="{_DOT}" stroke-width="2" class="f-{inks[mark["ink"]]}" />'


def _word(mark: Mapping[str, Any], paper: _Paper, inks: Mapping[str, str]) -> str:
    half = text_width(mark["text"].strip()) / 2
    return _text(mark, paper, inks, (half, half))


def _label(mark: Mapping[str, Any], paper: _Paper, inks: Mapping[str, str]) -> str:
    return _text(mark, paper, inks, (0.0, text_width(mark["text"].strip())))


def _text(
    mark: Mapping[str, Any],
    paper: _Paper,
    inks: Mapping[str, str],
    reach: tuple[float, float],
) -> str:
    x, y, text = mark["x"], mark["y"], mark["text"].strip()
    paper.reach_text(x, *reach, y)
    if not text:
        return ""
    anchor = ' text-anchor="middle"' if reach[0] else ""
    return (
        f'<text{anchor}{_moved(x, y)} font-size="{FONT_SIZE}px" '
        f'class="f-{inks[mark["ink"]]}">{escape(text)}</text>'
    )


def _moved(x: float, y: float) -> str:
    return f' transform="translate({_plain(x)},{_plain(y)})"' if x or y else ""


def _plain(value: float) -> str:
    """Return a place to a tenth of a pixel, without zeros behind it."""
    return f"{round(value, 1) + 0:g}"


LINE: Final = "#c9cdd2"
"""The colour of every level line: those of a sketch do not name one."""

_MARKS: Final[Mapping[str, Callable[[Mapping[str, Any], _Paper, Mapping[str, str]], str]]] = (
    MappingProxyType(
        {
            "boxes": _box,
            "lines": _line,
            "dashes": _dash,
            "dots": _dot,
            "words": _word,
            "labels": _label,
        }
    )
)
