"""What LINE checks in a template message: the older, plainer cards (buttons, confirm, carousel, image carousel)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.playground.line_actions import Place, check_action, longer, url_complaint

Found = Iterator[tuple[str, str]]


def check_template(template: dict[str, Any]) -> list[tuple[str, str]]:
    """[(JSON pointer, what is wrong)]; [] when LINE would take it."""
    check = _CHECKS.get(str(template.get("type")))
    return [("/type", "invalid property")] if check is None else list(check(template))


def _buttons(template: dict[str, Any]) -> Found:
    narrow = bool(template.get("title") or template.get("thumbnailImageUrl"))
    yield from _card(template, "", text_max=60 if narrow else 160, actions_max=4)


def _confirm(template: dict[str, Any]) -> Found:
    yield from _text(template, "", "text", 240)
    yield from _actions(template.get("actions"), "", 2, 2)


def _carousel(template: dict[str, Any]) -> Found:
    columns = template.get("columns")
    if not isinstance(columns, list) or not 1 <= len(columns) <= 10:
        yield "/columns", "must have between 1 and 10 items"
        return
    for number, column in enumerate(columns):
        narrow = bool(column.get("title") or column.get("thumbnailImageUrl"))
        yield from _card(column, f"/columns/{number}", text_max=60 if narrow else 120, actions_max=3)
    if len({len(column.get("actions") or ()) for column in columns}) > 1:
        yield "/columns", "must all have the same number of actions"


def _image_carousel(template: dict[str, Any]) -> Found:
    columns = template.get("columns")
    if not isinstance(columns, list) or not 1 <= len(columns) <= 10:
        yield "/columns", "must have between 1 and 10 items"
        return
    for number, column in enumerate(columns):
        yield from _link(column, f"/columns/{number}", "imageUrl")
        yield from _action(column.get("action"), f"/columns/{number}/action", "image-carousel")


def _card(card: dict[str, Any], at: str, text_max: int, actions_max: int) -> Found:
    yield from _text(card, at, "text", text_max)
    if card.get("title"):
        yield from _text(card, at, "title", 40)
    if card.get("thumbnailImageUrl"):
        yield from _link(card, at, "thumbnailImageUrl")
    yield from _actions(card.get("actions"), at, 1, actions_max)


def _text(card: dict[str, Any], at: str, name: str, limit: int) -> Found:
    value = card.get(name)
    if not isinstance(value, str) or not value:
        yield f"{at}/{name}", "must be specified"
    elif longer(value, limit):
        yield f"{at}/{name}", f"must not be longer than {limit} characters"


def _link(card: dict[str, Any], at: str, name: str) -> Found:
    if wrong := url_complaint(card.get(name)):
        yield f"{at}/{name}", wrong


def _actions(actions: Any, at: str, least: int, most: int) -> Found:
    if not isinstance(actions, list) or not least <= len(actions) <= most:
        yield f"{at}/actions", f"must have between {least} and {most} items"
        return
    for number, action in enumerate(actions):
        yield from _action(action, f"{at}/actions/{number}", "template")


def _action(action: Any, at: str, place: Place) -> Found:
    if wrong := check_action(action, place):
        yield f"{at}/{wrong[0]}".rstrip("/"), wrong[1]


_CHECKS: Mapping[str, Callable[[dict[str, Any]], Found]] = {
    "buttons": _buttons,
    "confirm": _confirm,
    "carousel": _carousel,
    "image_carousel": _image_carousel,
}
