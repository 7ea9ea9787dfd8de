"""The form's tables as they are printed: headings and cells with the spans of the printed form.

HTML, Word, PDF and Excel all walk over these slots, so no output knows a table by heart.
Three shapes follow from the edition's data alone:

* several blocks, each with columns of its own (``t2``): one part a block, on a shared grid;
* rows and columns (``t3``): row headings nest by :attr:`Row.path`, column headings by group;
* rows that have no label beside their path (``t4``): all cells lie in one row, under headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import lcm
from typing import Literal

from reportkit.form.table import Cell, RowBlock, StatutoryTable

Scope = Literal["col", "colgroup", "row", "rowgroup"]


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A heading of a table, for columns or for rows."""

    text: str
    scope: Scope
    colspan: int = 1
    rowspan: int = 1
    column: int = 0
    """The grid column that it starts in, from 0."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The place of one cell."""

    cell: Cell
    colspan: int = 1
    column: int = 0


Slot = HeadCell | Figure


@dataclass(frozen=True, slots=True)
class LayoutPart:
    """Head rows and the body rows under them."""

    head: tuple[tuple[HeadCell, ...], ...]
    body: tuple[tuple[Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole table on its grid."""

    table: StatutoryTable
    width: int
    """Grid columns, those of the row headings included."""
    labels: int
    """Grid columns that hold row headings, at the left."""
    parts: tuple[LayoutPart, ...]

    @property
    def unit(self) -> str | None:
        """The unit of all cells, or ``None`` where columns differ."""
        units = {column.unit for block in self.table.blocks for column in block.columns}
        return units.pop() if len(units) == 1 else None


@cache
def layout(table: StatutoryTable) -> Layout:
    """Return a table's layout, worked out once."""
    if len(table.blocks) > 1:
        return _in_blocks(table)
    block = table.blocks[0]
    if all(row.across for row in block.rows):
        return _in_one_row(table, block)
    return _crossed(table, block)


def _cells(table: StatutoryTable, block: RowBlock) -> dict[tuple[str, str], Cell]:
    codes = {row.code for row in block.rows}
    return {
        (cell.row.code, cell.column.code): cell for cell in table.cells() if cell.row.code in codes
    }


def _in_blocks(table: StatutoryTable) -> Layout:
    """Blocks one under the other; a grid fine enough for every block's number of columns."""
    grid = lcm(*(len(block.columns) for block in table.blocks))
    parts = []
    for block in table.blocks:
        span = grid // len(block.columns)
        cells = _cells(table, block)
        head = [
            (
                HeadCell(table.rows_heading or "", "col"),
                *(
                    HeadCell(column.label, "col", span, 1, 1 + span * place)
                    for place, column in enumerate(block.columns)
                ),
            )
        ]
        if block.heading is not None:
            head.insert(0, (HeadCell(block.heading, "colgroup", 1 + grid),))
        body: tuple[tuple[Slot, ...], ...] = tuple(
            (
                HeadCell(row.label, "row"),
                *(
                    Figure(cells[row.code, column.code], span, 1 + span * place)
                    for place, column in enumerate(block.columns)
                ),
            )
            for row in block.rows
        )
        parts.append(LayoutPart(tuple(head), body))
    return Layout(table, 1 + grid, 1, tuple(parts))


def _in_one_row(table: StatutoryTable, block: RowBlock) -> Layout:
    """All rows' cells side by side under the headings of their paths."""
    size = len(block.columns)
    depth = max(len(row.path) for row in block.rows)
    head: list[tuple[HeadCell, ...]] = []
    for level in range(depth):
        line, place = [], 0
        for path, rows in groupby(block.rows, key=lambda row: row.path[: level + 1]):
            width = size * len(list(rows))
            if len(path) > level:
                last = all(row.path == path for row in block.rows if row.path[: level + 1] == path)
                line.append(
                    HeadCell(path[-1], "colgroup", width, depth - level if last else 1, place)
                )
            place += width
        head.append(tuple(line))
    head.append(
        tuple(
            HeadCell(column.label, "col", 1, 1, size * nth + place)
            for nth in range(len(block.rows))
            for place, column in enumerate(block.columns)
        )
    )
    body = tuple(Figure(cell, 1, place) for place, cell in enumerate(table.cells()))
    return Layout(table, size * len(block.rows), 0, (LayoutPart(tuple(head), (body,)),))


def _crossed(table: StatutoryTable, block: RowBlock) -> Layout:
    """Rows under nested row headings, columns under their groups; the note in the corner."""
    labels = max(len(row.path) + 1 for row in block.rows)
    grouped = any(column.group for column in block.columns)
    over = (table.columns_heading,) if table.columns_heading else ()
    depth = len(over) + 1 + grouped
    corner = HeadCell(table.note or table.rows_heading or "", "col", labels, depth)
    lines: list[list[HeadCell]] = [[] for _ in range(depth)]
    lines[0].append(corner)
    for text in over:
        lines[0].append(HeadCell(text, "colgroup", len(block.columns), 1, labels))
    top, place = len(over), labels
    for group, columns in groupby(block.columns, key=lambda column: column.group):
        members = list(columns)
        if group is not None:
            lines[top].append(HeadCell(group, "colgroup", len(members), 1, place))
        for column in members:
            level = top if group is None else top + 1
            lines[level].append(HeadCell(column.label, "col", 1, depth - level, place))
            place += 1
    cells = _cells(table, block)
    body: tuple[tuple[Slot, ...], ...] = tuple(
        (
            *_row_headings([row.path for row in block.rows], nth, row.label, labels),
            *(
                Figure(cells[row.code, column.code], 1, labels + at)
                for at, column in enumerate(block.columns)
            ),
        )
        for nth, row in enumerate(block.rows)
    )
    return Layout(
        table, labels + len(block.columns), labels, (LayoutPart(tuple(map(tuple, lines)), body),)
    )


def _row_headings(
    paths: Sequence[tuple[str, ...]], nth: int, label: str, labels: int
) -> Iterator[HeadCell]:
    """Yield the headings that start in a row: those of its path that the row above has not, its own."""
    path = paths[nth]
    for level, text in enumerate(path):
        stem = path[: level + 1]
        if nth and paths[nth - 1][: level + 1] == stem:
            continue
        rows = 0
        while nth + rows < len(paths) and paths[nth + rows][: level + 1] == stem:
            rows += 1
        yield HeadCell(text, "rowgroup", 1, rows, level)
    yield HeadCell(label, "row", labels - len(path), 1, len(path))


@dataclass(frozen=True, slots=True)
class Covered:
    """The part of a heading that reaches down into this row from one above."""

    colspan: int
    column: int
    last: bool
    """Whether the heading ends in this row."""


def on_grid(rows: Sequence[Sequence[Slot]]) -> list[list[Slot | Covered]]:
    """Return rows with the places that a heading above covers filled, left to right.

    Word and Excel want every place of the grid; HTML and typst leave the covered ones out.

    >>> head = HeadCell("一", "rowgroup", rowspan=2)
    >>> [type(slot).__name__ for slot in on_grid([[head], []])[1]]
    ['Covered']
    """
    open_: dict[int, tuple[int, int]] = {}
    filled: list[list[Slot | Covered]] = []
    for row in rows:
        line: list[Slot | Covered] = [*row]
        for column, (colspan, left) in list(open_.items()):
            line.append(Covered(colspan, column, last=left == 1))
            if left == 1:
                del open_[column]
            else:
                open_[column] = (colspan, left - 1)
        for slot in row:
            if isinstance(slot, HeadCell) and slot.rowspan > 1:
                open_[slot.column] = (slot.colspan, slot.rowspan - 1)
        filled.append(sorted(line, key=lambda slot: slot.column))
    return filled
