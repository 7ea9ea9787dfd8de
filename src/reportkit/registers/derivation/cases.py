"""One town's registers as arrays, and what is counted in them for a year.

A report of year Y sees the registers as they stood on 31 December Y. Each date is looked at through
its year alone, so a date after Y compares like one that has not come: next year's work never changes
last year's report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reportkit.form import CellValue, Edition, total
from reportkit.registers.data import TownData

NEVER = 9999
"""The year of a date that is blank: it has not come."""

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Objects = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True)
class Count:
    """A derived value, and whether there were case rows that it could have come from."""

    value: CellValue
    rows: bool


UNKNOWN = Count(None, rows=False)


class Cases:
    """One town's registers as arrays of years and codes, made once for all reporting years."""

    def __init__(self, data: TownData) -> None:
        self.data = data
        self._years: dict[tuple[str, str], Ints] = {}
        self._columns: dict[tuple[str, str], Objects] = {}
        self._masks: dict[tuple[str, str, str], Bools] = {}
        self._grid: dict[str, tuple[Ints, Ints]] = {}
        self.derived: dict[int, Any] = {}
        """The figures of each year that were derived: see :func:`~reportkit.registers.derivation.derive.numbers_of`."""

    def years(self, register: str, column: str) -> Ints:
        """Return the year of each row's date, :data:`NEVER` for a blank."""
        key = (register, column)
        if key not in self._years:
            dates = self.data.rows(register).days(column).astype("datetime64[Y]")
            years = dates.astype(np.int64) + 1970
            self._years[key] = np.where(np.isnat(dates), NEVER, years)
        return self._years[key]

    def column(self, register: str, column: str) -> Objects:
        """Return a column's values."""
        key = (register, column)
        if key not in self._columns:
            self._columns[key] = self.data.rows(register).values(column)
        return self._columns[key]

    def of(self, register: str, column: str, code: str) -> Bools:
        """Return which rows have a code in a column."""
        key = (register, column, code)
        if key not in self._masks:
            self._masks[key] = self.column(register, column) == code
        return self._masks[key]

    def grid(self, edition: Edition) -> tuple[Ints, Ints]:
        """Return where in an edition's table t3 each application counts: column, row of its outcome.

        The row is -1 where there is no outcome.
        """
        if edition.code not in self._grid:
            table = edition.tables["t3"]
            rows = {row.code: number for number, row in enumerate(table.rows)}
            columns = {c.code: number for number, c in enumerate(table.blocks[0].columns)}
            types = self.column("applications", "applicant_type")
            outcomes = self.column("applications", "outcome")
            at = {code: rows[edition.outcome_row(code).code] for code in {*outcomes} - {None}}
            self._grid[edition.code] = (
                np.array([columns[code] for code in types], dtype=np.int64),
                np.array([at.get(code, -1) for code in outcomes], dtype=np.int64),
            )
        return self._grid[edition.code]


class Year:
    """The derivations of one reporting year. Each returns a :class:`Count`."""

    def __init__(self, cases: Cases, year: int) -> None:
        self.cases = cases
        self.year = year

    def covered(self, register: str) -> bool:
        """Say whether the register counts in this year."""
        return self.cases.data.covers(register, self.year)

    def in_year(self, register: str, column: str, only: Bools | None = None) -> Bools:
        """Return which rows are dated in the year."""
        rows: Bools = self.cases.years(register, column) == self.year
        return rows if only is None else rows & only

    def in_force(
        self, register: str, begin: str, end: str, only: Bools | None = None, offset: int = 0
    ) -> Bools:
        """Return which rows were begun by, and not ended by, 31 December of the year plus ``offset``."""
        began, ended = self.cases.years(register, begin), self.cases.years(register, end)
        day = self.year + offset
        rows: Bools = (began <= day) & ~(ended <= day)
        return rows if only is None else rows & only

    def dated(self, register: str, column: str, only: Bools | None = None) -> Count:
        """Count the rows dated in the year."""
        if not self.covered(register):
            return UNKNOWN
        number = int(np.count_nonzero(self.in_year(register, column, only)))
        return Count(number, rows=number > 0)

    def standing(
        self, register: str, begin: str, end: str, only: Bools | None = None, offset: int = 0
    ) -> Count:
        """Count the rows begun by, and not ended by, 31 December of the year plus ``offset``."""
        if not self.covered(register):
            return UNKNOWN
        known = self.cases.years(register, begin) <= self.year
        if only is not None:
            known = known & only
        rows = self.in_force(register, begin, end, only, offset)
        # Rows are there as soon as any was begun: an emptied stock is a counted zero.
        return Count(int(np.count_nonzero(rows)), rows=bool(known.any()))

    def distinct(self, register: str, column: str, dated: str, only: Bools | None = None) -> Count:
        """Count the different values of a column among the rows dated in the year."""
        if not self.covered(register):
            return UNKNOWN
        rows = self.in_year(register, dated, only)
        number = len(set(self.cases.column(register, column)[rows]))
        return Count(number, rows=number > 0)

    def amount(self, register: str, column: str, dated: str, only: Bools | None = None) -> Count:
        """Sum the figures of the rows dated in the year; unknown where one of them is blank."""
        if not self.covered(register):
            return UNKNOWN
        rows = self.in_year(register, dated, only)
        value = total(self.cases.column(register, column)[rows])
        return Count(value, rows=bool(rows.any()))
