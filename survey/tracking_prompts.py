"""What complainants see of their own tickets: status and history, the officer's question, the outcome. Pure.

Only words that were meant for them are shown, and never who in the office said them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from survey import complaint, prompts
from survey.complaint import shown
from survey.events import Button, Do, Media, Prompt
from survey.masking import without_ids
from survey.settings import Office
from survey.texts import Texts
from survey.thai import BANGKOK, MONTHS

LISTED = 8
HISTORY = 6
STARS = 5
_TOLD_OF = ("receive", "accept", "forward", "ask", "answer", "add", "resolve", "reject", "reopen", "cancel", "merge")
_OWN = {  # status -> what the complainant can do
    complaint.RECEIVED: ("add", "cancel"),
    complaint.IN_PROGRESS: ("add", "cancel"),
    complaint.RESOLVED: ("confirm", "reopen"),
}


@dataclass(frozen=True, slots=True)
class Own:
    """A complainant's ticket. ``main``: the one it was merged into, whose status counts; else the ticket itself."""

    ticket: Any
    main: Any

    @property
    def merged(self) -> bool:
        return bool(self.main.id != self.ticket.id)


def after_news(texts: Texts, action: str, ticket_id: str, *, merged: bool = False) -> tuple[Button, ...]:
    """The buttons below a question or an outcome told to the complainant: answer it, say whether it is true, look.

    ``action``: ask, resolve or reject. ``merged``: the outcome is of the ticket that this one was merged into.
    """
    names = {"ask": ("answer",), "resolve": ("reopen",) if merged else ("confirm", "reopen")}.get(action, ())
    ways = tuple(Button(texts(f"track_{name}"), Do(name, ticket_id)) for name in names)
    return (*ways, Button(texts("track_open"), Do("track", ticket_id)))


def listing(texts: Texts, office: Office, own: Sequence[Own]) -> Prompt:
    """A complainant's own tickets, the newest first."""
    if not own:
        return prompts.say(texts, "track_none", Button(texts("menu_report"), Do("report")))
    names = [f"{shown(o.ticket.ticket)} {_category(texts, office, o)} · {_status(texts, o)}" for o in own[:LISTED]]
    buttons = (Button(name, Do("track", o.ticket.id)) for name, o in zip(names, own, strict=False))
    return prompts.say(texts, "track_list", *buttons, count=len(own))


def whole(texts: Texts, office: Office, own: Own, history: Sequence[Any], files: Sequence[Any] = ()) -> Prompt:
    """One ticket: where it stands, what was said, what can be done now; when it is mended, the photos of that.

    ``files``: of the ticket whose status counts.
    """
    ticket, main = own.ticket, own.main
    day = _day(texts, ticket.received_on)
    lines = [texts("track_title", ticket=shown(ticket.ticket), category=_category(texts, office, own))]
    if own.merged:
        lines.append(texts("track_merged"))
    lines.append(texts("track_status", status=_status(texts, own)))
    if main.status in complaint.OPEN:
        lines.append(texts("track_until", day=_day(texts, main.due_on)))
    lines += ["", texts("track_received", day=day), f"“{without_ids(ticket.words or ticket.masked)}”"]
    lines += [_happened(texts, row) for row in history if _is_told(row, ticket)][-HISTORY:]
    if ticket.question:
        lines += ["", texts("track_question", words=without_ids(ticket.question))]
    if ticket.rating:
        lines += ["", texts("track_rated", rating=ticket.rating)]
    said = prompts.plain(texts, "\n".join(lines), *_ways(texts, own))
    return replace(said, media=_mended(texts, own, files))


def stars(texts: Texts, ticket_id: str) -> Prompt:
    """How well was it done? One to five."""
    buttons = (Button(texts(f"track_stars_{n}"), Do("stars", f"{ticket_id}:{n}")) for n in range(STARS, 0, -1))
    return prompts.say(texts, "track_rate", *buttons)


def really_cancel(texts: Texts, ticket: Any) -> Prompt:
    """A ticket that is cancelled stays so: asked once more."""
    yes = Button(texts("track_cancel_yes"), Do("cancel", f"{ticket.id}:yes"))
    no = Button(texts("track_cancel_no"), Do("track", ticket.id))
    return prompts.say(texts, "track_cancel_sure", yes, no, ticket=shown(ticket.ticket))


def filed(texts: Texts, office: Office, ticket: Any) -> Prompt:
    """The number, and what happens next."""
    days = office.rules.category(ticket.category).days
    said = [texts("filed", ticket=shown(ticket.ticket)), texts(f"filed_{ticket.tell_by}", days=days)]
    if ticket.urgent:
        said.append(texts("filed_urgent"))
    return prompts.plain(texts, "\n".join(said), Button(texts("menu_track"), Do("track", ticket.id)))


def _ways(texts: Texts, own: Own) -> tuple[Button, ...]:
    ticket, main = own.ticket, own.main
    names: Sequence[str] = _OWN.get(main.status, ())
    if own.merged:
        names = ("reopen",) if main.status == complaint.RESOLVED else ()
    elif ticket.confirmed:
        names = () if ticket.rating else ("rate_now",)
    if ticket.question:
        names = ("answer", *names)
    orders: Mapping[str, Do] = {"rate_now": Do("confirm", ticket.id)}
    return tuple(Button(texts(f"track_{name}"), orders.get(name) or Do(name, ticket.id)) for name in names)


def _is_told(row: Any, ticket: Any) -> bool:
    """What is still asked stands below, not in the history."""
    asked = row.action == "ask" and row.words == ticket.question
    return row.action in _TOLD_OF[1:] and not asked


def _mended(texts: Texts, own: Own, files: Sequence[Any]) -> tuple[Media, ...]:
    shown = (file for file in files if file.kind == "after" and file.status == "ready")
    resolved = own.main.status == complaint.RESOLVED
    return tuple(Media("after", file.id, texts("case_media_after")) for file in shown) if resolved else ()


def _category(texts: Texts, office: Office, own: Own) -> str:
    return office.rules.category(own.ticket.category).named(texts.language)


def _status(texts: Texts, own: Own) -> str:
    return texts(f"case_status_{own.main.status}")


def _happened(texts: Texts, row: Any) -> str:
    """One line of history, with the words when they were meant for the complainant."""
    day = _day(texts, row.at.astimezone(BANGKOK).date())
    others = row.action == "reopen" and not row.told  # one whose ticket was merged into this one
    said = texts("track_did_reopen_other" if others else f"track_did_{row.action}")
    words = without_ids(row.words) if row.told and row.words else ""
    return f"• {day} {said}" + (f": “{words}”" if words else "")


def _day(texts: Texts, day: Any) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {(day.year + 543) % 100}" if texts.buddhist else f"{day:%d/%m/%Y}"
