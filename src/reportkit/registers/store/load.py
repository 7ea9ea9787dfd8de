"""Loading rows: one file is staged whole, then it is taken, with all its rows, or dropped."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from reportkit.errors import StoreError
from reportkit.language import _
from reportkit.registers.conflict import Rival
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.address import raw_errors
from reportkit.registers.store.frames import PLACE, personal_schema
from reportkit.registers.store.keys import MANY, is_empty, keys_afterwards
from reportkit.registers.store.noted import Noted
from reportkit.registers.store.schema import BROUGHT, FILES, FORGOTTEN, PERSONAL, SET_ASIDE, TABLES
from reportkit.registers.store.standing import PART, Clash, Standing, unlike

MOST_TOLD: Final = 10_000
"""How many rows in conflict are told of a file at most; all of them are marked."""

FREE_TEXT: Final = {"applications": ("requested",)}
"""Columns of free text that tell of the person beside the personal ones; they are forgotten together."""


class Loader:
    """Loads files within the transaction of one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.server = connection.dialect.name == "postgresql"
        self._staged: dict[str, Noted] = {}
        self._repeating: set[str] = set()
        self._sender = ThreadPoolExecutor(1)
        self._sending: Future[None] | None = None
        """Rows on their way to a server, while the next ones are prepared; nothing else may be asked of it meanwhile."""
        self.standing = Standing(connection)

    def close(self) -> None:
        """Wait until nothing is on its way any more."""
        self._sender.shutdown()

    def known(self) -> list[Any]:
        """Return every file in the store: id, name, sha256, partial, context."""
        return list(self.connection.execute(select(FILES).order_by(FILES.c.id)))

    def towns_of(self, file_id: int) -> set[str]:
        """Return the towns that a file brought rows of, those that were left out among them."""
        return {
            town
            for table in (BROUGHT, SET_ASIDE)
            for town in self.connection.scalars(
                select(table.c.town).where(table.c.file_id == file_id).distinct()
            )
            if town is not None
        }

    def registers_of(self, file_id: int) -> list[str]:
        """Return the registers that a file brought."""
        query = select(BROUGHT.c.register).where(BROUGHT.c.file_id == file_id).distinct()
        return sorted(self.connection.scalars(query))

    def names(self) -> dict[str, str]:
        """Return each town's id by its name."""
        towns = TABLES["towns"].c
        counting = select(towns.name, towns.town).where(towns.aside.is_(None))
        return {row.name: row.town for row in self.connection.execute(counting)}

    def stage(self, register: Register, rows: pa.Table, personal: pa.Table | None) -> None:
        """Add rows of a register to what the file brings."""
        name = register.name
        if name not in self._staged:
            self._make_stage(register)
        if personal is not None and len(personal):
            self._copy_in(f"stage_{name}_personal", personal)
        if len(rows):
            self._staged[name].add(rows)
            self._copy_in(f"stage_{name}", rows)

    def _make_stage(self, register: Register) -> None:
        name = register.name
        self._settle()
        self._staged[name] = Noted(register.key)
        for table in (TABLES[name], PERSONAL.get(name)):
            if table is not None:
                # Not «AS SELECT … LIMIT 0»: DuckDB 2.0 then reads no row of a table that is
                # filled within the same transaction with a row group or more.
                columns = [
                    Column(c.name, c.type) for c in table.c if c.name not in ("file_id", "aside")
                ]
                stage = Table(f"stage_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
                stage.create(self.connection)

    def _copy_in(self, table: str, rows: pa.Table) -> None:
        self._settle()
        raw: Any = self.connection.connection.driver_connection
        if self.server:
            self._sending = self._sender.submit(self._send, raw, table, rows)
        else:
            self._send(raw, table, rows)

    def _settle(self) -> None:
        """Wait until the rows that are on their way have come; raise what became of them."""
        sending, self._sending = self._sending, None
        if sending is not None:
            sending.result()

    def _send(self, raw: Any, table: str, rows: pa.Table) -> None:
        try:
            self._copy(raw, table, rows)
        except raw_errors(self.connection) as fault:
            # Its own words repeat the row that failed.
            reason = type(fault).__name__
            raise StoreError(
                _("{table}: the store refused the rows ({reason})", table=table, reason=reason)
            ) from None

    def _copy(self, raw: Any, table: str, rows: pa.Table) -> None:
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
        self._settle()
        return {name: noted.rows for name, noted in self._staged.items()}

    def staged_towns(self, register: str) -> set[str]:
        """Return the towns of the staged rows of a register."""
        return self._staged[register].towns

    def unlike(self, register: Register) -> list[Clash]:
        """Return the staged rows whose key stands in this very file with other content, at most :data:`MOST_TOLD`.

        Rows that say the same are left to :class:`Standing`.
        """
        name, keys = register.name, ", ".join(register.key)
        if self._staged[name].rising:
            return []
        self._settle()
        parts = 1 if self.server else 1 + self._staged[name].rows // PART
        for part in range(parts):
            only = f"WHERE hash({keys}) % {parts} = {part} " if parts > 1 else ""
            found = self.connection.execute(
                text(
                    f"SELECT {keys} FROM stage_{name} {only}GROUP BY {keys} HAVING count(*) > 1 LIMIT 1"
                )
            ).first()
            if found is not None:
                break
        else:
            return []
        self._repeating.add(name)
        return self._unlike(register)

    def _unlike(self, register: Register) -> list[Clash]:
        name = register.name
        of_key = ", ".join(f"r.{key}" for key in register.key)
        keys = ", ".join(register.key)
        same = " AND ".join(f"{{}}.{key} = r.{key}" for key in register.key)
        person = (
            f"LEFT JOIN stage_{name}_personal AS p ON {same.replace('{}', 'p')} "
            if name in PERSONAL
            else ""
        )
        twice = f"SELECT {keys} FROM stage_{name} GROUP BY {keys} HAVING count(*) > 1"
        places = self.connection.execute(
            text(
                f"WITH u AS (SELECT {of_key} FROM stage_{name} AS r JOIN ({twice}) AS k ON {same.replace('{}', 'k')} "
                f"{person}GROUP BY {of_key} HAVING {unlike(register, personal=name in PERSONAL)}) "
                f"SELECT {of_key}, r.sheet, r.row_no FROM stage_{name} AS r JOIN u ON {same.replace('{}', 'u')} "
                f"ORDER BY {of_key}, r.sheet, r.row_no LIMIT {MOST_TOLD}"
            )
        ).fetchall()
        width = len(register.key)
        found: list[Clash] = []
        for key, group in groupby(places, key=lambda row: tuple(row[:width])):
            rivals = [Rival(None, row[width], row[width + 1]) for row in group]
            for mine in rivals:
                others = tuple(rival for rival in rivals if rival is not mine)
                found.append(Clash(-1, mine.sheet, mine.row, key, None, others))
        return sorted(found, key=lambda clash: (clash.sheet or "", clash.row or 0))

    def take(
        self,
        name: str,
        sha256: str,
        replaced: Iterable[int],
        *,
        partial: bool,
        context: Mapping[str, str | None] | None = None,
        town: str | None = None,
        left_out: Sequence[dict[str, Any]] = (),
    ) -> int:
        """Put the staged rows into the store in place of those of ``replaced``; return the file's number.

        ``context`` says which town each word of the file that is no id was taken for; ``town`` is the town that a
        file without rows is of; ``left_out`` are the rows that a partial load leaves out, as ``set_aside`` keeps
        them but for the file's number.
        """
        self._settle()
        try:
            touched: dict[str, set[str]] = defaultdict(set)
            empty = self._empty()
            for file_id in replaced:
                self._remove(file_id, touched)
            file_id = 1 + int(self.connection.scalar(select(func.max(FILES.c.id))) or 0)
            self.connection.execute(
                insert(FILES),
                {
                    "id": file_id,
                    "name": name,
                    "sha256": sha256,
                    "partial": partial,
                    "context": json.dumps(dict(context or {}), ensure_ascii=False),
                },
            )
            if left_out:
                self.connection.execute(
                    insert(SET_ASIDE), [{"file_id": file_id, **row} for row in left_out]
                )
            for row in left_out:
                if row["key"] is not None:
                    touched[row["register"]].add(row["town"])
            for register in self._staged:
                with keys_afterwards(self.connection, *empty.get(register, ())):
                    towns = self._take(REGISTERS[register], file_id, town)
                fresh = not touched.get(register) and register not in self._repeating
                touched[register] |= towns
                if fresh:  # nothing went, no key is there twice in it
                    self.standing.judge(register, touched.pop(register), file_id)
            for register, towns in touched.items():
                self.standing.judge(register, towns)
        except DBAPIError as fault:
            # Its own words repeat the row that failed.
            reason = type(fault.orig).__name__
            raise StoreError(
                _("{name}: the store refused the rows ({reason})", name=name, reason=reason)
            ) from None
        self.drop()
        return file_id

    def remove(self, file_ids: Iterable[int]) -> None:
        """Take files out of the store; what their rows stood against counts again."""
        touched: dict[str, set[str]] = defaultdict(set)
        for file_id in file_ids:
            self._remove(file_id, touched)
        for register, towns in touched.items():
            self.standing.judge(register, towns)

    def _empty(self) -> dict[str, list[Table]]:
        """Return the tables by register that many rows come into and that have none, for nobody else either."""
        return {
            name: [
                table
                for table in (TABLES[name], PERSONAL.get(name))
                if table is not None and is_empty(self.connection, table)
            ]
            for name, noted in self._staged.items()
            if self.server and noted.rows >= MANY
        }

    def _take(self, register: Register, file_id: int, town: str | None) -> set[str]:
        name = register.name
        self._forget_again(register)
        towns = self.staged_towns(name)
        brought: list[str | None] = [*sorted(towns)] if towns else [town]
        self.connection.execute(
            insert(BROUGHT),
            [{"file_id": file_id, "register": name, "town": one} for one in brought],
        )
        columns = ", ".join(column.name for column in register.public_columns)
        places = ", ".join(PLACE)
        sorting = not self.server and not self._staged[name].by_town
        order = f" ORDER BY town, {register.dated_by or 'row_no'}" if sorting else ""
        self._run(
            f"INSERT INTO {name} ({columns}, file_id, {places}) "
            f"SELECT {columns}, {file_id}, {places} FROM stage_{name}{order}"
        )
        there = self.connection.scalar(
            select(func.count()).where(TABLES[name].c.file_id == file_id)
        )
        if there != self._staged[name].rows:
            raise StoreError(
                _(
                    "{name}: {given} rows were given, {there} arrived",
                    name=name,
                    given=self._staged[name].rows,
                    there=there,
                )
            )
        if name in PERSONAL:
            columns = ", ".join([*personal_schema(register).names, "likeness"])
            keys = ", ".join(register.key)
            self._run(
                f"INSERT INTO {name}_personal ({columns}, file_id) "
                f"SELECT DISTINCT ON ({keys}) {columns}, {file_id} FROM stage_{name}_personal"
            )
        return towns

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

    def _remove(self, file_id: int, touched: dict[str, set[str]]) -> None:
        """Take a file's rows out, and note of which towns and registers they were."""
        for table in (BROUGHT, SET_ASIDE):
            query = select(table.c.register, table.c.town).where(table.c.file_id == file_id)
            for row in self.connection.execute(query.distinct()):
                if row.register is not None and row.town is not None:
                    touched[row.register].add(row.town)
        for table in (*PERSONAL.values(), *TABLES.values(), BROUGHT, SET_ASIDE):
            self.connection.execute(delete(table).where(table.c.file_id == file_id))
        self.connection.execute(delete(FILES).where(FILES.c.id == file_id))

    def drop(self) -> None:
        """Forget what is staged."""
        self._settle()
        for name in self._staged:
            self._run(f"DROP TABLE stage_{name}")
            if name in PERSONAL:
                self._run(f"DROP TABLE stage_{name}_personal")
        self._staged.clear()
        self._repeating.clear()

    def _run(self, statement: str) -> None:
        self.connection.execute(text(statement))
