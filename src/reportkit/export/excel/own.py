"""What else a document shows, for the workbook: tables beside those of the form, charts' numbers, own prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from reportkit.blocks import Block, Chart, ForeignHtml, Lineage, Picture, Prose, Roster, Table
from reportkit.blocks.printable import sheet_name
from reportkit.export.document import Document
from reportkit.export.excel.sheets import Book, pieces
from reportkit.export.shown import sentences, squeeze

_WIDTHS: Final = (30, 18)
"""Of the first column and of the others."""


@dataclass(frozen=True)
class Own:
    """A table with the sheet that it stands on."""

    sheet: str
    table: Table
    words: str
    """What a chart of these numbers shows; empty where there is none."""


def own_tables(document: Document, taken: tuple[str, ...]) -> Iterator[Own]:
    """Yield every table of a document that is none of the form's; ``taken`` are the names of other sheets."""
    names = {*taken}
    for block in document.blocks:
        table = _table(block)
        if table is None:
            continue
        name = sheet_name(table.caption, names)
        names.add(name)
        yield Own(name, table, block.description if isinstance(block, Chart) else "")


def own_texts(document: Document) -> Iterator[tuple[str, str]]:
    """Yield prose that is no section of the report, and charts and pictures in words, each with its heading."""
    told = document.report.sections.values()
    known = squeeze("\n".join(line for text in told for line in sentences(text)))
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Prose):
                text = "\n".join(sentences(block.text))
                if text and not all(squeeze(line) in known for line in text.split("\n")):
                    yield section.title, text
            elif isinstance(block, Picture) or (isinstance(block, Chart) and block.table is None):
                yield section.title, block.words


def write_own(book: Book, own: Own, nth: int) -> None:
    """Write a table on its sheet; ``nth`` makes the table's name its own."""
    table = own.table
    width = len(table.columns)
    widths = (_WIDTHS[0], *[_WIDTHS[1]] * (width - 1))
    told = (own.words, *table.notes)
    notes = [piece for line in told for piece in pieces(line, sum(widths))]
    sheet = book.sheet(own.sheet, table.title, notes, widths)
    first = 1 + len(notes)
    rows = (*table.rows, *table.foot)
    labels = [column.label or f"列{place}" for place, column in enumerate(table.columns, 1)]
    lower = [label.casefold() for label in labels]
    heads = [
        label
        if lower[place] not in lower[:place]
        else f"{label} {place + 1}"  # Excel wants them to differ, by more than their case
        for place, label in enumerate(labels)
    ]
    book.table(sheet, f"附表{nth}", first, heads, len(rows))
    for row, line in enumerate(rows, first + 1):
        texts = [str(v or "") for v in line]
        book.fit(sheet, row, zip(texts, widths, strict=True))
        for column, (value, kind) in enumerate(zip(line, table.columns, strict=True)):
            if kind.type == "text" or isinstance(value, str):
                book.text(sheet, row, column, str(value or ""), "label")
            else:
                book.value(sheet, row, column, value)


def _table(block: Block) -> Table | None:
    match block:
        case Table():
            return block
        case Chart() | ForeignHtml() | Lineage() | Roster():
            return block.table
    return None
