"""Tidy output: the cells of many reports as one long table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TextIO

from reportkit.form import CellValue, plain
from reportkit.published.reading import PublishedReport

COLUMNS = ("town", "year", "table", "row", "column", "value", "place")


def tidy_rows(read: PublishedReport) -> Iterator[tuple[str, ...]]:
    """Yield one row for each cell of the report's edition; an unknown value is empty.

    The place is where the cell was read with certainty; it is empty for a cell that was not.
    """
    report = read.report
    if report.edition is None:
        return
    for address, cell in report.cells.edition.cells.items():
        reading = read.readings.get(address)
        certain = reading is not None and reading.confidence == "certain"
        yield (
            _safe(report.town.name),
            "" if report.year is None else str(report.year),
            cell.table,
            cell.row.code,
            cell.column.code,
            _value(report.cells[address]),
            _safe(str(reading.place)) if certain and reading is not None else "",
        )


def write_tidy(reads: Iterable[PublishedReport], stream: TextIO) -> None:
    """Write the table as CSV, with a heading."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for read in reads:
        writer.writerows(tidy_rows(read))


def _value(value: CellValue) -> str:
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a page's text for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
