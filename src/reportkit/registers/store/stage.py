"""What one file brings, staged whole in tables of its own beside the store's, until it is taken or dropped."""

from __future__ import annotations

import io
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
from sqlalchemy import Column, Connection, MetaData, Table, text

from reportkit.errors import StoreError
from reportkit.language import _
from reportkit.registers.conflict import Rival
from reportkit.registers.schema import Register
from reportkit.registers.store.address import raw_errors
from reportkit.registers.store.clashes import Clash
from reportkit.registers.store.noted import Noted
from reportkit.registers.store.schema import PERSONAL, TABLES
from reportkit.registers.store.standing import PART, unlike

MOST_TOLD: Final = 10_000
"""How many rows in conflict are told of a file at most; all of them are marked."""


class Stage:
    """The rows of one file, within the transaction of one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._server = connection.dialect.name == "postgresql"
        self._noted: dict[str, Noted] = {}
        self.repeating: set[str] = set()
        """The registers of which the file itself has a key twice, as far as :meth:`unlike` was asked."""
        self._sender = ThreadPoolExecutor(1)
        self._sending: Future[None] | None = None
        """Rows on their way to a server, while the next ones are prepared; nothing else may be asked of it meanwhile."""

    @property
    def noted(self) -> Mapping[str, Noted]:
        """What is seen of the staged rows, by register; a register without a row is there too."""
        return MappingProxyType(self._noted)

    def counts(self) -> dict[str, int]:
        """Return how many rows of each register the file brings, once all have come."""
        self.settle()
        return {name: noted.rows for name, noted in self._noted.items()}

    def close(self) -> None:
        """Wait until nothing is on its way any more."""
        self._sender.shutdown()

    def add(self, register: Register, rows: pa.Table, personal: pa.Table | None) -> None:
        """Add rows of a register to what the file brings."""
        name = register.name
        if name not in self._noted:
            self._make_stage(register)
        if personal is not None and len(personal):
            self._copy_in(f"stage_{name}_personal", personal)
        if len(rows):
            self._noted[name].add(rows)
            self._copy_in(f"stage_{name}", rows)

    def _make_stage(self, register: Register) -> None:
        name = register.name
        self.settle()
        self._noted[name] = Noted(register.key)
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
        self.settle()
        raw: Any = self.connection.connection.driver_connection
        if self._server:
            self._sending = self._sender.submit(self._send, raw, table, rows)
        else:
            self._send(raw, table, rows)

    def settle(self) -> None:
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
        if self._server:
            buffer = io.BytesIO()
            options = pyarrow.csv.WriteOptions(include_header=False)
            pyarrow.csv.write_csv(rows, buffer, options)
            with raw.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as to:
                to.write(buffer.getvalue())
            return
        # Not «register»: DuckDB would hold every batch until the transaction ends.
        raw.from_arrow(rows).insert_into(table)

    def unlike(self, register: Register) -> list[Clash]:
        """Return the staged rows whose key stands in this very file with other content, at most :data:`MOST_TOLD`.

        Rows that say the same are left to :class:`Standing`.
        """
        name, keys = register.name, ", ".join(register.key)
        if self._noted[name].rising:
            return []
        self.settle()
        parts = 1 if self._server else 1 + self._noted[name].rows // PART
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
        self.repeating.add(name)
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

    def drop(self) -> None:
        """Forget what is staged."""
        self.settle()
        for name in self._noted:
            self.connection.execute(text(f"DROP TABLE stage_{name}"))
            if name in PERSONAL:
                self.connection.execute(text(f"DROP TABLE stage_{name}_personal"))
        self._noted.clear()
        self.repeating.clear()
