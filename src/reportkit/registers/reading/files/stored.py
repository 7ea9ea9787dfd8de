"""A register in a Parquet file, of which only those rows are read that somebody asks for.

What a row group holds is indexed once: which towns its rows name, and for each a sum of its rows' hashes. The index is
kept by the digest of the group's bytes, so that a changed file is read where it changed. The sums decide nothing but
whether a town has to be read: the digest of what a report can see stays that of its cleaned rows.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import TypeAdapter, ValidationError

from reportkit.files import write_whole
from reportkit.registers.digest import PLACED
from reportkit.registers.quiet import in_memory
from reportkit.registers.reading.files.parquet import bound_parquet, column_chunks
from reportkit.registers.reading.files.raw import RawTable, Sheet
from reportkit.registers.reading.files.sheets import register_named
from reportkit.registers.reading.files.tables import name_columns, read_sheet
from reportkit.registers.reading.notes import PassedOver
from reportkit.registers.schema import Register

if TYPE_CHECKING:
    import pyarrow.parquet as pq

INDEX_VERSION: Final = f"1 {version('duckdb')} {pa.__version__}"
"""An index that was made otherwise is made again."""

DECODED: Final = 64 << 20
"""How many bytes of decoded row groups are held at once."""

Sums = tuple[int, int, int]
"""How many rows there are, the sum of their hashes, and the sum of those of their places."""


@dataclass(frozen=True)
class GroupIndex:
    """What a row group holds, by what its rows say in their column of towns; "" stands for a blank."""

    rows: int
    towns: Mapping[str, Sums]


_INDEX: Final[TypeAdapter[dict[str, GroupIndex]]] = TypeAdapter(dict[str, GroupIndex])


@dataclass(frozen=True)
class Indexes:
    """Where the indexes of a folder's files are kept between runs. A damaged one, or an old one, is made again."""

    folder: Path | None
    write: bool = True

    def load(self, file: str) -> dict[str, GroupIndex]:
        """Return what is known of a file's row groups, by the digests of their bytes."""
        if self.folder is not None:
            with suppress(OSError, ValueError, ValidationError):
                head, _, body = (self.folder / f"{file}.json").read_bytes().partition(b"\n")
                if head.decode() == _seal(body):
                    return _INDEX.validate_python(json.loads(body))
        return {}

    def save(self, file: str, groups: Mapping[str, GroupIndex]) -> None:
        """Keep what is known of a file's row groups."""
        if self.folder is not None and self.write:
            body = _INDEX.dump_json(dict(groups))
            write_whole(self.folder / f"{file}.json", _seal(body).encode() + b"\n" + body)


def _seal(body: bytes) -> str:
    return f"{INDEX_VERSION} {hashlib.sha256(body).hexdigest()}"


class DecodedGroups:
    """The row groups that were decoded last."""

    def __init__(self, most: int = DECODED) -> None:
        self._most = most
        self._held: OrderedDict[tuple[Path, int], pa.Table] = OrderedDict()

    def get(self, path: Path, file: pq.ParquetFile, group: int) -> pa.Table:
        """Return a row group."""
        table = self._held.pop((path, group), None)
        if table is None:
            table = file.read_row_group(group)
        self._held[path, group] = table
        while len(self._held) > 1 and sum(t.nbytes for t in self._held.values()) > self._most:
            self._held.popitem(last=False)
        return table


class StoredTable:
    """A register in a Parquet file with a column of towns that holds text."""

    def __init__(
        self,
        path: Path,
        register: Register,
        column: str,
        file: pq.ParquetFile,
        decoded: DecodedGroups,
    ) -> None:
        self.register = register
        self.file = path.name
        self._path = path
        self._column = column
        self._opened = file
        self._decoded = decoded
        self.groups: tuple[GroupIndex, ...] = ()

    @cached_property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(group.rows for group in self.groups)

    @cached_property
    def towns(self) -> Mapping[str, Sums]:
        """What the whole file holds by what its rows say in their column of towns; "" stands for a blank."""
        found: dict[str, Sums] = {}
        first = 0
        for group in self.groups:
            for name, (count, values, places) in group.towns.items():
                old = found.get(name, (0, 0, 0))
                placed = places + count * first  # where the group begins moves each of its rows
                found[name] = (old[0] + count, old[1] + values, old[2] + placed)
            first += group.rows
        if self.register.name in PLACED:  # here a row's place is seen whatever its values are
            return {name: (n, v + FACTOR * p, p) for name, (n, v, p) in found.items()}
        return found

    @cached_property
    def schema(self) -> str:
        """Which columns of which types it has."""
        return str([(field.name, str(field.type)) for field in self._opened.schema_arrow])

    def rows_of(self, names: Collection[str]) -> RawTable:
        """Return the rows that name some towns, each with its place in the file."""
        pieces = [self._opened.schema_arrow.empty_table()]
        places = [np.array([], dtype=np.int64)]
        wanted = pa.array([name for name in names if name], pa.string())
        first = 0
        for number, group in enumerate(self.groups):
            if not group.towns.keys().isdisjoint(names):
                table = self._decoded.get(self._path, self._opened, number)
                towns = table[self._column].cast(pa.string())
                chosen = pc.is_in(towns, value_set=wanted)
                if "" in names:
                    chosen = pc.or_(chosen, pc.or_kleene(pc.is_null(towns), pc.equal(towns, "")))
                kept = np.asarray(chosen.to_numpy(), dtype=bool)
                pieces.append(table if kept.all() else table.filter(chosen))
                places.append(first + np.flatnonzero(kept))
            first += group.rows
        table, _ = read_frame(self._path, pa.concat_tables(pieces))
        assert table is not None  # noqa: S101  # its heading was read when it was opened
        table.frame["row"] = pd.array(np.concatenate(places) + 2, dtype="Int64")
        return table


FACTOR: Final = 0x9E3779B97F4A7C15
"""Keeps a sum of places apart from one of hashes."""


def read_frame(path: Path, rows: pa.Table) -> tuple[RawTable | None, list[PassedOver]]:
    """Return the register that a Parquet file's rows are of, as the whole file would give it."""
    return read_sheet(path, Sheet(path.stem, None, rows.to_pandas().reset_index(drop=True)))


def open_stored(
    path: Path, indexes: Indexes, decoded: DecodedGroups
) -> tuple[StoredTable, list[PassedOver]] | None:
    """Return a Parquet file's register and what was passed over in it; ``None`` for a file to be read as a whole.

    Raises :class:`ValueError` and :class:`OSError` for a file that cannot be read.
    """
    register = register_named(path.stem)
    if path.suffix.lower() != ".parquet" or register is None or register.name == "towns":
        return None
    import pyarrow.parquet as pq  # noqa: PLC0415  # heavy; who reads a slice has no need of it

    file = pq.ParquetFile(path)
    names = [str(name) for name in file.schema_arrow.names]
    table, notes = read_frame(path, file.schema_arrow.empty_table())
    if table is None:
        return None
    place = name_columns(register, names)[0].get("town")
    kind = None if place is None else file.schema_arrow.field(place).type
    if place is None or not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        return None
    stored = StoredTable(path, register, names[place], file, decoded)
    known = indexes.load(path.name)
    digests = _digests(path, file)
    if not known.keys() >= {*digests}:
        bound_parquet(path)
    groups = {
        digest: known.get(digest) or _indexed(file.read_row_group(number), names[place])
        for number, digest in enumerate(digests)
    }
    stored.groups = tuple(groups[digest] for digest in digests)
    if groups.keys() != known.keys():
        indexes.save(path.name, groups)
        pa.default_memory_pool().release_unused()
    return stored, notes


def _digests(path: Path, file: pq.ParquetFile) -> list[str]:
    """Return the digest of each row group: of its bytes, and of what they are read by."""
    head = repr([(field.name, str(field.type)) for field in file.schema_arrow]).encode()
    found = []
    with path.open("rb") as opened:
        for _, group in groupby(column_chunks(path), key=attrgetter("row_group")):
            chunks = [*group]
            start = min(chunk.start for chunk in chunks)
            seen = hashlib.sha256(head)
            # Values stand with the kind of their packing, of which the bytes alone do not tell.
            seen.update(repr([(chunk.kind, chunk.num_values) for chunk in chunks]).encode())
            opened.seek(start)
            seen.update(opened.read(max(chunk.end for chunk in chunks) - start))
            found.append(seen.hexdigest())
    return found


def _indexed(rows: pa.Table, column: str) -> GroupIndex:
    """Return what a row group holds."""
    import duckdb  # noqa: PLC0415  # heavy; who reads a slice has no need of it

    place = pa.array(np.arange(len(rows), dtype=np.int64))
    names = [f"c{number}" for number in range(rows.num_columns)]
    town = names[rows.column_names.index(column)]
    given = rows.rename_columns(names).append_column("place", place)
    with in_memory() as connection:
        sums = f"coalesce({town}, ''), count(*), sum(hash({', '.join(names)})), sum(place)"
        try:
            found = connection.from_arrow(given).aggregate(sums, f"coalesce({town}, '')").fetchall()
        except duckdb.Error as fault:  # values of a kind that no register has
            raise ValueError(str(fault)) from None
    found.sort()
    return GroupIndex(len(rows), {str(name): (n, int(v), int(p)) for name, n, v, p in found})
