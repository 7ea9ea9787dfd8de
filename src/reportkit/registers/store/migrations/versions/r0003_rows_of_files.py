"""Every file keeps its rows and a mark says which count; disputes by role, supplements due, submissions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DATED: dict[str, str] = {
    "disclosures": "published_on",
    "documents": "issued_on",
    "items": "effective_from",
    "decisions": "decided_on",
    "charges": "collected_on",
    "applications": "received_on",
    "disputes": "filed_on",
    "hotline": "received_on",
    "activities": "held_on",
    "proposals": "received_on",
    "procurement": "awarded_on",
}
UNDATED: list[str] = ["towns", "coverage", "figures", "narratives"]
ADDED: list[tuple[str, str, type[Any]]] = [
    ("disputes", "role", sa.Text),
    ("disputes", "application_no", sa.Text),
    ("applications", "supplement_due_on", sa.Date),
    *((table, "aside", sa.SmallInteger) for table in (*DATED, *UNDATED)),
    ("applications_personal", "likeness", sa.Text),
    ("files", "context", sa.Text),
    ("set_aside", "register", sa.Text),
    ("set_aside", "key", sa.Text),
]
INDEXES: list[tuple[str, list[str]]] = [
    *((table, ["town"]) for table in (*UNDATED, "submissions", "conflicts")),
    ("applications_personal", ["town", "application_no"]),
]


def upgrade() -> None:
    """Add columns and tables; a key no longer forbids a second row, keys of old stores are dropped.

    Every row of an old store counted, so none of them is marked. Its files were loaded without the rows that
    repeat another file's: such a file comes whole when it is ingested again, as its context is unknown.
    """
    op.execute("DROP VIEW applications_internal")
    for table, column, kind in ADDED:
        op.add_column(table, sa.Column(column, kind()))
    _create_tables()
    if op.get_context().dialect.name == "postgresql":
        _change_keys()
    op.execute(
        "CREATE VIEW applications_internal AS SELECT r.town, r.application_no, r.received_on, r.applicant_type, r.channel, r.supplement_asked_on, r.supplement_due_on, r.supplemented_on, r.extended_on, r.consulting_days, r.replied_on, r.outcome, r.fee_basis, r.pages, r.fee_notified_on, r.fee_paid_on, r.fee_yuan, r.applicant_key, p.applicant_name, p.applicant_id_no, p.applicant_phone, r.requested FROM applications AS r LEFT JOIN applications_personal AS p ON p.file_id = r.file_id AND p.town = r.town AND p.application_no = r.application_no WHERE r.aside IS NULL OR r.aside = 2"
    )


def _create_tables() -> None:
    op.create_table(
        "submissions",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("handed_in_on", sa.Date()),
        sa.Column("returned_on", sa.Date()),
        sa.Column("published_on", sa.Date()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.Column("aside", sa.SmallInteger()),
        sa.CheckConstraint("round >= 0", name="ck_submissions_round_sign"),
    )
    op.create_table(
        "conflicts",
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date()),
        sa.Column("finding", sa.Text(), nullable=False),
    )


def _change_keys() -> None:
    op.drop_constraint("fk_applications_personal_town", "applications_personal")
    for table in (*DATED, *UNDATED, "applications_personal"):
        op.drop_constraint(f"pk_{table}", table)
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    op.create_index("ix_submissions_file_id", "submissions", ["file_id"], postgresql_using="brin")
