"""Fixtures of the survey's tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from survey import db


def hurry(engine: Engine) -> Engine:
    """Do not wait for the disk: a test that loses power may lose its rows."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_sync)
    return engine


def _without_sync(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def quick_engine(sqlite_url: str) -> Iterator[Engine]:
    """An empty SQLite database, for tests of the conversation, of many small transactions."""
    engine = hurry(db.connect(sqlite_url))
    yield engine
    engine.dispose()
