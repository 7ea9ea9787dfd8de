"""Where a store is: ``duckdb:///file.duckdb`` or ``postgresql://user@host/database``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from reportkit.errors import SourceError, nearest

SCHEMES: Final = ("duckdb", "postgresql")


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

    def engine(self, *, file: Path | None = None, read_only: bool = True) -> Engine:
        """Return an engine that keeps no connection of its own and shows no parameter in an error.

        ``file`` stands in for a DuckDB store's own. Raises :class:`~reportkit.errors.SourceError` where the driver
        is not installed.
        """
        arguments: dict[str, Any] = {}
        url = self.url
        if self.path is not None:
            url = url.set(database=str(file or self.path))
            arguments = {"read_only": read_only}
        else:
            url = url.set(drivername="postgresql+psycopg")
        try:
            return create_engine(
                url, hide_parameters=True, poolclass=NullPool, connect_args=arguments
            )
        except ModuleNotFoundError:
            raise SourceError(
                "PostgreSQL needs the extra: pip install 'reportkit[postgres]'"
            ) from None


def is_store(uri: str) -> bool:
    """Say whether a source's URI is that of a store."""
    return uri.partition(":")[0].partition("+")[0] in (*SCHEMES, "postgres")


def parse_address(uri: str) -> Address:
    """Read a store's URI; raise :class:`~reportkit.errors.SourceError` where it is none.

    A password in it is refused: it would stand in shell histories, params files and manifests.
    """
    scheme = uri.partition(":")[0]
    if scheme not in SCHEMES:
        raise SourceError(f"{scheme!r}: no kind of store{nearest(scheme, SCHEMES)}")
    try:
        url = make_url(uri)
    except (ArgumentError, ValueError):
        raise SourceError(
            f"no {scheme} address; write duckdb:///file.duckdb or postgresql://user@host/database"
        ) from None
    if url.password is not None or "password" in url.query:
        raise SourceError(
            "a password in the store's address is refused; put it into the file that PGPASSFILE names "
            "(~/.pgpass), or into PGPASSWORD"
        )
    if scheme == "duckdb" and (url.host or not url.database or url.database == ":memory:"):
        raise SourceError("a DuckDB store is a file: duckdb:///file.duckdb")
    return Address(url)
