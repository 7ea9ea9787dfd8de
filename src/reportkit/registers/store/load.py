"""Loading rows: one file is staged whole, then it is taken, with all its rows, or dropped (see :mod:`.stage`)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    Connection,
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
from reportkit.registers.schema import REGISTERS, Register
from reportkit.registers.store.frames import PLACE, personal_schema
from reportkit.registers.store.keys import MANY, is_empty, keys_afterwards
from reportkit.registers.store.schema import BROUGHT, FILES, FORGOTTEN, PERSONAL, SET_ASIDE, TABLES
from reportkit.registers.store.stage import Stage
from reportkit.registers.store.standing import Standing

FREE_TEXT: Final = {"applications": ("requested",)}
"""Columns of free text that tell of the person beside the personal ones; they are forgotten together."""


class Loader:
    """Loads files within the transaction of one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.server = connection.dialect.name == "postgresql"
        self.stage = Stage(connection)
        """What the file that is being loaded brings."""
        self.standing = Standing(connection)

    def close(self) -> None:
        """Wait until nothing is on its way any more."""
        self.stage.close()

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
        self.stage.settle()
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
            for register in self.stage.noted:
                with keys_afterwards(self.connection, *empty.get(register, ())):
                    towns = self._take(REGISTERS[register], file_id, town)
                fresh = not touched.get(register) and register not in self.stage.repeating
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
        self.stage.drop()
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
            for name, noted in self.stage.noted.items()
            if self.server and noted.rows >= MANY
        }

    def _take(self, register: Register, file_id: int, town: str | None) -> set[str]:
        name = register.name
        self._forget_again(register)
        towns = self.stage.noted[name].towns
        brought: list[str | None] = [*sorted(towns)] if towns else [town]
        self.connection.execute(
            insert(BROUGHT),
            [{"file_id": file_id, "register": name, "town": one} for one in brought],
        )
        columns = ", ".join(column.name for column in register.public_columns)
        places = ", ".join(PLACE)
        sorting = not self.server and not self.stage.noted[name].by_town
        order = f" ORDER BY town, {register.dated_by or 'row_no'}" if sorting else ""
        self._run(
            f"INSERT INTO {name} ({columns}, file_id, {places}) "
            f"SELECT {columns}, {file_id}, {places} FROM stage_{name}{order}"
        )
        there = self.connection.scalar(
            select(func.count()).where(TABLES[name].c.file_id == file_id)
        )
        if there != self.stage.noted[name].rows:
            raise StoreError(
                _(
                    "{name}: {given} rows were given, {there} arrived",
                    name=name,
                    given=self.stage.noted[name].rows,
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

    def _run(self, statement: str) -> None:
        self.connection.execute(text(statement))
