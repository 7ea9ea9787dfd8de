"""Recognition: from tokens to the form's cells, each certain with its place or unread with a reason.

The order: runs, rows by their labels, columns by their header, values by their number. The edition
is the one whose own words the tables print.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from reportkit.form import EDITIONS, FIRST_YEAR, Edition, edition_for
from reportkit.prose.content import Problem, TextPlace
from reportkit.published.tables.alignment.align import Shape, Ways, ways
from reportkit.published.tables.alignment.broken import with_pieces_before
from reportkit.published.tables.alignment.gaps import with_blanks
from reportkit.published.tables.alignment.glued import with_doubtful_cuts
from reportkit.published.tables.alignment.moved import with_moved_blanks
from reportkit.published.tables.alignment.shapes import shapes_of
from reportkit.published.tables.exchange import doubt_exchanged
from reportkit.published.tables.headers import Header, HeaderText, header_of, header_text
from reportkit.published.tables.labels import Lexicon, lexicon
from reportkit.published.tables.lost import with_lost_labels
from reportkit.published.tables.rows import Match, match_rows
from reportkit.published.tables.runs import Run, runs_of
from reportkit.published.tables.settle import PrintedRow, Recognised, holds, place_of, settle
from reportkit.published.tables.tokens import Token

CLEAR = 8
"""By so much must the words of one edition outnumber another's for that to be left out."""


def recognise(tokens: Sequence[Token], year: int | None = None) -> Recognised | None:
    """Return the cells by the edition that fits best; ``None`` where no table of the form is found.

    Where the tables print no word that tells the editions apart, every cell read is the same in
    each, and the edition of the year is taken.
    """
    runs = {code: runs_of(tokens, lexicon(code)) for code in EDITIONS}
    words = {code: _own_words(runs[code], lexicon(code)) for code in EDITIONS}
    clear = max(words.values()) - CLEAR  # an edition so far behind need not be tried
    seen = [_recognise(runs[code], lexicon(code)) for code in EDITIONS if words[code] >= clear]
    seen = [each for each in seen if each.rows]
    if not seen:
        return None
    most = max(each.score for each in seen)
    best = [each for each in seen if each.score == most]
    whole = [each for each in best if each.whole]
    best = whole if len(whole) == 1 else best
    if len(best) > 1:
        return _undecided(best, year)
    return best[0]


def _undecided(seen: Sequence[Recognised], year: int | None) -> Recognised | None:
    """Choose between editions that fit alike, and keep only what all of them read alike."""
    due = edition_for(year).code if year is not None and year >= FIRST_YEAR else EDITIONS[-1]
    chosen = next((each for each in seen if each.edition.code == due), seen[-1])
    others = [each for each in seen if each is not chosen]
    for address in list(chosen.readings):
        if any(
            each.readings.get(address) != chosen.readings[address]
            or each.values.get(address) != chosen.values.get(address)
            for each in others
        ):
            chosen.readings.pop(address)
            chosen.values.pop(address, None)
    chosen.problems.append(
        Problem("表格没有印出能区分年报格式版本的字样，只读两版相同的格", TextPlace())
    )
    return chosen if chosen.readings else None


def _recognise(given: Sequence[Run], words: Lexicon) -> Recognised:
    found, runs = match_rows(given, words)
    matches = with_lost_labels(found, runs, words)
    result = Recognised(words.edition, rows=len(matches))
    result.score = _own_words(runs, words) + 2 * _own_rows(matches)
    if not matches:
        return result
    result.whole = _whole(matches, words)
    rows = _rows(matches, runs, words)
    _align(rows, runs, words.edition)
    ordered = _in_order(rows, result)
    clear = [row for row in ordered if len(row.ways.found) == 1]
    sound = all(holds(row, words.edition, row.ways.found[0]) is not False for row in clear)
    for row in ordered:
        settle(row, result, sound=sound)
    doubt_exchanged(result)
    return result


@cache
def _common_words() -> frozenset[str]:
    """Return the words that every edition has: they do not tell one from another."""
    return frozenset.intersection(*(frozenset(lexicon(code).kinds) for code in EDITIONS))


@cache
def _common_rows() -> frozenset[str]:
    """Return the codes of the rows that every edition has."""
    return frozenset.intersection(
        *(frozenset(slot.row.code for slot in lexicon(code).slots) for code in EDITIONS)
    )


def _own_words(runs: Sequence[Run], words: Lexicon) -> int:
    """Count the words that this edition has and not every edition."""
    own = words.kinds.keys() - _common_words()
    return sum(
        (2 if "column" in piece.kinds else 1)
        for run in runs
        for piece in run.pieces
        if piece.word in own
    )


def _own_rows(matches: Sequence[Match]) -> int:
    """Count the rows found, by their labels, that this edition has and not every edition."""
    common = _common_rows()
    return sum(bool(m.label and m.tokens) and m.slot.row.code not in common for m in matches)


def _whole(matches: Sequence[Match], words: Lexicon) -> bool:
    """Say whether every row of the tables that were found, at least in part, was found."""
    found = {match.slot.index for match in matches}
    tables = {match.slot.table.code for match in matches}
    return all(
        slot.index in found or slot.across for slot in words.slots if slot.table.code in tables
    )


def _rows(matches: Sequence[Match], runs: Sequence[Run], words: Lexicon) -> list[PrintedRow]:
    """Give each row its block's header, as printed before the block's first row."""
    rows: list[PrintedRow] = []
    for match in matches:
        before = rows[-1] if rows else None
        slots = tuple(s for s in words.slots if s.block is match.slot.block)
        if not match.slot.across or (match.label and len(match.tokens) <= match.slot.width):
            slots = (match.slot,)
        rows.append(PrintedRow(match, slots, _header(match, before, runs, words)))
    return rows


def _header(match: Match, before: PrintedRow | None, runs: Sequence[Run], words: Lexicon) -> Header:
    """Return the header above a row: its own, or that of the row before in the same block."""
    old = None
    if before is not None and before.match.slot.block is match.slot.block:
        old = before.header if match.slot.index > before.match.slot.index else None
    if old is not None and not match.header:
        return old
    low = before.match.number + 1 if before is not None else 0
    text = _text_between(runs, low, match)
    fresh = header_of(match.slot.block, match.slot.table, text, words)
    return fresh if old is None or fresh.seen else old


def _text_between(runs: Sequence[Run], low: int, match: Match) -> HeaderText:
    """Return the words between two rows, the row's own label left out."""
    text = HeaderText()
    for run in runs[low : match.number]:
        text = header_text(run) if run.context else text + header_text(run)
    own = header_text(match.run, match.slot.labels if match.label else ())
    return own if match.run.context else text + own


def _align(rows: Sequence[PrintedRow], runs: Sequence[Run], edition: Edition) -> None:
    """Find the ways of every row."""
    in_order = _rising([row.slots[0].index for row in rows])  # others' tables have another shape
    ours = [row for i, row in enumerate(rows) if i in in_order]
    shapes = shapes_of(ours, cut=bool(rows) and rows[-1].match.number == len(runs) - 1)
    lined = with_blanks([(row.match, len(row.addresses)) for row in rows], runs)
    for row in rows:
        known = lined.get(id(row.match))
        if known is not None:
            row.ways = known
        elif row.match.tokens and not _broken_off(row.match, runs):
            row.ways = ways(row.match.tokens, len(row.addresses), shapes.get(row.block, Shape()))
    for row, left in list(with_doubtful_cuts(rows, edition)):
        row.ways = left
    for row in _run_together(rows):
        row.ways = Ways()
    loose = [row for row in rows if id(row.match) not in lined]
    for row, left in with_moved_blanks(loose, edition):
        row.ways = left
    for row, left in list(with_pieces_before(rows, runs)):
        row.ways = left


def _run_together(rows: Sequence[PrintedRow]) -> list[PrintedRow]:
    """Return rows of plain text whose values may be those of two rows.

    Where blanks leave nothing, and the next row of the form is missing, its label may be lost and
    its values stand with those of the row before.
    """
    short = {
        row.slots[0].table.code
        for row in rows
        if 0 < len(row.match.tokens) < len(row.addresses) and not row.ways.found
    }
    return [
        row
        for row, after in pairwise(rows)
        if row.slots[0].table.code in short
        and row.match.tokens
        and row.match.tokens[0].row < 0
        and after.slots[0].block is row.slots[0].block
        and after.slots[0].index > row.slots[-1].index + 1
    ]


def _broken_off(match: Match, runs: Sequence[Run]) -> bool:
    """Say whether foreign text follows the values on their own line: then more may be meant."""
    last = match.tokens[-1]
    after = runs[match.number + 1] if match.number + 1 < len(runs) else None
    if last.row >= 0 or last is not match.run.values[-1] or after is None or not after.texts:
        return False
    if after.texts[0].place != last.place or after.used:
        return False
    return not after.pieces or after.pieces[0].start > 1


def _in_order(rows: Sequence[PrintedRow], result: Recognised) -> list[PrintedRow]:
    """Leave out rows that stand against the form's order, and say so."""
    stay = _rising([row.slots[0].index for row in rows])
    good = [row for i, row in enumerate(rows) if i in stay]
    rows_read = {row.slots[0].index for row in good}
    astray = [row for i, row in enumerate(rows) if i not in stay]
    again = [row for row in astray if row.slots[0].index in rows_read]
    others = {id(row) for row in (*_of_other_tables(again), *_of_no_table(again, good))}
    result.problems += (
        Problem(
            f"“{row.match.label}”一行不在表格规定的顺序中",
            place_of(row.match),
            tuple(row.addresses),
        )
        for row in astray
        if row.slots[0].index not in rows_read
    )
    return good + [row for row in again if id(row) not in others]


def _of_other_tables(again: Sequence[PrintedRow]) -> Iterator[PrintedRow]:
    """Yield rows, of those read already, that stand again under columns that are not the form's.

    Reports tell of the same outcomes in tables of their own: how long answers took, last year's.
    Rows that follow one another are one table.
    """
    rest = list(again)
    while rest:
        size = 1
        while size < len(rest) and rest[size].match.number == rest[size - 1].match.number + 1:
            size += 1
        table, rest = rest[:size], rest[size:]
        if not any(row.match.header or row.ways.found for row in table):
            yield from table


def _of_no_table(again: Sequence[PrintedRow], good: Sequence[PrintedRow]) -> Iterator[PrintedRow]:
    """Yield rows in lines of text whose form's row was read in a table: the words of a chart, say."""
    in_table = {row.slots[0].index for row in good if any(t.sure for t in row.match.tokens)}
    for row in again:
        if row.slots[0].index in in_table and all(t.row < 0 for t in row.match.tokens):
            yield row


def _rising(indexes: Sequence[int]) -> set[int]:
    """Return the positions of a longest strictly rising part."""
    chains: list[list[int]] = []
    longest: list[int] = []
    for i, value in enumerate(indexes):
        before: list[int] = []
        for chain in chains:
            if indexes[chain[-1]] < value and len(chain) > len(before):
                before = chain
        chains.append([*before, i])
        if len(chains[-1]) > len(longest):
            longest = chains[-1]
    return set(longest)
