"""Bringing a store to this version's tables, by alembic; the revisions are in ``migrations/versions``."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.ddl.impl import DefaultImpl
from sqlalchemy import Connection, text

from reportkit.errors import StoreError
from reportkit.language import _

HEAD: Final = "0003"
"""The revision that this version reads and writes. A test holds it to the scripts."""


class DuckDBImpl(DefaultImpl):
    """What alembic needs to know of DuckDB, for which it has no dialect: changes of tables are transactional."""

    __dialect__ = "duckdb"
    transactional_ddl = True


def revision(connection: Connection) -> str | None:
    """Return a store's revision, ``None`` where there are no tables yet."""
    tables = text(
        "SELECT count(*) FROM information_schema.tables "
        "WHERE table_name = 'alembic_version' AND table_schema = current_schema()"
    )
    if not connection.scalar(tables):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def migrate(connection: Connection, to: str = HEAD) -> bool:
    """Bring a store up to a revision within the connection's transaction; say whether anything was done.

    Raises :class:`~reportkit.errors.StoreError` for a store of a later version.
    """
    found = revision(connection)
    if found == to:
        return False
    if found is not None and found > HEAD:
        raise StoreError(
            _(
                "the store has revision {found}, this version knows {known}; use a newer reportkit",
                found=found,
                known=HEAD,
            )
        )
    with as_file(files("reportkit.registers.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    return True


def require_head(connection: Connection) -> None:
    """Raise :class:`~reportkit.errors.StoreError` where a store cannot be read by this version."""
    found = revision(connection)
    if found is None:
        raise StoreError(_("no store of reportkit: it has no tables; load one by reportkit ingest"))
    if found != HEAD:
        mend = (
            _("use a newer reportkit")
            if found > HEAD
            else _("any reportkit ingest brings it up to date")
        )
        raise StoreError(
            _(
                "the store has revision {found}, this version reads {known}; {mend}",
                found=found,
                known=HEAD,
                mend=mend,
            )
        )
