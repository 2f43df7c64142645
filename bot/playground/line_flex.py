"""What LINE checks in a Flex container, by hand-written tables (a question bubble takes well under 0.1 ms).

Every component has a table property -> check; a property that is not in the table, or a component in a place where
LINE does not take it, is refused. Complaints are (JSON pointer, words) as LINE gives them, e.g.
``("/body/contents/2/size", "invalid property")``.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.playground.line_actions import Place, check_action, url_complaint

Check = Callable[[Any], bool]
Found = Iterator[tuple[str, str]]

BUBBLE_MAX = 30 * 1024
CAROUSEL_MAX = 50 * 1024
STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
SIZES = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
IN_BOX: Mapping[str, frozenset[str]] = {
    "vertical": frozenset({"box", "button", "image", "text", "separator", "filler"}),
    "horizontal": frozenset({"box", "button", "image", "text", "separator", "filler"}),
    "baseline": frozenset({"icon", "text", "filler"}),
}


def check_container(container: Any, size_known_small: bool) -> list[tuple[str, str]]:
    """Everything LINE would refuse in a bubble or a carousel; [] when it is fine.

    ``size_known_small``: the whole request was under 30 KB, so no part of it can be over.
    """
    return list(_container(container, size_known_small))


def _container(container: Any, small: bool) -> Found:
    kind = container.get("type") if isinstance(container, dict) else None
    if kind == "bubble":
        yield from _bubble(container, "", small)
    elif kind == "carousel":
        yield from _carousel(container, small)
    else:
        yield "/type", "invalid property"


def _carousel(carousel: dict[str, Any], small: bool) -> Found:
    bubbles = carousel.get("contents")
    if not isinstance(bubbles, list) or not 1 <= len(bubbles) <= 12:
        yield "/contents", "must have between 1 and 12 items"
        return
    for name in carousel.keys() - {"type", "contents"}:
        yield f"/{name}", "unknown field"
    if not small and _weight(carousel) > CAROUSEL_MAX:
        yield "", f"must not be larger than {CAROUSEL_MAX} bytes"
    for number, bubble in enumerate(bubbles):
        if not isinstance(bubble, dict) or bubble.get("type") != "bubble":
            yield f"/contents/{number}", "invalid property"
        else:
            yield from _bubble(bubble, f"/contents/{number}", small)
    if len({bubble.get("size", "mega") for bubble in bubbles if isinstance(bubble, dict)}) > 1:
        yield "/contents", "bubbles of a carousel must have the same size"


def _bubble(bubble: dict[str, Any], at: str, small: bool) -> Found:
    yield from _properties(bubble, _BUBBLE, at)
    if not small and _weight(bubble) > BUBBLE_MAX:
        yield at, f"must not be larger than {BUBBLE_MAX} bytes"
    for block in ("header", "body", "footer"):
        if block in bubble:
            yield from _component(bubble[block], f"{at}/{block}", frozenset({"box"}))
    if "hero" in bubble:
        yield from _component(bubble["hero"], f"{at}/hero", frozenset({"box", "image", "video"}))
    if "action" in bubble:
        yield from _action(bubble["action"], f"{at}/action", "flex")
    for block, style in (bubble.get("styles") or {}).items():
        yield from _properties(style, _STYLE, f"{at}/styles/{block}")


def _component(part: Any, at: str, allowed: frozenset[str]) -> Found:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in allowed:
        yield at, "invalid property"
        return
    yield from _properties(part, _TABLES[kind], at)
    if "action" in part:
        yield from _action(part["action"], f"{at}/action", "flex-button" if kind == "button" else "flex")
    if kind == "box":
        yield from _box(part, at)
    elif kind == "text":
        yield from _text(part, at)
    elif kind == "button" and "action" not in part:
        yield f"{at}/action", "must be specified"
    elif kind in ("image", "icon", "video") and (wrong := url_complaint(part.get("url"))):
        yield f"{at}/url", wrong


def _box(box: dict[str, Any], at: str) -> Found:
    allowed = IN_BOX.get(box.get("layout", ""))
    contents = box.get("contents")
    if allowed is None:
        yield f"{at}/layout", "must be specified" if "layout" not in box else "invalid property"
    elif not isinstance(contents, list):
        yield f"{at}/contents", "must be specified"
    else:
        for number, part in enumerate(contents):
            yield from _component(part, f"{at}/contents/{number}", allowed)


def _text(text: dict[str, Any], at: str) -> Found:
    spans = text.get("contents")
    if not spans and not text.get("text"):
        yield f"{at}/text", "must be non-empty text"
    if isinstance(spans, list):
        for number, span in enumerate(spans):
            yield from _component(span, f"{at}/contents/{number}", frozenset({"span"}))


def _action(action: Any, at: str, place: Place) -> Found:
    wrong = check_action(action, place)
    if wrong is not None:
        yield f"{at}/{wrong[0]}".rstrip("/"), wrong[1]


def _properties(part: Any, table: Mapping[str, Check], at: str) -> Found:
    if not isinstance(part, dict):
        yield at, "invalid property"
        return
    for name, value in part.items():
        check = table.get(name)
        if check is None:
            yield f"{at}/{name}", "unknown field"
        elif not check(value):
            yield f"{at}/{name}", "invalid property"


def _weight(part: dict[str, Any]) -> int:
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())


def _any(_: Any) -> bool:
    return True


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _string(value: Any) -> bool:
    return isinstance(value, str)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _one_of(*words: str) -> Check:
    known = frozenset(words)
    return lambda value: isinstance(value, str) and value in known


def _measure(pattern: str, words: tuple[str, ...] = ()) -> Check:
    known, shape = frozenset(words), re.compile(pattern)
    return lambda value: isinstance(value, str) and (value in known or shape.fullmatch(value) is not None)


_PX = r"\d+(\.\d+)?px"
_PX_OR_PERCENT = r"\d+(\.\d+)?(px|%)"
_colour = _measure(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_gap = _measure(_PX, STEPS)
_inset = _measure(_PX_OR_PERCENT, STEPS)
_extent = _measure(_PX_OR_PERCENT)
_offset = _measure(r"-?\d+(\.\d+)?(px|%)", STEPS)
_font = _measure(_PX, SIZES)
_ratio = _measure(r"\d{1,6}(\.\d+)?:\d{1,6}(\.\d+)?")
_PLACED: Mapping[str, Check] = {
    "type": _any,
    "margin": _gap,
    "position": _one_of("relative", "absolute"),
    "offsetTop": _offset,
    "offsetBottom": _offset,
    "offsetStart": _offset,
    "offsetEnd": _offset,
}
_SIDES: Mapping[str, Check] = {
    "flex": _count,
    "gravity": _one_of("top", "bottom", "center"),
    "align": _one_of("start", "end", "center"),
    "action": _any,
}
_LETTERS: Mapping[str, Check] = {
    "text": _string,
    "size": _font,
    "color": _colour,
    "weight": _one_of("regular", "bold"),
    "style": _one_of("normal", "italic"),
    "decoration": _one_of("none", "underline", "line-through"),
}
_BUBBLE: Mapping[str, Check] = {
    "type": _any,
    "size": _one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
    "direction": _one_of("ltr", "rtl"),
    **dict.fromkeys(("header", "hero", "body", "footer", "styles", "action"), _any),
}
_STYLE: Mapping[str, Check] = {"backgroundColor": _colour, "separator": _flag, "separatorColor": _colour}
_BOX: Mapping[str, Check] = {
    **_PLACED,
    **dict.fromkeys(("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), _inset),
    **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), _extent),
    "layout": _any,
    "contents": _any,
    "action": _any,
    "flex": _count,
    "spacing": _gap,
    "backgroundColor": _colour,
    "borderColor": _colour,
    "borderWidth": _measure(_PX, ("none", "light", "normal", "medium", "semi-bold", "bold")),
    "cornerRadius": _gap,
    "justifyContent": _one_of("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
    "alignItems": _one_of("center", "flex-start", "flex-end"),
    "background": lambda value: isinstance(value, dict) and value.get("type") == "linearGradient",
}
_SHRINK = {"adjustMode": _one_of("shrink-to-fit"), "scaling": _flag}
_TABLES: Mapping[str, Mapping[str, Check]] = {
    "box": _BOX,
    "text": {**_PLACED, **_SIDES, **_LETTERS, **_SHRINK, "wrap": _flag, "maxLines": _count, "contents": _list}
    | {"lineSpacing": _measure(_PX)},
    "span": {"type": _any, **_LETTERS},
    "button": {k: v for k, v in {**_PLACED, **_SIDES, **_SHRINK}.items() if k != "align"}
    | {"style": _one_of("primary", "secondary", "link"), "height": _one_of("sm", "md"), "color": _colour},
    "image": {**_PLACED, **_SIDES, "url": _any, "size": _measure(_PX_OR_PERCENT, (*SIZES, "full"))}
    | {"aspectRatio": _ratio, "aspectMode": _one_of("fit", "cover"), "backgroundColor": _colour, "animated": _flag},
    "icon": {**_PLACED, "url": _any, "size": _font, "aspectRatio": _ratio, "scaling": _flag},
    "video": {"type": _any, "url": _any, "previewUrl": _any, "altContent": _any, "aspectRatio": _ratio, "action": _any},
    "separator": {"type": _any, "margin": _gap, "color": _colour},
    "filler": {"type": _any, "flex": _count},
}
