"""What the bot can do outside a survey: menu, help, language, how to reach people, where one was served. Pure."""

import re
from collections.abc import Callable

from survey import permits, prompts, staff
from survey.events import Button, Do, Erased, Known, Link, Ordered, Prompt, Saved, Turn, Wanted
from survey.settings import ServicePoint
from survey.state import Situation, State
from survey.texts import normal
from survey.thai import arabic_digits

QUIET_HOURS = 12
_WAKING = ("menu", "survey", "rate", "household", "assist", "summary", "report", "track", "answer", "add", "reopen")
"""Commands that speak to the bot again; the others (a phone number, the language) fit a chat with the office."""


def command(here: Situation, name: str, argument: str = "") -> Turn:
    """What a command leads to; one that is not of the desk is for the shell, which knows the tickets."""
    handler = COMMANDS.get(name)
    if handler is not None:
        turn = handler(here, argument)
    else:  # what is open waits: the next words may be meant for what is shown now
        wanted = Wanted(staff.TASKS[name], subject=argument) if name in staff.TASKS else Ordered(name, argument)
        turn = Turn((*_pause(here.draft), wanted))
    if here.quiet and (name in _WAKING or name in staff.TASKS):
        return Turn((Known(quiet_hours=0), *turn.facts), turn.prompts)
    return turn


def greeting(here: Situation) -> tuple[Prompt, ...]:
    """Said once to everybody, at the first contact."""
    return (menu(here, here.texts("greeting", agency=here.agency)), *_official(here))


def menu(here: Situation, text: str = "") -> Prompt:
    """The menu as a bubble, for phones on which the rich menu is folded away, and for PCs."""
    texts = here.texts
    names = ["report", "track", "sealed", "call", "help"]
    if here.role is None:
        names = ["rate", "survey", *names]
    elif permits.may(here.role, "cases"):
        names = ["new", "mine", "late", "calls", "file_for", "summary", "assist", "help"]
    else:
        names = ["summary", *names]
    if permits.may(here.role, "sealed"):
        names = ["sealed_desk", *names]
    page = {"sealed": Link(here.sealed_url)} if here.sealed_url else {}
    buttons = tuple(Button(texts(f"menu_{name}"), page.get(name) or Do(name)) for name in names)
    return Prompt(
        "menu", text or texts("menu"), title=here.agency, buttons=buttons, language=texts.language, rtl=texts.rtl
    )


def official_prompt(here: Situation) -> Prompt:
    """The NACC asks the same officially just now: the way there, and nothing else."""
    window = here.office.official_window
    button = (Button(here.texts("official_button"), Link(window.url)),) if window else ()
    return prompts.say(here.texts, "official", *button)


def point(here: Situation, typed: str) -> ServicePoint | None:
    """The service point whose id or title was typed, politely or in Thai digits too."""
    wanted = normal(typed)
    return next((p for p in here.office.points if wanted in (normal(p.id), normal(p.title))), None)


def _official(here: Situation) -> tuple[Prompt, ...]:
    return (official_prompt(here),) if here.official else ()


def _rate(here: Situation, argument: str) -> Turn:
    chosen = point(here, argument) if argument not in ("", "-") else None
    if chosen is None and here.office.points and argument != "-":
        buttons = [Button(p.title, Do("rate", p.id)) for p in here.office.points]
        buttons.append(Button(here.texts("point_other"), Do("rate", "-")))
        return Turn(_pause(here.draft), (prompts.say(here.texts, "choose_point", *buttons),))
    return Turn((Wanted("satisfaction", chosen.id if chosen else ""),))


def _scores(here: Situation, period: str) -> Turn:
    """Numbers for those who were invited to see them; help for everybody else."""
    if here.role is None:
        return _help(here, "")
    return Turn(prompts=(Prompt("scores", period, language=here.texts.language, rtl=here.texts.rtl),))


def _said_to_ticket(kind: str) -> Callable[[Situation, str], Turn]:
    return lambda here, ticket: Turn((*_pause(here.draft), Wanted(kind, subject=ticket)))


def _language(here: Situation, chosen: str) -> Turn:
    if chosen in here.languages:
        return Turn((Known(language=chosen),))
    buttons = (Button(name, Do("language", code)) for code, name in here.languages.items())
    return Turn(prompts=(prompts.say(here.texts, "language", *buttons),))


def _help(here: Situation, _: str) -> Turn:
    buttons = (
        Button(here.texts("menu_call"), Do("call")),
        Button(here.texts("privacy"), Link(here.privacy_url) if here.privacy_url else Do("privacy")),
        Button("ภาษา / Language", Do("language")),
    )
    return Turn(prompts=(prompts.say(here.texts, "help", *buttons),))


def _human(here: Situation, _: str) -> Turn:
    """The chat belongs to the office now: the bot is quiet, and a survey begun waits."""
    return Turn((Known(quiet_hours=QUIET_HOURS), *_pause(here.draft)), (_contact(here, "human"),))


def _pause(draft: State | None) -> tuple[Saved, ...]:
    if draft is None or draft.status != "open" or not draft.started:
        return ()
    return (Saved(dict(draft.answers), "paused"),)


def _contact(here: Situation, phrase: str = "") -> Prompt:
    """How to reach people: what was asked for, the phone, the hours."""
    texts, office = here.texts, here.office
    said = [texts(phrase)] if phrase else []
    if not office.phone:
        if phrase != "human":  # which says the same
            said.append(texts("contact_unknown", agency=here.agency))
        return prompts.plain(texts, "\n\n".join(said))
    contact = texts("contact", agency=here.agency, phone=office.phone)
    if office.hours:
        contact += "\n" + texts("contact_hours", hours=office.hours)
    number = _dialled(office.phone)
    dial = (Button(texts("call_button", phone=office.phone), Link(f"tel:{number}")),) if number else ()
    return prompts.plain(texts, "\n\n".join((*said, contact)), *dial)


def _dialled(phone: str) -> str:
    """The digits to dial, without the extension that offices like to write behind: ``0-4200-0111 ต่อ 12``. Or none."""
    digits = re.sub(r"\D", "", arabic_digits(phone))
    if digits and phone.lstrip().startswith("+"):
        return f"+{digits}"
    return digits[: 10 if digits[:2] in ("06", "08", "09") else 9]


COMMANDS: dict[str, Callable[[Situation, str], Turn]] = {
    "menu": lambda here, _: Turn(prompts=(menu(here), *_official(here))),
    "survey": lambda *_: Turn((Wanted("eit"),)),
    "rate": _rate,
    "household": lambda *_: Turn((Wanted("eit", household=True),)),
    "assist": lambda *_: Turn((Wanted("eit", assisted=True),)),
    "report": lambda here, _: Turn((*_pause(here.draft), Wanted("complaint"))),
    **{name: _said_to_ticket(name) for name in ("answer", "add", "reopen")},
    "sealed": lambda here, _: Turn(prompts=(prompts.door(here.texts, "sealed", here.sealed_url),)),
    "call": lambda here, _: Turn(prompts=(_contact(here),)),
    "help": _help,
    "summary": _scores,
    "language": _language,
    "human": _human,
    "privacy": lambda here, _: Turn(prompts=(prompts.say(here.texts, "privacy_text", agency=here.agency),)),
    "delete": lambda *_: Turn((Erased(),)),
}
