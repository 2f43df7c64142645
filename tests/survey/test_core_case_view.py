"""What officers see of a ticket, what can be done to it, and how the instruments of their tasks fit it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from survey import case_forms, case_view, complaint
from survey.case_view import Desk
from survey.complaint import ACTIONS, CHANNELS, STATUSES, TELL_BY
from survey.events import Button, Do, Link
from survey.instrument import Instrument
from survey.masking import without_ids, without_numbers
from survey.settings import Agency, Department, Office
from tests.survey.core import shelf

OFFICE = Office(departments=(Department("clerk", "สำนักปลัด"), Department("works", "กองช่าง")))
NOW = datetime(2026, 11, 21, 3, 32, tzinfo=UTC)  # 10:32 in Bangkok
TODAY = date(2026, 11, 21)
NUMBER = complaint.ticket_number(482915)


def desk(**more: Any) -> Desk:
    values: dict[str, Any] = {"texts": shelf().words("th"), "office": OFFICE, "now": NOW, "role": "officer"}
    return Desk(**{**values, "officer": "o1", "names": {"o1": "นภา", "o2": "ชัย", "o3": ""}, **more})


def ticket(**more: Any) -> Any:
    values: dict[str, Any] = {
        "id": "c1",
        "ticket": NUMBER,
        "category": "road",
        "department": "works",
        "status": "received",
        "words": "ถนนเป็นหลุม",
        "masked": "ถนนเป็นหลุม",
        "place": "",
        "channel": "line",
        "tell_by": "line",
        "delivery": "none",
        "question": "",
        "received_on": TODAY,
        "due_on": TODAY + timedelta(days=15),
        "reopened": 0,
        "urgent": False,
    }
    unset = dict.fromkeys(("officer", "filed_by", "latitude", "longitude", "confirmed", "rating", "merged_into"))
    return SimpleNamespace(**{**values, **unset, **more})


def happened(action: str, **more: Any) -> Any:
    values = {"at": NOW, "by": "officer", "officer": "o1", "action": action, "words": "", "status": "resolved"}
    return SimpleNamespace(**{**values, "department": "works", "category": "road", **more})


def done(buttons: tuple[Button, ...]) -> list[str]:
    return [b.action.command for b in buttons if isinstance(b.action, Do)]


@pytest.mark.parametrize(
    ("case", "commands"),
    [
        ({}, ["accept", "note", "forward", "sort", "merge", "reject", "reclassify"]),
        (
            {"status": "in_progress"},
            ["resolve", "ask", "note", "forward", "sort", "merge", "reject", "reclassify"],
        ),
        ({"category": "staff", "department": "clerk"}, ["accept", "note", "sort", "merge", "reject", "reclassify"]),
        ({"status": "resolved"}, ["note"]),
        ({"status": "rejected", "delivery": "call"}, ["called", "note"]),
        ({"status": "cancelled"}, ["note"]),
        ({"status": "merged"}, ["note"]),
    ],
)
def test_a_card_offers_what_is_possible_now_the_likeliest_first(case: Mapping[str, Any], commands: list[str]) -> None:
    shown = case_view.buttons(desk(), ticket(**case))

    assert done(shown) == commands
    assert {b.action.argument for b in shown if isinstance(b.action, Do)} == {"c1"}


def test_who_may_not_reclassify_gets_no_button_for_it() -> None:
    assert "reclassify" not in done(case_view.buttons(desk(role="viewer"), ticket()))


def test_an_office_with_one_department_has_nowhere_to_forward_to() -> None:
    alone = replace(OFFICE, departments=(Department("works", "กองช่าง"),))

    assert "forward" not in done(case_view.buttons(desk(office=alone), ticket()))


@pytest.mark.parametrize(
    ("due", "words", "colour"),
    [(-3, "เกินกำหนด 3 วัน", "late"), (0, "ครบกำหนดวันนี้", "near"), (3, "เหลือ 3 วัน", "near"), (4, "เหลือ 4 วัน", "")],
)
def test_days_left_are_said_in_words(due: int, words: str, colour: str) -> None:
    card = case_view.listed(desk(), ticket(due_on=TODAY + timedelta(days=due)))

    assert (card.due, card.due_colour) == (words, colour)


def test_a_closed_ticket_has_no_days_left() -> None:
    card = case_view.listed(desk(), ticket(status="resolved", due_on=TODAY))

    assert (card.due, card.colour, card.status) == ("", "done", "แก้ไขแล้ว")


def test_numbers_in_the_words_are_hidden_and_what_was_erased_is_shown_as_the_register_keeps_it() -> None:
    card = case_view.whole(
        desk(), ticket(words="โทร 081-234-5678 บัตร 1-2345-67890-12-1 รถ กข 1234", place="บ้าน 0812345678"), ()
    )

    assert card.words == "โทร [เบอร์โทร] บัตร [เลขบัตรประชาชน] รถ กข 1234"
    assert card.place == "บ้าน [เบอร์โทร]"
    assert case_view.listed(desk(), ticket(words="", masked="เก็บไว้")).words == "เก็บไว้"
    assert case_view.listed(desk(), ticket(words="", masked="")).words == "(ผู้ร้องลบข้อความแล้ว)"
    assert without_ids("1234567890121 และ 0812345678") == "[เลขบัตรประชาชน] และ 0812345678"
    assert without_numbers("๐๘๑๒๓๔๕๖๗๘") == "[เบอร์โทร]"


def test_a_place_on_the_map_has_a_button_that_opens_it() -> None:
    card = case_view.whole(desk(), ticket(latitude=17.1, longitude=102.9), ())

    assert card.place_on_map == Button("ดูแผนที่", Link("https://www.google.com/maps?q=17.100000,102.900000"))
    assert case_view.whole(desk(), ticket(latitude=17.1), ()).place_on_map is None


def test_the_lines_of_a_card_tell_how_it_stands() -> None:
    card = case_view.whole(
        desk(),
        ticket(
            status="in_progress",
            officer="o1",
            channel="phone",
            filed_by="o2",
            tell_by="phone",
            question="ฝั่งไหน",
            reopened=1,
            received_on=date(2026, 11, 1),
        ),
        (),
        merged={"c1": NUMBER, "c2": "1234567", "c3": "7654321"},
    )

    assert card.lines == (
        "รับแจ้ง 1 พ.ย. ทาง โทรศัพท์ (ลงเรื่องโดย ชัย)",
        "หน่วยงานที่ทำ: กองช่าง",
        "ผู้รับเรื่อง: นภา (ท่าน)",
        "ผู้ร้องขอให้โทรแจ้งผล",
        "รอคำตอบจากผู้ร้อง: ฝั่งไหน",
        "ผู้ร้องแจ้งว่ายังไม่เรียบร้อย 1 ครั้ง",
        "มีอีก 2 เรื่องรวมอยู่ด้วย: 123-4567 765-4321",
    )
    assert case_view.listed(desk(), ticket(question="ฝั่งไหน")).lines == ("รอคำตอบจากผู้ร้อง",)


def test_the_lines_of_a_closed_card_tell_what_the_complainant_knows() -> None:
    resolved = ticket(status="resolved", officer="o2", delivery="told", confirmed=True, rating=4, department="")
    merged = ticket(status="merged", merged_into="c9", delivery="none", tell_by="none")

    assert case_view.whole(desk(), resolved, ()).lines[1:] == (
        "หน่วยงานที่ทำ: หน่วยงาน",
        "ผู้รับเรื่อง: ชัย",
        "แจ้งผลให้ผู้ร้องแล้ว",
        "ผู้ร้องยืนยันว่าแก้ไขจริง",
        "ผู้ร้องให้คะแนน 4 จาก 5",
    )
    assert case_view.whole(desk(), merged, (), merged={"c9": NUMBER}).lines[2:] == (
        "ผู้ร้องไม่ได้ขอให้แจ้งผล",
        f"รวมอยู่กับเรื่อง {complaint.shown(NUMBER)}",
    )


def test_history_says_when_who_and_what_newest_last_and_hides_a_complainants_numbers() -> None:
    before = NOW - timedelta(days=1)
    rows = [
        happened("receive", by="complainant", officer=None, at=before),
        happened("ask", words="โทร 0811111111 ได้ไหม"),
        happened("answer", by="complainant", officer=None, words="0822222222"),
        happened("note", officer="o3", words="ดูแล้ว"),
    ]

    assert case_view.whole(desk(), ticket(), rows).history == (
        "20 พ.ย. 10:32 รับแจ้งเรื่อง",
        "10:32 นภา ถามผู้ร้อง: โทร 0811111111 ได้ไหม",
        "10:32 ผู้ร้องตอบ: [เบอร์โทร]",
        "10:32 เจ้าหน้าที่ บันทึก: ดูแล้ว",
    )
    assert len(case_view.whole(desk(), ticket(), rows * 5).history) == case_view.HISTORY
    assert case_view.whole(desk(texts=shelf().words("en")), ticket(), rows[:1]).history == (
        "20/11/2026 10:32 Received",
    )


def test_what_arrived_before_there_is_an_outcome_was_the_question() -> None:
    rows = [happened("told", by="system", officer=None, status=status) for status in ("in_progress", "resolved")]

    card = case_view.whole(desk(), ticket(), rows)

    assert card.history == ("10:32 ส่งคำถามถึงผู้ร้องแล้ว", "10:32 แจ้งผลให้ผู้ร้องแล้ว")


def test_only_files_that_were_fetched_are_on_a_card() -> None:
    files = [
        SimpleNamespace(id="f1", kind="photo", status="ready", seconds=0),
        SimpleNamespace(id="f2", kind="photo", status="refused", seconds=0),
        SimpleNamespace(id="f3", kind="voice", status="ready", seconds=45),
    ]

    media = case_view.whole(desk(), ticket(), (), files).media

    assert [(one.kind, one.name, one.label) for one in media] == [
        ("photo", "f1", "ภาพจากผู้ร้อง"),
        ("voice", "f3", "ฟังเสียง (45 วินาที)"),
    ]


@pytest.mark.parametrize("language", ["th", "en"])
def test_there_are_words_for_everything_that_a_card_may_show(language: str) -> None:
    view = desk(texts=shelf().words(language))

    for status in STATUSES:
        for delivery in ("none", "waiting", "told", "call", "called"):
            for tell_by in TELL_BY:
                for channel in CHANNELS:
                    case = ticket(status=status, delivery=delivery, tell_by=tell_by, channel=channel, urgent=True)
                    assert all(case_view.whole(view, case, [happened(action) for action in ACTIONS]).lines)
    for action in ACTIONS:
        assert len(case_view.whole(view, ticket(), [happened(action)]).history) == 1


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0812345678 คุณสมศรี", "0812345678"),
        ("คุณสมศรี ๐๘๑-๒๓๔-๕๖๗๘", "0812345678"),
        ("+66 81 234 5678", "+66812345678"),
        ("042.111.222", "042111222"),
        ("ห้อง 12", ""),
        ("", ""),
    ],
)
def test_the_number_to_dial_is_found_in_what_was_typed(typed: str, number: str) -> None:
    assert case_view.dialled(typed) == number


def test_the_list_of_calls_has_the_number_what_to_say_and_the_buttons() -> None:
    case = ticket(status="resolved", delivery="call")

    card = case_view.to_call(desk(), case, "0812345678 คุณสมศรี", "ซ่อมแล้ว")
    unknown = case_view.to_call(desk(), case, "", "ซ่อมแล้ว")

    assert (card.place, card.words) == ("0812345678 คุณสมศรี", "ซ่อมแล้ว")
    assert [b.label for b in card.buttons] == ["โทร 0812345678", "โทรแล้ว", "เปิดเรื่อง"]
    assert unknown.place == "ไม่มีเบอร์โทร และส่ง LINE ไม่ถึง"
    assert [b.label for b in unknown.buttons] == ["รับทราบ ติดต่อไม่ได้", "เปิดเรื่อง"]


AGENCY = Agency("main", "เทศบาลตำบลตัวอย่าง", office=OFFICE)


def task(kind: str, language: str = "th") -> Instrument:
    return shelf().get(*shelf().newest(kind).key, language)


def test_the_questions_of_a_task_name_the_ticket() -> None:
    fitted = case_forms.about_ticket(task("case_resolve"), AGENCY, {"notice": "482-9151"})

    assert fitted.questions[1].text.startswith("เรื่อง 482-9151: ")
    assert "482-9151" in fitted.review


def test_filing_offers_the_agencys_categories_and_the_three_that_fit_first() -> None:
    answers = {"notice": "2026-11-21", "words": "ไฟทางดับ มืดมาก"}
    category = case_forms.filing(task("case_file"), AGENCY, answers).question("category")

    assert category is not None
    assert [o.value for o in category.options] == [c.id for c in OFFICE.rules.categories]
    assert category.shown[0] == "light"
    assert len(category.shown) == 3


def test_the_warning_of_corruption_is_asked_only_where_the_words_look_like_it() -> None:
    def asked(words: str) -> list[str]:
        answers = {"notice": "2026-11-21", "channel": "phone", "words": words}
        return [q.id for q in case_forms.filing(task("case_file"), AGENCY, answers).path(answers)]

    assert "sealed" not in asked("ไฟทางดับ")
    assert "sealed" in asked("เจ้าหน้าที่เรียกเงินใต้โต๊ะ")


def test_the_days_to_choose_from_are_named_and_count_from_the_day_on_which_filing_began() -> None:
    answers = {"notice": "2026-11-21"}
    days = case_forms.filing(task("case_file"), AGENCY, answers).question("earlier")
    english = case_forms.filing(task("case_file", "en"), AGENCY, answers).question("earlier")

    assert days is not None
    assert english is not None
    assert [days.options[0].label, days.options[-1].label] == ["พฤ. 19 พ.ย.", "ส. 7 พ.ย."]
    assert english.options[0].label == "Thu 19/11"
    assert [o.number for o in days.options] == [str(n) for n in range(1, 14)]


@pytest.mark.parametrize(
    ("chosen", "day"),
    [
        ({}, TODAY),
        ({"day": "0"}, TODAY),
        ({"day": "1"}, date(2026, 11, 20)),
        ({"day": "earlier", "earlier": "14"}, date(2026, 11, 7)),
        ({"day": "earlier"}, date(2026, 11, 19)),
    ],
)
def test_the_day_of_receipt_is_what_the_officer_says(chosen: dict[str, str], day: date) -> None:
    assert case_forms.received_on({"notice": "2026-11-21", **chosen}) == day
