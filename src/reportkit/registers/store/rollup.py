"""A whole county or province at once: every town's key figures of a year, in one grouped query.

The figures are those that derivation gives town by town (a test holds them to it), without reading a town. They come
from case rows; where there are none, the declared figure counts.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, text

from reportkit.form import CellValue
from reportkit.registers.reading.clean import figure_type

_APPLICATIONS: Final = {
    "t3.received.total": "received_on BETWEEN :first AND :last",
    "t3.carried_in.total": "received_on < :first AND (replied_on >= :first OR replied_on IS NULL)",
    "t3.handled.total": "replied_on BETWEEN :first AND :last",
    "t3.carried_forward.total": "received_on <= :last AND (replied_on > :last OR replied_on IS NULL)",
}

ROLLED_UP: Final[Mapping[str, str]] = {
    "disclosed_items": "disclosures",
    "hotline_replies": "hotline",
    **dict.fromkeys(_APPLICATIONS, "applications"),
}
"""The codes that a roll-up gives, each with its register."""


def _query() -> str:
    counts = ", ".join(
        f"count(*) FILTER (WHERE {rule}) AS a{number}"
        for number, rule in enumerate(_APPLICATIONS.values())
    )
    live = "count(*) FILTER (WHERE received_on <= :last AND (replied_on >= :first OR replied_on IS NULL))"
    kept = "from_year <= :year AND (to_year IS NULL OR to_year >= :year)"
    flags = ", ".join(
        f"count(*) FILTER (WHERE register = '{name}') AS {name}"
        for name in ("disclosures", "hotline", "applications")
    )
    return f"""
        SELECT c.town, c.disclosures, c.hotline, c.applications, d.items, h.replies,
               a.a0, a.a1, a.a2, a.a3, a.live
        FROM (SELECT town, {flags} FROM coverage WHERE aside IS NULL AND {kept} GROUP BY town) AS c
        LEFT JOIN (SELECT town, count(DISTINCT item_no) AS items FROM disclosures
                   WHERE aside IS NULL AND published_on BETWEEN :first AND :last GROUP BY town) AS d ON d.town = c.town
        LEFT JOIN (SELECT town, count(*) AS replies FROM hotline
                   WHERE aside IS NULL AND replied_on BETWEEN :first AND :last GROUP BY town) AS h ON h.town = c.town
        LEFT JOIN (SELECT town, {counts}, {live} AS live FROM applications
                   WHERE aside IS NULL AND received_on <= :last GROUP BY town) AS a ON a.town = c.town
        ORDER BY c.town"""


def roll_up(
    connection: Connection, year: int, absent: Callable[[str], Container[str]]
) -> dict[str, dict[str, CellValue]]:
    """Return the key figures of a year of every town whose coverage is known; ``None``: unknown.

    ``absent`` gives the registers of a town that nobody handed in, whatever its coverage says.
    """
    bound = {"year": year, "first": date(year, 1, 1), "last": date(year, 12, 31)}
    towns: dict[str, dict[str, CellValue]] = {}
    declared = _declared(connection, year)
    for row in connection.execute(text(_query()), bound).fetchall():
        town, disclosures, hotline, applications, *values = row
        said = {"disclosures": disclosures, "hotline": hotline, "applications": applications}
        lacking = absent(town)
        known = {name: kept and name not in lacking for name, kept in said.items()}
        live = values.pop()
        figures: dict[str, CellValue] = {}
        for (code, register), value in zip(ROLLED_UP.items(), values, strict=True):
            figures[code] = int(value or 0) if known[register] else None
            rows = known[register] and (live if register == "applications" else value)
            if not rows and (town, code) in declared:
                figures[code] = declared[town, code]
        towns[town] = figures
    return towns


def _declared(connection: Connection, year: int) -> dict[tuple[str, str], CellValue]:
    query = text("SELECT town, code, value FROM figures WHERE aside IS NULL AND year = :year")
    found: dict[tuple[str, str], CellValue] = {}
    for town, code, value in connection.execute(query, {"year": year}):
        amount = figure_type(code) == "decimal"
        address = "t3.received.total" if code == "applications_received" else code
        found[town, address] = Decimal(value) if amount else int(value)
    return found
