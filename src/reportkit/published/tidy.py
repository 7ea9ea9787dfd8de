"""Tidy output: the cells of many reports as one long table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from reportkit.published.reading import PublishedReport
from reportkit.tidy import CELLS, csv_text, lines_of

_KEPT: Final = {
    "town": "name",  # nothing that is published tells an id
    "year": "year",
    "table": "table",
    "row": "row",
    "column": "column",
    "value": "value",
}
"""The columns that are those of tidy data, by their names there."""

COLUMNS = (*_KEPT, "place")

_PLACES: Final = [[field.name for field in CELLS].index(name) for name in _KEPT.values()]
_ADDRESS: Final = [field.name for field in CELLS].index("address")


def tidy_rows(read: PublishedReport) -> Iterator[tuple[str, ...]]:
    """Yield one row for each cell of the report's edition; an unknown value is empty.

    The place is where the cell was read with certainty; it is empty for a cell that was not.
    """
    for line in lines_of(read.report, "cells"):
        reading = read.readings.get(line[_ADDRESS])
        certain = reading is not None and reading.confidence == "certain"
        place = str(reading.place) if certain and reading is not None else None
        yield tuple(csv_text(value) for value in (*(line[at] for at in _PLACES), place))


def write_tidy(reads: Iterable[PublishedReport], stream: TextIO) -> None:
    """Write the table as CSV, with a heading."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for read in reads:
        writer.writerows(tidy_rows(read))
