"""What the two databases do for everybody else: transactions, and connections that die while nobody looks."""

import time

from sqlalchemy import select, text

from survey import db


def test_a_connection_that_died_while_it_rested_is_replaced_before_anybody_uses_it(postgresql_url: str) -> None:
    engine = db.connect(postgresql_url, pool_size=1)
    with db.read(engine) as conn:
        backend = conn.scalar(text("SELECT pg_backend_pid()"))
    other = db.connect(postgresql_url, pool_size=1)
    with db.write(other) as conn:
        conn.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
    time.sleep(db.REST_S + 0.1)

    with db.write(engine) as conn:
        assert conn.scalar(text("SELECT pg_backend_pid()")) != backend
    engine.dispose()
    other.dispose()


def test_a_read_on_sqlite_waits_for_no_writer(sqlite_url: str) -> None:
    engine = db.connect(sqlite_url)
    with db.write(engine), db.read(engine) as conn:
        assert conn.scalar(select(1)) == 1
    engine.dispose()
