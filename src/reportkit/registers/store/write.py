"""Opening a store for writing: one writer at a time, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from reportkit.errors import StoreError
from reportkit.language import _
from reportkit.registers.store.address import Address
from reportkit.registers.store.duckfile import Say, working_copy
from reportkit.registers.store.migrate import migrate
from reportkit.registers.store.schema import PERSONAL

_LOCK: Final = 0x7265706B
"""The number of PostgreSQL's advisory lock: one writer of registers in a database at a time."""

MEMORY: Final = "384MB"
"""What DuckDB may keep in memory; the rest of a large load is spilled beside the file."""


_SERVER_MEMORY: Final = {
    "temp_buffers": "64MB",
    "work_mem": "128MB",
    "maintenance_work_mem": "256MB",
}
"""What a server may keep in memory of one ingest: of the rows that are staged, that are compared, of keys being made."""


class Writing:
    """A store that is being written; nothing of it is seen before the end, and nothing ever where it fails."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changed = False
        self.compact = False

    def keep(self, *, compact: bool = False) -> None:
        """Say that something changed; ``compact``: that what was deleted may not stay in the files' free space."""
        self.changed = True
        self.compact = self.compact or compact


@contextmanager
def writing(address: Address, say: Say) -> Iterator[Writing]:
    """Open a store for writing, making or migrating it where needed.

    Raises :class:`~reportkit.errors.SourceError` where it cannot be opened and
    :class:`~reportkit.errors.StoreError` where it is a later version's, is damaged, or its server goes away meanwhile.
    """
    try:
        yield from _duckdb(address, address.path, say) if address.path else _server(address, say)
    except DBAPIError as fault:
        # Its own words may repeat a row's values.
        what = _("is damaged, or the disk is full") if address.path else _("the server went away")
        raise StoreError(
            _(
                "{uri}: cannot be read or written: {what} ({kind}); nothing was changed. Mend that, "
                "or put back a copy, and run again",
                uri=address.uri,
                what=what,
                kind=type(fault.orig).__name__,
            )
        ) from None


def _duckdb(address: Address, file: Path, say: Say) -> Iterator[Writing]:
    with working_copy(file, say) as copy:
        new = not copy.path.exists()
        with address.write(copy.path) as connection:
            connection.execute(text(f"SET memory_limit = '{MEMORY}'"))
            connection.execute(text("SET temp_directory = :folder"), {"folder": str(copy.spill)})
            connection.commit()
            store = Writing(connection)
            with connection.begin():
                if migrate(connection) or new:
                    store.keep()
            with connection.begin():
                yield store
            if store.compact:
                _written_anew(connection, copy.fresh)
            else:
                connection.execute(text("CHECKPOINT"))  # else the last rows stay in a log beside it
            connection.commit()
        if store.compact:
            copy.fresh.replace(copy.path)
        copy.changed = store.changed


def _written_anew(connection: Connection, fresh: Path) -> None:
    """Write the database into a new file: DuckDB leaves what was deleted in its blocks."""
    own = connection.scalar(text("SELECT current_database()"))
    for statement in (
        f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS fresh",
        f'COPY FROM DATABASE "{own}" TO fresh',
        "DETACH fresh",
    ):
        connection.exec_driver_sql(statement)
        connection.commit()


def _server(address: Address, say: Say) -> Iterator[Writing]:
    with address.write() as connection:
        with connection.begin():
            free = connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK})
            if not free:
                say(_("{store}: another ingest is writing; waiting for it", store=address.uri))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            for setting, memory in _SERVER_MEMORY.items():
                connection.execute(text(f"SET LOCAL {setting} = '{memory}'"))
            store = Writing(connection)
            migrate(connection)
            yield store
        if store.compact:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in (*PERSONAL, *(table.name for table in PERSONAL.values())):
                alone.execute(text(f"VACUUM FULL {name}"))
