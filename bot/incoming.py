"""From LINE's webhook body to events, each on its own: one that cannot be read never costs its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot import postback
from survey.events import Event, Follow, Other, Say, Unfollow, Unsend

log = structlog.get_logger(__name__)
_OTHER = ("sticker", "image", "video", "audio", "file", "location")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as LINE sent it. ``message_id`` is of a typed or unsent message."""

    id: str
    user_id: str
    at: int  # milliseconds
    reply_token: str
    group: bool
    event: Event
    message_id: str = ""


def read(body: Mapping[str, Any]) -> list[Incoming]:
    """The events of a body in the order in which they happened; unknown ones become a counted log line."""
    events = body.get("events")
    found = []
    for raw in events if isinstance(events, list) else []:
        try:
            incoming = _read(raw)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as exc:
            log.warning("webhook.event_unreadable", error=type(exc).__name__)
            continue
        if incoming is not None:
            found.append(incoming)
    return sorted(found, key=lambda incoming: incoming.at)


def _read(raw: Mapping[str, Any]) -> Incoming | None:
    source = raw["source"]
    user_id = source.get("userId")
    event, message_id = _event(raw)
    if event is None or not user_id or raw.get("mode", "active") != "active":
        if event is None:
            log.info("webhook.event_unknown", type=str(raw.get("type"))[:32])
        return None
    return Incoming(
        id=_clean(raw["webhookEventId"]),
        user_id=_clean(user_id),
        at=int(raw["timestamp"]),
        reply_token=str(raw.get("replyToken", "")),
        group=source.get("type") != "user",
        event=event,
        message_id=message_id,
    )


def _event(raw: Mapping[str, Any]) -> tuple[Event | None, str]:
    match raw.get("type"):
        case "message":
            message = raw["message"]
            return _message(message), _clean(message["id"])
        case "postback":
            return postback.decode(_clean(raw["postback"]["data"])), ""
        case "follow":
            return Follow(), ""
        case "unfollow":
            return Unfollow(), ""
        case "unsend":
            message_id = _clean(raw["unsend"]["messageId"])
            return Unsend(message_id), message_id
    return None, ""


def _message(message: Mapping[str, Any]) -> Event | None:
    if message["type"] == "text":
        return Say(_clean(message["text"]))
    return Other(message["type"]) if message["type"] in _OTHER else None


def _clean(value: object) -> str:
    """Text that every database takes: JSON can carry NUL and half a surrogate pair, PostgreSQL refuses both.

    An event that cannot be stored would be answered 503 and come again for days.
    """
    words = str(value)
    if words.isascii():
        return words.replace("\0", "")
    return words.replace("\0", "").encode("utf-8", "replace").decode()
