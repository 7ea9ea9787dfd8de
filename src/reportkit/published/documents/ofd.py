"""OFD (GB/T 33190): pages of glyphs and lines in a zip of XML, read as a PDF's pages are.

Every text object says where it stands and how far its characters are apart; every path its points.
What the standard allows beyond that (text along a curve, mirrored pages) is left where it is found
by its object's box. Pictures of pages have no text, and are said to be such.
"""

from __future__ import annotations

import io
import math
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from reportkit.errors import ReadError
from reportkit.files import DAMAGED_ARCHIVE
from reportkit.published.documents.page.glyphs import Drawn, Edge, Glyph, on_page, stretch

POINT = 72 / 25.4
"""OFD measures in millimetres."""
MOST_XML = 40_000_000
"""Bytes of XML, all parts together; a part that two pages share counts twice."""
MOST_GLYPHS = 500_000
MOST_EDGES = 50_000
_Matrix = tuple[float, float, float, float, float, float]


class _Broken(Exception):
    """The file does not say what the standard asks for."""


def pages_of(data: bytes, name: str, most: int) -> list[Drawn]:
    """Return the pages of an OFD file of at most so many.

    Raises :class:`ReadError` where it is broken or has more; the archive was inspected before.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return list(_File(archive, name, most).pages())
    except (KeyError, IndexError, etree.LxmlError, _Broken, *DAMAGED_ARCHIVE):
        raise ReadError(
            f"{name}：不是可读的OFD，请用WPS或OFD阅读器打开后导出为PDF或.docx"
        ) from None


class _File:
    """One pass over an OFD file."""

    def __init__(self, archive: zipfile.ZipFile, name: str, most: int) -> None:
        self._archive = archive
        self._name = name
        self._most = most
        self._left = MOST_GLYPHS
        self._bytes = MOST_XML

    def pages(self) -> Iterator[Drawn]:
        """Yield the pages of the first document."""
        root = _text(self._part("OFD.xml"), "DocRoot").lstrip("/")
        document = self._part(root)
        base = posixpath.dirname(root)
        area = _text(document, "PhysicalBox", "0 0 210 297")
        pages = _all(_one(document, "Pages"), "Page")
        if len(pages) > self._most:
            raise ReadError(f"{self._name}：有{len(pages)}页，超过{self._most}页，未读")
        for page in pages:
            content = self._part(_join(base, page.get("BaseLoc", "")))
            left, top, width, height = _floats(_text(content, "PhysicalBox", area), 4)
            start: _Matrix = (POINT, 0, 0, POINT, -left * POINT, -top * POINT)
            glyphs: list[Glyph] = []
            edges: list[Edge] = []
            for item in content.iter("{*}TextObject"):
                glyphs += self._glyphs(item, start)
            for item in content.iter("{*}PathObject"):
                edges += _edges(item, start)
                if len(edges) > MOST_EDGES:
                    raise _Broken
            yield on_page(glyphs, edges, width * POINT, height * POINT)

    def _part(self, path: str) -> etree._Element:
        self._bytes -= self._archive.getinfo(path).file_size
        if self._bytes < 0:
            raise _Broken
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self._archive.read(path), parser)

    def _glyphs(self, item: etree._Element, start: _Matrix) -> Iterator[Glyph]:
        """Yield the characters of a text object, each in a box of the font's size."""
        size = float(item.get("Size", "3"))
        wide = size * float(item.get("HScale", "1"))
        matrix = _matrix(item, start)
        x, y = 0.0, 0.0
        for code in _all(item, "TextCode"):
            x, y = float(code.get("X", x)), float(code.get("Y", y))
            text = code.text or ""
            steps = _steps(code.get("DeltaX", ""), len(text))
            drops = _steps(code.get("DeltaY", ""), len(text))
            self._left -= len(text)
            if self._left < 0:
                raise _Broken
            at, down = x, y
            for n, letter in enumerate(text):
                half = letter.isascii()
                reach = steps[n] if n < len(steps) and half else (wide / 2 if half else wide)
                x0, y0 = _moved(matrix, at, down - size * 0.86)
                x1, y1 = _moved(matrix, at + reach, down + size * 0.14)
                if all(map(math.isfinite, (x0, y0, x1, y1))):
                    yield Glyph(letter, min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1))
                at += steps[n] if n < len(steps) else 0.0
                down += drops[n] if n < len(drops) else 0.0


def _edges(item: etree._Element, start: _Matrix) -> Iterator[Edge]:
    """Yield the straight stretches of a path."""
    words = (_text(item, "AbbreviatedData", "")).split()
    matrix = _matrix(item, start)
    here = first = (0.0, 0.0)
    at = 0
    taken = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    while at < len(words):
        count = taken.get(words[at])
        if count is None:
            raise _Broken
        kind, numbers = words[at], [float(word) for word in words[at + 1 : at + 1 + count]]
        at += 1 + count
        point = _moved(matrix, numbers[-2], numbers[-1]) if len(numbers) == count > 0 else first
        if kind in "LC" and all(map(math.isfinite, (*here, *point))):
            yield from stretch(here, point)
        first = point if kind in "SM" else first
        here = point


def _matrix(item: etree._Element, start: _Matrix) -> _Matrix:
    """Return how an object's own points come to stand on the page."""
    left, top, *_ = _floats(item.get("Boundary", ""), 4)
    a, b, c, d, e, f = _floats(item.get("CTM", "1 0 0 1 0 0"), 6)
    sx, _, _, sy, ox, oy = start
    return (a * sx, b * sy, c * sx, d * sy, (e + left) * sx + ox, (f + top) * sy + oy)


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _steps(text: str, most: int) -> list[float]:
    """Return the distances between characters; ``g 3 4.2`` is three times 4.2."""
    words = text.split()
    found: list[float] = []
    at = 0
    while at < len(words) and len(found) < most:
        if words[at] == "g":
            found += [float(words[at + 2])] * min(int(words[at + 1]), most)
            at += 3
        else:
            found.append(float(words[at]))
            at += 1
    return found


def _floats(text: str, count: int) -> list[float]:
    found = [float(word) for word in text.split()]
    if len(found) != count:
        raise _Broken
    return found


def _join(base: str, path: str) -> str:
    return path.lstrip("/") if path.startswith("/") else posixpath.join(base, path)


def _all(item: etree._Element, tag: str) -> list[etree._Element]:
    return list(item.iterchildren(f"{{*}}{tag}"))


def _one(item: etree._Element, tag: str) -> etree._Element:
    found = next(item.iter(f"{{*}}{tag}"), None)
    if found is None:
        raise _Broken
    return found


def _text(item: etree._Element, tag: str, default: str | None = None) -> str:
    found = next(item.iter(f"{{*}}{tag}"), None)
    text = (found.text or "").strip() if found is not None else default
    if text is None:
        raise _Broken
    return text
