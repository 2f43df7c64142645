"""The words of the conversation in one language, and the words people type. Pure.

A language is one file in survey/texts/. Thai is complete by definition; another language must have every phrase that
Thai has, with the same places to fill in, or the program refuses to start.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.instrument import InstrumentError
from survey.thai import arabic_digits

# Polite endings that change nothing: "ไม่เคยค่ะ", "3 ครับ", "ข้ามนะคะ"
_ENDINGS = tuple("ครับผม ครับ คับ คร้าบ ค้าบ ค่ะ คะ ค่า ค๊ะ จ้ะ จ้า จ๊ะ จ๋า ฮะ ฮับ เจ้า นะ น่ะ น้า เลย".split())
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\ufe0f"))
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
    """What people type, in one form: Arabic digits, no polite ending, no marks or emoji behind, no case, single spaces.

    Also as keyboards write Thai: two เ for แ, a taken-apart ำ, spaces of no width.
    """
    shown = unicodedata.normalize("NFKC", typed.translate(_INVISIBLE)).replace("เเ", "แ").replace("’", "'")
    text = " ".join(arabic_digits(shown).split()).casefold()
    while (shorter := _shorter(text)) not in ("", text):
        text = shorter
    return text


def _shorter(text: str) -> str:
    """Without the last ending, or the marks at the end. No pattern: one that repeats takes hours over "นะนะนะ...x"."""
    ending = next((ending for ending in _ENDINGS if text.endswith(ending)), None)
    if ending is not None:
        return text.removesuffix(ending)
    end = len(text)
    while end and (text[end - 1] == "ๆ" or unicodedata.category(text[end - 1])[0] in "PSZC"):
        end -= 1
    return text[:end]
