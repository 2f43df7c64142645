"""Rich menus of one channel: the tiles under the chat. Pure memory; the API and the chat page stand on it.

As at LINE: a menu can only be shown once it has its picture, the menu linked to a person goes before the default one,
and a menu is never changed, only replaced.
"""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.playground.line_actions import check_action, longer
from bot.playground.line_messages import Details, RefusedError, errors

SIDES = ("x", "y", "width", "height")
ALIAS = re.compile(r"[a-z0-9_-]{1,32}")


@dataclass
class RichMenus:
    """``menus``: id -> the object the bot created; ``images``: id -> (bytes, content type)."""

    menus: dict[str, dict[str, Any]] = field(default_factory=dict)
    images: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    default: str | None = None

    def create(self, menu: Any) -> str:
        """Keep a new menu; its id. Raises RefusedError when LINE would not take it."""
        if found := check_menu(menu):
            raise errors(found)
        menu_id = "richmenu-" + secrets.token_hex(16)
        self.menus[menu_id] = menu
        return menu_id

    def known(self, menu_id: str) -> dict[str, Any]:
        """The menu, or LINE's 404."""
        if menu_id not in self.menus:
            raise RefusedError(404, "Not found")
        return self.menus[menu_id]

    def upload(self, menu_id: str, image: bytes, content_type: str) -> None:
        self.known(menu_id)
        if menu_id in self.images:
            raise RefusedError(400, "An image has already been uploaded to the richmenu")
        if content_type not in ("image/png", "image/jpeg"):
            raise RefusedError(415, f"The content type, {content_type}, is not supported")
        if not 0 < len(image) <= 1024 * 1024:
            raise RefusedError(413 if image else 400, "The image must be smaller than 1 MB")
        self.images[menu_id] = (image, content_type)

    def showable(self, menu_id: str) -> str:
        """The id, when the menu can be shown (it has its picture)."""
        self.known(menu_id)
        if menu_id not in self.images:
            raise RefusedError(400, "must upload richmenu image before applying it to user")
        return menu_id

    def delete(self, menu_id: str) -> None:
        self.known(menu_id)
        del self.menus[menu_id]
        self.images.pop(menu_id, None)
        self.links = {user: linked for user, linked in self.links.items() if linked != menu_id}
        if self.default == menu_id:
            self.default = None

    def name(self, alias: Any, menu_id: Any, new: bool) -> None:
        """Make (``new``) or change an alias."""
        if not isinstance(alias, str) or not ALIAS.fullmatch(alias):
            raise RefusedError(400, "richmenuAliasId is invalid")
        if (alias in self.aliases) == new:
            raise RefusedError(409 if new else 404, "conflict richmenu alias id" if new else "richmenu alias not found")
        self.aliases[alias] = self.showable(str(menu_id))

    def shown_to(self, user_id: str) -> str | None:
        """The id of the menu this person sees."""
        return self.links.get(user_id) or self.default


def check_menu(menu: Any) -> Details:
    """[(property, what is wrong)] of a rich menu object; [] when LINE would take it."""
    if not isinstance(menu, dict):
        return [("", "May not be null")]
    size = menu.get("size")
    width, height = (size.get("width"), size.get("height")) if isinstance(size, dict) else (None, None)
    if not isinstance(width, int) or not isinstance(height, int):
        return [("size", "May not be null")]
    found: Details = []
    if not (800 <= width <= 2500 and height >= 250 and width / height >= 1.45):
        found.append(("size", "Width must be between 800 and 2500, height at least 250, width/height at least 1.45"))
    if not isinstance(menu.get("selected"), bool):
        found.append(("selected", "May not be null"))
    for name, limit in (("name", 300), ("chatBarText", 14)):
        value = menu.get(name)
        if not isinstance(value, str) or not value or longer(value, limit):
            found.append((name, f"Length must be between 1 and {limit}"))
    return found + _check_areas(menu.get("areas"), width, height)


def _check_areas(areas: Any, width: int, height: int) -> Details:
    if not isinstance(areas, list) or len(areas) > 20:
        return [("areas", "Size must be between 0 and 20")]
    found: Details = []
    for number, area in enumerate(areas):
        bounds = area.get("bounds") if isinstance(area, dict) else None
        sides = bounds if isinstance(bounds, dict) else {}
        x, y, wide, high = (side if isinstance(side := sides.get(name), int) else -1 for name in SIDES)
        if min(x, y, wide, high) < 0:
            found.append((f"areas[{number}].bounds", "May not be null"))
        elif x + wide > width or y + high > height:
            found.append((f"areas[{number}].bounds", "Must lie inside the menu"))
        elif wrong := check_action(area.get("action"), "rich-menu"):
            found.append((f"areas[{number}].action.{wrong[0]}".rstrip("."), wrong[1]))
    return found
