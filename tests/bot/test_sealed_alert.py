"""Integrity officers hear that there is something: which words, how often, who; on a local LINE."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from bot.duties import Housekeeping
from bot.worker import Crew
from survey import db, library, scrubbing, sealed_alert, thai
from survey.privacy import Keys
from survey.settings import Settings
from survey.tables import outbox, sealed_reports
from tests.bot.alerts_kit import Desk, office
from tests.line_openapi import check
from tests.survey.sealed_kit import KEY, sealed_report

TEXT = "มีเรื่องใหม่"


@pytest.fixture
def desk(sqlite_engine: Engine, keys: Keys, settings_factory: Callable[..., Settings]) -> Iterator[Desk]:
    """An office with two integrity officers."""
    with office(sqlite_engine, settings_factory(keys=replace(keys, sealed_keys=(KEY,)))) as desk:
        for name in ("กัน", "มะลิ"):
            desk.officer(name, role="integrity")
        yield desk


def report(desk: Desk, *names: str) -> None:
    """Something comes in that these may know of."""
    ids = [officer for officer, name in desk.names.items() if name in names]
    with db.write(desk.engine) as conn:
        sealed_alert.tell(conn, "main", ids, desk.now)


def test_both_hear_two_words_at_once(desk: Desk) -> None:
    desk.officer("เวร", role="admin")
    report(desk, "กัน", "มะลิ")

    desk.send()

    assert desk.heard("กัน") == desk.heard("มะลิ") == [TEXT]
    assert desk.heard("เวร") == []
    check("PushMessageRequest", desk.line.calls[-1]["body"])


def test_at_most_once_an_hour_and_nothing_is_forgotten(desk: Desk) -> None:
    desk.now = desk.now.replace(minute=10)
    for _ in range(5):
        report(desk, "กัน")
        desk.send(minutes=1)
    assert desk.heard("กัน") == [TEXT]

    desk.send(minutes=44)
    assert desk.heard("กัน") == [TEXT]
    desk.send(minutes=1)
    assert desk.heard("กัน") == [TEXT, TEXT]

    report(desk, "กัน")  # the hour has had its alert
    desk.send(minutes=30)
    assert len(desk.heard("กัน")) == 2
    desk.send(minutes=30)
    assert len(desk.heard("กัน")) == 3
    desk.send(hours=5)
    assert len(desk.heard("กัน")) == 3


def test_who_is_excluded_hears_nothing(desk: Desk) -> None:
    report(desk, "มะลิ")

    desk.send()

    assert (desk.heard("กัน"), desk.heard("มะลิ")) == ([], [TEXT])


def test_an_alert_names_no_report_in_the_queue_either(desk: Desk) -> None:
    name = sealed_report(desk.engine, desk.settings.keys, desk.now)
    report(desk, "กัน")

    with db.read(desk.engine) as conn:
        [row] = conn.execute(select(outbox)).all()
    assert row.payload["messages"] == [{"type": "text", "text": TEXT}]
    assert name not in str(row)


def test_it_is_never_mailed_to_a_mailbox_that_others_read(desk: Desk) -> None:
    desk.line.channel.quota = 0
    report(desk, "กัน")

    desk.send()

    assert desk.heard("กัน") == []
    assert [(kind, status) for kind, status, _ in desk.queue()] == [("push", "done")]


def test_a_farewell_is_said_and_then_nothing_is_kept_of_it(desk: Desk) -> None:
    contact = desk.settings.keys.seal_contact(desk.friend("สมศรี"))
    crew = Crew(desk.engine, desk.settings, library.load(), clock=lambda: desk.now)
    [scrub] = [job.run for shift in crew.shifts(threading.Event()) for job in shift.jobs if job.name == "scrub"]
    with db.write(desk.engine) as conn:
        sealed_alert.say_farewell(conn, "main", contact, "ส่งต่อแล้วค่ะ", desk.now)
        scrubbing.ask(conn, "main", desk.now)

    assert scrub()
    assert [kind for kind, _, _ in desk.queue()] == ["push", "scrub", "scrub"]
    desk.send()
    assert desk.heard("สมศรี") == ["ส่งต่อแล้วค่ะ"]
    desk.now += timedelta(minutes=1)
    assert scrub()

    assert [(kind, status) for kind, status, _ in desk.queue()] == [("scrub", "done"), ("scrub", "waiting")]


def test_old_reports_are_emptied_by_the_worker_and_scrubbed(desk: Desk) -> None:
    sealed_report(desk.engine, desk.settings.keys, desk.now, status="resolved")
    keep = Housekeeping(desk.engine, desk.settings, library.load(), lambda: desk.now)

    keep.retain(desk.agency)
    assert desk.queue() == []
    desk.now = desk.now.replace(year=desk.now.year + 11)
    keep.retain(desk.agency)

    with db.read(desk.engine) as conn:
        [row] = conn.execute(select(sealed_reports)).all()
    assert (row.content, row.excluded, row.receipt, row.status) == (None, None, None, "resolved")
    assert row.closed_month == f"{thai.bangkok_date(desk.now).year - 11}-02"
    assert [kind for kind, _, _ in desk.queue()] == ["scrub", "scrub"]
