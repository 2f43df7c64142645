"""From words and taps to the value of an answer. Pure.

Everything can be typed: the number on the button in Arabic or Thai digits, the label, another usual word, each with a
polite ending. A sentence that merely contains an answer is not one.
"""

from collections.abc import Callable

from survey.events import Tap
from survey.instrument import Option, Question
from survey.texts import Texts, normal

Reader = Callable[[], str | None]
"""Reads what came as the value of a question; raises InvalidAnswer."""


class InvalidAnswer(ValueError):  # noqa: N818 - the person is told, nothing failed
    """What came is no answer to this question. ``phrase`` says in which way, ``values`` fill it in."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.values = values


def from_tap(question: Question, tap: Tap) -> str:
    """The option's value. Raises InvalidAnswer for a forged button."""
    if not 0 <= tap.option < len(question.options):
        raise InvalidAnswer("choose")
    return question.options[tap.option].value


def from_text(question: Question, typed: str, texts: Texts) -> str:
    """The value that was typed. Raises InvalidAnswer."""
    if question.kind == "text":
        return _open_text(question, typed)
    wanted = normal(typed)
    for option in question.options:
        if wanted and wanted in _ways(option, question, texts):
            return option.value
    raise InvalidAnswer("choose")


def skipped(question: Question) -> str | None:
    """The value of a skipped question: its missing option, or None for open text. Raises InvalidAnswer."""
    if question.kind == "text":
        return None
    if question.missing_option is None:
        raise InvalidAnswer("cannot_skip")
    return question.missing_option.value


def label(question: Question, value: str | None, texts: Texts) -> str:
    """The answer in words."""
    if value is None:
        return texts("skipped")
    option = question.option(value)
    return option.label if option else value


def _ways(option: Option, question: Question, texts: Texts) -> set[str]:
    ways = {option.number, option.label, *option.label.split("/"), *option.words}
    if question.kind == "notice":
        ways |= {texts("start")} | {way for way, command in texts.words.items() if command == "start"}
    numbered = f"{option.number} {option.label}"  # as the button shows it
    return {normal(way) for way in (*ways, numbered)}


def _open_text(question: Question, typed: str) -> str:
    text = typed.strip()
    if not text:
        raise InvalidAnswer("please_type")
    if len(text) > question.max_length:
        raise InvalidAnswer("too_long", limit=question.max_length)
    return text
