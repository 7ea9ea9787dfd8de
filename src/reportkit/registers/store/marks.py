"""What changed in a store, town by town, without reading it: a mark that changes whenever a row of a town does.

The database adds up its own hashes of the rows, so that rows which somebody changed by hand are noticed too. A mark
decides nothing but whether a town has to be read: the digest of what a report can see stays that of its rows.
"""

from __future__ import annotations

import hashlib
from typing import Final

from sqlalchemy import Connection, text

from reportkit.registers.store.schema import CONFLICTS, SET_ASIDE, TABLES

_ROW: Final = {
    "duckdb": "hash(r)",
    "postgresql": "hashtextextended(r.xmin::text || r.ctid::text, 0)::numeric",
}
"""The hash of a row: of its values where the database can do that quickly, else of its version."""


def marks_of_rows(connection: Connection) -> dict[str | None, bytes]:
    """Return a digest for each town that changes whenever one of its rows does; ``None``: rows that are nobody's."""
    row = _ROW[connection.dialect.name]
    found: dict[str | None, bytes] = {}
    for table in (*TABLES, SET_ASIDE.name, CONFLICTS.name):
        query = text(f"SELECT r.town, count(*), sum({row}) FROM {table} AS r GROUP BY r.town")
        for town, count, total in connection.execute(query):
            part = f"{table} {count} {total}".encode()
            found[town] = hashlib.sha256(found.get(town, b"") + part).digest()
    return found
