"""The registers, the files that they came from, and personal information apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEYS: dict[str, list[str]] = {
    "files": ["id"],
    "towns": ["town"],
    "coverage": ["town", "register"],
    "disclosures": ["town", "item_no", "channel"],
    "documents": ["town", "doc_no"],
    "items": ["town", "item_code"],
    "decisions": ["town", "decision_no"],
    "charges": ["town", "receipt_no"],
    "applications": ["town", "application_no"],
    "disputes": ["town", "case_no"],
    "hotline": ["town", "ticket_no"],
    "activities": ["town", "activity_no"],
    "proposals": ["town", "kind", "number", "received_on"],
    "procurement": ["town", "project_no"],
    "figures": ["town", "year", "code"],
    "narratives": ["town", "year", "section", "position"],
    "applications_personal": ["town", "application_no"],
}
INDEXES: list[tuple[str, list[str]]] = [
    ("towns", ["file_id"]),
    ("coverage", ["file_id"]),
    ("disclosures", ["file_id"]),
    ("disclosures", ["town", "published_on"]),
    ("documents", ["file_id"]),
    ("documents", ["town", "issued_on"]),
    ("items", ["file_id"]),
    ("items", ["town", "effective_from"]),
    ("decisions", ["file_id"]),
    ("decisions", ["town", "decided_on"]),
    ("charges", ["file_id"]),
    ("charges", ["town", "collected_on"]),
    ("applications", ["file_id"]),
    ("applications", ["town", "received_on"]),
    ("disputes", ["file_id"]),
    ("disputes", ["town", "filed_on"]),
    ("hotline", ["file_id"]),
    ("hotline", ["town", "received_on"]),
    ("activities", ["file_id"]),
    ("activities", ["town", "held_on"]),
    ("proposals", ["file_id"]),
    ("proposals", ["town", "received_on"]),
    ("procurement", ["file_id"]),
    ("procurement", ["town", "awarded_on"]),
    ("figures", ["file_id"]),
    ("narratives", ["file_id"]),
]
LINKS: list[tuple[str, list[str], str, list[str], str | None]] = [
    ("brought", ["file_id"], "files", ["id"], None),
    (
        "applications_personal",
        ["town", "application_no"],
        "applications",
        ["town", "application_no"],
        "CASCADE",
    ),
]


def upgrade() -> None:
    """Make the tables; keys and indexes are the server's alone (see ``store.schema``)."""
    _create_tables()
    if op.get_context().dialect.name == "postgresql":
        _create_keys()
    op.execute(
        "CREATE VIEW applications_internal AS SELECT r.town, r.application_no, r.received_on, r.applicant_type, r.channel, r.supplement_asked_on, r.supplemented_on, r.extended_on, r.consulting_days, r.replied_on, r.outcome, r.fee_basis, r.pages, r.fee_notified_on, r.fee_paid_on, r.fee_yuan, r.applicant_key, p.applicant_name, p.applicant_id_no, p.applicant_phone, r.requested FROM applications AS r LEFT JOIN applications_personal AS p ON p.town = r.town AND p.application_no = r.application_no"
    )


def _create_tables() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "brought",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("town", sa.Text()),
    )
    op.create_table(
        "towns",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("county", sa.Text()),
        sa.Column("province", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text()),
        sa.Column("edition", sa.Text()),
        sa.Column("delegated", sa.Text()),
        sa.Column("illustrative", sa.Boolean()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
    )
    op.create_table(
        "coverage",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("to_year", sa.Integer()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
    )
    op.create_table(
        "disclosures",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("category", sa.Text()),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
    )
    op.create_table(
        "documents",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("doc_no", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date()),
        sa.Column("repealed_on", sa.Date()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("repealed_on >= issued_on", name="ck_documents_repealed_on_order"),
    )
    op.create_table(
        "items",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
    )
    op.create_table(
        "decisions",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("decision_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
    )
    op.create_table(
        "charges",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("receipt_no", sa.Text(), nullable=False),
        sa.Column("item", sa.Text()),
        sa.Column("collected_on", sa.Date(), nullable=False),
        sa.Column("amount_yuan", sa.Numeric(21, 6)),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("amount_yuan >= 0", name="ck_charges_amount_yuan_sign"),
    )
    op.create_table(
        "applications",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("application_no", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("applicant_type", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text()),
        sa.Column("supplement_asked_on", sa.Date()),
        sa.Column("supplemented_on", sa.Date()),
        sa.Column("extended_on", sa.Date()),
        sa.Column("consulting_days", sa.BigInteger()),
        sa.Column("replied_on", sa.Date()),
        sa.Column("outcome", sa.Text()),
        sa.Column("fee_basis", sa.Text()),
        sa.Column("pages", sa.BigInteger()),
        sa.Column("fee_notified_on", sa.Date()),
        sa.Column("fee_paid_on", sa.Date()),
        sa.Column("fee_yuan", sa.Numeric(21, 6)),
        sa.Column("applicant_key", sa.Text()),
        sa.Column("requested", sa.Text()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("consulting_days >= 0", name="ck_applications_consulting_days_sign"),
        sa.CheckConstraint("fee_yuan >= 0", name="ck_applications_fee_yuan_sign"),
        sa.CheckConstraint("pages >= 0", name="ck_applications_pages_sign"),
        sa.CheckConstraint("replied_on >= received_on", name="ck_applications_replied_on_order"),
        sa.CheckConstraint(
            "(replied_on IS NULL) = (outcome IS NULL)", name="ck_applications_replied_on_together"
        ),
    )
    op.create_table(
        "disputes",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("result", sa.Text()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("closed_on >= filed_on", name="ck_disputes_closed_on_order"),
        sa.CheckConstraint(
            "closed_on IS NULL OR result IS NOT NULL", name="ck_disputes_closed_on_requires"
        ),
    )
    op.create_table(
        "hotline",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("ticket_no", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("replied_on", sa.Date()),
        sa.Column("topic", sa.Text()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("replied_on >= received_on", name="ck_hotline_replied_on_order"),
    )
    op.create_table(
        "activities",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("activity_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("participants", sa.BigInteger()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("participants >= 0", name="ck_activities_participants_sign"),
    )
    op.create_table(
        "proposals",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("replied_on", sa.Date()),
        sa.Column("published", sa.Boolean()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("replied_on >= received_on", name="ck_proposals_replied_on_order"),
    )
    op.create_table(
        "procurement",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("project_no", sa.Text(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("awarded_on", sa.Date(), nullable=False),
        sa.Column("amount_yuan", sa.Numeric(21, 6)),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("amount_yuan >= 0", name="ck_procurement_amount_yuan_sign"),
    )
    op.create_table(
        "figures",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
    )
    op.create_table(
        "narratives",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text()),
        sa.Column("row_no", sa.Integer()),
        sa.CheckConstraint("position >= 0", name="ck_narratives_position_sign"),
    )
    op.create_table(
        "applications_personal",
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("application_no", sa.Text(), nullable=False),
        sa.Column("applicant_name", sa.Text()),
        sa.Column("applicant_id_no", sa.Text()),
        sa.Column("applicant_phone", sa.Text()),
        sa.Column("file_id", sa.Integer(), nullable=False),
    )


def _create_keys() -> None:
    for table, key in KEYS.items():
        op.create_primary_key(f"pk_{table}", table, key)
    for table, columns in INDEXES:
        kind = "brin" if columns == ["file_id"] else "btree"
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns, postgresql_using=kind)
    for table, columns, other, theirs, gone in LINKS:
        name = f"fk_{table}_{columns[0]}"
        op.create_foreign_key(name, table, other, columns, theirs, ondelete=gone)
