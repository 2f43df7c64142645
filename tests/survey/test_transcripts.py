"""Each path of the conversation as a chat that can be read: see transcript.py for how."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from survey.events import Do, Prompt, Tap
from survey.privacy import Keys
from survey.settings import Agency
from tests.survey.transcript import Chat, replay

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))
PROMISED = """
ติชมบริการวันนี้ (1 นาที)
แบบสอบถามประจำปี (3 นาที)
แจ้งเรื่อง
ติดตามเรื่อง
โทรหาเจ้าหน้าที่
ช่วยเหลือ
เริ่มตอบ
ประกาศความเป็นส่วนตัว
แบบสอบถามความเห็นต่อบริการของ เทศบาลตำบลตัวอย่าง (สำรวจเอง ไม่ใช่ ITA ของ ป.ป.ช.)
ขณะนี้ ป.ป.ช. เปิดแบบวัด EIT อย่างเป็นทางการแล้ว แบบสอบถามนี้ใช้แทนกันไม่ได้ กรุณาตอบที่ลิงก์นี้
ตอบเพิ่ม (ไม่บังคับ)
ไม่ระบุ
ไม่ทราบ/ไม่ขอตอบ
ส่งคำตอบ
ข้อ 3 จาก 9
ตรวจคำตอบ
[ทำต่อ | เริ่มใหม่]
คนอื่นในบ้านต้องการตอบ
เจ้าหน้าที่ช่วยกรอก
ข้อนี้ขอให้ผู้ตอบกดเอง
เปิดในแชตส่วนตัว
"""


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda p: p.stem)
def test_the_conversation_goes_as_written(path: Path, quick_engine: Engine, agency: Agency, keys: Keys) -> None:
    said = replay(path, Chat(quick_engine, agency, keys))

    if os.environ.get("UPDATE_TRANSCRIPTS"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("phrase", PROMISED.strip().splitlines())
def test_what_was_promised_is_said_word_for_word(phrase: str) -> None:
    said = [line for path in TRANSCRIPTS for line in path.read_text(encoding="utf-8").splitlines() if line[:1] == "<"]

    assert any(phrase in line for line in said)


def test_a_new_friend_answers_the_eit_in_twelve_taps_and_types_nothing(
    quick_engine: Engine, agency: Agency, keys: Keys
) -> None:
    """Counted from the notice on: notice 1, screening 1, items 9, send 1. Every tap is the first button shown."""
    chat = Chat(quick_engine, agency, keys)
    chat.do("(follow)")
    [said] = chat.do("[แบบสอบถามประจำปี (3 นาที)]")
    kinds: list[str] = []

    while said.kind in ("notice", "question", "ready"):
        kinds.append(said.kind)
        [said] = chat.send(_first_tap(said))

    assert kinds == ["notice", *["question"] * 10, "ready"]
    assert len(kinds) == 12
    assert chat.stored()[0].startswith("closed: e1=1 e2=1 e3=ever e4=1")


def test_options_of_a_question_look_alike(quick_engine: Engine, agency: Agency, keys: Keys) -> None:
    """No face or colour pushes: every option is words and a number, and nothing else differs."""
    chat = Chat(quick_engine, agency, keys)

    for instrument in chat.library.instruments.values():
        for question in instrument.questions:
            for option in question.options:
                assert not any(
                    ord(character) > 0xFFFF or 0x2600 <= ord(character) < 0x2800 for character in option.label
                )


def _first_tap(said: Prompt) -> Tap | Do:
    action = said.buttons[0].action
    assert isinstance(action, Tap | Do)
    return action
