"""Staff work in the sheet: what the mirror lets them do, what it reports, and how a tab is made anew."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.playground.sheets_batch import batch_update
from survey.sheets import Mirror
from survey.sheets_check import TabCheck
from tests.survey.sheets_kit import SHEET, Desk, desk

EIT = "คำตอบ EIT"


@pytest.fixture
def office(sqlite_engine: Engine) -> Iterator[Desk]:
    with desk(sqlite_engine) as at_work:
        yield at_work


@pytest.fixture
def mirror(office: Desk) -> Iterator[Mirror]:
    mirror = office.mirror()
    yield mirror
    mirror.close()


def eit(report_tabs: tuple[TabCheck, ...]) -> TabCheck:
    return next(tab for tab in report_tabs if tab.tab == "eit")


def test_store_and_sheet_agree_after_a_run(office: Desk, mirror: Mirror) -> None:
    office.file(7)
    office.file(2, "satisfaction")
    office.comment("ดี")
    office.run(mirror)

    report = mirror.check()

    assert report.ok
    assert [(tab.tab, tab.stored, tab.in_sheet) for tab in sorted(report.tabs, key=lambda tab: tab.tab)] == [
        ("comments", 1, 1),
        ("eit", 7, 7),
        ("satisfaction", 2, 2),
    ]


def test_staff_may_sort_rename_filter_and_add_columns_on_the_right(office: Desk, mirror: Mirror) -> None:
    staff = office.sheets.staff
    office.file(20)
    office.run(mirror)
    sheet_id = office.sheet_id("eit")
    staff.sort_tab(SHEET, sheet_id, 3, descending=True)
    staff.rename_tab(SHEET, sheet_id, "ของกองคลัง")
    staff.add_column(SHEET, sheet_id, 12, "หมายเหตุ")
    for row in range(2, 22):
        staff.edit_cell(SHEET, sheet_id, f"M{row}", "ดูแล้ว")
    filtering = {"filter": {"range": {"sheetId": sheet_id}}}
    office.sheets.change(SHEET, lambda book: batch_update(book, {"requests": [{"setBasicFilter": filtering}]}))
    new = office.file(20)

    office.run(mirror)

    rows = office.rows(sheet_id)
    assert sorted(office.ids(sheet_id)[20:]) == sorted(new)
    assert {row[12] for row in rows[1:21]} == {"ดูแล้ว"}
    assert {len(row) for row in rows[21:]} == {12}
    assert mirror.check().ok
    assert mirror.nightly().ok


def test_rows_staff_deleted_are_reported_and_not_added_again(office: Desk, mirror: Mirror) -> None:
    office.file(5)
    office.run(mirror)
    lost = office.ids()[1]
    office.sheets.staff.delete_rows(SHEET, EIT, 2)

    report = mirror.nightly()
    office.run(mirror)

    assert eit(report.tabs).missing == (lost,)
    assert len(office.ids()) == 4
    [(kind, text)] = office.alerts
    assert kind == "mirror.nightly"
    assert "แถวหายไปจากแผ่นงาน 1 แถว" in text
    assert lost not in text


def test_repeated_ids_are_reported(office: Desk, mirror: Mirror) -> None:
    office.file(3)
    office.run(mirror)
    copied = office.ids()[0]
    office.sheets.staff.edit_cell(SHEET, EIT, "A10", "'" + copied)

    assert eit(mirror.nightly().tabs).repeated == (copied,)


def test_a_cell_somebody_typed_into_is_found_by_the_full_check(office: Desk, mirror: Mirror) -> None:
    office.file(3)
    office.run(mirror)
    office.sheets.staff.edit_cell(SHEET, EIT, "D3", "55")

    assert eit(mirror.check().tabs).changed == (office.ids()[1],)
    assert mirror.nightly().ok


def test_a_column_inserted_among_ours_is_reported(office: Desk, mirror: Mirror) -> None:
    office.file(3)
    office.run(mirror)
    office.sheets.staff.add_column(SHEET, EIT, 2, "แทรก")

    assert eit(mirror.nightly().tabs).moved
    assert "กรุณาย้ายกลับ" in office.alerts[0][1]


def test_rows_on_their_way_are_not_missing(office: Desk, mirror: Mirror) -> None:
    office.file(3)
    office.run(mirror)
    office.file(2)
    mirror.step()

    tab = eit(mirror.check().tabs)

    assert tab.ok
    assert (tab.stored, tab.in_sheet, tab.waiting) == (5, 3, 2)


def test_a_sheet_that_cannot_be_read_is_a_problem_and_not_a_finding(office: Desk, mirror: Mirror) -> None:
    office.run(mirror)
    office.sheets.deny(SHEET)

    report = mirror.nightly()

    assert (report.ok, report.problem) == (False, "403 PERMISSION_DENIED")
    assert office.alerts == []


def test_the_summary_is_rewritten_whole_and_only_when_it_differs(office: Desk, mirror: Mirror) -> None:
    wide: list[list[str | int | float | None]] = [["เดือน", "คะแนน", "n"], ["2569-10", 87.5, 40], ["2569-11", None, 3]]
    assert mirror.write_summary(wide)
    office.run(mirror)
    assert office.rows("สรุปรายเดือน") == [["เดือน", "คะแนน", "n"], ["2569-10", 87.5, 40], ["2569-11", "", 3]]

    assert mirror.write_summary([["เดือน", "คะแนน"], ["2569-11", 90.0]])
    office.run(mirror)
    assert office.rows("สรุปรายเดือน") == [["เดือน", "คะแนน"], ["2569-11", 90]]

    sent = office.sheets.counts["write"]
    assert not mirror.write_summary([["เดือน", "คะแนน"], ["2569-11", 90.0]])
    office.run(mirror)
    assert office.sheets.counts["write"] == sent


def test_a_late_summary_never_covers_a_newer_one(office: Desk, mirror: Mirror) -> None:
    office.run(mirror)
    mirror.write_summary([["เก่า"]])
    office.sheets.faults.late("503", seconds=0.1)
    mirror.step()
    mirror.step()
    mirror.write_summary([["ใหม่"]])
    office.run(mirror)
    office.sheets.drain()

    assert office.rows("สรุปรายเดือน") == [["ใหม่"]]


def test_a_summary_that_outgrows_its_tab_makes_room(office: Desk, mirror: Mirror) -> None:
    rows: list[list[str | int | float | None]] = [[f"แถว {n}", *[1] * 30] for n in range(1100)]
    mirror.write_summary(rows)

    office.run(mirror)

    assert office.rows("สรุปรายเดือน") == rows
