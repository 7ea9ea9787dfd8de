"""Sketches to SVG: what this package's own charts are made of, drawn without a drawing engine.

The one place where code of ours takes the place of a library for speed: a batch draws a few charts a
report, a sketch knows the place of every mark already, and writing them down takes a hundredth of the
engine's time. Every other chart goes through the engine, and tests hold this to the engine's own bytes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape

from reportkit.blocks.ink import LINE, WIDTH
from reportkit.blocks.sketch import Box, Dash, Dot, Sketch, SketchLine, SketchText

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


def draw_sketch(sketch: Sketch, inks: Mapping[str, str]) -> str | None:
    """Return a sketch as SVG for a page; ``inks`` names the class of each colour.

    The paper grows by whole pixels where a mark reaches beyond it. ``None`` where nothing is drawn, or where
    a text ends so close to a whole pixel that the engine's own rounding decides how far the paper grows.
    """
    pen = _Pen(sketch.height, inks)
    drawn = [
        *map(pen.box, sketch.boxes),
        *map(pen.line, sketch.lines),
        *map(pen.dash, sketch.dashes),
        *map(pen.dot, sketch.dots),
        *map(pen.word, sketch.words),
        *map(pen.label, sketch.labels),
    ]
    if pen.doubtful or not any(drawn):
        return None
    wide = _plain(WIDTH + pen.left + pen.right)
    high = _plain(sketch.height + pen.top + pen.bottom)
    moved = f' transform="translate({pen.left},{pen.top})"' if pen.left or pen.top else ""
    return (
        f'<svg width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" aria-hidden="true">'
        f'<g stroke-miterlimit="10"{moved}>{"".join(drawn)}</g></svg>'
    )


class _Pen:
    """Writes marks down, and keeps how far they reach beyond the paper on each side, in whole pixels."""

    def __init__(self, height: float, inks: Mapping[str, str]) -> None:
        self._height, self._inks = height, inks
        self.left = self.top = self.right = self.bottom = 0
        self.doubtful = False

    def box(self, mark: Box) -> str:
        x, x2, y, y2, ink = mark
        self._reach(x, x2, y, y2)
        across = _plain(x2 - x)
        shape = f"M{_plain(x)},{_plain(y)}h{across}v{_plain(y2 - y)}h{_plain(x - x2)}Z"
        return f'<path d="{shape}" class="f-{self._inks[ink]}" />'

    def line(self, mark: SketchLine) -> str:
        x, x2, y = mark
        self._reach(x - _STROKE, x2 + _STROKE, y - _STROKE, y + _STROKE)
        return f'<line{_moved(x, y)} x2="{_plain(x2 - x)}" y2="0" class="s-{self._inks[LINE]}" />'

    def dash(self, mark: Dash) -> str:
        x, y, y2, ink = mark
        self._reach(x - _STROKE, x + _STROKE, y - _STROKE, y2 + _STROKE)
        return (
            f'<line{_moved(x, y)} x2="0" y2="{_plain(y2 - y)}" stroke-dasharray="4,3" '
            f'class="s-{self._inks[ink]}" />'
        )

    def dot(self, mark: Dot) -> str:
        x, y, ink = mark
        self._reach(x - _RADIUS, x + _RADIUS, y - _RADIUS, y + _RADIUS)
        return f'<path{_moved(x, y)} d="{_DOT}" stroke-width="2" class="f-{self._inks[ink]}" />'

    def word(self, mark: SketchText) -> str:
        half = text_width(mark.text.strip()) / 2
        return self._text(mark, half, half, ' text-anchor="middle"')

    def label(self, mark: SketchText) -> str:
        return self._text(mark, 0.0, text_width(mark.text.strip()))

    def _text(self, mark: SketchText, before: float, after: float, anchor: str = "") -> str:
        """Write a text that reaches ``before`` and ``after`` its place.

        The engine reckons a text's width in single precision: near a whole pixel that decides.
        """
        x, y, text, ink = mark
        for beyond in (before - x if before else -1, x + after - WIDTH):
            if beyond > -_DOUBT and abs(beyond - round(beyond)) < _DOUBT:
                self.doubtful = True
        self._reach(x - before, x + after, y - _ASCENT, y - _ASCENT + FONT_SIZE)
        if not text.strip():
            return ""
        return (
            f'<text{anchor}{_moved(x, y)} font-size="{FONT_SIZE}px" '
            f'class="f-{self._inks[ink]}">{escape(text.strip())}</text>'
        )

    def _reach(self, x: float, x2: float, y: float, y2: float) -> None:
        self.left = max(self.left, math.ceil(-x))
        self.top = max(self.top, math.ceil(-y))
        self.right = max(self.right, math.ceil(x2 - WIDTH))
        self.bottom = max(self.bottom, math.ceil(y2 - self._height))


def _moved(x: float, y: float) -> str:
    return f' transform="translate({_plain(x)},{_plain(y)})"' if x or y else ""


def _plain(value: float) -> str:
    """Return a place to a tenth of a pixel, without zeros behind it."""
    return f"{round(value, 1) + 0:g}"
