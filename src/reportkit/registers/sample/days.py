"""Working days as numbers: the n-th working day, so that an array of time limits is plain addition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reportkit.registers.derivation.calendar import covered_years, due_dates

Dates = NDArray[np.datetime64]
Ints = NDArray[np.int64]

FIRST_DAY = np.datetime64("2010-01-01", "D")
NEVER = -1
"""Stands for a day that does not come; :meth:`WorkingDays.dates` makes it ``NaT``."""


@dataclass(frozen=True)
class WorkingDays:
    """The working days from 2010 on, ascending."""

    days: Dates

    def span(self, first: np.datetime64, last: np.datetime64) -> tuple[int, int]:
        """Return the number of the first working day of a period and that after its last one."""
        low, high = np.searchsorted(self.days, np.array([first, last + 1]))
        return int(low), int(high)

    def year(self, year: int) -> tuple[int, int]:
        """Return :meth:`span` of a year."""
        return self.span(new_year(year), new_year(year + 1) - 1)

    def dates(self, numbers: Ints) -> Dates:
        """Return the dates of working days by their numbers; :data:`NEVER` gives ``NaT``."""
        dates = self.days[np.maximum(numbers, 0)]
        dates[numbers == NEVER] = np.datetime64("NaT")
        return dates


def new_year(year: int) -> np.datetime64:
    """Return 1 January."""
    return np.datetime64(f"{year:04d}-01-01", "D")


@cache
def working_days(last_year: int) -> WorkingDays:
    """Return the working days up to the end of a year.

    A year whose holidays nobody has announced has its Mondays to Fridays: rows are invented, and the
    rules say of such a year that they cannot judge it.
    """
    announced = min(last_year, covered_years()[-1])
    days = np.arange(FIRST_DAY, new_year(announced + 1))
    next_ones = due_dates(days - 1, np.ones(len(days), dtype=np.int64))
    later = np.arange(new_year(announced + 1), new_year(last_year + 1))
    return WorkingDays(np.concatenate((days[next_ones == days], later[np.is_busday(later)])))
