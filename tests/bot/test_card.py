"""The score card: what an officer reads on it in each situation, and that LINE takes it."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from analysis import scores, snapshots, withholding
from analysis.counts import Tally
from analysis.scores import Scores
from bot import card
from survey import db, thai
from survey.settings import Agency, Department, Office
from tests.analysis.people import CODES, FEB, ITEMS, alike, crowd, file, instruments, tally
from tests.bot.judge import judge

FEBRUARY = thai.month_of(FEB)
TODAY = date(2027, 3, 5)
OFFICIAL = Office(
    departments=(Department("works", "กองช่าง", ("e5",)),),
    last_official_year=2569,
    last_official_eit={"EIT": "91.50", "6": "92.10"},
)
TEXTS = {q.item_code or "": q.text for q in instruments().get("eit-2570", 1).items}


def of(found: Tally, assisted: Tally | None = None, before: Tally | None = None) -> Scores:
    measured = scores.measure(found, withholding.of_one(found))
    if before is not None:
        measured = scores.compare(measured, scores.measure(before, withholding.of_one(before)))
    helped = assisted or alike(0)
    apart = scores.measure(helped, withholding.of_one(helped)).overall
    return Scores("eit", "2570-02", TODAY, "self", measured, measured.overall, apart)


def drawn(month: Scores, year: Scores | None = None, office: Office = OFFICIAL) -> dict[str, Any]:
    message = card.score_card(month, year, FEBRUARY, office, TEXTS)
    judge([message])
    return message


def texts(part: Any) -> list[str]:
    if isinstance(part, list):
        return [text for one in part for text in texts(one)]
    own = [part["text"]] if part.get("type") == "text" else []
    return own + [text for key in ("contents", "body") if key in part for text in texts(part[key])]


def test_a_month_with_many_answers_says_everything() -> None:
    month = of(alike(60, 80, e5=40), before=alike(50, 60, e5=20))

    said = texts(drawn(month, of(alike(200, 80))))

    assert said[:5] == [
        "ก.พ. 70 · เดือนที่ 5 ของปีงบฯ 2570",
        "75.56",
        "EIT จากผู้ตอบเอง",
        "ช่วงเชื่อมั่น 95%: 72.14–77.32",
        "ผู้ตอบเอง 60 คน",
    ]
    assert "เทียบเดือนก่อน: ▲ เพิ่มขึ้น 20.00" in said
    assert "7 ประสิทธิภาพการสื่อสาร" in said
    weakest = said.index("ข้อที่คะแนนต่ำสุด")
    assert said[weakest + 1 : weakest + 4] == [f"e5 {TEXTS['e5']}", "40.00 คะแนน", "ผู้รับผิดชอบ: กองช่าง"]
    assert said[-3] == "ปีงบฯ 2570 ถึงขณะนี้: 80.00 (78.90–80.51) · 200 คน"
    assert said[-2] == "ผล ITA ทางการล่าสุด ปีงบฯ 2569: EIT 91.50 · ตัวชี้วัด 6 92.10 (คนละวิธี เทียบตรงไม่ได้)"
    assert said[-1] == "ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ · ข้อมูล ณ 5 มีนาคม 2570"


def test_a_month_with_few_answers_is_cautious() -> None:
    said = texts(drawn(of(alike(12, 80, e5=0), before=alike(50, 20))))

    assert said[1] == "71"
    assert "ข้อมูลยังน้อย (12 คน)" in said
    assert not any("▲" in text or "ต่ำสุด" in text or "เทียบ" in text for text in said[:-2])


def test_the_year_counts_people_and_not_the_answers_to_its_thinnest_item() -> None:
    people = [dict.fromkeys(CODES, 80)] * 50 + [{**dict.fromkeys(CODES, 80), "e9": None}] * 10

    said = texts(drawn(of(alike(40)), of(tally(people))))

    [year] = [text for text in said if text.startswith("ปีงบฯ 2570 ถึงขณะนี้")]
    assert year.endswith(" · 60 คน")


def test_a_month_under_five_answers_shows_no_number() -> None:
    message = drawn(of(alike(4)), of(alike(4)), Office())
    said = texts(message)

    assert said == [
        "ก.พ. 70 · เดือนที่ 5 ของปีงบฯ 2570",
        "ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน",
        "ปีงบฯ 2570 ถึงขณะนี้: ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน",
        "ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ · ข้อมูล ณ 5 มีนาคม 2570",
    ]
    assert message["altText"].startswith("สรุป ก.พ. 70: EIT ผู้ตอบยังไม่ครบ 5 คน")


def test_an_indicator_with_a_thin_item_keeps_its_place_and_says_why() -> None:
    people = [dict.fromkeys(CODES, 80)] * 3 + [{**dict.fromkeys(CODES, 80), "e9": None}] * 40

    said = texts(drawn(of(tally(people))))

    assert said[said.index("8 การปรับปรุงการทำงาน") + 1] == "ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน"
    assert "80.00" in said


def test_answers_with_a_helper_stand_apart() -> None:
    month = of(replace(alike(40, 80), household=3), assisted=alike(9, 100))

    said = texts(drawn(month))

    assert "ผู้ตอบเอง 40 คน (คนอื่นในบ้าน 3 คน)" in said
    assert "เจ้าหน้าที่ช่วยกรอก (แยกไว้ ไม่รวมข้างบน): 100 (71–100) ข้อมูลยังน้อย (9 คน)" in said


def test_an_item_nobody_owns_is_still_named() -> None:
    said = texts(drawn(of(alike(60, 80, e1=40)), office=Office(last_official_eit={"EIT": "90.00"})))

    assert f"e1 {TEXTS['e1']}" in said
    assert not any(text.startswith("ผู้รับผิดชอบ") for text in said)
    assert "ผล ITA ทางการล่าสุด: EIT 90.00 (คนละวิธี เทียบตรงไม่ได้)" in said


def test_the_card_is_built_from_the_snapshot_of_the_month(sqlite_engine: Engine, agency: Agency) -> None:
    file(sqlite_engine, *crowd(40))
    file(sqlite_engine, *[ITEMS] * 10, completed_on=date(2027, 1, 9))
    snapshots.refresh(sqlite_engine, instruments(), agency, TODAY)

    with db.read(sqlite_engine) as conn:
        message = card.of_month(conn, instruments(), agency, FEBRUARY)
        none = card.of_month(conn, instruments(), agency, thai.parse_month("2575-01"))

    judge([message or {}])
    assert "ผู้ตอบเอง 40 คน" in texts((message or {})["contents"])
    assert none is None


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 80), st.integers(0, 100), st.text(max_size=300), st.text(max_size=300))
def test_whatever_an_office_calls_itself_the_card_stays_within_limits(n: int, e1: int, title: str, item: str) -> None:
    office = Office(departments=(Department("x", title, ("e1",)),), last_official_eit={"EIT": "9" * 6})

    message = card.score_card(of(alike(n, 100, e1=e1)), of(alike(n)), FEBRUARY, office, {"e1": item})

    judge([message])
    assert len(json.dumps(message["contents"], ensure_ascii=False).encode()) < 30_000
