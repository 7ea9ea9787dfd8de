"""One town's registers, cleaned: what derivation works on, wherever the rows came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from reportkit.finding import Finding
from reportkit.form import FIRST_YEAR
from reportkit.registers.absent import Absent
from reportkit.registers.rows import FOLLOWS, Frames, Rows
from reportkit.registers.schema import REGISTERS
from reportkit.report import Town


@dataclass(frozen=True)
class SetAside:
    """A row that is in no cell and no fact of any year, with the finding that says why."""

    finding: Finding
    dated: date | None
    """When the row came into being; ``None`` where that cannot be read, so it shows in every year."""
    why: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)
    """Each fault of the row: the column (blank: the whole row), the code and the reason."""
    key: tuple[str, ...] | None = field(default=None, compare=False)
    """The row's key as texts, ``None`` where a part of it cannot be read."""


@dataclass(frozen=True)
class TownData:
    """The cleaned registers of one town.

    ``frames`` holds a frame a register, with the schema's columns that are not personal: dates as
    ``datetime64[s]``, codes and texts as ``object`` (``None`` where blank), whole numbers as
    ``Int64``, amounts as :class:`~decimal.Decimal` in an ``object`` column, and the origin of each row in
    ``file``, ``sheet`` and ``row``. A register without a table is absent.
    """

    town: Town
    edition: str | None = None
    """The edition to use whatever the year; ``None``: by year."""
    frames: Mapping[str, pd.DataFrame] = field(default_factory=lambda: MappingProxyType({}))
    coverage: Mapping[str, tuple[tuple[int, int | None], ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """For each register the spans of years (first, last or still kept) for which it counts."""
    set_aside: tuple[SetAside, ...] = ()
    absent: Mapping[str, Absent] = field(default_factory=lambda: MappingProxyType({}))
    """The registers that nobody has seen, whatever their coverage says: what they would tell is unknown."""

    def covers(self, register: str, year: int) -> bool:
        """Say whether a register counts in a year: only then does no row mean zero."""
        return register not in self.absent and self.said_kept(register, year)

    def said_kept(self, register: str, year: int) -> bool:
        """Say whether the register's coverage names a year, be it there or not."""
        return any(
            first <= year and (last is None or year <= last)
            for first, last in self.coverage.get(register, ())
        )

    def frame(self, register: str) -> pd.DataFrame:
        """Return a register's rows, an empty frame where there is no table."""
        if register in self.frames:
            return self.frames[register]
        return empty_frame(register)

    def rows(self, register: str, year: int | None = None) -> Rows:
        """Return a register's rows as plain columns; with a year as they stood at its end, see :meth:`seen`."""
        key = (register, year)
        if key not in self._rows:
            if (register, None) not in self._rows:
                self._rows[register, None] = self._whole(register)
            if year is not None:
                self._rows[key] = self._rows[register, None].seen(REGISTERS[register], year)
        return self._rows[key]

    def _whole(self, register: str) -> Rows:
        if isinstance(self.frames, Frames) and register in self.frames:
            return self.frames.rows(register)
        return Rows(self.frame(register))

    @cached_property
    def _rows(self) -> dict[tuple[str, int | None], Rows]:
        return {}

    def years(self) -> tuple[int, ...]:
        """Return the years that there is something to report for, ascending, from the first form on.

        They are the years of narratives and figures, those that a span of coverage names with both ends, and
        those covered without an end in which a case register has a row.
        """
        return self._years

    @cached_property
    def _years(self) -> tuple[int, ...]:
        seen: dict[str, tuple[int, ...]] = {}
        for register in ("narratives", "figures"):
            if register in self.frames:
                seen[register] = tuple(map(int, self.rows(register).values("year")))
        for register in self.coverage:
            days = self.rows(register).days(str(REGISTERS[register].dated_by))
            named = np.unique(days[~np.isnat(days)].astype("datetime64[Y]")).astype(int) + 1970
            seen[register] = tuple(named.tolist())
        return reporting_years(self.coverage, seen)

    def as_of(self, year: int) -> TownData:
        """Return the registers as they stood on 31 December of a year, see :meth:`seen`."""
        frames = {name: self.seen(name, year) for name in self.frames}
        return replace(self, frames=MappingProxyType(frames), set_aside=self.faults(year))

    def seen(self, register: str, year: int) -> pd.DataFrame:
        """Return a register's rows as they stood on 31 December of a year.

        Rows that came later do not exist, later dates are blank, and an outcome or a result goes
        with its date, so that next year's work never changes last year's report.
        """
        frame, schema = self.frame(register), REGISTERS[register]
        if schema.dated_by is None:
            return frame
        late = {
            column.name: frame[column.name].to_numpy() > _end(year)
            for column in schema.columns
            if column.type == "date" and column.name in frame
        }
        follows = {other: late[dated] for dated, other in FOLLOWS.get(register, ())}
        changes = {
            name: frame[name].mask(hidden)
            for name, hidden in (late | follows).items()
            if name != schema.dated_by and name in frame and hidden.any()
        }
        rows = frame.assign(**changes) if changes else frame
        born_late = late[schema.dated_by]
        return rows[~born_late] if born_late.any() else rows

    def rows_seen(self, register: str, year: int) -> int:
        """Return how many rows a case register had on 31 December of a year."""
        days = self.rows(register).days(str(REGISTERS[register].dated_by))
        return int(np.count_nonzero(days <= _end(year)))

    def faults(self, year: int) -> tuple[SetAside, ...]:
        """Return the rows set aside that a report of a year tells of."""
        return tuple(s for s in self.set_aside if s.dated is None or s.dated.year <= year)


def reporting_years(
    coverage: Mapping[str, tuple[tuple[int, int | None], ...]], seen: Mapping[str, Iterable[int]]
) -> tuple[int, ...]:
    """Return the years that there is something to report for, from the years of a town's rows by register.

    See :meth:`TownData.years`.

    >>> reporting_years({"hotline": ((2020, None),)}, {"hotline": (2019, 2021), "narratives": (2022,)})
    (2021, 2022)
    """
    years = {year for name in ("narratives", "figures") for year in seen.get(name, ())}
    for register, spans in coverage.items():
        for first, last in spans:
            cases = seen.get(register, ())
            years.update(range(first, last + 1) if last else (y for y in cases if y >= first))
    return tuple(sorted(year for year in years if year >= FIRST_REPORTED))


Coverage = dict[str, tuple[tuple[int, int | None], ...]]
"""For each register the spans of years for which it counts; see :attr:`TownData.coverage`."""


def coverage_by_town(frame: pd.DataFrame) -> dict[str, Coverage]:
    """Return each town's spans from rows of the register of coverage, in the order of the rows."""
    found: dict[str, dict[str, list[tuple[int, int | None]]]] = {}
    columns = (frame[name].tolist() for name in ("town", "register", "from_year", "to_year"))
    for town, register, first, last in zip(*columns, strict=True):
        span = (int(first), None if last is pd.NA else int(last))
        found.setdefault(town, {}).setdefault(register, []).append(span)
    return {
        town: {register: tuple(spans) for register, spans in own.items()}
        for town, own in found.items()
    }


def _end(year: int) -> np.datetime64:
    return np.datetime64(f"{year}-12-31", "s")


FIRST_REPORTED = FIRST_YEAR
"""The first year with a national form (国办公开办函〔2019〕60号)."""

ORIGIN = ("file", "sheet", "row")
"""The columns that say where a row stands."""


def empty_frame(register: str) -> pd.DataFrame:
    """Return a register's frame without rows, each column of its type."""
    return _empty_frame(register).copy(deep=False)


@cache
def _empty_frame(register: str) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for column in REGISTERS[register].public_columns:
        columns[column.name] = pd.Series([], dtype=DTYPES.get(column.type, "object"))
    for name in ORIGIN:
        columns[name] = pd.Series([], dtype="Int64" if name == "row" else "object")
    return pd.DataFrame(columns)


DTYPES: Mapping[str, str] = MappingProxyType(
    {
        "date": "datetime64[s]",
        "year": "Int64",
        "count": "Int64",
        "days": "Int64",
        "bool": "boolean",
    }
)
"""The dtype of each column type; the others are ``object``."""
