"""The webhook, driven by a local LINE over HTTP and by hand."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import requests
from sqlalchemy import select, text

from bot.playground.line_webhooks import sign
from survey import db
from survey.settings import Agency, Settings
from survey.tables import drafts, responses, seen_events
from tests.bot.deployment import Deployment, deployed

EIT_BY_NUMBERS = ["1", "6", "๕", "2", "4", "เห็นด้วยค่ะ", "5", "0", "5 ครับ", "1"]


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(), sqlite_url) as deployment:
        yield deployment


def post(bot: Deployment, body: object, path: str = "/callback", secret: str = "test-secret") -> requests.Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-Line-Signature": sign(secret, raw)}
    return requests.post(bot.url + path, data=raw, headers=headers, timeout=5)


def said(number: int, words: str, user: str = "U" + "1" * 32) -> dict[str, object]:
    return {
        "type": "message",
        "webhookEventId": f"event-{number}",
        "timestamp": 1_795_000_000_000 + number,
        "mode": "active",
        "source": {"type": "user", "userId": user},
        "message": {"type": "text", "id": str(number), "text": words},
        "deliveryContext": {"isRedelivery": False},
    }


def rows(bot: Deployment, table: object = drafts) -> list[object]:
    with db.read(bot.engine) as conn:
        return list(conn.execute(select(table)).all())  # type: ignore[call-overload]


def test_a_resident_answers_by_taps_and_the_survey_costs_nothing(bot: Deployment) -> None:
    line = bot.line
    line.follow("ก")
    line.wait("ก", 1)
    for label in ["แบบสอบถามประจำปี (3 นาที)", "เริ่มตอบ", "เคย", *["เห็นด้วย"] * 2, "ไม่เคย", *["เห็นด้วย"] * 5, "เคย"]:
        count = len(line.inbox("ก"))
        line.press("ก", label)
        line.wait("ก", count + 1)
    line.press("ก", "ส่งคำตอบ")

    assert bot.file() == 1
    with db.read(bot.engine) as conn:
        answers = conn.execute(select(responses.c.answers)).scalar_one()
    assert answers == dict.fromkeys("e1 e2 e4 e5 e6 e7 e8".split(), "5") | {"e3": "never", "e9": "ever"}
    assert line.billable == 0


def test_everything_can_be_typed(bot: Deployment) -> None:
    for words in ["แบบสอบถามประจำปี", "เริ่มตอบ", *EIT_BY_NUMBERS, "ส่งคำตอบค่ะ"]:
        count = len(bot.line.inbox("ข"))
        bot.line.say("ข", words)
        bot.line.wait("ข", count + 1)

    assert bot.file() == 1
    assert "ขอบพระคุณ" in json.dumps(bot.heard("ข")[-1], ensure_ascii=False)


@pytest.mark.parametrize("signature", ["", "bm8=", "ไม่ใช่".encode().decode("latin-1")])
def test_a_bad_or_missing_signature_is_refused(bot: Deployment, signature: str) -> None:
    headers = {"X-Line-Signature": signature.encode("latin-1")} if signature else {}
    answer = requests.post(f"{bot.url}/callback", data=b'{"events":[]}', headers=headers, timeout=5)

    assert answer.status_code == 403


def test_the_verify_button_gets_its_200(bot: Deployment) -> None:
    assert bot.line.verify() == 200


def test_unknown_agency_404_and_too_much_413(bot: Deployment) -> None:
    assert post(bot, {"events": []}, "/callback/nowhere").status_code == 404
    assert post(bot, b"x" * (1024 * 1024 + 1)).status_code == 413


def test_a_signed_body_that_is_not_json_gets_200(bot: Deployment) -> None:
    assert [post(bot, body).status_code for body in (b"\xff\xfe", b"[]", b"{", b'"text"')] == [200] * 4


def test_one_odd_event_does_not_lose_its_neighbours(bot: Deployment) -> None:
    odd: list[object] = [{"type": "message"}, {"type": "hologram", "source": {"userId": "U1"}}, None, 7]
    answer = post(bot, {"events": [*odd, said(1, "แบบสอบถาม"), *odd, said(2, "เริ่มตอบ")]})

    assert answer.status_code == 200
    assert [row.answers for row in rows(bot)] == [{"notice": "start"}]  # type: ignore[attr-defined]


def test_events_of_one_body_are_taken_in_the_order_in_which_they_happened(bot: Deployment) -> None:
    post(bot, {"events": [said(3, "เคย"), said(2, "เริ่มตอบ"), said(1, "แบบสอบถาม")]})

    [draft] = rows(bot)
    assert draft.answers["screening"] == "yes"  # type: ignore[attr-defined]


def test_a_redelivered_event_changes_nothing_and_says_nothing(bot: Deployment) -> None:
    for words in ["แบบสอบถาม", "เริ่มตอบ", "เคย", "6"]:
        bot.line.say("ค", words)
    bot.line.wait("ค", 4)
    before = rows(bot)

    assert bot.line.redeliver() == [200] * 4

    assert rows(bot) == before
    assert len(bot.line.inbox("ค")) == 4


def test_when_the_commit_fails_line_is_asked_to_deliver_again(bot: Deployment) -> None:
    with db.write(bot.engine) as conn:
        conn.execute(text("ALTER TABLE respondents RENAME TO elsewhere"))
    assert post(bot, {"events": [said(1, "แบบสอบถาม")]}).status_code == 503
    with db.write(bot.engine) as conn:
        conn.execute(text("ALTER TABLE elsewhere RENAME TO respondents"))

    assert post(bot, {"events": [said(1, "แบบสอบถาม")]}).status_code == 200
    assert len(rows(bot)) == 1
    assert len(rows(bot, seen_events)) == 1


def test_a_lost_reply_is_harmless_the_next_message_asks_again(bot: Deployment) -> None:
    bot.line.say("ง", "แบบสอบถาม")
    bot.line.wait("ง", 1)
    bot.line.faults.drop("reply")  # LINE hangs up on it
    bot.line.say("ง", "เริ่มตอบ")
    while not bot.site.replies.counts["failed"]:
        time.sleep(0.01)

    bot.line.say("ง", "อะไรนะ")

    heard = bot.line.wait("ง", 3)
    assert "ตั้งแต่วันที่ 1 ตุลาคม 2569" in heard[-1]["altText"]


def test_a_group_is_told_to_open_a_private_chat_and_leaves_no_trace(bot: Deployment) -> None:
    bot.line.create_group("กลุ่มงาน", ["จ"])
    bot.line.invite("กลุ่มงาน")
    bot.line.say("จ", "สรุป", group="กลุ่มงาน")

    greeting, answer = sorted(bot.line.wait("กลุ่มงาน", 2), key=lambda message: -len(message["text"]))
    assert "เชื่อมกลุ่ม" in greeting["text"]
    assert answer["text"] == "เปิดในแชตส่วนตัว"
    assert rows(bot) == []


def test_a_body_for_another_agencys_account_is_refused(
    settings_factory: Callable[..., Settings], agency: Agency, sqlite_url: str
) -> None:
    other = replace(agency, id="other", name="อบต.อื่น", channel_secret="other-secret", channel_access_token="other")
    settings = settings_factory(agencies=(agency, other))
    with deployed(settings, sqlite_url) as bot:
        bot.line.add_channel("other-secret", "other", "", "U" + "9" * 32)

        mine = post(bot, {"destination": bot.line.channel.bot_user_id, "events": []})
        theirs = post(bot, {"destination": "U" + "9" * 32, "events": []})
        right = post(bot, {"destination": "U" + "9" * 32, "events": []}, "/callback/other", "other-secret")

    assert [mine.status_code, theirs.status_code, right.status_code] == [200, 403, 200]


def test_with_several_agencies_a_database_that_is_away_means_try_again(
    settings_factory: Callable[..., Settings], agency: Agency, sqlite_url: str
) -> None:
    other = replace(agency, id="other", channel_secret="other-secret", channel_access_token="other")
    with deployed(settings_factory(agencies=(agency, other)), sqlite_url) as bot:
        with db.write(bot.engine) as conn:
            conn.execute(text("ALTER TABLE channels RENAME TO elsewhere"))

        assert post(bot, {"destination": "U" + "1" * 32, "events": []}).status_code == 503
