"""Registers to Parquet as they are made: row groups sorted by town, little held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from reportkit.files import whole_file
from reportkit.registers.sample.columns import arrow_schema
from reportkit.registers.schema import REGISTERS

ROW_GROUP: Final = 65_536
"""A row group is closed when it has so many rows: no town is divided between two."""

TOGETHER: Final = 256
"""So many small tables that wait are made one: each takes kilobytes beside its few rows."""


class Registers:
    """One Parquet writer a register.

    Towns come in the order of their ids, so that a reader finds each in one row group.
    """

    def __init__(self, writers: Mapping[str, Any]) -> None:
        self._writers = writers
        self._waiting: dict[str, list[Any]] = {name: [] for name in writers}
        self._waiting_rows = dict.fromkeys(writers, 0)
        self.rows: dict[str, int] = dict.fromkeys(writers, 0)
        """Rows added so far, by register."""

    def add(self, tables: Mapping[str, Any]) -> None:
        """Add the tables of one town or several."""
        for name, table in tables.items():
            if not table.num_rows:
                continue
            waiting = self._waiting[name]
            waiting.append(table)
            self.rows[name] += table.num_rows
            self._waiting_rows[name] += table.num_rows
            if self._waiting_rows[name] >= ROW_GROUP:
                self._write(name)
            elif len(waiting) >= TOGETHER:
                waiting[:] = [pa.concat_tables(waiting).combine_chunks()]

    def waiting(self, name: str) -> int:
        """Return how many tables of a register are held until its row group is full."""
        return len(self._waiting[name])

    def finish(self) -> None:
        """Write what still waits for its row group to fill."""
        for name in self._writers:
            self._write(name)

    def _write(self, name: str) -> None:
        if self._waiting[name]:
            table = pa.concat_tables(self._waiting[name])
            self._writers[name].write_table(table, row_group_size=table.num_rows)
            self._waiting[name].clear()
            self._waiting_rows[name] = 0


@contextmanager
def registers_in(folder: Path) -> Iterator[Registers]:
    """Yield registers to add to; on success each is a whole file in the folder, else none is there."""
    with ExitStack() as stack:
        writers = {}
        for name in REGISTERS:
            part = stack.enter_context(whole_file(folder / f"{name}.parquet"))
            writers[name] = stack.enter_context(
                pq.ParquetWriter(part, arrow_schema(name), compression="zstd", compression_level=9)
            )
        registers = Registers(writers)
        yield registers
        registers.finish()
