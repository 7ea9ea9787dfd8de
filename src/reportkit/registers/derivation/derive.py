"""From one town's registers to the cells and facts of a year. docs/derivation.md states every rule.

A report of year Y sees the registers as they stood on 31 December Y. Each date is looked at through
its year alone, so a date after Y compares like one that has not come: next year's work never changes
last year's report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from reportkit.errors import FormError, nearest
from reportkit.finding import Finding
from reportkit.form import (
    EDITIONS,
    Cell,
    Cells,
    CellValue,
    Derivation,
    Edition,
    edition_for,
    load_edition,
    plain,
    total,
)
from reportkit.form.facts import FACTS, Fact
from reportkit.registers.data import TownData
from reportkit.registers.schema import CASE_REGISTERS, CO_DEFENDANT, REGISTERS, codes_of

NEVER = 9999
"""The year of a date that is blank: it has not come."""

YUAN_PER_WAN = Decimal(10_000)

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Objects = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class Numbers:
    """What a year's registers give: cells, facts, and what was found on the way."""

    edition: Edition
    cells: Cells
    facts: Mapping[str, int | Decimal]
    findings: tuple[Finding, ...]

    @property
    def known(self) -> bool:
        """Whether anything at all is known of the year."""
        return bool(self.facts) or any(value is not None for value in self.cells.values())


@dataclass(frozen=True)
class Count:
    """A derived value, and whether there were case rows that it could have come from."""

    value: CellValue
    rows: bool


UNKNOWN = Count(None, rows=False)


class Cases:
    """One town's registers as arrays of years and codes, made once for all reporting years."""

    def __init__(self, data: TownData) -> None:
        self.data = data
        self._years: dict[tuple[str, str], Ints] = {}
        self._columns: dict[tuple[str, str], Objects] = {}
        self._masks: dict[tuple[str, str, str], Bools] = {}
        self._grid: dict[str, tuple[Ints, Ints]] = {}
        self._numbers: dict[int, Numbers] = {}

    def numbers(self, year: int) -> Numbers:
        """Return :func:`derive_numbers`, derived once: a report looks back on the years before its own."""
        if year not in self._numbers:
            self._numbers[year] = derive_numbers(self, year)
        return self._numbers[year]

    def years(self, register: str, column: str) -> Ints:
        """Return the year of each row's date, :data:`NEVER` for a blank."""
        key = (register, column)
        if key not in self._years:
            dates = self.data.rows(register).days(column).astype("datetime64[Y]")
            years = dates.astype(np.int64) + 1970
            self._years[key] = np.where(np.isnat(dates), NEVER, years)
        return self._years[key]

    def column(self, register: str, column: str) -> Objects:
        """Return a column's values."""
        key = (register, column)
        if key not in self._columns:
            self._columns[key] = self.data.rows(register).values(column)
        return self._columns[key]

    def of(self, register: str, column: str, code: str) -> Bools:
        """Return which rows have a code in a column."""
        key = (register, column, code)
        if key not in self._masks:
            self._masks[key] = self.column(register, column) == code
        return self._masks[key]

    def grid(self, edition: Edition) -> tuple[Ints, Ints]:
        """Return where in an edition's table t3 each application counts: column, row of its outcome.

        The row is -1 where there is no outcome.
        """
        if edition.code not in self._grid:
            table = edition.tables["t3"]
            rows = {row.code: number for number, row in enumerate(table.rows)}
            columns = {c.code: number for number, c in enumerate(table.blocks[0].columns)}
            types = self.column("applications", "applicant_type")
            outcomes = self.column("applications", "outcome")
            at = {code: rows[edition.outcome_row(code).code] for code in {*outcomes} - {None}}
            self._grid[edition.code] = (
                np.array([columns[code] for code in types], dtype=np.int64),
                np.array([at.get(code, -1) for code in outcomes], dtype=np.int64),
            )
        return self._grid[edition.code]


class Year:
    """The derivations of one reporting year. Each returns a :class:`Count`."""

    def __init__(self, cases: Cases, year: int) -> None:
        self.cases = cases
        self.year = year

    def covered(self, register: str) -> bool:
        """Say whether the register counts in this year."""
        return self.cases.data.covers(register, self.year)

    def dated(self, register: str, column: str, only: Bools | None = None) -> Count:
        """Count the rows dated in the year."""
        if not self.covered(register):
            return UNKNOWN
        mask = self.cases.years(register, column) == self.year
        if only is not None:
            mask = mask & only
        number = int(np.count_nonzero(mask))
        return Count(number, rows=number > 0)

    def standing(
        self, register: str, begin: str, end: str, only: Bools | None = None, offset: int = 0
    ) -> Count:
        """Count the rows begun by, and not ended by, 31 December of the year plus ``offset``."""
        if not self.covered(register):
            return UNKNOWN
        began, ended = self.cases.years(register, begin), self.cases.years(register, end)
        day = self.year + offset
        known = began <= self.year
        if only is not None:
            known = known & only
        mask = known & (began <= day) & ~(ended <= day)
        # Rows are there as soon as any was begun: an emptied stock is a counted zero.
        return Count(int(np.count_nonzero(mask)), rows=bool(known.any()))

    def distinct(self, only: Bools | None = None) -> Count:
        """Count the distinct items disclosed in the year: one item on two channels is one item."""
        if not self.covered("disclosures"):
            return UNKNOWN
        mask = self.cases.years("disclosures", "published_on") == self.year
        if only is not None:
            mask = mask & only
        number = len(set(self.cases.column("disclosures", "item_no")[mask]))
        return Count(number, rows=number > 0)

    def amount(self, register: str, column: str, dated: str, only: Bools | None = None) -> Count:
        """Sum the amounts dated in the year; unknown where one of them is blank."""
        if not self.covered(register):
            return UNKNOWN
        mask = self.cases.years(register, dated) == self.year
        if only is not None:
            mask = mask & only
        value = total(self.cases.column(register, column)[mask])
        return Count(Decimal(value) if value is not None else None, rows=bool(mask.any()))


def derived(year: Year, cell: Cell) -> Count:
    """Return the value of a cell that the form says how to count, see :class:`Derivation`."""
    rule = cell.derive
    if rule is None:
        raise FormError(f"the form does not say how {cell.address} is counted")
    codes = rule.where if rule.by is None else ((rule.by, cell.row.code), *rule.where)
    only: Bools | None = None
    for column, code in codes:
        rows = year.cases.of(rule.register, column, code)
        only = rows if only is None else only & rows
    match rule.measure:
        case "count":
            return year.dated(rule.register, rule.date, only)
        case "sum":
            yuan = year.amount(rule.register, str(rule.of), rule.date, only)
            return yuan if yuan.value is None else Count(_in(cell.column.unit, yuan), yuan.rows)
        case "stock":
            return year.standing(rule.register, rule.date, str(rule.until), only)
        case "stock_last_year":
            return year.standing(rule.register, rule.date, str(rule.until), only, offset=-1)
        case "stock_change":
            last = year.standing(rule.register, rule.date, str(rule.until), only, offset=-1)
            now = year.standing(rule.register, rule.date, str(rule.until), only)
            change = total((now.value, None if last.value is None else -last.value))
            return Count(change, now.rows)


def _in(unit: str, yuan: Count) -> Decimal:
    """Return an amount of yuan in a unit of money: exact."""
    return Decimal(yuan.value or 0) / (YUAN_PER_WAN if unit == "万元" else 1)


@cache
def register_rules(code: str) -> Mapping[str, Derivation]:
    """Return how each cell of an edition's ``t2`` is counted, by its address.

    Raises :class:`~reportkit.errors.FormError` where the edition names a register, a column or a code
    that the registers do not have.
    """
    rules: dict[str, Derivation] = {}
    for cell in load_edition(code).tables["t2"].cells():
        rule, where = cell.derive, f"edition {code}, {cell.address}"
        if rule is None:
            raise FormError(f"{where}: the file does not say how it is counted (derive)")
        if rule.register not in CASE_REGISTERS:
            raise FormError(f"{where}: {rule.register!r}{nearest(rule.register, CASE_REGISTERS)}")
        names = [column.name for column in REGISTERS[rule.register].public_columns]
        used = (rule.date, rule.until, rule.of, rule.by, *dict(rule.where))
        for name in used:
            if name is not None and name not in names:
                raise FormError(f"{where}: {rule.register} has no {name!r}{nearest(name, names)}")
        for column, value in rule.where:
            if value not in (codes := codes_of(rule.register, column)):
                raise FormError(f"{where}: {column} is never {value!r}{nearest(value, codes)}")
        rules[cell.address] = rule
    return MappingProxyType(rules)


def _t3(year: Year, edition: Edition) -> dict[str, Count]:
    table = edition.tables["t3"]
    cells = list(table.cells())
    if not year.covered("applications"):
        return {cell.address: UNKNOWN for cell in cells}
    rows = {row.code: number for number, row in enumerate(table.rows)}
    columns = {column.code: number for number, column in enumerate(table.blocks[0].columns)}
    received, replied = (
        year.cases.years("applications", name) for name in ("received_on", "replied_on")
    )
    column, outcome = year.cases.grid(edition)
    now = year.year
    grid = np.zeros((len(rows), len(columns)), dtype=np.int64)
    before = received < now
    for code, mask in (
        ("received", received == now),
        ("carried_in", before & (replied >= now)),
        ("handled", replied == now),
        ("carried_forward", (received <= now) & (replied > now)),
    ):
        grid[rows[code]] += np.bincount(column[mask], minlength=len(columns))
    closed = replied == now
    np.add.at(grid, (outcome[closed], column[closed]), 1)
    grid[:, columns["total"]] = grid.sum(axis=1)
    live = bool(np.any((received <= now) & (replied >= now)))
    return {
        cell.address: Count(count, live)
        for cell, count in zip(cells, grid.ravel().tolist(), strict=True)
    }


def _t4(year: Year, edition: Edition) -> dict[str, Count]:
    cells = list(edition.tables["t4"].cells())
    if not year.covered("disputes"):
        return {cell.address: UNKNOWN for cell in cells}
    filed, closed = (
        year.cases.years("disputes", "filed_on"),
        year.cases.years("disputes", "closed_on"),
    )
    counts: dict[str, Count] = {}
    ours = ~year.cases.of("disputes", "role", CO_DEFENDANT)
    for cell in cells:
        route = ours & year.cases.of("disputes", "route", cell.row.code)
        ended, pending = (
            route & (closed == year.year),
            route & (filed <= year.year) & (closed > year.year),
        )
        match cell.column.code:
            case "total":
                mask = ended | pending
            case "pending":
                mask = pending
            case result:
                mask = ended & year.cases.of("disputes", "result", result)
        counts[cell.address] = Count(int(np.count_nonzero(mask)), bool(np.any(ended | pending)))
    return counts


def _facts(year: Year) -> dict[str, Count]:
    """Return the facts that are not cells."""

    def channel(code: str) -> Count:
        return year.distinct(year.cases.of("disclosures", "channel", code))

    def held(kind: str) -> Count:
        return year.dated("activities", "held_on", year.cases.of("activities", "kind", kind))

    def proposals(kind: str) -> Count:
        return year.dated("proposals", "received_on", year.cases.of("proposals", "kind", kind))

    def participants() -> Count:
        trainings = held("training")
        if not trainings.rows:
            return trainings
        mask = year.cases.of("activities", "kind", "training")
        mask = mask & (year.cases.years("activities", "held_on") == year.year)
        values = year.cases.column("activities", "participants")[mask]
        return Count(total(values), rows=True)

    def received(by: str) -> Count:
        rows = year.cases.of("applications", "channel", by)
        return year.dated("applications", "received_on", rows)

    return {
        "disclosed_items": year.distinct(),
        "portal_items": channel("portal"),
        "wechat_items": channel("wechat"),
        "weibo_items": channel("weibo"),
        "hotline_replies": year.dated("hotline", "replied_on"),
        "applications_in_person": received("in_person"),
        "applications_by_mail": received("mail"),
        "applications_online": received("online"),
        "applications_by_fax": received("fax"),
        "trainings": held("training"),
        "open_days": held("open_day"),
        "training_participants": participants(),
        "npc_proposals": proposals("npc"),
        "cppcc_proposals": proposals("cppcc"),
        "fee_collected_yuan": year.amount("applications", "fee_yuan", "fee_paid_on"),
    }


def derive_numbers(cases: Cases, year: int) -> Numbers:
    """Derive the cells and facts of a year, declared figures included.

    Raises :class:`~reportkit.errors.FormError` for a year before the first national form.
    """
    data = cases.data
    edition = load_edition(data.edition) if data.edition else edition_for(year)
    this = Year(cases, year)
    counts: dict[str, Count] = {
        address: derived(this, edition.cells[address]) for address in register_rules(edition.code)
    }
    counts |= _t3(this, edition) | _t4(this, edition) | _facts(this)
    findings = _declare(data, year, edition, counts)
    cells = Cells(edition, {a: counts[a].value for a in edition.addresses})
    facts = {fact.code: _fact(fact, counts, cells) for fact in FACTS.values()}
    known = {code: value for code, value in facts.items() if value is not None}
    return Numbers(edition, cells, known, tuple(findings) + _blank_amounts(this))


def _fact(fact: Fact, counts: Mapping[str, Count], cells: Cells) -> CellValue:
    """Return a fact: declared or derived, or the sum of the cells that it is."""
    if fact.code in counts and counts[fact.code].value is not None:
        return counts[fact.code].value
    if fact.cells:
        return total(cells.get(address) for address in fact.cells)
    return None


def _declare(
    data: TownData, year: int, edition: Edition, counts: dict[str, Count]
) -> list[Finding]:
    """Put declared figures where there are no case rows; report those that differ from the rows.

    A figure may be declared under two codes, as a fact and as its cell: the first one counts, and a
    second one that differs is reported too.
    """
    if "figures" not in data.frames:
        return []
    findings: list[Finding] = []
    declared: set[str] = set()
    figures = data.rows("figures")
    of_year = figures.where(figures.values("year") == year)
    for code, value in zip(of_year.values("code"), of_year.values("value"), strict=True):
        # A fact that is one cell is declared as that cell, so that the two never part.
        address = FACTS[code].cells[0] if code in FACTS and len(FACTS[code].cells) == 1 else code
        if address not in edition.cells and address not in FACTS:
            findings.append(
                Finding(
                    code="FIGURE-EDITION",
                    level="warning",
                    message=f"申报数“{code}”不是{edition.code}年版表格的单元格，未采用。",
                    basis=edition.issued_by,
                )
            )
            continue
        counted = counts.get(address) or _sum_of(address, counts)
        if not counted.rows and address not in declared:
            counts[address] = Count(value, rows=False)
            declared.add(address)
        elif counted.value != value:
            findings.append(_differs(address, edition, counted, value))
    mere_total = "trainings" in declared and counts["trainings"].value
    if mere_total and "training_participants" not in declared:
        counts["training_participants"] = UNKNOWN  # nobody counted heads
    return findings


def _differs(address: str, edition: Edition, counted: Count, value: CellValue) -> Finding:
    label = _label(address, edition)
    said = (
        f"台账逐件统计为{_said(counted.value)}，以台账为准。请核对后改正申报数或补全台账。"
        if counted.rows
        else f"而另一行申报为{_said(counted.value)}，以先登记的为准。请核对后删去其中一行。"
    )
    return Finding(
        code="FIGURE-DIFFERS",
        level="error",
        cells=(address,) if address in edition.cells else (),
        message=f"申报数“{label}”为{_said(value)}，{said}",
        left=counted.value,
        right=value,
        basis="台账填写规则",
    )


def _sum_of(code: str, counts: Mapping[str, Count]) -> Count:
    """Return a fact that is the sum of several cells."""
    parts = [counts.get(address, UNKNOWN) for address in FACTS[code].cells]
    return Count(total(part.value for part in parts), any(part.rows for part in parts))


def _label(code: str, edition: Edition) -> str:
    return FACTS[code].label if code in FACTS else edition.cell(code).label


def _said(value: CellValue) -> str:
    return "未知" if value is None else plain(value) if isinstance(value, Decimal) else str(value)


@cache
def _amounts() -> tuple[tuple[str, str, str], ...]:
    """Return what is summed up on any edition, and the fees: register, amount, date."""
    of_the_form = (
        (rule.register, rule.of, rule.date)
        for code in reversed(EDITIONS)
        for rule in register_rules(code).values()
        if rule.of is not None
    )
    return (*dict.fromkeys(of_the_form), ("applications", "fee_yuan", "fee_paid_on"))


def _blank_amounts(year: Year) -> tuple[Finding, ...]:
    """Warn of rows of the year whose amount is blank: they make a sum unknown."""
    findings = []
    for register, column, dated in _amounts():
        if not year.covered(register):
            continue
        mask = year.cases.years(register, dated) == year.year
        blank = [value is None for value in year.cases.column(register, column)[mask]]
        if any(blank):
            heading, money = REGISTERS[register].heading, REGISTERS[register].column(column).heading
            findings.append(
                Finding(
                    code="AMOUNT-BLANK",
                    level="warning",
                    message=f"{heading}有{sum(blank)}行“{money}”为空，合计无法得出，按未统计处理。请补填。",
                    basis="台账填写规则",
                )
            )
    return tuple(findings)
