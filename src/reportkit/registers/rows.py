"""A register's rows as plain columns, for the derivation.

A town has a few hundred rows, and with so few pandas spends most of its time around the work. Each column is taken out of its frame once, when it is first asked for, however many years are derived from it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from reportkit.registers.schema import Register

Days: TypeAlias = np.ndarray[Any, np.dtype[np.datetime64]]
"""``datetime64[D]``, ``NaT`` where a date is blank."""
Values: TypeAlias = np.ndarray[Any, np.dtype[np.object_]]
"""Values as they are, ``None`` where one is blank."""
Chosen: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

FOLLOWS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {
        "applications": (("replied_on", "outcome"),),
        "disputes": (("closed_on", "result"),),
    }
)
"""Values that are known only once a date is: they are blank as long as the date is."""


class Rows:
    """The rows of one register. A column that is not there is blank in every row."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._days: dict[str, Days] = {}
        self._values: dict[str, Values] = {}

    @classmethod
    def of(cls, rows: Rows | pd.DataFrame) -> Rows:
        """Return rows as they are, or those of a frame."""
        return cls(rows) if isinstance(rows, pd.DataFrame) else rows

    def __len__(self) -> int:
        return len(self._frame)

    def __contains__(self, name: str) -> bool:
        return name in self._frame

    def days(self, name: str) -> Days:
        """Return a column of dates."""
        if name not in self._days:
            self._days[name] = self._read_days(name)
        return self._days[name]

    def values(self, name: str) -> Values:
        """Return a column of anything else."""
        if name not in self._values:
            self._values[name] = self._read_values(name)
        return self._values[name]

    def where(self, chosen: Chosen) -> Rows:
        """Return some of the rows."""
        return self if chosen.all() else _Part(self, chosen)

    def seen(self, register: Register, year: int) -> Rows:
        """Return the rows as they stood on 31 December of a year; see :meth:`TownData.seen`."""
        if register.dated_by is None:
            return self
        known = _Seen(self, register, np.datetime64(f"{year}-12-31", "D"))
        return known.where(~(self.days(register.dated_by) > known.end))

    def _read_days(self, name: str) -> Days:
        if name not in self._frame:
            return np.full(len(self), "NaT", dtype="datetime64[D]")
        days: Days = self._frame[name].to_numpy(dtype="datetime64[D]")
        return days

    def _read_values(self, name: str) -> Values:
        if name not in self._frame:
            return np.full(len(self), None, dtype=object)
        column = self._frame[name].to_numpy(dtype=object)
        blank = pd.isna(column)
        if blank.any():
            column = column.copy()
            column[blank] = None
        return column


class Frames(Mapping[str, pd.DataFrame]):
    """A town's frames by register where each is made when it is first looked at: its rows can be had without it."""

    @abstractmethod
    def rows(self, name: str) -> Rows:
        """Return a register's rows; raise :class:`KeyError` where there is no such table."""


class _Part(Rows):
    """Some rows of others."""

    def __init__(self, rows: Rows, chosen: Chosen) -> None:
        self._rows, self._places = rows, np.flatnonzero(chosen)
        self._days, self._values = {}, {}

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def _read_days(self, name: str) -> Days:
        return self._rows.days(name)[self._places]

    def _read_values(self, name: str) -> Values:
        return self._rows.values(name)[self._places]


class _Seen(Rows):
    """Rows of which nothing is known that came after a day: such a date is blank, and so is what follows it."""

    def __init__(self, rows: Rows, register: Register, end: np.datetime64) -> None:
        self._rows, self.end = rows, end
        self._dated_by = register.dated_by
        self._follows = {other: dated for dated, other in FOLLOWS.get(register.name, ())}
        self._days, self._values = {}, {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, name: str) -> bool:
        return name in self._rows

    def _read_days(self, name: str) -> Days:
        days = self._rows.days(name)
        late = days > self.end
        if name == self._dated_by or not late.any():
            return days
        return np.where(late, np.datetime64("NaT", "D"), days)

    def _read_values(self, name: str) -> Values:
        values = self._rows.values(name)
        if name not in self._follows:
            return values
        late = self._rows.days(self._follows[name]) > self.end
        if not late.any():
            return values
        values = values.copy()
        values[late] = None
        return values
