"""Reading what a bot sent, as a person would: its words, and what can be tapped. For tests and simulations."""

from collections.abc import Iterator, Sequence
from typing import Any

Message = dict[str, Any]
Action = dict[str, Any]


def words(message: Message) -> list[str]:
    """Every text a reader sees in the message, top to bottom (labels of buttons are not in it)."""
    if message["type"] in ("text", "textV2"):
        return [str(message["text"])]
    if message["type"] == "template":
        return [str(message["template"][name]) for name in ("title", "text") if message["template"].get(name)]
    if message["type"] != "flex":
        return [str(message.get("title", message["type"]))]
    return [text for part in _parts(message["contents"]) if (text := _words_of(part))]


def actions(message: Message) -> list[Action]:
    """Every action in the body of the message, in reading order (quick replies are not in it)."""
    if message["type"] == "template":
        template = message["template"]
        cards = template.get("columns", [template])
        return [action for card in cards for action in card.get("actions", [card.get("action")]) if action]
    if message["type"] != "flex":
        return []
    return [part["action"] for part in _parts(message["contents"]) if part.get("action")]


def quick_replies(message: Message) -> list[Action]:
    """The chips under the message."""
    return [item["action"] for item in message.get("quickReply", {}).get("items", [])]


def find_action(messages: Sequence[Message], label: str) -> Action | None:
    """What a tap on ``label`` does, looking from the newest message up; chips count only under the newest one."""
    for number, message in enumerate(reversed(messages)):
        for action in _shown_as(message, label):
            return action
        for chip in quick_replies(message) if number == 0 else []:
            if chip.get("label") == label:
                return chip
    return None


def _shown_as(message: Message, label: str) -> Iterator[Action]:
    """The actions that a reader knows by this label: the action's own, or what is written on the part."""
    if message["type"] != "flex":
        yield from (action for action in actions(message) if action.get("label") == label)
        return
    for part in _parts(message["contents"]):
        if (action := part.get("action")) and (action.get("label") == label or label in map(_words_of, _parts(part))):
            yield action


def _words_of(part: dict[str, Any]) -> str:
    if part.get("type") != "text":
        return ""
    return str(part.get("text") or "".join(span.get("text", "") for span in part.get("contents", [])))


def _parts(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A Flex container and everything in it, in reading order."""
    yield part
    if part.get("type") == "bubble":
        for block in ("header", "hero", "body", "footer"):
            if block in part:
                yield from _parts(part[block])
    elif part.get("type") in ("carousel", "box"):
        for child in part.get("contents", []):
            yield from _parts(child)
