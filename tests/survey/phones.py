"""What people in a transcript hear without asking: the real queue, worker thread and local LINE, in the chat's time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import Engine

from bot import postback
from bot.line import LineClient
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from bot.playground.line_reading import actions, words
from bot.pushes import Sender
from survey.events import Button, Do, Link, Tap
from survey.library import Library
from survey.privacy import Keys
from survey.settings import Agency, Settings

Heard = tuple[str, list[str], list[Button]]
"""Whose phone, the lines on it, what can be tapped."""


@dataclass
class Phones:
    """The phones of everybody who may be pushed to; named as in the transcript."""

    line: LocalLine
    client: LineClient
    clock: list[datetime]
    read: dict[str, int] = field(default_factory=dict)

    def contact(self, keys: Keys, person: str) -> bytes:
        """What is kept to reach somebody who has written to the account."""
        user_id = self.line.world.person(person)
        if user_id not in self.line.channel.blocked:
            self.line.channel.contacts.add(user_id)
        self.read.setdefault(person, 0)
        return keys.seal_contact(user_id)

    def block(self, person: str) -> None:
        user_id = self.line.world.person(person)
        self.line.channel.contacts.discard(user_id)
        self.line.channel.blocked.add(user_id)

    def deliver(self, engine: Engine, agency: Agency, keys: Keys, library: Library, now: datetime) -> list[Heard]:
        """Send everything that is due, and read what has come."""
        self.clock[0] = now
        settings = Settings((agency,), keys, line_api_base=self.line.url)
        sender = Sender(engine, settings, library, self.client, Random(1))
        while sender.send_next(now):
            pass
        return [(person, *_read(message)) for person in sorted(self.read) for message in self._news(person)]

    def _news(self, person: str) -> Sequence[dict[str, Any]]:
        messages = self.line.inbox(person)
        seen, self.read[person] = self.read[person], len(messages)
        return messages[seen:]


@contextmanager
def phones(now: datetime, agency: Agency) -> Iterator[Phones]:
    clock = [now]
    token = agency.channel_access_token
    with running_line(agency.channel_secret, token, clock=lambda: clock[0].timestamp()) as line:
        yield Phones(line, LineClient(line.url), clock)


def _read(message: dict[str, Any]) -> tuple[list[str], list[Button]]:
    buttons = [_button(action) for action in actions(message)]
    labels = [button.label for button in buttons]
    said = [line for text in words(message) if text not in labels for line in text.split("\n") if line]
    return said, buttons


def _button(action: dict[str, Any]) -> Button:
    if action["type"] == "uri":
        return Button(action["label"], Link(action["uri"]))
    decoded = postback.decode(action["data"])
    assert isinstance(decoded, Tap | Do)
    return Button(action["label"], decoded)
