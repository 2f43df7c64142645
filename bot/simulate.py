"""Simulated residents for the demo: they chat with the bot over the local LINE as people do, through the real webhook.

Each reads what the bot says, finds the question in it, and taps an answer that suits how satisfied this person is. All
answer the yearly survey (a few with an officer's help, on the officer's phone); every fifth also rates a service point.
"""

import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

import urllib3

from bot.playground.line_reading import actions, words
from survey.instrument import Instrument, Option, Question
from survey.settings import Agency

Json = dict[str, Any]
AT_ONCE = 8
PATIENCE_S = 8.0
STEPS = 40
ASSISTED = 0.03
RATES_TOO = 5
FAMILY = "สมชาย สมหญิง ประเสริฐ วันเพ็ญ บุญมา จันทร์ดี สุรชัย มาลี อำนวย รัตนา ทองใบ พิมพ์ใจ สมบัติ นงนุช วิเชียร อรทัย".split()
COMMENTS = (
    "เจ้าหน้าที่พูดจาดี บริการรวดเร็วขึ้นมาก",
    "อยากให้มีที่จอดรถเพิ่ม วันจ่ายเบี้ยยังชีพคนเยอะมาก",
    "ป้ายบอกขั้นตอนตัวเล็กไป ผู้สูงอายุอ่านไม่ออก",
    "ถนนหน้าหมู่บ้านเป็นหลุมมานานแล้ว ฝากดูด้วย",
    "ขอให้แจ้งข่าวในไลน์ล่วงหน้าก่อนดับไฟ",
    "คิวออนไลน์ใช้ง่าย ไม่ต้องมารอ ขอบคุณค่ะ",
)


class StuckError(Exception):
    """The bot fell silent, or said something in which no answer could be found."""


@dataclass
class Outcome:
    """How many conversations came to their thanks, and what stopped the others."""

    completed: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Town:
    """Where the residents live: the local LINE, the office, the surveys, the officer who helps."""

    line_url: str
    agency: Agency
    eit: Instrument
    satisfaction: Instrument
    officer: str = ""


def fill(
    town: Town, residents: int, seed: int, done: Callable[[], None], stopping: threading.Event | None = None
) -> Outcome:
    """Let ``residents`` people answer, some at the same time; ``done`` is called after each. Returns the outcome."""
    outcome, guard, stop = Outcome(), threading.Lock(), stopping or threading.Event()
    pool = urllib3.PoolManager(maxsize=AT_ONCE, timeout=PATIENCE_S * 2, retries=False)
    helped = round(residents * ASSISTED) if town.officer else 0
    officer_is_free = threading.Lock()

    def one(number: int) -> None:
        if stop.is_set():
            return
        rng = Random(seed * 1_000_003 + number)  # noqa: S311 - plausible answers, not secrets
        try:
            if number < helped:
                with officer_is_free:
                    Resident(pool, town, town.officer, rng).survey("เจ้าหน้าที่ช่วยกรอก")
            else:
                _on_own_phone(Resident(pool, town, name_of(number, seed), rng), number)
        except (StuckError, urllib3.exceptions.HTTPError) as exc:
            with guard:
                outcome.problems.append(str(exc) if isinstance(exc, StuckError) else type(exc).__name__)
        else:
            with guard:
                outcome.completed += 1
        with guard:
            done()

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="resident") as executor:
        list(executor.map(one, range(residents)))
    pool.clear()
    return outcome


class Resident:
    """One person with a phone."""

    def __init__(self, pool: urllib3.PoolManager, town: Town, user: str, rng: Random) -> None:
        self.pool, self.town, self.user, self.rng = pool, town, user, rng
        self.content = rng.gauss(74, 15)  # how satisfied this person is, 0-100
        self.talkative = rng.random() < 0.12
        self.id = str(self._call("POST", "person", {"name": user})["user"])
        self.seen = int(self._changes(0, 0.0)["rev"])

    def follow(self) -> None:
        self._act("follow")
        self._heard()

    def survey(self, opening: str) -> None:
        """Say ``opening`` and answer whatever is asked until the thanks. Raises StuckError."""
        self._act("say", text=opening)
        for _ in range(STEPS):
            message = self._heard()
            if self._is_over(message):
                return
            self._answer(message)
        raise StuckError(f"no end after {STEPS} answers")

    def _answer(self, message: Json) -> None:
        question = self._question(message)
        if question is None:
            self._go_on(message)
        elif question.kind == "text":
            self._act("say", text=self.rng.choice(COMMENTS))
        else:
            taps = [a for a in actions(message) if a.get("type") in ("postback", "message")]
            if len(taps) < len(question.options):
                raise StuckError(f"{len(taps)} buttons for the {len(question.options)} options of {question.id}")
            self._tap(taps[question.options.index(self._choice(question))])

    def _choice(self, question: Question) -> Option:
        """A plausible answer: bribery is rare, satisfaction varies by person and question, some do not know."""
        if question.kind == "screening":
            return question.options[0]
        scored = [o for o in question.options if o.score is not None]
        if not scored:
            return self.rng.choice(question.options)
        missing = question.missing_option
        if missing is not None and self.rng.random() < 0.04:
            return missing
        good = max(scored, key=lambda o: o.score or 0)
        if len(scored) == 2:
            return good if self.rng.random() < (0.985 if question.private else self.content / 95) else scored[0]
        wanted = self.content + 6 * (hash_of(question.id) % 5 - 2) + self.rng.gauss(0, 12)
        return min(scored, key=lambda o: abs((o.score or 0) - wanted))

    def _question(self, message: Json) -> Question | None:
        said = _squeezed(" ".join(words(message)))
        for instrument in (self.town.eit, self.town.satisfaction):
            for question in instrument.questions:
                if question.kind not in ("notice", "offer") and all(part in said for part in self._wording(question)):
                    return question
        return None

    def _wording(self, question: Question) -> list[str]:
        """What must be read in a message for it to be this question; what the bot fills in is left out."""
        return [_squeezed(part) for part in re.split(r"\{\w+\}", question.text) if part.strip()]

    def _says_more(self, message: Json) -> bool:
        """Is there an offer to say more, and does this person take it? Once: what they have to say is then said."""
        if not self.talkative or not any("ไม่บังคับ" in str(a.get("label")) for a in actions(message)):
            return False
        self.talkative = False
        return True

    def _is_over(self, message: Json) -> bool:
        said = _squeezed(" ".join(words(message)))
        return any(_squeezed(i.thanks)[:40] in said for i in (self.town.eit, self.town.satisfaction))

    def _go_on(self, message: Json) -> None:
        """Begin, say more, or send; anything else the bot says is read and waited through."""
        labels = ("ตอบเพิ่ม", "เขียนข้อเสนอแนะ") if self._says_more(message) else ("ส่งคำตอบ", "เริ่มตอบ", "เริ่มใหม่")
        for action in actions(message):
            if str(action.get("label", "")).startswith(labels):
                return self._tap(action)
        return None

    def _tap(self, action: Json) -> None:
        if action["type"] == "postback":
            self._act("tap", data=action["data"])
        else:
            self._act("say", text=action["text"])

    def _act(self, verb: str, **body: Any) -> None:
        answer = self._call("POST", verb, {"user": self.user, **body})
        if answer.get("status") != 200:
            raise StuckError(f"the webhook answered {answer.get('status')} to {verb}")

    def _heard(self) -> Json:
        """The newest thing the bot said since this was last asked."""
        news: list[Json] = []
        while not news:
            changed = self._changes(self.seen, PATIENCE_S)
            if int(changed["rev"]) <= self.seen:
                raise StuckError(f"the bot said nothing for {PATIENCE_S:.0f} s")
            self.seen = int(changed["rev"])
            entries = changed["chats"].get(self.id, {}).get("entries", [])
            news = [e["message"] for e in entries if not e["mine"]]
        return news[-1]

    def _changes(self, since: int, wait: float) -> Json:
        return self._call("GET", f"changes?users={self.id}&since={since}&wait={wait}")

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        sent = None if body is None else json.dumps(body).encode()
        headers = {} if sent is None else {"Content-Type": "application/json"}
        url = f"{self.town.line_url}/playground/api/{path}"
        answer = self.pool.request(method, url, body=sent, headers=headers)
        read: Json = json.loads(answer.data)
        if answer.status != 200:
            raise StuckError(f"the local LINE refused {path.split('?')[0]}: {read.get('message')}")
        return read


def hash_of(text: str) -> int:
    """The same number for the same text in every process."""
    return sum(text.encode())


def _on_own_phone(resident: Resident, number: int) -> None:
    resident.follow()
    resident.survey("แบบสอบถามประจำปี")
    points = resident.town.agency.office.points
    if points and number % RATES_TOO == 0:
        resident.survey(f"ประเมิน {resident.rng.choice(points).title}")


def name_of(number: int, seed: int) -> str:
    return f"{FAMILY[number % len(FAMILY)]} {seed % 10_000:04d}-{number + 1}"


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
