"""The instruments of officers' tasks as a ticket, an agency and the answers so far need them. Pure.

What a task is about stands in the answer to its notice: the number of the ticket, or the day on which filing began.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from survey.instrument import Instrument, Option, Question
from survey.rules import Rules
from survey.settings import Agency
from survey.thai import MONTHS

Answers = Mapping[str, str | None]
LONG_AGO = 15  # days before today that can be chosen
_WEEKDAYS = "จ. อ. พ. พฤ. ศ. ส. อา.".split()
NEVER = (("notice", ()),)


def about_ticket(instrument: Instrument, _: Agency, answers: Answers) -> Instrument:
    """The questions name the ticket."""
    ticket = answers.get("notice") or ""
    questions = tuple(replace(q, text=q.text.replace("{case}", ticket)) for q in instrument.questions)
    return replace(instrument, questions=questions, review=instrument.review.replace("{case}", ticket))


def filing(instrument: Instrument, agency: Agency, answers: Answers) -> Instrument:
    """รับเรื่องแทน: the agency's categories, the last two weeks, and the warning only where words look corrupt."""
    rules, words = agency.office.rules, answers.get("words") or ""
    fitted: Mapping[str, Callable[[Question], Question]] = {
        "category": lambda q: categories(q, rules, words),
        "sealed": lambda q: q if rules.looks_corrupt(words) else replace(q, ask_if=NEVER),
        "earlier": lambda q: replace(q, options=_days(begun_on(answers), instrument.language)),
    }
    questions = (fitted[q.id](q) if q.id in fitted else q for q in instrument.questions)
    return replace(instrument, questions=tuple(questions))


def categories(question: Question, rules: Rules, words: str, language: str = "th") -> Question:
    """Every category of the agency; the three that fit the words stand first."""
    options = (Option(c.id, c.named(language), words=c.words, number=str(n)) for n, c in enumerate(rules.categories, 1))
    return replace(question, options=tuple(options), shown=tuple(c.id for c in rules.suggest(words)))


def begun_on(answers: Answers) -> date:
    """The day on which filing began."""
    return date.fromisoformat(answers.get("notice") or "")


def received_on(answers: Answers) -> date:
    """The day on which the complaint reached the office, as the officer says."""
    ago = answers.get("day") or "0"
    return begun_on(answers) - timedelta(days=int((answers.get("earlier") or "2") if ago == "earlier" else ago))


def _days(today: date, language: str) -> tuple[Option, ...]:
    """The days before yesterday, by name; their value is how long ago they were."""
    found = []
    for number, ago in enumerate(range(2, LONG_AGO), 1):
        day = today - timedelta(days=ago)
        thai = f"{_WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
        found.append(Option(str(ago), thai if language == "th" else f"{day:%a %d/%m}", number=str(number)))
    return tuple(found)
