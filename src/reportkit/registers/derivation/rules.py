"""How every cell and fact is counted: which rows of which register, and what is counted of them.

The figures and the rows behind them (:mod:`~reportkit.registers.derivation.behind`) come from the same rules. What
they mean is stated in docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType

import numpy as np

from reportkit.errors import FormError, nearest
from reportkit.form import Cell, CellValue, Derivation, Edition, load_edition, total
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.registers.derivation.cases import UNKNOWN, Bools, Count, Year
from reportkit.registers.schema import CASE_REGISTERS, CO_DEFENDANT, REGISTERS, codes_of

YUAN_PER_WAN = Decimal(10_000)


def _items(*where: tuple[str, str]) -> Derivation:
    """Count information, not channels: one item on two channels is one item."""
    return Derivation("disclosures", "distinct", "published_on", of="item_no", where=where)


def _received(by: str) -> Derivation:
    return Derivation("applications", "count", "received_on", where=(("channel", by),))


def _held(kind: str) -> Derivation:
    return Derivation("activities", "count", "held_on", where=(("kind", kind),))


def _proposals(kind: str) -> Derivation:
    return Derivation("proposals", "count", "received_on", where=(("kind", kind),))


FACT_RULES: Mapping[str, Derivation] = MappingProxyType(
    {
        "disclosed_items": _items(),
        "portal_items": _items(("channel", "portal")),
        "wechat_items": _items(("channel", "wechat")),
        "weibo_items": _items(("channel", "weibo")),
        "hotline_replies": Derivation("hotline", "count", "replied_on"),
        "applications_in_person": _received("in_person"),
        "applications_by_mail": _received("mail"),
        "applications_online": _received("online"),
        "applications_by_fax": _received("fax"),
        "trainings": _held("training"),
        "open_days": _held("open_day"),
        "training_participants": Derivation(
            "activities", "sum", "held_on", of="participants", where=(("kind", "training"),)
        ),
        "npc_proposals": _proposals("npc"),
        "cppcc_proposals": _proposals("cppcc"),
        "fee_collected_yuan": Derivation("applications", "sum", "fee_paid_on", of="fee_yuan"),
    }
)
"""The facts that are not cells, each with how it is counted."""


@cache
def register_rules(code: str) -> Mapping[str, Derivation]:
    """Return :func:`rules_of` of an edition by its code, looked at once."""
    return MappingProxyType(rules_of(load_edition(code)))


def rules_of(edition: Edition) -> dict[str, Derivation]:
    """Return how each cell of an edition's ``t2`` is counted, by its address.

    Raises :class:`~reportkit.errors.FormError` where the edition names a register, a column or a code
    that the registers do not have.
    """
    rules: dict[str, Derivation] = {}
    for cell in edition.tables["t2"].cells():
        rule, where = cell.derive, f"edition {edition.code}, {cell.address}"
        if rule is None:
            raise FormError(
                _("{where}: the file does not say how it is counted (derive)", where=where)
            )
        if rule.register not in CASE_REGISTERS:
            raise FormError(f"{where}: {rule.register!r}{nearest(rule.register, CASE_REGISTERS)}")
        names = [column.name for column in REGISTERS[rule.register].public_columns]
        used = (rule.date, rule.until, rule.of, rule.by, *dict(rule.where))
        for name in used:
            if name is not None and name not in names:
                raise FormError(
                    _(
                        "{where}: {register} has no {name!r}{near}",
                        where=where,
                        register=rule.register,
                        name=name,
                        near=nearest(name, names),
                    )
                )
        for column, value in rule.where:
            if value not in (codes := codes_of(rule.register, column)):
                raise FormError(
                    _(
                        "{where}: {column} is never {value!r}{near}",
                        where=where,
                        column=column,
                        value=value,
                        near=nearest(value, codes),
                    )
                )
        rules[cell.address] = rule
    return rules


def _chosen(year: Year, rule: Derivation, row: str) -> Bools | None:
    """Return which rows of its register a rule is about; ``None``: all of them."""
    codes = rule.where if rule.by is None else ((rule.by, row), *rule.where)
    only: Bools | None = None
    for column, code in codes:
        rows = year.cases.of(rule.register, column, code)
        only = rows if only is None else only & rows
    return only


def measured(year: Year, rule: Derivation, row: str = "", unit: str = "") -> Count:
    """Return what a rule counts, see :class:`Derivation`: ``row`` is the code of the cell's row, for ``by``."""
    only = _chosen(year, rule, row)
    if rule.measure == "count":
        return year.dated(rule.register, rule.date, only)
    if rule.measure == "distinct":
        return year.distinct(rule.register, str(rule.of), rule.date, only)
    if rule.measure == "sum":
        amount = year.amount(rule.register, str(rule.of), rule.date, only)
        ten_thousands = unit == "万元" and amount.value is not None
        return Count(_in_wan(amount.value), amount.rows) if ten_thousands else amount
    dates = rule.register, rule.date, str(rule.until)
    if rule.measure == "stock":
        return year.standing(*dates, only)
    last = year.standing(*dates, only, offset=-1)
    if rule.measure == "stock_change":
        now = year.standing(*dates, only)
        return Count(total((now.value, _less(last.value))), now.rows)
    return last


def _in_wan(yuan: CellValue) -> Decimal:
    """Return an amount of yuan in units of ten thousand: exact."""
    return Decimal(yuan or 0) / YUAN_PER_WAN


def _less(value: CellValue) -> CellValue:
    return None if value is None else -value


def rows_measured(year: Year, rule: Derivation, row: str = "") -> Bools:
    """Return which rows :func:`measured` counts; for a change of a stock, those that came and those that went."""
    only = _chosen(year, rule, row)
    if not rule.measure.startswith("stock"):
        return year.in_year(rule.register, rule.date, only)
    dates = rule.register, rule.date, str(rule.until)
    now, last = year.in_force(*dates, only), year.in_force(*dates, only, offset=-1)
    return {"stock": now, "stock_last_year": last}.get(rule.measure, now ^ last)


def derived(year: Year, cell: Cell) -> Count:
    """Return the value of a cell that the form says how to count."""
    if cell.derive is None:
        raise FormError(_("the form does not say how {address} is counted", address=cell.address))
    return measured(year, cell.derive, cell.row.code, cell.column.unit)


def facts_of(year: Year) -> dict[str, Count]:
    """Return the facts that are not cells."""
    return {code: measured(year, rule, unit=FACTS[code].unit) for code, rule in FACT_RULES.items()}


def states(year: Year) -> Mapping[str, Bools]:
    """Return which applications count in each row of ``t3`` that is no outcome; ``handled`` counts every outcome."""
    received, replied = (
        year.cases.years("applications", name) for name in ("received_on", "replied_on")
    )
    now = year.year
    return {
        "received": received == now,
        "carried_in": (received < now) & (replied >= now),
        "handled": replied == now,
        "carried_forward": (received <= now) & (replied > now),
    }


def t3(year: Year, edition: Edition) -> dict[str, Count]:
    """Return the cells of the table of applications."""
    table = edition.tables["t3"]
    cells = list(table.cells())
    if not year.covered("applications"):
        return {cell.address: UNKNOWN for cell in cells}
    rows = {row.code: number for number, row in enumerate(table.rows)}
    columns = {column.code: number for number, column in enumerate(table.blocks[0].columns)}
    column, outcome = year.cases.grid(edition)
    grid = np.zeros((len(rows), len(columns)), dtype=np.int64)
    counted = states(year)
    for code, mask in counted.items():
        grid[rows[code]] += np.bincount(column[mask], minlength=len(columns))
    closed = counted["handled"]
    np.add.at(grid, (outcome[closed], column[closed]), 1)
    grid[:, columns["total"]] = grid.sum(axis=1)
    live = bool(np.any(counted["received"] | counted["carried_in"]))
    return {
        cell.address: Count(count, live)
        for cell, count in zip(cells, grid.ravel().tolist(), strict=True)
    }


def rows_of_t3(year: Year, edition: Edition, cell: Cell) -> Bools:
    """Return which applications a cell of ``t3`` counts."""
    table = edition.tables["t3"]
    column, outcome = year.cases.grid(edition)
    counted = states(year)
    rows: Bools
    if cell.row.code in counted:
        rows = counted[cell.row.code]
    else:
        place = [row.code for row in table.rows].index(cell.row.code)
        rows = counted["handled"] & (outcome == place)
    if cell.column.code == "total":
        return rows
    codes = [each.code for each in table.blocks[0].columns]
    rows = rows & (column == codes.index(cell.column.code))
    return rows


def rows_of_t4(year: Year, cell: Cell) -> Bools:
    """Return which cases a cell of ``t4`` counts."""
    cases = year.cases
    filed, closed = cases.years("disputes", "filed_on"), cases.years("disputes", "closed_on")
    route = ~cases.of("disputes", "role", CO_DEFENDANT) & cases.of(
        "disputes", "route", cell.row.code
    )
    ended: Bools = route & (closed == year.year)
    pending: Bools = route & (filed <= year.year) & (closed > year.year)
    match cell.column.code:
        case "total":
            return ended | pending
        case "pending":
            return pending
        case result:
            rows: Bools = ended & cases.of("disputes", "result", result)
            return rows


def t4(year: Year, edition: Edition) -> dict[str, Count]:
    """Return the cells of the table of reconsiderations and lawsuits."""
    cells = list(edition.tables["t4"].cells())
    if not year.covered("disputes"):
        return {cell.address: UNKNOWN for cell in cells}
    rows = {cell.address: rows_of_t4(year, cell) for cell in cells}
    live = {
        cell.row.code: bool(rows[cell.address].any())
        for cell in cells
        if cell.column.code == "total"
    }
    return {
        cell.address: Count(int(np.count_nonzero(rows[cell.address])), live[cell.row.code])
        for cell in cells
    }
