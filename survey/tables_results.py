"""The tables of official results, entered only by import, and of the measures an office has chosen."""

from sqlalchemy import Column, Date, Index, Integer, Numeric, SmallInteger, String, Table, Text

from survey.tables_base import Json, Moment, agency_column, metadata

# A score as the NACC printed it, exact. Nothing of our own survey ever comes in here.
official_scores = Table(
    "official_scores",
    metadata,
    agency_column(),
    Column("fiscal_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("level", String(16), primary_key=True),  # item | indicator | instrument | total
    Column("instrument", String(8), primary_key=True),
    Column("code", String(16), primary_key=True),
    Column("title", Text, nullable=False, server_default=""),
    Column("score", Numeric(7, 4), nullable=False),
)

official_imports = Table(
    "official_imports",
    metadata,
    agency_column(),
    Column("fiscal_year", SmallInteger, primary_key=True, autoincrement=False),
    Column("imported_at", Moment, nullable=False),
    Column("file", String(200), nullable=False),  # its name, for people
    Column("digest", String(64), nullable=False),  # SHA-256 of the file
    Column("grade", String(64), nullable=False, server_default=""),  # as stated in it
    Column("agrees", Json, nullable=False),  # what the check said: {"agrees": bool, "mismatches": n}
)

measures = Table(
    "measures",
    metadata,
    agency_column(),
    Column("id", String(16), primary_key=True),
    Column("fiscal_year", SmallInteger, nullable=False),  # the year in which it is carried out
    Column("item_code", String(8), nullable=False),  # e4: the weak item it answers
    Column("issue", SmallInteger, nullable=False, server_default="0"),  # 1-7; 0: none
    Column("title", Text, nullable=False),
    Column("steps", Json, nullable=False),  # list of sentences
    Column("responsible", Text, nullable=False, server_default=""),
    Column("period", Text, nullable=False, server_default=""),
    Column("output", Text, nullable=False, server_default=""),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("status", String(12), nullable=False, server_default="planned"),  # planned | doing | done | dropped
    Column("progress", SmallInteger, nullable=False, server_default="0"),  # percent
    Column("evidence", Json, nullable=False),  # list of links
    Column("result", Text, nullable=False, server_default=""),
    Column("budget", Text, nullable=False, server_default=""),
    Column(
        "revision", Integer, nullable=False, server_default="1"
    ),  # raised by every change; an import names the one it saw
    Column("updated_on", Date, nullable=False),
)
Index("measures_by_year", measures.c.agency_id, measures.c.fiscal_year, measures.c.item_code)
