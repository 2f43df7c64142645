"""What a response looks like in the sheet, and what of it never gets there."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from survey import db, library, sheets_rows
from survey.instrument import Instrument
from survey.tables import sheet_rows

LIBRARY = library.load()
ANSWERS: dict[str, str | None] = dict.fromkeys(["e1", "e2", "e4", "e5", "e6", "e7"], "6")
ANSWERS.update(e3="never", e8="na", e9="ever")
PERSONAL = {"screening": "yes", "more": "yes", "sex": "female", "age": "o60", "capacity": "business", "comment": "ลับ"}


def row_of(instrument: Instrument, answers: dict[str, str | None], **changes: str | None) -> tuple[str, list[object]]:
    values = {"row_id": "r1", "month": "2570-02", "mode": "self", "service_point_title": None} | changes
    tab, cells = sheets_rows.response_row(instrument, answers=answers, **values)  # type: ignore[arg-type]
    return tab, list(cells)


@pytest.fixture(scope="module")
def eit() -> Instrument:
    return LIBRARY.newest("eit")


@pytest.fixture(scope="module")
def satisfaction() -> Instrument:
    return LIBRARY.newest("satisfaction")


def test_scores_are_numbers_and_do_not_know_stays_a_word(eit: Instrument) -> None:
    assert row_of(eit, ANSWERS) == (
        "eit",
        ["r1", "2570-02", "ตอบเอง", 100, 100, 100, 100, 100, 100, 100, "ไม่ทราบ/ไม่ขอตอบ", 100],
    )


def test_a_skipped_item_is_blank_and_zero_is_zero(eit: Instrument) -> None:
    _, cells = row_of(eit, {**ANSWERS, "e1": None, "e3": "ever"})

    assert (cells[3], cells[5]) == (None, 0)


def test_nothing_about_the_person_and_no_comment_is_in_the_row(eit: Instrument) -> None:
    assert row_of(eit, {**ANSWERS, **PERSONAL}) == row_of(eit, ANSWERS)


def test_satisfaction_names_the_service_point_and_the_eit_does_not(eit: Instrument, satisfaction: Instrument) -> None:
    tab, cells = row_of(satisfaction, {"s1": "5", "s2": "1", "s3": "na"}, service_point_title="งานจัดเก็บรายได้")

    assert tab == "satisfaction"
    assert cells == ["r1", "2570-02", "ตอบเอง", "งานจัดเก็บรายได้", 100, 0, "ไม่ทราบ/ไม่ขอตอบ", None]
    assert row_of(eit, ANSWERS, service_point_title="งานจัดเก็บรายได้") == row_of(eit, ANSWERS)


def test_every_row_is_as_wide_as_its_header(eit: Instrument, satisfaction: Instrument) -> None:
    layouts = sheets_rows.layouts(LIBRARY.of_kind("eit") + LIBRARY.of_kind("satisfaction"))
    comment = sheets_rows.comment_row(row_id="c", month="2570-02", kind="eit", service_point_title=None, text="ดี")

    for tab, cells in (row_of(eit, ANSWERS), row_of(satisfaction, {}), comment):
        assert len(layouts[tab].columns) == len(cells)


def test_an_instrument_with_other_items_gets_a_tab_of_its_own(eit: Instrument) -> None:
    longer = replace(eit, questions=(*eit.questions, replace(eit.items[0], id="e10", item_code="e10")))

    assert sheets_rows.tab_of(longer) == "eit:e1-e10"
    assert sheets_rows.layouts([longer])["eit:e1-e10"].title == "คำตอบ EIT e1-e10"


def test_a_comment_loses_what_no_sheet_can_hold_and_keeps_its_line_breaks() -> None:
    _, cells = sheets_rows.comment_row(
        row_id="c", month="2570-02", kind="satisfaction", service_point_title=None, text="ดี\x00มาก\ud800\nขอบคุณ"
    )

    assert cells == ["c", "2570-02", "ติชมบริการ", None, "ดีมาก\nขอบคุณ"]


def test_a_queued_row_keeps_the_day_and_no_time(engine: Engine) -> None:
    with db.write(engine) as conn:
        sheets_rows.queue(conn, "main", "eit", "r1", ["r1", "ก", 100, None], date(2026, 11, 21))
        sheets_rows.queue(conn, "main", "eit", "r1", ["r1", "ข"], date(2026, 11, 22))

    with db.read(engine) as conn:
        [row] = conn.execute(select(sheet_rows)).mappings().all()
    assert row["cells"] == ["r1", "ก", 100, None]
    assert (row["queued_on"], row["batch"]) == (date(2026, 11, 21), None)
