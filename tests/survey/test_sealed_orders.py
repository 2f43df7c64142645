"""The sealed track in the chat: a link for those who may read; a case taken out of the ordinary register."""

import base64
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, Row, func, select, update

from survey import complaint, complaint_rows, db, scrubbing, sealed, sealed_alert, sealed_desk, thai, tickets
from survey.complaint import Deed
from survey.events import Do, Link, Prompt
from survey.privacy import Keys
from survey.sealed_desk import NoAccessError
from survey.sealed_keys import Sealer
from survey.settings import Agency
from survey.sheets_budget import Lane, arrive
from survey.sheets_rows import HISTORY, REGISTER
from survey.sheets_tabs import content, place_tab, set_content
from survey.tables import (
    complaint_files,
    complaint_updates,
    complaints,
    drafts,
    sealed_files,
    sealed_reports,
    sheet_rows,
)
from survey.tables import officers as officers_table
from survey.tables import outbox as outbox_table
from survey.tickets import Filing
from tests.survey.transcript import Chat, rendered

TOLD = "นายช่างเรียกเงินห้าร้อยบาท"
NO_RIGHT = "เมนูนี้สำหรับผู้รับเรื่องทุจริตที่ได้รับแต่งตั้งค่ะ"
NOBODYS = "ไม่พบเรื่องนี้ หรือไม่ได้อยู่ในความรับผิดชอบของท่าน กรุณาตรวจเลขเรื่องอีกครั้ง"
CASE_NO_RIGHT = "เมนูนี้สำหรับเจ้าหน้าที่ที่ดูแลเรื่องร้องเรียนค่ะ"
KEY = Fernet.generate_key().decode()


class Office(Chat):
    """A chat with officers in it, in an office that takes sealed reports."""

    def hire(self, name: str, role: str = "integrity", *departments: str) -> str:
        self.happens(f"invite {role} {name} {' '.join(departments)}".strip())
        self.do(f"{{{name}}}", name)
        with db.read(self.engine) as conn:
            return str(conn.scalar(select(officers_table.c.id).where(officers_table.c.name == name)))

    def case(self, words: str = TOLD, **more: Any) -> Row[Any]:
        values = {"respondent": "a resident", "contact": b"who it is", "tell_by": "line", **more}
        with db.write(self.engine) as conn:
            return tickets.file(conn, self.agency, Filing(words, values.pop("category", "road"), **values), self.now)

    def says(self, name: str, line: str) -> str:
        return told(self.do(line, name))

    def presses(self, name: str, command: str, argument: str = "") -> str:
        return told(self.send(Do(command, argument), name))

    def token(self, name: str = "kan") -> str:
        """What stands in the link that the bot replies with."""
        [said] = self.do("เรื่องลับ", name)
        [button] = said.buttons
        assert isinstance(button.action, Link)
        page, _, token = button.action.url.rpartition("/")
        assert page == "https://siang.example.go.th/sealed/main/enter"
        return token

    def enters(self, token: str) -> str | None:
        """Whose link it is; None: no way in."""
        try:
            with db.write(self.engine) as conn:
                return sealed_desk.use_link(conn, self.keys, self.agency.id, token, self.now)
        except NoAccessError:
            return None

    def reports(self) -> list[Row[Any]]:
        with db.read(self.engine) as conn:
            return list(conn.execute(select(sealed_reports)).all())

    def sees(self, officer: str) -> list[str]:
        with db.read(self.engine) as conn:
            return [one.id for one in sealed_desk.listing(conn, Sealer([KEY]), self.agency.id, officer)]

    def count(self, table: Any) -> int:
        with db.read(self.engine) as conn:
            return conn.scalar(select(func.count()).select_from(table)) or 0

    def pushes(self) -> list[dict[str, Any]]:
        with db.read(self.engine) as conn:
            rows = conn.scalars(select(outbox_table.c.payload).where(outbox_table.c.kind == "push"))
            return [dict(row) for row in rows]


def told(said: tuple[Prompt, ...]) -> str:
    return "\n".join(line for prompt in said for line in rendered(prompt))


@pytest.fixture
def sealed_keys(keys: Keys) -> Keys:
    return replace(keys, sealed_keys=(KEY,))


@pytest.fixture
def office(engine: Engine, agency: Agency, sealed_keys: Keys) -> Office:
    return Office(engine, agency, sealed_keys)


@pytest.fixture
def desk(quick_engine: Engine, agency: Agency, sealed_keys: Keys) -> Office:
    """Where the kind of database makes no difference."""
    return Office(quick_engine, agency, sealed_keys)


# ---- the way in ----


def test_the_link_opens_once_for_whom_it_was_made(office: Office) -> None:
    kan = office.hire("kan")
    token = office.token()

    assert office.enters(token) == kan
    assert office.enters(token) is None
    assert office.enters("forged") is None


def test_the_link_is_over_after_ten_minutes(office: Office) -> None:
    kan = office.hire("kan")
    late, in_time = office.token(), office.now + timedelta(minutes=10)

    office.now = in_time
    assert office.enters(late) is None

    token = office.token()
    office.now += timedelta(minutes=9, seconds=59)
    assert office.enters(token) == kan


def test_a_new_link_ends_the_one_before(desk: Office) -> None:
    desk.hire("kan")
    first, second = desk.token(), desk.token()

    assert desk.enters(first) is None
    assert desk.enters(second) is not None


def test_who_is_removed_finds_the_link_ended(office: Office) -> None:
    office.hire("kan")
    token = office.token()

    office.happens("remove kan")

    assert office.enters(token) is None
    assert office.says("kan", "เรื่องลับ") != NO_RIGHT  # a resident again: not even the menu is known


@pytest.mark.parametrize("role", ["admin", "officer", "viewer"])
def test_who_gets_another_role_finds_the_link_ended(desk: Office, role: str) -> None:
    kan = desk.hire("kan")
    token = desk.token()

    with db.write(desk.engine) as conn:
        conn.execute(update(officers_table).where(officers_table.c.id == kan).values(role=role))

    assert desk.enters(token) is None


@pytest.mark.parametrize("role", ["viewer", "officer", "admin"])
def test_nobody_but_integrity_officers_gets_a_link(desk: Office, role: str) -> None:
    desk.hire("anan", role)

    assert desk.presses("anan", "sealed_desk") == NO_RIGHT
    assert "เรื่องลับ" not in desk.says("anan", "เมนู")


def test_a_resident_gets_none_either(desk: Office) -> None:
    assert desk.presses("A", "sealed_desk") == NO_RIGHT


def test_integrity_officers_have_it_first_in_their_menu(desk: Office) -> None:
    desk.hire("kan")

    [menu] = desk.do("เมนู", "kan")

    assert menu.buttons[0].label == "เรื่องลับ"


def test_a_group_only_hears_to_open_the_private_chat(desk: Office) -> None:
    desk.hire("kan")
    desk.hire("mali")
    ticket = desk.case()
    desk.group = True

    for said in (desk.says("kan", "เรื่องลับ"), desk.presses("kan", "sealed_desk")):
        assert said == "เปิดในแชตส่วนตัว"
    assert desk.presses("kan", "reclassify", f"{ticket.id}:yes") == "เปิดในแชตส่วนตัว"
    assert desk.reports() == []


def test_without_keys_or_a_page_the_officer_is_told_whom_to_ask(desk: Office, keys: Keys) -> None:
    desk.hire("kan")
    off = "ระบบนี้ยังไม่ได้เปิดรับเรื่องแบบปกปิด กรุณาแจ้งผู้ดูแลระบบ"

    with_page = desk.world
    desk.world = replace(with_page, keys=keys)
    assert desk.says("kan", "เรื่องลับ") == off
    desk.world = replace(with_page, public_url="")
    assert desk.says("kan", "เรื่องลับ") == off


# ---- an ordinary case becomes a sealed one ----


def readers(office: Office) -> tuple[str, str]:
    return office.hire("kan"), office.hire("mali")


@pytest.mark.parametrize("role", ["officer", "admin", "integrity"])
def test_the_card_leads_to_it_for_those_who_may(desk: Office, role: str) -> None:
    readers(desk)
    desk.hire("anan", role, "works")
    ticket = desk.case()

    desk.send(Do("case", ticket.id), "anan")
    said = desk.says("anan", "[เป็นเรื่องทุจริต]")

    assert said.startswith(f"ย้ายเรื่อง {complaint.shown(ticket.ticket)} เป็นเรื่องลับหรือไม่")
    assert "ไม่ให้ kan อ่าน" in said
    assert desk.reports() == []


def test_nothing_ordinary_is_left_of_a_case_that_was_moved(office: Office) -> None:
    kan, mali = readers(office)
    office.hire("anan", "officer", "works")
    ticket = everything(office)

    office.presses("anan", "reclassify", ticket.id)
    said = office.says("anan", "[ย้าย ผู้รับเรื่องทุกคนอ่านได้]")

    assert said.startswith(f"ย้ายเรื่อง {complaint.shown(ticket.ticket)} เป็นเรื่องลับแล้ว")
    left = {table.name: office.count(table) for table in (complaints, complaint_updates, complaint_files, drafts)}
    assert left == {"complaints": 0, "complaint_updates": 0, "complaint_files": 0, "drafts": 0}
    assert office.count(sheet_rows) == 0
    assert not any("complaint" in payload for payload in office.pushes())
    with db.read(office.engine) as conn:
        waiting = conn.scalars(select(outbox_table.c.payload)).all()
        register = content(conn, lane(office.agency), REGISTER)
    assert not any(ticket.id in str(payload) for payload in waiting)
    assert TOLD not in str(register)
    assert complaint.shown(ticket.ticket) not in str(register)
    assert office.sees(kan) == office.sees(mali) == [office.reports()[0].id]
    assert office.presses("anan", "case", ticket.id).startswith(NOBODYS)


def everything(office: Office) -> Row[Any]:
    """A case with photo, history, a question that waits to be told, work in progress, and a copy in the sheet."""
    ticket = office.case(place="หน้าวัด", latitude=17.4, longitude=102.8)
    photo = {"agency_id": "main", "id": "p1", "complaint": ticket.id, "kind": "photo", "status": "ready"}
    with db.write(office.engine) as conn:
        photo |= {"content": b"a picture", "content_type": "image/jpeg", "added_on": office.now.date()}
        conn.execute(complaint_files.insert().values(**photo))
        tickets.act(conn, office.agency, ticket.id, Deed("accept", "officer"), office.now)
        tickets.act(conn, office.agency, ticket.id, Deed("ask", "officer", words="ช่างคนไหนคะ"), office.now)
    office.presses("anan", "resolve", ticket.id)
    office.says("anan", "คุยกับช่างแล้ว")
    with db.write(office.engine) as conn:
        half = conn.scalar(select(drafts.c.id).where(drafts.c.subject == ticket.id))
        unsent = {"agency_id": "main", "id": "p2", "draft": half, "kind": "after", "status": "ready"}
        conn.execute(complaint_files.insert().values(**unsent, content=b"another", added_on=office.now.date()))
        arrive(conn, lane(office.agency))
        place_tab(conn, lane(office.agency), REGISTER, 7, "เรื่องร้องเรียน", "ready")
        rows = complaint_rows.register(conn, office.agency, thai.bangkok_date(office.now))
        set_content(conn, lane(office.agency), REGISTER, rows)
        assert "นายช่างเรียกเงิน" in str(content(conn, lane(office.agency), REGISTER))
        assert conn.scalar(select(func.count()).where(sheet_rows.c.tab == HISTORY)) == 3
    assert office.count(drafts) == 1
    return ticket


def lane(agency: Agency) -> Lane:
    return Lane(agency.id, agency.spreadsheet_id, "", timedelta())


@pytest.fixture
def agency(agency: Agency) -> Agency:
    return replace(agency, spreadsheet_id="spreadsheet-of-the-tests")


def test_the_sealed_report_tells_what_the_case_told(office: Office) -> None:
    kan, _ = readers(office)
    office.hire("anan", "officer", "works")
    ticket = everything(office)

    office.presses("anan", "reclassify", f"{ticket.id}:yes")

    [report], sealer = office.reports(), Sealer([KEY])
    with db.read(office.engine) as conn:
        opened = sealed_desk.opened(conn, sealer, report)
        assert sealed.file_content(conn, sealer, report, opened.files[0].id) == b"a picture"
    assert (opened.content["what"], opened.content["case"]) == (TOLD, complaint.shown(ticket.ticket))
    assert opened.content["where"] == "หน้าวัด 17.40000, 102.80000"
    assert "ช่างคนไหนคะ" in opened.content["history"]
    assert [one.name for one in opened.files] == ["ภาพ 1.jpeg"]
    assert report.month == "2026-11"
    assert report.receipt is None
    assert {push["officer"] for push in office.pushes() if "officer" in push} >= {kan}


def test_the_complainants_hear_that_it_went_on_and_nothing_more(office: Office) -> None:
    readers(office)
    office.hire("anan", "officer")
    first, second = office.case(), office.case(respondent="another", contact=b"somebody else")
    office.case(tell_by="none", contact=None)
    office.presses("anan", "merge", f"{second.id}:{first.id}:yes")

    office.presses("anan", "reclassify", f"{first.id}:yes")

    farewells = {push["contact"]: push["messages"][0]["text"] for push in office.pushes() if "contact" in push}
    assert set(farewells) == {base64.b64encode(one).decode() for one in (b"who it is", b"somebody else")}
    for ticket in (first, second):
        assert any(complaint.shown(ticket.ticket) in words for words in farewells.values())
    assert not any("ลับ" in words or "ทุจริต" in words for words in farewells.values())
    assert office.count(complaints) == 1


def test_an_excluded_officer_never_learns_of_it(office: Office) -> None:
    kan, mali = readers(office)
    office.hire("anan", "officer")
    ticket = office.case()

    office.presses("anan", "reclassify", ticket.id)
    office.says("anan", "[ย้าย ไม่ให้ kan อ่าน]")

    [report] = office.reports()
    assert office.sees(kan) == []
    assert office.sees(mali) == [report.id]
    assert [push["officer"] for push in office.pushes() if "officer" in push] == [mali]
    with db.read(office.engine) as conn:
        assert sealed_desk.report(conn, Sealer([KEY]), "main", kan, report.id) is None


def test_with_less_than_two_readers_or_without_keys_it_stays_where_it_is(desk: Office, keys: Keys) -> None:
    desk.hire("kan")
    desk.hire("anan", "officer")
    ticket = desk.case()
    refused = "ยังย้ายเป็นเรื่องลับไม่ได้ เพราะต้องมีผู้รับเรื่องทุจริตอย่างน้อย 2 คน"

    assert desk.presses("anan", "reclassify", f"{ticket.id}:yes").startswith(refused)
    desk.hire("mali")
    with_keys = desk.world
    desk.world = replace(with_keys, keys=keys)
    assert desk.presses("anan", "reclassify", f"{ticket.id}:yes").startswith(refused)
    desk.world = with_keys
    assert desk.count(complaints) == 1
    assert desk.reports() == []


@pytest.mark.parametrize(
    ("role", "departments", "answer"),
    [
        ("viewer", (), CASE_NO_RIGHT),
        ("officer", ("finance",), NOBODYS),
        ("integrity", (), NOBODYS),
    ],
)
def test_nobody_moves_what_they_may_not_see(desk: Office, role: str, departments: tuple[str, ...], answer: str) -> None:
    readers(desk)
    desk.hire("anan", role, *departments)
    ticket = desk.case()

    assert desk.presses("anan", "reclassify", f"{ticket.id}:yes").startswith(answer)
    assert desk.presses("A", "reclassify", f"{ticket.id}:yes") == CASE_NO_RIGHT
    assert desk.count(complaints) == 1


@pytest.mark.parametrize("forged", ["{id}:perhaps", "{id}:yes:nobody", "{id}:yes:{anan}"])
def test_a_forged_button_asks_again(desk: Office, forged: str) -> None:
    readers(desk)
    anan = desk.hire("anan", "officer")
    ticket = desk.case()

    said = desk.presses("anan", "reclassify", forged.format(id=ticket.id, anan=anan))

    assert "เป็นเรื่องลับหรือไม่" in said
    assert desk.reports() == []


def test_pressed_twice_it_is_one_report(office: Office) -> None:
    readers(office)
    office.hire("anan", "officer")
    ticket = office.case()

    office.presses("anan", "reclassify", f"{ticket.id}:yes")

    assert office.presses("anan", "reclassify", f"{ticket.id}:yes").startswith(NOBODYS)
    assert len(office.reports()) == 1


def test_evidence_that_is_still_on_its_way_is_waited_for(desk: Office) -> None:
    readers(desk)
    desk.hire("anan", "officer")
    ticket = desk.case()
    coming = {"agency_id": "main", "id": "p1", "complaint": ticket.id, "kind": "photo", "status": "waiting"}
    with db.write(desk.engine) as conn:
        conn.execute(complaint_files.insert().values(**coming, source="m1", added_on=desk.now.date()))

    assert "ยังมาไม่ครบ" in desk.presses("anan", "reclassify", f"{ticket.id}:yes")
    assert desk.reports() == []

    with db.write(desk.engine) as conn:
        conn.execute(update(complaint_files).values(status="ready", content=b"a picture", content_type="image/jpeg"))
    desk.presses("anan", "reclassify", f"{ticket.id}:yes")
    assert len(desk.reports()) == 1
    assert desk.count(sealed_files) == 1


# ---- what was deleted is emptied out ----


def test_afterwards_the_worker_scrubs_and_forgets_whom_it_told(office: Office) -> None:
    readers(office)
    office.hire("anan", "officer")
    office.presses("anan", "reclassify", f"{office.case().id}:yes")
    clear = Random(1)

    def scrub(**later: float) -> bool:
        office.now += timedelta(**later)
        return scrubbing.do_next(office.engine, office.now, clear)

    assert scrub()
    assert not scrub()
    assert any("contact" in push for push in office.pushes())  # not told yet, so this is asked for again
    finished(office, sealed_alert.FAREWELL)
    assert scrub(minutes=1)

    assert not any("contact" in push for push in office.pushes())
    assert not scrub()
    assert scrub(hours=1)  # what was on its way to the sheet
    assert not scrub(hours=1)


def finished(office: Office, about: str) -> None:
    """The worker has pushed them."""
    said = (outbox_table.c.kind == "push", outbox_table.c.lane.contains(about))
    with db.write(office.engine) as conn:
        conn.execute(update(outbox_table).where(*said).values(status="done"))


def test_a_reader_in_the_way_of_the_scrub_means_again(desk: Office) -> None:
    with db.write(desk.engine) as conn:
        scrubbing.ask(conn, "main", desk.now)
    log = Path(f"{desk.engine.url.database}-wal")

    with db.read(desk.engine) as reader:
        reader.execute(select(outbox_table)).all()
        desk.hire("kan")
        assert scrubbing.do_next(desk.engine, desk.now, Random(1))
        assert log.stat().st_size > 0
    assert scrubbing.do_next(desk.engine, desk.now + timedelta(seconds=10), Random(1))
    assert log.stat().st_size < 10_000
