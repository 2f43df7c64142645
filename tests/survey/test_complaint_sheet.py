"""Complaints in the Google Sheet: "ประวัติ" exactly once and without words, "เรื่องร้องเรียน" written whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, delete

from survey import complaint, complaint_rows, db, sheets_drafts, tickets
from survey.complaint import Deed
from survey.settings import Agency, Department, Office
from survey.sheets import Mirror
from survey.sheets_rows import HISTORY, REGISTER
from survey.tables import complaints, sheet_rows
from survey.tickets import Filing
from tests.survey.sheets_kit import TODAY, Desk, desk

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
OFFICE = Office(departments=(Department("works", "กองช่าง"), Department("clerk", "สำนักปลัด")))
SAID = "ไฟดับหน้าบ้านนายสมชาย โทร 081-234-5678"


@pytest.fixture
def office(engine: Engine) -> Iterator[Desk]:
    with desk(engine) as at_work:
        at_work.agency = replace(at_work.agency, office=OFFICE)
        yield at_work


@pytest.fixture
def mirror(office: Desk) -> Iterator[Mirror]:
    mirror = office.mirror()
    yield mirror
    mirror.close()


@pytest.fixture
def agency(office: Desk) -> Agency:
    return office.agency


def filed(office: Desk, agency: Agency, words: str = SAID, category: str = "light", **more: Any) -> Any:
    with db.write(office.engine) as conn:
        return tickets.file(conn, agency, Filing(words, category, **more), NOON)


def act(office: Desk, agency: Agency, ticket: str, deed: Deed) -> None:
    with db.write(office.engine) as conn:
        tickets.act(conn, agency, ticket, deed, NOON)


def show(office: Desk, agency: Agency, mirror: Mirror) -> list[list[Any]]:
    with db.read(office.engine) as conn:
        rows = complaint_rows.register(conn, agency, TODAY)
    mirror.write_snapshot(REGISTER, rows)
    office.run(mirror)
    return office.rows("เรื่องร้องเรียน")


def test_every_change_is_one_row_of_history_without_words(office: Desk, agency: Agency, mirror: Mirror) -> None:
    row = filed(office, agency)
    act(office, agency, row.id, Deed("accept", "officer", "officer-1"))
    act(office, agency, row.id, Deed("resolve", "officer", "officer-1", "เปลี่ยนหลอดให้คุณสมชายแล้ว"))
    office.run(mirror)

    header, *rows = office.rows("ประวัติ")

    assert header[1] == "เลขที่เรื่อง"
    assert sorted(cells[4] for cells in rows) == ["รับดำเนินการ", "รับเรื่อง", "แก้ไขแล้ว"]
    assert {cells[1] for cells in rows} == {complaint.shown(row.ticket)}
    assert {cells[6] for cells in rows} == {"กองช่าง"}
    assert not any("สมชาย" in str(cell) or "officer-1" in str(cell) for cells in rows for cell in cells)


@pytest.mark.parametrize(("deed", "title"), [("ask", "ส่งคำถามถึงผู้แจ้งแล้ว"), ("resolve", "แจ้งผลแล้ว")])
def test_what_reached_the_complainant_was_a_question_or_the_outcome(
    office: Desk, agency: Agency, mirror: Mirror, deed: str, title: str
) -> None:
    row = filed(office, agency)
    act(office, agency, row.id, Deed(deed, "officer", "o1", "ต้นไหนคะ"))
    with db.write(office.engine) as conn:
        ticket = tickets.get(conn, agency.id, row.id)
        assert ticket is not None
        tickets.change(conn, agency, ticket, Deed("told", complaint.SYSTEM), {}, NOON)
    office.run(mirror)

    assert title in [cells[4] for cells in office.rows("ประวัติ")]


def test_history_comes_exactly_once_through_failures(office: Desk, agency: Agency, mirror: Mirror) -> None:
    for _ in range(30):
        filed(office, agency)
    office.sheets.faults.after("503", times=2)
    for _ in range(12):
        office.run(mirror)
        office.clock.turn(30)

    ids = [cells[0] for cells in office.rows("ประวัติ")[1:]]
    assert len(ids) == len(set(ids)) == 30


def test_a_sheet_named_later_is_filled_from_the_store(office: Desk, agency: Agency, mirror: Mirror) -> None:
    filed(office, replace(agency, spreadsheet_id=""))
    with db.read(office.engine) as conn:
        assert not [r for r in conn.execute(sheet_rows.select()) if r.tab == HISTORY]

    report = mirror.rebuild([HISTORY])

    assert report.finished
    assert len(office.rows(report.tabs[0].title)) == 2
    assert mirror.check().ok


def test_the_register_is_masked_and_open_tickets_come_first(office: Desk, agency: Agency, mirror: Mirror) -> None:
    done, going = filed(office, agency), filed(office, agency, category="danger", place="หมู่ 3")
    act(office, agency, done.id, Deed("resolve", "officer", "o1", "ซ่อมแล้ว"))

    header, first, second, footer = show(office, agency, mirror)

    assert header[:2] == ["เลขที่เรื่อง", "รับเมื่อ"]
    assert (first[0], first[5], first[7], first[8]) == (complaint.shown(going.ticket), "เร่งด่วน", "หมู่ 3", "รับเรื่องแล้ว")
    assert (second[0], second[8], second[10]) == (complaint.shown(done.ticket), "แก้ไขแล้ว", "ใช่")
    assert "[ชื่อ]" in second[6]
    assert "234-5678" not in str(second)
    assert "กรุณาจดบันทึกในแท็บอื่น" in footer[6]


def test_a_complaint_about_staff_shows_no_words_and_no_place(office: Desk, agency: Agency, mirror: Mirror) -> None:
    filed(office, agency, "เจ้าหน้าที่พูดไม่ดี", "staff", place="ห้องทะเบียน")

    [_, row, _] = show(office, agency, mirror)

    assert (row[6], row[7]) == ("(ไม่แสดง)", "")


def test_a_ticket_that_has_gone_from_the_store_goes_from_the_sheet(
    office: Desk, agency: Agency, mirror: Mirror
) -> None:
    gone = filed(office, agency)
    assert len(show(office, agency, mirror)) == 3

    with db.write(office.engine) as conn:
        conn.execute(delete(complaints).where(complaints.c.id == gone.id))

    assert len(show(office, agency, mirror)) == 2
    assert mirror.has(REGISTER)


def test_every_column_of_the_register_has_a_width() -> None:
    assert len(sheets_drafts.WIDTHS[REGISTER]) == len(complaint_rows.HEADER)


def test_every_action_and_delivery_has_its_words(engine: Engine) -> None:
    assert set(complaint.ACTIONS) <= set(complaint_rows.ACTION_TITLES)
    assert set(complaint_rows.DELIVERY) == {"none", "waiting", "told", "call", "called"}
