"""Everything outside a survey's questions: greeting, menu, who may begin, when to be silent. Pure.

An Official Account also carries people's chats with the office. So the bot greets once and then speaks only when spoken
to: by a keyword, the menu, a button, or an answer to the question it has just asked.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from survey import conversation, prompts
from survey.conversation import State
from survey.events import (
    Button,
    Do,
    Erased,
    Event,
    Follow,
    Known,
    Link,
    Other,
    Prompt,
    Redeemed,
    Saved,
    Say,
    Tap,
    Turn,
    Unfollow,
    Unsend,
    Wanted,
)
from survey.settings import Office
from survey.texts import Texts, normal

QUIET_HOURS = 12
HOUSEHOLD = 3  # people who may answer from one account in a round
INVITE = re.compile(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}")
_RATE = re.compile(r"^(?:ประเมิน|ติชม|rate)\s+(.+)$", re.IGNORECASE | re.DOTALL)
_SUMMARY = re.compile(r"^(?:สรุป|summary)(?:\s+(.+))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known when an event comes in. ``role``: None for a resident; ``idle``: the draft was left a while."""

    texts: Texts
    agency: str
    office: Office = field(default_factory=Office)
    greeted: bool = True
    quiet: bool = False
    role: str | None = None
    draft: State | None = None
    idle: bool = False
    group: bool = False
    official: bool = False  # the NACC's own EIT is open today
    languages: Mapping[str, str] = field(default_factory=dict)
    privacy_url: str = ""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether somebody may answer in a round: which seats of the account are taken, and a draft begun earlier."""

    open: bool
    taken: int = 0
    draft: State | None = None


def respond(here: Situation, event: Event) -> Turn:
    """What one event of one person leads to."""
    if here.group:
        return _in_group(here, event)
    match event:
        case Follow():
            return _follow(here)
        case Unfollow():
            return Turn((Known(following=False),))
        case Unsend():
            return conversation.unsent(here.draft, event.message_id) if here.draft else Turn()
        case Tap():
            return _tap(here, event)
        case Do():
            return _do(here, event)
        case Say():
            return _say(here, event)
        case Other():
            return _unprompted(here, event)


def begin(here: Situation, wanted: Wanted, found: Availability) -> Turn | None:
    """May they answer? A Turn that says why not (or offers to resume); None: yes, start a new draft."""
    texts = here.texts
    refused = _refused(here, wanted)
    if refused:
        return Turn(prompts=refused)
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


def official_prompt(here: Situation) -> Prompt:
    window = here.office.official_window
    button = (Button(here.texts("official_button"), Link(window.url)),) if window else ()
    return prompts.say(here.texts, "official", *button)


def menu(here: Situation, text: str = "") -> Prompt:
    """The menu as a bubble, for phones on which the rich menu is folded away, and for PCs."""
    texts = here.texts
    names = ["rate", "survey", "report", "track", "call", "help"]
    if here.role is not None:
        names = ["summary", *(["assist"] if here.role != "viewer" else []), *names]
    buttons = tuple(Button(texts(f"menu_{name}"), Do(name)) for name in names)
    return Prompt(
        "menu", text or texts("menu"), title=here.agency, buttons=buttons, language=texts.language, rtl=texts.rtl
    )


def _refused(here: Situation, wanted: Wanted) -> tuple[Prompt, ...]:
    texts = here.texts
    if wanted.assisted:
        return (prompts.say(texts, "viewer_not_asked"),) if here.role in (None, "viewer") else _paused(here, wanted)
    if here.role == "viewer":
        return (prompts.say(texts, "viewer_not_asked"),)
    if here.role is not None:
        return (prompts.say(texts, "officer_not_asked", Button(texts("menu_assist"), Do("assist"))),)
    return _paused(here, wanted)


def _paused(here: Situation, wanted: Wanted) -> tuple[Prompt, ...]:
    return (official_prompt(here),) if here.official and wanted.kind == "eit" else ()


def _again(draft: State) -> Turn:
    if draft.started:
        return Turn(prompts=(prompts.resume_offer(draft),))
    return Turn(prompts=conversation.ask(draft))


def _in_group(here: Situation, event: Event) -> Turn:
    spoken_to = isinstance(event, Tap | Do) or (
        isinstance(event, Say) and (_SUMMARY.match(normal(event.text)) or here.texts.command(event.text) == "menu")
    )
    return Turn(prompts=(prompts.say(here.texts, "privately"),)) if spoken_to else Turn()


def _follow(here: Situation) -> Turn:
    if here.greeted:
        return Turn((Known(following=True),))
    return Turn((Known(greeted=True, following=True),), _greeting(here))


def _greeting(here: Situation) -> tuple[Prompt, ...]:
    greeting = here.texts("greeting", agency=here.agency)
    return (menu(here, greeting), *((official_prompt(here),) if here.official else ()))


def _tap(here: Situation, tap: Tap) -> Turn:
    if here.draft is None or here.draft.draft != tap.draft or here.draft.status == "closed":
        before = (prompts.say(here.texts, "old_survey"),)
        return Turn(prompts=before)
    return _advance(here, here.draft, tap)


def _do(here: Situation, do: Do) -> Turn:
    if do.draft:
        if here.draft is None or here.draft.draft != do.draft or here.draft.status == "closed":
            return Turn(prompts=(prompts.say(here.texts, "old_survey"),))
        return _advance(here, here.draft, do)
    return _command(here, do.command, do.argument)


def _say(here: Situation, said: Say) -> Turn:
    typed = normal(said.text)
    command = here.texts.command(said.text)
    if (code := INVITE.fullmatch(said.text.strip().upper())) is not None:
        return Turn((Redeemed(code[0]),))
    if (rated := _RATE.match(typed)) and not _open(here):
        return _rate(here, rated[1])
    if command in ("human", "delete", "language", "menu", "privacy"):
        return _command(here, command, "")
    if here.quiet:
        return Turn()
    if (summary := _SUMMARY.match(typed)) and not _open(here):
        return _command(here, "summary", summary[1] or "")
    draft = here.draft
    if draft is not None and _open(here):
        return _advance(here, draft, said)
    if command in _COMMANDS:
        return _command(here, command, "")
    if draft is not None and draft.status != "closed" and command in ("resume", "restart", "start", "stop"):
        return _advance(here, draft, Do("resume" if command == "start" else command) if draft.started else said)
    return _unprompted(here, said)


def _open(here: Situation) -> bool:
    """Is a question of ours the last thing that was said?"""
    return here.draft is not None and here.draft.status == "open" and not here.idle and not here.quiet


def _unprompted(here: Situation, event: Say | Other) -> Turn:
    """Something that is no command: an answer, the first message ever, or not meant for us."""
    draft = here.draft
    if here.quiet:
        return Turn()
    if draft is not None and draft.status == "open" and draft.started:
        if here.idle:  # offer once, then be silent: it may be a chat with the office
            return Turn((Saved(dict(draft.answers), "paused"),), (prompts.resume_offer(draft),))
        return _advance(here, draft, event)
    if not here.greeted:
        return Turn((Known(greeted=True),), _greeting(here))
    return Turn()


def _advance(here: Situation, draft: State, event: Event) -> Turn:
    if here.official and draft.instrument.kind == "eit":
        return Turn(prompts=(official_prompt(here),))
    return conversation.advance(draft, event)


def _command(here: Situation, command: str, argument: str) -> Turn:
    if command == "rate":
        return _rate(here, argument)
    if command == "summary":
        return Turn(prompts=(_scores(here, argument),))
    if command == "language":
        return _language(here, argument)
    if command == "human":
        paused = _pause(here.draft)
        return Turn((Known(quiet_hours=QUIET_HOURS), *paused), (_contact(here, "human"),))
    handler = _COMMANDS.get(command)
    turn = handler(here) if handler else Turn()
    return Turn((Known(quiet_hours=0), *turn.facts), turn.prompts) if here.quiet and handler else turn


def _pause(draft: State | None) -> tuple[Saved, ...]:
    if draft is None or draft.status != "open" or not draft.started:
        return ()
    return (Saved(dict(draft.answers), "paused"),)


def _rate(here: Situation, argument: str) -> Turn:
    point = here.office.point(argument) if argument not in ("", "-") else None
    if point is None and here.office.points and argument != "-":
        buttons = [Button(p.title, Do("rate", p.id)) for p in here.office.points]
        buttons.append(Button(here.texts("point_other"), Do("rate", "-")))
        return Turn(prompts=(prompts.say(here.texts, "choose_point", *buttons),))
    return Turn((Wanted("satisfaction", point.id if point else ""),))


def _scores(here: Situation, period: str) -> Prompt:
    if here.role is None:
        return prompts.say(here.texts, "help")
    return Prompt("scores", period, language=here.texts.language, rtl=here.texts.rtl)


def _language(here: Situation, chosen: str) -> Turn:
    if chosen in here.languages:
        return Turn((Known(language=chosen),))
    buttons = (Button(name, Do("language", code)) for code, name in here.languages.items())
    return Turn(prompts=(prompts.say(here.texts, "language", *buttons),))


def _help(here: Situation) -> Turn:
    buttons = (
        Button(here.texts("menu_call"), Do("call")),
        Button(here.texts("privacy"), Link(here.privacy_url) if here.privacy_url else Do("privacy")),
        Button("ภาษา / Language", Do("language")),
    )
    return Turn(prompts=(prompts.say(here.texts, "help", *buttons),))


def _contact(here: Situation, phrase: str) -> Prompt:
    """How to reach people: what was asked for, the phone, the hours."""
    texts, office = here.texts, here.office
    if not office.phone:
        return prompts.plain(texts, texts(phrase) if phrase else texts("contact_unknown", agency=here.agency))
    contact = texts("contact", agency=here.agency, phone=office.phone, hours=office.hours or "-")
    number = re.sub(r"[^\d+]", "", office.phone)
    button = Button(texts("call_button", phone=office.phone), Link(f"tel:{number}"))
    return prompts.plain(texts, f"{texts(phrase)}\n\n{contact}" if phrase else contact, button)


def _privacy(here: Situation) -> Turn:
    return Turn(prompts=(prompts.say(here.texts, "privacy_text", agency=here.agency),))


_COMMANDS: dict[str, Callable[[Situation], Turn]] = {
    "menu": lambda here: Turn(prompts=(menu(here),)),
    "survey": lambda _: Turn((Wanted("eit"),)),
    "rate": lambda here: _rate(here, ""),
    "household": lambda _: Turn((Wanted("eit", household=True),)),
    "assist": lambda _: Turn((Wanted("eit", assisted=True),)),
    "report": lambda here: Turn(prompts=(_contact(here, "not_yet_report"),)),
    "track": lambda here: Turn(prompts=(_contact(here, "not_yet_track"),)),
    "call": lambda here: Turn(prompts=(_contact(here, ""),)),
    "help": _help,
    "privacy": _privacy,
    "delete": lambda _: Turn((Erased(),)),
}
