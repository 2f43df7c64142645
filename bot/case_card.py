"""Tickets as officers see them in LINE: one card with everything and every button, lists, and the calls to make.

Large type for people who read without their glasses; status and days left in words beside their colours. Photos come
from addresses that run out (``Address``); where LINE could not fetch any, it is said how many there are.
"""

import json
from collections.abc import Callable, Sequence

from bot import flex
from bot.flex import Part
from survey.events import Button, Card, Media, Prompt

Address = Callable[[str], str]
"""Name of a file -> where LINE may fetch it for a while; empty: nowhere."""

BYTES = 29 * 1024  # LINE takes bubbles up to 30 KB
COLOURS = {"new": "#1D4ED8", "open": "#92400E", "done": flex.ACCENT, "closed": flex.SOFT}
DUE = {"late": "#B42318", "near": "#92400E"}
PALE = "#F1F4F6"
WORDS, LINE, BESIDE, TITLE = 1000, 180, 90, 60  # UTF-16 units
HALF = 10  # letters that fit on half a card
_LESS = ((WORDS, 8), (WORDS, 4), (500, 2), (160, 0), (60, 0))  # units of words, rows of history: until it fits


def body(prompt: Prompt, address: Address) -> list[Part]:
    """The parts of the bubble for a prompt that shows tickets."""
    for words, rows in _LESS:
        parts = _BODIES[prompt.kind](prompt, address, words, rows)
        if len(json.dumps(parts, ensure_ascii=False).encode()) <= BYTES:
            break
    return parts


def alt(prompt: Prompt) -> str:
    """What the notification shows: which tickets and how they stand, and nothing personal."""
    cards = " / ".join(" · ".join(p for p in (c.ticket, c.title, c.status, c.due) if p) for c in prompt.cards)
    return "\n".join(part for part in (prompt.text, cards) if part)


def _whole(prompt: Prompt, address: Address, words: int, rows: int) -> list[Part]:
    [card] = prompt.cards
    said = [flex.text(prompt.text, "md", weight="bold", color=flex.ACCENT)] if prompt.text else []
    parts = [*said, _head(card, "xxl"), *_kind(card, "lg"), _quoted(card, words), *_place(card)]
    parts += pictures(card.media, address)
    if card.lines:
        parts.append(flex.box([flex.text(_cut(line), "md", color=flex.SOFT) for line in card.lines], spacing="xs"))
    if card.history and rows:
        happened = [flex.text(_cut(line), "md") for line in card.history[-rows:]]
        parts += [{"type": "separator"}, flex.box(happened, spacing="sm")]
    return parts + _buttons(card.buttons)


def _list(prompt: Prompt, _: Address, words: int, rows: int) -> list[Part]:
    parts = [flex.text(flex.cut(prompt.text, words), "lg", weight="bold")]
    for card in prompt.cards:
        row = [_head(card, "xl"), *_kind(card, "md"), flex.text(flex.short(card.words, min(words, BESIDE)), "md")]
        beside = [line for line in (card.place, *card.lines) if line][: rows + 1]
        row += [flex.text(flex.cut(line, min(words, LINE)), "md", color=flex.SOFT) for line in beside]
        tapped: Part = {"action": flex.action(card.buttons[0])} if card.buttons else {}
        parts += [{"type": "separator"}, flex.box(row, spacing="xs", paddingTop="4px", paddingBottom="4px", **tapped)]
    return parts + [flex.side(button) for button in prompt.buttons]


def _calls(prompt: Prompt, _: Address, words: int, __: int) -> list[Part]:
    parts = [flex.text(flex.cut(prompt.text, words), "lg", weight="bold")]
    for card in prompt.cards:
        row = [_head(card, "xl"), *_kind(card, "md")]
        row.append(flex.text(flex.cut(card.place, min(words, LINE)), "xl", weight="bold"))
        row += [_quoted(card, min(words, 300))] if card.words else []
        parts += [{"type": "separator"}, flex.box(row, spacing="sm"), *_buttons(card.buttons)]
    return parts + [flex.side(button) for button in prompt.buttons]


def _head(card: Card, size: str) -> Part:
    status = flex.text(flex.cut(card.status, TITLE), "sm", color="#FFFFFF", weight="bold", align="center")
    colour = COLOURS.get(card.colour, flex.SOFT)
    edges = {"paddingTop": "4px", "paddingBottom": "4px", "paddingStart": "10px", "paddingEnd": "10px"}
    chip = flex.box([status], backgroundColor=colour, cornerRadius="12px", flex=0, **edges)
    number = flex.text(card.ticket, size, weight="bold", flex=1)
    return flex.box([number, chip], "horizontal", spacing="md", alignItems="center")


def _kind(card: Card, size: str) -> list[Part]:
    urgent = [flex.text(card.urgent, "md", weight="bold", color=DUE["late"], flex=0)] if card.urgent else []
    due = [flex.text(card.due, "md", weight="bold", color=DUE.get(card.due_colour, flex.SOFT))] if card.due else []
    pressing = [flex.box([*urgent, *due], "horizontal", spacing="lg")] if urgent or due else []
    return [flex.text(flex.cut(card.title, TITLE), size, weight="bold"), *pressing]


def _quoted(card: Card, units: int) -> Part:
    words = flex.text(flex.cut(card.words, units), "lg", lineSpacing="4px")
    return flex.box([words], backgroundColor=PALE, cornerRadius="10px", paddingAll="12px")


def _place(card: Card) -> list[Part]:
    words = flex.text(_cut(card.place), "md", flex=1) if card.place else None
    if card.place_on_map is None:
        return [words] if words else []
    if words is None:
        return [flex.side(card.place_on_map)]
    pin = {**flex.small(card.place_on_map), "width": "96px"}
    return [flex.box([words, pin], "horizontal", spacing="md", alignItems="center")]


def pictures(media: Sequence[Media], address: Address) -> list[Part]:
    """Thumbnails that open large, three beside each other; a voice message is a button."""
    parts: list[Part] = []
    for kind in ("photo", "after"):
        some = [one for one in media if one.kind == kind]
        if some:
            parts.append(flex.text(f"{some[0].label} ({len(some)})", "md", color=flex.SOFT))
        thumbs = [_thumb(one, address) for one in some if address(one.name)]
        for first in range(0, len(thumbs), 3):
            row = thumbs[first : first + 3]
            gap: list[Part] = [{"type": "filler"}] * (3 - len(row))
            parts.append(flex.box([*row, *gap], "horizontal", spacing="sm"))
    for voice in (one for one in media if one.kind == "voice"):
        where = address(voice.name)
        parts.append(_link(voice.label, where) if where else flex.text(voice.label, "md", color=flex.SOFT))
    return parts


def _thumb(photo: Media, address: Address) -> Part:
    opens = {"type": "uri", "label": flex.short(photo.label, flex.LABEL_LIMIT), "uri": address(photo.name)}
    small = {"size": "full", "aspectMode": "cover", "aspectRatio": "1:1", "flex": 1, "animated": False}
    return {"type": "image", "url": address(f"{photo.name}/small"), "action": opens, **small}


def _link(label: str, where: str) -> Part:
    words = flex.text(label, "lg", color=flex.ACCENT, align="center")
    opens = {"type": "uri", "label": flex.short(label, flex.LABEL_LIMIT), "uri": where}
    edges = {"borderWidth": "1px", "borderColor": flex.LINE, "cornerRadius": "10px", "paddingAll": "10px"}
    return flex.box([words], "horizontal", action=opens, **edges)


def _buttons(buttons: Sequence[Button]) -> list[Part]:
    """What most will do next across the whole width, the others in pairs; long words would not fit into half of it."""
    parts = [flex.main(button) for button in buttons[:1]]
    short = [button for button in buttons[1:] if flex.letters(button.label) <= HALF]
    for first in range(0, len(short), 2):
        pair = [{**flex.side(button), "flex": 1} for button in short[first : first + 2]]
        parts.append(flex.box(pair, "horizontal", spacing="sm"))
    return parts + [flex.side(button) for button in buttons[1:] if button not in short]


def _cut(words: str) -> str:
    return flex.cut(words, LINE)


_BODIES: dict[str, Callable[[Prompt, Address, int, int], list[Part]]] = {
    "case": _whole,
    "cases": _list,
    "calls": _calls,
}
KINDS = frozenset(_BODIES)


def nowhere(_: str) -> str:
    """For a deployment that the internet does not reach."""
    return ""
