"""What LINE checks in an action: the thing that happens when a button, a chip or a menu field is tapped.

A check answers None or a complaint in LINE's words. Lengths of what people read are counted in grapheme clusters
(Thai "น้ำ" is one cluster fewer than it has code points), everything else in UTF-16 units, as LINE does.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

import regex

Place = Literal["flex", "flex-button", "quick-reply", "template", "image-carousel", "rich-menu"]
Complaint = tuple[str, str]
"""(property below the action, what is wrong with it)"""

LABEL_MAX: Mapping[Place, int] = {
    "flex": 40,
    "flex-button": 40,
    "quick-reply": 20,
    "template": 20,
    "image-carousel": 12,
    "rich-menu": 20,
}
LABEL_REQUIRED: frozenset[Place] = frozenset({"flex-button", "quick-reply", "template"})
URI_SCHEME = re.compile(r"((https?|line)://|tel:)[!-~]+$")  # percent-encoded: a Thai letter or a space is refused
PRINTABLE = re.compile(r"[!-~]+")
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?/")


def check_action(action: Any, place: Place) -> Complaint | None:
    """The first thing LINE would refuse in ``action`` at ``place``; None when it is fine."""
    if not isinstance(action, dict):
        return "", "must be specified"
    kind = action.get("type")
    checker = _CHECKS.get(kind) if isinstance(kind, str) else None
    if checker is None or not _allowed(str(kind), place):
        return "type", "invalid property"
    return _label(action.get("label"), place) or checker(action)


def graphemes(text: str) -> int:
    """Length as a reader counts: grapheme clusters."""
    return len(text) if text.isascii() else len(regex.findall(r"\X", text))


def longer(text: str, limit: int) -> bool:
    """Whether ``text`` has more than ``limit`` grapheme clusters (cheap for the usual short text)."""
    return len(text) > limit and graphemes(text) > limit


def utf16(text: str) -> int:
    """Length as LINE counts message text: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def url_complaint(url: Any, limit: int = 2000) -> str | None:
    """Media must be HTTPS. The one place where the local LINE is milder: plain HTTP on this machine is let through."""
    if not isinstance(url, str) or not url:
        return "must be specified"
    if len(url) > limit or not (url.startswith("https://") or LOOPBACK.match(url)) or not PRINTABLE.fullmatch(url):
        return "invalid uri scheme"
    return None


def _allowed(kind: str, place: Place) -> bool:
    if kind in ("camera", "cameraRoll", "location"):
        return place == "quick-reply"
    if kind == "richmenuswitch":
        return place == "rich-menu"
    return True


def _label(label: Any, place: Place) -> Complaint | None:
    if label is None or label == "":
        return ("label", "must be specified") if place in LABEL_REQUIRED else None
    if not isinstance(label, str):
        return "label", "must be a string"
    if longer(label, LABEL_MAX[place]):
        return "label", f"must not be longer than {LABEL_MAX[place]} characters"
    return None


def _text(action: dict[str, Any], name: str, limit: int, required: bool = True) -> Complaint | None:
    value = action.get(name)
    if value is None or (value == "" and required):
        return (name, "must be specified") if required else None
    if not isinstance(value, str):
        return name, "must be a string"
    if longer(value, limit):
        return name, f"must not be longer than {limit} characters"
    return None


def _postback(action: dict[str, Any]) -> Complaint | None:
    if action.get("inputOption") not in (None, "closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"):
        return "inputOption", "invalid property"
    return _text(action, "data", 300) or _text(action, "displayText", 300, required=False)


def _message(action: dict[str, Any]) -> Complaint | None:
    return _text(action, "text", 300)


def _uri(action: dict[str, Any]) -> Complaint | None:
    wrong = _text(action, "uri", 1000)
    if wrong is None and not URI_SCHEME.match(action["uri"]):
        return "uri", "invalid uri scheme"
    return wrong


def _datetimepicker(action: dict[str, Any]) -> Complaint | None:
    if action.get("mode") not in ("date", "time", "datetime"):
        return "mode", "invalid property"
    return _text(action, "data", 300)


def _clipboard(action: dict[str, Any]) -> Complaint | None:
    return _text(action, "clipboardText", 1000)


def _rich_menu_switch(action: dict[str, Any]) -> Complaint | None:
    return _text(action, "richMenuAliasId", 32) or _text(action, "data", 300)


def _bare(_: dict[str, Any]) -> Complaint | None:
    return None


_CHECKS: Mapping[str, Callable[[dict[str, Any]], Complaint | None]] = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _datetimepicker,
    "clipboard": _clipboard,
    "richmenuswitch": _rich_menu_switch,
    "camera": _bare,
    "cameraRoll": _bare,
    "location": _bare,
}
