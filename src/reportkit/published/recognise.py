"""Recognition: from tokens to the form's cells, each certain with its place or unread with a reason.

The order: runs, rows by their labels, columns by their header, values by their number. The edition
is the one whose own words the tables print.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportkit.form import EDITIONS, edition_for
from reportkit.published.align import Ways, ways
from reportkit.published.blocks import Place, Problem
from reportkit.published.exchange import doubt_exchanged
from reportkit.published.gaps import with_blanks
from reportkit.published.headers import Header, HeaderText, header_of, header_text
from reportkit.published.labels import Lexicon, lexicon
from reportkit.published.rows import Match, match_rows
from reportkit.published.runs import Run, runs_of
from reportkit.published.settle import PrintedRow, Recognised, holds, place_of, settle
from reportkit.published.shapes import shapes_of
from reportkit.published.tokens import Token


def recognise(tokens: Sequence[Token], year: int | None = None) -> Recognised | None:
    """Return the cells by the edition that fits best; ``None`` where no table of the form is found.

    Where the tables print no word that tells the editions apart, every cell read is the same in
    each, and the edition of the year is taken.
    """
    seen = [_recognise(tokens, code) for code in EDITIONS]
    seen = [each for each in seen if each.rows]
    if not seen:
        return None
    most = max(each.score for each in seen)
    best = [each for each in seen if each.score == most]
    if len(best) > 1:
        return _undecided(best, year)
    return best[0]


def _undecided(seen: Sequence[Recognised], year: int | None) -> Recognised | None:
    """Choose between editions that fit alike, and keep only what all of them read alike."""
    due = edition_for(year).code if year is not None and year >= 2019 else EDITIONS[-1]
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
        Problem("表格没有印出能区分年报格式版本的字样，只读两版相同的格", Place())
    )
    return chosen if chosen.readings else None


def _recognise(tokens: Sequence[Token], code: str) -> Recognised:
    words = lexicon(code)
    runs = runs_of(tokens, words)
    matches = match_rows(runs, words)
    result = Recognised(words.edition, score=_own_words(runs, words), rows=len(matches))
    if not matches:
        return result
    rows = _rows(matches, runs, words)
    _align(rows, runs)
    ordered = _in_order(rows, result)
    clear = [row for row in ordered if len(row.ways.found) == 1]
    sound = all(holds(row, words.edition, row.ways.found[0]) is not False for row in clear)
    for row in ordered:
        settle(row, result, sound=sound)
    doubt_exchanged(result)
    return result


def _own_words(runs: Sequence[Run], words: Lexicon) -> int:
    """Count the words that this edition has and no other."""
    others = {w for code in EDITIONS if code != words.edition.code for w in lexicon(code).kinds}
    own = words.kinds.keys() - others
    return sum(
        (2 if "column" in piece.kinds else 1)
        for run in runs
        for piece in run.pieces
        if piece.word in own
    )


def _rows(matches: Sequence[Match], runs: Sequence[Run], words: Lexicon) -> list[PrintedRow]:
    """Give each row its block's header, as printed before the block's first row."""
    rows: list[PrintedRow] = []
    header: Header | None = None
    previous: Match | None = None
    for match in matches:
        block = match.slot.block
        new = (
            previous is None
            or previous.slot.block is not block
            or match.slot.index <= previous.slot.index
        )
        if new or match.header:
            low = previous.number + 1 if previous else 0
            text = _text_between(runs, low, match)
            fresh = header_of(block, match.slot.table, text, words)
            if new or header is None or fresh.seen:
                header = fresh
        slots = (match.slot,)
        if match.slot.across and (not match.label or len(match.tokens) > match.slot.width):
            slots = tuple(s for s in words.slots if s.block is block)
        assert header is not None
        rows.append(PrintedRow(match, slots, header))
        previous = match
    return rows


def _text_between(runs: Sequence[Run], low: int, match: Match) -> HeaderText:
    """Return the words between two rows, the row's own label left out."""
    text = HeaderText()
    for run in runs[low : match.number]:
        text = header_text(run) if run.context else text + header_text(run)
    own = header_text(match.run, match.slot.labels if match.label else ())
    return own if match.run.context else text + own


def _align(rows: Sequence[PrintedRow], runs: Sequence[Run]) -> None:
    """Find the ways of every row."""
    shapes = shapes_of(rows)
    filled = with_blanks([(r.match, sum(s.width for s in r.slots)) for r in rows], runs)
    for row in rows:
        count = sum(slot.width for slot in row.slots)
        known = filled.get(id(row.match))
        if known is not None:
            row.ways = Ways((known,))
        elif row.match.tokens and not _broken_off(row.match, runs):
            row.ways = ways(row.match.tokens, count, shapes[row.block])


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
    kept: list[PrintedRow] = []
    for row in rows:
        while kept and kept[-1].slots[0].index > row.slots[0].index and len(kept) == 1:
            break
        kept.append(row)
    indexes = [row.slots[0].index for row in kept]
    stay = _rising(indexes)
    good = [row for i, row in enumerate(kept) if i in stay]
    rows_read = {row.slots[0].index for row in good}
    for i, row in enumerate(kept):
        if i in stay:
            continue
        again = row.slots[0].index in rows_read
        if again:
            good.append(row)
        else:
            result.problems.append(
                Problem(
                    f"“{row.match.label}”一行不在表格规定的顺序中",
                    place_of(row.match),
                    tuple(row.addresses),
                )
            )
    return good


def _rising(indexes: Sequence[int]) -> set[int]:
    """Return the positions of a longest strictly rising part."""
    best: list[list[int]] = []
    for i, value in enumerate(indexes):
        chain = max((c for c in best if indexes[c[-1]] < value), key=len, default=[])
        best.append([*chain, i])
    return set(max(best, key=len, default=[]))
