"""The tables of sealed reports, of the audit log, and of attempts that are counted to slow guessing down.

Of a report only its status and two months are in clear. Who sent it, from where, and at what hour is nowhere: ids are
random, insertion order is lost on SQLite (WITHOUT ROWID), and content is encrypted with SEALED_KEYS, which are not in
the database.
"""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, false

from survey.tables_base import Moment, agency_column, metadata

# What is left after retention has emptied a report (no receipt, content, excluded) goes on counting in statistics.
sealed_reports = Table(
    "sealed_reports",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("receipt", String(43)),  # keyed hash of the 16 digits; null: a case made sealed later, or emptied
    Column("status", String(12), nullable=False),  # survey.sealed.STATUSES
    Column("month", String(7), nullable=False),  # in which it came in: 2027-02
    Column("closed_month", String(7)),
    Column("content", LargeBinary),  # encrypted: who, what, when, where, how to reach the reporter
    Column("excluded", LargeBinary),  # encrypted: the integrity officers who may not know of it
    Column("contactable", Boolean, nullable=False, server_default=false()),
    Column("revision", Integer, nullable=False, server_default="1"),  # raised by every change
    sqlite_with_rowid=False,
)
Index("sealed_report_by_receipt", sealed_reports.c.agency_id, sealed_reports.c.receipt, unique=True)
Index("sealed_reports_by_month", sealed_reports.c.agency_id, sealed_reports.c.month)

sealed_messages = Table(
    "sealed_messages",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("report", String(22), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... within the report
    Column("side", String(8), nullable=False),  # reporter | officer | note
    Column("content", LargeBinary, nullable=False),  # encrypted: the words, the day, which officer
    sqlite_with_rowid=False,
)
Index(
    "sealed_message_number",
    sealed_messages.c.agency_id,
    sealed_messages.c.report,
    sealed_messages.c.number,
    unique=True,
)

sealed_files = Table(
    "sealed_files",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("report", String(22), nullable=False),
    Column("label", LargeBinary, nullable=False),  # encrypted: name, type, size
    Column("content", LargeBinary, nullable=False),  # encrypted
    sqlite_with_rowid=False,
)
Index("sealed_files_of", sealed_files.c.agency_id, sealed_files.c.report)

# One-time links that the bot replies with; gone when used, when time is over, when the officer is removed.
sealed_links = Table(
    "sealed_links",
    metadata,
    agency_column(),
    Column("key", String(43), primary_key=True),  # keyed hash of what stands in the address
    Column("officer", String(32), nullable=False),
    Column("role", String(16), nullable=False),  # the officer's when the link was made
    Column("expires_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

# Append-only: triggers refuse UPDATE and DELETE. ``hash`` covers the row and ``previous``, the hash before it.
audit_log = Table(
    "audit_log",
    metadata,
    agency_column(),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 ... within the agency
    Column("at", Moment, nullable=False),
    Column("actor", String(32), nullable=False),  # an officer's id, or "system"
    Column("action", String(24), nullable=False),
    Column("subject", String(32), nullable=False),  # a report, a file
    Column("reason", String(64), nullable=False, server_default=""),  # one of a list: free words could tell content
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

# How long each agency's log is and where it ends, under a key of SECRET_KEY: what is cut off the end is missed.
audit_heads = Table(
    "audit_heads",
    metadata,
    agency_column(),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("proof", String(43), nullable=False),
)

# Counted within a window of time, and gone after it.
attempts = Table(
    "attempts",
    metadata,
    agency_column(),
    Column("kind", String(16), primary_key=True),
    Column("key", String(43), primary_key=True),  # keyed hash under the day's salt; "" counts everybody
    Column("ends_at", Moment, primary_key=True),  # of the window
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
Index("attempts_ended", attempts.c.ends_at)

# Random, destroyed the day after: then nobody can say from where somebody tried.
day_salts = Table(
    "day_salts",
    metadata,
    agency_column(),
    Column("day", Date, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
