"""Settling: from the ways to fill a row to cells that are certain, or unread with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

from reportkit.form import CellValue, Edition, Identity, load_edition
from reportkit.prose.content import Problem, TextPlace
from reportkit.published.tables.alignment.align import Agreed, Way, Ways, consensus
from reportkit.published.tables.headers import Header, State
from reportkit.published.tables.labels import Slot
from reportkit.published.tables.rows import Match
from reportkit.published.tables.tokens import Token
from reportkit.published.tables.values import OUTSIDE, is_open, parse_printed, value_for


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a cell was read, what is printed there, and whether that is certain."""

    place: TextPlace
    text: str
    """As printed: a number, or the blank or mark that stands for unknown."""
    confidence: Literal["certain", "unread"]


@dataclass(slots=True)
class Recognised:
    """What was recognised of one edition's form in a document."""

    edition: Edition
    values: dict[str, CellValue] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    score: int = 0
    """How many of the edition's own words the tables print."""
    rows: int = 0
    whole: bool = False
    """Every row of the tables found is there: none of another edition's is missing."""


@dataclass
class PrintedRow:
    """A row with its ways, before they are settled."""

    match: Match
    slots: tuple[Slot, ...]
    header: Header
    ways: Ways = field(default_factory=Ways)

    @property
    def block(self) -> tuple[str, int]:
        """The table's code and the block's position in it."""
        return self.slots[0].table.code, self.slots[0].block_no

    @property
    def states(self) -> tuple[State, ...]:
        """What the header says of each of the row's cells."""
        count = len(self.addresses)
        return (self.header.states * count)[:count]

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the row's cells, in order."""
        return tuple(address for slot in self.slots for address in slot.addresses)


def place_of(match: Match) -> TextPlace:
    """Return where a row was found."""
    tokens = match.tokens or match.run.values or match.run.texts
    return tokens[0].place if tokens else TextPlace()


def _numbers(row: PrintedRow, way: Way) -> dict[str, Decimal]:
    """Return the numbers of a way by their addresses; blanks have none."""
    numbers: dict[str, Decimal] = {}
    for address, token in zip(row.addresses, way, strict=True):
        printed = parse_printed(token.text) if token is not None and token.kind == "value" else None
        if printed is not None:
            numbers[address] = printed.number
    return numbers


@lru_cache(maxsize=256)
def _within(edition: str, addresses: tuple[str, ...]) -> tuple[Identity, ...]:
    """Return the identities whose terms all are among a row's cells."""
    return tuple(
        identity
        for identity in load_edition(edition).arithmetic
        if all(term.address in addresses for term in identity.terms)
    )


def total_at_end(row: PrintedRow, edition: Edition) -> bool:
    """Say whether a row's last cell is the sum of the others, by the form's arithmetic."""
    *parts, total = row.addresses
    return any(
        [term.address for term in identity.right] == [total]
        and [term.address for term in identity.left] == parts
        for identity in _within(edition.code, row.addresses)
    )


def holds(row: PrintedRow, edition: Edition, way: Way) -> bool | None:
    """Say whether a way satisfies the identities within the row; ``None`` where none can be tried."""
    numbers = _numbers(row, way)
    verdicts = [
        _balanced(identity, numbers)
        for identity in _within(edition.code, row.addresses)
        if all(term.address in numbers for term in identity.terms)
    ]
    return all(verdicts) if verdicts else None


def _balanced(identity: Identity, numbers: Mapping[str, Decimal]) -> bool:
    left, right = (
        sum(term.sign * numbers[term.address] for term in side)
        for side in (identity.left, identity.right)
    )
    return left == right


def settle(row: PrintedRow, result: Recognised, *, sound: bool) -> None:
    """Read a row's cells from its ways.

    ``sound``: the arithmetic of the clear rows holds, so it may judge the others.
    """
    addresses, tokens, label = row.addresses, row.match.tokens, row.match.label
    place = place_of(row.match)
    printed = " ".join(t.text or "□" for t in tokens[:20])
    if not row.ways.found:
        why = (
            f"“{label}”一行应有{len(addresses)}个数，读到{len(tokens)}个，无法对应"
            if tokens
            else f"“{label}”一行标签后没有数字"
        )
        enter_unread(result, addresses, place, printed, why)
        return
    if any(token.doubtful for token in tokens):
        why = f"“{label}”一行的数和“序号”一列的数不能分开"
        enter_unread(result, addresses, place, printed, why)
        return
    agreed = consensus(
        row.ways,
        len(addresses),
        lambda way: holds(row, result.edition, way) if sound else None,
    )
    texts = {None if cell.token is None else cell.token.text for cell in agreed}
    sums = holds(row, result.edition, tuple(cell.token for cell in agreed))
    trusted: dict[State, bool] = {
        "sure": True,
        "even": len(texts) == 1,
        "confirm": len(texts) == 1 or bool(sums),
        "unread": False,
    }
    glued = any(t.bond == "glued" for t in tokens)
    for address, cell, state in zip(addresses, agreed, row.states, strict=True):
        token = cell.token
        if glued and not _confirmed(row, result.edition, address, agreed):
            why = f"“{label}”一行的数连在一起，没有勾稽可以证实"
            enter_unread(result, [address], place, printed, why)
        elif cell.doubt:
            why = f"“{label}”一行的数有几种对应，此格不能确定"
            enter_unread(result, [address], place, "", why)
        elif not trusted[state]:
            why = "表头与规定的表格不符，此列不能确定"
            enter_unread(result, [address], place, token.text if token else "", why)
        else:
            _read_cell(row, result, address, token)


def _confirmed(row: PrintedRow, edition: Edition, address: str, agreed: Sequence[Agreed]) -> bool:
    """Say whether the arithmetic bears out a cell of a glued row, or has nothing to say of it."""
    known = _numbers(row, tuple(cell.token for cell in agreed))
    about = [
        identity
        for identity in _within(edition.code, row.addresses)
        if any(term.address == address for term in identity.terms)
    ]
    return all(
        all(t.address in known for t in identity.terms) and _balanced(identity, known)
        for identity in about
    )


def _read_cell(row: PrintedRow, result: Recognised, address: str, token: Token | None) -> None:
    """Read one cell from the token that all ways agree on."""
    column = result.edition.cells[address].column
    if token is None or token.kind == "blank":
        place = token.place if token else place_of(row.match)
        if token is not None and token.open_end:
            enter_unread(result, [address], place, token.text, "文件在此中断，数可能不全")
            return
        _enter(result, address, None, Reading(place, token.text if token else "", "certain"))
        return
    printed = parse_printed(token.text)
    value = None
    if printed is not None and (row.header.unit_clear or not printed.number or printed.money):
        value = value_for(column, printed, row.header.unit)
    if OUTSIDE in token.text:
        enter_unread(result, [address], token.place, "", "此格在页面之外，看不到")
    elif value is None:
        enter_unread(result, [address], token.place, token.text, f"“{token.text}”不是此格可填的数")
    elif printed is not None and is_open(column, printed, row.header.unit):
        why = f"“{token.text}”没有单位，是元还是万元不能确定"
        enter_unread(result, [address], token.place, token.text, why)
    elif token.open_end and not _whole(row, result, address, value):
        enter_unread(result, [address], token.place, token.text, "文件在此数后中断，数可能不全")
    else:
        _enter(result, address, value, Reading(token.place, token.text, "certain"))


def _whole(row: PrintedRow, result: Recognised, address: str, value: int | Decimal) -> bool:
    """Say whether a number at the end of a broken file cannot have more digits."""
    if not value and result.edition.cells[address].column.type != "decimal":
        return True
    return len(row.ways.found) == 1 and any(
        address in {t.address for t in identity.terms}
        and holds(row, result.edition, row.ways.found[0])
        for identity in result.edition.arithmetic
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


def enter_unread(
    result: Recognised, addresses: Sequence[str], place: TextPlace, text: str, why: str
) -> None:
    """Enter cells as unread, with the reason; what was read of them before is withdrawn."""
    fresh = [a for a in addresses if a not in result.readings]
    for address in addresses:
        result.values.pop(address, None)
        result.readings[address] = Reading(place, text, "unread")
    last = result.problems[-1] if result.problems else None
    if last and last.message == why and last.place == place:
        result.problems[-1] = Problem(why, place, (*last.cells, *fresh))
    else:
        result.problems.append(Problem(why, place, tuple(addresses)))
