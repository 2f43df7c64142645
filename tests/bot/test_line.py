"""The LINE client against the local LINE, over HTTP and through the SDK."""

import gc
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response

from bot.line import LineClient, LineError
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from bot.playground.serve import running
from survey.settings import Agency

HELLO = [{"type": "text", "text": "สวัสดีค่ะ"}]
KEY = "123e4567-e89b-12d3-a456-426614174000"


@pytest.fixture
def line(agency: Agency) -> Iterator[LocalLine]:
    with running_line(agency.channel_secret, agency.channel_access_token) as line:
        yield line


@pytest.fixture
def client(line: LocalLine) -> LineClient:
    return LineClient(line.url)


def refusal(call: Any, *args: Any) -> LineError:
    with pytest.raises(LineError) as refused:
        call(*args)
    return refused.value


def calls(line: LocalLine, endpoint: str) -> list[int]:
    """The status of each call to an endpoint, in order."""
    return [call["status"] for call in line.calls if call["path"].endswith(endpoint)]


def test_a_reply_arrives_as_it_was_given_and_costs_nothing(line: LocalLine, client: LineClient, agency: Agency) -> None:
    client.reply(agency, line.follow("ก").reply_token, HELLO)

    assert [(m["text"], m["how"]) for m in line.inbox("ก")] == [("สวัสดีค่ะ", "reply")]
    assert line.billable == 0


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_4xx_is_for_good(line: LocalLine, client: LineClient, agency: Agency, status: int) -> None:
    line.faults.fail(status, "push")

    error = refusal(client.push, agency, line.world.person("ก"), HELLO, KEY)

    assert (error.status, error.permanent) == (status, True)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_a_5xx_and_too_many_may_be_tried_again(
    line: LocalLine, client: LineClient, agency: Agency, status: int
) -> None:
    line.faults.fail(status, "push")

    error = refusal(client.push, agency, line.world.person("ก"), HELLO, KEY)

    assert (error.status, error.permanent) == (status, False)


def test_no_answer_may_be_tried_again(line: LocalLine, client: LineClient, agency: Agency) -> None:
    line.faults.drop("push")
    hung_up = refusal(client.push, agency, line.world.person("ก"), HELLO, KEY)
    nobody = refusal(LineClient("http://127.0.0.1:9").bot_info, agency)

    assert [(e.status, e.permanent) for e in (hung_up, nobody)] == [(None, False)] * 2


def test_a_reply_waits_two_seconds_at_the_most(line: LocalLine, client: LineClient, agency: Agency) -> None:
    client.bot_info(agency)
    line.faults.slow(4, "reply")
    token = line.follow("ก").reply_token

    error = refusal(client.reply, agency, token, HELLO)

    assert (error.status, error.permanent) == (None, False)


@pytest.mark.parametrize("fault", ["status", "drop"])
def test_a_reply_is_never_tried_twice(line: LocalLine, client: LineClient, agency: Agency, fault: str) -> None:
    token = line.follow("ก").reply_token
    if fault == "status":
        line.faults.fail(500, "reply")
    else:
        line.faults.drop("reply")

    refusal(client.reply, agency, token, HELLO)
    while not calls(line, "/reply"):  # a dropped call is noted a moment after the client felt it
        time.sleep(0.01)
    time.sleep(0.2)

    assert len(calls(line, "/reply")) == 1
    assert line.inbox("ก") == []


def test_a_push_that_had_arrived_counts_as_sent_when_it_is_tried_again(
    line: LocalLine, client: LineClient, agency: Agency
) -> None:
    user = line.world.person("ก")
    line.follow("ก")
    line.faults.fail(500, "push", after=True)  # LINE did it, and its answer was lost
    assert not refusal(client.push, agency, user, HELLO, KEY).permanent

    client.push(agency, user, HELLO, KEY)

    assert len(line.inbox("ก")) == 1
    assert line.billable == 1
    assert calls(line, "/push")[-1] == 409


def test_one_connection_serves_many_calls(agency: Agency) -> None:
    """A client per request would open a TLS connection each time; here the SDK's pool is kept per channel."""
    app, connections = Flask("line"), set()  # the server has a thread of its own for each

    @app.get("/v2/bot/info")
    def info() -> dict[str, str]:
        connections.add(threading.current_thread().name)
        return {}

    with running(app) as url:
        client = LineClient(url)
        for _ in range(5):
            client.bot_info(agency)

    assert len(connections) == 1


def test_a_file_goes_to_the_data_host(agency: Agency, line: LocalLine) -> None:
    with running_line(agency.channel_secret, agency.channel_access_token) as data:
        client = LineClient(line.url, data.url)
        refusal(client.upload, agency, "/v2/bot/richmenu/richmenu-0/content", b"png", "image/png")

        assert calls(data, "/content") == [404]
        assert calls(line, "/content") == []


def proxy(status: int, body: bytes, content_type: str) -> Flask:
    """Something on the way that answers in its own words."""
    app = Flask("proxy")
    app.add_url_rule("/v2/bot/info", view_func=lambda: Response(body, status, content_type=content_type))
    return app


@pytest.mark.parametrize(("body", "content_type"), [(b"<html>", "text/html"), (b"[1]", "application/json")])
def test_an_answer_that_is_not_lines_says_nothing(agency: Agency, body: bytes, content_type: str) -> None:
    with running(proxy(200, body, content_type)) as url:
        assert LineClient(url).bot_info(agency) == {}


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [(200, b"\xff\xfe", "text/html"), (200, b"{}", "text/html; charset=klingon"), (502, b"\xff\xfe", "text/html")],
)
def test_an_answer_in_no_readable_encoding_may_be_tried_again(
    agency: Agency, status: int, body: bytes, content_type: str
) -> None:
    with running(proxy(status, body, content_type)) as url:
        assert not refusal(LineClient(url).bot_info, agency).permanent


def test_what_the_sdk_brings_along_is_never_searched_for_garbage_again(client: LineClient) -> None:
    try:
        client.warm_up()

        assert gc.get_freeze_count() > 100_000  # a full collection over them stops every request for 100 ms
    finally:
        gc.unfreeze()
