"""Where a store is: ``duckdb:///file.duckdb`` or ``postgresql://user@host/database``."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from reportkit.errors import SourceError, nearest
from reportkit.language import _
from reportkit.registers.quiet import NO_BAR
from reportkit.registers.store.held import held

_QUIET: Final = "reportkit"
logging.getLogger(f"sqlalchemy.pool.impl.NullPool.{_QUIET}").setLevel(logging.CRITICAL)
# The pool would write tracebacks to stderr where a store that failed cannot be rolled back either: the failure is raised.

READER_MEMORY: Final = "192MB"
"""What DuckDB may keep in memory of a file that is read: else it keeps all that it has seen of a country's store."""

SCHEMES: Final = ("duckdb", "postgresql")


def _without_bar(connection: DBAPIConnection, _record: object) -> None:
    """Switch DuckDB's bar off before SQLAlchemy's own first questions."""
    connection.cursor().execute(NO_BAR)


@dataclass(frozen=True)
class Address:
    """A store's address, checked. It never holds a password."""

    url: URL

    @property
    def uri(self) -> str:
        """The URI with an absolute path."""
        if self.path is None:
            return self.url.render_as_string()
        return f"duckdb:///{self.path}"

    @property
    def path(self) -> Path | None:
        """A DuckDB store's file; ``None`` for a server."""
        if self.url.drivername != "duckdb":
            return None
        return Path(str(self.url.database)).expanduser().absolute()

    def write(self, file: Path | None = None) -> Connection:
        """Open a store, or the working copy of a DuckDB store, for writing.

        Errors show no parameter: it may be personal. Raises :class:`~reportkit.errors.SourceError` where it cannot
        be opened.
        """
        if self.path is None:
            return self._connected(self.url.set(drivername="postgresql+psycopg"))
        return self._connected(self.url.set(database=str(file or self.path)))

    def read(self) -> Connection:
        """Open a store for reading; raise :class:`~reportkit.errors.SourceError` where it cannot be opened.

        A server gives each transaction one snapshot. A DuckDB file is attached, not opened: else a process that has
        it open already would go on seeing the file that an ingest has since replaced.
        """
        if self.path is None:
            connection = self._connected(self.url.set(drivername="postgresql+psycopg"))
            return connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        if not self.path.is_file():
            raise SourceError(
                _(
                    "{uri}: no such file; reportkit ingest PATH... --store {uri} makes it",
                    uri=self.uri,
                )
            )
        connection = self._connected(self.url.set(database=":memory:"))
        quoted = str(self.path).replace("'", "''")
        try:
            connection.exec_driver_sql(f"ATTACH '{quoted}' AS store (READ_ONLY)")
            connection.exec_driver_sql("USE store")
            connection.exec_driver_sql("SET threads = 1")  # a slice is too small to share out
            connection.exec_driver_sql(f"SET memory_limit = '{READER_MEMORY}'")
            # What does not fit goes beside the file, never into the folder that somebody happens to be in.
            connection.exec_driver_sql(f"SET temp_directory = '{quoted}.{os.getpid()}.spill'")
            connection.commit()
        except DBAPIError as fault:
            connection.close()
            raise self._closed(fault) from None
        return connection

    def _connected(self, url: URL) -> Connection:
        try:
            engine = create_engine(
                url, hide_parameters=True, poolclass=NullPool, pool_logging_name=_QUIET
            )
            if self.path is not None:
                event.listen(engine, "connect", _without_bar, insert=True)
            connection = engine.connect()
        except ModuleNotFoundError:
            raise SourceError(
                _("PostgreSQL needs the extra: pip install 'reportkit[postgres]'")
            ) from None
        except DBAPIError as fault:
            raise self._closed(fault) from None
        return connection

    def _closed(self, fault: DBAPIError) -> SourceError:
        # The driver's own words are kept out: they may hold whatever it was given.
        words = held(fault.orig, self.uri) if self.path is not None else None
        return SourceError(
            words
            or _("{uri}: cannot be opened ({kind})", uri=self.uri, kind=type(fault.orig).__name__)
        )


def raw_errors(connection: Connection) -> type[Exception]:
    """Return the base of the driver's own errors."""
    errors: type[Exception] = connection.dialect.loaded_dbapi.Error
    return errors


def parse_address(uri: str) -> Address:
    """Read a store's URI; raise :class:`~reportkit.errors.SourceError` where it is none.

    A password in it is refused: it would stand in shell histories, params files and manifests.
    """
    scheme = uri.partition(":")[0]
    if scheme not in SCHEMES:
        raise SourceError(
            _("{scheme!r}: no kind of store{near}", scheme=scheme, near=nearest(scheme, SCHEMES))
        )
    try:
        url = make_url(uri)
    except (ArgumentError, ValueError):
        raise SourceError(
            _(
                "no {scheme} address; write duckdb:///file.duckdb or postgresql://user@host/database",
                scheme=scheme,
            )
        ) from None
    if url.password is not None or "password" in url.query:
        raise SourceError(
            _(
                "a password in the store's address is refused; put it into the file that PGPASSFILE "
                "names (~/.pgpass), or into PGPASSWORD"
            )
        )
    if scheme == "duckdb" and (url.host or not url.database or url.database == ":memory:"):
        raise SourceError(_("a DuckDB store is a file: duckdb:///file.duckdb"))
    return Address(url)
