"""Conversations as text. A transcript is a chat: what the person does, what is said, what is stored.

    @ 2026-11-21 10:00          the clock in Bangkok from here on
    > ไม่เคยค่ะ                   typed            > [label]  tapped      > (sticker), (follow), (unsend ...)
    B> สวัสดี                    somebody else
    < said   [buttons]  (quick replies)
    = what is stored of the draft

The lines that go in drive the real service on a real database; the whole text is then compared. After a wanted change
run with UPDATE_TRANSCRIPTS=1 and review the difference as you review code.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select

from survey import db, library, rounds, service, thai
from survey.events import Button, Do, Event, Follow, Link, Other, Prompt, Say, Tap, Unfollow, Unsend
from survey.privacy import Keys
from survey.settings import Agency
from survey.tables import drafts, participation
from survey.visitor import Inbound, World

START = "2026-11-21 10:00"


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
    group: bool = False

    def __post_init__(self) -> None:
        self.library = library.load()
        self.world = World(self.library, self.keys, "https://siang.example.go.th")
        with db.write(self.engine) as conn:
            rounds.ensure(conn, self.library, self.keys, self.agency.id, thai.bangkok_date(self.now))

    def send(self, event: Event, person: str = "A") -> tuple[Prompt, ...]:
        self.events += 1
        inbound = Inbound(
            self.agency, f"pseudonym-of-{person}", f"event-{self.events}", event, lambda: b"sealed", self.group
        )
        with db.write(self.engine) as conn:
            said = service.handle(conn, inbound, self.world, self.now)
        for prompt in said:
            shown = [*prompt.buttons, *prompt.quick, *(row.edit for row in prompt.rows)]
            self.buttons.setdefault(person, []).extend(shown)
        return said

    def do(self, line: str, person: str = "A") -> tuple[Prompt, ...]:
        """One ``>`` line: typed text, ``[a button]``, or ``(a kind of event)``."""
        return self.send(self._event(line, person), person)

    def stored(self, person: str = "A") -> list[str]:
        """What the drafts of a person hold, newest first."""
        mine = (
            select(drafts).where(drafts.c.respondent == f"pseudonym-of-{person}").order_by(drafts.c.touched_at.desc())
        )
        with db.read(self.engine) as conn:
            rows = conn.execute(mine).all()
            parts = len(conn.execute(select(participation)).all())
        shown = [f"{row.status}: {_answers(row.answers)}" for row in rows]
        return [*shown, f"taking part: {parts}"]

    def _event(self, line: str, person: str) -> Event:
        if tapped := re.fullmatch(r"\[(.+?)(?:#(\d+))?\]", line):
            return self._tapped(tapped[1], person, int(tapped[2] or 0))
        if unsent := re.fullmatch(r"\(unsend (.+)\)", line):
            return Unsend(self.messages[unsent[1]])
        if other := re.fullmatch(r"\((\w+)\)", line):
            return {"follow": Follow(), "unfollow": Unfollow()}.get(other[1]) or Other(other[1])
        self.messages[line] = f"message-{self.events}"
        return Say(line, self.messages[line])

    def _tapped(self, label: str, person: str, older: int) -> Tap | Do:
        found = [b for b in self.buttons.get(person, []) if b.label == label and not isinstance(b.action, Link)]
        if not found:
            raise AssertionError(f"{person} was never shown a button {label!r}")
        action = found[-1 - older].action
        assert not isinstance(action, Link)
        return action


def replay(path: Path, chat: Chat) -> str:
    """Run the lines that go in; the whole transcript as it is now."""
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("@ "):
            chat.now = moment(line[2:])
        if line.startswith(("@", "#")) or not line.strip():
            lines.append(line)
        elif found := re.match(r"([A-Z])?> (.*)", line):
            person = found[1] or "A"
            before = chat.stored(person)
            lines.append(line)
            for prompt in chat.do(found[2], person):
                lines += [f"< {text}" for text in rendered(prompt)]
            after = chat.stored(person)
            lines += [f"= {text}" for text in after if text not in before]
            lines += [f"= gone: {text}" for text in before if text not in after and len(after) < len(before)]
    return "\n".join(lines) + "\n"


def rendered(prompt: Prompt) -> list[str]:
    """A prompt as lines of text, as it would be read out."""
    parts = [prompt.title, prompt.echo, prompt.label, *prompt.text.split("\n"), *prompt.hint.split("\n")]
    lines = [part for part in parts if part]
    if prompt.kind == "scores":
        lines = [f"(scores of {prompt.text or 'this month'})"]
    lines += [f"{row.number}. {row.text}: {row.answer} [{row.edit.label}]" for row in prompt.rows]
    if prompt.buttons:
        lines.append("[" + " | ".join(f"{b.number} {b.label}".strip() + _target(b) for b in prompt.buttons) + "]")
    if prompt.quick:
        lines.append("(" + " | ".join(b.label for b in prompt.quick) + ")")
    return lines


def moment(text: str) -> datetime:
    return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M").replace(tzinfo=thai.BANGKOK)


def _target(button: Button) -> str:
    return f" -> {button.action.url}" if isinstance(button.action, Link) else ""


def _answers(answers: dict[str, str | None]) -> str:
    return " ".join(f"{name}={value}" for name, value in sorted(answers.items()) if name[0] != "@") or "-"
