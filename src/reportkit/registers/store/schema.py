"""The store's tables, made by walking the registers: one SQLAlchemy schema for DuckDB and PostgreSQL.

Each register is a table of all rows of all files: every row keeps its file (and with it the file's SHA-256), sheet
and row. A key may stand in several files; which rows count is marked in ``aside`` within the transaction that brings
or takes a row (:mod:`reportkit.registers.store.standing`). Personal columns stand apart in ``<register>_personal``, so
that a query of the register cannot touch them; the view ``<register>_internal`` is the one place where both meet.

The values that a column may have are not in the checks: codes follow the form's editions, and a new edition is a
new file and no migration. ``ingest`` holds them by :mod:`reportkit.registers.ingest.gate`.

Indexes are PostgreSQL's. DuckDB keeps an index in memory: with 15 million rows it asks for more than
a gigabyte and makes the file eight times as large, while rows that lie together by town are found through the
zone maps in 2 ms without one.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from reportkit.registers import schema
from reportkit.registers.schema import REGISTERS, Register

SERVER: Final = "postgresql"
"""The dialect that has keys and indexes."""

REPEATED: Final = 1
"""``aside`` of a row that says the same as another one that counts."""

CONFLICT: Final = 2
"""``aside`` of a row whose key stands elsewhere with other content: no row of that key counts."""

AMOUNT = Numeric(21, 6)
"""What :func:`~reportkit.registers.reading.values.parse_amount` lets through: 15 digits and 6 decimals."""

_TYPES: dict[str, TypeEngine[Any]] = {
    "date": Date(),
    "year": Integer(),
    "count": BigInteger(),
    "days": BigInteger(),
    "amount": AMOUNT,
    "bool": Boolean(),
}

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Every table of the store."""


def _checks(register: Register) -> list[CheckConstraint]:
    """Return what a row must be, as far as no edition of the form changes it."""
    made = [
        CheckConstraint(f"{column.name} >= 0", name=f"{column.name}_sign")
        for column in register.columns
        if column.type in ("count", "days", "amount")
    ]
    for earlier, later in register.order:
        made.append(CheckConstraint(f"{later} >= {earlier}", name=f"{later}_order"))
    for one, other in register.together:
        rule = f"({one} IS NULL) = ({other} IS NULL)"
        made.append(CheckConstraint(rule, name=f"{one}_together"))
    for column_name, other in register.requires:
        rule = f"{column_name} IS NULL OR {other} IS NOT NULL"
        made.append(CheckConstraint(rule, name=f"{column_name}_requires"))
    return made


def _column(column: schema.Column) -> Column[Any]:
    needed = column.key or column.needed
    return Column(column.name, _TYPES.get(column.type, Text()), nullable=not needed)


def _register_table(register: Register) -> Table:
    table = Table(
        register.name,
        METADATA,
        *(_column(column) for column in register.public_columns),
        Column("file_id", Integer, nullable=False),
        Column("sheet", Text),
        Column("row_no", Integer),
        Column("aside", SmallInteger),
        *_checks(register),
    )
    dated = [] if register.dated_by is None else [table.c[register.dated_by]]
    Index(None, table.c.town, *dated).ddl_if(dialect=SERVER)
    # A file's rows lie together: ranges of blocks find them, and cost a load next to nothing. A foreign key to
    # ``files`` would cost it twice the time, for what ``ingest`` writes in one transaction anyway.
    Index(None, table.c.file_id, postgresql_using="brin").ddl_if(dialect=SERVER)
    return table


def _personal_table(register: Register) -> Table | None:
    personal = [column for column in register.columns if column.personal]
    if not personal:
        return None
    table = Table(
        f"{register.name}_personal",
        METADATA,
        *(_column(register.column(name)) for name in register.key),
        *(_column(column) for column in personal),
        Column("file_id", Integer, nullable=False),
        Column("likeness", Text),
    )
    Index(None, *(table.c[name] for name in register.key)).ddl_if(dialect=SERVER)
    return table


FILES = Table(
    "files",
    METADATA,
    Column("id", Integer, nullable=False, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("partial", Boolean, nullable=False),
    Column("context", Text),
    PrimaryKeyConstraint("id").ddl_if(dialect=SERVER),
)
"""Every file that stands in the store, by its name; ``partial`` where rows of it were set aside.

``context`` is JSON: which town each word of its rows that is no id was taken for, "" the rows that name none; NULL in
a store of before revision 3. The same bytes with another context are other rows.
"""

BROUGHT = Table(
    "brought",
    METADATA,
    Column("file_id", Integer, nullable=False),
    Column("register", Text, nullable=False),
    Column("town", Text),
    ForeignKeyConstraint(["file_id"], ["files.id"]).ddl_if(dialect=SERVER),
)
"""Which registers a file brought, even without a row, and for which towns."""

SET_ASIDE = Table(
    "set_aside",
    METADATA,
    Column("file_id", Integer, nullable=False),
    Column("town", Text),
    Column("dated", Date),
    Column("finding", Text, nullable=False),
    Column("register", Text),
    Column("key", Text),
    ForeignKeyConstraint(["file_id"], ["files.id"]).ddl_if(dialect=SERVER),
)
"""The rows that ``--partial`` left out, as findings: the reports say how many stand in no figure.

``key`` is the row's key as a JSON list of texts: a row of that key in another file is in conflict with it.
"""

CONFLICTS = Table(
    "conflicts",
    METADATA,
    Column("register", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("dated", Date),
    Column("finding", Text, nullable=False),
)
"""A finding for each row whose ``aside`` is :data:`CONFLICT`, made anew whenever a row of its town comes or goes."""
Index(None, CONFLICTS.c.town).ddl_if(dialect=SERVER)

FORGOTTEN = Table(
    "forgotten",
    METADATA,
    Column("register", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("number", Text, nullable=False),
    PrimaryKeyConstraint("register", "town", "number").ddl_if(dialect=SERVER),
)
"""Cases whose personal information was deleted: the file that brought it may not bring it again."""

TABLES: dict[str, Table] = {
    register.name: _register_table(register) for register in REGISTERS.values()
}
"""Each register's table."""

PERSONAL: dict[str, Table] = {
    name: table
    for name, register in REGISTERS.items()
    if (table := _personal_table(register)) is not None
}
"""The tables of personal columns, by register."""


def internal_view(register: Register) -> str:
    """Return the SELECT of ``<register>_internal``: rows with their personal columns, repeats left out."""
    keys = " AND ".join(f"p.{name} = r.{name}" for name in ("file_id", *register.key))
    columns = ", ".join(
        f"{'p' if column.personal else 'r'}.{column.name}" for column in register.columns
    )
    name = register.name
    return (
        f"SELECT {columns} FROM {name} AS r LEFT JOIN {name}_personal AS p ON {keys} "
        f"WHERE r.aside IS NULL OR r.aside = {CONFLICT}"
    )
