"""The interpreter of instruments: one draft, one event, one turn. Pure.

State is the answers: the next question is the first applicable one without an answer, so nothing can point to the wrong
place. Anything that is not an answer re-asks. A button says which draft and question it belongs to and is never applied
to another.
"""

from dataclasses import replace

from survey import answers as reading
from survey import media, photos, prompts
from survey.answers import InvalidAnswer
from survey.events import Attached, Do, Dropped, Event, Located, Other, Saved, Say, Tap, Turn
from survey.instrument import Question
from survey.state import State
from survey.texts import normal
from survey.turns import again, answered, ask, attempt, closed, wanted, without

__all__ = ["advance", "ask", "unsent"]


def advance(state: State, event: Event) -> Turn:
    """Apply one event to an open or paused draft. What is asked now is open now, and was touched now."""
    turn = _applied(state, event)
    if not turn.prompts or any(isinstance(fact, Saved | Dropped) for fact in turn.facts):
        return turn
    return replace(turn, facts=(Saved(dict(state.answers)), *turn.facts))


def _applied(state: State, event: Event) -> Turn:
    match event:
        case Tap():
            return _tap(state, event)
        case Do():
            return _do(state, event)
        case Say():
            return _say(state, event)
        case Attached():
            return media.attached(state, event)
        case Located():
            return media.located(state, event)
        case Other():
            return media.other(state, event)
        case _:
            return Turn()


def unsent(state: State, message_id: str, phrase: str = "unsent") -> Turn:
    """A message was taken back, or its photo cannot be had: its answer goes, also from a draft that waits to be filed.

    ``phrase`` says so.
    """
    answers = _without_message(state, message_id)
    if answers is None:
        return Turn()
    said = prompts.say(state.texts, phrase)
    if state.status == "closed":
        return Turn((Saved(answers, "closed"),), (said,))
    after = state.after(answers)
    return Turn((Saved(dict(after.answers), state.status),), ask(after, said) if state.status == "open" else (said,))


def _without_message(state: State, message_id: str) -> dict[str, str | None] | None:
    """The answers without the one that came with this message; None: none did."""
    for name, value in state.answers.items():
        question = state.instrument.question(name.lstrip("@+"))
        if question is None or (name == f"@{question.id}" and value != message_id):
            continue
        if question.kind == "photos" and message_id in photos.ids(value):
            return {**state.answers, name: photos.without(value, message_id) or None}
        if name == f"@{question.id}":
            answers = {n: v for n, v in state.answers.items() if n not in (name, question.id)}
            if state.status == "closed":
                answers[question.id] = question.missing_option.value if question.missing_option else None
            return answers
    return None


def _tap(state: State, tap: Tap) -> Turn:
    question = state.question
    asked = state.instrument.questions[tap.question] if 0 <= tap.question < len(state.instrument.questions) else None
    if asked is not None and asked.kind == "offer" and asked in state.instrument.offers(state.answers):
        return answered(state, asked, asked.options[0].value)
    if question is None or asked is not question:
        return again(state, "old_button")
    return attempt(state, question, lambda: reading.from_tap(question, tap))


def _say(state: State, said: Say) -> Turn:
    question = state.question
    command = state.texts.command(said.text)
    if command in _COMMANDS and command not in _BY_BUTTON:
        return _do(state, Do(command))
    if command == "more" and (offers := state.instrument.offers(state.answers)):
        return answered(state, offers[0], offers[0].options[0].value)
    if question is None:
        return _typed_when_ready(state, said)
    if question.kind == "notice":
        return _typed_at_notice(state, question, said)
    if question.kind == "photos" and command in ("done", "clear"):
        return _do(state, Do(command))
    seen = reading.as_shown(question, state.answers.get(f"+{question.id}") == reading.OTHERS)
    if seen is not question and reading.means_others(seen, said.text, state.texts):
        return _others(state, "")
    turn = attempt(state, question, lambda: reading.from_text(seen, said.text, state.texts))
    return _with_message(turn, question, said)


def _do(state: State, do: Do) -> Turn:
    handler = _COMMANDS.get(do.command)
    if handler is None:
        return Turn(prompts=ask(state))
    if not state.started and do.command != "stop":
        return again(state, "help_notice")
    return handler(state, do.argument)


def _typed_when_ready(state: State, said: Say) -> Turn:
    """``แก้ข้อ 3``, for those who cannot tap the review's buttons."""
    typed = normal(said.text).replace(" ", "")
    for number, question in enumerate(prompts.reviewed(state), 1):
        if typed == normal(state.texts("edit_number", number=number)).replace(" ", ""):
            return _edit(state, question.id)
    return again(state, wanted(state))


def _typed_at_notice(state: State, question: Question, said: Say) -> Turn:
    # Not begun yet: what is typed may be meant for the office, so only a clear yes is taken.
    try:
        return answered(state, question, reading.from_text(question, said.text, state.texts))
    except InvalidAnswer:
        return Turn()


def _with_message(turn: Turn, question: Question, said: Say) -> Turn:
    """Keep which message an answer was typed in, so that unsend takes it back."""
    if not said.message_id:
        return turn
    facts = tuple(
        replace(f, answers={**f.answers, f"@{question.id}": said.message_id}) if isinstance(f, Saved) else f
        for f in turn.facts
    )
    return replace(turn, facts=facts)


def _back(state: State, _: str) -> Turn:
    questions, current = state.instrument.questions, state.question
    before = questions[: questions.index(current)] if current else questions  # not what comes after one being edited
    done = [q for q in before if q.id in state.answers and q.kind != "notice"]
    if not done:
        return again(state, "first_question")
    return without(state, done[-1].id)


def _edit(state: State, question_id: str) -> Turn:
    if question_id not in state.answers or question_id == "notice":
        return again(state, "old_button")
    return without(state, question_id)


def _skip(state: State, meant: str) -> Turn:
    """Leave the question out; ``meant``: the one whose large button was pressed, which may be an older one."""
    question = state.question
    if question is None:
        return again(state, wanted(state))
    if meant and meant != question.id:
        return again(state, "old_button")
    if question.kind == "photos":
        return _done(state, "")
    return attempt(state, question, lambda: reading.skipped(question))


def _done(state: State, _: str) -> Turn:
    """These are all the photos."""
    question = state.question
    if question is None or question.kind != "photos":
        return again(state, "old_button")
    sent = state.answers.get(f"+{question.id}")
    return answered(state, question, sent if photos.ids(sent) else None)


def _clear(state: State, _: str) -> Turn:
    """Without the photos sent so far."""
    question = state.question
    if question is None or question.kind != "photos":
        return again(state, "old_button")
    return _unfinished(state, question, None)


def _others(state: State, _: str) -> Turn:
    """All categories, not only those that seem to fit."""
    question = state.question
    if question is None or question.kind != "category":
        return again(state, "old_button")
    return _unfinished(state, question, reading.OTHERS)


def _unfinished(state: State, question: Question, value: str | None) -> Turn:
    after = state.after({**state.answers, f"+{question.id}": value})
    return Turn((Saved(dict(after.answers)),), ask(after))


def _stop(state: State, _: str) -> Turn:
    if not state.started:
        return Turn((Dropped(),), (prompts.say(state.texts, "left"),))
    return Turn((Saved(dict(state.answers), "paused"),), (prompts.stopped(state),))


def _help(state: State, _: str) -> Turn:
    return again(state, wanted(state, "help_question"))


def _send(state: State, _: str) -> Turn:
    if not state.instrument.sendable(state.answers):
        return again(state, "not_all")
    return closed(state)


def _review(state: State, _: str) -> Turn:
    if not state.instrument.sendable(state.answers):
        return again(state, "not_all")
    return Turn(prompts=(prompts.review(state),))


def _resume(state: State, _: str) -> Turn:
    return Turn((Saved(dict(state.answers)),), ask(state))


def _restart(state: State, _: str) -> Turn:
    kept = {k: v for k, v in state.answers.items() if k == "notice"}
    return Turn((Saved(kept),), ask(replace(state, answers=kept, status="open")))


_COMMANDS = {
    "back": _back,
    "edit": _edit,
    "skip": _skip,
    "done": _done,
    "clear": _clear,
    "others": _others,
    "stop": _stop,
    "help": _help,
    "send": _send,
    "review": _review,
    "resume": _resume,
    "restart": _restart,
}
_BY_BUTTON = ("done", "clear", "others")
"""Typed, these words mean something only where their button stands."""
