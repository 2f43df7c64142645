"""Somebody who wanders through the whole conversation: presses what is there, types what comes to mind, goes away and
comes back. Everything that is said to them is handed on. The same seed wanders the same way."""

import json
import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from survey import library
from survey.events import Do, Event, Follow, Link, Other, Prompt, Say, Tap, Unfollow, Unsend
from survey.library import INSTRUMENTS, TEXTS, Library
from tests.survey.transcript import Chat

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x")',
    "‮‭ข้อความกลับด้าน⁦",
    "ก" + "\u0e49" * 900,
    "👨‍👩‍👧‍👦" * 90,
    "น้ำ" * 300,
    "x" * 1000,
    "{agency} {since} %s \\n |||",
    "t|0|1|2",
)
TYPED = (
    "เมนู ช่วยเหลือ ย้อนกลับ ข้าม หยุด ทำต่อ เริ่มใหม่ ตรวจคำตอบ ส่งคำตอบ ตอบเพิ่ม ประเมิน แบบสอบถาม แจ้งเรื่อง ติดตามเรื่อง "
    "โทรหาเจ้าหน้าที่ ติดต่อเจ้าหน้าที่ ลบข้อมูล ภาษา ประกาศความเป็นส่วนตัว คนอื่นในบ้านต้องการตอบ เจ้าหน้าที่ช่วยกรอก AAAA-AAAA "
    "0 1 2 ๓ 5 6 อะไรนะ back menu survey แก้ข้อ3"
).split()

Listener = Callable[[tuple[Prompt, ...]], None]


def wander(chat: Chat, person: str, steps: int, seed: int, listen: Listener) -> None:
    """``steps`` events of one person; everything that is said goes to ``listen``."""
    rng = Random(seed)
    shown: list[Tap | Do] = []
    listen(chat.send(Follow(), person))
    for _ in range(steps):
        said = chat.send(_event(rng, shown), person)
        listen(said)
        for prompt in said:
            buttons = [*prompt.buttons, *prompt.quick, *(row.edit for row in prompt.rows)]
            shown += [b.action for b in buttons if not isinstance(b.action, Link)]
        if rng.random() < 0.02:
            chat.now += rng.choice((timedelta(hours=2), timedelta(hours=13), timedelta(days=2)))


def _event(rng: Random, shown: list[Tap | Do]) -> Event:
    die = rng.random()
    if shown and die < 0.72:
        return rng.choice(shown[-9:])
    if shown and die < 0.75:
        return rng.choice(shown)
    if die < 0.92:
        return Say(rng.choice(TYPED), f"m{rng.randrange(50)}")
    if die < 0.96:
        return Say(rng.choice(HOSTILE)[:1000], f"m{rng.randrange(50)}")
    kinds = ("sticker", "image", "video", "audio", "file", "location")
    return rng.choice((Other(rng.choice(kinds)), Unsend(f"m{rng.randrange(50)}"), Follow(), Unfollow()))


def library_with_arabic(folder: Path) -> Library:
    """The product's languages and one more that runs from right to left, made by adding files."""
    shutil.copytree(INSTRUMENTS, folder / "instruments")
    shutil.copytree(TEXTS, folder / "texts")
    for path in [*folder.glob("instruments/*.en.toml"), folder / "texts" / "en.toml"]:
        table = _arabic(tomllib.loads(path.read_text("utf-8")))
        if path.parent.name == "texts":
            table |= {"name": "العربية", "rtl": True, "words": {}}
        else:
            table |= {"language": "ar", "translates": tomllib.loads(path.read_text("utf-8"))["translates"]}
        path.with_name(path.name.replace("en.toml", "ar.toml")).write_text(_toml(table), "utf-8")
    return library.load(folder / "instruments", folder / "texts")


def _arabic(value: Any) -> Any:
    """As long as the English, in Arabic letters; places to fill in are kept."""
    if isinstance(value, dict):
        return {key: _arabic(inner) for key, inner in value.items()}
    if not isinstance(value, str):
        return value
    parts = re.split(r"(\{\w+\})", value)
    return "".join(p if p.startswith("{") else re.sub(r"[A-Za-z]", "س", p) for p in parts)


def _toml(table: dict[str, Any], name: str = "") -> str:
    """As TOML; a JSON string is a TOML string."""
    flat = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"[{name}]"] if name else []
    lines += [f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}" for key, value in flat.items()]
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    return "\n".join([*lines, *(_toml(value, f"{name}.{key}".lstrip(".")) for key, value in inner.items())]) + "\n"
