"""Filling an empty table of PostgreSQL without its keys, which are made at once afterwards.

A row takes three times as long to come into a table with keys as into one without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Table, select, text
from sqlalchemy.exc import OperationalError

MANY: Final = 50_000
"""From so many rows on it is worth while: until the transaction's end nobody else can read the table."""


def is_empty(connection: Connection, table: Table) -> bool:
    """Say whether a table has no row."""
    return connection.execute(select(1).select_from(table).limit(1)).first() is None


@contextmanager
def keys_afterwards(connection: Connection, *tables: Table) -> Iterator[None]:
    """Leave out the keys of empty tables while they are filled.

    Whoever reads such a table meanwhile waits for the transaction's end, and then sees all of it. A table that somebody
    reads at this moment keeps its keys: to wait for a reader while holding what it may ask for next would be a deadlock.
    """
    dropped = [(table, _drop(connection, table)) for table in tables if _locked(connection, table)]
    yield
    for table, names in dropped:
        _make(connection, table, names)


def _locked(connection: Connection, table: Table) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE NOWAIT"))
    except OperationalError:  # somebody reads it
        return False
    return True


def _drop(connection: Connection, table: Table) -> set[str]:
    """Drop the keys that are ours; return their names: whoever runs the server may have done without one."""
    there = connection.scalars(
        text(
            "SELECT indexname FROM pg_indexes WHERE tablename = :table AND schemaname = current_schema()"
        ),
        {"table": table.name},
    )
    names = {str(index.name) for index in table.indexes} & set(there)
    for name in sorted(names):
        connection.execute(text(f"DROP INDEX {name}"))
    return names


def _make(connection: Connection, table: Table, names: set[str]) -> None:
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.name in names:
            index.create(connection)
