"""What is told of what stands behind a figure, as plain data: whoever only shows it needs none of what derives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from reportkit.form import CellValue, plain

SHOWN: Final = 20
"""How many rows, or parts of a total, are told; of the others there is the count."""

Told = str | int | Decimal | date | None
"""What is told of a row in one column; ``None``: blank by the year's end."""


@dataclass(frozen=True, slots=True)
class Addend:
    """One part of a total."""

    address: str
    """The cell's address; for a body of a county its key."""
    label: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind one figure."""

    rule: str
    """The rule that made it, in Chinese."""
    addends: tuple[Addend, ...] = ()
    """For a total its parts that are not zero, at most :data:`SHOWN`."""
    parts: int = 0
    """How many such parts there are."""
    register: str | None = None
    """The stored name of the register whose rows it counts."""
    columns: tuple[str, ...] = ()
    """The stored names of the columns that are told."""
    rows: tuple[tuple[Told, ...], ...] = ()
    """At most :data:`SHOWN` rows, by date."""
    origins: tuple[tuple[Told, ...], ...] = ()
    """Where each of them stands: file, sheet, row. No page tells it, since rows may move."""
    count: int = 0
    """How many rows there are."""


def told_words(value: Told) -> str:
    """Write what is told of a row; blank where there is nothing."""
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)
