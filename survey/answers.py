"""From words and taps to the value of an answer. Pure.

Everything can be typed: the number on the button in Arabic or Thai digits, the label, another usual word, each with a
polite ending. A sentence that merely contains an answer is not one.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from survey import photos, places
from survey.events import Tap
from survey.instrument import OPEN_KINDS, Option, Question
from survey.masking import without_ids
from survey.rules import OTHER
from survey.texts import Texts, normal
from survey.thai import arabic_digits

Reader = Callable[[], str | None]
"""Reads what came as the value of a question; raises InvalidAnswer."""

VOICE = "(ข้อความเสียง)"
"""The answer that was spoken; the words are in a file."""

OTHERS = "others"
"""The value of ``+category`` once all categories are shown."""

PLEASE = {
    "text": "please_type",
    "words": "please_say",
    "place": "please_place",
    "photos": "please_photos",
    "phone": "please_phone",
}
"""What is wanted where there is nothing to choose, as a phrase."""

_NOTHING = {"photos": "no_photos", "place": "no_place"}
"""What stands where nothing was said, as a phrase."""

_PHONE = re.compile(r"0\d{8,9}")


class InvalidAnswer(ValueError):  # noqa: N818 - the person is told, nothing failed
    """What came is no answer to this question. ``phrase`` says in which way, ``values`` fill it in."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.values = values


def from_tap(question: Question, tap: Tap) -> str:
    """The option's value. Raises InvalidAnswer for a forged button."""
    if not 0 <= tap.option < len(question.options):
        raise InvalidAnswer(PLEASE.get(question.kind, "choose"))
    return question.options[tap.option].value


def from_text(question: Question, typed: str, texts: Texts) -> str:
    """The value that was typed. Raises InvalidAnswer."""
    if question.kind == "phone":
        return _phone(typed)
    if question.kind == "photos":
        raise InvalidAnswer(PLEASE["photos"])
    if question.kind in OPEN_KINDS:
        return _open_text(question, typed)
    wanted = normal(typed)
    for option in question.options:
        if wanted and wanted in _ways(option, question, texts):
            return option.value
    raise InvalidAnswer("choose")


def skipped(question: Question) -> str | None:
    """The value of a skipped question: its missing option, or None for open ones. Raises InvalidAnswer."""
    if question.kind in OPEN_KINDS:
        if question.needed:
            raise InvalidAnswer("cannot_leave_out")
        return None
    if question.missing_option is None:
        raise InvalidAnswer("cannot_skip")
    return question.missing_option.value


def can_skip(question: Question) -> bool:
    return not question.needed if question.kind in OPEN_KINDS else question.missing_option is not None


def label(question: Question, value: str | None, texts: Texts) -> str:
    """The answer in words."""
    if value is None:
        return texts(_NOTHING.get(question.kind, "skipped"))
    if question.kind == "photos":
        return texts("photos", count=len(photos.ids(value)))
    if question.kind == "place":
        return without_ids(places.read(value).address) or texts("on_the_map")
    if question.kind == "words":
        return texts("voice") if value == VOICE else without_ids(value)
    option = question.option(value)
    return option.label if option else value


def as_shown(question: Question, everything: bool) -> Question:
    """The question with its options as they stand on the screen: those shown first are numbered, the others only
    have names. ``everything``: the whole list was opened."""
    if everything or not question.shown:
        return question
    first = [question.option(value) for value in question.shown]
    listed = [replace(option, number=str(n)) for n, option in enumerate((o for o in first if o), 1)]
    rest = [replace(option, number="") for option in question.options if option.value not in question.shown]
    return replace(question, options=(*listed, *rest))


def means_others(seen: Question, typed: str, texts: Texts) -> bool:
    """Is the button below the categories shown first meant, by its number or words? The category "other" as well."""
    other = seen.option(OTHER)
    ways = [str(len(seen.shown) + 1), texts("others"), *([other.label] if other else [])]
    return texts.command(typed) == "others" or normal(typed) in map(normal, ways)


def _ways(option: Option, question: Question, texts: Texts) -> set[str]:
    ways = {option.number, option.label, *option.label.split("/"), *option.words}
    if question.kind == "notice":
        ways |= {texts("start")} | {way for way, command in texts.words.items() if command == "start"}
    numbered = f"{option.number} {option.label}"  # as the button shows it
    return {normal(way) for way in (*ways, numbered)}


def _open_text(question: Question, typed: str) -> str:
    text = typed.strip()
    if not text:
        raise InvalidAnswer(PLEASE[question.kind])
    if question.kind != "text" and not any(unicodedata.category(letter)[0] in "LN" for letter in text):
        raise InvalidAnswer("no_letters")
    if len(text) > question.max_length:
        raise InvalidAnswer("too_long", limit=question.max_length)
    return text


def _phone(typed: str) -> str:
    """Nine or ten digits from 0 on, however they are grouped; ``+66`` stands for the 0."""
    digits = re.sub(r"[\s\-.()]", "", arabic_digits(typed))
    digits = re.sub(r"^\+66", "0", digits)
    if not _PHONE.fullmatch(digits):
        raise InvalidAnswer("bad_phone")
    return digits
