"""From LINE's webhook body to events, each on its own: one that cannot be read never costs its neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot import postback
from survey.events import Attached, Event, Follow, Located, Other, Say, Unfollow, Unsend

log = structlog.get_logger(__name__)
_OTHER = ("sticker", "image", "video", "audio", "file")
_LONGEST = 24 * 3600  # seconds; no voice message is so long


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as LINE sent it. ``message_id`` is of the message that was sent or unsent."""

    id: str
    user_id: str
    at: int  # milliseconds
    reply_token: str
    group: bool
    event: Event
    message_id: str = ""
    chat: str = ""  # LINE's id of the group


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
    group = source.get("type") != "user"  # where LINE may not say who it was
    if event is None or not (user_id or group) or raw.get("mode", "active") != "active":
        if event is None:
            log.info("webhook.event_unknown", type=str(raw.get("type"))[:32])
        return None
    return Incoming(
        id=_clean(raw["webhookEventId"]),
        user_id=_clean(user_id or ""),
        at=int(raw["timestamp"]),
        reply_token=str(raw.get("replyToken", "")),
        group=group,
        event=event,
        message_id=message_id,
        chat=_clean(source.get("groupId") or ""),
    )


def _event(raw: Mapping[str, Any]) -> tuple[Event | None, str]:
    match raw.get("type"):
        case "message":
            message = raw["message"]
            return _message(message), _clean(message["id"])
        case "postback":
            return postback.decode(_clean(raw["postback"]["data"])), ""
        case "follow" | "join":
            return Follow(), ""
        case "unfollow" | "leave":
            return Unfollow(), ""
        case "unsend":
            message_id = _clean(raw["unsend"]["messageId"])
            return Unsend(message_id), message_id
    return None, ""


def _message(message: Mapping[str, Any]) -> Event | None:
    kind = message["type"]
    if kind == "text":
        return Say(_clean(message["text"]))
    if kind == "location":
        return _located(message)
    if kind in ("image", "audio") and message["contentProvider"]["type"] == "line":
        return _attached(message)
    return Other(kind) if kind in _OTHER else None


def _attached(message: Mapping[str, Any]) -> Attached:
    """A photo or voice message that LINE keeps for us. Raises ValueError for an id that is none."""
    source = str(message["id"])
    if not (source.isascii() and source.isalnum() and len(source) <= 64):
        raise ValueError("not a message id")
    seconds = min(int(message.get("duration") or 0) // 1000, _LONGEST)
    sent = message.get("imageSet") or {}
    if not isinstance(sent.get("total"), int):  # some phones do not say how many they sent at once
        return Attached(message["type"], source, source, seconds)
    return Attached(message["type"], source, source, seconds, _clean(sent["id"]), sent["total"])


def _located(message: Mapping[str, Any]) -> Located:
    """The name of a place stands before its address, where LINE tells one."""
    words = (_clean(message.get(name) or "").strip() for name in ("title", "address"))
    return Located(float(message["latitude"]), float(message["longitude"]), " ".join(filter(None, words)))


def _clean(value: object) -> str:
    """Text that every database takes: JSON can carry NUL and half a surrogate pair, PostgreSQL refuses both.

    An event that cannot be stored would be answered 503 and come again for days.
    """
    words = str(value)
    if words.isascii():
        return words.replace("\0", "")
    return words.replace("\0", "").encode("utf-8", "replace").decode()
