"""The words of the conversation in one language, and the words people type. Pure.

A language is one file in survey/texts/. Thai is complete by definition; another language must have every phrase that
Thai has, with the same places to fill in, or the program refuses to start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.instrument import InstrumentError
from survey.thai import arabic_digits

# Polite endings and marks that change nothing: "ไม่เคยค่ะ", "3 ครับ", "ข้ามนะคะ!"
_ENDINGS = ("ครับผม", "ครับ", "คับ", "ค่ะ", "คะ", "ค่า", "จ้ะ", "จ้า", "จ๊ะ", "ฮะ", "นะ", "น่ะ")
_MARKS = " .!?ๆ,"
_PLACE = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Texts:
    """Phrases by name, and for each command the ways to type it."""

    language: str
    name: str
    rtl: bool
    buddhist: bool  # years are written in the Buddhist era
    phrases: Mapping[str, str]
    words: Mapping[str, str]  # what is typed (normal form) -> command

    def __call__(self, phrase: str, **values: object) -> str:
        return self.phrases[phrase].format(**values)

    def command(self, typed: str) -> str | None:
        """The command that was typed, politely or not; None if it is none."""
        return self.words.get(normal(typed))

    @classmethod
    def build(cls, language: str, table: Mapping[str, Any], base: "Texts | None") -> "Texts":
        """From the tables of a texts file. Raises InstrumentError naming what is missing."""
        where = f"texts/{language}.toml"
        phrases: Mapping[str, str] = table.get("phrases", {})
        for name, phrase in (base.phrases if base else {}).items():
            if name not in phrases:
                raise InstrumentError(f"{where}: the phrase {name!r} is missing")
            if set(_PLACE.findall(phrases[name])) - set(_PLACE.findall(phrase)):
                raise InstrumentError(f"{where}: the phrase {name!r} fills in a place that Thai does not have")
        words = dict(base.words) if base else {}
        for command, ways in table.get("words", {}).items():
            words |= {normal(way): command for way in ways}
        rtl, buddhist = table.get("rtl", False), table.get("buddhist", False)
        return cls(language, table.get("name", language), rtl, buddhist, phrases, words)


def normal(typed: str) -> str:
    """What people type, in one form: Arabic digits, no polite ending, no case, single spaces."""
    text = " ".join(arabic_digits(typed).split()).casefold()
    while (shorter := _shorter(text)) not in ("", text):
        text = shorter
    return text


def _shorter(text: str) -> str:
    """Without the last ending or mark. No pattern: one that repeats endings takes hours over "นะนะนะ...x"."""
    bare = text.rstrip(_MARKS)
    ending = next((e for e in _ENDINGS if bare == text and text.endswith(e)), "")
    return bare.removesuffix(ending)
