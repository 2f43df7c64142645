"""The local LINE's memory: channels, people, groups, chats. No HTTP in here; every method holds the one lock.

People may be named as tests and the chat page like ("สมชาย"); their LINE id (``U`` and 32 hex digits) follows from the
name, so the same name is the same person in every process.
"""

import hashlib
import itertools
import re
import secrets
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.line_menus import RichMenus

Message = dict[str, Any]
USER_ID = re.compile(r"U[0-9a-f]{32}")
ENTRIES_KEPT = 1_000
TOKENS_KEPT = 100_000
TOKEN_SECONDS = 60.0


@dataclass
class Channel:
    """One Official Account with the Messaging API switched on. ``quota``: pushes a month, None without limit."""

    secret: str
    token: str
    webhook_url: str
    bot_user_id: str
    display_name: str = "เทศบาลตัวอย่าง"
    basic_id: str = "@siang-demo"
    chat_mode: str = "bot"
    quota: int | None = 300
    webhook_active: bool = True
    contacts: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    menus: RichMenus = field(default_factory=RichMenus)
    used: dict[str, int] = field(default_factory=dict)
    accepted: OrderedDict[str, tuple[float, str, list[dict[str, str]]]] = field(default_factory=OrderedDict)

    @property
    def billable(self) -> int:
        """People reached by pushes since the start: what LINE would put on the bill."""
        return sum(self.used.values())

    def reaches(self, user_id: str) -> bool:
        """Whether a push gets to this person: a friend, or somebody who wrote, and no block."""
        return user_id in self.contacts and user_id not in self.blocked


@dataclass
class Group:
    """A group chat; ``bots`` are the bot user ids of the channels in it."""

    id: str
    name: str
    members: list[str]
    bots: set[str] = field(default_factory=set)


@dataclass
class Entry:
    """One line of a chat. ``how``: reply, push, multicast, broadcast, or said (by a person). ``at``: milliseconds."""

    id: str
    sender: str
    how: str
    message: Message
    at: int
    rev: int
    unsent: bool = False

    def as_message(self) -> Message:
        """The message with ``how``, ``id`` and ``at`` beside its own properties."""
        return {**self.message, "how": self.how, "id": self.id, "at": self.at}


@dataclass
class Chat:
    """What the chat of one person or group with one channel shows; ``received``: messages of the bot so far."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=ENTRIES_KEPT))
    received: int = 0
    rev: int = 0
    loading_until: float = 0.0


@dataclass
class ReplyToken:
    """A right to answer once, until ``expires`` (seconds of the clock)."""

    channel: Channel
    chat: str
    expires: float
    used: bool = False


class World:
    """Everything the local LINE remembers. ``changed`` is the lock and tells waiters about news."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.channels: dict[str, Channel] = {}
        self.names: dict[str, str] = {}
        self.groups: dict[str, Group] = {}
        self.content: dict[str, tuple[bytes, str]] = {}  # message id -> bytes, type
        self.ready_at: dict[str, float] = {}  # message id -> when LINE has prepared its bytes
        self.closed = False
        self._chats: dict[tuple[str, str], Chat] = {}
        self._tokens: OrderedDict[str, ReplyToken] = OrderedDict()
        self._ids = itertools.count(int(clock() * 1000) % 10**12 * 10**5 + 500_000_000_000_000_000)
        self._revs = itertools.count(2)  # the page asks from 1 on when it has seen an empty chat

    def now_ms(self) -> int:
        return int(self.clock() * 1000)

    def new_id(self) -> str:
        """A message id: 18 digits, rising."""
        return str(next(self._ids))

    def person(self, name: str) -> str:
        """The LINE id of somebody by name or id; they come to exist if they did not."""
        with self.changed:
            if USER_ID.fullmatch(name):
                self.names.setdefault(name, f"ผู้ใช้ {name[1:5]}")
                return name
            user_id = user_id_of(name)
            self.names[user_id] = name
            return user_id

    def channel_of_token(self, token: str) -> Channel | None:
        with self.changed:
            return next((c for c in self.channels.values() if secrets.compare_digest(c.token, token)), None)

    def issue_token(self, channel: Channel, chat: str) -> str:
        token = secrets.token_hex(16)
        with self.changed:
            self._tokens[token] = ReplyToken(channel, chat, self.clock() + TOKEN_SECONDS)
            while len(self._tokens) > TOKENS_KEPT:
                self._tokens.popitem(last=False)
        return token

    def renew_token(self, token: str) -> None:
        """A redelivered event's token lives another minute, unless it was used."""
        with self.changed:
            if token in self._tokens:
                self._tokens[token].expires = self.clock() + TOKEN_SECONDS

    def spend_token(self, channel: Channel, token: str) -> str | None:
        """The chat the token answers, once and in time; else None."""
        with self.changed:
            held = self._tokens.get(token)
            if held is None or held.used or held.channel is not channel or held.expires < self.clock():
                return None
            held.used = True
            return held.chat

    def add(self, channel: Channel, chat_id: str, sender: str, how: str, message: Message, id: str = "") -> Entry:
        """Show one more message in a chat."""
        with self.changed:
            chat = self.chat(channel, chat_id)
            entry = Entry(id or self.new_id(), sender, how, message, self.now_ms(), next(self._revs))
            chat.entries.append(entry)
            chat.rev = entry.rev
            if sender == channel.bot_user_id:
                chat.loading_until = 0.0
                chat.received += 1
            self.changed.notify_all()
            return entry

    def touch(self, channel: Channel, chat_id: str, entry: Entry | None = None) -> None:
        """Something else about a chat changed: tell those who look at it."""
        with self.changed:
            chat = self.chat(channel, chat_id)
            chat.rev = next(self._revs)
            if entry is not None:
                entry.rev = chat.rev
            self.changed.notify_all()

    def touch_all(self, channel: Channel) -> None:
        """Something about a channel changed that every chat shows (a rich menu)."""
        with self.changed:
            for bot, chat_id in list(self._chats):
                if bot == channel.bot_user_id:
                    self.touch(channel, chat_id)

    def chat(self, channel: Channel, chat_id: str) -> Chat:
        with self.changed:
            return self._chats.setdefault((channel.bot_user_id, chat_id), Chat())

    def chat_ids(self, channel: Channel) -> list[str]:
        with self.changed:
            return [chat_id for bot, chat_id in self._chats if bot == channel.bot_user_id]

    def received(self, channel: Channel, chat_id: str) -> list[Message]:
        """What the bot sent into a chat, oldest first."""
        with self.changed:
            entries = self.chat(channel, chat_id).entries
            return [entry.as_message() for entry in entries if entry.sender == channel.bot_user_id]

    def wait(self, ready: Callable[[], bool], timeout: float) -> bool:
        """Wait until ``ready`` (asked again after each change) or the timeout (seconds); whether it came true."""
        with self.changed:
            self.changed.wait_for(lambda: self.closed or ready(), timeout)
            return ready()

    def close(self) -> None:
        """Let everybody go who waits."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()


def user_id_of(name: str) -> str:
    """The LINE id that belongs to a name: ``U`` and 32 hex digits."""
    return "U" + hashlib.sha256(name.encode()).hexdigest()[:32]
