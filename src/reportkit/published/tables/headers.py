"""Headers: whether a table's column labels are the form's, in the form's order.

A value is where its column's label says. A renamed column is not the form's column, and columns
in another order are not where the form has them: their values stay unread.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reportkit.form import RowBlock, StatutoryTable
from reportkit.prose.fold import core, fold
from reportkit.published.tables.cut import is_cut_header
from reportkit.published.tables.labels import UNITS, Lexicon, near, ordered
from reportkit.published.tables.runs import FOREIGN, Run

State = Literal["sure", "even", "confirm", "unread"]
"""``sure``: read it. ``even``: certain only if the whole row has one value. ``confirm``: certain only
if the table's arithmetic holds. ``unread``: another column stands here."""


_NOTE = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says about a block's columns, and about the unit of an amount."""

    states: tuple[State, ...]
    unit: str | None = None
    unit_clear: bool = True
    seen: bool = True
    """The page prints a header for this block at all."""


@dataclass(frozen=True, slots=True)
class HeaderText:
    """The words between two rows, of which the header is a part."""

    whole: str = ""
    """Their core."""
    cells: tuple[str, ...] = ()
    """The cores of the single cells, lines or words, in order."""
    printed: str = ""
    """Folded, with what brackets hold."""

    def __add__(self, other: HeaderText) -> HeaderText:
        return HeaderText(
            self.whole + other.whole, self.cells + other.cells, self.printed + other.printed
        )


def header_text(run: Run, labels: Sequence[str] = ()) -> HeaderText:
    """Return the words of a run's context, less the row label that ends it."""
    start = max(run.context, run.used)
    whole = run.core[start:]
    label = next((label for label in labels if whole.endswith(label)), "")
    whole = whole[: len(whole) - len(label)]
    texts = [t for t, at in zip(run.texts, run.starts, strict=True) if at >= start]
    cells = [core(word) for t in texts for word in _NOTE.sub("", fold(t.text)).split()]
    while label and cells and label.endswith(cells[-1]):
        label = label.removesuffix(cells.pop())
    printed = "".join(fold(t.text) for t in (texts or run.texts)[-8:])[-160:]
    return HeaderText(whole, tuple(filter(None, cells)), printed)


def header_of(block: RowBlock, table: StatutoryTable, text: HeaderText, words: Lexicon) -> Header:
    """Return what the words before a block's first row say of its columns."""
    labels = [core(column.label) for column in block.columns]
    if all(row.across for row in block.rows):
        return Header(_disputes(table, text.whole, words))
    if any(column.group for column in block.columns):
        header = Header(_grouped(block, labels, text.whole, words))
    else:
        header = _plain(block, labels, text, words)
    if set(header.states) != {"sure"} and is_cut_header(block, table, text.cells):
        return replace(header, states=_all("sure", len(labels)))
    return header


def _all(state: State, count: int) -> tuple[State, ...]:
    return (state,) * count


def _plain(block: RowBlock, labels: list[str], text: HeaderText, words: Lexicon) -> Header:
    """Judge a header of one row: every label in its place."""
    full = {core(column.label, notes=True): core(column.label) for column in block.columns}
    chunks = [full.get(chunk, chunk) for chunk in _chunks(text, set(labels), words)]
    places = [_place(label, chunks) for label in labels]
    unit, clear = _unit(text.printed)
    seen = any(place is not None for place in places) or bool(chunks)
    return Header(_in_row(places, len(chunks)), unit, clear, seen=seen)


def _place(label: str, chunks: Sequence[str]) -> int | None:
    """Return where a column label stands among a header's chunks, damaged a little or whole."""
    exact = (i for i, chunk in enumerate(chunks) if chunk == label)
    close = (i for i, chunk in enumerate(chunks) if near(chunk, label) or _short(chunk, label))
    return next(exact, next(close, None))


def _in_row(places: Sequence[int | None], chunks: int) -> tuple[State, ...]:
    """Judge a header by where its labels stand among all that it prints."""
    count = len(places)
    known = [place for place in places if place is not None]
    if not chunks or not known or not ordered(known):
        return _all("unread" if chunks else "sure", count)
    if len(known) < count:
        if chunks == count and all(place in (None, i) for i, place in enumerate(places)):
            return tuple("unread" if place is None else "sure" for place in places)  # renamed
        foreign = chunks > len(known)
        return tuple("unread" if foreign or place is None else "even" for place in places)
    if known[-1] - known[0] >= count:
        return _all("unread", count)  # a foreign column between the form's
    if known[-1] + 1 < chunks:  # a foreign column behind them
        return _all("even" if count > 1 else "unread", count)
    return _all("sure", count)


def _short(chunk: str, label: str) -> bool:
    """Say whether a damaged chunk is a label that lost its end or its head."""
    return (
        len(chunk) >= 4
        and len(chunk) >= 0.6 * len(label)
        and (label.startswith(chunk) or label.endswith(chunk))
    )


def _chunks(text: HeaderText, labels: set[str], words: Lexicon) -> list[str]:
    """Return the header's labels and whatever else stands between them, headings left out."""
    chunks: list[str] = []
    end = 0
    started = False
    for piece in words.pieces(text.whole):
        between = text.whole[end : piece.start]
        if between and (started or len(between) < FOREIGN):
            chunks.append(between)
        if piece.word in labels or "column" in piece.kinds:
            chunks.append(piece.word)
            started = True
        elif piece.kinds == {"heading"} and not started:
            chunks.clear()
        end = piece.end
    if 0 < len(text.whole) - end < FOREIGN:
        chunks.append(text.whole[end:])
    return [c for c in _by_token(chunks, text.cells, words) if not UNITS.fullmatch(c)]


def _by_token(chunks: list[str], cells: Sequence[str], words: Lexicon) -> list[str]:
    """Cut foreign stretches where a cell ends: two strange labels side by side are two."""
    result: list[str] = []
    for chunk in chunks:
        if chunk in words.kinds:
            result.append(chunk)
            continue
        parts = [c for c in dict.fromkeys(cells) if c in chunk and c != chunk]
        if len(parts) > 1 and len("".join(parts)) == len(chunk):
            result += sorted(parts, key=chunk.index)
        else:
            result.append(chunk)
    return result


def _grouped(block: RowBlock, labels: list[str], whole: str, words: Lexicon) -> tuple[State, ...]:
    """Judge a header of several rows, which may come flattened: groups aside, in the form's order."""
    count = len(labels)
    found = [p.word for p in words.pieces(whole) if p.word in labels][-count:]
    if not found:
        return _all("sure", count)
    places = [labels.index(word) for word in found]
    if len(set(places)) != len(places):
        return _all("confirm", count)
    if len(places) < count:
        lost = (label for i, label in enumerate(labels) if i not in places)
        whole_again = ordered(places) and all(_damaged(label, whole) for label in lost)
        return _all("sure" if whole_again else "confirm", count)
    if _foreign(whole, found, words):
        return _all("confirm", count)
    return _all(_order(places, {i for i, c in enumerate(block.columns) if c.group}), count)


def _order(places: Sequence[int], grouped: set[int]) -> State:
    """Judge the order of all labels: the form's, or that of its heading rows one after the other."""
    inner = [i for i in places if i in grouped]
    outer = [i for i in places if i not in grouped]
    if ordered(places):
        return "sure"
    if not ordered(inner) or not _together(places, grouped):
        return "unread"
    return "sure" if ordered(outer) else "confirm"


def _foreign(whole: str, found: Sequence[str], words: Lexicon) -> bool:
    """Say whether something that is not the form's stands among or behind the column labels."""
    begin = whole.rfind(found[0]) if len(found) == 1 else whole.find(found[0])
    end = begin
    for piece in words.pieces(whole):
        if piece.start >= begin:
            stretch = whole[end : piece.start]
            if len(stretch) > 1 and not UNITS.fullmatch(stretch) and stretch not in words.headings:
                return True
            end = piece.end
    rest = whole[end:]
    return 1 < len(rest) < FOREIGN and not UNITS.fullmatch(rest) and rest not in words.headings


def _damaged(label: str, text: str) -> bool:
    """Say whether a label stands in a text but for one end."""
    return len(label) > 2 and (label[1:] in text or label[:-1] in text)


def _together(places: Sequence[int], grouped: set[int]) -> bool:
    ranks = [rank for rank, i in enumerate(places) if i in grouped]
    return not ranks or ranks[-1] - ranks[0] == len(ranks) - 1


def _disputes(table: StatutoryTable, whole: str, words: Lexicon) -> tuple[State, ...]:
    """Judge the header of t4: the columns once for each row of the form, in order."""
    block = table.blocks[0]
    columns = [core(column.label) for column in block.columns]
    rows = [core(row.path[-1]) for row in block.rows]
    pieces = [p.word for p in words.pieces(whole)]
    found = [word for word in pieces if word in columns]
    expected = columns * len(rows)
    found = found[-len(expected) :]
    named = [rows.index(word) for word in pieces if word in rows]
    named = list(dict.fromkeys(reversed(named)))[::-1]
    count = len(expected)
    if not ordered(named):
        return _all("unread", count)
    if len(found) == count:
        same = [a == b for a, b in zip(found, expected, strict=True)]
        if (
            sum(same) * 2 < count
        ):  # all moved by a strange column: one in its place is there by chance
            return _all("unread", count)
        return tuple("sure" if each else "unread" for each in same)
    rest = iter(expected)
    if all(word in rest for word in found):
        return _all("sure" if len(found) * 2 >= count else "confirm", count)
    return _all("unread", count)


def _unit(printed: str) -> tuple[str | None, bool]:
    """Return the unit of money that a header names, and whether it names one only."""
    units = set(re.findall(r"万元|(?<!万)元", re.sub(r"\s+", "", printed)))
    if len(units) > 1:
        return None, False
    return (units.pop() if units else None), True
