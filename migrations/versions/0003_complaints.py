"""Ordinary complaints"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

Json = sa.JSON().with_variant(JSONB(), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("subject", sa.String(length=22), nullable=True))
    op.create_table(
        "complaint_confirmations",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channels", Json, nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "month"),
    )
    op.create_table(
        "complaint_files",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("draft", sa.String(length=16), nullable=True),
        sa.Column("complaint", sa.String(length=22), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=64), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=43), nullable=True),
        sa.Column("content_type", sa.String(length=32), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id"),
    )
    op.create_index("complaint_files_of", "complaint_files", ["agency_id", "complaint"], unique=False)
    op.create_index("complaint_files_of_draft", "complaint_files", ["agency_id", "draft"], unique=False)
    op.create_table(
        "complaint_groups",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("members", sa.Integer(), server_default="0", nullable=False),
        sa.Column("linked_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "id"),
    )
    op.create_index(
        "one_department_per_group",
        "complaint_groups",
        ["agency_id", "key"],
        unique=True,
        sqlite_where=sa.text("removed_on IS NULL"),
        postgresql_where=sa.text("removed_on IS NULL"),
    )
    op.create_table(
        "complaint_updates",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("complaint", sa.String(length=22), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("message_id", sa.String(length=43), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "id"),
    )
    op.create_index("complaint_update_number", "complaint_updates", ["agency_id", "complaint", "number"], unique=True)
    op.create_index("complaint_updates_by_time", "complaint_updates", ["agency_id", "at"], unique=False)
    op.create_table(
        "complaints",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("ticket", sa.String(length=12), nullable=False),
        sa.Column("respondent", sa.String(length=43), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("tell_by", sa.String(length=8), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("filed_by", sa.String(length=32), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("department", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=True),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("delivery", sa.String(length=12), server_default="none", nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("merged_into", sa.String(length=22), nullable=True),
        sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.String(length=43), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id"),
    )
    op.create_index("complaint_by_ticket", "complaints", ["agency_id", "ticket"], unique=True)
    op.create_index("complaints_by_day", "complaints", ["agency_id", "received_on"], unique=False)
    op.create_index("complaints_by_status", "complaints", ["agency_id", "status", "due_on"], unique=False)
    op.create_index("complaints_of_respondent", "complaints", ["agency_id", "respondent"], unique=False)
