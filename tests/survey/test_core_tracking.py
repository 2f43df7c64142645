"""What complainants see of their own tickets: only what was meant for them, and only what they can do now."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import complaint, desk, reception, tracking_prompts
from survey.events import Do, Dropped, Link, Ordered, Say
from survey.tracking_prompts import Own
from tests.conftest import OFFICE
from tests.survey.core import begun, here, said, shelf, state

TEXTS = shelf().words("th")
AT = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # after midnight in Bangkok


def ticket(**more: object) -> Any:
    values: dict[str, object] = {
        "id": "t1",
        "ticket": "4829153",
        "category": "road",
        "status": complaint.RECEIVED,
        "words": "ถนนเป็นหลุม",
        "masked": "ถนนเป็นหลุม",
        "question": "",
        "rating": None,
        "confirmed": False,
        "urgent": False,
        "tell_by": "line",
        "received_on": date(2026, 11, 21),
        "due_on": date(2026, 12, 6),
    }
    return SimpleNamespace(**{**values, **more})


def own(**more: object) -> Own:
    row = ticket(**more)
    return Own(row, row)


def happened(action: str, words: str = "", *, told: bool = False) -> Any:
    return SimpleNamespace(action=action, words=words, told=told, at=AT)


def whole(held: Own, *history: Any, language: str = "th") -> tuple[str, list[str]]:
    """The text and the labels of the buttons."""
    prompt = tracking_prompts.whole(shelf().words(language), OFFICE, held, history)
    return prompt.text, [button.label for button in prompt.buttons]


def test_without_tickets_there_is_a_way_to_file_one() -> None:
    [button] = tracking_prompts.listing(TEXTS, OFFICE, ()).buttons

    assert button.action == Do("report")


def test_the_list_names_eight_and_counts_all() -> None:
    prompt = tracking_prompts.listing(TEXTS, OFFICE, [own(id=f"t{n}") for n in range(10)])

    assert "10 เรื่อง" in prompt.text
    assert [button.action for button in prompt.buttons] == [Do("track", f"t{n}") for n in range(8)]
    assert prompt.buttons[0].label == "482-9153 ถนน ทางเท้า สะพาน · รับเรื่องแล้ว"


@pytest.mark.parametrize(
    ("status", "more", "labels"),
    [
        (complaint.RECEIVED, {}, ["แจ้งเพิ่ม หรือส่งภาพ", "ยกเลิกเรื่องนี้"]),
        (complaint.IN_PROGRESS, {"question": "ฝั่งไหน"}, ["ตอบคำถาม", "แจ้งเพิ่ม หรือส่งภาพ", "ยกเลิกเรื่องนี้"]),
        (complaint.RESOLVED, {}, ["แก้ไขแล้วจริง", "ยังไม่เรียบร้อย"]),
        (complaint.RESOLVED, {"confirmed": True}, [TEXTS("track_rate_now")]),
        (complaint.RESOLVED, {"confirmed": True, "rating": 4}, []),
        (complaint.REJECTED, {}, []),
        (complaint.CANCELLED, {}, []),
    ],
)
def test_each_status_offers_what_can_be_done(status: str, more: dict[str, object], labels: list[str]) -> None:
    assert whole(own(status=status, **more))[1] == labels


def test_the_limit_is_said_as_long_as_somebody_works_on_it() -> None:
    assert "กำหนดแล้วเสร็จ 6 ธ.ค. 69" in whole(own())[0]
    assert "กำหนดแล้วเสร็จ" not in whole(own(status=complaint.RESOLVED))[0]
    assert "Due by 06/12/2026" in whole(own(), language="en")[0]


def test_what_was_meant_for_them_is_shown_and_notes_are_not() -> None:
    history = (
        happened("receive"),
        happened("accept", "รับไว้เอง"),
        happened("note", "ผู้ร้องเจ้าประจำ"),
        happened("ask", "หมู่ไหน", told=True),
        happened("ask", "ฝั่งไหน", told=True),
        happened("answer", "ฝั่งโรงเรียน เลขบัตร 1234567890121", told=True),
    )

    text, _ = whole(own(question="ฝั่งไหน", rating=4), *history)

    assert "• 22 พ.ย. 69 เจ้าหน้าที่รับเรื่อง\n" in text
    assert "เจ้าหน้าที่ถาม: “หมู่ไหน”" in text
    assert "เจ้าหน้าที่ถามว่า “ฝั่งไหน”" in text
    assert text.count("ฝั่งไหน") == 1  # what is still asked stands below alone
    assert "ท่านให้คะแนน 4 จาก 5" in text
    for hidden in ("รับไว้เอง", "เจ้าประจำ", "1234567890121"):
        assert hidden not in text


def test_only_the_latest_steps_are_shown() -> None:
    text, _ = whole(own(), *(happened("add", f"ครั้งที่ {n}", told=True) for n in range(1, 10)))

    assert [n for n in range(1, 10) if f"ครั้งที่ {n}”" in text] == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(("status", "labels"), [(complaint.IN_PROGRESS, []), (complaint.RESOLVED, ["ยังไม่เรียบร้อย"])])
def test_a_merged_ticket_has_the_status_of_the_other(status: str, labels: list[str]) -> None:
    merged = Own(ticket(status=complaint.MERGED), ticket(id="t2", status=status))

    text, shown = whole(merged)

    assert "รวมทำกับเรื่องเดียวกัน" in text
    assert TEXTS(f"case_status_{status}") in text
    assert shown == labels


def test_what_another_complainant_of_the_same_says_is_told_without_their_words() -> None:
    theirs, own_words = (happened("reopen", "บ้านฉันอยู่ตรงข้าม", told=told) for told in (False, True))

    text, _ = whole(own(status=complaint.IN_PROGRESS), theirs)
    assert "ผู้แจ้งเรื่องเดียวกันแจ้งว่ายังไม่เรียบร้อย" in text
    assert "ตรงข้าม" not in text
    assert "ท่านแจ้งว่ายังไม่เรียบร้อย: “บ้านฉันอยู่ตรงข้าม”" in whole(own(status=complaint.IN_PROGRESS), own_words)[0]


def test_words_that_are_gone_are_shown_as_the_register_has_them() -> None:
    assert "“ถนน[ชื่อ]”" in whole(own(words="", masked="ถนน[ชื่อ]"))[0]


@pytest.mark.parametrize(
    ("status", "shown"), [(complaint.RESOLVED, ["p2"]), (complaint.IN_PROGRESS, []), (complaint.REJECTED, [])]
)
def test_what_was_mended_is_seen_and_what_others_sent_is_not(status: str, shown: list[str]) -> None:
    files = [
        SimpleNamespace(id="p1", kind="photo", status="ready"),
        SimpleNamespace(id="p2", kind="after", status="ready"),
        SimpleNamespace(id="p3", kind="after", status="waiting"),
    ]

    prompt = tracking_prompts.whole(TEXTS, OFFICE, own(status=status), (), files)

    assert [media.name for media in prompt.media] == shown


def test_five_stars_stand_first() -> None:
    actions = [button.action for button in tracking_prompts.stars(TEXTS, "t1").buttons]

    assert actions == [Do("stars", f"t1:{n}") for n in (5, 4, 3, 2, 1)]


def test_cancelling_is_asked_once_more() -> None:
    prompt = tracking_prompts.really_cancel(TEXTS, ticket())

    assert [button.action for button in prompt.buttons] == [Do("cancel", "t1:yes"), Do("track", "t1")]


@pytest.mark.parametrize("tell_by", ["line", "phone", "none"])
def test_the_number_and_what_happens_next_are_said(tell_by: str) -> None:
    calm = tracking_prompts.filed(TEXTS, OFFICE, ticket(tell_by=tell_by)).text
    urgent = tracking_prompts.filed(TEXTS, OFFICE, ticket(tell_by=tell_by, urgent=True)).text

    assert "482-9153" in calm
    assert "15 วัน" in calm
    assert urgent == f"{calm}\n{TEXTS('filed_urgent')}"


@pytest.mark.parametrize(
    ("action", "merged", "commands"),
    [
        ("ask", False, ["answer", "track"]),
        ("resolve", False, ["confirm", "reopen", "track"]),
        ("resolve", True, ["reopen", "track"]),
        ("reject", False, ["track"]),
    ],
)
def test_news_come_with_what_can_be_answered(action: str, merged: bool, commands: list[str]) -> None:
    found = [button.action for button in tracking_prompts.after_news(TEXTS, action, "t1", merged=merged)]

    assert [one.command for one in found if isinstance(one, Do)] == commands
    assert {one.argument for one in found if isinstance(one, Do)} == {"t1"}


@given(st.sampled_from(complaint.STATUSES), st.booleans(), st.sampled_from([None, 3]), st.sampled_from(["", "ฝั่งไหน"]))
def test_no_status_offers_a_link_or_more_than_five_ways(
    status: str, confirmed: bool, rating: int | None, question: str
) -> None:
    held = own(status=status, confirmed=confirmed, rating=rating, question=question)

    prompt = tracking_prompts.whole(TEXTS, OFFICE, held, ())

    assert len(prompt.buttons) <= 4
    assert not any(isinstance(button.action, Link) for button in prompt.buttons)


# ---- who is meant by a number, and by an officer's word ----


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ติดตาม 482-9153", "4829153"),
        ("ติดตามเรื่อง #482 9153", "4829153"),
        ("follow 4829153", "4829153"),
        ("111-0000", ""),  # no ticket has this check digit, so it is any number
        ("ติดตาม 111-0000", "1110000"),  # it was meant as one, and is answered as one
    ],
)
def test_a_ticket_number_is_looked_up(typed: str, wanted: str) -> None:
    turn = reception.respond(here(), Say(typed))

    assert [fact.argument for fact in turn.facts if isinstance(fact, Ordered)] == ([wanted] if wanted else [])


def test_a_number_typed_as_an_answer_is_no_ticket() -> None:
    number = complaint.ticket_number(482915)

    turn = reception.respond(here(begun()), Say(number))

    assert not any(isinstance(fact, Ordered) for fact in turn.facts)


def test_an_officers_word_is_an_order_and_a_resident_who_types_it_gives_none() -> None:
    orders = [
        [fact.command for fact in reception.respond(here(role=role), Say("เรื่องใหม่")).facts if isinstance(fact, Ordered)]
        for role in ("officer", None)
    ]

    assert orders == [["new"], []]


def test_the_task_of_an_officer_who_was_removed_is_dropped() -> None:
    task = state({"notice": "4829153"}, kind="case_note")

    turn = reception.respond(here(task), Say("โทรแล้ว"))

    assert Dropped() in turn.facts
    assert said(turn) == [TEXTS("case_gone_role")]


def test_integrity_officers_find_their_page_first_in_the_menu() -> None:
    menu = desk.menu(here(role="integrity"))

    assert menu.buttons[0].action == Do("sealed_desk")
