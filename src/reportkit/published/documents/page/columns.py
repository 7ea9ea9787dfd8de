"""Tables without rules: cells by where the columns stand, labels by the form's own words.

A full row's figures show where each column begins, or where its middle or its end is. Every other
word belongs to the column in line with it, also where two columns touch and are one word of the
page. A label that is broken into lines around its figures is put together where the lines, right
of some place, spell a row label of the form; nothing else is taken for one. What does not fit stays
the line that it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from reportkit.form import EDITIONS, RowBlock
from reportkit.prose.fold import core
from reportkit.published.documents.page.glyphs import Glyph
from reportkit.published.documents.page.lines import PageLine, Word
from reportkit.published.tables.labels import lexicon
from reportkit.published.tables.values import BROKEN, OUTSIDE, is_blank, is_value

IN_LINE = 1.5
"""So many points may a figure lie off its column."""
LONGEST_LABEL = 14
"""So many lines may a label take."""
HEADER = 12
"""So many lines may a header take."""
FEWEST = 3
"""A table of fewer columns of figures is read well enough as lines."""

_Side = Callable[[float, float], float]
_SIDES: tuple[_Side, ...] = (
    lambda left, _: left,
    lambda left, right: (left + right) / 2,
    lambda _, right: right,
)


@dataclass(slots=True)
class Untabled:
    """What of a document's lines turned out to be rows."""

    rows: dict[int, list[list[str]]] = field(default_factory=dict)
    """The cells of each row, by the position of the line behind which it stands."""
    left_over: dict[int, list[Word]] = field(default_factory=dict)
    """By position: the words of a line that rows have taken from, which none of them took."""


@dataclass(frozen=True, slots=True)
class _Columns:
    places: tuple[float, ...]
    side: _Side
    edge: float
    """Where the first column's widest figure begins: no label reaches beyond."""

    def at(self, left: float, right: float) -> int | None:
        """Return the column that a stretch is in line with."""
        here = self.side(left, right)
        return next((k for k, x in enumerate(self.places) if abs(x - here) <= IN_LINE), None)

    def cells(self, words: Sequence[Word], *, figures: bool = True) -> list[str] | None:
        """Return the words' text by column, ``None`` where they fit in no way or in several."""
        made = [""] * len(self.places)
        last = -1
        for word in words:
            ways = list(self._cut(word, 0, last + 1, figures=figures))
            if len(ways) != 1:
                return None
            for k, text in ways[0]:
                made[k], last = text, k
        return made

    def _cut(
        self, word: Word, start: int, low: int, *, figures: bool
    ) -> Iterator[list[tuple[int, str]]]:
        """Yield the ways to cut a word into pieces, each in line with a column of its own."""
        glyphs = word.glyphs
        if start == len(glyphs):
            yield []
            return
        for stop in range(len(glyphs), start, -1):
            k = self.at(glyphs[start].left, glyphs[stop - 1].right)
            if k is None or k < low:
                continue
            text = "".join(g.text for g in glyphs[start:stop])
            if figures and not _printed(text):
                continue
            for rest in self._cut(word, stop, k + 1, figures=figures):
                yield [(k, text), *rest]


def untabled(lines: Sequence[PageLine]) -> Untabled:
    """Find the rows of tables without rules in a document's lines."""
    found = Untabled()
    figures = {n: row for n, line in enumerate(lines) if len(row := _figures(line)) >= FEWEST}
    taken = -1
    for count, members in groupby(_seeds(figures), key=lambda n: len(figures[n])):
        seeds = list(members)
        trials: list[_Table] = []
        for side in _SIDES:
            columns = _columns([figures[n] for n in seeds], side)
            if columns is not None:
                trials.append(_Table(lines, columns, taken))
                trials[-1].read(seeds[0], seeds[-1], count)
        best = max(trials, key=lambda trial: len(trial.rows), default=None)
        if best is not None and best.rows:
            taken = best.last
            for at, cells in best.rows:
                found.rows.setdefault(at, []).append(cells)
            found.left_over |= best.left_over()
    return found


def _figures(line: PageLine) -> list[Word]:
    """Return the words at a line's end that are figures or marks for «unknown»."""
    kept: list[Word] = []
    for word in reversed(line.words):
        if not _printed(word.text):
            break
        kept.append(word)
    kept.reverse()
    return kept if any(is_value(word.text) for word in kept) else []


def _printed(text: str) -> bool:
    """Say whether a word may be what a cell prints: a figure, whole or in pieces, or a blank."""
    return is_value(text) or is_blank(text) or BROKEN in text or OUTSIDE in text


@cache
def _counts() -> frozenset[int]:
    """Return how many figures a printed row of the form may hold."""
    counts: set[int] = set()
    for code in EDITIONS:
        for table in lexicon(code).edition.tables.values():
            for block in table.blocks:
                counts.add(len(block.columns) * _across(block))
    return frozenset(counts)


def _across(block: RowBlock) -> int:
    """Return how many rows of a block are printed side by side as one."""
    side_by_side = all(row.path and row.path[-1] == row.label for row in block.rows)
    return len(block.rows) if side_by_side else 1


@cache
def _headers(count: int) -> frozenset[tuple[str, ...]]:
    """Return the column labels of the form's rows of so many figures, as cores."""
    found: set[tuple[str, ...]] = set()
    for code in EDITIONS:
        for table in lexicon(code).edition.tables.values():
            for block in table.blocks:
                labels = tuple(core(column.label) for column in block.columns)
                labels *= _across(block)
                if len(labels) == count:
                    found.add(labels)
    return frozenset(found)


@cache
def _row_labels(count: int) -> frozenset[str]:
    """Return the labels of the form's rows of so many figures, as cores."""
    return frozenset(
        label
        for code in EDITIONS
        for slot in lexicon(code).slots
        if not slot.across and slot.width == count
        for label in slot.labels
    )


def _seeds(figures: dict[int, list[Word]]) -> list[int]:
    return [n for n, row in figures.items() if len(row) in _counts()]


def _columns(rows: Sequence[Sequence[Word]], side: _Side) -> _Columns | None:
    """Return the columns that all full rows are in line with, ``None`` where there are none.

    A row that is full by chance (two columns glued, a number of the label) is outvoted.
    """
    placed = [tuple(side(word.left, word.right) for word in row) for row in rows]
    best: list[tuple[float, ...]] = []
    for one in placed[:12]:
        alike = [
            two
            for two in placed
            if all(abs(a - b) <= IN_LINE for a, b in zip(one, two, strict=True))
        ]
        if len(alike) > len(best):
            best = alike
    if 2 * len(best) < len(placed):
        return None
    places = tuple(sum(column) / len(best) for column in zip(*best, strict=True))
    return _Columns(places, side, min(row[0].left for row in rows))


class _Table:
    """One table: its columns, and the lines from which its rows are read."""

    def __init__(self, lines: Sequence[PageLine], columns: _Columns, before: int) -> None:
        self._lines = lines
        self._columns = columns
        self.rows: list[tuple[int, list[str]]] = []
        """The line behind which each row stands, and its cells."""
        self.last = before
        """The last line that a row has taken from."""
        self._taken: dict[int, set[int]] = {}

    def read(self, first: int, last: int, count: int) -> None:
        """Read the rows between two lines of figures, and the header above them."""
        low = self.last + 1
        start = max(low, first - LONGEST_LABEL)
        stop = min(len(self._lines), last + LONGEST_LABEL + 1)
        cells = {n: found for n in range(start, stop) if (found := self._cells(n)) is not None}
        header: int | None = None
        for n, (row, words) in cells.items():
            high = min((m for m in cells if m > n), default=stop)
            if any(self._figured(m) for m in (n - 1, n + 1) if m not in cells):
                continue  # figures broken into two lines, or a row that fits no column
            label = self._label(n, range(low, high), words, count)
            if label is None and not (header is None and not _row_labels(count)):
                continue
            if header is None:
                top = min(self._taken, default=n)
                header = self._header(low, top, count)
                if label is None and not header:
                    continue
            if label is None:
                self._take(n, words)
            self.rows.append((max(self._taken), [*([label] if label else []), *row]))
            low = self.last = max(self._taken)
            low += 1

    def _cells(self, n: int) -> tuple[list[str], list[Word]] | None:
        """Return a line's figures by column and the words that hold them."""
        words = self._lines[n].words
        begin = len(words)
        while begin and _printed(words[begin - 1].text):
            begin -= 1
        figures = [*self._unglued(words[begin - 1] if begin else None), *words[begin:]]
        if not any(is_value(word.text) for word in figures):
            return None
        own = {id(g) for word in figures for g in word.glyphs}
        rest = [g for word in words for g in word.glyphs if id(g) not in own]
        if any(g.right > self._columns.edge + IN_LINE for g in rest):
            return None  # a label over the figures hides some of them
        made = self._columns.cells(figures)
        return None if made is None or 2 * sum(map(bool, made)) < len(made) else (made, figures)

    def _figured(self, n: int) -> bool:
        """Say whether a line holds figures where the table has them."""
        edge = self._columns.edge - IN_LINE
        return 0 <= n < len(self._lines) and any(
            word.left >= edge and word.text[:1].isdigit() for word in self._lines[n].words
        )

    def _unglued(self, word: Word | None) -> Iterator[Word]:
        """Yield the figures that stand glued to the end of a label."""
        if word is None:
            return
        at = len(word.glyphs)
        while at and word.glyphs[at - 1].text.isdigit():
            at -= 1
        if 0 < at < len(word.glyphs):
            yield _word(word.glyphs[at:])

    def _label(self, n: int, near: range, words: list[Word], count: int) -> str | None:
        """Put a row's label together from the lines around it, and take them."""
        labels = _row_labels(count)
        own = {id(g) for word in words for g in word.glyphs}
        rest = {
            m: [
                g
                for word in self._lines[m].words
                for g in word.glyphs
                if id(g) not in own and id(g) not in self._taken.get(m, ())
            ]
            for m in self._reach(n, near)
        }
        best: tuple[int, str, dict[int, list[Glyph]]] | None = None
        for cut in self._cuts(rest):
            right = {m: [g for g in glyphs if g.left >= cut - 1] for m, glyphs in rest.items()}
            texts = {m: "".join(g.text for g in glyphs) for m, glyphs in right.items()}
            for a in range(n, min(rest) - 1, -1):
                for b in range(n, max(rest) + 1):
                    text = "".join(texts[m] for m in range(a, b + 1))
                    if len(text) > 80:
                        break
                    if (best is None or len(text) > best[0]) and core(text) in labels:
                        best = (len(text), text, {m: right[m] for m in range(a, b + 1)})
        if best is None:
            return None
        for m, glyphs in best[2].items():
            self._taken.setdefault(m, set()).update(map(id, glyphs))
        self._take(n, words)
        return best[1]

    def _reach(self, n: int, near: range) -> range:
        """Return the lines around a row's figures, up to those that hold another row's."""
        low = high = n
        while low > max(near.start, n - LONGEST_LABEL) and not self._figured(low - 1):
            low -= 1
        while high + 1 < min(near.stop, n + LONGEST_LABEL) and not self._figured(high + 1):
            high += 1
        return range(low, high + 1)

    def _cuts(self, rest: dict[int, list[Glyph]]) -> list[float]:
        """Return the places from which on a label may be written: where words begin."""
        begins = Counter(
            round(word.left, 1) for m in rest for word in self._lines[m].words if word.glyphs
        )
        return [x for x, _ in begins.most_common(16)]

    def _take(self, n: int, words: Sequence[Word]) -> None:
        self._taken.setdefault(n, set()).update(id(g) for word in words for g in word.glyphs)

    def _header(self, low: int, top: int, count: int) -> bool:
        """Read the header above a line, and say whether it is the form's, column by column."""
        stacks = [""] * count
        taken: dict[int, list[Word]] = {}
        wanted = set(_headers(count))
        for n in range(top - 1, max(low, top - HEADER) - 1, -1):
            for word in self._lines[n].words:
                cells = self._columns.cells([word], figures=False)
                if cells is None:
                    continue
                taken.setdefault(n, []).append(word)
                for k, text in enumerate(cells):
                    stacks[k] = text + stacks[k]
            for labels in wanted:
                if tuple(map(core, stacks)) == labels:
                    for m, words in taken.items():
                        self._take(m, words)
                    self.rows.append((top - 1, list(stacks)))
                    return True
        return False

    def left_over(self) -> dict[int, list[Word]]:
        """Return what is left of the lines that rows have taken from."""
        found: dict[int, list[Word]] = {}
        for n, gone in self._taken.items():
            words = []
            for word in self._lines[n].words:
                kept = [g for g in word.glyphs if id(g) not in gone]
                if kept:
                    words.append(_word(kept))
            found[n] = words
        return found


def _word(glyphs: list[Glyph]) -> Word:
    return Word("".join(g.text for g in glyphs), glyphs[0].left, glyphs[-1].right, glyphs)
