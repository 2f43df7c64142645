"""Prompts in LINE's words: the one place that knows LINE's limits.

A question is one bubble: what was just answered, how far one is, the question large, every option a full-width button,
and a footer that says what can be typed. Quick replies repeat back, skip and stop; PCs do not show them and a newer
message takes them away, which is why nothing depends on them.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from bot import case_card, flex
from bot.flex import Part
from survey.events import Button, Prompt, Row

Message = dict[str, Any]
T = TypeVar("T")

AT_ONCE = 5  # messages in one call
TEXT_LIMIT = 5000  # UTF-16 units
ALT_LIMIT = 1500
QUICK_LIMIT = 13
BUBBLE_BYTES = 24_000  # estimated; LINE allows 30 KB
BESIDE_LIMIT = 600  # UTF-16 units of what stands beside the main text


def to_line(prompts: Sequence[Prompt], address: case_card.Address = case_card.nowhere) -> list[Message]:
    """The messages of one reply. Quick replies belong to the last, where LINE shows them.

    ``address``: where the photos of tickets may be fetched.
    """
    messages = [_message(part, address) for prompt in prompts for part in _parts(prompt)][-AT_ONCE:]
    quick = [_quick(button) for prompt in prompts[-1:] for button in prompt.quick][:QUICK_LIMIT]
    if messages and quick:
        messages[-1]["quickReply"] = {"items": quick}
    return messages


def _parts(prompt: Prompt) -> list[Prompt]:
    """A review or a list that is too long for one bubble goes on in the next."""
    if prompt.kind == "review" and len(prompt.rows) > 6:
        pages = _pages(prompt.rows, lambda row: 900 + 4 * (len(_asked(row)) + len(_answer(row))))
        return [replace(prompt, rows=page, buttons=()) for page in pages[:-1]] + [replace(prompt, rows=pages[-1])]
    if prompt.kind == "say" and len(prompt.buttons) > 10:
        lists = _pages(prompt.buttons, lambda button: 600 + 4 * min(len(button.label), flex.WORDS_LIMIT))
        return [replace(prompt, buttons=buttons) for buttons in lists]
    return [prompt]


def _pages(items: Sequence[T], weight: Callable[[T], int]) -> list[tuple[T, ...]]:
    """The items in order, in as few pieces of at most ``BUBBLE_BYTES`` as it takes."""
    pages: list[tuple[T, ...]] = [()]
    left = BUBBLE_BYTES
    for item in items:
        left -= weight(item)
        if left < 0:
            pages.append(())
            left = BUBBLE_BYTES - weight(item)
        pages[-1] += (item,)
    return pages


def _message(prompt: Prompt, address: case_card.Address) -> Message:
    if prompt.kind == "say" and not prompt.buttons and not prompt.media:
        return {"type": "text", "text": flex.cut(prompt.text, TEXT_LIMIT) or "…"}
    shows_cases = prompt.kind in case_card.KINDS
    body = case_card.body(prompt, address) if shows_cases else _BODIES[prompt.kind](prompt)
    body[1:1] = case_card.pictures(prompt.media, address)
    alt = case_card.alt(prompt) if shows_cases else _alt(prompt)
    bubble = flex.bubble(body, prompt.rtl)
    return {"type": "flex", "altText": flex.cut(alt, ALT_LIMIT) or "…", "contents": bubble}


def _alt(prompt: Prompt) -> str:
    """What the notification shows and a screen reader reads: the real question."""
    lead = " · ".join(part for part in (prompt.label, prompt.title) if part)
    options = " / ".join(f"{b.number} {b.label}".strip() for b in prompt.buttons)
    return "\n".join(part for part in (lead, prompt.text, options) if part)


def _quick(button: Button) -> Part:
    return {"type": "action", "action": flex.action(button, flex.CHIP_LIMIT)}


def _say(prompt: Prompt) -> list[Part]:
    choices = [flex.side(button) for button in prompt.buttons]
    return [flex.text(prompt.text, "lg"), *choices]


def _menu(prompt: Prompt) -> list[Part]:
    title = flex.text(flex.cut(prompt.title, BESIDE_LIMIT), "md", weight="bold", color=flex.ACCENT)
    return [title, flex.text(prompt.text, "md"), *(flex.side(button) for button in prompt.buttons)]


def _notice(prompt: Prompt) -> list[Part]:
    start, *others = prompt.buttons
    words = flex.text(prompt.text, "md", lineSpacing="6px")
    title = flex.text(flex.cut(prompt.title, BESIDE_LIMIT), "lg", weight="bold")
    return [title, *_hint(prompt), words, flex.main(start), *(flex.side(button) for button in others)]


def _question(prompt: Prompt) -> list[Part]:
    parts = _said_before(prompt)
    if prompt.label:
        parts.append(flex.text(prompt.label, "md", weight="bold", color=flex.ACCENT))
    if prompt.progress:
        parts.append(flex.progress(*prompt.progress))
    parts.append(flex.text(prompt.text, "xl", weight="bold", lineSpacing="4px"))
    parts += _hint(prompt)
    parts += flex.options(prompt.buttons)
    return parts + _footer(prompt)


def _ready(prompt: Prompt) -> list[Part]:
    send, *others = prompt.buttons
    words = flex.text(prompt.text, "xl", weight="bold")
    choices = [flex.main(send), *(flex.side(button) for button in others)]
    return [*_said_before(prompt), words, *_hint(prompt), *choices, *_footer(prompt)]


def _review(prompt: Prompt) -> list[Part]:
    parts = [flex.text(prompt.text, "xl", weight="bold"), *_hint(prompt)]
    for row in prompt.rows:
        asked = flex.text(f"{row.number}. {_asked(row)}", "sm", color=flex.SOFT)
        words = flex.box([asked, flex.text(_answer(row), "md", weight="bold")], flex=1)
        parts += [
            {"type": "separator"},
            flex.box([words, flex.small(row.edit)], "horizontal", spacing="md", alignItems="center"),
        ]
    return [*parts, *(flex.main(button) for button in prompt.buttons)]


def _said_before(prompt: Prompt) -> list[Part]:
    return [flex.text(flex.short(prompt.echo, 120), "sm", color=flex.SOFT)] if prompt.echo else []


def _asked(row: Row) -> str:
    return flex.short(row.text, 90)


def _answer(row: Row) -> str:
    return flex.short(row.answer, 120)


def _footer(prompt: Prompt) -> list[Part]:
    """What can be typed, for PCs, which show no quick replies."""
    return [flex.text(prompt.footer, "sm", color=flex.SOFT, align="center")] if prompt.footer else []


def _hint(prompt: Prompt) -> list[Part]:
    return [flex.text(flex.cut(prompt.hint, BESIDE_LIMIT), "md", color=flex.SOFT)] if prompt.hint else []


_BODIES: dict[str, Callable[[Prompt], list[Part]]] = {
    "say": _say,
    "menu": _menu,
    "notice": _notice,
    "question": _question,
    "ready": _ready,
    "review": _review,
}
