"""The message budget: what LINE still lets each agency send this month; when a message was first tried."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "push_budgets",
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), server_default="0", nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("agency_id"),
    )
    op.add_column("outbox", sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
