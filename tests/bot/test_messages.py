"""Every message the bot can send is one that LINE takes: its OpenAPI file, its SDK, and the limits that no file states.

``judge`` (tests/bot/judge.py) is the contract; here is what it is shown: everything a wandering person gets to see, in
each language and role, and every phrase there is. Whatever else there may be: test_message_limits.py.
"""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.messages import Message, to_line
from survey import db, desk, library, officers, prompts
from survey.events import Button, Do, Follow, Prompt, Say
from survey.privacy import Keys
from survey.settings import Agency, Office, OfficialWindow, ServicePoint
from survey.state import Situation
from survey.texts import Texts
from survey.visitor import World
from tests.bot.judge import actions, graphemes, judge, words
from tests.bot.wanderer import HOSTILE, library_with_arabic, wander
from tests.survey.transcript import Chat

EIT = ["แบบสอบถาม", "เริ่มตอบ", "1"]
WORDS = library.load()
LONG_NAME = "องค์การบริหารส่วนตำบลหนองน้ำขุ่นกุดจับบ้านผือ" * 6


@pytest.fixture
def chat(sqlite_engine: Engine, agency: Agency, keys: Keys) -> Chat:
    return Chat(sqlite_engine, agency, keys)


def say(chat: Chat, *typed: str) -> list[Message]:
    """Type these one after the other; the messages that answer the last one, judged."""
    said = [chat.send(Say(text, text)) for text in typed][-1]
    messages = to_line(said)
    judge(messages)
    return messages


def listener(heard: set[str]) -> Callable[[tuple[Prompt, ...]], None]:
    """Judges what is said; ``heard`` collects the kinds."""

    def listen(said: tuple[Prompt, ...]) -> None:
        heard.update(prompt.kind for prompt in said)
        if said and said[0].kind != "scores":  # answered by score_reply, which has tests of its own
            judge(to_line(said))

    return listen


@pytest.mark.parametrize("language", ["th", "en", "ar"])
def test_a_resident_wandering_everywhere_gets_only_messages_that_line_takes(
    chat: Chat, language: str, tmp_path: Path
) -> None:
    chat.world = World(library_with_arabic(tmp_path), chat.keys, "https://siang.example.go.th")
    chat.send(Do("language", language))
    heard: set[str] = set()

    for seed in range(2):
        wander(chat, "A", 220, seed, listener(heard))

    assert heard == {"say", "menu", "notice", "question", "ready", "review"}


@pytest.mark.parametrize("role", officers.ROLES)
def test_an_officer_of_each_role_gets_only_messages_that_line_takes(chat: Chat, role: str) -> None:
    with db.write(chat.engine) as conn:
        code = officers.invite(conn, chat.keys, chat.agency.id, role, "", (), chat.now)
    heard: set[str] = set()
    listen = listener(heard)
    listen(chat.send(Say(code)))

    wander(chat, "A", 200, 1, listen)
    listen(chat.send(Do("menu")))
    listen(chat.send(Do("summary")))

    assert {"say", "menu", "scores"} <= heard


def test_inside_the_official_window_everything_said_is_taken_by_line(chat: Chat) -> None:
    url = "https://itas.nacc.go.th/แบบวัด EIT?รหัส=ก ข&x=%E0%B8%81"
    window = OfficialWindow(url, date(2026, 11, 1), date(2026, 12, 31))
    say(chat, *EIT)
    chat.agency = replace(chat.agency, office=replace(chat.agency.office, official_window=window))

    [answer] = say(chat, "6")

    [link] = [action["uri"] for action in actions(answer) if action["type"] == "uri"]
    assert link.startswith("https://itas.nacc.go.th/%E0%B9%81")
    assert link.endswith("&x=%E0%B8%81")  # what was encoded is not encoded twice
    wander(chat, "A", 100, 1, listener(set()))


def test_a_very_long_agency_name_and_a_hundred_service_points_fit(chat: Chat) -> None:
    points = tuple(ServicePoint(f"p{n}", f"{n} {HOSTILE[n % len(HOSTILE)]}"[:200]) for n in range(100))
    office = Office("042-000-111", "ทุกวัน", points=points)
    chat.agency = replace(chat.agency, name=LONG_NAME, office=office)
    listen = listener(set())
    listen(chat.send(Follow()))

    messages = say(chat, "ประเมิน")

    assert 1 < len(messages) <= 5
    shown = [text for message in messages for text in words(message["contents"])]
    assert {f"{n} <script>alert(1)</script>" for n in range(0, 100, 9)} <= set(shown)
    wander(chat, "A", 200, 2, listen)


def test_every_phrase_in_every_language_can_be_said(tmp_path: Path) -> None:
    for texts in library_with_arabic(tmp_path).texts.values():
        for phrase in texts.phrases:
            judge(to_line([prompts.plain(texts, filled(texts, phrase))]))
            judge(to_line([prompts.plain(texts, "?", Button(filled(texts, phrase), Do("menu")))]))


def test_what_cannot_be_answered_is_said_too(chat: Chat, agency: Agency) -> None:
    bare = Situation(WORDS.words("th"), agency.name, Office())
    for command in desk.COMMANDS:
        turn = desk.command(bare, command)
        if turn.prompts and turn.prompts[0].kind != "scores":
            judge(to_line(turn.prompts))


def test_the_phone_number_is_a_link_that_dials(chat: Chat) -> None:
    [answer] = say(chat, "โทรหาเจ้าหน้าที่")

    assert [action["uri"] for action in actions(answer)] == ["tel:042000111"]


def test_a_phone_line_without_a_number_is_said_and_no_link(chat: Chat) -> None:
    chat.agency = replace(chat.agency, office=replace(chat.agency.office, phone="ถามที่เคาน์เตอร์"))

    [answer] = say(chat, "โทรหาเจ้าหน้าที่")

    assert "ถามที่เคาน์เตอร์" in answer["text"]


def test_a_question_is_one_bubble_with_seven_buttons_alike_and_says_what_can_be_typed(chat: Chat) -> None:
    *_, question = say(chat, *EIT)
    body = question["contents"]["body"]["contents"]
    [options] = [part["contents"] for part in body if len(part.get("contents", [])) == 7]

    looks = {json.dumps({k: v for k, v in option.items() if k not in ("contents", "action")}) for option in options}
    assert len(looks) == 1
    assert [words(option) for option in options][:2] == [["1", "ไม่เห็นด้วยอย่างยิ่ง"], ["2", "ไม่เห็นด้วย"]]
    assert words(question["contents"])[:2] == ["คำตอบเมื่อครู่: เคย", "ข้อ 1 จาก 9"]
    assert question["altText"].startswith("ข้อ 1 จาก 9\nเจ้าหน้าที่ปฏิบัติงาน")  # what a notification shows
    assert "พิมพ์" in words(question["contents"])[-1]
    chips = [item["action"]["label"] for item in question["quickReply"]["items"]]
    assert chips == ["ย้อนกลับ", "ข้าม", "หยุด"]
    assert all(part["scaling"] for part in _texts(question))


def test_an_arabic_question_runs_from_right_to_left(chat: Chat, tmp_path: Path) -> None:
    chat.world = World(library_with_arabic(tmp_path), chat.keys)
    chat.send(Do("language", "ar"))

    *_, question = say(chat, *EIT)

    assert question["contents"]["direction"] == "rtl"


def test_the_answer_to_the_bribery_question_shows_nowhere(chat: Chat) -> None:
    """After each of the three answers the bot says exactly the same: next question, end, review."""
    said: list[str] = []
    for option in ("เคย", "ไม่เคย", "ไม่ทราบ"):
        after = say(chat, "ลบข้อมูล", *EIT, "6", "6", option)
        if not said:
            assert "สินบน" not in json.dumps(after, ensure_ascii=False)
        ready = say(chat, *["6"] * 5, "1")
        said.append(without_draft([after, ready, say(chat, "ตรวจคำตอบ")]))

    assert said[0] == said[1] == said[2]


def test_a_long_comment_is_cut_in_the_review_and_whole_in_the_store(chat: Chat) -> None:
    for comment in HOSTILE:
        said = say(chat, "ลบข้อมูล", *EIT, *["6"] * 2, "2", *["6"] * 5, "1", "ตอบเพิ่ม", *["ข้าม"] * 4, comment)
        judge(said)
        review = say(chat, "ตรวจคำตอบ")

        assert all(graphemes(text) <= 130 for message in review for text in words(message["contents"]))
        assert say(chat, "ส่งคำตอบ")


def filled(texts: Texts, phrase: str) -> str:
    return re.sub(r"\{\w+\}", LONG_NAME, texts.phrases[phrase])


def without_draft(messages: object) -> str:
    """The messages, with the draft's random id taken out of their buttons."""
    return re.sub(r"(t\||d\|\w+\|\w*\|)[\w-]+", r"\1draft", json.dumps(messages))


def _texts(part: object) -> list[dict[str, object]]:
    if isinstance(part, list):
        return [text for inner in part for text in _texts(inner)]
    if not isinstance(part, dict):
        return []
    own = [part] if part.get("type") == "text" and "size" in part else []
    return own + [text for inner in part.values() for text in _texts(inner)]
