"""Rows that count nowhere (set aside, or in conflict with another), as the findings that they are of the town's reports."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select, union_all

from reportkit.finding import Finding
from reportkit.registers.data import SetAside
from reportkit.registers.reading.notes import SHEET_PASSED
from reportkit.registers.store.schema import CONFLICTS, SET_ASIDE


def load_set_aside(connection: Connection, towns: list[str]) -> list[tuple[str | None, SetAside]]:
    """Return the rows of some towns that count nowhere, with the town of each."""
    left_out, clashing = (
        select(table.c.town, table.c.dated, table.c.finding).where(
            table.c.town.in_(towns) | table.c.town.is_(None)
        )
        for table in (SET_ASIDE, CONFLICTS)
    )
    return [
        (row.town, SetAside(Finding.model_validate(json.loads(row.finding)), row.dated))
        for row in connection.execute(union_all(left_out, clashing))
        if f'"{SHEET_PASSED}"' not in row.finding  # what a file left out: see Presence.notes_of
    ]


def aside_of(set_aside: list[tuple[str | None, SetAside]], town: str) -> tuple[SetAside, ...]:
    """Return a town's rows that count nowhere, and those of nobody, in the order of files and rows."""
    own = [row for owner, row in set_aside if owner in (town, None)]
    return tuple(sorted(own, key=_by_place))


def _by_place(fault: SetAside) -> tuple[str, str, str, int, str]:
    place = fault.finding.place
    if place is None:
        return "", "", "", 0, fault.finding.message
    where = place.register or "", place.file or "", place.sheet or "", place.row or 0
    return (*where, fault.finding.message)
