"""What is read of a file before anything in it is understood: its sheets, and the raw table of a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pandas as pd

from reportkit.registers.reading.values import Broken
from reportkit.registers.schema import Register


@dataclass(frozen=True)
class RowFault:
    """A fault of a row that is seen while it is read: the row's position, a column (blank: the row), a code, why."""

    position: int
    column: str
    code: str
    why: str


@dataclass(frozen=True)
class RawTable:
    """One register's rows from one file, columns by stored name, with ``file``, ``sheet`` and ``row``."""

    register: Register
    frame: pd.DataFrame
    file: str
    faults: tuple[RowFault, ...] = ()
    """What is wrong with rows already: more cells than the heading, a personal column that is not shown."""


@dataclass(frozen=True)
class Sheet:
    """What a file holds under one name: rows of cells, or a frame that has its headings already."""

    name: str
    sheet: str | None
    rows: Sequence[Sequence[Any]] | pd.DataFrame
    hidden: bool = False
    merged: Mapping[tuple[int, int], Broken] = field(default_factory=lambda: MappingProxyType({}))
    """Cells (row and column from 0) whose value stands in another, with which they are merged."""
    unseen: frozenset[int] = frozenset()
    """Rows, from 1, that a filter or a person hid."""
    cut: bool = False
    """Whether it reaches beyond the columns that a register may have."""


class NoHeading(ValueError):
    """A sheet has a register's name and not its heading; the reason is Chinese."""
