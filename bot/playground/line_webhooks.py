"""The local LINE's webhooks: signed events to the bot's server, and redelivery when it does not answer 2xx.

One pooled keep-alive client serves all channels; sending waits for the bot's HTTP answer, so a test knows when it may
look. Redelivery (off unless delays are given) happens on timers, with the same ``webhookEventId``.
"""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3

from bot.playground.line_world import Channel, World

Event = dict[str, Any]
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EVENTS_KEPT = 100_000
UNANSWERED = 0
"""Status of a webhook that got no answer: refused, reset or timed out."""


@dataclass(frozen=True)
class Delivered:
    """One event on its way: what was sent and the bot's HTTP status (0: no answer; None: not sent)."""

    event: Event
    status: int | None

    @property
    def message_id(self) -> str:
        """Id of the message the event carries ("" when it carries none), e.g. to unsend it."""
        return str(self.event.get("message", {}).get("id", ""))

    @property
    def reply_token(self) -> str:
        return str(self.event.get("replyToken", ""))


class Webhooks:
    """``timeout``: seconds LINE waits for the bot; ``redelivery``: waits before each further try, () for none."""

    def __init__(self, world: World, timeout: float, redelivery: Sequence[float]) -> None:
        self.world = world
        self.timeout = timeout
        self.redelivery = tuple(redelivery)
        self.sent: deque[tuple[Channel, Event]] = deque(maxlen=EVENTS_KEPT)
        self._count = threading.Lock()
        self.posted = 0
        self.failed = 0
        self._pool = urllib3.PoolManager(num_pools=8, maxsize=128, retries=False)
        self._sequence = itertools.count(secrets.randbits(60))
        self._timers: set[threading.Timer] = set()
        self._closed = False
        self._held = threading.local()

    def event(self, channel: Channel, kind: str, source: dict[str, str], reply_to: str | None, **rest: Any) -> Event:
        """A new event; ``reply_to`` names the chat its reply token answers, None for events without one."""
        event: Event = {
            "type": kind,
            "mode": "active",
            "timestamp": self.world.now_ms(),
            "source": source,
            "webhookEventId": self._ulid(),
            "deliveryContext": {"isRedelivery": False},
            **rest,
        }
        if reply_to is not None:
            event["replyToken"] = self.world.issue_token(channel, reply_to)
        return event

    def send(self, channel: Channel, *events: Event) -> int | None:
        """Post events to the channel's webhook in one body; the bot's status, 0 without an answer, None if not sent."""
        held = getattr(self._held, "events", None)
        if held is not None:
            held.append((channel, events))
            return None
        self.sent.extend((channel, event) for event in events)
        return self._try(channel, events, attempt=0)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Events this thread sends inside go out as one body (a channel) at the end, as LINE does under load."""
        self._held.events = []
        try:
            yield
        finally:
            held, self._held.events = self._held.events, None
        for channel in {id(channel): channel for channel, _ in held}.values():
            self.send(channel, *(event for owner, events in held if owner is channel for event in events))

    def resend(self, channel: Channel, events: Sequence[Event]) -> int | None:
        """Deliver events once more, marked as redelivery and otherwise the same."""
        for event in events:
            self.world.renew_token(event.get("replyToken", ""))
        return self._post_events(channel, [{**event, "deliveryContext": {"isRedelivery": True}} for event in events])

    def post(self, channel: Channel, body: bytes, signature: str | None = None, url: str = "") -> int:
        """Post raw bytes (signed right unless ``signature`` says otherwise); the status, 0 without an answer."""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "LineBotWebhook/2.0",
            "X-Line-Signature": sign(channel.secret, body) if signature is None else signature,
        }
        url = url or channel.webhook_url
        if not url:
            return UNANSWERED
        try:
            status = int(self._pool.request("POST", url, body=body, headers=headers, timeout=self.timeout).status)
        except urllib3.exceptions.HTTPError:
            status = UNANSWERED
        with self._count:
            self.posted += 1
            self.failed += not 200 <= status < 300
        return status

    def close(self) -> None:
        """Forget planned redeliveries and hang up."""
        self._closed = True
        for timer in list(self._timers):
            timer.cancel()
        self._pool.clear()

    @property
    def redeliveries_planned(self) -> int:
        return len(self._timers)

    def _try(self, channel: Channel, events: Sequence[Event], attempt: int) -> int | None:
        status = self._post_events(channel, events) if attempt == 0 else self.resend(channel, events)
        answered = status is None or 200 <= status < 300
        if not answered and attempt < len(self.redelivery) and not self._closed:
            self._later(channel, events, attempt)
        return status

    def _later(self, channel: Channel, events: Sequence[Event], attempt: int) -> None:
        def again() -> None:
            try:
                self._try(channel, events, attempt + 1)
            finally:
                self._timers.discard(timer)

        timer = threading.Timer(self.redelivery[attempt], again)
        timer.daemon = True
        self._timers.add(timer)
        timer.start()

    def _post_events(self, channel: Channel, events: Sequence[Event]) -> int | None:
        if not channel.webhook_url or not channel.webhook_active:
            return None
        body = {"destination": channel.bot_user_id, "events": list(events)}
        return self.post(channel, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())

    def _ulid(self) -> str:
        """26 characters of Crockford's base 32: the time, then a number that rises."""
        number = (self.world.now_ms() << 80) | (next(self._sequence) & (2**80 - 1))
        return "".join(BASE32[(number >> shift) & 31] for shift in range(125, -5, -5))


def sign(secret: str, body: bytes) -> str:
    """The X-Line-Signature of a body: HMAC-SHA256 with the channel secret, base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
