"""PDF: pages with a text layer to paragraphs and grids."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from reportkit.errors import ReadError
from reportkit.published.blocks import Block, Document, Grid, GridCell, Paragraph, Place

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font descriptor

MOST_PAGES = 200
_PAGE_NUMBER = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?[-—–\s]*(?:[/共]\s*\d{1,4}\s*页?)?")


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
        blocks += _page(page, Place(file=name, page=number))
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
    for number, (top, bottom, text) in enumerate(_lines(outside), start=1):
        edge = top < page.height * 0.08 or bottom > page.height * 0.9
        if not (edge and _PAGE_NUMBER.fullmatch(text)):
            found.append((top, Paragraph(text, replace(place, line=number))))
    for nth, table in enumerate(tables, start=1):
        for number, (box, row) in enumerate(zip(table.rows, table.extract(), strict=True), start=1):
            where = replace(place, table=nth, row=number)
            cells_of_row = tuple(GridCell(text.strip(), where) for text in row if text is not None)
            if cells_of_row:
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


def _lines(page: Any) -> Iterator[tuple[float, float, str]]:
    """Yield a page's lines as (top, bottom, text).

    Words of one line differ in height where fonts do: those that overlap by half are one line.
    """
    line: list[Any] = []
    for word in sorted(page.extract_words(), key=lambda w: (w["top"] + w["bottom"]) / 2):
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


def _joined(line: list[Any]) -> tuple[float, float, str]:
    """Join a line's words; a gap of a third of their height is a space."""
    line.sort(key=lambda w: w["x0"])
    text = line[0]["text"]
    for before, word in pairwise(line):
        wide = word["x0"] - before["x1"] > 0.33 * (word["bottom"] - word["top"])
        text += (" " if wide else "") + word["text"]
    return line[0]["top"], max(w["bottom"] for w in line), text.strip()
