"""What a survey is: questions, options, scales, the path through them, and the loader of instrument files. Pure.

An instrument is a versioned set of questions; a published version never changes. It is written in TOML, one file for
the structure and the Thai words, one small file for each further language. The next question is always derived: the
first applicable question without an answer. See docs/instruments.md for the file format.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
Answers = Mapping[str, str | None]
"""Question id -> option value, or the text of an open question; None is "skipped" and counts as missing.
While it is a draft, ``@question id`` -> keyed hash of the message it was typed in, so that unsend finds it, and
``+question id`` -> an answer that is not finished: the photos so far, the list that was opened."""

OPEN_KINDS = ("text", "words", "place", "photos", "phone")
"""Kinds that are answered by something else than an option; ``needed`` says that they cannot be skipped."""


class InstrumentError(ValueError):
    """A faulty instrument file. The message names the file, the question and the fault."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. ``score`` 0-100, or None: missing, counted and never averaged."""

    value: str
    label: str
    score: int | None = None
    missing: bool = False
    words: tuple[str, ...] = ()  # other ways to type it
    number: str = ""  # what to type for it, as shown on its button


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``kind``: notice, screening, item, choice, text, or offer (opens optional questions); of tasks also

    words     typed, or a voice message of up to two minutes: the answer is then ``answers.VOICE``
    category  options fitted by the task; those in ``shown`` first, the others after a tap on "others"
    place     a place on the map or typed: see ``places``
    photos    up to five, until the person says that these are all: ``photos.ids(answer)`` are the keyed hashes of the
              messages; ``attachments`` keeps the files (status ``waiting`` until fetched) beside the draft
    phone     nine or ten digits
    sealed    the words look like a corruption report: report it sealed, or say that it is none
    """

    id: str
    kind: str
    text: str
    options: tuple[Option, ...] = ()
    ask_if: tuple[tuple[str, tuple[str, ...]], ...] = ()
    item_code: str | None = None
    indicator: int | None = None
    echo: bool = True  # may the next bubble repeat the answer
    private: bool = False  # the respondent taps it without a helper looking
    personal: bool = False  # about the respondent: never leaves the database
    ends: tuple[str, ...] = ()  # values that end the survey with nothing stored
    hint: str = ""
    max_length: int = 1000
    needed: bool = False
    short: str = ""  # its name in the summary
    shown: tuple[str, ...] = ()  # values offered first; empty: all

    def applies(self, answers: Answers) -> bool:
        return all(answers.get(question) in values for question, values in self.ask_if)

    def option(self, value: str | None) -> Option | None:
        return next((o for o in self.options if o.value == value), None)

    @property
    def missing_option(self) -> Option | None:
        return next((o for o in self.options if o.missing), None)


@dataclass(frozen=True, slots=True)
class Indicator:
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """A published survey in one language. ``key`` (id, version) is what a response remembers."""

    id: str
    version: int
    kind: str  # eit | satisfaction | ...
    title: str
    notice: str
    thanks: str
    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...] = ()
    fiscal_year: int | None = None
    verified: bool = True
    source: str = ""
    minutes: int = 1
    language: str = "th"
    immediate: bool = False  # sent with its last answer, nothing to confirm
    review: str = ""  # the title of the summary that is shown at the end instead of "all is answered"
    send: str = ""  # what the button below the summary says

    @property
    def key(self) -> tuple[str, int]:
        return self.id, self.version

    @property
    def items(self) -> tuple[Question, ...]:
        """The questions with a score, in order."""
        return tuple(q for q in self.questions if q.item_code)

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)

    def path(self, answers: Answers) -> tuple[Question, ...]:
        """The applicable questions, in order; offers stand apart, nobody has to take them."""
        return tuple(q for q in self.questions if q.kind != "offer" and q.applies(answers))

    def offers(self, answers: Answers) -> tuple[Question, ...]:
        """The optional extras not yet taken up; none before everything required is answered."""
        if not self.sendable(answers):
            return ()
        return tuple(q for q in self.questions if q.kind == "offer" and q.id not in answers and q.applies(answers))

    def next_question(self, answers: Answers) -> Question | None:
        return next((q for q in self.path(answers) if q.id not in answers), None)

    def required(self, answers: Answers) -> tuple[Question, ...]:
        """The applicable questions that nobody had to ask for by taking up an offer."""
        offered = {q.id for q in self.questions if q.kind == "offer"}
        return tuple(q for q in self.path(answers) if not any(other in offered for other, _ in q.ask_if))

    def sendable(self, answers: Answers) -> bool:
        return all(q.id in answers for q in self.required(answers))

    def pruned(self, answers: Answers) -> dict[str, str | None]:
        """The answers without those whose question no longer applies."""
        kept: dict[str, str | None] = {}
        for question in self.questions:
            if question.id in answers and question.applies(kept):
                kept[question.id] = answers[question.id]
        marks = {name: value for name, value in answers.items() if name[:1] == "@" and name[1:] in kept}
        begun = {f"+{q.id}" for q in self.questions if q.id not in kept and q.applies(kept)}
        return kept | marks | {name: answers[name] for name in answers if name in begun}

    def taking(self, kind: str, answers: Answers) -> Question | None:
        """The applicable question of a kind, answered or not."""
        return next((q for q in self.path(answers) if q.kind == kind), None)

    def score(self, code: str, value: str | None) -> int | None:
        """The score of an option value of an item; None when missing. Raises KeyError for an unknown item."""
        question = next(q for q in self.items if q.item_code == code)
        option = question.option(value)
        return option.score if option else None


def check(questions: Iterable[Question], where: str) -> None:
    """Raises InstrumentError naming the question and the fault."""
    seen: dict[str, Question] = {}
    for question in questions:
        if question.id in seen:
            raise InstrumentError(f"{where}: {question.id} is there twice")
        if not _ID.fullmatch(question.id):
            raise InstrumentError(f"{where}: {question.id!r} is no id: small letters, digits and _ only")
        for other, values in question.ask_if:
            _check_condition(question, seen.get(other), other, values, where)
        _check_options(question, where)
        seen[question.id] = question
    if len(seen) < 2:  # the notice alone
        raise InstrumentError(f"{where}: has no questions")


def _check_condition(
    question: Question, asked: Question | None, other: str, values: tuple[str, ...], where: str
) -> None:
    if asked is None:
        raise InstrumentError(f"{where}: {question.id} depends on {other}, a question that is not before it")
    for value in values:
        if asked.option(value) is None:
            raise InstrumentError(f"{where}: {question.id} depends on {other} = {value!r}, which is no option of it")


def _check_options(question: Question, where: str) -> None:
    values = [o.value for o in question.options]
    if question.kind not in (*OPEN_KINDS, "category") and not values:
        raise InstrumentError(f"{where}: {question.id} has no options")
    if len(values) != len(set(values)):
        raise InstrumentError(f"{where}: {question.id} has two options with the same value")
    if question.kind == "item" and not any(o.score is not None for o in question.options):
        raise InstrumentError(f"{where}: {question.id} is an item but no option has a score")
    if question.kind == "item" and question.missing_option is None:
        raise InstrumentError(f'{where}: {question.id} is an item but no option says "don\'t know" (missing = true)')
    if question.kind == "offer" and len(values) != 1:
        raise InstrumentError(f"{where}: {question.id} is an offer, which has exactly one option")
    for option in question.options:
        if option.score is not None and not 0 <= option.score <= 100:
            raise InstrumentError(f"{where}: {question.id}: option {option.value!r} scores {option.score}, not 0-100")
    for value in question.ends:
        if value not in values:
            raise InstrumentError(f"{where}: {question.id} ends on {value!r}, which is no option of it")
