"""Initial schema"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

Json = sa.JSON().with_variant(JSONB(), "postgresql")
BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("bot_user_id", sa.String(length=64), nullable=False),
        sa.Column("basic_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("chat_mode", sa.String(length=16), server_default="bot", nullable=False),
        sa.PrimaryKeyConstraint("agency_id"),
        sa.UniqueConstraint("bot_user_id"),
    )
    op.create_table(
        "comments",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("service_point", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drafts",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("respondent", sa.String(length=43), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("service_point", sa.String(length=64), nullable=True),
        sa.Column("assisted_by", sa.String(length=32), nullable=True),
        sa.Column("seat", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("drafts_by_status", "drafts", ["agency_id", "status", "touched_at"], unique=False)
    op.create_index(
        "one_open_draft",
        "drafts",
        ["agency_id", "respondent", "round_id"],
        unique=True,
        sqlite_where=sa.text("status != 'closed'"),
        postgresql_where=sa.text("status != 'closed'"),
    )
    op.create_table(
        "invites",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=43), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), server_default="", nullable=False),
        sa.Column("departments", Json, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "code"),
    )
    op.create_table(
        "mirrors",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("spreadsheet_id", sa.String(length=128), nullable=False),
        sa.Column("next_number", sa.Integer(), server_default="1", nullable=False),
        sa.Column("rows_limit", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parked_streak", sa.Integer(), server_default="0", nullable=False),
        sa.Column("paused_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_owner", sa.String(length=64), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "spreadsheet_id"),
    )
    op.create_table(
        "officers",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("respondent", sa.String(length=43), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=128), server_default="", nullable=False),
        sa.Column("departments", Json, nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("removed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "id"),
    )
    op.create_index(
        "one_officer_per_account",
        "officers",
        ["agency_id", "respondent"],
        unique=True,
        sqlite_where=sa.text("removed_on IS NULL"),
        postgresql_where=sa.text("removed_on IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", BigId, autoincrement=True, nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=80), nullable=False),
        sa.Column("unique_key", sa.String(length=160), nullable=False),
        sa.Column("retry_key", sa.String(length=36), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("status", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unique_key"),
    )
    op.create_index("outbox_lane", "outbox", ["lane", "id"], unique=False)
    op.create_index("outbox_waiting", "outbox", ["status", "due_at"], unique=False)
    op.create_table(
        "participation",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "round_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "respondents",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("last_seen_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="th", nullable=False),
        sa.Column("greeted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("following", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("agency_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "responses",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("round_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("household", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("service_point", sa.String(length=64), nullable=True),
        sa.Column("assisted_by", sa.String(length=32), nullable=True),
        sa.Column("answers", Json, nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id"),
        sqlite_with_rowid=False,
    )
    op.create_index("responses_by_day", "responses", ["agency_id", "kind", "completed_on"], unique=False)
    op.create_table(
        "rounds",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("instrument_id", sa.String(length=64), nullable=False),
        sa.Column("instrument_version", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("closed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "id"),
    )
    op.create_table(
        "seen_events",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=43), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet_batches",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("spreadsheet_id", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("former", Json, nullable=False),
        sa.Column("mark", sa.String(length=64), server_default="", nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=8), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "spreadsheet_id", "number"),
    )
    op.create_index("sheet_batches_waiting", "sheet_batches", ["agency_id", "spreadsheet_id", "status"], unique=False)
    op.create_table(
        "sheet_rows",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("row_id", sa.String(length=22), nullable=False),
        sa.Column("cells", Json, nullable=False),
        sa.Column("queued_on", sa.Date(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("parked", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "tab", "row_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sheet_tabs",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("spreadsheet_id", sa.String(length=128), nullable=False),
        sa.Column("tab", sa.String(length=32), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("cursor", sa.String(length=22), server_default="", nullable=False),
        sa.Column("content", Json, nullable=True),
        sa.Column("content_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("written_key", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "spreadsheet_id", "tab"),
    )
    op.create_table(
        "snapshots",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("tally_key", sa.String(length=64), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "name", "period"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "write_budgets",
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("account"),
    )
