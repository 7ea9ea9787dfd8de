"""Moved blanks: text in which a row's blank cells were lost, or all stand at its end.

``7 | 1 | 8 | | | |`` may be printed so, or may be 7, four blanks, 1 and a total of 8. Where the
values of every short row fill its front, nothing shows their places. Where, besides, each row's last
value is the sum of the others, that one is the total: its place is known, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from reportkit.form import Edition
from reportkit.published.tables.alignment.align import Way, Ways
from reportkit.published.tables.settle import PrintedRow, total_at_end
from reportkit.published.tables.tokens import Token
from reportkit.published.tables.values import parse_printed


def with_moved_blanks(
    rows: Sequence[PrintedRow], edition: Edition
) -> Iterator[tuple[PrintedRow, Ways]]:
    """Yield the rows of text whose values have no sure places, with the ways that are left."""
    loose = [
        row
        for row in rows
        if row.match.tokens and not any(t.sure or t.bond == "glued" for t in row.match.tokens)
    ]
    summed = [row for row in loose if total_at_end(row, edition)]
    short = [row for row in summed if 0 < len(_filled(row)) < len(row.addresses)]
    if not short or not all(_in_front(row) for row in short):
        return
    blank = [row for row in summed if not _filled(row)]
    yield from ((row, Ways()) for row in blank)
    if not _shown(short):
        yield from ((row, Ways()) for row in short)
        return
    yield from ((row, Ways(tuple(_places(row)))) for row in short)
    for row in loose:
        if row not in summed and 0 < len(_filled(row)) < len(row.addresses) and _in_front(row):
            yield row, Ways()


def _filled(row: PrintedRow) -> list[Token]:
    return [token for token in row.match.tokens if token.filled]


def _in_front(row: PrintedRow) -> bool:
    tokens = row.match.tokens
    return all(token.filled for token in tokens[: len(_filled(row))])


def _shown(short: Sequence[PrintedRow]) -> bool:
    """Say whether the rows show that their last value is their total, and not by chance."""
    proofs = 0
    for row in short:
        numbers = [_number(token) for token in _filled(row)]
        *parts, total = numbers
        known = [part for part in parts if part is not None]
        if total is None or len(known) < len(parts) or sum(known) != total:
            return False
        proofs += len(known) if total else 0
    return proofs > 1


def _number(token: Token) -> Decimal | None:
    printed = parse_printed(token.text) if token.kind == "value" else None
    return printed.number if printed else None


def _places(row: PrintedRow) -> Iterator[Way]:
    """Yield every way to place a row's parts, its total at the end."""
    *parts, total = _filled(row)
    cells = len(row.addresses) - 1
    for places in combinations(range(cells), len(parts)):
        at = dict(zip(places, parts, strict=True))
        yield (*(at.get(i) for i in range(cells)), total)
