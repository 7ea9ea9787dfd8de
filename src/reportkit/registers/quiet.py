"""DuckDB without its bar: a statement that takes two seconds, on a busy machine any, draws one into stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import duckdb

NO_BAR: Final = "SET enable_progress_bar = false"
"""What a connection is told before anything else; no setting of a whole database says it."""


def in_memory() -> duckdb.DuckDBPyConnection:
    """Return a database of this process's own."""
    import duckdb  # noqa: PLC0415  # not for who reads workbooks alone

    connection = duckdb.connect()
    connection.execute(NO_BAR)
    return connection
