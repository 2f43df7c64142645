"""The tables of ordinary complaints: tickets, their history, photos and voice, linked LINE groups, confirmations.

Sealed reports share nothing with them (survey/tables_sealed.py): other tables, another key, other readers.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from survey.tables_base import Json, Moment, agency_column, metadata

# One row per ticket. ``status`` is the work's, ``delivery`` says whether the complainant has heard of the outcome.
complaints = Table(
    "complaints",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("ticket", String(12), nullable=False),  # what people quote; ends in a check digit
    Column("respondent", String(43)),  # the complainant's pseudonym; cut 180 days after closing, or when erased
    Column("contact", LargeBinary),  # the LINE user id, encrypted; only of those who want to hear in LINE
    Column("phone", LargeBinary),  # the number to call, encrypted
    Column("tell_by", String(8), nullable=False),  # line | phone | none
    Column("channel", String(16), nullable=False),  # line | phone | walk_in | letter | facebook | 1567 | other
    Column("filed_by", String(32)),  # the officer who filed it for somebody
    Column("category", String(32), nullable=False),
    Column("department", String(32), nullable=False),  # who works on it now
    Column("officer", String(32)),  # who has taken it on
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("words", Text, nullable=False),  # the complainant's own; empty when erased or unsent
    Column("masked", Text, nullable=False),  # the same without personal data: what sheets and groups show
    Column("place", Text, nullable=False, server_default=""),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("status", String(12), nullable=False),  # survey.complaint.STATUSES
    Column("delivery", String(12), nullable=False, server_default="none"),  # none | waiting | told | call | called
    Column("received_at", Moment, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),  # the last day within the limit
    Column("accepted_at", Moment),
    Column("closed_at", Moment),
    Column("closed_on", Date),
    Column("merged_into", String(22)),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),  # how often
    Column("confirmed", Boolean),  # the complainant's word on "really mended"; null: has not said
    Column("rating", SmallInteger),  # 1-5
    Column("question", Text, nullable=False, server_default=""),  # what the complainant has been asked and not answered
    Column("message_id", String(43)),  # keyed hash of the message that holds the words, so that unsend finds it
    Column("revision", Integer, nullable=False, server_default="1"),  # raised by every change
)
Index("complaint_by_ticket", complaints.c.agency_id, complaints.c.ticket, unique=True)
Index("complaints_by_status", complaints.c.agency_id, complaints.c.status, complaints.c.due_on)
Index("complaints_by_day", complaints.c.agency_id, complaints.c.received_on)
Index("complaints_of_respondent", complaints.c.agency_id, complaints.c.respondent)

# Append-only but for ``words``, which an unsend or an erasure empties. ``id`` is random: it names the row in the sheet.
complaint_updates = Table(
    "complaint_updates",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("complaint", String(22), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 ... within the ticket
    Column("at", Moment, nullable=False),
    Column("by", String(12), nullable=False),  # complainant | officer | system
    Column("officer", String(32)),
    Column("action", String(16), nullable=False),  # survey.complaint.ACTIONS
    Column("status", String(12), nullable=False),  # after it
    Column("department", String(32), nullable=False),  # after it
    Column("category", String(32), nullable=False),  # after it
    Column("words", Text, nullable=False, server_default=""),
    Column("told", Boolean, nullable=False, server_default=false()),  # does the complainant see the words
    Column("message_id", String(43)),
)
Index(
    "complaint_update_number",
    complaint_updates.c.agency_id,
    complaint_updates.c.complaint,
    complaint_updates.c.number,
    unique=True,
)
Index("complaint_updates_by_time", complaint_updates.c.agency_id, complaint_updates.c.at)

# Photos (re-encoded, without metadata) and voice. ``draft`` until the ticket is filed, then ``complaint``.
complaint_files = Table(
    "complaint_files",
    metadata,
    agency_column(),
    Column("id", String(22), primary_key=True),
    Column("draft", String(16)),
    Column("complaint", String(22)),
    Column("kind", String(8), nullable=False),  # photo | voice | after
    Column("status", String(8), nullable=False),  # waiting (to be fetched) | ready | refused
    Column("source", String(64), nullable=False, server_default=""),  # LINE's message id, until it is fetched
    Column("message_id", String(43)),  # keyed hash, for unsend
    Column("content_type", String(32), nullable=False, server_default=""),
    Column("content", LargeBinary),
    Column("seconds", Integer, nullable=False, server_default="0"),  # of voice
    Column("added_on", Date, nullable=False),
)
Index("complaint_files_of", complaint_files.c.agency_id, complaint_files.c.complaint)
Index("complaint_files_of_draft", complaint_files.c.agency_id, complaint_files.c.draft)

# LINE groups in which a department hears of new complaints.
complaint_groups = Table(
    "complaint_groups",
    metadata,
    agency_column(),
    Column("id", String(32), primary_key=True),
    Column("key", String(43), nullable=False),  # keyed hash of the group id
    Column("contact", LargeBinary, nullable=False),  # the group id, encrypted
    Column("department", String(32), nullable=False),
    Column("members", Integer, nullable=False, server_default="0"),
    Column("linked_on", Date, nullable=False),
    Column("removed_on", Date),
)
Index(
    "one_department_per_group",
    complaint_groups.c.agency_id,
    complaint_groups.c.key,
    unique=True,
    sqlite_where=complaint_groups.c.removed_on.is_(None),
    postgresql_where=complaint_groups.c.removed_on.is_(None),
)

# An officer's word that the register holds every channel's complaints of a month; until then numbers are not final.
complaint_confirmations = Table(
    "complaint_confirmations",
    metadata,
    agency_column(),
    Column("month", String(7), primary_key=True),  # 2027-02
    Column("officer", String(32), nullable=False),
    Column("confirmed_at", Moment, nullable=False),
    Column("channels", Json, nullable=False),  # {channel: number of complaints counted by hand}
)
