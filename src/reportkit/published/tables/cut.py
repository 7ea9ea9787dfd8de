"""Cut headers: column labels that lost some of their words, and are the form's all the same.

Where a header has as many pieces as the block has columns, and each is the beginning, a part or a
near spelling of the label in its place, it is that header: ``本年新 | 本年新 | 对外公开总数量``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from reportkit.form import RowBlock, StatutoryTable
from reportkit.prose.fold import core
from reportkit.published.tables.labels import UNITS

MOST_CELLS = 40
"""Of so many cells before the first row the last ones may be the header."""
MOST_PARTS = 4
"""Over so many cells or lines one label may be broken."""
NEAR = 0.6
"""So much of a label must be left where characters inside it were lost."""


def is_cut_header(block: RowBlock, table: StatutoryTable, cells: Sequence[str]) -> bool:
    """Say whether the cells before a block's first row end in its column labels, cut or whole.

    The labels stand in the form's order, or those of the heading's first row before those of its
    second. Nothing but headings of the table may stand among and before them.
    """
    labels = tuple(core(column.label) for column in block.columns)
    outer = tuple(w for w, c in zip(labels, block.columns, strict=True) if not c.group)
    inner = tuple(w for w, c in zip(labels, block.columns, strict=True) if c.group)
    last = tuple(cell for cell in cells if not UNITS.fullmatch(cell))[-MOST_CELLS:]
    headings = _headings(table)
    return any(_fits(last, order, headings) for order in dict.fromkeys((labels, outer + inner)))


@cache
def _headings(table: StatutoryTable) -> frozenset[str]:
    """Return what a table prints above its columns, their labels aside."""
    words = {
        core(word) for word in (table.title, table.columns_heading, table.rows_heading) if word
    }
    words |= {core(table.note or "", notes=True)}
    for block in table.blocks:
        words |= {core(block.heading or "", notes=True), core(block.heading or "")}
        words |= {core(column.group) for column in block.columns if column.group}
    return frozenset(words) - {""}


def _fits(cells: Sequence[str], labels: Sequence[str], headings: frozenset[str]) -> bool:
    """Say whether the cells, from some heading on, are the labels, each of one or more cells."""
    ways = {(len(cells), len(labels))}
    """Where the cells not yet looked at end, and how many labels lie before; from the last one back."""
    while ways:
        further: set[tuple[int, int]] = set()
        for end, left in ways:
            heading = end > 0 and _is_heading(cells[end - 1], headings)
            if left == 0:
                if end == 0 or heading:
                    return True
                continue
            if heading:
                further.add((end - 1, left))
            further |= {
                (start, left - 1)
                for start in range(max(0, end - MOST_PARTS), end)
                if is_piece("".join(cells[start:end]), labels[left - 1])
            }
        ways = further
    return False


def _is_heading(cell: str, headings: frozenset[str]) -> bool:
    return any(is_piece(cell, heading) for heading in headings)


@cache
def is_piece(piece: str, label: str) -> bool:
    """Say whether a piece is a label, its beginning or another part, or has lost characters within.

    >>> is_piece("本年新", "本年新制作数量"), is_piece("本年发件", "本年制发件数")
    (True, True)
    >>> is_piece("本年数量", "本年增减"), is_piece("本年数量", "本年新制作数量")
    (False, False)
    """
    if len(piece) < 2 or len(piece) > len(label):
        return False
    if piece in label:
        return True
    rest = iter(label)
    return len(piece) >= NEAR * len(label) and all(char in rest for char in piece)
