"""Shapes: how many cells the rows of a block have on this page, and where values stand in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from reportkit.form import StatutoryTable
from reportkit.form.layout import Figure, layout
from reportkit.published.tables.alignment.align import Shape
from reportkit.published.tables.settle import PrintedRow


def shapes_of(rows: Sequence[PrintedRow], *, cut: bool) -> dict[tuple[str, int], Shape]:
    """Learn from each block's rows where values stand among blanks.

    A row of blanks alone says nothing of where values stand. ``cut``: nothing follows the last row,
    so the rest of it may be lost.
    """
    short_glue = glue = False
    sure: set[tuple[str, int]] = set()
    lengths: dict[tuple[str, int], dict[int, list[set[int]]]] = {row.block: {} for row in rows}
    for row in rows:
        tokens = row.match.tokens
        if row is rows[-1] and cut and len(tokens) < min(lengths[row.block], default=1):
            continue  # what the end cuts off is like no other row
        filled = {i for i, token in enumerate(tokens) if token.filled}
        lengths[row.block].setdefault(len(tokens), []).append(filled)
        if tokens and tokens[0].sure:
            sure.add(row.block)
        glued = "".join(t.text for t in tokens if t.bond == "glued")
        glue |= bool(glued)
        short_glue |= (bool(glued) or not tokens) and len(glued) < len(row.addresses)
    for found in lengths.values():
        if any(any(rows) for rows in found.values()):
            for length in [n for n, rows in found.items() if not any(rows)]:
                del found[length]
    spans = {
        row.block: (len(row.addresses), _span(row.slots[0].table, row.slots[0].row.code))
        for row in rows
    }
    return {
        block: Shape(
            _places(found, *spans[block], sure=block in sure),
            glue and short_glue,
            _wide(found, spans[block][0]),
            _usual(found, *spans[block], sure=block in sure),
        )
        for block, found in lengths.items()
    }


def _usual(
    lengths: Mapping[int, list[set[int]]], count: int, span: int, *, sure: bool
) -> frozenset[int]:
    """Return how many cells rows of a block may have.

    One row unlike the others has a cell too many or too few. So may a lone row have that is not as
    long as the form's, unless all its values are there or it holds one cell only.
    """
    some = {length: rows for length, rows in lengths.items() if length}
    plain = {count, 1} if sure else {count, count * span}

    def alone(length: int, row: set[int]) -> bool:
        whole = not sure and len(row) == count
        return len(some) == 1 and (length in plain or count == 1 or whole)

    return frozenset(
        length for length, rows in some.items() if len(rows) > 1 or alone(length, rows[0])
    )


def _wide(lengths: Mapping[int, list[set[int]]], count: int) -> bool:
    """Say whether more than one row, or every row, holds more values than there are columns."""
    rows = [filled for found in lengths.values() for filled in found if filled]
    over = sum(len(filled) > count for filled in rows)
    return over > 1 or (over == 1 and len(rows) < 3 and count < 15)


@cache
def _span(table: StatutoryTable, row: str) -> int:
    """Return how many grid columns one cell of a row takes in the printed form."""
    return next(
        figure.colspan
        for part in layout(table).parts
        for line in part.body
        for figure in line
        if isinstance(figure, Figure) and figure.cell.row.code == row
    )


def _places(
    lengths: Mapping[int, list[set[int]]], count: int, span: int, *, sure: bool
) -> dict[int, tuple[int, ...]]:
    """Return the one pattern of positions that fits all rows of a length, if there is one."""
    found: dict[int, tuple[int, ...]] = {}
    usual = _usual(lengths, count, span, sure=sure)
    for length, rows in lengths.items():
        if length not in usual:
            continue
        if length == count:
            found[length] = tuple(range(count))
            continue
        patterns = {
            tuple(range(offset, offset + step * (count - 1) + 1, step))
            for step in {1, span}
            for offset in range(length - step * (count - 1))
        }
        fit = [p for p in patterns if all(filled <= set(p) for filled in rows)]
        if len(fit) == 1 and _borne_out(fit[0], rows, spread=length == count * span):
            found[length] = fit[0]
    return found


def _borne_out(places: tuple[int, ...], rows: Sequence[set[int]], *, spread: bool) -> bool:
    """Say whether rows show a pattern: a full one does, or several that reach both its ends."""
    seen = set().union(*rows)
    full = any(len(row) == len(places) for row in rows)
    return full or (len(rows) > 1 and {places[0], places[-1]} <= seen) or (spread and bool(seen))
