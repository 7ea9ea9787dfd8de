"""A folder of registers: every file in it read, cleaned and dealt out to the towns."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from copy import copy
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from reportkit.errors import SourceError
from reportkit.registers.data import SetAside, TownData
from reportkit.registers.digest import Digests, Part, parts_by_town
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.tables import SUFFIXES, RawTable, read_tables
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from reportkit.report import Town

TOWN_ID = re.compile(r"[a-z][a-z0-9-]{1,62}")
"""What a town's id looks like: it names files on every machine."""

Coverage = dict[str, tuple[tuple[int, int | None], ...]]


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
        *,
        whole: bool = True,
    ) -> None:
        """Read the files; with ``whole`` clean every town's rows, else leave that to :meth:`parts`."""
        self.path = path
        self.problems: list[str] = []
        raw = self._read()
        cleaned = self._clean_towns(raw.pop("towns", []))
        given = towns or {}
        known = {**cleaned, **given}
        if not cleaned and not self._names_one_of(known, raw):
            known |= self._unnamed(raw, needed=not known)
        self.towns: Mapping[str, Town] = MappingProxyType(known)
        self._editions.update(editions or {})
        # The folder's own town comes before those of a project that it may stand outside of.
        alone = [*(cleaned or given or known)]
        self._only = alone[0] if len(alone) == 1 else None
        self._by_name = {town.name: id_ for id_, town in self.towns.items() if id_}
        # A workbook's empty sheet says nothing: it is no table of coverage.
        self._has_coverage = any(len(t.frame) for t in raw.get("coverage", ()))
        self._raw = raw
        self._sweeping = False
        if whole:
            self._clean(raw)

    def parts(self, most_rows: int, only: Collection[str] | None = None) -> Iterator[Folder]:
        """Yield folders that together hold every town, or those named, each with about so many rows at most.

        What is cleaned takes several times the memory of what was read, so a big folder is never cleaned as a
        whole.
        """
        towns = sorted(self.towns if only is None else self.towns.keys() & set(only))
        rows = sum(len(table.frame) for tables in self._raw.values() for table in tables)
        rows = rows * len(towns) // max(1, len(self.towns))
        count = max(1, min(-(-rows // most_rows), len(towns)))
        if not self._has_coverage:
            count, towns = 1, sorted(self.towns)  # what is covered then depends on the other towns
        number_of = {id_: place % count for place, id_ in enumerate(towns)}
        parts_of = {
            id(table): self._parts_of_rows(table, number_of)
            for tables in self._raw.values()
            for table in tables
        }
        for number in range(count):
            part = copy(self)
            part._sweeping = True  # noqa: SLF001 - its own class
            part.towns = MappingProxyType({id_: self.towns[id_] for id_ in towns[number::count]})
            part.problems = list(self.problems) if number == 0 else []
            part._clean(  # noqa: SLF001 - its own class
                {
                    name: [_of_part(table, parts_of[id(table)], number) for table in tables]
                    for name, tables in self._raw.items()
                }
            )
            yield part
            del part  # before the next one is cleaned

    def _parts_of_rows(self, table: RawTable, number_of: Mapping[str, int]) -> np.ndarray[Any, Any]:
        """Return the part that each row goes with. Rows of nobody known go with the first, so that it says so."""
        ids, distinct = pd.factorize(self._town_ids(table.frame))
        numbers = [
            number_of.get(str(town), 0 if town not in self.towns else _NO_PART) for town in distinct
        ]
        return np.array([*numbers, _EVERY_PART], dtype=np.int32)[ids]

    def _clean(self, raw: Mapping[str, list[RawTable]]) -> None:
        self._frames: dict[str, dict[str, pd.DataFrame]] = defaultdict(dict)
        self._set_aside: dict[str, list[SetAside]] = defaultdict(list)
        self._hashed: dict[str, dict[str, list[Part]]] = defaultdict(dict)
        for name, tables in raw.items():
            self._deal(name, tables)
        self._coverage = self._spans(self._has_coverage)

    def town(self, town: str) -> TownData:
        """Return one town's cleaned registers; raise :class:`KeyError` for a town that is not there."""
        return TownData(
            self.towns[town],
            self._editions.get(town),
            MappingProxyType(self._frames.get(town, {})),
            MappingProxyType(self._coverage.get(town, {})),
            tuple(self._set_aside.get(town, ())),
        )

    def digests(self, town: str) -> Digests:
        """Return one town's digests; raise :class:`KeyError` for a town that is not there."""
        return Digests(self.town(town), self._hashed.get(town, {}) if self._sweeping else None)

    def _read(self) -> dict[str, list[RawTable]]:
        files = sorted(
            file
            for file in self.path.iterdir()
            if file.suffix.lower() in SUFFIXES and not file.name.startswith((".", "~$"))
        )
        raw: dict[str, list[RawTable]] = defaultdict(list)
        for file in files:
            tables, problems = read_tables(file)
            self.problems.extend(problems)
            for table in tables:
                raw[table.register.name].append(table)
        if not raw:
            raise SourceError(
                f"{self.path}: no register in this folder; files are named after registers: "
                f"{', '.join(f'{name}.csv' for name in list(REGISTERS)[2:5])}, … (or sheets of a workbook)"
            )
        return raw

    def _clean_towns(self, tables: list[RawTable]) -> dict[str, Town]:
        self._editions: dict[str, str] = {}
        towns: dict[str, Town] = {}
        if not tables:
            return towns
        frame, faults = clean("towns", _joined(tables), _long(tables))
        self.problems.extend(fault.finding.message for _, fault in faults)
        for row in frame.to_dict("records"):
            given = {
                key: row[key]
                for key in Town.model_fields
                if row.get(key) is not None and key in row
            }
            illustrative = row["illustrative"]
            given["illustrative"] = illustrative is not pd.NA and bool(illustrative)
            towns[row["town"]] = Town(id=row["town"], **given)
            if row["edition"]:
                self._editions[row["town"]] = row["edition"]
        return towns

    @staticmethod
    def _ids(raw: Mapping[str, list[RawTable]]) -> set[str]:
        """Return what the rows' town columns say."""
        return {
            str(value).strip()
            for tables in raw.values()
            for table in tables
            if "town" in table.frame
            for value in table.frame["town"].dropna().unique()
        }

    def _names_one_of(self, known: Mapping[str, Town], raw: Mapping[str, list[RawTable]]) -> bool:
        """Say whether the rows name a described town, or leave the only one unsaid."""
        ids = self._ids(raw)
        if not ids:
            return len(known) == 1
        return bool(ids & ({*known} | {town.name for town in known.values()}))

    def _unnamed(self, raw: Mapping[str, list[RawTable]], *, needed: bool) -> dict[str, Town]:
        """Return the towns that rows name where nobody has described them: the id stands for the name."""
        towns = {
            id_: Town(id=id_, name=id_) for id_ in sorted(self._ids(raw)) if TOWN_ID.fullmatch(id_)
        }
        if not towns and not needed:
            return {}
        if not towns:
            raise SourceError(
                f"{self.path}: no town is known; add a register towns.csv beside the data (town, name, kind), "
                "or params/towns.yaml"
            )
        self.problems.append(
            "towns: nobody described the towns; their ids are printed as names. "
            "Add a register towns.csv beside the data (town, name, kind), or params/towns.yaml"
        )
        return towns

    def _deal(self, name: str, tables: list[RawTable]) -> None:
        """Clean a register and give each town its rows."""
        raw = _joined(tables)
        raw["town"] = self._town_ids(raw)
        strangers = Counter(raw["town"][~raw["town"].isin(list(self.towns))].dropna())
        for stranger, count in sorted(strangers.items()):
            self.problems.append(
                f"{name}: {count} rows are of the town {str(stranger)[:40]!r}, which nobody named; passed over"
            )
        frame, set_aside = clean(name, raw, _long(tables))
        if self._sweeping:
            for owner, parts in parts_by_town(name, frame).items():
                self._hashed[owner][name] = parts
        for town, rows in frame.groupby("town", sort=False):
            if town in self.towns:
                self._frames[str(town)][name] = rows.reset_index(drop=True)
        for town_id, fault in set_aside:
            # A row without a town is nobody's: every town's page shows it, so that it is not lost.
            for owner in [town_id] if town_id is not None else self.towns:
                self._set_aside[owner].append(fault)
        for town in self.towns:
            self._frames[town].setdefault(name, frame.iloc[:0])

    def _town_ids(self, raw: pd.DataFrame) -> pd.Series[Any]:
        """Return each row's town id: as given, by the town's name, or the only town there is."""
        only = self._only
        if "town" not in raw:
            return pd.Series([only] * len(raw), index=raw.index, dtype=object)
        codes, distinct = pd.factorize(raw["town"].astype(object))
        names = [str(value).strip() for value in distinct]
        ids = [*(self._by_name.get(name, name) or only for name in names), only]  # -1: no town
        return pd.Series(np.array(ids, dtype=object)[codes], index=raw.index, dtype=object)

    def _spans(self, has_table: bool) -> dict[str, Coverage]:
        """Return what each town's registers cover.

        Without a table of coverage, a folder of one town covers, for each register that has a table, the years
        of its narratives. With several towns nothing is covered, and a problem says so.
        """
        spans: dict[str, Coverage] = {}
        if not has_table:
            if sum(any(len(f) for f in frames.values()) for frames in self._frames.values()) > 1:
                self.problems.append(
                    "coverage: several towns and no register of coverage: every figure is unknown; "
                    "add coverage.csv with town, register, from_year"
                )
                return {}
            for town, frames in self._frames.items():
                years = (
                    sorted({int(y) for y in frames["narratives"]["year"]})
                    if "narratives" in frames
                    else []
                )
                spans[town] = {
                    name: tuple((year, year) for year in years)
                    for name in CASE_REGISTERS
                    if name in frames
                }
            return spans
        for town, frames in self._frames.items():
            named: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
            for register, first, last in zip(
                *(frames["coverage"][column] for column in ("register", "from_year", "to_year")),
                strict=True,
            ):
                named[register].append((int(first), None if last is pd.NA else int(last)))
            spans[town] = {register: tuple(years) for register, years in named.items()}
        return spans


_NO_PART = -1
_EVERY_PART = -2
"""A row without a town is every town's; see :meth:`Folder._deal`."""


def _of_part(table: RawTable, parts: np.ndarray[Any, Any], number: int) -> RawTable:
    """Return the rows of a table that go with a part."""
    kept = (parts == number) | (parts == _EVERY_PART)
    if kept.all():
        return table
    places = kept.cumsum() - 1  # where each row that stays stands now
    too_long = tuple(int(places[row]) for row in table.too_long if kept[row])
    return RawTable(table.register, table.frame[kept].reset_index(drop=True), too_long)


def _joined(tables: list[RawTable]) -> pd.DataFrame:
    if len(tables) == 1:
        return tables[0].frame
    return pd.concat([table.frame.astype(object) for table in tables], ignore_index=True)


def _long(tables: list[RawTable]) -> list[int]:
    """Return the positions of rows that are too long, in the joined frame."""
    positions: list[int] = []
    start = 0
    for table in tables:
        positions.extend(start + position for position in table.too_long)
        start += len(table.frame)
    return positions
