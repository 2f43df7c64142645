"""The local LINE refuses, bills and forgets as LINE does. Over real HTTP, with the answers LINE documents."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from bot.playground.line_media import SAMPLE
from tests.line_openapi import check
from tests.playground.line_bot import text

KEY = "123e4567-e89b-12d3-a456-426614174000"


class Clock:
    """Time that a test moves by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


class Caller:
    """Calls the local LINE as a bot does."""

    def __init__(self, line: LocalLine) -> None:
        self.line = line
        self.pool = urllib3.PoolManager(retries=False)

    def __call__(self, method: str, path: str, body: Any = None, token: str = "local-token", **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {token}", **{name.replace("_", "-"): v for name, v in headers.items()}}
        answer = self.pool.request(method, self.line.url + path, json=body, headers=headers)
        self.headers = answer.headers
        return answer.status, json.loads(answer.data) if answer.data else None

    def reply(self, token: str, *messages: Any) -> Any:
        return self("POST", "/v2/bot/message/reply", {"replyToken": token, "messages": list(messages)})

    def push(self, to: str, *messages: Any, **headers: str) -> Any:
        return self("POST", "/v2/bot/message/push", {"to": to, "messages": list(messages)}, **headers)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def line(clock: Clock) -> Iterator[LocalLine]:
    with running_line(clock=clock, quota=5) as line:
        yield line


@pytest.fixture
def call(line: LocalLine) -> Iterator[Caller]:
    caller = Caller(line)
    yield caller
    caller.pool.clear()


def test_a_reply_token_answers_once(line: LocalLine, call: Caller) -> None:
    token = line.say("สมศรี", "สวัสดี").reply_token

    first, again = call.reply(token, text("ค่ะ")), call.reply(token, text("ค่ะ"))

    assert first[0] == 200
    check("ReplyMessageResponse", first[1])
    assert again == (400, {"message": "Invalid reply token"})
    assert [(m["how"], m["text"]) for m in line.inbox("สมศรี")] == [("reply", "ค่ะ")]


def test_a_reply_token_dies_after_a_minute(line: LocalLine, call: Caller, clock: Clock) -> None:
    token = line.say("สมศรี", "สวัสดี").reply_token
    clock.now += 61

    assert call.reply(token, text("ช้าไป")) == (400, {"message": "Invalid reply token"})


def test_a_refused_reply_does_not_spend_its_token(line: LocalLine, call: Caller) -> None:
    token = line.say("สมศรี", "สวัสดี").reply_token

    assert call.reply(token, text(""))[0] == 400
    assert call.reply(token, text("ค่ะ"))[0] == 200


def test_another_channels_token_cannot_be_used(line: LocalLine, call: Caller) -> None:
    line.add_channel("secret-2", "token-2", "", "U" + "2" * 32)
    token = line.say("สมศรี", "สวัสดี").reply_token

    body = {"replyToken": token, "messages": [text("ค่ะ")]}

    assert call("POST", "/v2/bot/message/reply", body, token="token-2")[0] == 400


def test_no_token_and_a_wrong_token_are_told_apart(call: Caller) -> None:
    missing = call("GET", "/v2/bot/info", Authorization="")
    wrong = call("GET", "/v2/bot/info", token="nonsense")

    assert missing[0] == wrong[0] == 401
    assert "header required" in missing[1]["message"]
    assert wrong[1]["message"].startswith("Authentication failed")
    check("ErrorResponse", wrong[1])


def test_a_wrong_text_is_named_with_its_place(line: LocalLine, call: Caller) -> None:
    token = line.say("สมศรี", "สวัสดี").reply_token

    status, body = call.reply(token, text("ดี"), text(""), {"type": "zzz"})

    assert status == 400
    assert body["message"] == "The request body has 2 error(s)"
    assert body["details"][0] == {"message": "May not be empty", "property": "messages[1].text"}
    assert body["details"][1]["property"] == "messages[2].type"
    check("ErrorResponse", body)


def test_a_push_costs_one_for_each_person_reached(line: LocalLine, call: Caller) -> None:
    line.follow("สมศรี")
    group = line.create_group("กองช่าง", ["ก", "ข", "ค"])
    line.invite("กองช่าง")

    call.push(line.world.person("สมศรี"), text("หนึ่ง"), text("สอง"))
    call.push(group, text("ถึงทุกคน"))

    assert line.billable == 4
    assert call("GET", "/v2/bot/message/quota/consumption") == (200, {"totalUsage": 4})
    assert call("GET", "/v2/bot/message/quota") == (200, {"type": "limited", "value": 5})


def test_over_the_quota_nothing_is_sent_until_next_month(line: LocalLine, call: Caller, clock: Clock) -> None:
    line.follow("สมศรี")
    user = line.world.person("สมศรี")
    for _ in range(5):
        assert call.push(user, text("x"))[0] == 200

    assert call.push(user, text("x")) == (429, {"message": "You have reached your monthly limit."})
    assert len(line.inbox("สมศรี")) == 5
    clock.now += 31 * 86_400
    assert call.push(user, text("x"))[0] == 200


def test_a_retry_key_is_accepted_once_a_day(line: LocalLine, call: Caller, clock: Clock) -> None:
    line.follow("สมศรี")
    user = line.world.person("สมศรี")

    status, first = call.push(user, text("เตือน"), X_Line_Retry_Key=KEY)
    accepted = call.headers["x-line-request-id"]
    again = call.push(user, text("เตือน"), X_Line_Retry_Key=KEY)

    assert status == 200
    assert again == (409, {"message": "The retry key is already accepted", **first})
    assert call.headers["x-line-accepted-request-id"] == accepted
    assert line.billable == 1
    clock.now += 24 * 3600 + 1
    assert call.push(user, text("เตือน"), X_Line_Retry_Key=KEY)[0] == 200


def test_a_blocked_person_gets_nothing_costs_nothing_and_has_no_profile(line: LocalLine, call: Caller) -> None:
    line.follow("สมศรี")
    user = line.world.person("สมศรี")
    assert call("GET", f"/v2/bot/profile/{user}")[1]["displayName"] == "สมศรี"
    line.block("สมศรี")

    assert call.push(user, text("x"))[0] == 200
    assert line.inbox("สมศรี") == []
    assert line.billable == 0
    assert call("GET", f"/v2/bot/profile/{user}") == (404, {"message": "Not found"})


def test_a_malformed_and_an_unknown_recipient_are_refused(call: Caller) -> None:
    assert "'to'" in call.push("somebody", text("x"))[1]["message"]
    assert call.push("U" + "9" * 32, text("x")) == (400, {"message": "Failed to send messages"})


def test_too_many_calls_in_a_second_are_refused(line: LocalLine, call: Caller) -> None:
    line.rate_limit = 2

    assert [call("GET", "/v2/bot/info")[0] for _ in range(3)] == [200, 200, 429]


def test_groups_answer_only_to_a_bot_inside(line: LocalLine, call: Caller) -> None:
    group = line.create_group("กองช่าง", ["ก", "ข"])
    assert call("GET", f"/v2/bot/group/{group}/summary")[0] == 404
    line.invite("กองช่าง")

    status, summary = call("GET", f"/v2/bot/group/{group}/summary")

    assert (status, summary["groupName"]) == (200, "กองช่าง")
    check("GroupSummaryResponse", summary)
    assert call("GET", f"/v2/bot/group/{group}/members/count") == (200, {"count": 2})
    member = call("GET", f"/v2/bot/group/{group}/member/{line.world.person('ก')}")[1]
    check("GroupUserProfileResponse", member)
    assert call("POST", f"/v2/bot/group/{group}/leave", {}) == (200, {})
    assert call.push(group, text("x"))[0] == 400


def test_the_bots_own_pages_follow_lines_schema(line: LocalLine, call: Caller) -> None:
    line.follow("สมศรี")
    line.channel.chat_mode = "chat"
    assert call("POST", "/v2/bot/channel/webhook/test", {})[0] == 404
    assert call("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": "http://127.0.0.1:9/callback"})[0] == 200
    user = line.world.person("สมศรี")
    for path, schema in {
        "/v2/bot/info": "BotInfoResponse",
        f"/v2/bot/profile/{user}": "UserProfileResponse",
        "/v2/bot/message/quota": "MessageQuotaResponse",
        "/v2/bot/message/quota/consumption": "QuotaConsumptionResponse",
        "/v2/bot/channel/webhook/endpoint": "GetWebhookEndpointResponse",
    }.items():
        status, body = call("GET", path)
        assert status == 200
        check(schema, body)
    check("TestWebhookEndpointResponse", call("POST", "/v2/bot/channel/webhook/test", {})[1])


def test_unsent_content_is_gone(line: LocalLine, call: Caller) -> None:
    sent = line.photo("สมศรี", b"\xff\xd8picture")
    path = f"/v2/bot/message/{sent.message_id}/content"
    assert (
        call.pool.request("GET", line.url + path, headers={"Authorization": "Bearer local-token"}).data[2:]
        == b"picture"
    )

    line.unsend("สมศรี", sent.message_id)

    assert call("GET", path)[0] == 404


def test_fault_switches_spoil_the_calls_they_name_before_or_after_the_work(line: LocalLine, call: Caller) -> None:
    line.follow("สมศรี")
    user = line.world.person("สมศรี")
    line.faults.fail(500, "push", times=1)
    line.faults.drop("push", times=1, after=True)
    line.faults.slow(0.05, "info")

    assert call("GET", "/v2/bot/info")[0] == 200
    assert call.push(user, text("x"))[0] == 500
    with pytest.raises(urllib3.exceptions.ProtocolError):
        call.push(user, text("x"), X_Line_Retry_Key=KEY)
    assert call.push(user, text("x"), X_Line_Retry_Key=KEY)[0] == 409


def test_the_calls_are_kept_for_contract_tests(line: LocalLine, call: Caller) -> None:
    line.follow("สมศรี")
    call.push(line.world.person("สมศรี"), text("x"), X_Line_Retry_Key=KEY)

    last = line.calls[-1]

    assert (last["path"], last["status"], last["retry_key"]) == ("/v2/bot/message/push", 200, KEY)
    check("PushMessageRequest", last["body"])
    assert line.call_counts["push 200"] == 1


def test_another_process_can_play_the_people(line: LocalLine, call: Caller) -> None:
    """The same through /playground/api, and nothing for other web pages."""
    sent = call("POST", "/playground/api/say", {"user": "สมศรี", "text": "สวัสดี"})[1]
    call.reply(sent["event"]["replyToken"], text("ค่ะ", "ไปต่อ"))

    inbox = call("GET", "/playground/api/inbox?user=สมศรี&count=1")[1]["messages"]
    pressed = call("POST", "/playground/api/press", {"user": "สมศรี", "label": "ไปต่อ"})

    assert [m["text"] for m in inbox] == ["ค่ะ"]
    assert pressed[1]["event"]["message"]["text"] == "ไปต่อ"
    assert call("GET", "/playground/api/counters")[1]["billable"] == 0
    assert call("POST", "/playground/api/say", {"user": "x", "words": "y"})[0] == 400
    assert call("POST", "/playground/api/say", {"user": "x", "text": "y"}, Origin="http://evil.example")[0] == 403


def test_a_voice_message_is_prepared_for_a_while_and_every_content_expires(line: LocalLine, call: Caller) -> None:
    sent = line.voice("สมศรี", seconds=7, ready_in=3600)
    path = f"/v2/bot/message/{sent.message_id}/content"
    assert sent.event["message"]["duration"] == 7000
    assert call("GET", path)[0] == 202
    assert call("GET", f"{path}/transcoding")[1] == {"status": "processing"}

    line.world.ready_at[sent.message_id] = 0.0
    headers = {"Authorization": "Bearer local-token"}
    assert call.pool.request("GET", line.url + path, headers=headers).data == SAMPLE.read_bytes()
    assert call("GET", f"{path}/transcoding")[1] == {"status": "succeeded"}

    line.expire(sent.message_id)
    assert call("GET", path)[0] == 404
    assert call("GET", f"{path}/transcoding")[1] == {"status": "failed"}


def test_the_page_sends_photos_at_once_and_lets_a_message_expire(line: LocalLine) -> None:
    def control(verb: str, **body: object) -> Any:
        return urllib3.request("POST", f"{line.url}/playground/api/{verb}", json=body)

    photo = base64.b64encode(b"picture").decode()
    sent = control("photos", user="สมศรี", contents=[photo, photo]).json()
    assert sent["event"]["message"]["imageSet"]["total"] == 2
    assert len(line.world.content) == 2

    assert control("expire", message_id=sent["message_id"]).status == 200
    assert len(line.world.content) == 1
    assert control("photos", user="สมศรี", contents=["no base64!"]).status == 400
    assert control("photos", user="สมศรี").status == 400
