"""A judge of messages: what LINE's files say, what its SDK keeps, and the limits that no file states.

``judge(messages)`` takes what one reply or push would carry and fails with the reason for which LINE would refuse it.
The local LINE's own checks and these were written apart; both must agree.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import regex

from bot.playground.line_messages import check_messages
from tests.line_openapi import check

URI = re.compile(r"(https?://|line://|tel:\+?\d)([\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)
_JUDGED: set[str] = set()


def judge(messages: list[dict[str, Any]]) -> None:
    """Assert that LINE takes all of these in one call, and that nothing in them betrays what was answered."""
    text = json.dumps(messages, ensure_ascii=False)
    if text in _JUDGED:
        return
    check_messages(messages, len(text.encode()))
    check("ReplyMessageRequest", {"replyToken": "0" * 32, "messages": messages})
    assert 1 <= len(messages) <= 5
    assert "displayText" not in text  # which people who manage the account could read
    for message in messages:
        _limits(message)
        assert through_the_sdk(message) == message
    _JUDGED.add(text)


def through_the_sdk(message: dict[str, Any]) -> dict[str, Any]:
    """What is left of a message after the SDK's models have read and written it."""
    from linebot.v3.messaging import Message

    kept: dict[str, Any] = Message.from_dict(message).to_dict()
    return kept


def actions(part: Any) -> Iterator[dict[str, Any]]:
    """Every action in a message, wherever it hangs."""
    if isinstance(part, dict):
        if "action" in part and isinstance(part["action"], dict):
            yield part["action"]
        for inner in part.values():
            yield from actions(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from actions(inner)


def words(part: Any) -> list[str]:
    """Every text that is shown, in order."""
    if isinstance(part, list):
        return [text for inner in part for text in words(inner)]
    if not isinstance(part, dict):
        return []
    own = [part["text"]] if part.get("type") == "text" and "text" in part else []
    return own + [text for name in ("contents", "body") for text in words(part.get(name))]


def graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _limits(message: dict[str, Any]) -> None:
    if message["type"] == "text":
        assert 1 <= units(message["text"]) <= 5000
    elif message["type"] == "image":
        for name in ("originalContentUrl", "previewImageUrl"):
            assert re.match(r"https://|http://127\.0\.0\.1:", message[name])  # plain http only to the local LINE
            assert URI.fullmatch(message[name])
            assert len(message[name]) <= 2000
    else:
        assert 1 <= units(message["altText"]) <= 1500
        weight = len(json.dumps(message["contents"], ensure_ascii=False).encode())
        assert weight <= 30 * 1024, f"a bubble of {weight} bytes"
        assert all(words(message["contents"]))
    items = message.get("quickReply", {}).get("items", [])
    assert len(items) <= 13
    assert all(1 <= graphemes(item["action"]["label"]) <= 20 for item in items)
    for action in actions(message):
        assert 1 <= graphemes(action["label"]) <= 40
        if action["type"] == "postback":
            assert 1 <= len(action["data"]) <= 300
        else:
            assert action["type"] == "uri"
            assert URI.fullmatch(action["uri"]), action["uri"]
            assert len(action["uri"]) <= 1000
