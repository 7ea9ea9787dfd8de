"""Alignment: which of the printed values belongs to which cell of a row.

A row of the form has a known number of cells. Where as many are printed, each has its place.
Otherwise every way in which the printed ones can fill the row is tried; the arithmetic may prove
a way impossible, and a cell that has one and the same value in all that remain is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from math import comb

from reportkit.published.tokens import Token
from reportkit.published.values import is_blank, is_value

Way = tuple[Token | None, ...]
"""One token for each cell of the row; ``None``: a blank that left no trace but its place."""

MOST_WAYS = 4000
MOST_EXTRA = 2
"""So many values too many may be a stray; more of them are another table."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the rest of the table tells about where a row's values stand."""

    trailing: int | None = None
    """Blank cells behind the last value, where the full rows agree on them."""
    blanks_seen: bool = False
    """Glued rows of this table leave blanks out."""


def ways(tokens: Sequence[Token], count: int, shape: Shape) -> list[Way]:
    """Return every way in which the tokens fill ``count`` cells; none where that cannot be told."""
    cells = _cells(tokens)
    pieces = list(tokens)
    exact = [row for row in (cells, pieces) if len(row) == count]
    if exact and (len(cells) == count or _filled(pieces) == count):
        return list(dict.fromkeys(tuple(row) for row in exact[:1]))
    for row in (cells, pieces):
        if _filled(row) == count:
            return [tuple(t for t in row if t.kind == "value")]
    if exact:
        return [tuple(exact[0])]
    if any(t.bond == "glued" for t in tokens):
        return list(islice(_split(tokens, count, blanks=shape.blanks_seen), MOST_WAYS))
    row = pieces if len(pieces) > len(cells) else cells
    if _filled(row) > count:
        row = [token for token in row if token.kind == "value"]
    if len(row) > count:
        return _dropped(row, count, shape)
    return []


def consensus(
    found: Sequence[Way], count: int, holds: Callable[[Way], bool | None] = lambda _: None
) -> list[Token | None | bool]:
    """Return for each cell the token that all ways agree on, ``None`` for a blank, False for doubt.

    ``holds`` says whether a way satisfies the row's arithmetic, ``None`` where it cannot tell. Ways
    that break it are dropped if one that satisfies it is left.
    """
    left = list(found)
    if len(left) > 1:
        verdicts = [holds(way) for way in left]
        if True in verdicts:
            left = [
                way for way, verdict in zip(left, verdicts, strict=True) if verdict is not False
            ]
    result: list[Token | None | bool] = []
    for i in range(count):
        tokens = [way[i] for way in left]
        texts = {None if t is None or t.kind == "blank" else t.text for t in tokens}
        result.append(tokens[0] if len(texts) == 1 else False)
    return result


def _filled(row: Sequence[Token]) -> int:
    return sum(token.kind == "value" for token in row)


def _cells(tokens: Sequence[Token]) -> list[Token]:
    """Join the pieces that one line or cell was cut into."""
    joined: list[Token] = []
    for token in tokens:
        if (
            token.bond == "space"
            and joined
            and joined[-1].row == token.row
            and joined[-1].bond != "glued"
        ):
            text = f"{joined[-1].text} {token.text}"
            if is_value(text) or is_blank(text):
                joined[-1] = replace(joined[-1], text=text, open_end=token.open_end)
                continue
        joined.append(token)
    return joined


def _dropped(row: Sequence[Token], count: int, shape: Shape) -> list[Way]:
    """Return the ways that leave out what is too much: blanks first, else any."""
    extra = len(row) - count
    if shape.trailing is not None and extra >= shape.trailing and _filled(row) <= count:
        stop = len(row) - shape.trailing
        kept, rest = row[stop - count : stop], (*row[: stop - count], *row[stop:])
        if _filled(rest) == 0:
            return [tuple(kept)]
    if _filled(row) <= count:
        places = [i for i, token in enumerate(row) if token.kind == "blank"]
    elif extra <= MOST_EXTRA:
        places = list(range(len(row)))
    else:
        return []
    if comb(len(places), extra) > MOST_WAYS:
        return []
    result = [
        tuple(token for i, token in enumerate(row) if i not in out)
        for out in map(set, combinations(places, extra))
    ]
    if extra == 1:
        result += _joined(row)
    elif any(token.bond == "space" for token in row):
        return []
    return result


def _joined(row: Sequence[Token]) -> Iterator[Way]:
    """Yield the ways in which one space stands inside a number instead of between two."""
    for i in range(1, len(row)):
        text = row[i - 1].text + row[i].text
        if row[i].bond == "space" and is_value(text):
            yield (*row[: i - 1], replace(row[i - 1], text=text), *row[i + 1 :])


def _split(tokens: Sequence[Token], count: int, *, blanks: bool) -> Iterator[Way]:
    """Yield the ways in which glued digits fall into ``count`` numbers without leading zeros."""
    first = tokens[0]
    text = "".join(t.text for t in tokens)
    if len(tokens) > 1 and any(t.bond != "glued" for t in tokens[1:]):
        # several words, the first of them glued to its label: each word is cut by itself
        text = " ".join(t.text for t in tokens)
    open_end = tokens[-1].open_end

    def cut(rest: str, left: int) -> Iterator[tuple[str | None, ...]]:
        rest = rest.lstrip()
        if left == 0:
            if not rest:
                yield ()
            return
        if blanks:
            for tail in cut(rest, left - 1):
                yield (None, *tail)
        for end in range(1, len(rest.split(" ")[0]) + 1 if rest else 1):
            head = rest[:end]
            if is_value(head) or (end == 1 and is_blank(head)):
                for tail in cut(rest[end:], left - 1):
                    yield (head, *tail)

    for parts in cut(text, count):
        way = [
            None
            if part is None
            else replace(
                first, text=part, kind="value" if is_value(part) else "blank", open_end=False
            )
            for part in parts
        ]
        if open_end and way[-1] is not None:
            way[-1] = replace(way[-1], open_end=True)
        yield tuple(way)
