"""A folder of registers: every file in it read, cleaned and dealt out to the towns."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from reportkit.errors import SourceError
from reportkit.ids import is_id
from reportkit.language import _
from reportkit.registers.absent import Absent
from reportkit.registers.data import Coverage, SetAside, TownData, coverage_by_town
from reportkit.registers.dealt import Dealt
from reportkit.registers.presence import Brought, Presence, mark_of_files
from reportkit.registers.reading.bodies import Described, describe
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.raw import RawTable
from reportkit.registers.reading.files.stored import Indexes
from reportkit.registers.reading.files.whole import RegisterTable
from reportkit.registers.reading.files_of_folder import read_folder
from reportkit.registers.reading.joined import faults_of, joined
from reportkit.registers.reading.values import one_line
from reportkit.registers.schema import CASE_REGISTERS
from reportkit.report import Town


class Folder:
    """The registers of one or many towns, from a folder of CSV, Parquet or Excel files.

    ``towns`` from the project's params win over the folder's own register of towns. Raises
    :class:`~reportkit.errors.SourceError` for a folder without registers, or a file that cannot be read.
    """

    def __init__(
        self,
        path: Path,
        towns: Mapping[str, Town] | None = None,
        editions: Mapping[str, str] | None = None,
        wholes: Mapping[str, Town] | None = None,
        *,
        beside: Mapping[str, Town] | None = None,
        indexes: Indexes | None = None,
    ) -> None:
        """Read the files; with ``indexes`` leave it to :meth:`parts` to read and clean the towns' rows.

        ``wholes`` are the declared counties and provinces: they may have prose of their own, and a town of the
        folder's register is of one of them, or it is refused. ``beside`` have prose and are not declared.
        """
        self.path = path
        self._wholes = {**(beside or {}), **(wholes or {})}
        held = read_folder(path, indexes)
        self.problems = [*held.problems]
        self._notes, raw = held.notes, dict(held.raw)
        described = raw.pop("towns", [])
        given = towns or {}
        every = [table.rows_of(table.towns) for table in described]
        own = self._describe(every, given, wholes or {})
        self._refused = frozenset(own.refused)
        self._editions = {**own.editions, **(editions or {})}
        known = {**own.towns, **given}
        if not own.towns and not self._names_one_of(known, raw):
            known |= self._unnamed(raw, needed=not known)
        self.towns: Mapping[str, Town] = MappingProxyType(known)
        self._wholes = {id_: town for id_, town in self._wholes.items() if id_ not in known}
        # The folder's own town comes before those of a project that it may stand outside of.
        alone = [*(own.towns or given or known)]
        self._only = alone[0] if len(alone) == 1 else None
        self._by_name = {town.name: id_ for id_, town in self.towns.items() if id_}
        self._files = self._brought({"towns": described, **raw})
        self._presence = Presence(self._files, {id_: town.name for id_, town in self.towns.items()})
        # A workbook's empty sheet says nothing: it is no table of coverage.
        self._has_coverage = any(table.rows for table in raw.get("coverage", ()))
        self._raw = raw
        for name, tables in raw.items():
            self._pass_over(name, tables)
        if indexes is None:
            self._clean({**self.towns, **self._wholes})

    def parts(self, most_rows: int, only: Collection[str] | None = None) -> Iterator[Folder]:
        """Yield folders that together hold every town, or those named, each with about so many rows at most.

        What is cleaned takes several times the memory of what was read, so a big folder is never cleaned as a
        whole. The prose of counties and provinces comes with the first, which there always is.
        """
        towns = sorted(self.towns if only is None else self.towns.keys() & set(only))
        rows = sum(table.rows for tables in self._raw.values() for table in tables)
        rows = rows * len(towns) // max(1, len(self.towns))
        count = max(1, min(-(-rows // most_rows), len(towns)))
        if not self._has_coverage:
            count, towns = 1, sorted(self.towns)  # what is covered then depends on the other towns
        size = -(-len(towns) // count) or 1
        for first in range(0, len(towns) or 1, size):  # neighbours: their rows may lie together
            part = copy(self)
            part.towns = MappingProxyType(
                {id_: self.towns[id_] for id_ in towns[first : first + size]}
            )
            part.problems = [] if first else list(self.problems)
            part._clean({*part.towns, *(() if first else self._wholes)})  # noqa: SLF001 - its own class
            yield part
            del part  # before the next one is cleaned

    def marks(self) -> Mapping[str, str]:
        """Return for each town a mark that changes whenever what :meth:`town` gives may have changed.

        Its second word changes too where the town's rows have only moved within their files. Without a table of
        coverage there is none: what is covered then depends on all towns.
        """
        if not self._has_coverage:
            return {}
        held: dict[str | None, list[str]] = {}
        moved: dict[str | None, list[int]] = {}
        for name, tables in self._raw.items():
            for table in tables:
                for said, (rows, values, places) in sorted(table.towns.items()):
                    id_ = self._id_of(said)
                    told = f"{name} {table.file} {table.schema} {said} {rows} {values}"
                    held.setdefault(id_, []).append(told)
                    moved.setdefault(id_, []).append(places)
        files = mark_of_files(self._files)
        found: dict[str, str] = {}
        for id_, town in self.towns.items():
            given = repr(town), self._editions.get(id_), files, held.get(None), held.get(id_)
            place = moved.get(None), moved.get(id_)
            found[id_] = " ".join(
                hashlib.sha256(repr(one).encode()).hexdigest() for one in (given, place)
            )
        return found

    def _clean(self, bodies: Collection[str]) -> None:
        """Read and clean the rows of some towns, counties and provinces, and those that are nobody's."""
        frames: dict[str, pd.DataFrame] = {}
        self._set_aside: dict[str, list[SetAside]] = defaultdict(list)
        self._prose: dict[str, pd.DataFrame] = {}
        for name, tables in self._raw.items():
            own = [
                table.rows_of(
                    [s for s in table.towns if (i := self._id_of(s)) is None or i in bodies]
                )
                for table in tables
            ]
            frames[name] = self._deal(name, own)
        self.dealt = Dealt(frames)
        """The rows of all its towns."""
        self._coverage = self._spans(frames)

    @property
    def held(self) -> frozenset[str]:
        """The counties and provinces that the folder has prose of; :meth:`town` gives it."""
        return frozenset(self._prose)

    def town(self, town: str) -> TownData:
        """Return one town's cleaned registers; raise :class:`KeyError` for a town that is not there."""
        if town in self._prose:
            return TownData(self._wholes[town], frames={"narratives": self._prose[town]})
        return TownData(
            self.towns[town],
            self._editions.get(town),
            self.dealt.frames(town),
            MappingProxyType(self._coverage.get(town, {})),
            tuple(self._set_aside.get(town, ())) + self._notes_of(town),
            self._absent(town),
        )

    def _absent(self, town: str) -> Mapping[str, Absent]:
        """Return the registers of a town that nobody has seen; without a table of coverage none is said to be kept."""
        return self._presence.absent(town) if self._has_coverage else MappingProxyType({})

    def _notes_of(self, town: str) -> tuple[SetAside, ...]:
        """Return what was passed over whole in the files of a town, as findings of its reports."""
        return tuple(SetAside(n.to_finding(), None) for n in self._presence.notes_of(town))

    @property
    def placed(self) -> frozenset[str]:
        """The towns of whose rows a finding tells the place."""
        return frozenset(town for town, rows in self._set_aside.items() if rows)

    def _brought(self, raw: Mapping[str, list[RegisterTable]]) -> list[Brought]:
        """Return what each file brought, as :class:`~reportkit.registers.presence.Presence` asks for it."""
        registers: dict[str, set[str]] = {name: set() for name in self._notes}
        single = {name for name in self._notes if Brought(name).single}
        towns: dict[str, set[str]] = {name: set() for name in self._notes}
        for name, tables in raw.items():
            for table in tables:
                registers[table.file].add(name)
                if table.file not in single:  # it stands for all towns, whichever it names
                    towns[table.file].update(self._towns_in(table))
        return [
            Brought(name, frozenset(registers[name]), frozenset(towns[name]), tuple(notes))
            for name, notes in self._notes.items()
        ]

    def _towns_in(self, table: RegisterTable) -> set[str]:
        """Return the towns that the rows of a table name."""
        ids = (self._id_of(said) for said in table.towns)
        return {id_ for id_ in ids if id_ is not None and id_ in self.towns}

    def _id_of(self, said: str) -> str | None:
        """Return the id of the town that a row names, by its id or its name, or of the only one that there is."""
        name = one_line(said).strip()
        return self._by_name.get(name, name) or self._only

    def _describe(
        self,
        tables: list[RawTable],
        given: Mapping[str, Town],
        declared: Mapping[str, Town],
    ) -> Described:
        """Return the bodies of the folder's own register of towns, and keep what is wrong with it."""
        if not tables:
            return Described({}, {}, {}, ())
        found = describe(joined(tables), faults_of(tables), declared, given)
        self.problems.extend(found.problems)
        if not found.towns and found.problems and not given:
            raise SourceError("；".join(found.problems))
        return found

    @staticmethod
    def _ids(raw: Mapping[str, list[RegisterTable]]) -> set[str]:
        """Return what the rows' town columns say."""
        return {
            name
            for tables in raw.values()
            for table in tables
            for said in table.towns
            if (name := one_line(said).strip())
        }

    def _names_one_of(
        self, known: Mapping[str, Town], raw: Mapping[str, list[RegisterTable]]
    ) -> bool:
        """Say whether the rows name a described town, or leave the only one unsaid."""
        ids = self._ids(raw)
        if not ids:
            return len(known) == 1
        return bool(ids & ({*known} | {town.name for town in known.values()}))

    def _unnamed(self, raw: Mapping[str, list[RegisterTable]], *, needed: bool) -> dict[str, Town]:
        """Return the towns that rows name where nobody has described them: the id stands for the name."""
        ids = sorted(self._ids(raw) - {*self._refused})
        towns = {id_: Town(id=id_, name=id_) for id_ in ids if is_id(id_)}
        if not towns and not needed:
            return {}
        if not towns:
            raise SourceError(
                _(
                    "{path}: no town is known; add a register towns.csv beside the data (town, name, "
                    "kind), or params/towns.yaml",
                    path=self.path,
                )
            )
        self.problems.append(
            _(
                "towns: nobody described the towns; their ids are printed as names. "
                "Add a register towns.csv beside the data (town, name, kind), or params/towns.yaml"
            )
        )
        return towns

    def _deal(self, name: str, tables: list[RawTable]) -> pd.DataFrame:
        """Clean a register and return the rows of its towns; what is prose of others, or set aside, is noted."""
        raw = joined(tables)
        raw["town"] = self._town_ids(raw)
        own = {*self.towns, *(self._wholes if name == "narratives" else ())}
        frame, set_aside = clean(name, raw, faults_of(tables))
        theirs = frame["town"].isin(list(self.towns)).to_numpy(dtype=bool)
        for town, rows in frame[~theirs].groupby("town", sort=False):
            if town in own:
                self._prose[str(town)] = rows.reset_index(drop=True)
        for town_id, fault in set_aside:
            # A row without a town is nobody's: every town's page shows it, so that it is not lost.
            for owner in [town_id] if town_id is not None else self.towns:
                self._set_aside[owner].append(fault)
            if town_id in self._wholes and name == "narratives":  # no report of a body tells it
                self.problems.append(fault.finding.message)
        return frame if theirs.all() else frame[theirs].reset_index(drop=True)

    def _pass_over(self, name: str, tables: Sequence[RegisterTable]) -> None:
        """Name the towns of rows that nobody described; why a town was refused is told already."""
        own = {*self.towns, *self._refused, *(self._wholes if name == "narratives" else ())}
        strangers: Counter[str] = Counter()
        for table in tables:
            for said, (rows, *_sums) in table.towns.items():
                id_ = self._id_of(said)
                if id_ is not None and id_ not in own:
                    strangers[id_] += rows
        for stranger, count in sorted(strangers.items()):
            self.problems.append(
                _(
                    "{name}: {count} rows are of the town {town!r}, which nobody named; passed over",
                    name=name,
                    count=count,
                    town=str(stranger)[:40],
                )
            )

    def _town_ids(self, raw: pd.DataFrame) -> pd.Series[Any]:
        """Return each row's town id: as given, by the town's name, or the only town there is."""
        only = self._only
        if "town" not in raw:
            return pd.Series([only] * len(raw), index=raw.index, dtype=object)
        codes, distinct = pd.factorize(raw["town"].astype(object))
        names = [one_line(str(value)).strip() for value in distinct]
        ids = [*(self._by_name.get(name, name) or only for name in names), only]  # -1: no town
        return pd.Series(np.array(ids, dtype=object)[codes], index=raw.index, dtype=object)

    def _spans(self, frames: Mapping[str, pd.DataFrame]) -> dict[str, Coverage]:
        """Return what each town's registers cover.

        Without a table of coverage, a folder of one town covers, for each register that has a table, the years
        of its narratives. With several towns nothing is covered, and a problem says so.
        """
        if self._has_coverage:
            return coverage_by_town(frames["coverage"])
        if len({town for frame in frames.values() for town in frame["town"].unique()}) > 1:
            self.problems.append(
                _(
                    "coverage: several towns and no register of coverage: every figure is unknown; "
                    "add coverage.csv with town, register, from_year"
                )
            )
            return {}
        spans: dict[str, Coverage] = {}
        for town in self.towns:
            own = self.dealt.frames(town)
            years = sorted(
                {int(y) for y in own["narratives"]["year"]} if "narratives" in own else ()
            )
            spans[town] = {
                name: tuple((year, year) for year in years)
                for name in CASE_REGISTERS
                if name in own
            }
        return spans
