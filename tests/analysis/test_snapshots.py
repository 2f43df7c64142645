"""Snapshots: made by the worker only when something changed, read by everybody else; the sheet's summary of them."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Engine, select

from analysis import snapshots, summary
from survey import db, thai
from survey.settings import Agency, Office
from survey.tables import snapshots as table
from tests.analysis.people import FEB, ITEMS, file, file_points, instruments

TODAY = date(2027, 3, 5)
FEBRUARY = thai.month_of(FEB)


def refresh(engine: Engine, agency: Agency, today: date = TODAY) -> int:
    return snapshots.refresh(engine, instruments(), agency, today)


def test_the_worker_writes_and_the_web_process_reads(engine: Engine, agency: Agency) -> None:
    file(engine, *[ITEMS] * 7)
    file_points(engine, 6, "tax")

    written = refresh(engine, agency)

    assert written == len(snapshots.NAMES) * len(snapshots.periods(TODAY))
    with db.read(engine) as conn:
        month = snapshots.read(conn, "main", "eit", FEBRUARY)
        year = snapshots.read(conn, "main", "eit:mode", thai.fiscal_period(2570))
        points = snapshots.read(conn, "main", "satisfaction:service_point", FEBRUARY)
        none = snapshots.read(conn, "main", "eit", thai.parse_month("2571-02"))
    assert [(s.group, s.measured.n) for s in month or []] == [("self", 7)]
    assert [(s.group, s.measured.n) for s in year or []] == [("self", 7), ("assisted", 0)]
    assert [(s.group, s.measured.n) for s in points or []] == [("tax", 6), ("permit", 0), ("eservice", 0)]
    assert none is None


def test_nothing_is_recomputed_until_something_changes(engine: Engine, agency: Agency) -> None:
    refresh(engine, agency)
    file(engine, ITEMS)
    of_one_kind = refresh(engine, agency)

    again = refresh(engine, agency, date(2027, 3, 6))

    assert 0 < of_one_kind < len(snapshots.NAMES) * len(snapshots.periods(TODAY))
    assert again == 0


def test_what_the_office_says_of_itself_makes_snapshots_anew(sqlite_engine: Engine, agency: Agency) -> None:
    refresh(sqlite_engine, agency)

    assert refresh(sqlite_engine, replace(agency, office=Office(service_users=900))) > 0


def test_a_new_month_gets_its_snapshot(sqlite_engine: Engine, agency: Agency) -> None:
    refresh(sqlite_engine, agency)

    assert refresh(sqlite_engine, agency, date(2027, 4, 1)) > 0
    with db.read(sqlite_engine) as conn:
        assert snapshots.read(conn, "main", "eit", thai.parse_month("2570-04"))


def test_a_snapshot_holds_nothing_of_what_is_withheld(sqlite_engine: Engine, agency: Agency) -> None:
    file(sqlite_engine, *[ITEMS] * 3)
    refresh(sqlite_engine, agency)

    with db.read(sqlite_engine) as conn:
        where = (table.c.name == "eit", table.c.period == "2570-02")
        [one] = conn.scalars(select(table.c.body).where(*where)).one()["scores"]

    assert (one["n"], one["household"], one["headline"]) == (None, None, {"withheld": "few"})
    assert {str(score) for _, _, score in one["items"]} == {"{'withheld': 'few'}"}


def test_the_summary_has_a_line_for_each_month_and_says_what_it_is_not(sqlite_engine: Engine, agency: Agency) -> None:
    file(sqlite_engine, *[ITEMS] * 40)
    file(sqlite_engine, *[ITEMS] * 12, completed_on=date(2027, 1, 9))
    file(sqlite_engine, *[ITEMS] * 3, completed_on=date(2026, 12, 9))
    file_points(sqlite_engine, 6, "tax")
    refresh(sqlite_engine, agency)

    with db.read(sqlite_engine) as conn:
        header, *lines, footer = summary.summary_rows(conn, "main", TODAY)

    assert header[5:8] == ["6 คุณภาพการดำเนินงาน", "7 ประสิทธิภาพการสื่อสาร", "8 การปรับปรุงการทำงาน"]
    assert {len(line) for line in lines} == {len(header)}
    by_period = {str(line[0]): line[1:] for line in lines}
    assert list(by_period) == ["ต.ค. 69", "พ.ย. 69", "ธ.ค. 69", "ม.ค. 70", "ก.พ. 70", "มี.ค. 70", "ปีงบประมาณ 2570"]
    few = "ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน"
    assert by_period["ธ.ค. 69"] == ["น้อยกว่า 5", few, "", "", few, few, few, "", "ไม่มีข้อมูล", "ไม่มีข้อมูล"]
    assert by_period["ม.ค. 70"][:2] == [12, 89]
    assert by_period["ม.ค. 70"][7] == "ข้อมูลยังน้อย (12 คน)"
    assert by_period["ก.พ. 70"][:2] == [40, 88.89]
    assert by_period["ก.พ. 70"][9] == 75
    assert footer == ["ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ"]


def test_last_year_stands_in_the_summary_when_anybody_answered(sqlite_engine: Engine, agency: Agency) -> None:
    file(sqlite_engine, *[ITEMS] * 6, completed_on=date(2026, 5, 5), instrument_id="eit-2569")
    refresh(sqlite_engine, agency)

    with db.read(sqlite_engine) as conn:
        rows = summary.summary_rows(conn, "main", TODAY)

    assert [row[1] for row in rows if row[0] == "ปีงบประมาณ 2569"] == [6]
    assert len(rows) == 1 + 7 + 13 + 1


def test_without_snapshots_there_is_no_summary(sqlite_engine: Engine) -> None:
    with db.read(sqlite_engine) as conn:
        assert summary.summary_rows(conn, "main", TODAY) == []
