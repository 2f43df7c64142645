"""Every table, in SQLAlchemy Core. The schema itself is made by migrations only (``siang migrate``).

What the tables may not hold is as important as what they hold (architecture, section 3): no LINE user id in clear
anywhere, no time of day beside a filed response, no key that joins a response to a person. Tables whose insertion order
could say something are WITHOUT ROWID on SQLite.
"""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text, false, true

from survey.tables_alerts import push_budgets
from survey.tables_base import BigId, Json, Moment, agency_column, metadata
from survey.tables_complaints import (
    complaint_confirmations,
    complaint_files,
    complaint_groups,
    complaint_updates,
    complaints,
)
from survey.tables_mirror import mirrors, sheet_batches, sheet_rows, sheet_tabs, write_budgets
from survey.tables_results import measures, official_imports, official_scores
from survey.tables_sealed import (
    attempts,
    audit_heads,
    audit_log,
    day_salts,
    sealed_files,
    sealed_links,
    sealed_messages,
    sealed_reports,
)

# fmt: off
__all__ = [
    "attempts", "audit_heads", "audit_log", "channels", "comments", "complaint_confirmations",
    "complaint_files", "complaint_groups", "complaint_updates", "complaints", "day_salts", "drafts", "invites",
    "measures", "metadata", "mirrors", "officers", "official_imports", "official_scores", "outbox",
    "participation", "push_budgets", "respondents", "responses", "rounds", "sealed_files", "sealed_links",
    "sealed_messages", "sealed_reports", "seen_events", "sheet_batches", "sheet_rows", "sheet_tabs",
    "snapshots", "workers", "write_budgets",
]
# fmt: on

# What LINE says about the agency's own account: whose ``destination`` it is, and whether people read along (chatMode).
channels = Table(
    "channels",
    metadata,
    agency_column(),
    Column("bot_user_id", String(64), nullable=False, unique=True),
    Column("basic_id", String(64), nullable=False, server_default=""),
    Column("chat_mode", String(16), nullable=False, server_default="bot"),
)

respondents = Table(
    "respondents",
    metadata,
    agency_column(),
    Column("key", String(43), primary_key=True),
    Column("last_seen_on", Date, nullable=False),
    Column("language", String(8), nullable=False, server_default="th"),
    Column("greeted", Boolean, nullable=False, server_default=false()),
    Column("following", Boolean, nullable=False, server_default=true()),
    Column("quiet_until", Moment),
    sqlite_with_rowid=False,
)

seen_events = Table(
    "seen_events",
    metadata,
    agency_column(),
    Column("key", String(43), primary_key=True),
    Column("seen_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

rounds = Table(
    "rounds",
    metadata,
    agency_column(),
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("instrument_id", String(64), nullable=False),
    Column("instrument_version", Integer, nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date),  # the first day on which it is closed; null: stands open
    Column("secret", LargeBinary),  # wrapped; destroyed when the round closes
    Column("closed", Boolean, nullable=False, server_default=false()),
)

participation = Table(
    "participation",
    metadata,
    agency_column(),
    Column("round_id", String(64), primary_key=True),
    Column("key", String(43), primary_key=True),
    sqlite_with_rowid=False,
)

drafts = Table(
    "drafts",
    metadata,
    agency_column(),
    Column("id", String(16), primary_key=True),
    Column("respondent", String(43), nullable=False),
    Column("round_id", String(64), nullable=False),
    Column("instrument_id", String(64), nullable=False),
    Column("instrument_version", Integer, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("service_point", String(64)),
    Column("assisted_by", String(32)),
    Column("subject", String(22)),  # of a task: the ticket it is about
    Column("seat", Integer, nullable=False, server_default="0"),  # 1, 2: somebody else in the household
    Column("answers", Json, nullable=False),
    Column("status", String(8), nullable=False),  # open | paused | closed
    Column("begun_on", Date, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("completed_on", Date),
    sqlite_with_rowid=False,
)
Index(
    "one_open_draft",
    drafts.c.agency_id,
    drafts.c.respondent,
    drafts.c.round_id,
    unique=True,
    sqlite_where=drafts.c.status != "closed",
    postgresql_where=drafts.c.status != "closed",
)
Index("drafts_by_status", drafts.c.agency_id, drafts.c.status, drafts.c.touched_at)

# One row per filed response: the answers as {question id: option value}, the day without time, no person.
responses = Table(
    "responses",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("round_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("instrument_id", String(64), nullable=False),
    Column("instrument_version", Integer, nullable=False),
    Column("completed_on", Date, nullable=False),
    Column("mode", String(16), nullable=False),  # self | assisted
    Column("household", Boolean, nullable=False, server_default=false()),
    Column("service_point", String(64)),
    Column("assisted_by", String(32)),
    Column("answers", Json, nullable=False),
    sqlite_with_rowid=False,
)
Index("responses_by_day", responses.c.agency_id, responses.c.kind, responses.c.completed_on)

# Open comments, already masked, cut from the answers they came with: own random id, the month only.
comments = Table(
    "comments",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("month", String(7), nullable=False),  # 2027-02
    Column("service_point", String(64)),
    Column("text", Text, nullable=False),
    sqlite_with_rowid=False,
)

officers = Table(
    "officers",
    metadata,
    agency_column(),
    Column("id", String(32), primary_key=True),
    Column("respondent", String(43), nullable=False),
    Column("contact", LargeBinary, nullable=False),  # the LINE user id, encrypted with CONTACT_KEYS
    Column("role", String(16), nullable=False),
    Column("name", String(128), nullable=False, server_default=""),
    Column("departments", Json, nullable=False),
    Column("joined_on", Date, nullable=False),
    Column("removed_on", Date),
)
Index(
    "one_officer_per_account",
    officers.c.agency_id,
    officers.c.respondent,
    unique=True,
    sqlite_where=officers.c.removed_on.is_(None),
    postgresql_where=officers.c.removed_on.is_(None),
)

invites = Table(
    "invites",
    metadata,
    agency_column(),
    Column("code", String(43), primary_key=True),  # HMAC of the one-time code
    Column("role", String(16), nullable=False),
    Column("name", String(128), nullable=False, server_default=""),
    Column("departments", Json, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

# A row for each effect that must leave the system by push, and for each scheduled job (unique key: its period).
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("agency_id", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("lane", String(80), nullable=False),  # the recipient: only the oldest unfinished row of a lane is claimed
    Column("unique_key", String(160), nullable=False, unique=True),
    Column("retry_key", String(36), nullable=False),
    Column("payload", Json, nullable=False),
    Column("status", String(8), nullable=False, server_default="waiting"),  # waiting | done | gave_up
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("tried_at", Moment),  # the first attempt: LINE remembers a retry key for a day from then
    Column("due_at", Moment, nullable=False),
    Column("last_error", Text, nullable=False, server_default=""),
)
Index("outbox_waiting", outbox.c.status, outbox.c.due_at)
Index("outbox_lane", outbox.c.lane, outbox.c.id)

# Score snapshots: made by the worker, read by the web process.
snapshots = Table(
    "snapshots",
    metadata,
    agency_column(),
    Column("name", String(32), primary_key=True),  # eit | eit:mode | satisfaction | satisfaction:service_point | ...
    Column("period", String(16), primary_key=True),  # 2570-02 | 2570
    Column("as_of", Date, nullable=False),
    Column("tally_key", String(64), nullable=False),  # fingerprint of the tally it was made from
    Column("body", Json, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("beat_at", Moment, nullable=False),
)
