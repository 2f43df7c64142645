"""The webhooks of the local LINE: signed, shaped as LINE's webhook.yml says, redelivered with the same id."""

import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from linebot.v3.webhook import WebhookParser

from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from tests.line_openapi import check
from tests.playground.line_bot import question, running_bot, text


def silent(_: dict[str, Any]) -> list[dict[str, Any]]:
    return []


@pytest.fixture
def line() -> Iterator[LocalLine]:
    with running_line("the-secret") as line:
        yield line


def test_the_signature_covers_the_raw_bytes(line: LocalLine) -> None:
    with running_bot(line, silent) as bodies:
        line.say("สมศรี", "สวัสดี")

    digest = hmac.new(b"the-secret", bodies[0]["raw"], hashlib.sha256).digest()
    assert bodies[0]["signature"] == base64.b64encode(digest).decode()


def test_every_event_is_shaped_as_line_says_and_read_by_the_sdk(line: LocalLine) -> None:
    group = line.create_group("กองช่าง", ["สมศรี"])
    with running_bot(line, silent) as bodies:
        line.follow("สมศรี")
        said = line.say("สมศรี", "ทดสอบ 😀")
        line.sticker("สมศรี")
        for kind, mime in {
            "image": "image/jpeg",
            "video": "video/mp4",
            "audio": "audio/mp4",
            "file": "text/plain",
        }.items():
            line.media("สมศรี", kind, b"x", mime)
        line.location("สมศรี")
        line.tap("สมศรี", "q1:2")
        line.tap("สมศรี", "day", params={"date": "2026-11-21"})
        line.unsend("สมศรี", said.message_id)
        line.invite("กองช่าง")
        line.say("สมศรี", "ในกลุ่ม", group=group)
        line.join("กองช่าง", "มาลี")
        line.leave("กองช่าง", "มาลี")
        line.remove_bot("กองช่าง")
        line.block("สมศรี")

    kinds = [event["type"] for body in bodies for event in body["events"]]
    one_to_one = ["follow", *["message"] * 7, "postback", "postback", "unsend"]
    assert kinds == [*one_to_one, "join", "message", "memberJoined", "memberLeft", "leave", "unfollow"]
    parser = WebhookParser("the-secret")
    for body in bodies:
        raw = json.loads(body["raw"])
        check("CallbackRequest", raw, "webhook")
        [parsed] = parser.parse(body["raw"].decode(), body["signature"])
        assert parsed.webhook_event_id == raw["events"][0]["webhookEventId"]
        assert len(parsed.webhook_event_id) == 26


def test_a_tap_sends_its_data_and_keeps_its_display_text_to_the_chat(line: LocalLine) -> None:
    with running_bot(line, silent) as bodies:
        line.tap("สมศรี", "q1:2", display_text="เห็นด้วย")

    assert bodies[0]["events"][0]["postback"] == {"data": "q1:2"}


def test_pressing_a_label_does_what_the_button_does(line: LocalLine) -> None:
    def answers(event: dict[str, Any]) -> list[dict[str, Any]]:
        return [question()] if event["type"] == "message" else [text(event["postback"]["data"])]

    with running_bot(line, answers):
        line.say("สมศรี", "เริ่ม")
        line.press("สมศรี", "เห็นด้วย")

        assert line.wait("สมศรี", 2)[1]["text"] == "q3:1"
        with pytest.raises(LookupError):
            line.press("สมศรี", "ข้าม")  # the chip was under the question, which is no longer the newest message


def test_verify_posts_an_empty_list(line: LocalLine) -> None:
    with running_bot(line, silent) as bodies:
        assert line.verify() == 200

    assert bodies[0]["events"] == []


def test_an_unanswered_event_comes_again_with_the_same_id(line: LocalLine) -> None:
    line.webhooks.redelivery = (0.02, 0.02, 0.02)
    statuses = iter([503, 500, 200])
    with running_bot(line, lambda _: [text("ค่ะ")], lambda: next(statuses)) as bodies:
        assert line.say("สมศรี", "สวัสดี").status == 503
        deadline = time.monotonic() + 5
        while len(bodies) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)

    events = [body["events"][0] for body in bodies]
    assert len({event["webhookEventId"] for event in events}) == 1
    assert [event["deliveryContext"]["isRedelivery"] for event in events] == [False, True, True]
    assert len(line.inbox("สมศรี")) == 1  # the token was used by the first answer


def test_a_bot_that_is_down_or_slow_is_reported_as_no_answer(line: LocalLine) -> None:
    line.webhook_url = "http://127.0.0.1:9/callback"
    assert line.say("สมศรี", "สวัสดี").status == 0

    def sleepy(_: dict[str, Any]) -> list[dict[str, Any]]:
        time.sleep(0.3)
        return []

    line.webhooks.timeout = 0.1
    with running_bot(line, sleepy):
        assert line.say("สมศรี", "สวัสดี").status == 0


def test_several_events_can_share_a_body_and_come_again_in_another_order(line: LocalLine) -> None:
    with running_bot(line, silent) as bodies:
        with line.webhooks.together():
            line.say("สมศรี", "หนึ่ง")
            line.say("มาลี", "สอง")
        events = [event for _, event in line.webhooks.sent]
        line.redeliver(random.Random(1).sample(events, 2))

    assert [len(body["events"]) for body in bodies] == [2, 1, 1]
    again = {body["events"][0]["webhookEventId"] for body in bodies[1:]}
    assert again == {event["webhookEventId"] for event in events}


def test_channels_sign_with_their_own_secret(line: LocalLine) -> None:
    with running_bot(line, silent) as bodies:
        other = line.add_channel("other-secret", "other-token", line.webhook_url, "U" + "2" * 32)
        line.say("สมศรี", "สวัสดี", channel=other)

    assert bodies[0]["destination"] == other.bot_user_id
    assert WebhookParser("other-secret").parse(bodies[0]["raw"].decode(), bodies[0]["signature"])


def test_a_person_who_blocked_the_bot_cannot_write_to_it(line: LocalLine) -> None:
    line.follow("สมศรี")
    line.block("สมศรี")

    with pytest.raises(ValueError, match="blocked"):
        line.say("สมศรี", "สวัสดี")
    assert line.unblock("สมศรี").event["follow"] == {"isUnblocked": True}
