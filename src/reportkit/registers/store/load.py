"""Loading rows: one file is staged whole, its keys are compared with what is there, then it is taken or dropped."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from reportkit.errors import StoreError
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.frames import PLACE, personal_schema
from reportkit.registers.store.schema import BROUGHT, FILES, FORGOTTEN, PERSONAL, SET_ASIDE, TABLES

MOST_REPEATS: Final = 10_000
"""More repeated keys than this are not a slip: the file is refused with the first of them named."""

_PART: Final = 2_000_000
"""How many keys are compared at once, for the memory's sake."""

FREE_TEXT: Final = {"applications": ("requested",)}
"""Columns of free text that tell of the person beside the personal ones; they are forgotten together."""


@dataclass(frozen=True)
class Repeat:
    """A staged row whose key stands elsewhere too."""

    key: tuple[Any, ...]
    sheet: str | None
    row: int | None
    other_file: str | None
    """The file that the key came with before; ``None``: this very file."""
    other_row: int | None
    alike: bool
    """Whether every value is the same: such a row is left out, and nothing is lost."""


class Loader:
    """Loads files within the transaction of one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.server = connection.dialect.name == "postgresql"
        self._staged: dict[str, int] = {}
        self._last_town: dict[str, str] = {}
        self._unsorted: set[str] = set()

    def known(self) -> list[Any]:
        """Return every file in the store: id, name, sha256, partial."""
        return list(self.connection.execute(select(FILES).order_by(FILES.c.id)))

    def towns_of(self, file_id: int) -> set[str]:
        """Return the towns that a file brought rows of."""
        query = select(BROUGHT.c.town).where(BROUGHT.c.file_id == file_id)
        return {town for town in self.connection.scalars(query) if town is not None}

    def names(self) -> dict[str, str]:
        """Return each town's id by its name."""
        towns = TABLES["towns"].c
        return {
            row.name: row.town for row in self.connection.execute(select(towns.name, towns.town))
        }

    def stage(self, register: Register, rows: pa.Table, personal: pa.Table | None) -> None:
        """Add rows of a register to what the file brings."""
        name = register.name
        if name not in self._staged:
            self._make_stage(register)
        if personal is not None and len(personal):
            self._copy_in(f"stage_{name}_personal", personal)
        if len(rows):
            self._note_order(name, rows)
            self._copy_in(f"stage_{name}", rows)
        self._staged[name] += len(rows)

    def _make_stage(self, register: Register) -> None:
        name = register.name
        self._staged[name] = 0
        for table in (TABLES[name], PERSONAL.get(name)):
            if table is not None:
                # Not «AS SELECT … LIMIT 0»: DuckDB 2.0 then reads no row of a table that is
                # filled within the same transaction with a row group or more.
                columns = [
                    Column(c.name, c.type)
                    for c in table.c
                    if c.name not in ("file_id", "aside", "likeness")
                ]
                stage = Table(f"stage_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
                stage.create(self.connection)

    def _note_order(self, name: str, rows: pa.Table) -> None:
        """Notice whether towns come in order: only then rows of one lie together without sorting."""
        if name in self._unsorted or self.server:
            return
        towns = rows.column("town").combine_chunks()
        ordered = pa.compute.all(pa.compute.greater_equal(towns[1:], towns[:-1])).as_py()
        if ordered is False or towns[0].as_py() < self._last_town.get(name, ""):
            self._unsorted.add(name)
        self._last_town[name] = towns[-1].as_py()

    def _copy_in(self, table: str, rows: pa.Table) -> None:
        raw: Any = self.connection.connection.driver_connection
        if self.server:
            buffer = io.BytesIO()
            options = pyarrow.csv.WriteOptions(include_header=False)
            pyarrow.csv.write_csv(rows, buffer, options)
            with raw.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as to:
                to.write(buffer.getvalue())
            return
        # Not «register»: DuckDB would hold every batch until the transaction ends.
        raw.from_arrow(rows).insert_into(table)

    def staged(self) -> dict[str, int]:
        """Return how many rows of each register the file brings; a register without a row is there too."""
        return dict(self._staged)

    def staged_towns(self, register: str) -> set[str]:
        """Return the towns of the staged rows of a register."""
        return set(self.connection.scalars(text(f"SELECT DISTINCT town FROM stage_{register}")))

    def repeats(self, register: Register, replaced: Iterable[int]) -> list[Repeat]:
        """Return the staged rows whose key stands more than once, in the file or in what the store keeps.

        ``replaced`` are the files whose rows go when this one is taken.
        """
        keys = self._repeated_keys(register, list(replaced))
        if not keys:
            return []
        return self._compare(register, keys, set(replaced))

    def _repeated_keys(self, register: Register, replaced: list[int]) -> list[tuple[Any, ...]]:
        name = register.name
        columns = ", ".join(register.key)
        gone = ", ".join(map(str, replaced)) or "-1"
        both = (
            f"SELECT {columns} FROM stage_{name} UNION ALL SELECT {columns} FROM {name} "
            f"WHERE file_id NOT IN ({gone}) AND town IN (SELECT DISTINCT town FROM stage_{name})"
        )
        parts = 1 if self.server else 1 + self._staged[name] // _PART
        keys: list[tuple[Any, ...]] = []
        for part in range(parts):
            only = f"WHERE hash({columns}) % {parts} = {part} " if parts > 1 else ""
            found = self.connection.execute(
                text(
                    f"SELECT {columns} FROM ({both}) AS b {only}"
                    f"GROUP BY {columns} HAVING count(*) > 1 LIMIT {MOST_REPEATS}"
                )
            )
            keys.extend(tuple(row) for row in found)
        return keys[:MOST_REPEATS]

    def _compare(
        self, register: Register, keys: Sequence[tuple[Any, ...]], replaced: set[int]
    ) -> list[Repeat]:
        table, names = TABLES[register.name], {row.id: row.name for row in self.known()}
        columns = [table.c[column.name] for column in register.public_columns]
        wanted = text(
            f"SELECT {', '.join(c.name for c in columns)}, {', '.join(PLACE)} "
            f"FROM stage_{register.name} WHERE {' AND '.join(f'{k} = :{k}' for k in register.key)} "
            f"ORDER BY {', '.join(PLACE)}"
        )
        kept = select(*columns, table.c.file_id, table.c.row_no).where(
            *(table.c[k] == bindparam(k) for k in register.key)
        )
        found: list[Repeat] = []
        for key in keys:
            bound = dict(zip(register.key, key, strict=True))
            there = [
                row for row in self.connection.execute(kept, bound) if row.file_id not in replaced
            ]
            mine = list(self.connection.execute(wanted, bound))
            width = len(columns)
            first = tuple((there or mine)[0])[:width]
            alike = all(tuple(row)[:width] == first for row in (*there, *mine))
            file = names.get(there[0].file_id) if there else None
            # Of like rows the first counts; of unlike ones none of the file's.
            for row in mine[1:] if alike and not there else mine:
                other = next(one for one in (*there, *mine) if one is not row)
                found.append(Repeat(key, row.sheet, row.row_no, file, other.row_no, alike))
        return found

    def leave_out(self, register: Register, repeats: Iterable[Repeat]) -> None:
        """Take staged rows out of what the file brings."""
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for repeat in repeats:
            rows[register.name].append({"sheet": repeat.sheet, "row": repeat.row})
        for name, places in rows.items():
            self.connection.execute(
                text(
                    f"DELETE FROM stage_{name} WHERE row_no = :row "
                    "AND sheet IS NOT DISTINCT FROM :sheet"
                ),
                places,
            )
            count = self.connection.scalar(text(f"SELECT count(*) FROM stage_{name}"))
            self._staged[name] = int(count or 0)

    def take(self, name: str, sha256: str, replaced: Iterable[int], *, partial: bool) -> int:
        """Put the staged rows into the store in place of those of ``replaced``; return the file's number."""
        try:
            for file_id in replaced:
                self._remove(file_id)
            file_id = 1 + int(self.connection.scalar(select(func.max(FILES.c.id))) or 0)
            self.connection.execute(
                insert(FILES), {"id": file_id, "name": name, "sha256": sha256, "partial": partial}
            )
            for register in self._staged:
                self._take(REGISTERS[register], file_id)
        except DBAPIError as fault:
            # Its own words repeat the row that failed.
            reason = type(fault.orig).__name__
            raise StoreError(f"{name}: the store refused the rows ({reason})") from None
        finally:
            self.drop()
        return file_id

    def _take(self, register: Register, file_id: int) -> None:
        name = register.name
        self._forget_again(register)
        towns: set[str | None] = {*self.staged_towns(name)} or {None}
        self.connection.execute(
            insert(BROUGHT),
            [
                {"file_id": file_id, "register": name, "town": town}
                for town in sorted(towns, key=str)
            ],
        )
        columns = ", ".join(column.name for column in register.public_columns)
        places = ", ".join(PLACE)
        order = f" ORDER BY town, {register.dated_by or 'row_no'}" if name in self._unsorted else ""
        self._run(
            f"INSERT INTO {name} ({columns}, file_id, {places}) "
            f"SELECT {columns}, {file_id}, {places} FROM stage_{name}{order}"
        )
        there = self.connection.scalar(
            select(func.count()).where(TABLES[name].c.file_id == file_id)
        )
        if there != self._staged[name]:
            raise StoreError(f"{name}: {self._staged[name]} rows were given, {there} arrived")
        if name in PERSONAL:
            columns = ", ".join(personal_schema(register).names)
            same = " AND ".join(f"s.{key} = p.{key}" for key in register.key)
            self._run(
                f"INSERT INTO {name}_personal ({columns}, file_id) SELECT {columns}, {file_id} "
                f"FROM stage_{name}_personal AS p WHERE EXISTS (SELECT 1 FROM stage_{name} AS s WHERE {same})"
            )

    def _forget_again(self, register: Register) -> None:
        """Leave out what was deleted of a case, which its file would bring again."""
        name = register.name
        if name not in PERSONAL:
            return
        number = register.key[-1]
        gone = f"SELECT town, number FROM {FORGOTTEN.name} WHERE register = '{name}'"
        self._run(f"DELETE FROM stage_{name}_personal WHERE (town, {number}) IN ({gone})")
        for column in FREE_TEXT.get(name, ()):
            self._run(f"UPDATE stage_{name} SET {column} = NULL WHERE (town, {number}) IN ({gone})")

    def _remove(self, file_id: int) -> None:
        for table in (*PERSONAL.values(), *TABLES.values(), BROUGHT, SET_ASIDE):
            self.connection.execute(delete(table).where(table.c.file_id == file_id))
        self.connection.execute(delete(FILES).where(FILES.c.id == file_id))

    def drop(self) -> None:
        """Forget what is staged."""
        for name in self._staged:
            self._run(f"DROP TABLE stage_{name}")
            if name in PERSONAL:
                self._run(f"DROP TABLE stage_{name}_personal")
        self._staged.clear()
        self._last_town.clear()
        self._unsorted.clear()

    def set_aside(self, file_id: int, rows: Sequence[dict[str, Any]]) -> None:
        """Keep the findings of the rows that a partial load left out: town, dated and finding as JSON."""
        if rows:
            self.connection.execute(
                insert(SET_ASIDE), [{"file_id": file_id, **row} for row in rows]
            )

    def _run(self, statement: str) -> None:
        self.connection.execute(text(statement))
