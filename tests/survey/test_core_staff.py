"""What officers type for their work on complaints."""

import pytest

from survey import staff
from survey.complaint import shown, ticket_number
from survey.events import Do

TICKET = ticket_number(482915)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("เรื่องใหม่", "new"),
        ("เรื่องใหม่ค่ะ", "new"),
        ("งานของฉัน", "mine"),
        ("เกินกำหนด", "late"),
        ("ใกล้ครบกำหนด", "late"),
        ("โทรแจ้งผู้ร้อง", "calls"),
        ("รับเรื่องแทนครับ", "file_for"),
        ("My cases", "mine"),
    ],
)
def test_words_for_work_are_understood_politely_or_not(typed: str, command: str) -> None:
    assert staff.order(typed) == Do(command)
    assert staff.order(typed, answering=True) == Do(command)


@pytest.mark.parametrize(
    "typed",
    [
        f"เรื่อง {TICKET}",
        f"เรื่อง{shown(TICKET)}",
        f"เรื่องที่ #{TICKET}",
        f"case {shown(TICKET)}",
        "เรื่อง ๔๘๒-๙๑๕๑",
        "เรื่อง 482 9151 ครับ",
    ],
)
def test_a_ticket_is_asked_for_by_its_number_also_in_the_middle_of_a_task(typed: str) -> None:
    assert staff.order(typed) == Do("case", TICKET)
    assert staff.order(typed, answering=True) == Do("case", TICKET)


def test_figures_and_confirmations_may_name_their_month() -> None:
    assert staff.order("สรุปเรื่องร้องเรียน") == Do("statistics")
    assert staff.order("สรุปเรื่องร้องเรียน ก.พ. 70") == Do("statistics", "ก.พ. 70")
    assert staff.order("ยืนยันช่องทางอื่น ๒๕๗๐-๐๒ ค่ะ") == Do("confirm_month", "2570-02")
    assert staff.order("สรุปเรื่องร้องเรียน ของกองช่าง") is None


def test_a_bare_number_asks_for_the_ticket_unless_a_question_waits_for_words() -> None:
    assert staff.order(shown(TICKET)) == Do("case", TICKET)
    assert staff.order(TICKET, answering=True) is None
    assert staff.order("4829153") is None  # no ticket's: the check digit is another


def test_a_mistyped_number_after_the_word_is_looked_up_and_will_be_told_not_to_be_there() -> None:
    assert staff.order("เรื่อง 4829153") == Do("case", "4829153")


@pytest.mark.parametrize("typed", ["เรื่อง", "เรื่องน้ำประปา", "เรื่อง 12", "new", "ขอบคุณครับ", "", "เรื่อง 48291511"])
def test_other_words_are_no_orders(typed: str) -> None:
    assert staff.order(typed) is None


def test_tasks_of_officers_are_known_by_their_kind() -> None:
    assert staff.is_task("case_resolve")
    assert not staff.is_task("complaint")
