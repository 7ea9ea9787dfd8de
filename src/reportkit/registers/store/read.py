"""Reading a store: one town's slice of each register, and nothing personal.

The slice is asked of the database, town and dates, so that a province's store costs a report no more than a
town's own. A reader of DuckDB opens the file read-only and keeps it as it was then; one of PostgreSQL sees one
snapshot a town.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from reportkit.errors import SourceError
from reportkit.form import CellValue
from reportkit.language import _
from reportkit.registers.data import (
    Coverage,
    SetAside,
    TownData,
    coverage_by_town,
    empty_frame,
    reporting_years,
)
from reportkit.registers.dealt import Dealt
from reportkit.registers.presence import Presence, mark_of_files
from reportkit.registers.rows import Frames
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from reportkit.registers.store.address import Address, raw_errors
from reportkit.registers.store.aside import aside_of, load_set_aside
from reportkit.registers.store.contents import load_contents
from reportkit.registers.store.frames import StoredFrames, from_rows
from reportkit.registers.store.marks import marks_of_rows
from reportkit.registers.store.migrate import require_head
from reportkit.registers.store.queries import END, Queries, case_years
from reportkit.registers.store.rollup import roll_up
from reportkit.registers.store.schema import BROUGHT, CONFLICTS, FILES, SET_ASIDE, TABLES
from reportkit.report import Town

TOGETHER = 80
"""How many towns are asked for at once, for the memory's sake not more."""


class Store:
    """An open store. ``towns`` and ``editions`` from the project's params win over the store's own.

    Raises :class:`~reportkit.errors.SourceError` where there is none or it cannot be reached,
    :class:`~reportkit.errors.StoreError` where it is another version's.
    """

    def __init__(
        self,
        address: Address,
        towns: Mapping[str, Town] | None = None,
        editions: Mapping[str, str] | None = None,
        wholes: Mapping[str, Town] | None = None,
    ) -> None:
        """Open the store; ``wholes`` are the counties and provinces that may have prose of their own."""
        self.address = address
        self._wholes = dict(wholes or {})
        self._connection = address.read()
        with self._snapshot() as connection:
            require_head(connection)
            self._contents = load_contents(connection, self._wholes, towns or ())
        contents = self._contents
        self.problems = contents.problems
        self.towns: Mapping[str, Town] = MappingProxyType({**contents.towns, **(towns or {})})
        self._editions = {**contents.editions, **(editions or {})}
        self._present = [
            name for name in REGISTERS if name in contents.registers and name != "towns"
        ]
        """The registers of which it has rows, but that of towns."""
        self._queries = Queries(address.path is not None, contents.files, contents.places)
        self._presence = Presence(
            contents.brought,
            {id_: town.name for id_, town in self.towns.items()},
        )
        if not self.towns:
            raise SourceError(
                "；".join(contents.refused.values())
                or f"{address.uri}: no town is known; ingest a register of towns (单位信息), or name them in "
                "params/towns.yaml"
            )

    def close(self) -> None:
        """Let go of the store."""
        self._connection.close()

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        try:
            with self._connection.begin():
                yield self._connection
        except (DBAPIError, raw_errors(self._connection)) as fault:
            # Its own words may repeat a row's values.
            raise SourceError(
                _(
                    "{uri}: cannot be read ({kind})",
                    uri=self.address.uri,
                    kind=type(getattr(fault, "orig", fault)).__name__,
                )
            ) from None

    def town(self, town: str, until: date = END) -> TownData:
        """Return one town's registers, as far as their rows had come by a day.

        Raises :class:`KeyError` for a town that is not there.
        """
        given = self.towns[town] if town in self.towns else self._wholes[town]
        with self._snapshot() as connection:
            rows = {
                name: self._queries.rows(connection, name, [town], until) for name in self._present
            }
            set_aside = load_set_aside(connection, [town])
        frames = StoredFrames(rows, self._contents.files)
        return self._town_data(given, town, frames, aside_of(set_aside, town), _spans(town, frames))

    def several(self, towns: Iterable[str], until: date = END) -> Iterator[TownData]:
        """Yield :meth:`town` of many towns, in their order: as many as :data:`TOGETHER` are asked for at once.

        A query costs as much for eighty towns as for one, but for its rows. Raises :class:`KeyError` for a town
        that is not there.

        >>> for data in store.several(store.towns):  # doctest: +SKIP
        ...     Digests(data).of(2021)
        """
        for _dealt, some in self.batches(towns, until):
            yield from some.values()

    def batches(
        self, towns: Iterable[str], until: date = END
    ) -> Iterator[tuple[Dealt, Mapping[str, TownData]]]:
        """Yield :meth:`several` with the rows that they were dealt from, as many towns as are asked for at once."""
        asked = [(town, self.towns[town]) for town in towns]
        for first in range(0, len(asked), TOGETHER):
            some = asked[first : first + TOGETHER]
            names = [town for town, _ in some]
            with self._snapshot() as connection:
                together = {
                    name: self._queries.frame(connection, name, names, until)
                    for name in self._present
                }
                set_aside = load_set_aside(connection, names)
            dealt = Dealt(together)
            spans = coverage_by_town(together.get("coverage", empty_frame("coverage")))
            yield (
                dealt,
                {
                    town: self._town_data(
                        given,
                        town,
                        dealt.frames(town),
                        aside_of(set_aside, town),
                        spans.get(town, {}),
                    )
                    for town, given in some
                },
            )

    def marks(self) -> dict[str, str]:
        """Return for each town a mark that changes whenever what :meth:`town` gives may have changed."""
        with self._snapshot() as connection:
            rows = marks_of_rows(connection)
        files = mark_of_files(self._contents.brought)

        def mark(town: str, given: Town) -> str:
            seen = (rows.get(town), rows.get(None), files, repr(given), self._editions.get(town))
            return hashlib.sha256(repr(seen).encode()).hexdigest()

        return {town: mark(town, given) for town, given in self.towns.items()}

    def _town_data(
        self,
        given: Town,
        town: str,
        frames: Mapping[str, pd.DataFrame],
        set_aside: tuple[SetAside, ...],
        spans: Coverage,
    ) -> TownData:
        return TownData(
            given,
            self._editions.get(town),
            frames if isinstance(frames, Frames) else MappingProxyType(frames),
            MappingProxyType(spans or self._coverage(town, frames)),
            set_aside
            + tuple(SetAside(note.to_finding(), None) for note in self._presence.notes_of(town)),
            self._presence.absent(town) if spans else MappingProxyType({}),
        )

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, without reading its cases."""
        with self._snapshot() as connection:
            frames: dict[str, pd.DataFrame] = {
                name: from_rows(
                    REGISTERS[name],
                    self._queries.rows(connection, name, [town], END),
                    self._contents.files,
                )
                for name in ("coverage", "narratives", "figures")
                if name in self._present
            }
            seen: dict[str, set[int]] = {}
            for row in connection.execute(case_years(), {"town": town}):
                seen.setdefault(row.register, set()).add(int(row.year))
        for name in ("narratives", "figures"):
            if name in frames:
                seen[name] = {int(year) for year in frames[name]["year"]}
        covered = _spans(town, frames) or self._coverage(town, frames)
        return reporting_years(covered, seen)

    def roll_up(self, year: int) -> dict[str, dict[str, CellValue]]:
        """Return every town's key figures of a year, asked for at once; see :mod:`.rollup`."""
        with self._snapshot() as connection:
            return roll_up(connection, year, self._presence.absent)

    def _coverage(self, town: str, frames: Mapping[str, Any]) -> Coverage:
        """Return what a town without a row of coverage covers.

        Those are, in the years of its narratives, the registers of the files that are its own alone: the rule of a
        folder of one town.
        """
        years = (
            sorted({int(y) for y in frames["narratives"]["year"]}) if "narratives" in frames else []
        )
        brought = self._contents.own.get(town, ())
        return {
            name: tuple((year, year) for year in years)
            for name in CASE_REGISTERS
            if name in brought
        }

    def fingerprint(self) -> str:
        """Return what changes with every change of a server's store: the version of each row."""
        with self._snapshot() as connection:
            seen = []
            others = (FILES, BROUGHT, SET_ASIDE, CONFLICTS)
            for table in (*TABLES, *(other.name for other in others)):
                versions = (
                    f"SELECT count(*), sum(hashtext(xmin::text || ctid::text)::bigint) FROM {table}"
                )
                seen.append(tuple(connection.execute(text(versions)).one()))
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def _spans(town: str, frames: Mapping[str, pd.DataFrame]) -> Coverage:
    """Return what the rows of a town's register of coverage say."""
    return coverage_by_town(frames.get("coverage", empty_frame("coverage"))).get(town, {})
