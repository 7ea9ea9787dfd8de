"""What stands visibly in a file: a page or document read by the reader of published reports, a workbook by its plan."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from reportkit.checks.sentences import split
from reportkit.errors import ReadError
from reportkit.export.excel.official import places_of, sheet_name
from reportkit.export.excel.render import FACTS_SHEET, GUIDE, TEXTS
from reportkit.export.excel.sheets import UNKNOWN
from reportkit.export.shown import digest_of_line, squeeze
from reportkit.form import Edition, plain
from reportkit.form.facts import FACTS
from reportkit.form.layout import layout
from reportkit.prose.content import FileContent, Grid
from reportkit.published.reading import PublishedReport, read_content, reports_in
from reportkit.report import TownReport

Sheets = Mapping[str, list[list[Any]]]
"""The values of each sheet by row and column, from A1."""

_MARK: Final = re.compile(r"\[\d+\]")
"""How the reader gives a raised number: of a finding, on a page for the office."""

_ROW_BY_ROW: Final = (".html", ".htm", ".docx")
"""Formats that say themselves what a row is."""

DASH: Final = "—"
"""How an unknown figure is compared, whatever stands for it in the file."""


@dataclass(frozen=True)
class Visible:
    """What somebody sees who opens the file."""

    whole: str
    """All its text, squeezed."""
    sentences: tuple[str, ...]
    """The same in sentences, as they stand."""
    cells: Mapping[str, str]
    """The figures of the form by address, in plain digits; a cell that could not be read is absent."""
    facts: Mapping[str, str] | None = None
    """Other figures by code, where the file lists them."""
    edition: str | None = None
    """Of the form's tables, where they say so themselves."""
    lines: frozenset[str] | None = None
    """The digests of all rows and sentences; ``None`` where a row is not read as one for certain."""


def visible_page(data: bytes, name: str, sealed: TownReport) -> Visible:
    """Read a page, a Word file or a PDF; raises :class:`~reportkit.errors.ReadError` where it cannot be read."""
    document = read_content(data, name)
    texts = list(_texts(document))
    read = _nearest(reports_in(document), sealed)
    cells = {
        address: _figure(read.report.cells.get(address))
        for address, reading in read.readings.items()
        if reading.confidence == "certain"
    }
    sentences = tuple(sentence for text in texts for sentence in split(text))
    whole = squeeze("\n".join(texts))
    lines = None
    if name.lower().endswith(_ROW_BY_ROW):
        lines = frozenset(map(digest_of_line, (*texts, *sentences)))
    return Visible(whole, sentences, cells, edition=read.report.edition, lines=lines)


def visible_workbook(sheets: Sheets, edition: Edition) -> Visible:
    """Read a workbook of ours: the printed tables by their plan, the facts by code, the texts."""
    cells: dict[str, str] = {}
    for table in edition.tables.values():
        plan = layout(table)
        rows = sheets.get(sheet_name(plan), [])
        for address, (row, column) in places_of(plan)[0].items():
            if row < len(rows) and column < len(rows[row]):
                cells[address] = _figure(rows[row][column])
    listed = [row for row in sheets.get(FACTS_SHEET, []) if len(row) >= 5]
    facts = {str(row[4]): _figure(row[1]) for row in listed if row[4] in FACTS}
    texts = [str(row[1]) for row in sheets.get(TEXTS, []) if len(row) >= 2]
    title = [str(row[0]) for row in sheets.get(GUIDE, [])[:1] if row]
    sentences = tuple(sentence for text in texts for sentence in split(text))
    return Visible(squeeze("".join((*title, *texts))), sentences, cells, facts)


def read_shown_sheets(data: bytes, name: str) -> Sheets:
    """Return a workbook's values; raises :class:`~reportkit.errors.ReadError` where it cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {
            sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in book.sheet_names
        }
    except (CalamineError, ValueError, OSError) as fault:
        raise ReadError(f"{name}：不是可读的Excel文件（{type(fault).__name__}）") from None


def _nearest(read: tuple[PublishedReport, ...], sealed: TownReport) -> PublishedReport:
    """Return that of several reports which is most like the sealed one: a county's page shows others too."""

    def likeness(one: PublishedReport) -> int:
        return sum(sealed.cells.get(a) == value for a, value in one.report.cells.items())

    return max(read, key=likeness)


def _texts(document: FileContent) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Grid):
            for row in block.rows:
                yield "".join(_MARK.sub("", cell.text) for cell in row)
        else:
            yield block.text


def _figure(value: object) -> str:
    """Return a figure in plain digits; Excel keeps whole numbers as fractions of two."""
    if value is None or value == UNKNOWN:
        return DASH
    if isinstance(value, float):
        return plain(Decimal(repr(value)))
    return plain(value) if isinstance(value, Decimal) else str(value).strip()
