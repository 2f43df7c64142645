"""What a sealed report is: its statuses, what it asks, why one may be opened. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

RECEIVED, IN_PROGRESS, REFERRED, RESOLVED, DISMISSED = "received", "in_progress", "referred", "resolved", "dismissed"
STATUSES = {
    RECEIVED: "รับเรื่องแล้ว",
    IN_PROGRESS: "กำลังตรวจสอบ",
    REFERRED: "ส่งต่อหน่วยงานที่มีอำนาจแล้ว",
    RESOLVED: "ตรวจสอบเสร็จแล้ว",
    DISMISSED: "ยุติเรื่อง",
}
CLOSED = frozenset({REFERRED, RESOLVED, DISMISSED})

REPORTER, OFFICER, NOTE = "reporter", "officer", "note"
"""The sides of a message. A note is between integrity officers; the reporter never sees it."""

REASONS = {
    "first": "อ่านเรื่องใหม่ครั้งแรก",
    "facts": "ตรวจสอบข้อเท็จจริง",
    "answer": "ตอบหรือสอบถามผู้แจ้ง",
    "report": "รายงานผู้บังคับบัญชาหรือหน่วยงานตรวจสอบ",
    "review": "ทบทวนก่อนยุติหรือส่งต่อ",
}
"""Why an officer opens a report. A list, because free words in the log could tell what the report says."""

QUESTIONS = {
    "what": ("เกิดอะไรขึ้น", "เล่าตามที่ท่านพบเห็น เช่น เรียกรับเงิน ฮั้วประมูล เบิกเท็จ", 4000),
    "who": ("ใครเกี่ยวข้อง", "ชื่อ ตำแหน่ง หรือลักษณะเท่าที่ทราบ", 1000),
    "when": ("เกิดเมื่อใด", "วันหรือช่วงเวลาโดยประมาณ", 500),
    "where": ("ที่ไหน", "สถานที่ หมู่บ้าน หรือชื่อโครงการ", 500),
    "reach": ("วิธีติดต่อท่าน", "เช่น เบอร์โทร อีเมล หรือเวลาที่สะดวกให้โทร", 500),
}
"""Field -> question, hint, longest answer in characters. Only ``what`` must be answered."""
LONGEST = 4000  # of a message in a report
LEAST = 10


class CaseError(Exception):
    """What was asked for does not fit the report as it stands. The message is for the officer, in Thai."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reporter has told. ``reach`` empty: anonymous."""

    what: str
    who: str = ""
    when: str = ""
    where: str = ""
    reach: str = ""


def number(report_id: str) -> str:
    """``381-204``: how officers name a report to each other. It tells neither how many there are nor which is older."""
    digits = f"{int(hashlib.sha256(report_id.encode()).hexdigest(), 16) % 10**6:06d}"
    return f"{digits[:3]}-{digits[3:]}"


def faults(fields: Mapping[str, str], contactable: bool) -> dict[str, str]:
    """What is wrong with a filled-in form: field -> one sentence."""
    found = {}
    for name, (_, _, longest) in QUESTIONS.items():
        if len(fields.get(name, "").strip()) > longest:
            found[name] = f"ยาวเกินไปค่ะ ขอไม่เกิน {longest:,} ตัวอักษร ส่วนที่เกินส่งเพิ่มภายหลังได้ด้วยรหัสติดตาม"
    if len(fields.get("what", "").strip()) < LEAST:
        found["what"] = "กรุณาเล่าเรื่องที่พบเห็นสักหนึ่งประโยคค่ะ"
    if contactable and not fields.get("reach", "").strip():
        found["reach"] = "กรุณาพิมพ์วิธีติดต่อท่าน หรือเลือก “ไม่เปิดเผยตัว” ค่ะ"
    return found


def told(fields: Mapping[str, str], contactable: bool) -> Told:
    """The report of a form without faults; how to reach an anonymous reporter is not kept, even when typed."""
    said = {name: fields.get(name, "").strip() for name in QUESTIONS}
    return Told(**said | ({} if contactable else {"reach": ""}))


def change(status: str, wanted: str, words: str) -> str:
    """The status after a change. Raises CaseError: the reporter must be told how it ended."""
    if wanted not in STATUSES or wanted == RECEIVED:
        raise CaseError("ไม่มีสถานะนี้")
    if wanted == status:
        raise CaseError(f"เรื่องนี้มีสถานะ “{STATUSES[wanted]}” อยู่แล้ว")
    if wanted in CLOSED and not words.strip():
        raise CaseError("การยุติหรือส่งต่อเรื่อง ต้องพิมพ์ผลให้ผู้แจ้งทราบ")
    return wanted
