"""All registers of one invented body."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from reportkit.registers.sample.applications import applications
from reportkit.registers.sample.case import CARRIED, Case, carried_in, open_case
from reportkit.registers.sample.columns import Columns, arrow_table, joined, objects, taken
from reportkit.registers.sample.conduct import (
    activities,
    charges,
    decisions,
    disputes,
    hotline,
    link_disputes,
    proposals,
    submissions,
    with_handling_fees,
)
from reportkit.registers.sample.days import new_year, working_days
from reportkit.registers.sample.openness import (
    STOCK_YEAR,
    disclosures,
    documents,
    items,
    procurement,
    upto,
)
from reportkit.registers.sample.profile import Profile
from reportkit.registers.sample.prose import narratives
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS

_YEARLY: Mapping[str, Callable[[Case], Columns]] = MappingProxyType(
    {
        "disclosures": disclosures,
        "decisions": decisions,
        "charges": charges,
        "applications": applications,
        "disputes": disputes,
        "hotline": hotline,
        "activities": activities,
        "proposals": proposals,
        "procurement": procurement,
    }
)
"""Registers whose rows a year brings by itself."""

_STOCKS: Mapping[str, Callable[[Profile, list[Case]], Columns]] = MappingProxyType(
    {"documents": documents, "items": items}
)
"""Registers of what goes on existing."""


def town_registers(profile: Profile, years: Sequence[int], seed: int) -> dict[str, Any]:
    """Return a body's registers of some years in a row as Arrow tables, rows by date.

    Every case register is kept from the first year on. Rows of the year before are there where they
    are carried in; what was replied to after the last year stands there as it is known later.
    """
    days = working_days(years[-1] + 2)
    rows: dict[str, Columns] = {}
    for name, make in _YEARLY.items():
        rows[name] = _yearly(
            make, [open_case(profile, seed, y, name, days) for y in _with_last(years)]
        )
    for name, stock in _STOCKS.items():
        cases = [
            open_case(profile, seed, year, name, days) for year in range(STOCK_YEAR, years[-1] + 1)
        ]
        rows[name] = upto(stock(profile, cases), str(REGISTERS[name].dated_by), years[-1])
    link_disputes(rows["disputes"], rows["applications"])
    rows["charges"] = with_handling_fees(rows["charges"], rows["applications"], years)
    for name, columns in rows.items():
        dated = str(REGISTERS[name].dated_by)
        rows[name] = taken(columns, np.argsort(columns[dated], kind="stable"))
    rows["submissions"] = joined(
        [submissions(open_case(profile, seed, year, "submissions", days)) for year in years]
    )
    rows["narratives"] = narratives(profile, years, seed, rows)
    rows["coverage"] = coverage(years[0], years[-1])
    rows["towns"] = town_row(profile)
    return {name: arrow_table(name, profile.id, rows.get(name, {})) for name in REGISTERS}


def _with_last(years: Sequence[int]) -> Sequence[int]:
    return [years[0] - 1, *years]


def _yearly(make: Callable[[Case], Columns], cases: list[Case]) -> Columns:
    """Return the rows of all years after the first case's, and what that one's year carries in."""
    parts = [make(case) for case in cases[1:]]
    if CARRIED in parts[0]:
        parts.insert(0, carried_in(make(cases[0]), new_year(cases[1].year)))
    rows = joined(parts)
    rows.pop(CARRIED, None)
    return rows


def coverage(from_year: int, to_year: int, registers: Sequence[str] = CASE_REGISTERS) -> Columns:
    """Return rows that say in which years registers are kept.

    They end with the last year made: the rows after it are only those that end a case of before.
    """
    return {
        "register": objects(registers),
        "from_year": np.full(len(registers), from_year, dtype=np.int64),
        "to_year": np.full(len(registers), to_year, dtype=np.int64),
    }


def town_row(profile: Profile) -> Columns:
    """Return a body's row in the register of towns."""
    return {
        "name": objects([profile.name]),
        "county": objects([profile.county]),
        "province": objects([profile.province]),
        "kind": objects([profile.kind]),
        "issuer": objects([profile.issuer]),
        "delegated": objects([",".join(profile.delegated) or None]),
        "illustrative": objects([True]),
    }
