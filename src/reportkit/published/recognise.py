"""Recognition: from blocks to the form's cells, each certain with its place or unread with a reason.

The order: tokens, runs, rows by their labels, columns by their header, values by their number.
The edition is the one whose own words the tables print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from reportkit.form import EDITIONS, CellValue, Edition, Identity, edition_for
from reportkit.form.layout import Figure, layout
from reportkit.published.align import Shape, Way, Ways, consensus, ways
from reportkit.published.blocks import Place, Problem
from reportkit.published.fold import core
from reportkit.published.gaps import with_blanks
from reportkit.published.headers import Header, header_of, header_texts
from reportkit.published.labels import Lexicon, Slot, lexicon
from reportkit.published.rows import Match, match_rows
from reportkit.published.runs import Run, runs_of
from reportkit.published.tokens import Token
from reportkit.published.values import parse_printed, value_for


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a cell was read, what is printed there, and whether that is certain."""

    place: Place
    text: str
    """As printed: a number, or the blank or mark that stands for unknown."""
    confidence: Literal["certain", "unread"]


@dataclass(slots=True)
class Recognised:
    """What one edition's eyes see in a document."""

    edition: Edition
    values: dict[str, CellValue] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    score: int = 0
    """How many of the edition's own words the tables print."""
    rows: int = 0


@dataclass(slots=True)
class _Row:
    """A row with its ways, before they are settled."""

    match: Match
    slots: tuple[Slot, ...]
    header: Header
    ways: Ways = field(default_factory=Ways)

    @property
    def block(self) -> tuple[str, int]:
        return self.slots[0].table.code, self.slots[0].block_no

    @property
    def addresses(self) -> list[str]:
        return [slot.address(i) for slot in self.slots for i in range(slot.width)]


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
    sound = all(_holds(row, words.edition, row.ways.found[0]) is not False for row in clear)
    for row in ordered:
        _settle(row, result, sound=sound)
    _suspect_exchanged(result)
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


def _rows(matches: Sequence[Match], runs: Sequence[Run], words: Lexicon) -> list[_Row]:
    """Give each row its block's header, as printed before the block's first row."""
    rows: list[_Row] = []
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
            texts = _texts_between(runs, low, match)
            fresh = header_of(block, match.slot.table, texts, words)
            if new or header is None or fresh.seen:
                header = fresh
        slots = (match.slot,)
        if match.slot.across and len(match.tokens) > match.slot.width:
            slots = tuple(s for s in words.slots if s.block is block)
        assert header is not None
        rows.append(_Row(match, slots, header))
        previous = match
    return rows


def _texts_between(runs: Sequence[Run], low: int, match: Match) -> list[Token]:
    """Return the header texts between two rows, the row's own label left out."""
    texts: list[Token] = []
    for run in runs[low : match.number]:
        texts = [] if run.context else texts
        texts += header_texts(run)
    own = header_texts(match.run)
    if match.run.context:
        texts = []
    if match.label:
        labels = set(match.slot.labels)
        while own and core(own[-1].text) and any(core(own[-1].text) in label for label in labels):
            if core(own[-1].text) in labels:
                own = own[:-1]
                break
            own = own[:-1]
    return texts + own


def _align(rows: Sequence[_Row], runs: Sequence[Run]) -> None:
    """Find the ways of every row."""
    shapes = _shapes(rows)
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


def _shapes(rows: Sequence[_Row]) -> dict[tuple[str, int], Shape]:
    """Learn from each block's rows where values stand among blanks."""
    short_glue = glue = False
    sure: set[tuple[str, int]] = set()
    lengths: dict[tuple[str, int], dict[int, list[set[int]]]] = {}
    for row in rows:
        tokens = row.match.tokens
        filled = {i for i, token in enumerate(tokens) if token.filled}
        lengths.setdefault(row.block, {}).setdefault(len(tokens), []).append(filled)
        if tokens and tokens[0].sure:
            sure.add(row.block)
        glued = "".join(t.text for t in tokens if t.bond == "glued")
        glue |= bool(glued)
        short_glue |= len(glued) < len(row.addresses)
    spans = {row.block: (len(row.addresses), _span(row.slots[0])) for row in rows}
    return {
        block: Shape(
            _places(found, *spans[block], sure=block in sure),
            glue and short_glue,
            _wide(found, spans[block][0]),
            _usual(found, spans[block][0], sure=block in sure),
        )
        for block, found in lengths.items()
    }


def _usual(lengths: Mapping[int, list[set[int]]], count: int, *, sure: bool) -> frozenset[int]:
    """Return how many cells rows of a block may have.

    One row unlike the others has a cell too many or too few. So has, in a file's own table, a lone
    row that is not as long as the form's, unless it holds one cell only.
    """
    some = {length: rows for length, rows in lengths.items() if length}
    return frozenset(
        length
        for length, rows in some.items()
        if len(rows) > 1 or (len(some) == 1 and (length == count or count == 1 or not sure))
    )


def _wide(lengths: Mapping[int, list[set[int]]], count: int) -> bool:
    """Say whether more than one row, or every row, holds more values than there are columns."""
    rows = [filled for found in lengths.values() for filled in found if filled]
    over = sum(len(filled) > count for filled in rows)
    return over > 1 or (over == 1 and len(rows) < 3 and count < 15)


def _span(slot: Slot) -> int:
    """Return how many grid columns one cell of a row takes in the printed form."""
    return next(
        figure.colspan
        for part in layout(slot.table).parts
        for line in part.body
        for figure in line
        if isinstance(figure, Figure) and figure.cell.row.code == slot.row.code
    )


def _places(
    lengths: Mapping[int, list[set[int]]], count: int, span: int, *, sure: bool
) -> dict[int, tuple[int, ...]]:
    """Return the one pattern of positions that fits all rows of a length, if there is one."""
    found: dict[int, tuple[int, ...]] = {}
    usual = _usual(lengths, count, sure=sure)
    for length, rows in lengths.items():
        if length not in usual:
            continue
        if length == count:
            found[length] = tuple(range(count))
            continue
        patterns = {
            tuple(range(offset, offset + step * (count - 1) + 1, step))
            for step in {1, span}
            for offset in range(length - step * (count - 1))
        }
        fit = [p for p in patterns if all(filled <= set(p) for filled in rows)]
        if len(fit) == 1 and any(rows):
            found[length] = fit[0]
    return found


def _in_order(rows: Sequence[_Row], result: Recognised) -> list[_Row]:
    """Leave out rows that stand against the form's order, and say so."""
    kept: list[_Row] = []
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
                    _place(row.match),
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


def _place(match: Match) -> Place:
    tokens = match.tokens or match.run.values or match.run.texts
    return tokens[0].place if tokens else Place()


def _holds(row: _Row, edition: Edition, way: Way) -> bool | None:
    """Say whether a way satisfies the identities that lie within the row."""
    numbers: dict[str, Decimal] = {}
    for address, token in zip(row.addresses, way, strict=True):
        printed = parse_printed(token.text) if token is not None and token.kind == "value" else None
        if printed is not None:
            numbers[address] = printed.number
    verdict: bool | None = None
    for identity in edition.arithmetic:
        if all(term.address in numbers for term in identity.terms):
            if not _equal(identity, numbers):
                return False
            verdict = True
    return verdict


def _equal(identity: Identity, numbers: Mapping[str, Decimal]) -> bool:
    left, right = (
        sum(term.sign * numbers[term.address] for term in side)
        for side in (identity.left, identity.right)
    )
    return left == right


def _settle(row: _Row, result: Recognised, *, sound: bool) -> None:
    """Read a row's cells from its ways."""
    addresses = row.addresses
    tokens = row.match.tokens
    place = _place(row.match)
    if not tokens and not row.ways.found:
        text = "标签后没有数字"
        _unread(result, addresses, place, "", f"“{row.match.label}”一行{text}")
        return
    if not row.ways.found:
        printed = " ".join(t.text or "□" for t in tokens[:20])
        _unread(
            result,
            addresses,
            place,
            printed,
            f"“{row.match.label}”一行应有{len(addresses)}个数，读到{len(tokens)}个，无法对应",
        )
        return
    agreed = consensus(
        row.ways,
        len(addresses),
        lambda way: _holds(row, result.edition, way) if sound else None,
    )
    states = (
        row.header.states
        if len(row.header.states) == len(addresses)
        else row.header.states[: len(addresses)]
    )
    even = len({None if not t else t.text for t in agreed}) == 1
    sums = _holds(row, result.edition, tuple(t if isinstance(t, Token) else None for t in agreed))
    for i, address in enumerate(addresses):
        token = agreed[i]
        state = states[i % len(states)]
        if isinstance(token, bool):
            _unread(
                result, [address], place, "", f"“{row.match.label}”一行的数有几种对应，此格不能确定"
            )
            continue
        if (
            state == "unread"
            or (state == "even" and not even)
            or (state == "confirm" and not (sums or even))
        ):
            _unread(
                result,
                [address],
                place,
                token.text if token else "",
                "表头与规定的表格不符，此列不能确定",
            )
            continue
        _read_cell(row, result, address, token, place)


def _read_cell(
    row: _Row, result: Recognised, address: str, token: Token | None, place: Place
) -> None:
    """Read one cell from the token that all ways agree on."""
    column = result.edition.cells[address].column
    if token is not None and token.kind == "blank" and token.open_end:
        _unread(result, [address], token.place, token.text, "文件在此中断，数可能不全")
        return
    if token is None or token.kind == "blank":
        reading = Reading(token.place if token else place, token.text if token else "", "certain")
        _enter(result, address, None, reading)
        return
    printed = parse_printed(token.text)
    value = None
    if printed is not None and (row.header.unit_clear or not printed.number or printed.money):
        value = value_for(column, printed, row.header.unit)
    if value is None:
        _unread(result, [address], token.place, token.text, f"“{token.text}”不是此格可填的数")
        return
    if (
        token.open_end
        and (value or column.type == "decimal")
        and not _confirmed(row, result, address)
    ):
        _unread(result, [address], token.place, token.text, "文件在此数后中断，数可能不全")
        return
    _enter(result, address, value, Reading(token.place, token.text, "certain"))


def _confirmed(row: _Row, result: Recognised, address: str) -> bool:
    """Say whether an identity within the row holds with this cell as read."""
    return any(
        address in {t.address for t in identity.terms} for identity in result.edition.arithmetic
    ) and any(
        _holds(row, result.edition, way) for way in row.ways.found if len(row.ways.found) == 1
    )


def _enter(result: Recognised, address: str, value: CellValue, reading: Reading) -> None:
    """Enter a certain value; a second reading that differs makes the cell unread."""
    old = result.readings.get(address)
    if old is None:
        result.values[address] = value
        result.readings[address] = reading
    elif old.confidence == "certain" and result.values.get(address) != value:
        result.values.pop(address, None)
        result.readings[address] = Reading(reading.place, reading.text, "unread")
        result.problems.append(
            Problem(
                f"同一格读到两个不同的数：“{old.text}”和“{reading.text}”", reading.place, (address,)
            )
        )


def _unread(
    result: Recognised, addresses: Sequence[str], place: Place, text: str, why: str
) -> None:
    fresh = [a for a in addresses if a not in result.readings]
    for address in addresses:
        result.values.pop(address, None)
        result.readings[address] = Reading(place, text, "unread")
    last = result.problems[-1] if result.problems else None
    if last and last.message == why and last.place == place:
        result.problems[-1] = Problem(why, place, (*last.cells, *fresh))
    else:
        result.problems.append(Problem(why, place, tuple(addresses)))


def _suspect_exchanged(result: Recognised) -> None:
    """Doubt a total and a part where exchanging the two mends the row's arithmetic.

    Where that mends more than one row, the columns are in the wrong order: all of both is unread.
    """
    cells = result.edition.cells
    for code, identities in _within_rows(result.edition).items():
        mended: dict[tuple[str, str], list[Identity]] = {}
        for identity in identities:
            if not all(isinstance(result.values.get(t.address), int) for t in identity.terms):
                continue
            if not _difference(identity, result.values, None):
                continue
            *parts, total = (cells[t.address].column.code for t in identity.terms)
            for part in parts:
                if not _difference(identity, result.values, (part, total)):
                    mended.setdefault((part, total), []).append(identity)
        for swap, broken in mended.items():
            whole = identities if len(broken) > 1 else broken
            doubtful = tuple(
                t.address
                for identity in whole
                for t in identity.terms
                if cells[t.address].column.code in swap and t.address in result.readings
            )
            where = result.readings[doubtful[0]].place
            for address in doubtful:
                old = result.readings[address]
                result.values.pop(address, None)
                result.readings[address] = Reading(old.place, old.text, "unread")
            result.problems.append(
                Problem(f"总计与另一列的数像是互换了：换回后勾稽（{code}）才成立", where, doubtful)
            )


def _within_rows(edition: Edition) -> dict[str, list[Identity]]:
    """Return the identities whose terms all lie in one row, by their code."""
    found: dict[str, list[Identity]] = {}
    for identity in edition.arithmetic:
        if len({edition.cells[t.address].row.code for t in identity.terms}) == 1:
            found.setdefault(identity.code, []).append(identity)
    return found


def _difference(
    identity: Identity, values: Mapping[str, CellValue], swap: tuple[str, str] | None
) -> Decimal:
    """Return left minus right, with two columns exchanged."""

    def at(address: str) -> Decimal:
        head, _, column = address.rpartition(".")
        if swap and column in swap:
            address = f"{head}.{swap[1 - swap.index(column)]}"
        value = values[address]
        return Decimal(value if value is not None else 0)

    left = sum((t.sign * at(t.address) for t in identity.left), Decimal(0))
    return left - sum((t.sign * at(t.address) for t in identity.right), Decimal(0))
