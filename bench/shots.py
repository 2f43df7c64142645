"""What is fired at a webhook: residents who walk through the yearly survey by typing, as signed LINE bodies.

All is built and signed before the clock starts. Typed answers and not taps, because a tap names a draft that only the
running bot could tell; they lead through the same statements and the same bubbles, and reading words costs a bit more.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

SECRET = "bench-channel-secret"
TOKEN = "bench-channel-access-token"
BOT = "U" + "b" * 32
WALK = ("แบบสอบถามประจำปี", "เริ่มตอบ", "เคย", "5", "5", "2", "5 ค่ะ", "4", "๕", "เห็นด้วย", "6", "1", "ส่งคำตอบ")
FIRST_ITEM, LAST_ITEM = 3, 11

Issue = Callable[[str], str]  # LINE user id -> a reply token


@dataclass(frozen=True, slots=True)
class Shot:
    """One webhook call as bytes. ``answers``: how many answers to items it stores; ``token``: "" asks for no reply."""

    request: bytes
    answers: int
    token: str = ""


class Residents:
    """Ever new people; ``issue`` gives reply tokens that the local LINE will know, None leaves them out."""

    def __init__(self, issue: Issue | None = None, first: int = 0) -> None:
        self._issue = issue
        self._numbers = count(first)

    def walk(self, script: Sequence[str] = WALK) -> Iterator[Shot]:
        """The next resident's events, typed as ``script`` says, which may name the resident's ``{number}``."""
        number = next(self._numbers)
        user = "U" + hashlib.sha256(b"resident %d" % number).hexdigest()[:32]
        for step, words in enumerate(script):
            token = self._issue(user) if self._issue else ""
            raw = _body(user, number * 100 + step, words.format(number=number), token)
            yield Shot(_request(raw), int(FIRST_ITEM <= step <= LAST_ITEM), token)

    def lanes(self, connections: int, events: int) -> list[list[Shot]]:
        """One after another on each connection: about ``events`` in all."""
        each = max(1, round(events / connections / len(WALK)))
        return [[shot for _ in range(each) for shot in self.walk()] for _ in range(connections)]

    def crowd(self, people: int, events: int) -> tuple[list[Shot], list[Shot]]:
        """People at different questions at the same time, taking turns: the way there, and then ``events`` events."""
        before: list[Shot] = []
        walks = []
        for person in range(people):
            walk = list(self.walk())
            reached = person % len(WALK)
            before += walk[:reached]
            walks.append(iter(walk[reached:]))
        return before, [self._next(walks, turn % people) for turn in range(events)]

    def _next(self, walks: list[Iterator[Shot]], person: int) -> Shot:
        shot = next(walks[person], None)
        if shot is None:
            walks[person] = self.walk()
            shot = next(walks[person])
        return shot


def _body(user: str, number: int, words: str, token: str) -> bytes:
    event: dict[str, object] = {
        "type": "message",
        "message": {"type": "text", "id": f"{5 * 10**17 + number}", "quoteToken": f"q{number:032d}", "text": words},
        "webhookEventId": f"01JD{number:022d}",
        "deliveryContext": {"isRedelivery": False},
        "timestamp": 1_795_000_000_000 + number,
        "source": {"type": "user", "userId": user},
        "mode": "active",
    }
    if token:
        event["replyToken"] = token
    return json.dumps({"destination": BOT, "events": [event]}, ensure_ascii=False, separators=(",", ":")).encode()


def _request(raw: bytes) -> bytes:
    signature = base64.b64encode(hmac.digest(SECRET.encode(), raw, hashlib.sha256))
    head = (
        b"POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: LineBotWebhook/2.0\r\n"
        b"Content-Type: application/json; charset=utf-8\r\nX-Line-Signature: %b\r\nContent-Length: %d\r\n\r\n"
    )
    return head % (signature, len(raw)) + raw
