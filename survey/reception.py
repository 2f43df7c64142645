"""Who is meant by an event: the survey, the desk (menu, help, phone), or nobody. And who may begin to answer. Pure.

An Official Account also carries people's chats with the office. So the bot greets once and then speaks only when spoken
to: by a keyword, the menu, a button, or an answer to the question it has just asked.
"""

import re
from dataclasses import replace

from survey import conversation, desk, prompts, staff
from survey.complaint import read_ticket
from survey.events import (
    Attached,
    Button,
    Do,
    Dropped,
    Event,
    Follow,
    Known,
    Located,
    Other,
    Prompt,
    Redeemed,
    Saved,
    Say,
    TakenBack,
    Tap,
    Turn,
    Unfollow,
    Unsend,
    Wanted,
)
from survey.state import Availability, Situation, State
from survey.texts import normal
from survey.thai import parse_month

HOUSEHOLD = 3  # people who may answer from one account in a round
INVITE = re.compile(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}")
_RATE = re.compile(r"^(?:ประเมิน|ติชม|rate)\s+(.+)$", re.IGNORECASE)
_SUMMARY = re.compile(r"^(?:สรุป|summary)(?:\s+(.+))?$", re.IGNORECASE)
_TICKET = re.compile(r"(ติดตามเรื่อง|ติดตาม|เลขเรื่อง|เรื่อง|follow)?\s*#?([0-9]{3})[- ]?([0-9]{4})")
_ALWAYS = ("human", "delete", "menu")
_OF_THE_DESK = ("survey", "rate", "household", "assist", "report", "track", "sealed", "call", "language", "privacy")
_OF_A_DRAFT = ("resume", "restart", "start", "stop")


def respond(here: Situation, event: Event) -> Turn:
    """What one event of one person leads to."""
    if here.group:
        return _in_group(here, event)
    turn = _respond(here, event)
    if here.greeted or isinstance(event, Unfollow | Unsend) or not (turn.prompts or turn.facts):
        return turn
    return replace(turn, facts=(Known(greeted=True), *turn.facts))  # answered is greeted


def refused(here: Situation, wanted: Wanted) -> tuple[Prompt, ...]:
    """Why somebody in this role, or anybody today, is not asked; empty when they are. Looks at no draft."""
    texts = here.texts
    if wanted.assisted and here.role in (None, "viewer"):
        return (prompts.say(texts, "help_needs_officer"),)
    if here.role == "viewer":
        return (prompts.say(texts, "viewer_not_asked"),)
    if here.role is not None and not wanted.assisted:
        return (prompts.say(texts, "officer_not_asked", Button(texts("menu_assist"), Do("assist"))),)
    return (desk.official_prompt(here),) if here.official and wanted.kind == "eit" else ()


def begin(here: Situation, wanted: Wanted, found: Availability) -> Turn | None:
    """May one who is not refused answer now? A Turn that says why not, or offers to resume; None: start a new draft."""
    texts = here.texts
    if not found.open:
        return Turn(prompts=(prompts.say(texts, "no_round"),))
    if found.draft is not None:
        return _again(found.draft)
    if wanted.kind == "satisfaction":
        return Turn(prompts=(prompts.say(texts, "taken_today"),)) if found.taken else None
    if found.taken == 0:
        return None
    if found.taken >= HOUSEHOLD:
        return Turn(prompts=(prompts.say(texts, "household_full"),))
    if wanted.household:
        return None
    return Turn(prompts=(prompts.say(texts, "taken", Button(texts("household"), Do("household"))),))


def _again(draft: State) -> Turn:
    if draft.started:
        # Paused, so that a number typed now answers no question out of sight.
        return Turn((Saved(dict(draft.answers), "paused"),), (prompts.resume_offer(draft),))
    return Turn(prompts=conversation.ask(draft))


def _in_group(here: Situation, event: Event) -> Turn:
    asked = isinstance(event, Say) and (_summary(here, event) is not None or here.texts.command(event.text) == "menu")
    asked = asked or (isinstance(event, Say) and staff.order(event.text, answering=True) is not None)
    if asked or isinstance(event, Tap | Do):
        return Turn(prompts=(prompts.say(here.texts, "privately"),))
    return Turn()


def _respond(here: Situation, event: Event) -> Turn:
    match event:
        case Follow():
            return _follow(here)
        case Unfollow():
            return Turn((Known(following=False),))
        case Unsend():
            return _unsent(here, event)
        case Tap():
            return _of_draft(here, event, event.draft)
        case Do():
            return (
                _of_draft(here, event, event.draft)
                if event.draft
                else desk.command(here, event.command, event.argument)
            )
        case Say():
            return _say(here, event)
    return _unprompted(here, event)


def _follow(here: Situation) -> Turn:
    return Turn((Known(following=True),), () if here.greeted else desk.greeting(here))


def _unsent(here: Situation, event: Unsend) -> Turn:
    """A message taken back; nothing is asked again where nothing may be answered, or where people talk."""
    gone = TakenBack(event.message_id)
    if here.draft is None:
        return Turn((gone,))
    turn = conversation.unsent(here.draft, event.message_id)
    turn = replace(turn, facts=(gone, *turn.facts))
    silent = here.paused or here.quiet or here.idle
    if not silent:
        return turn
    paused = tuple(
        replace(f, status="paused") if isinstance(f, Saved) and f.status == "open" else f for f in turn.facts
    )
    return Turn(paused, turn.prompts[:1])


def _of_draft(here: Situation, event: Tap | Do, draft: str) -> Turn:
    """A button of a survey. An old one is told so, and what is open now is asked again."""
    meant = here.draft
    if meant is None or meant.status == "closed":
        return Turn(prompts=(prompts.say(here.texts, "old_survey"),))
    if meant.draft != draft:
        old = prompts.say(here.texts, "old_survey")
        return Turn(prompts=conversation.ask(meant, old) if _open(here) and not here.paused else (old,))
    turn = _advance(here, meant, event)
    return replace(turn, facts=(Known(quiet_hours=0), *turn.facts)) if here.quiet else turn


def _say(here: Situation, said: Say) -> Turn:
    command = here.texts.command(said.text)
    if (code := INVITE.fullmatch(said.text.strip().upper())) is not None:
        return Turn((Redeemed(code[0]),))
    if command in _ALWAYS:
        return desk.command(here, command)
    if here.role is not None and (order := staff.order(said.text, _open(here))) is not None:
        return desk.command(here, order.command, order.argument)
    if (rated := _rated(here, said)) is not None:
        return desk.command(here, "rate", rated)
    if (period := _summary(here, said)) is not None and (here.role is not None or not (here.quiet or _open(here))):
        return desk.command(here, "summary", period)
    if here.quiet:
        return Turn()
    if command in _OF_THE_DESK:
        return desk.command(here, command)
    if (ticket := _ticket(here, said)) is not None:
        return desk.command(here, "track", ticket)
    draft = here.draft
    if draft is not None and _open(here):
        return _advance(here, draft, said)
    if command == "help":
        return desk.command(here, command)
    if draft is not None and command in _OF_A_DRAFT:
        return _advance(here, draft, Do("resume" if command == "start" else command) if draft.started else said)
    return _unprompted(here, said)


def _ticket(here: Situation, said: Say) -> str | None:
    """The number in ``ติดตาม 482-9153``, right or not; alone only one that can be a ticket, when nothing is asked."""
    found = _TICKET.fullmatch(normal(said.text))
    if found is None or (not found[1] and (_open(here) or read_ticket(found[2] + found[3]) is None)):
        return None
    return found[2] + found[3]


def _rated(here: Situation, said: Say) -> str | None:
    """The service point of ``ประเมิน <point>``: a known one always (a QR code was scanned), another one when idle."""
    found = _RATE.match(" ".join(said.text.split()))
    if found is None:
        return None
    return found[1] if desk.point(here, found[1]) or not (_open(here) or here.quiet) else None


def _summary(here: Situation, said: Say) -> str | None:
    """The period of ``สรุป``, ``สรุป ก.พ. 70``. People say "สรุป ..." to each other too: theirs must name a month."""
    found = _SUMMARY.match(normal(said.text))
    if found is None:
        return None
    period = found[1] or ""
    return period if here.role is not None or not period or _is_month(period) else None


def _is_month(text: str) -> bool:
    try:
        parse_month(text)
    except ValueError:
        return False
    return True


def _open(here: Situation) -> bool:
    """Is a question of ours the last thing that was said?"""
    return here.draft is not None and here.draft.status == "open" and not here.idle and not here.quiet


def _unprompted(here: Situation, event: Say | Attached | Located | Other) -> Turn:
    """Something that is no command: an answer, the first message ever, or not meant for us."""
    draft = here.draft
    if here.quiet:
        return Turn()
    if draft is not None and draft.status == "open" and draft.started:
        if not here.idle:
            return _advance(here, draft, event)
        offer = desk.official_prompt(here) if here.paused else prompts.resume_offer(draft)
        return Turn((Saved(dict(draft.answers), "paused"),), (offer,))  # once: it may be a chat with the office
    return Turn() if here.greeted else Turn(prompts=desk.greeting(here))


def _advance(here: Situation, draft: State, event: Event) -> Turn:
    if here.role is None and staff.is_task(draft.instrument.kind):  # removed since it was begun
        return Turn((Dropped(),), (prompts.say(here.texts, "case_gone_role"),))
    if not here.paused:
        return conversation.advance(draft, event)
    kept = (Saved(dict(draft.answers), "paused"),) if draft.status == "open" and draft.started else ()
    return Turn(kept, (desk.official_prompt(here),))
