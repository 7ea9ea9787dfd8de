"""What a maker of rows works with: one body, one year, and luck of its own."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reportkit.registers.sample.columns import Columns, objects, taken
from reportkit.registers.sample.days import Dates, WorkingDays
from reportkit.registers.sample.phrases import domains
from reportkit.registers.sample.profile import Profile, rows_in_year

CARRIED: Final = "carried"
"""A column for the assembler alone: a row of the year before the first is kept if this day is not
before the first year."""


@dataclass(frozen=True)
class Case:
    """One body's year of one register.

    Its luck depends on seed, body, year and register alone: neither the number of bodies nor the
    span of years changes a row.
    """

    profile: Profile
    year: int
    days: WorkingDays
    rng: np.random.Generator

    def rows(self, key: str) -> int:
        """Return how many rows of one sort the year has."""
        return rows_in_year(self.profile, self.rng, key, self.year)

    def working_days(self, rows: int) -> NDArray[np.int64]:
        """Return the numbers of working days of the year, ascending."""
        low, high = self.days.year(self.year)
        return np.sort(self.rng.integers(low, high, rows))

    def dates(self, rows: int) -> Dates:
        """Return working days of the year as dates, ascending."""
        return self.days.dates(self.working_days(rows))

    def pick(self, values: Sequence[str | None], rows: int) -> NDArray[Any]:
        """Return values at random, each as likely as the others."""
        chosen: NDArray[Any] = objects(values)[self.rng.integers(0, len(values), rows)]
        return chosen

    def pick_weighted(
        self, values: Sequence[str], weights: Sequence[float], rows: int
    ) -> NDArray[Any]:
        """Return values at random by their weights."""
        steps = np.cumsum(np.asarray(weights, dtype=float))
        places = np.searchsorted(steps, self.rng.random(rows) * steps[-1], side="right")
        chosen: NDArray[Any] = objects(values)[places]
        return chosen

    def domains(self, rows: int) -> list[tuple[str, str]]:
        """Return subjects at random: (category, domain) pairs."""
        known = domains()
        return [known[place] for place in self.rng.integers(0, len(known), rows).tolist()]


def open_case(profile: Profile, seed: int, year: int, register: str, days: WorkingDays) -> Case:
    """Return the case of a body's year and register."""
    name = zlib.crc32(register.encode())  # the same in every process, unlike hash()
    return Case(profile, year, days, np.random.default_rng((seed, profile.number, year, name)))


def carried_in(columns: Columns, day: np.datetime64) -> Columns:
    """Return the rows that were still open on a day."""
    return taken(columns, columns[CARRIED] >= day)
