"""Reading a store: one town's slice of each register, and nothing personal.

The slice is asked of the database, town and dates, so that a province's store costs a report no more than a
town's own. A reader of DuckDB opens the file read-only and keeps it as it was then; one of PostgreSQL sees one
snapshot a town.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, TextClause, select, text, union_all
from sqlalchemy.exc import DBAPIError

from reportkit.errors import SourceError
from reportkit.finding import Finding
from reportkit.form import CellValue
from reportkit.ids import is_id
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
from reportkit.registers.presence import Brought, Presence, mark_of_files
from reportkit.registers.reading.bodies import refused_counties
from reportkit.registers.reading.notes import SHEET_PASSED, PassedOver
from reportkit.registers.rows import Frames
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from reportkit.registers.store.address import Address, raw_errors
from reportkit.registers.store.frames import PLACE, StoredFrames, from_arrow, from_rows
from reportkit.registers.store.marks import marks_of_rows
from reportkit.registers.store.migrate import require_head
from reportkit.registers.store.rollup import roll_up
from reportkit.registers.store.schema import BROUGHT, CONFLICTS, FILES, SET_ASIDE, TABLES
from reportkit.report import Town

TOGETHER = 80
"""How many towns are asked for at once, for the memory's sake not more."""

END = date(2199, 12, 31)
"""The last day that any register holds (:data:`~reportkit.registers.reading.values.LAST_YEAR`)."""


@cache
def _slice(register: str, towns: int, mark: str) -> str:
    """Return the query of so many towns' rows that had come by a day, ``mark`` for each value."""
    dated = REGISTERS[register].dated_by
    which = f"IN ({', '.join([mark] * towns)})" if towns > 1 else f"= {mark}"
    until = "" if dated is None else f" AND {dated} <= {mark}"
    return (
        f"SELECT {_columns(register)} FROM {register} WHERE town {which} AND aside IS NULL{until}"
    )


def _columns(register: str) -> str:
    names = [column.name for column in REGISTERS[register].public_columns]
    return ", ".join([*names, "file_id", *PLACE])


@cache
def _case_years() -> TextClause:
    """Return the query of the years in which a town's case registers have rows."""
    return text(
        " UNION ALL ".join(
            f"SELECT DISTINCT '{name}' AS register, EXTRACT(year FROM {REGISTERS[name].dated_by}) AS year "
            f"FROM {name} WHERE town = :town AND aside IS NULL"
            for name in CASE_REGISTERS
        )
    )


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
            files = list(connection.execute(select(FILES)))
            self._files = {row.id: PurePosixPath(row.name).name for row in files}
            # Reports follow the files, not the order in which they came.
            files.sort(key=lambda row: (row.name, row.sha256, row.id))
            self._places = {row.id: place for place, row in enumerate(files)}
            own = from_rows(REGISTERS["towns"], _all(connection, "towns"), self._files)
            brought = list(connection.execute(select(BROUGHT)))
            refused = refused_counties(own, self._wholes, towns or ())
            self.problems = (*_problems(connection), *_unfit(own), *refused.values())
            own = own[~own["town"].isin(list(refused))]
            passed = [
                (row.file_id, Finding.model_validate(json.loads(row.finding)))
                for row in connection.execute(
                    select(SET_ASIDE.c.file_id, SET_ASIDE.c.finding).where(
                        SET_ASIDE.c.finding.contains(f'"{SHEET_PASSED}"')
                    )
                )
            ]
        self._present = {row.register for row in brought}
        self._own = _of_one_town(brought)
        self._editions = {**dict(_editions(own)), **(editions or {})}
        self.towns: Mapping[str, Town] = MappingProxyType({**dict(_towns(own)), **(towns or {})})
        self._brought = _files_brought(self._files, brought, passed)
        self._presence = Presence(
            self._brought,
            {id_: town.name for id_, town in self.towns.items()},
        )
        if not self.towns:
            raise SourceError(
                "；".join(refused.values())
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
                name: self._rows(connection, name, [town], until)
                for name in REGISTERS
                if name in self._present and name != "towns"
            }
            set_aside = _set_aside(connection, [town])
        frames = StoredFrames(rows, self._files)
        return self._town_data(given, town, frames, _of(set_aside, town), _spans(town, frames))

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
                    name: self._of_several(connection, name, names, until)
                    for name in REGISTERS
                    if name in self._present and name != "towns"
                }
                set_aside = _set_aside(connection, names)
            dealt = Dealt(together)
            spans = coverage_by_town(together.get("coverage", empty_frame("coverage")))
            yield (
                dealt,
                {
                    town: self._town_data(
                        given, town, dealt.frames(town), _of(set_aside, town), spans.get(town, {})
                    )
                    for town, given in some
                },
            )

    def marks(self) -> dict[str, str]:
        """Return for each town a mark that changes whenever what :meth:`town` gives may have changed."""
        with self._snapshot() as connection:
            rows = marks_of_rows(connection)
        files = mark_of_files(self._brought)
        told = {
            town: (rows.get(town), rows.get(None), files, repr(given), self._editions.get(town))
            for town, given in self.towns.items()
        }
        return {town: hashlib.sha256(repr(one).encode()).hexdigest() for town, one in told.items()}

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
            frames = {
                name: from_rows(
                    REGISTERS[name],
                    self._rows(connection, name, [town], END),
                    self._files,
                )
                for name in ("coverage", "narratives", "figures")
                if name in self._present
            }
            seen: dict[str, set[int]] = {}
            for row in connection.execute(_case_years(), {"town": town}):
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

    def _rows(
        self, connection: Connection, register: str, towns: list[str], until: date
    ) -> list[Any]:
        """Return the rows of some towns, by town: each as files, sheets and rows have them."""
        query = _slice(register, len(towns), "%s" if self.address.path is None else "?")
        bound = (*towns, *([] if REGISTERS[register].dated_by is None else [until]))
        # The driver's own query and rows: SQLAlchemy's cost as much again, and nothing here uses their names.
        rows = list(connection.exec_driver_sql(query, bound).cursor.fetchall())
        places = self._places

        def place(row: Any) -> tuple[Any, ...]:
            file_id, sheet, number = row[-3:]
            return row[0], places.get(file_id, -1), sheet is None, sheet or "", number or 0

        rows.sort(key=place)  # databases sort texts by rules of their own, and no quicker
        return rows

    def _of_several(
        self, connection: Connection, name: str, towns: list[str], until: date
    ) -> pd.DataFrame:
        """Return the rows of some towns by town, as whole columns where the database gives them so."""
        register = REGISTERS[name]
        if self.address.path is None:
            return from_rows(register, self._rows(connection, name, towns, until), self._files)
        raw: Any = connection.connection.driver_connection
        query = f"{_slice(name, len(towns), '?')} ORDER BY town, file_id, sheet, row_no"
        bound = [*towns, *([] if register.dated_by is None else [until])]
        rows = raw.sql(query, params=bound).to_arrow_table()
        places = np.array([self._places.get(id_, -1) for id_ in rows["file_id"].to_pylist()], int)
        if (places[1:] < places[:-1]).any():
            codes, _ = pd.factorize(rows["town"].to_pandas())
            rows = rows.take(np.lexsort((places, codes)))
        return from_arrow(register, rows, self._files)

    def _coverage(self, town: str, frames: Mapping[str, Any]) -> Coverage:
        """Return what a town without a row of coverage covers.

        Those are, in the years of its narratives, the registers of the files that are its own alone: the rule of a
        folder of one town.
        """
        years = (
            sorted({int(y) for y in frames["narratives"]["year"]}) if "narratives" in frames else []
        )
        brought = self._own.get(town, set())
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


def _set_aside(connection: Connection, towns: list[str]) -> list[tuple[str | None, SetAside]]:
    """Return the rows of some towns that count nowhere, with the town of each."""
    left_out, clashing = (
        select(table.c.town, table.c.dated, table.c.finding).where(
            table.c.town.in_(towns) | table.c.town.is_(None)
        )
        for table in (SET_ASIDE, CONFLICTS)
    )
    return [
        (row.town, SetAside(Finding.model_validate(json.loads(row.finding)), row.dated))
        for row in connection.execute(union_all(left_out, clashing))
        if f'"{SHEET_PASSED}"' not in row.finding  # what a file left out: see Presence.notes_of
    ]


def _of(set_aside: list[tuple[str | None, SetAside]], town: str) -> tuple[SetAside, ...]:
    """Return a town's rows that count nowhere, and those of nobody, in the order of files and rows."""
    own = [row for owner, row in set_aside if owner in (town, None)]
    return tuple(sorted(own, key=_by_place))


def _problems(connection: Connection) -> tuple[str, ...]:
    """Return what is wrong with the register of towns: a town that is set aside has no report to say so."""
    findings = (
        finding
        for table in (SET_ASIDE, CONFLICTS)
        for finding in connection.scalars(
            select(table.c.finding).where(table.c.register == "towns")
        )
    )
    return tuple(sorted(str(json.loads(finding)["message"]) for finding in findings))


def _unfit(towns: Any) -> Iterator[str]:
    """Yield what is wrong with towns that an older release let into a store under a name that is no id."""
    for id_, file, row in zip(towns["town"], towns["file"], towns["row"], strict=True):
        if not is_id(id_):
            yield f"单位信息 {file} 第{row}行：“{id_}”不能作单位编号，该单位没有报告。请换一个编号后重新入库。"


def _by_place(fault: SetAside) -> tuple[str, str, str, int, str]:
    place = fault.finding.place
    if place is None:
        return "", "", "", 0, fault.finding.message
    where = place.register or "", place.file or "", place.sheet or "", place.row or 0
    return (*where, fault.finding.message)


def _all(connection: Connection, register: str) -> list[Any]:
    return list(
        connection.execute(
            text(f"SELECT {_columns(register)} FROM {register} WHERE aside IS NULL ORDER BY town")
        )
    )


def _files_brought(
    files: Mapping[int, str], brought: Iterable[Any], passed: Iterable[tuple[int, Finding]]
) -> list[Brought]:
    """Return what each file brought, and what in it was passed over."""
    registers: dict[int, set[str]] = {file_id: set() for file_id in files}
    towns: dict[int, set[str]] = {file_id: set() for file_id in files}
    notes: dict[int, list[PassedOver]] = {file_id: [] for file_id in files}
    for row in brought:
        registers[row.file_id].add(row.register)
        towns[row.file_id].update([row.town] if row.town else [])
    for file_id, finding in passed:
        notes[file_id].append(PassedOver.from_stored(finding))
    return [
        Brought(name, frozenset(registers[id_]), frozenset(towns[id_]), tuple(notes[id_]))
        for id_, name in files.items()
    ]


def _of_one_town(brought: Iterable[Any]) -> dict[str, set[str]]:
    """Return for each town the registers of the files that are its alone."""
    towns: dict[int, set[str]] = {}
    registers: dict[int, set[str]] = {}
    for row in brought:
        registers.setdefault(row.file_id, set()).add(row.register)
        towns.setdefault(row.file_id, set()).update([row.town] if row.town else [])
    own: dict[str, set[str]] = {}
    for file_id, names in towns.items():
        if len(names) == 1:
            own.setdefault(next(iter(names)), set()).update(registers[file_id])
    return own


def _towns(frame: Any) -> Iterator[tuple[str, Town]]:
    for row in frame.to_dict("records"):
        given = {key: row[key] for key in Town.model_fields if key in row and row[key] is not None}
        given["illustrative"] = row["illustrative"] is True
        if is_id(row["town"]):
            yield row["town"], Town(id=row["town"], **given)


def _editions(frame: Any) -> Iterator[tuple[str, str]]:
    for town, edition in zip(frame["town"], frame["edition"], strict=True):
        if edition is not None:
            yield town, edition
