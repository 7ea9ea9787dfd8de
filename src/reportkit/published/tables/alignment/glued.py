"""Glued rows: figures printed without anything between them, and what makes every cut doubtful.

A foreign column, zeros before figures (007) or decimals behind counts (0.00) leave rows that cannot
be cut into the form's cells, or whose cut breaks their sum. A report with such rows may have others
that can be cut by chance, and none of them is certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportkit.form import Edition
from reportkit.published.tables.alignment.align import Way, Ways
from reportkit.published.tables.settle import PrintedRow, holds
from reportkit.published.tables.values import LONGEST

MOST_BROKEN = 0.2
"""So many of the rows may break their sum by the report's own error."""
WIDTHS = (2, 3, 4)
"""To which zeros may fill a number up."""


def with_doubtful_cuts(
    rows: Sequence[PrintedRow], edition: Edition
) -> Iterator[tuple[PrintedRow, Ways]]:
    """Yield the glued rows that have no certain places, with the ways that are left."""
    glued = [row for row in rows if any(t.bond == "glued" for t in row.match.tokens)]
    kept: dict[int, Ways] = {}
    for row in glued:
        found = tuple(way for way in row.ways.found if not _has_decimal_counts(row, way, edition))
        whole = len(found) == len(row.ways.found)
        kept[id(row)] = Ways(found, row.ways.provable) if whole or row.ways.provable else Ways()
    fits = [fit for row in glued if (fit := _fits(row, kept[id(row)], edition)) is not None]
    foreign = fits.count(False) > MOST_BROKEN * len(fits)
    padded = any(all(_is_padded(row, width) for row in glued) for width in WIDTHS)
    for row in glued:
        loose = foreign or (padded and _length(row) > len(row.addresses))
        yield row, Ways() if loose else kept[id(row)]


def _fits(row: PrintedRow, left: Ways, edition: Edition) -> bool | None:
    """Say whether a row of digits enough can be cut into the form's cells; ``None``: not known."""
    if _length(row) < len(row.addresses):
        return None
    if not left.found:
        return False
    verdicts = [holds(row, edition, way) for way in left.found] if left.provable else [None]
    return None if None in verdicts else True in verdicts


def _is_padded(row: PrintedRow, width: int) -> bool:
    """Say whether a row may be numbers that zeros fill up to a width, zero itself written 0."""
    text = "".join(token.text for token in row.match.tokens)
    if not text.isdecimal():
        return True
    ends = {0}
    for _ in row.addresses:
        ends = {stop for at in ends for stop in _padded_ends(text, at, width)}
    return len(text) in ends


def _padded_ends(text: str, at: int, width: int) -> Iterator[int]:
    """Yield where a number that starts at a place may end."""
    if text[at : at + 1] == "0":
        yield at + 1
    longest = at + width if text[at : at + 1] == "0" else at + LONGEST
    yield from range(at + width, min(longest, len(text)) + 1)


def _length(row: PrintedRow) -> int:
    return sum(len(token.text) for token in row.match.tokens)


def _has_decimal_counts(row: PrintedRow, way: Way, edition: Edition) -> bool:
    """Say whether a cut has a decimal point where the form counts."""
    return any(
        token is not None and "." in token.text and edition.cells[address].column.type != "decimal"
        for address, token in zip(row.addresses, way, strict=True)
    )
