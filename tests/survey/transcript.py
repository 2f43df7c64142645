"""Conversations as text. A transcript is a chat: what the person does, what is said, what is stored.

    @ 2026-11-21 10:00          the clock in Bangkok from here on
    > ไม่เคยค่ะ                   typed            > [label]  tapped      > (sticker), (follow), (unsend ...)
    > (photo a)               one photo; (photo a of 3): one of three sent at once; (photo a gone): LINE has it no more
    > (voice 20)              seconds          > (place 17.4 102.8 หน้าวัด)
    > [label#1]                 an older button of that name, one before the newest
    B> สวัสดี                    somebody else     A@group> สรุป           said in a group
    ...> แบบสอบถาม 1 1 5        typed one after another, only what follows the last is shown
    ! official ..., ! file      what happens around the chat: see Chat.happens
    < said   [buttons]  (quick replies)
    N<< said [buttons]         came to N's phone unasked; from "! phones" on, which stands at the top
    = what is stored of the draft and of tickets, whose numbers are written №1, №2 and typed {№1}

The lines that go in drive the real service on a real database; the whole text is then compared. After a wanted change
run with UPDATE_TRANSCRIPTS=1 and review the difference as you review code.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from survey import alerts_morning, attachments, db, filing, leaving, library, officers, refusal, rounds, service, thai
from survey.complaint import shown
from survey.events import (
    Attached,
    Button,
    Card,
    Do,
    Event,
    Follow,
    Link,
    Located,
    Other,
    Prompt,
    Say,
    Tap,
    Unfollow,
    Unsend,
)
from survey.privacy import Keys
from survey.settings import Agency, Office, OfficialWindow, Settings
from survey.tables import channels, complaint_files, complaint_updates, complaints, drafts, participation, responses
from survey.visitor import Inbound, World
from tests.survey.phones import Phones, phones

START = "2026-11-21 10:00"
LINK = "https://itas.nacc.go.th/go/eit/abc"


@dataclass
class Chat:
    """People talking to the service; remembers every button ever shown to each."""

    engine: Engine
    agency: Agency
    keys: Keys
    now: datetime = field(default_factory=lambda: moment(START))
    buttons: dict[str, list[Button]] = field(default_factory=dict)
    events: int = 0
    messages: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    group: bool = False
    numbers: dict[str, str] = field(default_factory=dict)
    phones: Phones | None = None
    ends: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.library = _library()
        self.world = World(self.library, self.keys, "https://siang.example.go.th")
        with db.write(self.engine) as conn:
            rounds.ensure(conn, self.library, self.keys, self.agency.id, thai.bangkok_date(self.now))
            conn.execute(channels.insert().values(agency_id=self.agency.id, bot_user_id=f"U-{self.agency.id}"))

    def send(self, event: Event, person: str = "A", key: str = "") -> tuple[Prompt, ...]:
        """One event; the same ``key`` again is a redelivery."""
        self.events += 1
        self.now += timedelta(seconds=1)  # so that it is always clear which draft was touched last
        sender = f"pseudonym-of-{person}"
        inbound = Inbound(self.agency, sender, key or f"event-{self.events}", event, self._contact(person), self.group)
        with db.write(self.engine) as conn:
            said = service.handle(conn, inbound, self.world, self.now)
        said = self._fetched(inbound, said)
        self._number_tickets()
        for prompt in said:
            of_cards = [button for card in prompt.cards for button in card.buttons]
            buttons = [*of_cards, *prompt.buttons, *prompt.quick, *(row.edit for row in prompt.rows)]
            self.buttons.setdefault(person, []).extend(buttons)
        return said

    def _contact(self, person: str) -> Callable[[], bytes]:
        phones = self.phones
        return (lambda: phones.contact(self.keys, person)) if phones else lambda: b"sealed"

    def pushed(self) -> list[str]:
        """What has come to people's phones, as lines."""
        if self.phones is None:
            return []
        lines = []
        for person, said, buttons in self.phones.deliver(self.engine, self.agency, self.keys, self.library, self.now):
            self.buttons.setdefault(person, []).extend(buttons)
            shown_as = [button.label + _target(button) for button in buttons]
            said += [f"[{' | '.join(shown_as)}]"] if buttons else []
            lines += [f"{person}<< {self.without_numbers(line)}" for line in said]
        return lines

    def _fetched(self, inbound: Inbound, said: tuple[Prompt, ...]) -> tuple[Prompt, ...]:
        """Photos and voice come at once; those named "gone" never."""
        for prompt in [prompt for prompt in said if prompt.kind == "fetch"]:
            said = tuple(p for p in said if p is not prompt)
            with db.write(self.engine) as conn:
                if getattr(inbound.event, "source", "").endswith("gone"):
                    said = refusal.refuse(conn, inbound, self.world, prompt.text, attachments.GONE, self.now) or ()
                else:
                    attachments.keep(conn, self.agency.id, prompt.text, b"...", "image/jpeg")
        return said

    def _number_tickets(self) -> None:
        with db.read(self.engine) as conn:
            rows = conn.execute(select(complaints).order_by(complaints.c.received_at)).all()
        self.numbers = {shown(row.ticket): f"№{n}" for n, row in enumerate(rows, 1)}
        self.codes |= {name: ticket for ticket, name in self.numbers.items()}

    def do(self, line: str, person: str = "A") -> tuple[Prompt, ...]:
        """One ``>`` line: typed text, ``[a button]``, or ``(a kind of event)``."""
        return self.send(self._event(line, person), person)

    def happens(self, line: str) -> None:
        """One ``!`` line: something around the chat."""
        what, _, rest = line.partition(" ")
        happening: dict[str, Callable[[str], None]] = {
            "official": self._official,  # FIRST LAST: the NACC's own window, days
            "points": lambda _: self._office(points=()),  # none: an office without service points
            "phone": lambda number: self._office(phone=number, hours=""),
            "chat": self._chat_mode,  # chat | bot: may people read along
            "invite": self._invite,  # ROLE NAME DEPARTMENT...: a code, typed as {NAME}
            "remove": self._remove,  # NAME; without it the only officer
            "close": self._close,  # ROUND
            "rounds": lambda _: self._rounds(),  # the daily duty
            "file": lambda _: self._file_singly(),
            "leftovers": lambda _: self.leftovers(),  # what the worker does every minute
            "phones": lambda _: self._phones(),  # from here on pushes come to everybody's phone
            "morning": lambda _: self._morning(),  # of a working day: the digests
            "blocks": lambda person: self._blocks(person),  # PERSON blocks the account
        }
        happening[what](rest)

    def file(self, group: int = 1, seed: int = 7) -> int:
        settings = Settings((self.agency,), self.keys, anonymity_group=group)
        return filing.file_closed(self.engine, settings, self.agency, self.library, self.now, Random(seed))

    def leftovers(self) -> None:
        filing.close_idle(self.engine, self.agency, self.library, self.now)
        filing.expire(self.engine, self.agency, self.keys, self.now)

    def stored(self, person: str = "A") -> list[str]:
        """What the drafts of a person hold, the newest open one first, and how many parts and responses there are."""
        mine = select(drafts).where(drafts.c.respondent == f"pseudonym-of-{person}")
        mine = mine.order_by(drafts.c.status == "closed", drafts.c.touched_at.desc())
        with db.read(self.engine) as conn:
            rows = conn.execute(mine).all()
            parts = conn.scalar(select(func.count()).select_from(participation))
            filed = conn.scalar(select(func.count()).select_from(responses))
            cases = [self._ticket(conn, row) for row in conn.execute(select(complaints)).all()]
            files = conn.scalar(select(func.count()).select_from(complaint_files))
        kept = [f"{row.status}{_of(row)}: {_answers(row.answers)}" for row in rows]
        counted = [f"filed: {filed}"] if filed else []
        counted += [f"filed files: {files}"] if files else []
        return [self.without_numbers(line) for line in (*kept, f"taking part: {parts}", *counted, *sorted(cases))]

    def _ticket(self, conn: Connection, row: Any) -> str:
        person = (row.respondent or "nobody").removeprefix("pseudonym-of-")
        facts = [row.status, row.category, row.department, f"of {person}", row.tell_by]
        facts += ["asked"] * bool(row.question) + [f"rated {row.rating}"] * bool(row.rating)
        at = f" at {row.place}" if row.place else ""
        mine = conn.execute(select(complaint_updates).where(complaint_updates.c.complaint == row.id))
        said = [f"{u.action}: {u.words}" for u in sorted(mine, key=lambda u: u.number) if u.words]
        words = " | ".join([row.words or "-", row.masked, *said])
        return f"ticket {self.numbers.get(shown(row.ticket))}: {' '.join(facts)}{at}: {words}"

    def _event(self, line: str, person: str) -> Event:
        if tapped := re.fullmatch(r"\[(.+?)(?:#(\d+))?\]", line):
            return self._tapped(tapped[1], person, int(tapped[2] or 0))
        if unsent := re.fullmatch(r"\(unsend (.+)\)", line):
            return Unsend(self.messages.get(unsent[1], "a message that was no answer"))
        if media := self._media(line):
            return media
        if other := re.fullmatch(r"\((\w+)\)", line):
            return Follow() if other[1] == "follow" else Unfollow() if other[1] == "unfollow" else Other(other[1])
        text = re.sub(r"\{([\w№]+)\}", lambda found: self.codes[found[1]], line)
        if long := re.fullmatch(r"(.+) \* (\d+)", line):
            text = long[1] * int(long[2])
        self.messages[line] = f"message-{self.events}"
        return Say(text, self.messages[line])

    def _media(self, line: str) -> Event | None:
        if photo := re.fullmatch(r"\(photo (\w+)(?: of (\d))?( gone)?\)", line):
            self.messages[line] = f"photo-{photo[1]}"
            batch, total = ("set", int(photo[2])) if photo[2] else ("", 1)
            return Attached("image", f"photo-{photo[1]}", line.strip("()"), 0, batch, total)
        if voice := re.fullmatch(r"\(voice (\d+)\)", line):
            self.messages[line] = f"voice-{self.events}"
            return Attached("audio", self.messages[line], "voice", int(voice[1]))
        if place := re.fullmatch(r"\(place ([\d.-]+) ([\d.-]+) ?(.*)\)", line):
            return Located(float(place[1]), float(place[2]), place[3])
        return None

    def _tapped(self, label: str, person: str, older: int) -> Tap | Do:
        found = [b for b in self.buttons.get(person, []) if b.label == label and not isinstance(b.action, Link)]
        if not found:
            raise AssertionError(f"{person} was never shown a button {label!r}")
        action = found[-1 - older].action
        assert not isinstance(action, Link)
        return action

    def without_numbers(self, text: str) -> str:
        """Ticket numbers are drawn: №1 instead of 482-9153."""
        for ticket, name in self.numbers.items():
            text = text.replace(ticket, name)
        return text

    def _office(self, **changes: object) -> None:
        office: Office = replace(self.agency.office, **changes)  # type: ignore[arg-type]
        self.agency = replace(self.agency, office=office)

    def _official(self, days: str) -> None:
        first, last = days.split()
        self._office(official_window=OfficialWindow(LINK, date.fromisoformat(first), date.fromisoformat(last)))

    def _chat_mode(self, mode: str) -> None:
        with db.write(self.engine) as conn:
            conn.execute(channels.update().where(channels.c.agency_id == self.agency.id).values(chat_mode=mode))

    def _invite(self, rest: str) -> None:
        role, name, *departments = rest.split()
        with db.write(self.engine) as conn:
            self.codes[name] = officers.invite(conn, self.keys, self.agency.id, role, name, departments, self.now)

    def _remove(self, name: str) -> None:
        with db.write(self.engine) as conn:
            [officer] = [row for row in officers.listing(conn, self.agency.id) if name in ("", row.name)]
            leaving.leave(conn, self.agency, officer.id, self.now)

    def _phones(self) -> None:
        self.phones = self.ends.enter_context(phones(self.now, self.agency))

    def _morning(self) -> None:
        with db.write(self.engine) as conn:
            alerts_morning.queue(conn, self.agency, self.now)

    def _blocks(self, person: str) -> None:
        assert self.phones is not None
        self.phones.block(person)
        self.send(Unfollow(), person)

    def _close(self, round_id: str) -> None:
        with db.write(self.engine) as conn:
            rounds.close(conn, self.library, self.agency.id, round_id, thai.bangkok_date(self.now))

    def _file_singly(self) -> None:
        self.file()

    def _rounds(self) -> None:
        with db.write(self.engine) as conn:
            rounds.ensure(conn, self.library, self.keys, self.agency.id, thai.bangkok_date(self.now))


@cache
def _library() -> library.Library:
    return library.load()


def replay(path: Path, chat: Chat) -> str:
    """Run the lines that go in; the whole transcript as it is now."""
    with chat.ends:
        return "\n".join(_replayed(path, chat)) + "\n"


def _replayed(path: Path, chat: Chat) -> list[str]:
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            chat.now = moment(line[2:])
        if line.startswith(("@", "#")) or not line.strip():
            lines.append(line)
        elif line.startswith("! "):
            before = chat.stored()
            chat.happens(line[2:])
            lines += [line, *chat.pushed(), *_changes(before, chat.stored())]
        elif found := re.match(r"([A-Z])?(@group)?(\.\.\.)?> (.*)", line):
            person, chat.group = found[1] or "A", bool(found[2])
            before = chat.stored(person)
            lines.append(line)
            *others, last = found[4].split() if found[3] else [found[4]]
            for other in others:
                chat.do(other, person)
            for prompt in chat.do(last, person):
                lines += [f"< {chat.without_numbers(text)}" for text in rendered(prompt)]
            lines += [*chat.pushed(), *_changes(before, chat.stored(person))]
    return lines


def rendered(prompt: Prompt) -> list[str]:
    """A prompt as lines of text, as it would be read out."""
    parts = [prompt.title, prompt.echo, prompt.label, *prompt.text.split("\n"), *prompt.hint.split("\n")]
    lines = [part for part in parts if part]
    if prompt.kind == "scores":
        lines = [f"(scores of {prompt.text or 'this month'})"]
    lines += [f"{row.number}. {row.text}: {row.answer} [{row.edit.label}]" for row in prompt.rows]
    lines += [line for card in prompt.cards for line in _card(card)]
    lines += [f"({media.label})" for media in prompt.media]
    if prompt.buttons:
        lines.append("[" + " | ".join(f"{b.number} {b.label}".strip() + _target(b) for b in prompt.buttons) + "]")
    if prompt.quick:
        lines.append("(" + " | ".join(b.label for b in prompt.quick) + ")")
    return lines


def _card(card: Card) -> list[str]:
    due = f"{card.urgent} {card.due}".strip()
    lines = [" · ".join(part for part in (card.ticket, card.title, card.status, due) if part)]
    lines += [f'"{line}"' for line in card.words.split("\n")]
    place = card.place + (_target(card.place_on_map) if card.place_on_map else "")
    lines += [line for line in (place, *card.lines) if line]
    lines += [f"({media.label})" for media in card.media]
    lines += [f"- {line}" for line in card.history]
    buttons = " | ".join(button.label + _target(button) for button in card.buttons)
    return [*lines, *([f"[{buttons}]"] if buttons else [])]


def moment(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=thai.BANGKOK)


def _changes(before: list[str], after: list[str]) -> list[str]:
    gone = [
        f"= gone: {text}" for text in before if text not in after and not text.startswith(("taking", "filed", "ticket"))
    ]
    came = [f"= {text}" for text in after if text not in before]
    drafts_now = [text for text in after if not text.startswith(("taking", "filed", "ticket"))]
    drafts_then = [text for text in before if not text.startswith(("taking", "filed", "ticket"))]
    return [*came, *(gone if len(drafts_now) < len(drafts_then) else [])]


def _of(row: object) -> str:
    seat, helper = getattr(row, "seat", 0), getattr(row, "assisted_by", None)
    point = getattr(row, "service_point", None)
    return (
        (f" at {point or '-'}" if point is not None else "")
        + (f" seat {seat}" if seat else "")
        + (" assisted" if helper else "")
    )


def _target(button: Button) -> str:
    return f" -> {button.action.url}" if isinstance(button.action, Link) else ""


def _answers(answers: dict[str, str | None]) -> str:
    kept = " ".join(f"{name}={value}" for name, value in sorted(answers.items()) if name[0] != "@")
    return kept.replace("\n ", " ").rstrip("\n").replace("\n", " / ") or "-"
