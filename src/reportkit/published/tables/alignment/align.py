"""Alignment: which of the printed values belongs to which cell of a row.

A row of the form has a known number of cells. Where as many are printed, each has its place.
Otherwise every way in which the printed ones can fill the row is tried; the arithmetic may prove
a way impossible, and a cell that has one and the same value in all that remain is certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import comb

from reportkit.published.tables.tokens import Token
from reportkit.published.tables.values import is_blank, is_value

_DIGITS = re.compile(r"[\d., ]+")

Way = tuple[Token | None, ...]
"""One token for each cell of the row; ``None``: a blank that left no trace but its place."""

MOST_WAYS = 4000
LONGEST_GLUED = 120
LONGEST_NUMBER = 16
MOST_PROVED = 40
"""Among more ways than that one may satisfy the arithmetic by chance."""
MOST_PROVED_DIGITS = 2
"""Nor where so many digits more than cells leave too much to choose."""
MOST_EXTRA = 2
"""So many values too many may be a stray; more of them are another table."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the full rows of a block tell about where values stand among blank cells."""

    places: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """By the number of printed cells: the positions of the values, where all full rows agree."""
    blanks_seen: bool = False
    """Glued rows of this report leave blanks out."""
    wide: bool = False
    """Rows hold more values than the form's columns: there is a foreign column among them."""

    lengths: frozenset[int] = frozenset()
    """How many cells a row may have; one row unlike the others is none of them."""

    @property
    def leading(self) -> bool:
        """Labels of this block leave blank cells before the values."""
        return any(places[0] > 0 for places in self.places.values())

    def fits(self, row: Sequence[Token]) -> bool:
        """Say whether a row has its values where others of its length have them."""
        places = self.places.get(len(row))
        return places is None or not any(t.filled for i, t in enumerate(row) if i not in places)

    def allows(self, length: int) -> bool:
        """Say whether a row of that many cells is like the others."""
        return not self.wide and length in self.lengths


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in which a row can be filled; none where that cannot be told."""

    found: tuple[Way, ...] = ()
    provable: bool = True
    """All are written out. Else two stand for many: they differ wherever any two do."""


def ways(tokens: Sequence[Token], count: int, shape: Shape) -> Ways:
    """Return the ways in which the tokens fill ``count`` cells."""
    cells = _cells(tokens)
    pieces = list(tokens)
    filled = [token.filled for token in cells]
    if any(filled) and not all(filled):
        # The row may go on where the file breaks off; and a blank before the values may be the
        # label's, and then a value is missing.
        lost = len(cells) == count and shape.leading and not filled[0]
        if lost or tokens[-1].open_end:
            return Ways()
    if (plain := _plain((cells, pieces), count, shape)) is not None:
        return Ways((plain,))
    if any(t.bond == "glued" for t in tokens):
        return Ways() if shape.blanks_seen else _split(tokens, count)
    row = pieces if len(pieces) > len(cells) else cells
    if _filled(row) > count:
        row = [token for token in row if token.filled]
    if len(row) > count:
        return Ways(tuple(_dropped(row, count, shape)))
    return Ways()


def _plain(rows: Sequence[Sequence[Token]], count: int, shape: Shape) -> Way | None:
    """Return the one way in which a row fills the cells without a choice, if there is one.

    ``rows`` is the row with the pieces of a line joined, and with each by itself.
    """
    if len(rows[0]) >= count and not _filled(rows[0]) and not shape.wide:
        return tuple(rows[0][:count])
    for row in rows:
        if len(row) == count and not shape.wide and (_filled(row) == count or shape.allows(count)):
            return tuple(row)
    for row in rows:
        if _filled(row) == count and shape.allows(len(row)) and shape.fits(row):
            return tuple(token for token in row if token.filled)
    return None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the ways to fill a row agree on for one of its cells."""

    token: Token | None
    """The token; ``None``: a blank that left no trace but its place, or there is a doubt."""
    doubt: bool = False
    """The ways differ here."""


def consensus(
    found: Ways, count: int, holds: Callable[[Way], bool | None] = lambda _: None
) -> list[Agreed]:
    """Return for each cell what all ways agree on.

    ``holds`` says whether a way satisfies the row's arithmetic, ``None`` where it cannot tell. Ways
    that break it are dropped where exactly one satisfies it.
    """
    left = list(found.found)
    if found.provable and 1 < len(left) <= MOST_PROVED:
        verdicts = [holds(way) for way in left]
        if verdicts.count(True) == 1:
            left = [
                way for way, verdict in zip(left, verdicts, strict=True) if verdict is not False
            ]
    result: list[Agreed] = []
    for i in range(count):
        tokens = [way[i] for way in left]
        texts = {None if t is None or t.kind == "blank" else t.text for t in tokens}
        result.append(Agreed(tokens[0]) if len(texts) == 1 else Agreed(None, doubt=True))
    return result


def _filled(row: Sequence[Token]) -> int:
    return sum(token.filled for token in row)


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
    places = None if shape.wide else shape.places.get(len(row))
    if places is not None and shape.fits(row):
        kept = tuple(row[i] for i in places)
        if places[0] and not kept[0].filled and any(t.filled for t in kept):
            return []  # one more blank may be the label's, and then a value is missing
        return [kept]
    if _filled(row) <= count and shape.allows(len(row)) and places is None:
        loose = [i for i, token in enumerate(row) if not token.filled]
    elif _filled(row) >= count and extra <= MOST_EXTRA:
        loose = list(range(len(row)))
    else:
        return []
    if comb(len(loose), extra) > MOST_WAYS:
        return []
    result: list[Way] = [
        tuple(token for i, token in enumerate(row) if i not in out)
        for out in map(set, combinations(loose, extra))
    ]
    shorter: list[Way] = [tuple(row)]
    for _ in range(extra):
        shorter = [joined for way in shorter for joined in _joined(way)]
        result += (
            tuple(token for i, token in enumerate(way) if i not in out)
            for way in shorter
            for out in map(set, combinations(range(len(way)), len(way) - count))
        )
    if extra > 1 and any(token.bond == "space" for token in row):
        return []
    return result


def _joined(row: Sequence[Token | None]) -> Iterator[Way]:
    """Yield the ways in which two neighbours are one number.

    A space may stand inside it, or a narrow column may have broken it over two lines. Cells of
    the file's own table are never one.
    """
    for i in range(1, len(row)):
        one, two = row[i - 1], row[i]
        if one is None or two is None or two.sure or two.bond == "glued":
            continue
        text = one.text + two.text
        if is_value(text) and (two.bond == "space" or _other_line(one, two)):
            yield (*row[: i - 1], replace(one, text=text, kind="value"), *row[i + 1 :])


def _other_line(one: Token, two: Token) -> bool:
    """Say whether two tokens stand in lines of their own."""
    return (one.row < 0 or one.row != two.row) and one.place != two.place


def _split(tokens: Sequence[Token], count: int) -> Ways:
    """Return the ways in which glued digits fall into ``count`` numbers without leading zeros.

    There may be millions of them. What each cell can be follows from what can stand before and
    behind it; only a few ways are written out, for the arithmetic to judge.
    """
    text = " ".join(t.text for t in tokens)
    if not _DIGITS.fullmatch(text) or len(text) > LONGEST_GLUED or tokens[-1].open_end:
        return Ways()
    stops = _stops(text)
    behind = [[0] * (len(text) + 1) for _ in range(count + 1)]
    behind[count] = [int(not text[at:].strip()) for at in range(len(text) + 1)]
    for left in range(count - 1, -1, -1):
        behind[left] = [
            sum(behind[left + 1][stop] for stop in stops[at]) for at in range(len(text) + 1)
        ]
    if not behind[0][0]:
        return Ways()
    token = replace(tokens[0], open_end=False)
    if behind[0][0] <= MOST_PROVED and len(text) <= count + MOST_PROVED_DIGITS:
        return Ways(tuple(_written(text, stops, behind, token)))
    reached = {0}
    options: list[list[Token]] = []
    for left in range(count):
        cells = {
            text[at:stop].strip(): None
            for at in reached
            for stop in stops[at]
            if behind[left + 1][stop]
        }
        options.append([_piece(token, cell) for cell in cells])
        reached = {s for at in reached for s in stops[at] if behind[left + 1][s]}
    return Ways((tuple(o[0] for o in options), tuple(o[-1] for o in options)), provable=False)


def _stops(text: str) -> list[list[int]]:
    """Return for each position where a cell that starts there may end."""
    found: list[list[int]] = []
    for at in range(len(text) + 1):
        begin = at + (len(text[at:]) - len(text[at:].lstrip()))
        ends: list[int] = []
        for end in range(begin + 1, min(len(text), begin + LONGEST_NUMBER) + 1):
            head = text[begin:end]
            if " " in head:
                break
            if is_value(head):
                ends.append(end)
        found.append(ends)
    return found


def _written(
    text: str, stops: list[list[int]], behind: list[list[int]], token: Token
) -> Iterator[Way]:
    """Write out every way to cut a text into the cells."""

    def cut(at: int, done: int) -> Iterator[Way]:
        if done == len(behind) - 1:
            yield ()
            return
        for stop in stops[at]:
            if behind[done + 1][stop]:
                for tail in cut(stop, done + 1):
                    yield (_piece(token, text[at:stop].strip()), *tail)

    return cut(0, 0)


def _piece(token: Token, text: str) -> Token:
    return replace(token, text=text, kind="value")
