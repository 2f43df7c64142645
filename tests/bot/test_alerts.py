"""Who hears what on which phone: urgent alerts, outcomes, mornings, groups; nobody twice, nothing to wrong eyes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from survey import db, groups, officers, outbox, tickets
from survey.complaint import Deed
from survey.settings import Settings
from survey.tables import complaint_files, complaints
from tests.bot.alerts_kit import Desk, office
from tests.line_openapi import check


@pytest.fixture
def desk(engine: Engine, settings_factory: Callable[..., Settings]) -> Iterator[Desk]:
    with office(engine, settings_factory()) as desk:
        yield desk


def test_an_urgent_ticket_rings_at_once_where_its_department_works(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.officer("นภา", "works")
    desk.officer("เวร")
    ticket = desk.file("danger", words="สายไฟขาด โทร 081-234-5678", place="หน้าบ้านนายสมหมาย ใจดี หมู่ 3")
    desk.file("road")  # waits for the morning

    desk.send()

    [said] = desk.heard("สมชาย")
    assert desk.heard("นภา") == desk.heard("เวร") == []
    assert f"{ticket.ticket[:3]}-{ticket.ticket[3:]}" in said
    assert "อันตราย ต้องรีบแก้ไข" in said
    assert "234-5678" not in said
    assert "สมหมาย" not in said
    assert "หมู่ 3" in said
    assert desk.line.billable == 1
    check("PushMessageRequest", desk.line.calls[-1]["body"])


def test_who_filed_it_is_not_alerted_and_forwarding_alerts_the_next(desk: Desk) -> None:
    somchai, napha = desk.officer("สมชาย", "clerk"), desk.officer("นภา", "works")
    ticket = desk.file("danger", filed_by=somchai, channel="phone")
    desk.send()
    assert desk.heard("สมชาย") == []

    for officer, to in ((somchai, "works"), (napha, "clerk"), (somchai, "works")):
        desk.act(ticket, "forward", officer=officer, to=to)
        desk.send()

    assert len(desk.heard("นภา")) == 2
    assert len(desk.heard("สมชาย")) == 1


def test_an_alert_passed_over_because_the_ticket_was_elsewhere_comes_with_it(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    ticket = desk.file("danger")
    desk.act(ticket, "forward", to="works")
    desk.send()
    assert desk.heard("สมชาย") == []

    desk.act(ticket, "forward", to="clerk")
    desk.send()

    assert len(desk.heard("สมชาย")) == 1


def test_a_restricted_category_reaches_only_those_given_it_by_name(desk: Desk) -> None:
    desk.officer("เวร")
    desk.officer("ปลัด", role="admin")
    desk.group("กลุ่มสำนักปลัด", "clerk", "สมชาย", "เวร")
    desk.file("staff")
    desk.now = datetime(2027, 2, 2, 1, 30, tzinfo=UTC)

    desk.morning()
    desk.send()

    assert desk.heard("เวร") == desk.heard("กลุ่มสำนักปลัด") == []
    assert len(desk.heard("ปลัด")) == 1


def test_a_group_hears_category_place_and_number_only(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.group("กลุ่มสำนักปลัด", "clerk", "สมชาย", "ก", "ข")
    desk.file("danger", words="ไฟรั่วหน้าบ้านป้า", place="ตลาดสด")

    desk.send()

    [said] = desk.heard("กลุ่มสำนักปลัด")
    assert "ตลาดสด" in said
    assert "ป้า" not in said
    assert "แชตส่วนตัว" in said
    assert desk.line.billable == 3 + 1  # the group's members, and the officer


def test_a_ticket_closed_or_gone_meanwhile_rings_nobody(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    cancelled, sealed = desk.file("danger"), desk.file("danger")
    desk.act(cancelled, "cancel")
    with db.write(desk.engine) as conn:
        conn.execute(complaints.delete().where(complaints.c.id == sealed.id))

    assert desk.send() == 2

    assert desk.heard("สมชาย") == []
    assert desk.line.billable == 0


def test_an_officer_removed_meanwhile_hears_nothing(desk: Desk) -> None:
    somchai = desk.officer("สมชาย", "clerk")
    desk.file("danger")
    with db.write(desk.engine) as conn:
        officers.remove(conn, "main", somchai, desk.now.date())

    desk.send()

    assert desk.line.billable == 0


# ---- to the complainant ----


def test_a_question_and_then_the_outcome_reach_the_complainant_in_order(desk: Desk) -> None:
    ticket = desk.file(by="มานี")
    desk.act(ticket, "ask", "อยู่ตรงเสาไฟต้นไหน")
    desk.send()
    desk.act(ticket, "answer", "ต้นที่ 3")
    desk.act(ticket, "resolve", "เปลี่ยนหลอดไฟแล้ว")
    assert desk.ticket(ticket).delivery == "waiting"
    desk.send()

    question, outcome = desk.heard("มานี")
    assert "อยู่ตรงเสาไฟต้นไหน" in question
    assert "แก้ไขแล้ว" in outcome
    assert "เปลี่ยนหลอดไฟแล้ว" in outcome
    assert desk.ticket(ticket).delivery == "told"
    assert desk.deeds(ticket) == ["receive", "ask", "told", "answer", "resolve", "told"]


def test_an_outcome_says_that_there_are_photos_of_what_was_mended(desk: Desk) -> None:
    ticket = desk.file(by="มานี")
    kept = {"agency_id": "main", "complaint": ticket.id, "kind": "after", "added_on": desk.now.date()}
    with db.write(desk.engine) as conn:
        for name, status in (("a1", "ready"), ("a2", "ready"), ("a3", "refused")):
            conn.execute(complaint_files.insert().values(**kept, id=name, status=status))
    desk.act(ticket, "resolve", "เปลี่ยนหลอดไฟแล้ว")
    desk.send()

    [outcome] = desk.heard("มานี")
    assert "มีภาพหลังแก้ไข 2 ภาพ" in outcome


def test_a_question_answered_and_an_outcome_reopened_meanwhile_are_not_pushed(desk: Desk) -> None:
    asked, closed = desk.file(by="มานี"), desk.file(by="ปิติ")
    desk.act(asked, "ask")
    desk.act(asked, "answer")
    desk.act(closed, "resolve")
    desk.act(closed, "reopen")

    assert desk.send() == 2

    assert desk.line.billable == 0


def test_everybody_merged_into_a_ticket_hears_its_outcome(desk: Desk) -> None:
    main = desk.file(by="มานี")
    other, phoned = desk.file(by="ปิติ"), desk.file(tell_by="phone", phone=b"sealed")
    for ticket in (other, phoned):
        desk.act(ticket, "merge", to=main.id)
    desk.act(main, "reject", "ไม่อยู่ในเขต")
    desk.send()

    assert [len(desk.heard(name)) for name in ("มานี", "ปิติ")] == [1, 1]
    assert f"{other.ticket[:3]}-{other.ticket[3:]}" in desk.heard("ปิติ")[0]
    assert "ไม่อยู่ในเขต" in desk.heard("ปิติ")[0]
    assert [desk.ticket(t).delivery for t in (main, other, phoned)] == ["told", "told", "call"]


def test_who_has_blocked_the_account_is_to_be_called(desk: Desk) -> None:
    known, unknown = desk.file(by="มานี", phone=b"sealed"), desk.file(by="ปิติ")
    desk.line.channel.blocked.add(desk.friend("มานี"))  # the event was lost: LINE's profile says so
    desk.line.channel.blocked.add(desk.friend("ปิติ"))
    for ticket in (known, unknown):
        desk.act(ticket, "resolve")
    desk.send()

    assert [desk.ticket(t).delivery for t in (known, unknown)] == ["call", "call"]
    assert desk.deeds(known)[-1] == "unreached"
    assert desk.line.billable == 0


def test_erasing_takes_what_is_still_to_be_told_with_it(desk: Desk) -> None:
    ticket = desk.file(by="มานี")
    desk.act(ticket, "resolve")

    with db.write(desk.engine) as conn:
        row = tickets.get(conn, "main", ticket.id, lock=True)
        assert row is not None
        gone = {"respondent": None, "contact": None, "tell_by": "none", "delivery": "none"}
        tickets.change(conn, desk.agency, row, Deed("erase", "complainant"), gone, desk.now)

    assert desk.queue() == []
    assert desk.send() == 0


# ---- mornings ----


def test_a_morning_lists_what_is_new_near_over_answered(desk: Desk) -> None:
    napha = desk.officer("นภา", "works")
    desk.now = datetime(2027, 1, 11, 3, 0, tzinfo=UTC)
    over = desk.file("road")
    desk.now = datetime(2027, 1, 15, 3, 0, tzinfo=UTC)
    near = desk.file("light")
    desk.act(near, "accept", officer=napha)
    desk.now = datetime(2027, 1, 27, 10, 0, tzinfo=UTC)
    new, asked, answered = desk.file("water"), desk.file("drain", by="มานี"), desk.file("trees", by="ปิติ")
    for ticket in (asked, answered):
        desk.act(ticket, "accept", officer=napha)
        desk.act(ticket, "ask", officer=napha)
    desk.act(answered, "answer")
    desk.send()
    desk.now = datetime(2027, 1, 28, 1, 30, tzinfo=UTC)

    assert desk.morning() == 1
    assert desk.morning() == 0  # the same morning
    desk.send()

    [said] = desk.heard("นภา")
    listed = [line for line in said.splitlines() if line.startswith("•")]
    assert [line[:10] for line in listed] == ["• เกินกำหน", "• ใกล้ครบก", "• ยังไม่มี", "• ผู้ร้องต", "• รอคำตอบจ"]
    for ticket, line in zip((over, near, new, answered, asked), listed, strict=True):
        assert f"{ticket.ticket[:3]}-{ticket.ticket[3:]}" in line
    assert "28 มกราคม 2570" in said


def test_nothing_to_say_is_nothing_sent(desk: Desk) -> None:
    napha = desk.officer("นภา", "works")
    desk.act(desk.file("road"), "accept", officer=napha)

    assert desk.morning() == 0


def test_a_morning_that_waited_for_a_day_is_dropped_for_the_next_one(desk: Desk) -> None:
    desk.officer("นภา", "works")
    desk.file("road")
    desk.morning()

    assert desk.send(hours=24) == 1
    assert desk.line.billable == 0


def test_a_linked_group_hears_the_morning_in_its_officers_place(desk: Desk) -> None:
    napha = desk.officer("นภา", "works")
    desk.group("กองช่าง", "works", "นภา", "ช่างเอก")
    desk.file("road")
    desk.act(desk.file("light", by="มานี"), "accept", officer=napha)
    desk.act(desk.file("water", by="มานี"), "accept", officer=napha)
    desk.now = datetime(2027, 2, 15, 1, 30, tzinfo=UTC)  # what was accepted is near its limit by now

    desk.morning()
    desk.send()

    assert "ใกล้ครบกำหนด 1 เรื่อง" in desk.heard("กองช่าง")[0]
    assert "ใกล้ครบกำหนด 2 เรื่อง" in desk.heard("นภา")[0]


# ---- trouble ----


def test_a_group_that_threw_us_out_is_unlinked(desk: Desk) -> None:
    desk.group("กองช่าง", "works", "นภา", "ช่างเอก")
    desk.file("road")
    desk.morning()
    desk.line.world.groups[next(iter(desk.line.world.groups))].bots.clear()

    desk.send()

    with db.read(desk.engine) as conn:
        assert groups.linked(conn, "main") == []
    assert desk.queue()[-1] == ("digest", "done", "left the group")


def test_what_is_due_later_holds_up_nobody(desk: Desk) -> None:
    somchai = desk.officer("สมชาย", "clerk")
    with db.write(desk.engine) as conn:
        payload = {"officer": somchai, "messages": [{"type": "text", "text": "มีเรื่องใหม่"}]}
        later = datetime(2027, 2, 1, 4, 0, tzinfo=UTC)
        outbox.put(conn, "main", "push", somchai, "sealed", payload, later)
    desk.file("danger")

    desk.send()
    assert len(desk.heard("สมชาย")) == 1
    desk.send(hours=1)
    assert desk.heard("สมชาย")[-1] == "มีเรื่องใหม่"


def test_after_a_day_nothing_is_tried_again(desk: Desk) -> None:
    """LINE forgets a retry key after a day: what it may have taken could come twice."""
    desk.officer("สมชาย", "clerk")
    ticket, closed = desk.file("danger"), desk.file(by="มานี")
    desk.act(closed, "resolve")
    desk.line.faults.fail(500, "push", times=2, after=True)
    desk.send()

    desk.send(hours=25)

    assert [(kind, status) for kind, status, _ in desk.queue()] == [("alert", "gave_up"), ("tell", "gave_up")]
    assert [len(desk.heard(name)) for name in ("สมชาย", "มานี")] == [1, 1]
    assert desk.ticket(closed).delivery == "call"
    desk.now = datetime(2027, 2, 3, 1, 30, tzinfo=UTC)
    desk.morning()
    desk.send()
    assert f"{ticket.ticket[:3]}-{ticket.ticket[3:]}" in desk.heard("สมชาย")[-1]


def test_a_token_that_was_revoked_loses_nothing(desk: Desk) -> None:
    desk.officer("สมชาย", "clerk")
    desk.file("danger")
    desk.line.faults.fail(401, "push")

    desk.send()
    assert desk.heard("สมชาย") == []
    desk.send(minutes=5)

    assert len(desk.heard("สมชาย")) == 1
