"""Complaints in the demo: made-up residents file them over the local LINE, and the demo's officer works on some.

Everything goes through the real webhook, one act after another, as on two phones. Some are left new and a question is
left open, so that whoever looks at the demo finds something to do on both.
"""

import base64
import re
import threading
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from bot.demo_pictures import drawn
from bot.playground.line_reading import Message, find_action, words
from bot.simulate import AT_ONCE, PATIENCE_S, StuckError

STORIES = Path(__file__).parents[1] / "templates" / "demo" / "cases.toml"
ONE_IN = 6  # residents
WORKED_ON = 60  # at most
NUMBER = re.compile(r"\d{3}-\d{4}")


@dataclass(frozen=True)
class Story:
    """A complaint and how far it comes. ``place``: words, or latitude, longitude and title."""

    words: str
    category: str
    after: str
    place: Any = "ข้าม"
    photo: str = ""
    tell: str = "แจ้งในแชตนี้"
    phone: str = ""
    question: str = ""
    answer: str = ""
    outcome: str = ""
    after_photo: str = ""
    again: str = ""
    stars: str = ""


@dataclass
class Outcome:
    """How many complaints were filed and how many worked on, and what stopped the others."""

    filed: int = 0
    worked_on: int = 0
    problems: list[str] = field(default_factory=list)


class Phone:
    """One person's phone on the local LINE: types, taps what the bot has shown, and waits for what comes of it."""

    def __init__(self, pool: urllib3.PoolManager, line_url: str, name: str, stopping: threading.Event) -> None:
        self.pool, self.url, self.name, self.stopping = pool, f"{line_url}/playground/api", name, stopping
        self.seen = 0  # messages there were at the last act

    def does(self, verb: str, **body: Any) -> Message:
        """Anything the local LINE knows; what the bot says to it. Raises StuckError."""
        self.seen = len(self._inbox())
        answer = self._call("POST", verb, {"user": self.name, **body})
        if answer.get("status") != 200:
            raise StuckError(f"the webhook answered {answer.get('status')} to {verb}")
        return self._shown()[0]

    def says(self, *texts: str) -> Message:
        """One after another; what the bot says to the last."""
        return [self.does("say", text=text) for text in texts][-1]

    def taps(self, *labels: str) -> Message:
        """One after another, each as soon as the bot has shown it; what the bot says to the last."""
        return [self.does("tap", data=self._shown(label)[1]["data"]) for label in labels][-1]

    def sends(self, photo: str) -> None:
        self.does("photo", content=base64.b64encode(drawn(photo)).decode())

    def _shown(self, label: str = "") -> tuple[Message, dict[str, Any]]:
        """The first message since the last act that has this button (none wanted: any), and what the button does."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and not self.stopping.is_set():
            for message in self._inbox()[self.seen :]:
                action = find_action([message], label) if label else {}
                if action is not None:
                    return message, action
            self.stopping.wait(0.03)
        raise StuckError(f"the bot did not show {label or 'anything'} within {PATIENCE_S:.0f} s")

    def _inbox(self) -> list[Message]:
        found: list[Message] = self._call("GET", f"inbox?{urlencode({'user': self.name})}")["messages"]
        return found

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.pool.request(method, f"{self.url}/{path}", json=body)
        read: dict[str, Any] = answer.json()
        if answer.status != 200:
            raise StuckError(f"the local LINE refused {path.split('?')[0]}: {read.get('message')}")
        return read


class Stage:
    """Where it is played: on the local LINE, with this officer, until ``stopping`` is set."""

    def __init__(self, line_url: str, officer: str, stopping: threading.Event) -> None:
        self.pool = urllib3.PoolManager(maxsize=AT_ONCE, timeout=PATIENCE_S * 2, retries=False)
        self.line_url, self.stopping, self.outcome = line_url, stopping, Outcome()
        self.officer = self.phone(officer)

    def phone(self, name: str) -> Phone:
        return Phone(self.pool, self.line_url, name, self.stopping)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What stops one person is noted and stops nobody else."""
        try:
            yield
        except StuckError as exc:
            self.outcome.problems.append(str(exc))
        except urllib3.exceptions.HTTPError as exc:
            self.outcome.problems.append(type(exc).__name__)


def play(line_url: str, officer: str, resident: str, neighbour: str, stopping: threading.Event) -> Outcome:
    """What the two phones of the chat page show first: a case that waits for the resident's answer; and a new one."""
    stage, known = Stage(line_url, officer, stopping), stories()
    for name, after in ((neighbour, "new"), (resident, "asked")):
        with stage.trying():
            phone, story = stage.phone(name), next(one for one in known if one.after == after)
            phone.does("follow")
            work_on(stage, phone, story, file(phone, story))
    return stage.outcome


def fill(line_url: str, officer: str, residents: Sequence[str], first: int, stopping: threading.Event) -> Outcome:
    """Each of ``residents`` files a complaint, some at the same time; then the officer works on them, one by one."""
    stage, known = Stage(line_url, officer, stopping), stories()
    filed: list[tuple[Phone, Story, str]] = []

    def one(number: int) -> None:
        with stage.trying():
            phone, story = stage.phone(residents[number]), known[(first + number) % len(known)]
            filed.append((phone, story, file(phone, story)))

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="complainant") as executor:
        list(executor.map(one, range(len(residents))))
    stage.outcome.filed = len(filed)
    for phone, story, ticket in filed[:WORKED_ON]:
        with stage.trying():
            work_on(stage, phone, story, ticket)
    return stage.outcome


def file(phone: Phone, story: Story) -> str:
    """Tell the complaint as a person would; its number. Raises StuckError."""
    phone.says("แจ้งเรื่อง", story.words, story.category)
    if isinstance(story.place, str):
        phone.says(story.place)
    else:
        latitude, longitude, title = story.place
        phone.does("location", latitude=latitude, longitude=longitude, title=title, address="")
    _photo(phone, story.photo)
    phone.says(story.tell, *([story.phone] if story.phone else []))
    found = NUMBER.search(" ".join(words(phone.taps("ส่งเรื่อง"))))
    if found is None:
        raise StuckError("the bot did not say the number of the complaint")
    return found[0]


def work_on(stage: Stage, phone: Phone, story: Story, ticket: str) -> None:
    """What the officer does, and what the complainant says to it, as far as the story goes. Raises StuckError."""
    officer = stage.officer
    if story.after == "new":
        return
    officer.says(f"เรื่อง {ticket}")
    if story.after == "rejected":
        officer.taps("ไม่รับดำเนินการ")
        officer.says(story.outcome)
        officer.taps("ปิดเรื่องและแจ้งผล")
    else:
        officer.taps("รับเรื่องนี้")
        _ask(officer, phone, story)
        if story.outcome:
            _resolve(officer, phone, story, ticket)
    stage.outcome.worked_on += 1


def _ask(officer: Phone, phone: Phone, story: Story) -> None:
    if not story.question:
        return
    officer.taps("ถามผู้ร้อง")
    officer.says(story.question)
    officer.taps("ส่งคำถาม")
    if story.answer:
        phone.taps("ตอบคำถาม")
        phone.says(story.answer)
        phone.taps("ไม่ส่งภาพ")


def _resolve(officer: Phone, phone: Phone, story: Story, ticket: str) -> None:
    officer.says(f"เรื่อง {ticket}")
    officer.taps("แก้ไขแล้ว แจ้งผล")
    officer.says(story.outcome)
    _photo(officer, story.after_photo)
    officer.taps("ปิดเรื่องและแจ้งผล")
    if story.stars:
        phone.taps("แก้ไขแล้วจริง", story.stars)
    if story.again:
        phone.taps("ยังไม่เรียบร้อย")
        phone.says(story.again)
        phone.taps("ไม่ส่งภาพ")


def _photo(phone: Phone, photo: str) -> None:
    if photo:
        phone.sends(photo)
        phone.taps("ส่งภาพครบแล้ว")
    else:
        phone.taps("ไม่ส่งภาพ")


def stories() -> list[Story]:
    """The complaints of the demo, in the order in which residents have them."""
    return [Story(**case) for case in tomllib.loads(STORIES.read_text(encoding="utf-8"))["case"]]
