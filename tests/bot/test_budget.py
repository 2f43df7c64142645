"""The month's messages: LINE's own count decides, the urgent keep their reserve, and who cannot be told is called."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from survey.settings import Settings
from tests.bot.alerts_kit import Desk, office


@pytest.fixture
def desk(engine: Engine, settings_factory: Callable[..., Settings]) -> Iterator[Desk]:
    with office(engine, settings_factory()) as desk:
        yield desk


def left(desk: Desk, count: int) -> None:
    """The office's own broadcasts have used up the rest of the month's messages."""
    month = desk.line.platform.month()
    desk.line.channel.used[month] = (desk.line.channel.quota or 0) - count


def test_the_offices_own_broadcasts_count_and_the_reserve_is_for_the_urgent(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    ticket = desk.file(by="มานี")
    left(desk, 30)  # as many as the reserve
    desk.act(ticket, "resolve")
    desk.file("danger")

    desk.send()

    assert len(desk.heard("สมชาย")) == 1
    assert desk.heard("มานี") == []
    assert desk.ticket(ticket).delivery == "call"
    assert desk.deeds(ticket)[-1] == "unreached"


def test_what_lies_between_two_readings_is_counted_by_us(desk: Desk) -> None:
    left(desk, 32)
    tickets = [desk.file(by=name) for name in ("ก", "ข", "ค", "ง")]
    for ticket in tickets:
        desk.act(ticket, "resolve")
    asked = desk.line.call_counts["quota 200"]

    desk.send()

    assert desk.line.call_counts["quota 200"] == asked + 1
    assert [desk.ticket(t).delivery for t in tickets] == ["told", "told", "call", "call"]


def test_a_broadcast_in_between_is_seen_at_the_next_reading(desk: Desk) -> None:
    first, second = desk.file(by="มานี"), desk.file(by="ปิติ")
    desk.act(first, "resolve")
    desk.send()
    left(desk, 5)
    desk.act(second, "resolve")

    desk.send(minutes=2)

    assert [desk.ticket(t).delivery for t in (first, second)] == ["told", "call"]


def test_line_refusing_for_lack_of_quota_is_believed_over_our_count(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    desk.send()
    left(desk, 0)  # within the minute for which a reading is good
    desk.file("danger")

    desk.send()

    assert desk.queue()[-1] == ("alert", "done", "no quota")
    assert len(desk.heard("สมชาย")) == 1


def test_too_many_calls_in_a_second_is_no_lack_of_quota(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    desk.line.faults.fail(429, "push")

    desk.send()
    desk.send(seconds=10)

    assert len(desk.heard("สมชาย")) == 1


def test_what_line_may_have_taken_is_not_sent_by_another_way(desk: Desk) -> None:
    """The push arrived and its answer was lost; then the quota is used up. LINE's 409 says it was sent."""
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    desk.line.faults.drop("push", after=True)
    desk.send()
    left(desk, 0)

    desk.send(minutes=2)

    assert desk.queue() == [("alert", "done", "")]
    assert len(desk.heard("สมชาย")) == 1


def test_without_a_word_from_line_about_the_quota_line_itself_decides(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.line.faults.fail(500, "quota", times=None)
    desk.file("danger")

    desk.send()

    assert len(desk.heard("สมชาย")) == 1


def test_a_new_month_is_a_new_quota(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.now = datetime(2027, 1, 31, 14, 59, 30, tzinfo=UTC)  # LINE counts by Japan's clock: half a minute to February
    left(desk, 0)
    desk.file("danger")
    desk.send()
    desk.file("danger")

    desk.send(seconds=45)

    assert [why for _, _, why in desk.queue()] == ["no quota", ""]


def test_last_months_figures_say_nothing_when_line_is_silent(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.now = datetime(2027, 1, 31, 14, 59, 30, tzinfo=UTC)
    left(desk, 0)
    desk.file("danger")
    desk.send()
    desk.line.faults.fail(500, "quota", times=None)
    desk.file("danger")

    desk.send(seconds=45)

    assert len(desk.heard("สมชาย")) == 1


def test_without_a_limit_everything_goes_out(desk: Desk) -> None:
    desk.line.channel.quota = None
    ticket = desk.file(by="มานี")
    desk.act(ticket, "resolve")

    desk.send()

    assert desk.ticket(ticket).delivery == "told"


def test_a_group_too_big_for_what_is_left_is_not_pushed_to(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.group("สำนักปลัด", "clerk", *(f"คน {n}" for n in range(15)))
    left(desk, 10)
    desk.file("danger")

    desk.send()

    assert len(desk.heard("สมชาย")) == 1
    assert desk.heard("สำนักปลัด") == []


def test_a_question_that_cannot_be_pushed_is_asked_by_phone(desk: Desk) -> None:
    ticket = desk.file(by="มานี")
    left(desk, 0)
    desk.act(ticket, "ask")
    desk.send()
    assert desk.ticket(ticket).delivery == "call"

    desk.act(ticket, "resolve")  # by then it was asked; the outcome has its own try
    assert desk.ticket(ticket).delivery == "waiting"
