"""Pushes to officers: paid, so each exactly once; nobody's LINE id is stored; who was removed hears nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot import pushes
from bot.line import LineClient
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from survey import db, library, officers
from survey.privacy import Keys
from survey.settings import Settings
from survey.tables import outbox

NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)
NAPHA = "เจ้าหน้าที่นภา"
NEWS: list[dict[str, Any]] = [{"type": "text", "text": "การส่งคำตอบไป Google Sheets หยุดชั่วคราว"}]


@pytest.fixture
def line() -> Iterator[LocalLine]:
    with running_line("test-secret", "test-token") as local:
        yield local


@pytest.fixture
def settings(settings_factory: Callable[..., Settings], line: LocalLine) -> Settings:
    return settings_factory(line_api_base=line.url)


@pytest.fixture
def officer(engine: Engine, keys: Keys, line: LocalLine) -> str:
    """The id of an officer whose phone knows the account."""
    user_id = line.world.person(NAPHA)
    line.channel.contacts.add(user_id)
    with db.write(engine) as conn:
        code = officers.invite(conn, keys, "main", "admin", NAPHA, [], NOW)
        officers.redeem(conn, keys, "main", code, "pseudonym", keys.seal_contact(user_id), NOW)
        return str(officers.listing(conn, "main")[0].id)


def tell(engine: Engine, officer: str, key: str = "mirror:2027-02-01") -> bool:
    with db.write(engine) as conn:
        return pushes.tell(conn, "main", officer, key, NEWS, NOW)


def send(engine: Engine, settings: Settings, now: datetime = NOW) -> bool:
    sender = pushes.Sender(engine, settings, library.load(), LineClient(settings.line_api_base), Random(1))
    return sender.send_next(now)


def status(engine: Engine) -> list[str]:
    with db.read(engine) as conn:
        return list(conn.scalars(select(outbox.c.status).order_by(outbox.c.id)))


def test_news_arrives_once_however_often_it_is_told(
    engine: Engine, settings: Settings, officer: str, line: LocalLine
) -> None:
    assert (tell(engine, officer), tell(engine, officer)) == (True, False)

    assert (send(engine, settings), send(engine, settings)) == (True, False)

    assert [(m["type"], m["how"]) for m in line.inbox(NAPHA)] == [("text", "push")]
    assert status(engine) == ["done"]


def test_the_queue_holds_no_line_id(engine: Engine, officer: str, line: LocalLine) -> None:
    tell(engine, officer)

    with db.read(engine) as conn:
        stored = repr(conn.execute(select(outbox)).all())

    assert officer in stored
    assert line.world.person(NAPHA) not in stored


@pytest.mark.parametrize("fault", ["500 after", "drop after"])
def test_what_line_took_without_saying_so_is_not_sent_again(
    engine: Engine, settings: Settings, officer: str, line: LocalLine, fault: str
) -> None:
    tell(engine, officer)
    if fault == "500 after":
        line.faults.fail(500, "push", after=True)
    else:
        line.faults.drop("push", after=True)

    send(engine, settings)
    assert status(engine) == ["waiting"]
    send(engine, settings, NOW + timedelta(minutes=5))  # LINE answers 409: it knows the retry key

    assert status(engine) == ["done"]
    assert len(line.inbox(NAPHA)) == 1
    assert line.billable == 1


def test_a_push_that_failed_is_tried_again_later(
    engine: Engine, settings: Settings, officer: str, line: LocalLine
) -> None:
    tell(engine, officer)
    line.faults.fail(500, "push")

    send(engine, settings)
    assert not send(engine, settings)
    send(engine, settings, NOW + timedelta(minutes=5))

    assert len(line.inbox(NAPHA)) == 1


def test_a_message_line_finds_wrong_is_given_up_at_once(
    engine: Engine, settings: Settings, officer: str, line: LocalLine
) -> None:
    with db.write(engine) as conn:
        pushes.tell(conn, "main", officer, "broken", [{"type": "text", "text": ""}], NOW)

    send(engine, settings)

    assert status(engine) == ["gave_up"]
    assert line.inbox(NAPHA) == []


def test_who_was_removed_meanwhile_hears_nothing(
    engine: Engine, settings: Settings, officer: str, line: LocalLine
) -> None:
    tell(engine, officer)
    with db.write(engine) as conn:
        officers.remove(conn, "main", officer, NOW.date())

    assert send(engine, settings)

    assert status(engine) == ["done"]
    assert line.billable == 0


def test_a_contact_that_no_key_opens_is_given_up(
    engine: Engine, settings: Settings, officer: str, line: LocalLine
) -> None:
    tell(engine, officer)

    send(engine, replace(settings, keys=Keys("another secret key than before")))

    assert status(engine) == ["gave_up"]
    assert line.billable == 0
