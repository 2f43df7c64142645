"""แจ้งเรื่อง: a resident's ordinary complaint becomes a ticket in the transaction that sends it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from survey import case_forms, places, prompts, tickets
from survey import tracking_prompts as words_of
from survey.answers import VOICE
from survey.events import Button, Link
from survey.instrument import Instrument, Question
from survey.settings import Agency
from survey.tasks import Begin, Prompts, Task, Visit
from survey.tickets import Filing

EMERGENCIES = ("191", "1669", "199")  # police, ambulance, fire

Answers = Mapping[str, str | None]


def begin(visit: Visit, _: str) -> Begin | Prompts:
    """Said first: what cannot wait is for the emergency numbers, each of them a button."""
    texts = visit.here.texts
    calls = (Button(texts(f"emergency_{number}"), Link(f"tel:{number}")) for number in EMERGENCIES)
    return Begin({}, before=(prompts.say(texts, "emergency", *calls),))


def finish(visit: Visit, draft: Row[Any], answers: Answers) -> Prompts:
    """Open the ticket and say its number."""
    place, tell_by = places.read(answers.get("place")), answers.get("tell_by") or "none"
    phone = answers.get("phone")
    filing = Filing(
        words=answers.get("words") or "",
        category=answers.get("category") or "",
        tell_by=tell_by,
        respondent=visit.respondent,
        contact=visit.inbound.contact() if tell_by == "line" else None,
        phone=visit.world.keys.seal_contact(phone) if phone else None,
        place=place.address,
        latitude=place.latitude,
        longitude=place.longitude,
        message_id=answers.get("@words"),
        draft=draft.id,
    )
    ticket = tickets.file(visit.conn, visit.agency, filing, visit.now)
    return (words_of.filed(visit.here.texts, visit.agency.office, ticket),)


def fit(instrument: Instrument, agency: Agency, answers: Answers) -> Instrument:
    """The agency's categories, those that fit the words first; the warning only where the words look corrupt."""
    words = answers.get("words") or ""
    spoken = "" if words == VOICE else words

    def fitted(question: Question) -> Question:
        if question.kind == "category":
            return case_forms.categories(question, agency.office.rules, spoken, instrument.language)
        return _warned(question, agency, spoken)

    return replace(instrument, questions=tuple(fitted(q) for q in instrument.questions))


def about(instrument: Instrument, agency: Agency, answers: Answers) -> Instrument:
    """Forms about a ticket: they name it, and what was asked; the answer to the notice holds both."""
    ticket, _, asked = (answers.get("notice") or "").partition("\n")

    def named(question: Question) -> Question:
        text = question.text.replace("{case}", ticket).replace("{question}", asked)
        return _warned(replace(question, text=text), agency, answers.get("words") or "")

    return replace(instrument, questions=tuple(named(q) for q in instrument.questions))


def _warned(question: Question, agency: Agency, words: str) -> Question:
    if question.kind != "sealed" or agency.office.rules.looks_corrupt(words):
        return question
    return replace(question, ask_if=case_forms.NEVER)


TASK = Task(begin, finish, fit, fresh=False)
