"""What LINE checks in the messages of a reply, push, multicast or broadcast, before it sends any of them.

Two kinds of refusal, both LINE's own: ``The request body has 1 error(s)`` with properties such as
``messages[0].text``, and for the inside of a Flex or template message ``A message (messages[0]) in the request body is
invalid`` with JSON pointers such as ``/body/contents/2``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.playground.line_actions import check_action, longer, url_complaint, utf16
from bot.playground.line_flex import BUBBLE_MAX, check_container
from bot.playground.line_templates import check_template

Message = dict[str, Any]
Details = list[tuple[str, str]]
"""[(property, what is wrong)]"""


class RefusedError(Exception):
    """LINE says no. ``status`` is the HTTP status, ``body`` LINE's error body, ``headers`` what goes beside it."""

    def __init__(
        self, status: int, message: str, details: Details | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.body: dict[str, Any] = {"message": message}
        self.headers = dict(headers or {})
        if details:
            self.body["details"] = [{"message": words, "property": where} for where, words in details]


def check_messages(messages: Any, size: int) -> None:
    """Raise RefusedError(400) when LINE would refuse ``messages``; ``size``: bytes of the request, saves weighing."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= 5:
        raise errors([("messages", "Size must be between 1 and 5")])
    found: Details = []
    for number, message in enumerate(messages):
        at = f"messages[{number}]"
        checker = _CHECKS.get(message.get("type", "")) if isinstance(message, dict) else None
        if checker is None:
            found.append((f"{at}.type", f"Must be one of the following values: [{', '.join(_CHECKS)}]"))
            continue
        found += [(f"{at}.{where}", words) for where, words in checker(message) + _common(message)]
    if found:
        raise errors(found)
    for number, message in enumerate(messages):
        if inside := _inside(message, size):
            raise RefusedError(400, f"A message (messages[{number}]) in the request body is invalid", inside)


def errors(found: Details) -> RefusedError:
    """LINE's refusal of a request body with its list of errors."""
    return RefusedError(400, f"The request body has {len(found)} error(s)", found)


def _inside(message: Message, size: int) -> Details:
    if message["type"] == "flex":
        return check_container(message["contents"], size <= BUBBLE_MAX)
    if message["type"] == "template":
        return check_template(message["template"])
    return []


def _common(message: Message) -> Details:
    found: Details = []
    if (quick := message.get("quickReply")) is not None:
        found += _quick_reply(quick)
    if (sender := message.get("sender")) is not None and longer(str(sender.get("name") or ""), 20):
        found.append(("sender.name", "Length must be between 0 and 20"))
    return found


def _quick_reply(quick: Any) -> Details:
    items = quick.get("items") if isinstance(quick, dict) else None
    if not isinstance(items, list) or not 1 <= len(items) <= 13:
        return [("quickReply.items", "Size must be between 1 and 13")]
    found: Details = []
    for number, item in enumerate(items):
        at = f"quickReply.items[{number}]"
        if not isinstance(item, dict) or item.get("type") != "action":
            found.append((f"{at}.type", "Must be one of the following values: [action]"))
        elif wrong := check_action(item.get("action"), "quick-reply"):
            found.append((f"{at}.action.{wrong[0]}".rstrip("."), wrong[1]))
    return found


def _words(message: Message, name: str, limit: int) -> Details:
    value = message.get(name)
    if not isinstance(value, str) or not value:
        return [(name, "May not be empty")]
    if len(value) * 2 > limit and utf16(value) > limit:
        return [(name, f"Length must be between 0 and {limit}")]
    return []


def _links(message: Message, *names: str) -> Details:
    return [(name, wrong) for name in names if (wrong := url_complaint(message.get(name))) is not None]


def _text(message: Message) -> Details:
    return _words(message, "text", 5000)


def _sticker(message: Message) -> Details:
    return _words(message, "packageId", 20) + _words(message, "stickerId", 20)


def _picture(message: Message) -> Details:
    return _links(message, "originalContentUrl", "previewImageUrl")


def _audio(message: Message) -> Details:
    duration = message.get("duration")
    fine = isinstance(duration, int) and duration > 0
    return _links(message, "originalContentUrl") + ([] if fine else [("duration", "May not be null")])


def _location(message: Message) -> Details:
    found = _words(message, "title", 100) + _words(message, "address", 100)
    for name, bound in (("latitude", 90), ("longitude", 180)):
        value = message.get(name)
        if not isinstance(value, int | float) or not -bound <= value <= bound:
            found.append((name, f"Must be between -{bound} and {bound}"))
    return found


def _rich(part: str) -> Callable[[Message], Details]:
    def check(message: Message) -> Details:
        missing = [] if isinstance(message.get(part), dict) else [(part, "May not be null")]
        return _words(message, "altText", 1500) + missing

    return check


_CHECKS: Mapping[str, Callable[[Message], Details]] = {
    "text": _text,
    "textV2": _text,
    "image": _picture,
    "video": _picture,
    "audio": _audio,
    "location": _location,
    "sticker": _sticker,
    "template": _rich("template"),
    "flex": _rich("contents"),
}
