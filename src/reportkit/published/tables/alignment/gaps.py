"""Gaps: blank cells that text with one cell a line keeps only as empty lines.

The usual distance between two cells is learnt from the tables themselves. A row that has fewer
values than cells is filled with blanks only if its extra empty lines say exactly how many and
where, and if the same reading fits every other short row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportkit.published.tables.alignment.align import Way, Ways
from reportkit.published.tables.rows import Match
from reportkit.published.tables.runs import Run
from reportkit.published.tables.tokens import Token


def with_blanks(rows: Sequence[tuple[Match, int]], runs: Sequence[Run]) -> dict[int, Ways]:
    """Return the way of each row whose blank cells its empty lines show, by the row's id.

    Where blanks are lost, a row with as many values as cells and empty lines among them has no way:
    the values may be those of two rows.
    """
    lined = [
        _Lined(match, count, gaps)
        for match, count in rows
        if (gaps := _gaps(match, runs)) is not None
    ]
    base = _base(lined)
    if base is None:
        return {}
    short = [row for row in lined if len(row.match.tokens) < row.count]
    loose = _last_of_tables([match for match, _ in rows])
    mixed = {
        id(row.match): Ways()
        for row in lined
        if short and len(row.match.tokens) >= row.count and set(row.gaps[1:-1]) - {base}
    }
    fits: list[dict[int, Ways]] = []
    for unit in {1, base}:
        made = {id(row.match): row.filled(base, unit) for row in short}
        if any(made.values()) and all(way or key in loose for key, way in made.items()):
            fits.append({key: Ways((way,)) for key, way in made.items() if way is not None})
    return {**mixed, **(fits[0] if len(fits) == 1 else {})}


@dataclass(frozen=True, slots=True)
class _Lined:
    """A row whose values, and the text behind them, stand on lines of their own."""

    match: Match
    count: int
    gaps: list[int]
    """The line breaks before each value and before what follows."""

    def filled(self, base: int, unit: int) -> Way | None:
        """Return the row with as many blanks as its gaps hold, if that makes it full."""
        way: list[Token | None] = []
        tokens = iter(self.match.tokens)
        for gap in self.gaps:
            extra = gap - base
            if extra < 0 or extra % unit:
                return None
            way += [None] * (extra // unit)
            way.append(next(tokens, None))
        way.pop()
        return tuple(way) if len(way) == self.count else None


def _gaps(match: Match, runs: Sequence[Run]) -> list[int] | None:
    """Return a row's gaps; ``None`` where the file does not tell them."""
    if match.run is not runs[match.number] or not (match.label or match.header):
        return None
    behind = runs[match.number + 1] if match.number + 1 < len(runs) else None
    following = behind.texts[0] if behind is not None and behind.texts else None
    if not match.tokens:
        following = match.next_text
    gaps = [token.gap for token in (*match.tokens, following) if token is not None]
    known = [gap for gap in gaps if gap is not None]
    return known if following is not None and len(known) == len(gaps) else None


def _base(rows: Sequence[_Lined]) -> int | None:
    """Return the usual distance between two cells: the smallest that is common."""
    distances = Counter(gap for row in rows for gap in row.gaps[:-1])
    distances.update(
        token.gap for row in rows for token in row.match.run.texts[1:] if token.gap is not None
    )
    most = max(distances.values(), default=0)
    return min((gap for gap, times in distances.items() if times * 3 >= most), default=None)


def _last_of_tables(matches: Sequence[Match]) -> set[int]:
    """Return the last rows of tables: what follows them is no cell, and its distance says nothing."""
    last = {id(matches[-1])} if matches else set()
    return last | {id(a) for a, b in pairwise(matches) if a.slot.table is not b.slot.table}
