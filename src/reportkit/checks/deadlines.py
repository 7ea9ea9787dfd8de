"""The day by which a body publishes its report of a year (公布期限)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from reportkit.prose.bodies import kind_of
from reportkit.report import Kind, Town

Deadlines = Mapping[Kind, tuple[int, int]]
"""Month and day of the year after, by kind of body: those that a county set by its own notice."""

NO_DEADLINES: Deadlines = MappingProxyType({})
"""Params set none: the law's days stand."""


def deadline(kind: Kind | None, year: int) -> date:
    """Return the last day to publish a year's report: article 49, for towns their county's notice."""
    return date(year + 1, 3, 31) if kind in ("county", "city") else date(year + 1, 1, 31)


def deadline_of(body: Town, year: int, deadlines: Deadlines) -> date:
    """Return the day by which a body publishes its report of a year: as params say for its kind, else the law.

    Source: 政府信息公开条例第四十九条 for departments and governments; the law names no day for towns, for which the
    departments' day stands unless params give another.

    >>> deadline_of(Town(id="a", name="甲镇", kind="town"), 2025, {"town": (2, 15)})
    datetime.date(2026, 2, 15)
    """
    kind = kind_of(body)
    if kind is not None and kind in deadlines:
        month, day = deadlines[kind]
        return date(year + 1, month, day)
    return deadline(kind, year)
