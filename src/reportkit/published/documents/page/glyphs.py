"""Glyphs and edges: what pdfium draws on a page, in points from the page's upper left corner."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from reportkit.published.tables.values import OUTSIDE

DEEPEST = 5
"""So many forms within one another are drawn; more of them are an attack."""
MOST_SEGMENTS = 4000
"""A path of more segments is a drawing, and no rule of a table."""
_HYPHEN = 2
"""What pdfium gives for a hyphen at a line's end."""


class Glyph(NamedTuple):
    """A character and the box that its font gives it, blank sides included."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


class Edge(NamedTuple):
    """A horizontal or vertical stretch of a path."""

    upright: bool
    at: float
    """x of an upright edge, y of a level one."""
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page shows."""

    glyphs: list[Glyph]
    edges: list[Edge]
    height: float
    beyond: bool = False
    """Figures, or a table's rules, stand outside the page, where nobody sees them."""


_Turn = Callable[[float, float], tuple[float, float]]


def drawn_on(page: pdfium.PdfPage) -> Drawn:
    """Return a page's glyphs and edges, turned as the page is shown."""
    left, bottom, right, top = page.get_bbox()
    quarter = page.get_rotation() // 90
    turn: _Turn = (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[quarter]
    wide, high = right - left, top - bottom
    width, height = (high, wide) if quarter % 2 else (wide, high)
    text = page.get_textpage()
    try:
        return on_page(_glyphs(text.raw, turn), list(_edges(page.raw, turn)), width, height)
    finally:
        text.close()


def on_page(glyphs: Iterable[Glyph], edges: list[Edge], width: float, height: float) -> Drawn:
    """Return what a page of a size shows; figures outside it are marked."""
    seen = [_seen(glyph, width, height) for glyph in glyphs]
    beyond = any(glyph.text == OUTSIDE for glyph in seen) or _ruled_beyond(edges, width)
    return Drawn(seen, edges, height, beyond)


def _seen(glyph: Glyph, width: float, height: float) -> Glyph:
    """Return a glyph, a figure outside the page as the mark that stands for one nobody sees."""
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    inside = 0 <= x <= width and 0 <= y <= height
    return glyph if inside or glyph.text not in _FIGURES else glyph._replace(text=OUTSIDE)


_FIGURES = frozenset("0123456789０１２３４５６７８９.,，-－—/／")
FEWEST_RULES = 4
"""So many lines of a table end together; fewer may be a background that is cut off."""


def _ruled_beyond(edges: Sequence[Edge], width: float) -> bool:
    """Say whether a table's rules begin on the page and end together to the right of it."""
    ends = [e.end for e in edges if not e.upright and 0 < e.start < width < e.end - 1]
    return any(sum(abs(one - end) < 1 for one in ends) >= FEWEST_RULES for end in set(ends))


def _glyphs(text: Any, turn: _Turn) -> Iterator[Glyph]:
    box = pdf.FS_RECTF()
    address = ctypes.byref(box)
    high = 0
    for i in range(pdf.FPDFText_CountChars(text)):
        code = pdf.FPDFText_GetUnicode(text, i)
        if pdf.FPDFText_IsGenerated(text, i) == 1 or not code:
            continue
        first, high = high, 0
        if 0xD800 <= code < 0xDC00:  # the first half of a rare character
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            if not first:
                continue  # half a character is none
            code = 0x10000 + ((first - 0xD800) << 10) + (code - 0xDC00)
        if code > 0x10FFFF or not pdf.FPDFText_GetLooseCharBox(text, i, address):
            continue
        x0, y0 = turn(box.left, box.top)
        x1, y1 = turn(box.right, box.bottom)
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            continue
        letter = "-" if code == _HYPHEN else chr(code)
        yield Glyph(letter, min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1))


_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1, 0, 0, 1, 0, 0)


def _edges(page: Any, turn: _Turn) -> Iterator[Edge]:
    for i in range(pdf.FPDFPage_CountObjects(page)):
        yield from _edges_of(pdf.FPDFPage_GetObject(page, i), _SAME, turn, 0)


def _edges_of(item: Any, outer: _Matrix, turn: _Turn, depth: int) -> Iterator[Edge]:
    kind = pdf.FPDFPageObj_GetType(item)
    if kind == pdf.FPDF_PAGEOBJ_PATH:
        yield from _path(item, _times(_matrix(item), outer), turn)
    elif kind == pdf.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
        inner = _times(_matrix(item), outer)
        for i in range(pdf.FPDFFormObj_CountObjects(item)):
            yield from _edges_of(pdf.FPDFFormObj_GetObject(item, i), inner, turn, depth + 1)


def _matrix(item: Any) -> _Matrix:
    found = pdf.FS_MATRIX()
    if not pdf.FPDFPageObj_GetMatrix(item, ctypes.byref(found)):
        return _SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(one: _Matrix, two: _Matrix) -> _Matrix:
    """Return the matrix that does what ``one`` does, and then what ``two`` does."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _path(item: Any, matrix: _Matrix, turn: _Turn) -> Iterator[Edge]:
    """Yield a path's straight stretches; its curves end one stretch and begin another."""
    count = pdf.FPDFPath_CountSegments(item)
    if not 1 < count <= MOST_SEGMENTS:
        return
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    here = first = (0.0, 0.0)
    for i in range(count):
        segment = pdf.FPDFPath_GetPathSegment(item, i)
        if not pdf.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return
        point = turn(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = pdf.FPDFPathSegment_GetType(segment)
        if kind == pdf.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == pdf.FPDF_SEGMENT_LINETO:
            yield from stretch(here, point)
        here = point
        if pdf.FPDFPathSegment_GetClose(segment):
            yield from stretch(here, first)
            here = first


_STRAIGHT = 0.5
"""So far may an edge's ends lie apart across its direction, in points."""


def stretch(one: tuple[float, float], two: tuple[float, float]) -> Iterator[Edge]:
    """Yield the edge between two points, where it is level or upright."""
    (x0, y0), (x1, y1) = one, two
    if abs(x0 - x1) <= _STRAIGHT < abs(y0 - y1):
        yield Edge(upright=True, at=(x0 + x1) / 2, start=min(y0, y1), end=max(y0, y1))
    elif abs(y0 - y1) <= _STRAIGHT < abs(x0 - x1):
        yield Edge(upright=False, at=(y0 + y1) / 2, start=min(x0, x1), end=max(x0, x1))
