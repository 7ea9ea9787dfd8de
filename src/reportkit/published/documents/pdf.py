"""PDF: pages with a text layer to paragraphs and grids."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from reportkit.errors import ReadError
from reportkit.prose.content import Block, Document, Grid, GridCell, Paragraph, Place
from reportkit.published.tables.tokens import PAGE_NUMBER

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font descriptor

MOST_PAGES = 200
APART = 1.2
"""Points between two words: the numbers of a table without borders nearly touch."""
PROSE = 10
"""A line of so many Chinese characters, no gap among the last of them, is prose and no row."""
_SPOKEN = re.compile(r"。|^[一二三四五六]、")
"""Prose or a section's heading, which a page's frame makes a table row of one cell."""
_HAN = re.compile(r"[\u2e80-\u9fff]")


def read_pdf(data: bytes, name: str) -> Document:
    """Return the document that a PDF holds.

    Raises :class:`ReadError` where it is encrypted, broken, or only pictures of pages.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as file:
            title = str((file.metadata or {}).get("Title") or "")
            pages = len(file.pages)
            letters, blocks = _pages(file, name) if pages <= MOST_PAGES else (0, ())
    except Exception as fault:  # noqa: BLE001 (pdfminer raises whatever a broken file provokes)
        locked = (PDFPasswordIncorrect, PDFEncryptionError)
        if isinstance(fault, locked) or any(isinstance(each, locked) for each in fault.args):
            raise ReadError(f"{name}：PDF已加密，请先去掉密码") from None
        raise ReadError(f"{name}：不是可读的PDF（{type(fault).__name__}）") from None
    if pages > MOST_PAGES:
        raise ReadError(f"{name}：有{pages}页，超过{MOST_PAGES}页，未读")
    if not letters:
        raise ReadError(f"{name}：PDF没有文字层（扫描图片），请先做文字识别")
    return Document(name, blocks, titles=(title,) if title else ())


def _pages(file: Any, name: str) -> tuple[int, tuple[Block, ...]]:
    """Return how many letters the pages hold, and their blocks."""
    letters = 0
    blocks: list[Block] = []
    for number, page in enumerate(file.pages, start=1):
        letters += len(page.chars)
        # Bold type is faked by drawing each character twice, a fraction of a point apart: 12 as 1122.
        blocks += _page(page.dedupe_chars(tolerance=1), Place(file=name, page=number))
        page.close()
    return letters, tuple(blocks)


def _page(page: Any, place: Place) -> Iterator[Block]:
    """Yield a page's lines and tables from top to bottom."""
    tables = sorted(
        (t for t in page.find_tables() if len(t.rows) and max(len(r.cells) for r in t.rows) > 1),
        key=lambda table: table.bbox[1],
    )
    cells = [cell for table in tables for cell in table.cells]
    outside = page.filter(lambda item: not _inside(item, cells)) if cells else page
    found: list[tuple[float, Paragraph | tuple[GridCell, ...]]] = []
    for number, line in enumerate(_paragraphs(_lines(outside)), start=1):
        edge = line.top < page.height * 0.08 or line.bottom > page.height * 0.9
        if not (edge and PAGE_NUMBER.fullmatch(line.text)):
            found.append((line.top, Paragraph(line.text, replace(place, line=number))))
    for nth, table in enumerate(tables, start=1):
        for number, (box, row) in enumerate(zip(table.rows, table.extract(), strict=True), start=1):
            where = replace(place, table=nth, row=number)
            cells_of_row = tuple(GridCell(text.strip(), where) for text in row if text is not None)
            if len(cells_of_row) == 1 and _SPOKEN.search(cells_of_row[0].text):
                heading, _, rest = cells_of_row[0].text.partition("\n")
                found.append((box.bbox[1], Paragraph(heading, where)))
                if rest:
                    found.append((box.bbox[1], Paragraph(rest.replace("\n", ""), where)))
            elif cells_of_row:
                found.append((box.bbox[1], cells_of_row))
    found.sort(key=lambda pair: pair[0])
    yield from _grouped([block for _, block in found], place)


def _grouped(found: Sequence[Paragraph | tuple[GridCell, ...]], place: Place) -> Iterator[Block]:
    """Yield lines and grids; a line among a table's rows (a heading cut by the page) parts them."""
    for kind, group in groupby(found, key=lambda each: isinstance(each, Paragraph)):
        members = list(group)
        if kind:
            yield from (each for each in members if isinstance(each, Paragraph))
        else:
            yield Grid(tuple(each for each in members if isinstance(each, tuple)), place)


def _inside(item: Any, cells: Sequence[tuple[float, float, float, float]]) -> bool:
    if item.get("object_type") != "char":
        return False
    x, y = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in cells)


@dataclass(slots=True)
class _Line:
    """A line of a page, or several that are one paragraph."""

    top: float
    bottom: float
    left: float
    right: float
    height: float
    text: str


def _lines(page: Any) -> Iterator[_Line]:
    """Yield a page's lines from top to bottom.

    Words of one line differ in height where fonts do: those that overlap by half are one line.
    """
    line: list[Any] = []
    for word in sorted(
        page.extract_words(x_tolerance=APART), key=lambda w: (w["top"] + w["bottom"]) / 2
    ):
        if line and not _beside(line, word):
            yield _joined(line)
            line = []
        line.append(word)
    if line:
        yield _joined(line)


def _beside(line: Sequence[Any], word: Any) -> bool:
    top, bottom = min(w["top"] for w in line), max(w["bottom"] for w in line)
    shared = min(bottom, word["bottom"]) - max(top, word["top"])
    return bool(shared >= 0.6 * min(bottom - top, word["bottom"] - word["top"]))


def _joined(line: list[Any]) -> _Line:
    """Join a line's words; a gap of a third of their height is a space, as is any between digits."""
    line.sort(key=lambda w: w["x0"])
    text = line[0]["text"]
    for before, word in pairwise(line):
        wide = word["x0"] - before["x1"] > 0.33 * (word["bottom"] - word["top"])
        wide = wide or (before["text"][-1].isdigit() and word["text"][0].isdigit())
        text += (" " if wide else "") + word["text"]
    bottom = max(w["bottom"] for w in line)
    top = line[0]["top"]
    return _Line(top, bottom, line[0]["x0"], line[-1]["x1"], bottom - top, text.strip())


def _paragraphs(lines: Iterable[_Line]) -> list[_Line]:
    """Join lines of prose that run to the right margin with the lines that go on at the left one."""
    every = list(lines)
    left = min((line.left for line in every), default=0.0)
    right = max((line.right for line in every), default=0.0)
    found: list[_Line] = []
    for line in every:
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
            last.bottom, last.right = line.bottom, line.right
        else:
            found.append(line)
    return found
