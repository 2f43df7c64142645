"""A tab from the store: rebuilt when asked for, filled when a spreadsheet is connected, and after a loss."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, delete

from bot.playground.sheets_batch import batch_update
from survey import db, sheets_rebuild
from survey.sheets import Mirror
from survey.tables import mirrors, sheet_batches, sheet_rows, sheet_tabs
from tests.survey.sheets_kit import SHEET, Desk, desk

EIT = "คำตอบ EIT"


@pytest.fixture
def office(engine: Engine) -> Iterator[Desk]:
    with desk(engine) as at_work:
        yield at_work


@pytest.fixture
def mirror(office: Desk) -> Iterator[Mirror]:
    mirror = office.mirror()
    yield mirror
    mirror.close()


def test_a_rebuild_makes_a_dated_tab_with_every_row_and_new_rows_follow(office: Desk, mirror: Mirror) -> None:
    ids = office.file(450)
    office.comment("ดี")
    office.run(mirror)
    office.sheets.staff.delete_rows(SHEET, EIT, 2, 10)
    before = office.file(3)  # on their way to the old tab
    mirror.step()

    report = mirror.rebuild(["eit"])
    after = office.file(2)
    office.run(mirror)

    assert (report.finished, report.tabs[0].title) == (True, "คำตอบ EIT 21 พ.ย. 2569")
    assert sorted(office.ids("คำตอบ EIT 21 พ.ย. 2569")) == sorted(ids + before + after)
    assert set(office.ids(EIT)) <= set(ids + before)
    assert mirror.check().ok


def test_rows_filed_while_a_tab_is_filled_come_once(office: Desk, mirror: Mirror) -> None:
    ids = office.file(450)
    office.run(mirror)
    with db.write(office.engine) as conn:
        sheets_rebuild.begin(conn, mirror.lane, mirror.layouts["eit"], 4711, office.clock().date())
    for _ in range(4):
        mirror.step()
        ids += office.file(5)

    office.run(mirror)

    assert sorted(office.ids(4711)) == sorted(ids)


def test_a_second_rebuild_on_the_same_day_gets_a_number(office: Desk, mirror: Mirror) -> None:
    office.file(2)
    office.run(mirror)
    mirror.rebuild(["eit"])
    mirror.rebuild(["eit"])

    assert len(office.ids("คำตอบ EIT 21 พ.ย. 2569 (2)")) == 2


def test_a_rebuild_gives_up_when_people_are_needed(office: Desk, mirror: Mirror) -> None:
    office.run(mirror)
    office.sheets.deny(SHEET)

    report = mirror.rebuild(["eit"])

    assert (report.finished, report.problem) == (False, "denied")


def test_connecting_a_sheet_later_brings_everything_that_is_stored(office: Desk, mirror: Mirror) -> None:
    ids = office.file(250)
    with db.write(office.engine) as conn:
        conn.execute(delete(sheet_rows))

    office.run(mirror)

    assert sorted(office.ids()) == sorted(ids)


def test_another_spreadsheet_starts_anew_with_everything(office: Desk, mirror: Mirror) -> None:
    ids = office.file(5)
    office.run(mirror)
    ids += office.file(5)
    mirror.step()  # frozen for the old one
    office.sheets.create_spreadsheet("another", "ใหม่")
    moved = replace(office, agency=replace(office.agency, spreadsheet_id="another")).mirror()

    office.run(moved)

    assert sorted(row[0] for row in office.sheets.rows("another", EIT)[1:]) == sorted(ids)
    assert len(office.ids()) == 5
    moved.close()


def test_going_back_to_the_first_spreadsheet_mixes_nothing_up(office: Desk, mirror: Mirror) -> None:
    first = office.file(5)
    office.run(mirror)
    first += office.file(3)
    mirror.step()  # frozen for the first one
    office.sheets.create_spreadsheet("another", "ใหม่")
    moved = replace(office, agency=replace(office.agency, spreadsheet_id="another")).mirror()
    office.run(moved)
    later = office.file(4)
    moved.step()  # frozen for the other one
    moved.close()

    back = office.mirror()
    office.run(back)
    assert set(office.ids()) == set(first[:5] + later)
    assert not back.check().ok

    report = back.rebuild(["eit"])
    assert sorted(office.ids(report.tabs[0].title)) == sorted(first + later)
    back.close()


def test_a_lost_database_starts_beside_the_old_tabs_and_clears_up_its_tokens(office: Desk, mirror: Mirror) -> None:
    ids = office.file(5)
    office.run(mirror)

    def many_tokens(number: int) -> dict[str, object]:
        meta = {"metadataId": number, "metadataKey": "siang.batch", "metadataValue": "x", "visibility": "DOCUMENT"}
        return {"createDeveloperMetadata": {"developerMetadata": meta | {"location": {"spreadsheet": True}}}}

    body = {"requests": [many_tokens(number) for number in range(1000, 1480)]}
    office.sheets.change(SHEET, lambda book: batch_update(book, body))
    with db.write(office.engine) as conn:
        for table in (mirrors, sheet_batches, sheet_tabs, sheet_rows):
            conn.execute(delete(table))

    office.run(mirror)
    mirror.nightly()

    assert sorted(office.ids("คำตอบ EIT (2)")) == sorted(ids)
    assert len(office.sheets.book(SHEET).metadata) < 200
