"""Working days (工作日): the State Council's yearly holiday notices with their make-up days.

The library chinesecalendar holds the notices. Its answers are turned once a process into running
counts, so that counting and adding working days is a look-up, for one date or for an array of
them. A year without a notice is never guessed: a single question about it raises
:class:`~reportkit.errors.YearNotCovered`; arrays get ``NaT``, or the bounds that hold whatever
the notice will say.

A notice for one year has at times moved a day or two of the last week of December before it
(2018-12-31 was a holiday by the notice for 2019). So the last days of the last covered year stand
as ordinary days until the next year's notice is in the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reportkit.errors import YearNotCovered
from reportkit.language import _

Days: TypeAlias = NDArray[np.datetime64]
"""An array of ``datetime64[D]``."""
Counts: TypeAlias = NDArray[np.int64]

UNBOUNDED = 1 << 40
"""Stands for «no bound» in :class:`DayRange`: more working days than any date can be away."""

_EPOCH = date(1970, 1, 1)
_DAY = timedelta(days=1)


class DayRange(NamedTuple):
    """How many working days there are at the least and at the most: equal where it is known."""

    least: Counts
    most: Counts


@dataclass(frozen=True)
class _CoveredDays:
    """The covered days as running counts; days are numbered from 1970-01-01."""

    years: range
    first: int
    """The number of the first covered day."""
    last: int
    counted: Counts
    """For each covered day how many working days there were from the first one up to it."""
    working: Counts
    """The numbers of the working days, ascending."""


@cache
def _table() -> _CoveredDays:
    # 25 ms that most runs of the command line can do without
    import chinese_calendar  # type: ignore[import-untyped]  # noqa: PLC0415

    years = range(
        min(chinese_calendar.holidays).year,
        max(chinese_calendar.holidays).year + 1,
    )
    first, end = _number(date(years[0], 1, 1)), _number(date(years[-1] + 1, 1, 1))
    days = np.arange(first, end, dtype=np.int64)
    is_working = (days + 3) % 7 < 5  # day 0 was a Thursday; Monday is 0 here
    for named, working in ((chinese_calendar.holidays, False), (chinese_calendar.workdays, True)):
        is_working[[_number(day) - first for day in named]] = working
    return _CoveredDays(years, first, end - 1, np.cumsum(is_working), days[is_working])


def _number(day: date) -> int:
    return (day - _EPOCH) // _DAY


def _index(table: _CoveredDays, day: date) -> int:
    """Return a covered day's place in the table; raise :class:`YearNotCovered`."""
    if day.year not in table.years:
        raise YearNotCovered(day.year, table.years[0], table.years[-1])
    return _number(day) - table.first


def covered_years() -> range:
    """Return the years whose working days are known."""
    return _table().years


def is_working_day(day: date) -> bool:
    """Say whether a day is a working day; raise :class:`YearNotCovered`."""
    table = _table()
    place = _index(table, day)
    return bool(table.counted[place] > (table.counted[place - 1] if place else 0))


def working_days_between(start: date, end: date) -> int:
    """Count the working days after ``start`` up to and including ``end``.

    Negative where ``end`` is before ``start``. Raises :class:`YearNotCovered` where either day is
    in a year that is not covered.

    >>> working_days_between(date(2024, 2, 9), date(2024, 2, 19))  # Sunday the 18th was made up
    2
    """
    table = _table()
    return int(table.counted[_index(table, end)] - table.counted[_index(table, start)])


def due_date(start: date, days: int) -> date:
    """Return the day that is so many working days after ``start``, which itself is not counted.

    Nought working days after a day is the day itself. Raises :class:`YearNotCovered` where the
    count runs through a year that is not covered.

    >>> due_date(date(2024, 2, 9), 2)
    datetime.date(2024, 2, 19)
    """
    if days < 0:
        raise ValueError(_("a time limit is not negative: {days}", days=days))
    table = _table()
    place = _index(table, start)
    if days == 0:
        return start
    nth = int(table.counted[place]) + days - 1
    if nth >= len(table.working):
        raise YearNotCovered(table.years[-1] + 1, table.years[0], table.years[-1])
    return _EPOCH + int(table.working[nth]) * _DAY


def due_dates(starts: Days, days: Counts) -> Days:
    """Return :func:`due_date` for arrays: ``NaT`` where the start is, or is not covered."""
    table = _table()
    numbers, known = _numbers(starts)
    known &= (numbers >= table.first) & (numbers <= table.last) & (days >= 0)
    places = np.where(known, numbers - table.first, 0)
    nth = table.counted[places] + days - 1
    known &= nth < len(table.working)
    found = table.working[np.where(known, np.maximum(nth, 0), 0)]
    result = np.where(days == 0, numbers, found).astype("datetime64[D]")
    result[~known] = np.datetime64("NaT")
    return result


def count_between(starts: Days, ends: Days) -> DayRange:
    """Count as :func:`working_days_between` for arrays, in bounds.

    A day that is not covered is a working day or is not: it widens the bounds by one. Where a
    date is missing (``NaT``) nothing is known, and the bounds are :data:`UNBOUNDED` both ways.
    """
    table = _table()
    from_, from_known = _numbers(starts)
    to, to_known = _numbers(ends)
    inside_from, inside_to = (np.clip(n, table.first - 1, table.last) for n in (from_, to))
    counted = np.concatenate(([0], table.counted))
    least = counted[inside_to - table.first + 1] - counted[inside_from - table.first + 1]
    doubtful = (to - inside_to) - (from_ - inside_from)
    most = least + doubtful
    known = from_known & to_known
    return DayRange(
        np.where(known, np.minimum(least, most), -UNBOUNDED),
        np.where(known, np.maximum(least, most), UNBOUNDED),
    )


def uncovered_years(starts: Days, ends: Days) -> tuple[int, ...]:
    """Return the years without a notice that lie between starts and ends, ascending."""
    covered = _table().years
    dated = ~(np.isnat(starts) | np.isnat(ends))
    first, last = (_years(days[dated]) for days in (starts, ends))
    outside = (first < covered[0]) | (last > covered[-1])
    return tuple(
        sorted(
            {
                year
                for a, b in set(zip(first[outside].tolist(), last[outside].tolist(), strict=True))
                for year in range(a, b + 1)
                if year not in covered
            }
        )
    )


def _years(days: Days) -> Counts:
    return days.astype("datetime64[Y]").astype(np.int64) + _EPOCH.year


def _numbers(days: Days) -> tuple[Counts, NDArray[np.bool_]]:
    """Return day numbers, 0 where a date is missing, and which are known."""
    known = ~np.isnat(days)
    return np.where(known, days.astype("datetime64[D]").astype(np.int64), 0), known
