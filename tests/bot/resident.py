"""A resident with a phone: what is done on it, and what is heard back, over HTTP from end to end."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image

from bot.playground.line_reading import actions, quick_replies, words
from tests.bot.deployment import Deployment

PATIENCE_S = 10.0
GPS = 0x8825  # the part of EXIF that says where


@dataclass
class Resident:
    """``name`` is their name at LINE."""

    bot: Deployment
    name: str = "สมศรี"

    def hears(self, act: Callable[[], object]) -> list[dict[str, Any]]:
        """Do something and wait for the whole reply to it; the messages that came."""
        before, replies = len(self.bot.line.inbox(self.name)), self._replies()
        act()
        until = time.monotonic() + PATIENCE_S
        while self._replies() == replies:
            assert time.monotonic() < until, "no reply came"
            time.sleep(0.005)
        return self.bot.line.inbox(self.name)[before:]

    def says(self, *lines: str) -> str:
        """Type one after the other; all that was said to the last."""
        for line in lines:
            heard = self.hears(lambda line=line: self.bot.line.say(self.name, line))  # type: ignore[misc]
        return text(heard)

    def presses(self, label: str) -> str:
        return text(self.hears(lambda: self.bot.line.press(self.name, label)))

    def sends(self, *contents: bytes) -> str:
        """One photo, or several at once."""
        if len(contents) == 1:
            return text(self.hears(lambda: self.bot.line.photo(self.name, contents[0])))
        return text(self.hears(lambda: self.bot.line.photos(self.name, contents)))

    def begins(self) -> None:
        """A complaint, as far as the question for photos."""
        self.says("แจ้งเรื่อง", "ถนนหน้าวัดเป็นหลุมลึก", "1", "หน้าวัดโพธิ์ชัย")

    def files(self) -> str:
        """From the question for photos to the ticket; its number."""
        said = self.says("ไม่ส่งภาพ") if "ภาพถ่าย" in self.last() else ""
        said = self.says("1", "ส่งเรื่อง") or said
        return said.partition("เลขเรื่อง ")[2].split()[0]

    def last(self) -> str:
        return text(self.bot.line.inbox(self.name)[-1:])

    def _replies(self) -> int:
        return sum(n for call, n in self.bot.line.call_counts.items() if call.startswith("reply "))


def text(messages: list[dict[str, Any]]) -> str:
    """All that can be read: words, and the labels of what can be pressed."""
    said = [line for message in messages for line in words(message)]
    labels = [str(a.get("label", "")) for m in messages for a in (*actions(m), *quick_replies(m))]
    return "\n".join((*said, *labels))


def photo(width: int = 800, height: int = 600, colour: str = "#446688", form: str = "JPEG") -> bytes:
    """A picture with what a phone writes into it: where, when, with what, and which side is up."""
    picture = Image.new("RGB", (width, height), colour)
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x0132] = "2026:11:21 09:00:00"
    exif[GPS] = {1: "N", 2: (17.0, 24.0, 36.0), 3: "E", 4: (102.0, 47.0, 24.0)}
    out = io.BytesIO()
    picture.save(out, form, exif=exif, comment=b"a secret comment") if form == "JPEG" else picture.save(out, form)
    return out.getvalue()
