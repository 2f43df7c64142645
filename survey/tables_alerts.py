"""The table of the message budget: how many paid messages LINE still lets each agency send this month."""

from sqlalchemy import Column, Integer, Table

from survey.tables_base import Moment, agency_column, metadata

# LINE's own figures, which hold the office's broadcasts too, and what has been sent since they were read.
push_budgets = Table(
    "push_budgets",
    metadata,
    agency_column(),
    Column("quota", Integer),  # messages a month; null: no limit
    Column("used", Integer, nullable=False),
    Column("since", Integer, nullable=False, server_default="0"),  # people reached by us since ``read_at``
    Column("read_at", Moment, nullable=False),
)
