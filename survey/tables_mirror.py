"""The tables of the mirror (survey/sheets*.py): tabs, waiting rows, batches, the write budget."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Text

from survey.tables_base import Json, Moment, agency_column, metadata

sheet_tabs = Table(
    "sheet_tabs",
    metadata,
    agency_column(),
    Column("spreadsheet_id", String(128), primary_key=True),
    Column("tab", String(32), primary_key=True),  # eit | satisfaction | comments | summary
    Column("sheet_id", Integer, nullable=False),  # chosen by us; how the tab is addressed, never by its title
    Column("title", String(100), nullable=False),  # as we made it; staff may rename it
    Column("status", String(8), nullable=False),  # filling (rows are queued from the store) | making | ready
    Column("cursor", String(22), nullable=False, server_default=""),  # filling: the last id that is queued
    Column("content", Json),  # summary: the rows that should stand there
    Column("content_key", String(64), nullable=False, server_default=""),
    Column("written_key", String(64), nullable=False, server_default=""),
)

sheet_rows = Table(
    "sheet_rows",
    metadata,
    agency_column(),
    Column("tab", String(32), primary_key=True),
    Column("row_id", String(22), primary_key=True),
    Column("cells", Json, nullable=False),
    Column("queued_on", Date, nullable=False),
    Column("batch", Integer),  # the batch it was frozen into; null: waits
    Column("parked", Text, nullable=False, server_default=""),  # why Google refuses this very row
    sqlite_with_rowid=False,
)

# At most one batch of a spreadsheet waits; those that are done stay, emptied, until their token is deleted.
sheet_batches = Table(
    "sheet_batches",
    metadata,
    agency_column(),
    Column("spreadsheet_id", String(128), primary_key=True),
    Column("number", Integer, primary_key=True),  # the developer metadata id
    Column("token", String(36), nullable=False),
    Column("kind", String(8), nullable=False),  # rows | tab | summary | burn
    Column("tab", String(32), nullable=False),
    Column("sheet_id", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # how many of its rows, in the order of their ids, the payload holds
    Column("former", Json, nullable=False),  # {token: size} of payloads once sent under this number
    Column("mark", String(64), nullable=False, server_default=""),  # summary: the content_key
    Column("payload", LargeBinary, nullable=False),  # the request body, zlib
    Column("status", String(8), nullable=False, server_default="waiting"),  # waiting | done
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", Moment, nullable=False),
    Column("last_sent_at", Moment),
    Column("last_error", Text, nullable=False, server_default=""),
)
Index("sheet_batches_waiting", sheet_batches.c.agency_id, sheet_batches.c.spreadsheet_id, sheet_batches.c.status)

mirrors = Table(
    "mirrors",
    metadata,
    agency_column(),
    Column("spreadsheet_id", String(128), primary_key=True),
    Column("next_number", Integer, nullable=False, server_default="1"),
    Column("rows_limit", Integer, nullable=False, server_default="0"),  # smaller after a refusal; 0: no limit
    Column("parked_streak", Integer, nullable=False, server_default="0"),
    Column("paused_reason", Text, nullable=False, server_default=""),
    Column("lease_owner", String(64), nullable=False, server_default=""),
    Column("lease_until", Moment),
)

# The write budget and the pause after a 429 belong to the service account, whichever worker or agency uses it.
write_budgets = Table(
    "write_budgets",
    metadata,
    Column("account", String(128), primary_key=True),
    Column("window_at", Moment, nullable=False),
    Column("used", Integer, nullable=False, server_default="0"),
    Column("allowed", Integer, nullable=False),
    Column("paused_until", Moment),
)
