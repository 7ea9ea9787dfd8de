"""Gaps: blank cells that text with one cell a line keeps only as empty lines.

The usual distance between two cells is learnt from the tables themselves. A row that has fewer
values than cells is filled with blanks only if its extra empty lines say exactly how many and
where, and if the same reading fits every other short row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reportkit.published.align import Way
from reportkit.published.rows import Match
from reportkit.published.runs import Run


def with_blanks(rows: Sequence[tuple[Match, int]], runs: Sequence[Run]) -> dict[int, Way]:
    """Return the one way of each row whose blank cells its empty lines show, by the row's id."""
    lines = [(match, count) for match, count in rows if _lined(match, runs)]
    distances = Counter(gap for match, _ in lines for gap in _gaps(match, runs)[:-1])
    distances.update(
        token.gap for match, _ in lines for token in match.run.texts[1:] if token.gap is not None
    )
    if not distances:
        return {}
    base = min(gap for gap, times in distances.items() if times * 3 >= max(distances.values()))
    short = [(match, count) for match, count in lines if len(match.tokens) < count]
    followers = [match for match, _ in rows[1:]]
    loose = {
        id(match)
        for match, after in zip([m for m, _ in rows], [*followers, None], strict=True)
        if after is None or after.slot.table is not match.slot.table
    }
    """Last rows of their tables: what follows is no cell, and its distance says nothing."""
    fits: dict[int, dict[int, Way]] = {}
    for unit in {1, base}:
        made = {
            id(match): _fill(match, count, _gaps(match, runs), base, unit) for match, count in short
        }
        if any(made.values()) and all(way or key in loose for key, way in made.items()):
            fits[unit] = {key: way for key, way in made.items() if way is not None}
    return next(iter(fits.values())) if len(fits) == 1 else {}


def _lined(match: Match, runs: Sequence[Run]) -> bool:
    """Say whether every value of a row, and the text behind it, stands on a line of its own."""
    return (
        match.run is runs[match.number]
        and None not in _gaps(match, runs)
        and bool(match.label or match.header)
    )


def _gaps(match: Match, runs: Sequence[Run]) -> list[int]:
    """Return the line breaks before each value and before what follows; ``None`` for unknown."""
    if not match.tokens:
        return [match.next_text.gap if match.next_text else None]  # type: ignore[list-item]
    behind = runs[match.number + 1] if match.number + 1 < len(runs) else None
    last = behind.texts[0].gap if behind and behind.texts else None
    return [token.gap for token in match.tokens] + [last]  # type: ignore[return-value,list-item]


def _fill(match: Match, count: int, gaps: Iterable[int], base: int, unit: int) -> Way | None:
    """Return the row with as many blanks as its gaps hold, if that makes it full."""
    way: list[object] = []
    tokens = iter(match.tokens)
    for gap in gaps:
        extra = gap - base
        if extra < 0 or extra % unit:
            return None
        way += [None] * (extra // unit)
        way.append(next(tokens, None))
    way.pop()
    return tuple(way) if len(way) == count else None  # type: ignore[arg-type]
