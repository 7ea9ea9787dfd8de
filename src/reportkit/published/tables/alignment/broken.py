"""Broken numbers: a narrow column writes 10 as 1 and 0, one below the other.

A label stands beside the middle of its row, so that the lines of text are 1, the label, and 0: the
first piece then follows the figures of the row before, and the row itself holds as many figures as
it should. Whatever stands between the row before and a label may be the first pieces of its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from reportkit.published.tables.alignment.align import Way, Ways
from reportkit.published.tables.runs import Run
from reportkit.published.tables.settle import PrintedRow
from reportkit.published.tables.tokens import Token
from reportkit.published.tables.values import is_value

MOST_PIECES = 4
"""Of more pieces between two rows nothing is known."""


def with_pieces_before(
    rows: Sequence[PrintedRow], runs: Sequence[Run]
) -> Iterator[tuple[PrintedRow, Ways]]:
    """Yield the rows before whose labels pieces of numbers may stand, with all ways to read them."""
    last = {row.match.number: row for row in rows if row.match.tokens}
    for row in rows:
        before = last.get(row.match.number - 1)
        if row.ways.found and (pieces := _pieces(before, row, runs)):
            yield row, _ways(row.ways, pieces)


def _pieces(before: PrintedRow | None, row: PrintedRow, runs: Sequence[Run]) -> list[Token]:
    """Return the figures, each in a line of its own, between the row before and a row's label.

    Figures above the table's header are no row's.
    """
    number = row.match.number - 1
    tokens = row.match.tokens
    if number < 0 or not row.match.label or not tokens or tokens[0].sure or row.match.header:
        return []
    values = runs[number].values
    if before is not None:
        spare = len(before.match.tokens) - len(before.addresses)
        if spare <= 0 or _whole(before):
            return []
        values = before.match.tokens[-spare:]
    label = row.match.run.texts[0].place
    return [t for t in values if t.kind == "value" and not t.sure and t.place != label]


def _whole(row: PrintedRow) -> bool:
    """Say whether a row is read in one way, that leaves nothing over."""
    if len(row.ways.found) != 1:
        return False
    printed = "".join(token.text for token in row.match.tokens)
    return printed == "".join(token.text for token in row.ways.found[0] if token is not None)


def _ways(plain: Ways, pieces: Sequence[Token]) -> Ways:
    """Return the ways in which the pieces, or some of them, begin a row's numbers."""
    if len(pieces) > MOST_PIECES:
        return Ways()
    found: list[Way] = list(plain.found)
    for way in plain.found:
        for many in range(1, len(pieces) + 1):
            for some in combinations(pieces, many):
                for places in combinations(range(len(way)), many):
                    made = list(way)
                    for piece, at in zip(some, places, strict=True):
                        rest = made[at]
                        text = piece.text + (rest.text if rest is not None else "")
                        if not is_value(text):
                            break
                        made[at] = replace(rest or piece, text=text, kind="value")
                    else:
                        found.append(tuple(made))
    return replace(plain, found=tuple(found))
