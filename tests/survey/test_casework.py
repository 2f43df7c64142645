"""Officers at work on tickets, on both databases: at once, removed in the middle, forwarded away meanwhile, merged."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, Row, select, update

from survey import case_lists, case_rights, complaint, db, leaving, permits, tickets
from survey.case_rights import Officer
from survey.complaint import Deed
from survey.events import Do, Link, Prompt
from survey.privacy import Keys
from survey.settings import Agency
from survey.tables import complaint_files, complaint_updates, complaints, drafts
from survey.tables import officers as officers_table
from survey.tickets import Filing
from tests.survey.transcript import Chat, rendered

NOBODYS = "ไม่พบเรื่องนี้ หรือไม่ได้อยู่ในความรับผิดชอบของท่าน กรุณาตรวจเลขเรื่องอีกครั้ง"


@dataclass
class Office:
    """A chat with officers in it and tickets to work on."""

    chat: Chat

    def hire(self, name: str, role: str = "officer", *departments: str) -> str:
        """Somebody joins as people do; their id."""
        self.chat.happens(f"invite {role} {name} {' '.join(departments)}".strip())
        self.chat.do(f"{{{name}}}", name)
        return self.id(name)

    def id(self, name: str) -> str:
        with db.read(self.chat.engine) as conn:
            return str(conn.scalar(select(officers_table.c.id).where(officers_table.c.name == name)))

    def file(self, category: str = "road", **more: Any) -> Row[Any]:
        values = {"respondent": "a resident", "contact": b"sealed", "tell_by": "line", **more}
        with db.write(self.chat.engine) as conn:
            return tickets.file(conn, self.chat.agency, Filing("ถนนเป็นหลุม", category, **values), self.chat.now)

    def act(self, ticket: Row[Any], action: str, **more: Any) -> Row[Any]:
        with db.write(self.chat.engine) as conn:
            return tickets.act(conn, self.chat.agency, ticket.id, Deed(action, "officer", **more), self.chat.now)

    def now(self, ticket: Row[Any]) -> Row[Any]:
        with db.read(self.chat.engine) as conn:
            found = tickets.get(conn, self.chat.agency.id, ticket.id)
            assert found is not None
            return found

    def did(self, ticket: Row[Any]) -> list[tuple[str, str | None]]:
        with db.read(self.chat.engine) as conn:
            return [(h.action, h.officer) for h in tickets.history(conn, self.chat.agency.id, ticket.id)]

    def press(self, name: str, command: str, argument: str = "") -> tuple[Prompt, ...]:
        return self.chat.send(Do(command, argument), name)

    def types(self, name: str, *lines: str) -> tuple[Prompt, ...]:
        return [self.chat.do(line, name) for line in lines][-1]

    def told(self, said: tuple[Prompt, ...]) -> str:
        return "\n".join(line for prompt in said for line in rendered(prompt))


@pytest.fixture
def office(engine: Engine, agency: Agency, keys: Keys) -> Office:
    return Office(Chat(engine, agency, keys))


@pytest.fixture
def desk(sqlite_engine: Engine, agency: Agency, keys: Keys) -> Office:
    """Where the kind of database makes no difference."""
    return Office(Chat(sqlite_engine, agency, keys))


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Everybody presses at the same moment; what each was told."""
    together, found = threading.Barrier(len(works)), [None] * len(works)

    def press(place: int) -> None:
        together.wait()
        found[place] = works[place]()

    people = [threading.Thread(target=press, args=(n,)) for n in range(len(works))]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return found


# ---- two at once ----


def test_two_press_accept_at_once_one_has_it_and_the_other_hears_who_and_when(office: Office) -> None:
    names = ["anan", "boon"]
    ids = [office.hire(name) for name in names]
    ticket = office.file()

    said = at_once(*(lambda name=name: office.press(name, "accept", ticket.id) for name in names))

    heard = [prompts[0].text for prompts in said]
    winner = ids.index(office.now(ticket).officer)
    assert heard[winner] == f"ท่านรับเรื่อง {complaint.shown(ticket.ticket)} แล้ว"
    assert heard[1 - winner].startswith(f"เรื่อง {complaint.shown(ticket.ticket)} {names[winner]} รับไปแล้วเมื่อ 10:0")
    assert office.did(ticket) == [("receive", None), ("accept", ids[winner])]


def test_whoever_presses_accept_twice_is_told_that_they_have_it(office: Office) -> None:
    office.hire("anan")
    ticket = office.file()
    office.press("anan", "accept", ticket.id)

    [card] = office.press("anan", "accept", ticket.id)

    assert "ท่านรับไว้แล้วเมื่อ 10:00" in card.text
    assert len(office.did(ticket)) == 2


def test_two_merge_two_tickets_into_each_other_at_once_and_one_stays_open(office: Office) -> None:
    office.hire("anan")
    office.hire("boon")
    first, second = office.file(), office.file()

    at_once(
        lambda: office.press("anan", "merge", f"{first.id}:{second.id}:yes"),
        lambda: office.press("boon", "merge", f"{second.id}:{first.id}:yes"),
    )

    statuses = sorted((office.now(first).status, office.now(second).status))
    assert statuses == ["merged", "received"]


def test_an_officer_is_removed_while_accepting_and_no_case_is_left_with_them(office: Office) -> None:
    gone = office.hire("anan")
    ticket = office.file()

    def remove() -> None:
        with db.write(office.chat.engine) as conn:
            leaving.leave(conn, office.chat.agency, gone, office.chat.now)

    at_once(lambda: office.press("anan", "accept", ticket.id), remove)

    assert (office.now(ticket).status, office.now(ticket).officer) == ("received", None)
    assert office.did(ticket) in (
        [("receive", None)],
        [("receive", None), ("accept", gone), ("release", None)],
    )


# ---- in the middle of something ----


@pytest.mark.parametrize("task", ["note", "ask", "resolve", "reject", "merge_with"])
def test_an_officer_removed_in_the_middle_is_told_and_nothing_is_done(office: Office, task: str) -> None:
    office.hire("anan")
    ticket = office.file()
    office.press("anan", "accept", ticket.id)
    office.press("anan", task, ticket.id)
    office.chat.happens("remove anan")
    before = office.did(ticket)

    said = office.types("anan", "ทำแล้วค่ะ")

    assert office.told(said).startswith("ท่านไม่มีสิทธิ์ทำรายการนี้แล้ว")
    assert office.did(ticket) == before
    assert office.chat.stored("anan")[0] == "taking part: 0"


def test_an_officer_moved_in_the_middle_is_refused_at_the_end_and_nothing_is_done(office: Office) -> None:
    office.hire("anan", "officer", "works")
    ticket = office.file()
    office.press("anan", "note", ticket.id)
    with db.write(office.chat.engine) as conn:
        conn.execute(update(officers_table).values(departments=["finance"]))

    assert NOBODYS in office.told(office.types("anan", "ดูแล้ว"))
    assert office.did(ticket) == [("receive", None)]


def test_a_ticket_forwarded_away_in_the_middle_is_out_of_reach(office: Office) -> None:
    office.hire("anan", "officer", "works")
    ticket = office.file()
    office.press("anan", "reject", ticket.id)
    office.types("anan", "ไม่ใช่เขตเรา")
    office.act(ticket, "forward", to="clerk")

    assert NOBODYS in office.told(office.types("anan", "[ปิดเรื่องและแจ้งผล]"))
    assert office.now(ticket).status == "received"


def test_a_ticket_closed_in_the_middle_is_shown_as_it_is_with_one_sentence(office: Office) -> None:
    office.hire("anan")
    ticket = office.file()
    office.press("anan", "resolve", ticket.id)
    office.types("anan", "ซ่อมแล้ว", "ข้าม")
    office.act(ticket, "cancel")

    [card] = office.types("anan", "[ปิดเรื่องและแจ้งผล]")

    assert card.text == (
        f'เรื่อง {complaint.shown(ticket.ticket)} ตอนนี้อยู่ในสถานะ "ผู้แจ้งยกเลิก" จึงทำรายการนี้ไม่ได้ ดูเรื่องล่าสุดด้านล่าง'
    )
    assert office.now(ticket).status == "cancelled"


def test_what_was_being_typed_waits_while_another_case_is_looked_up(desk: Office) -> None:
    desk.hire("anan")
    first, second = desk.file(), desk.file("light")
    desk.press("anan", "note", first.id)

    [card] = desk.types("anan", f"เรื่อง {second.ticket}")
    desk.types("anan", "ข้อความนี้ไม่ใช่คำตอบ")
    assert desk.did(first) == [("receive", None)]
    assert card.quick[0].label == "ทำต่อ"

    desk.types("anan", "[ทำต่อ]", "ดูแล้ว")
    assert [action for action, _ in desk.did(first)] == ["receive", "note"]
    assert desk.did(second) == [("receive", None)]


def test_a_task_after_the_quiet_hours_of_a_chat_with_the_office_hears_its_answer(desk: Office) -> None:
    desk.hire("anan")
    ticket = desk.file()
    desk.types("anan", "ติดต่อเจ้าหน้าที่")
    desk.press("anan", "note", ticket.id)

    desk.types("anan", "ดูแล้ว")

    assert [action for action, _ in desk.did(ticket)] == ["receive", "note"]


# ---- leaving ----


def test_what_an_officer_had_taken_on_waits_for_somebody_else_when_they_leave(office: Office) -> None:
    gone, stays = office.hire("anan"), office.hire("boon")
    open_one, closed, others = office.file(), office.file(), office.file()
    for ticket, name in ((open_one, "anan"), (closed, "anan"), (others, "boon")):
        office.press(name, "accept", ticket.id)
    office.act(closed, "resolve", officer=gone, words="ซ่อมแล้ว")

    office.chat.happens("remove anan")

    assert (office.now(open_one).status, office.now(open_one).officer) == ("received", None)
    assert office.did(open_one)[-1] == ("release", None)
    assert (office.now(closed).status, office.now(closed).officer) == ("resolved", gone)
    assert (office.now(others).status, office.now(others).officer) == ("in_progress", stays)
    [listed] = office.press("boon", "new")
    assert [card.ticket for card in listed.cards] == [complaint.shown(open_one.ticket)]


# ---- what may be seen ----

GIVEN: tuple[tuple[str, ...], ...] = ((), ("works",), ("clerk", "works"))
ROLES = [(role, given) for role in sorted(permits.RIGHTS["statistics"]) for given in GIVEN]


@pytest.mark.parametrize(("role", "given"), ROLES)
def test_lists_hold_what_may_be_seen_and_nothing_else(desk: Office, role: str, given: tuple[str, ...]) -> None:
    everything = [desk.file(category) for category in ("road", "staff", "tax", "other")]
    everything += [desk.act(desk.file(category), "forward", to="finance") for category in ("road", "light")]
    officer, agency = Officer("o1", role, given), desk.chat.agency

    with db.read(desk.chat.engine) as conn:
        listed = conn.scalars(select(complaints.c.id).where(case_rights.visible(officer, agency.office.rules))).all()
        if permits.may(role, "cases"):
            page = case_lists.page(conn, agency, officer, "new", 1, desk.chat.now.date())
            assert {row.id for row in page.rows} == set(listed)
            assert page.total == len(listed)

    seen = {ticket.id for ticket in everything if officer.may_see(agency, desk.now(ticket))}
    assert set(listed) == seen or not permits.may(role, "cases")


def test_no_such_ticket_anothers_ticket_and_a_restricted_one_have_the_same_answer(office: Office) -> None:
    office.hire("anan", "officer", "works")
    other_department, restricted = office.file("tax"), office.file("staff")
    elsewhere = Agency("other", "อบต.อื่น", office=office.chat.agency.office)
    with db.write(office.chat.engine) as conn:
        foreign = tickets.file(conn, elsewhere, Filing("ถนนเป็นหลุม", "road"), office.chat.now)
    ids = [other_department.id, restricted.id, foreign.id, foreign.ticket, restricted.ticket, "x" * 22, "", "0000000"]
    orders = ("case", "accept", "called", "forward", "sort", "merge", "note", "ask", "resolve", "reject", "merge_with")

    answers = {office.told(office.press("anan", order, wanted)) for order in orders for wanted in ids}

    assert answers == {NOBODYS + "\n[เรื่องใหม่ | งานของฉัน | ใกล้/เกินกำหนด | โทรแจ้งผู้ร้อง]"}
    with db.read(office.chat.engine) as conn:
        assert len(conn.execute(select(complaint_updates.c.id)).all()) == 3  # each was received, and that is all


def test_a_ticket_cannot_be_merged_into_one_that_may_not_be_seen(desk: Office) -> None:
    desk.hire("anan", "officer", "works")
    own, hidden = desk.file("road"), desk.file("staff")

    assert NOBODYS in desk.told(desk.press("anan", "merge", f"{own.id}:{hidden.id}"))
    assert NOBODYS in desk.told(desk.press("anan", "merge", f"{own.id}:{hidden.id}:yes"))
    assert desk.now(own).status == "received"


# ---- where it belongs ----


def test_a_restricted_ticket_is_not_forwarded_and_moves_only_by_being_sorted(desk: Office) -> None:
    desk.hire("boss", "admin")
    ticket = desk.file("staff")

    [stays] = desk.press("boss", "forward", f"{ticket.id}:works")
    assert "ส่งต่อกองอื่นไม่ได้" in stays.text
    assert desk.now(ticket).department == "clerk"

    [asked] = desk.press("boss", "sort", f"{ticket.id}:road")
    assert [b.label for b in asked.buttons] == ["ส่งให้ กองช่าง", "เปลี่ยนหมวดอย่างเดียว"]
    assert desk.now(ticket).category == "staff"
    desk.types("boss", "[ส่งให้ กองช่าง]")
    assert (desk.now(ticket).category, desk.now(ticket).department) == ("road", "works")


def test_a_restricted_ticket_sorted_within_its_department_is_asked_about_first(desk: Office) -> None:
    desk.hire("boss", "admin")
    ticket = desk.file("staff")

    [asked] = desk.press("boss", "sort", f"{ticket.id}:other")

    assert "เจ้าหน้าที่อื่นจะเห็นเรื่องนี้ด้วย" in asked.text
    assert desk.now(ticket).category == "staff"
    desk.types("boss", "[เปลี่ยนหมวดอย่างเดียว]")
    assert (desk.now(ticket).category, desk.now(ticket).department) == ("other", "clerk")


def test_a_ticket_sorted_as_restricted_leaves_its_department_at_once(desk: Office) -> None:
    desk.hire("anan", "officer", "works")
    ticket = desk.file("road")

    said = desk.press("anan", "sort", f"{ticket.id}:staff")

    assert (desk.now(ticket).category, desk.now(ticket).department) == ("staff", "clerk")
    assert [prompt.cards for prompt in said] == [()]  # what has left one's sight is only named
    assert NOBODYS in desk.told(desk.press("anan", "case", ticket.id))


def test_sorting_within_the_department_is_done_at_once_and_changes_the_days_allowed(desk: Office) -> None:
    desk.hire("anan", "officer", "works", "clerk")
    ticket = desk.file("other")

    [card] = desk.press("anan", "sort", f"{ticket.id}:danger")

    assert (desk.now(ticket).urgent, desk.now(ticket).due_on) == (True, date(2026, 11, 24))
    assert card.cards[0].due == "เหลือ 3 วัน"


def test_forwarding_asks_for_the_department_and_the_other_side_finds_it_among_the_new(desk: Office) -> None:
    desk.hire("anan", "officer", "works")
    desk.hire("kung", "officer", "finance")
    ticket = desk.file("road")
    desk.press("anan", "accept", ticket.id)

    [asked] = desk.press("anan", "forward", ticket.id)
    assert [b.label for b in asked.buttons] == ["สำนักปลัด", "กองคลัง", "หมวดไม่ถูกต้อง เปลี่ยนหมวด"]
    said = desk.types("anan", "[กองคลัง]")

    assert said[0].text == f"ส่งเรื่อง {complaint.shown(ticket.ticket)} (ถนน ทางเท้า สะพาน) ให้ กองคลัง แล้ว"
    [listed] = desk.press("kung", "new")
    assert [card.ticket for card in listed.cards] == [complaint.shown(ticket.ticket)]
    assert desk.now(ticket).officer is None


@pytest.mark.parametrize("department", ["works", "nowhere", ""])
def test_a_forged_department_is_asked_for_again(desk: Office, department: str) -> None:
    desk.hire("anan")
    ticket = desk.file("road")

    [asked] = desk.press("anan", "forward", f"{ticket.id}:{department}")

    assert asked.text.endswith("ให้หน่วยงานใด")
    assert desk.did(ticket) == [("receive", None)]


@pytest.mark.parametrize("order", ["forward", "sort", "merge", "accept", "resolve", "ask", "reject"])
def test_a_button_of_a_card_from_before_the_ticket_was_closed_says_so(desk: Office, order: str) -> None:
    desk.hire("anan")
    ticket = desk.file("road")
    desk.act(ticket, "reject", words="ไม่ใช่เขตเรา")

    [card] = desk.press("anan", order, ticket.id)

    assert 'ตอนนี้อยู่ในสถานะ "ไม่รับดำเนินการ"' in card.text
    assert len(desk.did(ticket)) == 2


# ---- merging ----


def test_whoever_followed_a_merged_ticket_follows_the_next_one(office: Office) -> None:
    office.hire("anan")
    first, second, third = (office.file(respondent=f"resident {n}") for n in range(3))

    office.press("anan", "merge", f"{first.id}:{second.id}:yes")
    [card] = office.press("anan", "merge", f"{second.id}:{third.id}:yes")

    with db.read(office.chat.engine) as conn:
        followers = {row.respondent for row in tickets.followers(conn, office.chat.agency.id, third.id)}
    assert followers == {"resident 0", "resident 1", "resident 2"}
    assert any("มีอีก 2 เรื่องรวมอยู่ด้วย" in line for line in card.cards[0].lines)
    assert [action for action, _ in office.did(first)] == ["receive", "merge", "merge"]


def test_the_other_ticket_is_picked_from_those_alike_or_typed_and_both_are_shown_first(desk: Office) -> None:
    desk.hire("anan")
    other_kind, same, ticket = desk.file("light"), desk.file("road", place="หน้าวัด"), desk.file("road")

    [which] = desk.press("anan", "merge", ticket.id)
    assert [b.label for b in which.buttons] == [f"{complaint.shown(same.ticket)} หน้าวัด", "พิมพ์เลขเรื่องเอง"]
    [both] = desk.types("anan", f"[{which.buttons[0].label}]")
    assert [card.ticket for card in both.cards] == [complaint.shown(one.ticket) for one in (ticket, same)]
    assert desk.now(ticket).status == "received"

    [typed] = desk.types("anan", "[พิมพ์เลขเรื่องเอง]", complaint.shown(other_kind.ticket))
    assert [card.ticket for card in typed.cards] == [complaint.shown(one.ticket) for one in (ticket, other_kind)]
    desk.types("anan", "[รวมสองเรื่องนี้]")
    assert desk.now(ticket).merged_into == other_kind.id


@pytest.mark.parametrize("typed", ["1234567", "หน้าวัด", "0000000"])
def test_a_number_of_no_ticket_can_be_typed_again(desk: Office, typed: str) -> None:
    desk.hire("anan")
    ticket = desk.file("road")
    desk.press("anan", "merge_with", ticket.id)

    [said] = desk.types("anan", typed)

    assert NOBODYS in said.text
    assert said.buttons[-1].action == Do("merge_with", ticket.id)


def test_a_ticket_is_not_merged_into_itself_or_a_closed_one(desk: Office) -> None:
    desk.hire("anan")
    ticket, closed = desk.file("road"), desk.file("road")
    desk.act(closed, "reject", words="ซ้ำ")

    for other in (ticket, closed):
        [said] = desk.press("anan", "merge", f"{ticket.id}:{other.id}")
        assert "ต้องเป็นอีกเรื่องหนึ่งที่ยังดำเนินการอยู่" in said.text
        [said] = desk.press("anan", "merge", f"{ticket.id}:{other.id}:yes")
        assert "ต้องเป็นอีกเรื่องหนึ่งที่ยังดำเนินการอยู่" in said.text
    assert desk.now(ticket).status == "received"


# ---- to the complainant ----


def test_a_question_is_kept_for_the_complainant_and_says_how_it_reaches_them(desk: Office) -> None:
    desk.hire("anan")
    reached, quiet = desk.file(), desk.file(contact=None, tell_by="none")

    for ticket, words in ((reached, "ไม่เห็นชื่อท่าน"), (quiet, "จะเห็นเมื่อเปิด")):
        desk.press("anan", "ask", ticket.id)
        said = desk.types("anan", "ฝั่งไหนคะ", "[ส่งคำถาม]")
        assert words in said[0].text
        assert desk.now(ticket).question == "ฝั่งไหนคะ"


def test_who_did_not_write_in_line_is_asked_by_phone(desk: Office) -> None:
    desk.hire("anan")
    phone = desk.chat.keys.seal_contact("0812345678 คุณสมศรี")
    called = desk.file(respondent=None, contact=None, phone=phone, tell_by="phone", channel="phone")
    nobody = desk.file(respondent=None, contact=None, tell_by="none", channel="letter")

    [said] = desk.press("anan", "ask", called.id)
    assert "0812345678 คุณสมศรี" in said.text
    assert said.buttons[0].action == Link("tel:0812345678")
    [said] = desk.press("anan", "ask", nobody.id)
    assert said.text.startswith("เรื่องนี้ไม่มีช่องทางถามผู้ร้อง")


def test_photos_sent_with_the_outcome_show_the_finished_work(desk: Office) -> None:
    desk.hire("anan")
    ticket = desk.file()
    desk.press("anan", "resolve", ticket.id)
    desk.types("anan", "ถมหลุมแล้ว")
    with db.write(desk.chat.engine) as conn:
        draft = conn.scalar(select(officers_table.c.respondent))
        photo = {"agency_id": "main", "id": "p1", "kind": "photo", "status": "ready", "added_on": date(2026, 11, 21)}
        conn.execute(complaint_files.insert().values(**photo, draft=_draft(desk, str(draft))))

    [card] = desk.types("anan", "ข้าม", "[ปิดเรื่องและแจ้งผล]")

    assert [(one.kind, one.name) for one in card.cards[0].media] == [("after", "p1")]


def _draft(desk: Office, respondent: str) -> str:
    with db.read(desk.chat.engine) as conn:
        return str(conn.scalar(select(drafts.c.id).where(drafts.c.respondent == respondent)))


@pytest.mark.parametrize("tell_by", complaint.TELL_BY)
def test_closing_says_how_the_complainant_will_hear(desk: Office, tell_by: str) -> None:
    desk.hire("anan")
    ticket = desk.file(tell_by=tell_by)
    desk.press("anan", "reject", ticket.id)

    [card] = desk.types("anan", "เป็นทางหลวง โปรดแจ้ง 1586", "[ปิดเรื่องและแจ้งผล]")

    words = {"line": "แจ้งผลให้ผู้ร้องทาง LINE", "phone": "โทรแจ้งผู้ร้อง", "none": "ไม่ได้ขอให้แจ้งผล"}
    assert words[tell_by] in card.text
    assert desk.now(ticket).status == "rejected"


# ---- calls ----


def test_a_call_is_made_and_ticked_off_once(desk: Office) -> None:
    anan = desk.hire("anan")
    desk.hire("boon")
    phone = desk.chat.keys.seal_contact("0812345678")
    ticket = desk.act(desk.file(tell_by="phone", phone=phone), "resolve", officer=anan, words="ซ่อมแล้ว")

    [listed] = desk.types("anan", "โทรแจ้งผู้ร้อง")
    assert listed.kind == "calls"
    assert (listed.cards[0].place, listed.cards[0].words) == ("0812345678", "ซ่อมแล้ว")

    desk.types("anan", "[โทรแล้ว]")
    again = desk.press("boon", "called", ticket.id)

    assert desk.now(ticket).delivery == "called"
    assert desk.did(ticket)[-1] == ("called", anan)
    assert "มีผู้โทรแจ้งแล้ว" in again[0].text
    assert desk.told(desk.types("anan", "โทรแจ้งผู้ร้อง")).startswith("ไม่มีผู้ร้องที่ต้องโทรแจ้งค่ะ")


def test_a_number_that_no_key_opens_any_more_is_told_as_none(desk: Office) -> None:
    desk.hire("anan")
    other = Keys("quite another secret key, long enough too")
    ticket = desk.file(tell_by="phone", phone=other.seal_contact("0812345678"))
    desk.act(ticket, "resolve", words="ซ่อมแล้ว")

    [listed] = desk.types("anan", "โทรแจ้งผู้ร้อง")

    assert listed.cards[0].place == "ไม่มีเบอร์โทร และส่ง LINE ไม่ถึง"


def test_a_merged_tickets_complainant_is_told_the_outcome_of_the_one_it_went_into(desk: Office) -> None:
    desk.hire("anan")
    merged, target = desk.file(tell_by="phone"), desk.file()
    desk.act(merged, "merge", to=target.id)
    desk.act(target, "resolve", words="ซ่อมทั้งถนนแล้ว")
    with db.write(desk.chat.engine) as conn:
        conn.execute(update(complaints).where(complaints.c.id == merged.id).values(delivery="call"))

    [listed] = desk.types("anan", "โทรแจ้งผู้ร้อง")

    assert [card.words for card in listed.cards] == ["ซ่อมทั้งถนนแล้ว"]


# ---- lists ----


@pytest.mark.parametrize("page", ["", "1", "0", "-1", "x", "๒", "99999", "²"])
def test_an_odd_page_is_the_first(desk: Office, page: str) -> None:
    desk.hire("anan")
    desk.file()

    assert len(desk.press("anan", "new", page)[0].cards) == 1


def test_lists_go_on_page_by_page_the_most_pressing_first(desk: Office) -> None:
    desk.hire("anan")
    filed = [desk.file() for _ in range(case_lists.PAGE + 2)]
    urgent = desk.file("danger")

    [first] = desk.types("anan", "เรื่องใหม่")
    [second] = desk.types("anan", "[ดูต่อ]")

    shown = [card.ticket for page in (first, second) for card in page.cards]
    assert shown[0] == complaint.shown(urgent.ticket)
    assert sorted(shown) == sorted(complaint.shown(ticket.ticket) for ticket in [*filed, urgent])
    assert (len(first.cards), second.buttons) == (case_lists.PAGE, ())


def test_mine_is_what_i_have_taken_on_and_late_is_what_is_near_or_over_its_limit(desk: Office) -> None:
    desk.hire("anan")
    mine, others, late = desk.file(), desk.file(), desk.file(received_on=date(2026, 11, 1))
    desk.press("anan", "accept", mine.id)
    desk.act(others, "accept", officer="somebody else")

    assert [card.ticket for card in desk.press("anan", "mine")[0].cards] == [complaint.shown(mine.ticket)]
    assert [card.ticket for card in desk.press("anan", "late")[0].cards] == [complaint.shown(late.ticket)]


# ---- filing for somebody ----

FILED = ["รับเรื่องแทน", "หนังสือ/จดหมาย", "ไฟทางดับสามดวง", "[ไฟฟ้าสาธารณะ]", "ซอย 5", "ข้าม"]


def test_what_came_by_letter_last_week_is_in_the_same_register(office: Office) -> None:
    anan = office.hire("anan")
    answers = [*FILED, "[ก่อนหน้านั้น]", "[ส. 14 พ.ย.]", "[ให้โทรแจ้ง]", "081-234-5678", "คุณสมศรี", "[ลงทะเบียน]"]

    [card] = office.types("anan", *answers)

    with db.read(office.chat.engine) as conn:
        [row] = conn.execute(select(complaints)).all()
    assert (row.channel, row.filed_by, row.respondent, row.contact) == ("letter", anan, None, None)
    assert (row.category, row.department, row.place, row.tell_by) == ("light", "works", "ซอย 5", "phone")
    assert (row.received_on, row.due_on) == (date(2026, 11, 14), date(2026, 11, 29))
    assert office.chat.keys.open_contact(row.phone) == "0812345678 คุณสมศรี"
    assert "0812345678" not in office.told((card,))
    assert f"เลขที่ {complaint.shown(row.ticket)}" in card.text
    assert office.did(row) == [("receive", anan)]


def test_an_officer_of_another_department_files_it_and_gets_only_the_number(desk: Office) -> None:
    desk.hire("kung", "officer", "finance")

    [said] = desk.types("kung", *FILED, "[วันนี้]", "[ไม่ต้องแจ้ง]", "[ลงทะเบียน]")

    assert said.text.startswith("ลงทะเบียนแล้ว เลขที่ ")
    assert said.cards == ()


def test_a_viewer_and_a_resident_file_for_nobody(desk: Office) -> None:
    desk.hire("chief", "viewer")

    for person in ("chief", "a resident"):
        assert desk.told(desk.press(person, "file_for")) == "เมนูนี้สำหรับเจ้าหน้าที่ที่ดูแลเรื่องร้องเรียนค่ะ"


def test_a_role_changed_while_filing_is_refused_at_the_end(desk: Office) -> None:
    desk.hire("anan")
    desk.types("anan", *FILED, "[วันนี้]", "[ไม่ต้องแจ้ง]")
    with db.write(desk.chat.engine) as conn:
        conn.execute(update(officers_table).values(role="viewer"))

    assert desk.told(desk.types("anan", "[ลงทะเบียน]")) == "เมนูนี้สำหรับเจ้าหน้าที่ที่ดูแลเรื่องร้องเรียนค่ะ"
    with db.read(desk.chat.engine) as conn:
        assert conn.execute(select(complaints)).all() == []
