"""The schema is made by migrations only, and migrations make exactly the tables that the code names."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from survey import db, schema
from survey.tables import metadata


def test_migrations_make_exactly_the_tables_in_the_code(engine: Engine) -> None:
    with db.read(engine) as conn:
        differences = compare_metadata(MigrationContext.configure(conn), metadata)

    assert [d for d in differences if "alembic_version" not in str(d)] == []


def test_another_schema_version_is_refused_with_the_command_to_run(engine: Engine) -> None:
    schema.check(engine)
    with db.write(engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(schema.SchemaError, match=r"schema version 0000.*Run: siang migrate"):
        schema.check(engine)

    with db.write(engine) as conn:  # the PostgreSQL of this run is shared
        conn.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": schema.wanted()})


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    assert schema.upgrade(engine) == schema.upgrade(engine) == schema.version(engine)


def test_an_unmigrated_database_says_so(tmp_path: object) -> None:
    engine = db.connect(f"sqlite:///{tmp_path}/new.db")

    with pytest.raises(schema.SchemaError, match="schema version none"):
        schema.check(engine)
    engine.dispose()
