"""The morning digest in words: what is most pressing first, each ticket by its number."""

from collections.abc import Sequence
from datetime import date

from survey import prompts, thai
from survey.complaint import shown
from survey.events import Button, Do, Prompt
from survey.morning import Morning, Work
from survey.settings import Agency
from survey.texts import Texts

LISTED = 5


def morning_prompt(texts: Texts, agency: Agency, morning: Morning, today: date, *, with_buttons: bool) -> Prompt:
    """What one reader is told; a group gets no buttons, because in groups nothing is answered."""
    chosen = {
        "late": bool(morning.over or morning.near),
        "new": bool(morning.new),
        "mine": bool(morning.heard or morning.asked),
    }
    buttons = [Button(texts(f"morning_{name}_button"), Do(name)) for name, wanted in chosen.items() if wanted]
    return prompts.plain(texts, morning_text(texts, agency, morning, today), *(buttons if with_buttons else []))


def morning_text(texts: Texts, agency: Agency, morning: Morning, today: date) -> str:
    day = thai.long_date(today) if texts.buddhist else f"{today:%d/%m/%Y}"
    parts = {
        "over": morning.over,
        "near": morning.near,
        "new": morning.new,
        "heard": morning.heard,
        "asked": morning.asked,
    }
    lines = [
        "• " + texts(f"morning_{name}", count=len(work), tickets=_tickets(texts, agency, work))
        for name, work in parts.items()
        if work
    ]
    return "\n".join([texts("morning", day=day), *lines])


def _tickets(texts: Texts, agency: Agency, work: Sequence[Work]) -> str:
    rules = agency.office.rules
    named = [f"{shown(one.ticket)} {rules.category(one.category).title}" for one in work[:LISTED]]
    if len(work) > LISTED:
        named.append(texts("morning_more", count=len(work) - LISTED))
    return ", ".join(named)
