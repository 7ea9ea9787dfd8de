"""PDF: pages with a text layer to paragraphs and grids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from reportkit.errors import ReadError
from reportkit.pdf import open_pdf
from reportkit.prose.content import (
    FileContent,
    Grid,
    GridCell,
    Problem,
    TextBlock,
    TextParagraph,
    TextPlace,
)
from reportkit.published.documents.page.columns import Untabled, untabled
from reportkit.published.documents.page.glyphs import Drawn, drawn_on
from reportkit.published.documents.page.lines import PageLine, line_of, page_lines, paragraphs
from reportkit.published.documents.page.pieces import put_together
from reportkit.published.documents.page.rules import Ruled, ruled_tables
from reportkit.published.documents.page.running import running_lines
from reportkit.published.tables.tokens import PAGE_NUMBER

MOST_PAGES = 200
FEWEST_LETTERS = 20
"""A page of a report that holds fewer letters is a picture, with a stamp or a number drawn on it."""
_SPOKEN = re.compile(r"。|^[一二三四五六]、")
"""Prose or a section's heading, which a page's frame makes a table row of one cell."""
_Found = TextParagraph | tuple[GridCell, ...]


def read_pdf(data: bytes, name: str) -> FileContent:
    """Return the document that a PDF holds.

    Raises :class:`ReadError` where it is encrypted, broken, or only pictures of pages.
    """
    try:
        file = open_pdf(data)
    except pdfium.PdfiumError as fault:
        if fault.err_code in (pdf.FPDF_ERR_PASSWORD, pdf.FPDF_ERR_SECURITY):
            raise ReadError(f"{name}：PDF已加密，请先去掉密码") from None
        raise ReadError(f"{name}：不是可读的PDF") from None
    try:
        pages = len(file)
        if pages > MOST_PAGES:
            raise ReadError(f"{name}：有{pages}页，超过{MOST_PAGES}页，未读")
        title = _title(file)
        drawn = [_drawn(file, number) for number in range(pages)]
    except pdfium.PdfiumError:
        raise ReadError(f"{name}：不是可读的PDF（有一页打不开）") from None
    finally:
        file.close()
    return document_of(drawn, name, "PDF", title)


def _title(file: pdfium.PdfDocument) -> str:
    """Return the title that a file says of itself; a damaged one is none."""
    try:
        return str(file.get_metadata_value("Title") or "")
    except UnicodeDecodeError:
        return ""


def document_of(drawn: Sequence[Drawn], name: str, kind: str, title: str = "") -> FileContent:
    """Return the document that pages of glyphs and rules show.

    Raises :class:`ReadError` where they are pictures only; ``kind`` is the file's, as it is said.
    """
    pages = len(drawn)
    letters = sum(not glyph.text.isspace() for page in drawn for glyph in page.glyphs)
    if letters < FEWEST_LETTERS * max(1, pages):
        few = f"只有{letters}个字，" if letters else "没有文字层，"
        raise ReadError(f"{name}：{kind}{few}页面是扫描图片，请先做文字识别")
    running, blocks = _blocks(drawn, name)
    titles = dict.fromkeys(filter(None, (title, *running)))
    beyond = tuple(
        Problem("表格右侧在页面之外，看不到的格未读", TextPlace(file=name, page=number))
        for number, page in enumerate(drawn, start=1)
        if page.beyond
    )
    return FileContent(name, tuple(blocks), titles=tuple(titles), problems=beyond)


def _drawn(file: pdfium.PdfDocument, number: int) -> Drawn:
    page = file[number]
    try:
        return drawn_on(page)
    finally:
        page.close()


def _blocks(pages: Sequence[Drawn], name: str) -> tuple[list[str], list[TextBlock]]:
    """Return the lines that stand at the head or foot of pages, and the blocks of the text."""
    tables: list[list[Ruled]] = []
    lines: list[list[PageLine]] = []
    for page in pages:
        ruled, outside = ruled_tables(page.edges, page.glyphs)
        tables.append(ruled)
        lines.append(put_together(page_lines(outside)))
    running = running_lines(lines)
    kept = [
        [line for n, line in enumerate(own) if n not in gone]
        for own, gone in zip(lines, running, strict=True)
    ]
    rows = untabled([line for own in kept for line in own])
    found: list[_Found] = []
    first = 0
    for number, (page, ruled, own) in enumerate(zip(pages, tables, kept, strict=True), start=1):
        place = TextPlace(file=name, page=number)
        found += _page(page, ruled, _Lines(own, first, rows), place)
        first += len(own)
    said = [own[n].text for own, gone in zip(lines, running, strict=True) for n in sorted(gone)]
    return said, list(_grouped(found))


@dataclass(frozen=True, slots=True)
class _Lines:
    """A page's lines, and what columns made of them."""

    lines: Sequence[PageLine]
    first: int
    """The position of the page's first line in the document."""
    found: Untabled

    def blocks(self, place: TextPlace, height: float) -> Iterator[tuple[float, _Found]]:
        """Yield the lines and rows, each with the point where it begins."""
        for whole, group in groupby(enumerate(self.lines, start=self.first), key=self._is_whole):
            members = list(group)
            if whole:
                for line in paragraphs([line for _, line in members]):
                    edge = line.top < height * 0.08 or line.bottom > height * 0.9
                    if not (edge and PAGE_NUMBER.fullmatch(line.text)):
                        where = replace(place, line=self._number(line))
                        yield line.top, TextParagraph(line.text, where)
                continue
            for n, line in members:
                where = replace(place, line=n - self.first + 1)
                words = self.found.left_over.get(n, line.words)
                if words:
                    yield line.top, TextParagraph(line_of(words).text, where)
                for row in self.found.rows.get(n, ()):
                    yield line.top, tuple(GridCell(text, where) for text in row)

    def _is_whole(self, numbered: tuple[int, PageLine]) -> bool:
        return numbered[0] not in self.found.left_over and numbered[0] not in self.found.rows

    def _number(self, line: PageLine) -> int:
        return next(n for n, own in enumerate(self.lines, start=1) if own is line)


def _page(page: Drawn, tables: Sequence[Ruled], lines: _Lines, place: TextPlace) -> list[_Found]:
    """Return a page's lines and table rows from top to bottom."""
    found = list(lines.blocks(place, page.height))
    for nth, table in enumerate(tables, start=1):
        for number, (top, row) in enumerate(table.rows, start=1):
            where = replace(place, table=nth, row=number)
            cells = tuple(GridCell(cell.text.strip(), where) for cell in row)
            if len(cells) == 1 and _SPOKEN.search(cells[0].text):
                heading, _, rest = cells[0].text.partition("\n")
                found.append((top, TextParagraph(heading, where)))
                if rest:
                    found.append((top, TextParagraph(rest.replace("\n", ""), where)))
            elif cells:
                found.append((top, cells))
    found.sort(key=lambda pair: pair[0])
    return [block for _, block in found]


def _grouped(found: Sequence[_Found]) -> Iterator[TextBlock]:
    """Yield lines and grids; a line among a table's rows (a heading cut by the page) parts them."""
    for kind, group in groupby(found, key=lambda each: isinstance(each, TextParagraph)):
        members = list(group)
        if kind:
            yield from (each for each in members if isinstance(each, TextParagraph))
        else:
            rows = tuple(each for each in members if isinstance(each, tuple))
            for ruled, same in groupby(rows, key=lambda row: row[0].place.table is not None):
                one = tuple(same)
                yield Grid(one, one[0][0].place, sure=ruled)
