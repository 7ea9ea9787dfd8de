"""What ``--partial`` left out, and whose personal information was deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEYS: dict[str, list[str]] = {"forgotten": ["register", "town", "number"]}
LINKS: list[tuple[str, list[str], str, list[str], str | None]] = [
    ("set_aside", ["file_id"], "files", ["id"], None)
]


def upgrade() -> None:
    """Make the tables; keys and indexes are the server's alone (see ``store.schema``)."""
    _create_tables()
    if op.get_context().dialect.name == "postgresql":
        _create_keys()


def _create_tables() -> None:
    op.create_table(
        "set_aside",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("town", sa.Text()),
        sa.Column("dated", sa.Date()),
        sa.Column("finding", sa.Text(), nullable=False),
    )
    op.create_table(
        "forgotten",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
    )


def _create_keys() -> None:
    for table, key in KEYS.items():
        op.create_primary_key(f"pk_{table}", table, key)
    for table, columns, other, theirs, gone in LINKS:
        name = f"fk_{table}_{columns[0]}"
        op.create_foreign_key(name, table, other, columns, theirs, ondelete=gone)
