"""Of sealed reports the official statistics say how many, and nothing else; what retention has emptied still counts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from analysis import complaints, report_complaints
from analysis.complaint_counts import Sealed
from analysis.frame_library import load
from bot.cli import cli, context
from survey import db, sealed_register, thai
from survey.privacy import Keys
from survey.settings_names import NAMES
from survey.thai import Period
from tests.analysis.documents import FACTS, rows, texts_of
from tests.conftest import OFFICE
from tests.survey.sealed_kit import KEY, sealed_report

FEBRUARY, QUARTER = thai.parse_month("2570-02"), thai.part_of(2570, "q", 2)
JANUARY_9, FEBRUARY_10 = datetime(2027, 1, 9, 5, tzinfo=UTC), datetime(2027, 2, 10, 5, tzinfo=UTC)
TODAY = date(2027, 4, 1)


@pytest.fixture
def keys(keys: Keys) -> Keys:
    return replace(keys, sealed_keys=(KEY,))


@pytest.fixture
def store(engine: Engine, keys: Keys) -> Engine:
    """Three of January, one closed; one of February; one of another agency."""
    for status in ("", "in_progress", "referred"):
        sealed_report(engine, keys, JANUARY_9, status=status)
    sealed_report(engine, keys, FEBRUARY_10)
    sealed_report(engine, keys, FEBRUARY_10, agency_id="other")
    return engine


def counted(store: Engine, period: Period, as_of: date = TODAY) -> Sealed:
    with db.read(store) as conn:
        return complaints.statistics(conn, "main", period, as_of).sealed


def test_they_are_counted_by_the_month_in_which_they_came(store: Engine) -> None:
    assert counted(store, FEBRUARY) == Sealed(received=1, closed=0)
    assert counted(store, QUARTER) == Sealed(received=4, closed=1)
    assert counted(store, QUARTER, date(2027, 1, 31)) == Sealed(received=3, closed=1)
    assert counted(store, thai.parse_month("2570-03")) == Sealed(received=0, closed=0)


def test_what_retention_has_emptied_still_counts(store: Engine) -> None:
    with db.write(store) as conn:
        assert sealed_register.forget(conn, "main", 120, datetime(2037, 1, 31, 5, tzinfo=UTC)) == []
        assert len(sealed_register.forget(conn, "main", 120, datetime(2037, 2, 1, 5, tzinfo=UTC))) == 1
        assert sealed_register.forget(conn, "main", 120, datetime(2037, 2, 1, 5, tzinfo=UTC)) == []

    assert counted(store, QUARTER) == Sealed(received=4, closed=1)


@pytest.fixture
def office(sqlite_url: str, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """For ``siang``, which needs no key to count."""
    for setting in NAMES:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("AGENCY_NAME", "อบต.ทดลอง")
    monkeypatch.setattr(context, "now", lambda: datetime(2027, 3, 2, 5, tzinfo=UTC))
    monkeypatch.chdir(tmp_path)
    engine = db.connect(sqlite_url)
    for _ in range(2):
        sealed_report(engine, keys, FEBRUARY_10, "นายช่างเรียกเงิน")
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("office")
def test_the_command_publishes_the_totals_and_nothing_else() -> None:
    arguments = ["complaints", "stats", "--month", "2570-02", "--format", "json"]
    result = CliRunner().invoke(cli, arguments, prog_name="siang")

    of_track = [row for row in json.loads(result.output)["rows"] if row["track"] == "sealed"]

    assert [(row["group"], row["name"], row["value"]) for row in of_track] == [
        ("total", "received", 2),
        ("total", "closed", 0),
    ]
    assert "นายช่าง" not in result.output


def test_the_report_of_complaints_says_how_many(store: Engine) -> None:
    with db.read(store) as conn:
        found = complaints.statistics(conn, "main", QUARTER, TODAY)

    report = report_complaints.build(found, load(2567), OFFICE, FACTS)

    assert rows(report, "ทุจริต") == [("รับเรื่อง", "4"), ("ยุติแล้ว", "1")]
    assert "นายช่าง" not in texts_of(report)
