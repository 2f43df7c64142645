"""Prompts in LINE's words: the one place that knows LINE's limits.

A question is one bubble: what was just answered, how far one is, the question large, every option a full-width button,
and a footer that says what can be typed. Quick replies repeat back, skip and stop; PCs do not show them and a newer
message takes them away, which is why nothing depends on them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bot import flex
from bot.flex import Part
from survey.events import Button, Prompt

Message = dict[str, Any]

AT_ONCE = 5  # messages in one call
TEXT_LIMIT = 5000  # UTF-16 units
ALT_LIMIT = 1500
QUICK_LIMIT = 13


def to_line(prompts: Sequence[Prompt]) -> list[Message]:
    """The messages of one reply. Quick replies belong to the last, where LINE shows them."""
    messages = [_message(prompt) for prompt in prompts][-AT_ONCE:]
    quick = [_quick(button) for prompt in prompts[-1:] for button in prompt.quick][:QUICK_LIMIT]
    if messages and quick:
        messages[-1]["quickReply"] = {"items": quick}
    return messages


def _message(prompt: Prompt) -> Message:
    if prompt.kind == "say" and not prompt.buttons:
        return {"type": "text", "text": cut(prompt.text, TEXT_LIMIT)}
    bubble = flex.bubble(_BODIES[prompt.kind](prompt), prompt.rtl)
    return {"type": "flex", "altText": cut(_alt(prompt), ALT_LIMIT), "contents": bubble}


def cut(text: str, units: int) -> str:
    """At most so many UTF-16 units, as LINE counts."""
    if len(text.encode("utf-16-le")) // 2 <= units:
        return text
    return text.encode("utf-16-le")[: 2 * (units - 1)].decode("utf-16-le", "ignore") + "…"


def _alt(prompt: Prompt) -> str:
    """What the notification shows and a screen reader reads: the real question."""
    lead = " · ".join(part for part in (prompt.label, prompt.title) if part)
    options = " / ".join(f"{b.number} {b.label}".strip() for b in prompt.buttons)
    return "\n".join(part for part in (lead, prompt.text, options) if part)


def _quick(button: Button) -> Part:
    return {"type": "action", "action": flex.action(button)}


def _say(prompt: Prompt) -> list[Part]:
    choices = [flex.side(button) for button in prompt.buttons]
    return [flex.text(prompt.text, "lg"), *choices]


def _menu(prompt: Prompt) -> list[Part]:
    title = flex.text(prompt.title, "md", weight="bold", color=flex.ACCENT)
    return [title, flex.text(prompt.text, "md"), *(flex.side(button) for button in prompt.buttons)]


def _notice(prompt: Prompt) -> list[Part]:
    start, *others = prompt.buttons
    hint = [flex.text(prompt.hint, "md", color=flex.SOFT)] if prompt.hint else []
    words = flex.text(prompt.text, "md", lineSpacing="6px")
    title = flex.text(prompt.title, "lg", weight="bold")
    return [title, *hint, words, flex.main(start), *(flex.side(button) for button in others)]


def _question(prompt: Prompt) -> list[Part]:
    parts = _said_before(prompt)
    if prompt.label:
        parts.append(flex.text(prompt.label, "md", weight="bold", color=flex.ACCENT))
    if prompt.progress:
        parts.append(flex.progress(*prompt.progress))
    parts.append(flex.text(prompt.text, "xl", weight="bold", lineSpacing="4px"))
    if prompt.hint:
        parts.append(flex.text(prompt.hint, "md", color=flex.SOFT))
    parts += [flex.option(button) for button in prompt.buttons]
    parts.append(flex.text(prompt.footer, "sm", color=flex.SOFT, align="center"))
    return parts


def _ready(prompt: Prompt) -> list[Part]:
    send, *others = prompt.buttons
    words = flex.text(prompt.text, "xl", weight="bold")
    hint = flex.text(prompt.hint, "md", color=flex.SOFT)
    return [*_said_before(prompt), words, hint, flex.main(send), *(flex.side(button) for button in others)]


def _review(prompt: Prompt) -> list[Part]:
    parts = [flex.text(prompt.text, "xl", weight="bold"), flex.text(prompt.hint, "md", color=flex.SOFT)]
    for row in prompt.rows:
        asked = flex.text(f"{row.number}. {flex.short(row.text, 60)}", "sm", color=flex.SOFT)
        answer = flex.text(flex.short(row.answer, 120), "md", weight="bold")
        words = flex.box([asked, answer], flex=1)
        parts += [
            {"type": "separator"},
            flex.box([words, flex.small(row.edit)], "horizontal", spacing="md", alignItems="center"),
        ]
    return [*parts, *(flex.main(button) for button in prompt.buttons)]


def _said_before(prompt: Prompt) -> list[Part]:
    return [flex.text(prompt.echo, "sm", color=flex.SOFT)] if prompt.echo else []


_BODIES: dict[str, Callable[[Prompt], list[Part]]] = {
    "say": _say,
    "menu": _menu,
    "notice": _notice,
    "question": _question,
    "ready": _ready,
    "review": _review,
}
