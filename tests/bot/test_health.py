"""``/healthz`` and ``/readyz``: what a supervisor or a load balancer reads, on both databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, text

from bot.app import create_app
from bot.site import Site
from survey import db, schema
from survey.settings import Settings
from survey.tables import outbox, workers
from survey.tables_mirror import mirrors, sheet_batches


@pytest.fixture
def client(settings_factory: Callable[..., Settings], database_url: str) -> Iterator[FlaskClient]:
    app = create_app(settings_factory(database_url=database_url))
    yield app.test_client()
    site_of(app.test_client()).engine.dispose()


def site_of(client: FlaskClient) -> Site:
    site: Site = client.application.extensions["siang"]
    return site


def ready(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.get_json()


def store(client: FlaskClient, table: Any, **values: object) -> None:
    with db.write(site_of(client).engine) as conn:
        conn.execute(insert(table).values(**values))


def beat(client: FlaskClient, seconds_ago: float = 1) -> None:
    store(client, workers, id="w1", beat_at=datetime.now(UTC) - timedelta(seconds=seconds_ago))


def queued(client: FlaskClient, due_minutes_ago: float, status: str = "waiting") -> None:
    due = datetime.now(UTC) - timedelta(minutes=due_minutes_ago)
    values = {"agency_id": "main", "kind": "push", "lane": "a", "retry_key": "r", "payload": {}}
    store(client, outbox, **values, unique_key=f"{due_minutes_ago}{status}", due_at=due, status=status)


@pytest.fixture
def stranded(settings_factory: Callable[..., Settings], tmp_path: Path) -> FlaskClient:
    """The web process when its database cannot be opened: where the file should be is a folder."""
    return create_app(settings_factory(database_url=f"sqlite:///{tmp_path}")).test_client()


def test_the_process_lives_even_without_its_database(stranded: FlaskClient) -> None:
    """A supervisor must not restart what a restart cannot mend."""
    answer = stranded.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_when_everything_is_there_it_is_ready(client: FlaskClient) -> None:
    beat(client)
    queued(client, 1)

    kind = site_of(client).engine.dialect.name
    assert ready(client) == (
        200,
        {
            "ok": True,
            "checks": {
                "database": {"ok": True, "detail": kind},
                "schema": {"ok": True, "detail": f"version {schema.wanted()}"},
                "worker": {"ok": True, "detail": "heard 1 s ago"},
                "outbox": {"ok": True, "detail": "1 waiting"},
            },
        },
    )


@pytest.mark.parametrize(
    ("heard", "told"),
    [(None, "no worker has ever run; start: siang worker"), (90, "no worker for 90 s; start: siang worker")],
)
def test_without_a_worker_it_is_not_ready(client: FlaskClient, heard: float | None, told: str) -> None:
    if heard is not None:
        beat(client, heard)

    status, body = ready(client)

    assert (status, body["ok"]) == (503, False)
    assert body["checks"]["worker"] == {"ok": False, "detail": told}
    assert [name for name, check in body["checks"].items() if not check["ok"]] == ["worker"]


def test_at_another_schema_version_it_is_not_ready_and_says_what_to_run(client: FlaskClient) -> None:
    beat(client)
    with db.write(site_of(client).engine) as conn:
        before = conn.scalar(text("SELECT version_num FROM alembic_version"))
        conn.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    try:
        status, body = ready(client)
    finally:
        with db.write(site_of(client).engine) as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :before"), {"before": before})

    assert status == 503
    assert body["checks"]["schema"]["ok"] is False
    assert "siang migrate" in body["checks"]["schema"]["detail"]
    assert body["checks"]["database"]["ok"]


def test_what_should_have_left_long_ago_makes_it_not_ready(client: FlaskClient) -> None:
    beat(client)
    queued(client, 16)
    queued(client, 100, "done")
    queued(client, 100, "gave_up")
    due = datetime.now(UTC) - timedelta(hours=1)
    batch = {"agency_id": "main", "spreadsheet_id": "s", "number": 1, "token": "t", "kind": "rows", "tab": "eit"}
    store(client, sheet_batches, **batch, sheet_id=0, size=1, former={}, payload=b"", due_at=due)

    status, body = ready(client)

    assert status == 503
    told = "2 effects should have left 15 minutes ago; see: siang doctor"
    assert body["checks"]["outbox"] == {"ok": False, "detail": told}


def test_without_a_database_every_check_says_so_and_tells_no_address(stranded: FlaskClient) -> None:
    answer = stranded.get("/readyz")

    assert answer.status_code == 503
    checks = answer.get_json()["checks"]
    told = {"ok": False, "detail": "database: OperationalError"}
    assert checks == dict.fromkeys(("database", "schema", "worker", "outbox"), told)


def test_a_sheet_that_is_paused_is_told_and_takes_no_webhook_down(client: FlaskClient) -> None:
    beat(client)
    store(client, mirrors, agency_id="main", spreadsheet_id="s", paused_reason="denied")

    status, body = ready(client)

    assert (status, body["checks"]["outbox"]) == (
        200,
        {"ok": True, "detail": "0 waiting, 1 sheets paused; see: siang doctor"},
    )
