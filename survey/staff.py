"""What officers type: words that are no answers of residents, and the tasks that their buttons begin. Pure."""

import re

from survey.complaint import read_ticket
from survey.events import Do
from survey.texts import normal
from survey.thai import parse_month

TASKS = {
    "ask": "case_ask",
    "note": "case_note",
    "resolve": "case_resolve",
    "reject": "case_reject",
    "merge_with": "case_merge",
    "file_for": "case_file",
}
"""Command -> kind of the instrument that asks for what it needs."""

_TYPED = {
    "new": ("เรื่องใหม่", "งานใหม่", "new cases"),
    "mine": ("งานของฉัน", "เรื่องของฉัน", "my cases"),
    "late": ("เกินกำหนด", "ใกล้ครบกำหนด", "ครบกำหนด", "เรื่องเกินกำหนด", "late cases"),
    "calls": ("โทรแจ้งผู้ร้อง", "โทรแจ้งผล", "calls to make"),
    "file_for": ("รับเรื่องแทน", "ลงเรื่องแทน", "file for somebody"),
    "sealed_desk": ("เรื่องลับ", "sealed reports"),
    "statistics": ("สรุปเรื่องร้องเรียน", "สถิติเรื่องร้องเรียน", "สรุป เรื่องร้องเรียน", "complaint statistics"),
    "confirm_month": ("ยืนยันช่องทางอื่น", "confirm other channels"),
    "link_group": ("เชื่อมกลุ่ม", "เชื่อมกลุ่ม line", "link a group"),
    "unlink_group": ("เลิกเชื่อมกลุ่ม", "ยกเลิกเชื่อมกลุ่ม", "unlink a group"),
}
_WORDS = {normal(word): command for command, words in _TYPED.items() for word in words}
_OF_A_MONTH = [normal(word) for name in ("statistics", "confirm_month") for word in _TYPED[name]]
_BEFORE_A_NUMBER = ("เรื่องที่", "เรื่อง", "case")


def order(typed: str, answering: bool = False) -> Do | None:
    """The order meant by what an officer typed; None: it is none.

    ``answering``: a question waits for words, so a bare number is its answer and not a ticket to look up.
    """
    said = normal(typed)
    if said in _WORDS:
        return Do(_WORDS[said])
    if (of_month := _of_month(said)) is not None:
        return of_month
    named = next((said.removeprefix(word) for word in _BEFORE_A_NUMBER if said.startswith(word)), None)
    if named is None:
        ticket = None if answering else read_ticket(said)
    else:  # a number that was mistyped is told to be none
        digits = named.strip(" #").replace("-", "").replace(" ", "")
        ticket = digits if re.fullmatch(r"[0-9]{7}", digits) else None
    return Do("case", ticket) if ticket else None


def _of_month(said: str) -> Do | None:
    """``สรุปเรื่องร้องเรียน ก.พ. 70``"""
    word = next((word for word in _OF_A_MONTH if said.startswith(f"{word} ")), None)
    if word is None:
        return None
    month = said.removeprefix(f"{word} ")
    try:
        parse_month(month)
    except ValueError:
        return None
    return Do(_WORDS[word], month)


def is_task(kind: str) -> bool:
    """Is an instrument of this kind answered by officers only?"""
    return kind in TASKS.values()
