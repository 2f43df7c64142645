"""The schema of the database: made and changed only by migrations, in one transaction, never at start.

``web`` and ``worker`` call ``check`` and refuse to start on another version; ``siang migrate`` calls ``upgrade``.
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from survey import db

MIGRATIONS = Path(__file__).parents[1] / "migrations"


class SchemaError(RuntimeError):
    """The database is at another version than this program. The message tells the operator what to run."""


def upgrade(engine: Engine) -> str:
    """Bring the database to this program's version; returns it. Safe to run by two processes at once."""
    with db.write(engine) as conn:
        if not db.is_sqlite(conn):
            conn.exec_driver_sql("SELECT pg_advisory_xact_lock(724311)")  # a second migrate waits for the first
        command.upgrade(_config(conn), "head")
    return wanted()


def check(engine: Engine) -> None:
    """Raises SchemaError unless the database is at this program's version."""
    found = version(engine)
    if found != wanted():
        raise SchemaError(
            f"The database is at schema version {found or 'none'}, this program needs {wanted()}. Run: siang migrate"
        )


def version(engine: Engine) -> str | None:
    """The version the database is at; None when it was never migrated."""
    with db.read(engine) as conn:
        return MigrationContext.configure(conn).get_current_revision()


@cache
def wanted() -> str:
    """The newest version that this program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise SchemaError(f"No migrations found in {MIGRATIONS}; the installation is incomplete")
    return head


def _config(conn: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    return config
