"""The interpreter of instruments: one draft, one event, one turn. Pure.

State is the answers: the next question is the first applicable one without an answer, so nothing can point to the wrong
place. Anything that is not an answer re-asks. A button says which draft and question it belongs to and is never applied
to another.
"""

from dataclasses import replace

from survey import answers as reading
from survey import prompts
from survey.answers import InvalidAnswer
from survey.events import Begun, Do, Dropped, Event, Fact, Other, Prompt, Saved, Say, Tap, Turn
from survey.instrument import Question
from survey.state import State
from survey.texts import normal


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
        case Other():
            return _other(state, event)
        case _:
            return Turn()


def ask(state: State, *before: Prompt, echo: str = "") -> tuple[Prompt, ...]:
    """What was to be said first, then the current question, or the way to send."""
    question = state.question
    if question is None:
        return (*before, prompts.ready(state, echo))
    return (*before, prompts.question(state, question, echo))


def unsent(state: State, message_id: str) -> Turn:
    """A message was taken back: its answer goes, also from a draft that waits to be filed."""
    name = next((n for n, v in state.answers.items() if n[:1] == "@" and v == message_id), None)
    question = state.instrument.question(name[1:]) if name else None
    if name is None or question is None:
        return Turn()
    answers = {n: v for n, v in state.answers.items() if n not in (name, question.id)}
    if state.status == "closed":
        answers[question.id] = question.missing_option.value if question.missing_option else None
        return Turn((Saved(answers, "closed"),), (prompts.say(state.texts, "unsent"),))
    after = replace(state, answers=state.instrument.pruned(answers))
    said = prompts.say(state.texts, "unsent")
    return Turn((Saved(dict(after.answers), state.status),), ask(after, said) if state.status == "open" else (said,))


def _tap(state: State, tap: Tap) -> Turn:
    question = state.question
    asked = state.instrument.questions[tap.question] if 0 <= tap.question < len(state.instrument.questions) else None
    if asked is not None and asked.kind == "offer" and asked in state.instrument.offers(state.answers):
        return _answered(state, asked, asked.options[0].value)
    if question is None or asked is not question:
        return Turn(prompts=ask(state, prompts.say(state.texts, "old_button")))
    return _attempt(state, question, lambda: reading.from_tap(question, tap))


def _say(state: State, said: Say) -> Turn:
    question = state.question
    command = state.texts.command(said.text)
    if command in _COMMANDS:
        return _do(state, Do(command))
    if command == "more" and (offers := state.instrument.offers(state.answers)):
        return _answered(state, offers[0], offers[0].options[0].value)
    if question is None:
        return _typed_when_ready(state, said)
    if question.kind == "notice":
        return _typed_at_notice(state, question, said)
    turn = _attempt(state, question, lambda: reading.from_text(question, said.text, state.texts))
    return _with_message(turn, question, said)


def _do(state: State, do: Do) -> Turn:
    handler = _COMMANDS.get(do.command)
    if handler is None:
        return Turn(prompts=ask(state))
    if not state.started and do.command != "stop":
        return Turn(prompts=ask(state, prompts.say(state.texts, "help_notice")))
    return handler(state, do.argument)


def _other(state: State, event: Other) -> Turn:
    question = state.question
    if question is None:
        return Turn(prompts=ask(state, prompts.say(state.texts, "choose_ready")))
    if question.kind == "notice":
        return Turn()
    phrase = {"image": "not_a_picture", "sticker": "not_a_sticker"}.get(event.kind, "choose")
    return Turn(prompts=ask(state, prompts.say(state.texts, "please_type" if question.kind == "text" else phrase)))


def _typed_when_ready(state: State, said: Say) -> Turn:
    """``แก้ข้อ 3``, for those who cannot tap the review's buttons."""
    typed = normal(said.text).replace(" ", "")
    for number, question in enumerate(prompts.reviewed(state), 1):
        if typed == normal(state.texts("edit_number", number=number)).replace(" ", ""):
            return _edit(state, question.id)
    return Turn(prompts=ask(state, prompts.say(state.texts, "choose_ready")))


def _typed_at_notice(state: State, question: Question, said: Say) -> Turn:
    # Not begun yet: what is typed may be meant for the office, so only a clear yes is taken.
    try:
        return _answered(state, question, reading.from_text(question, said.text, state.texts))
    except InvalidAnswer:
        return Turn()


def _attempt(state: State, question: Question, read: "reading.Reader") -> Turn:
    try:
        value = read()
    except InvalidAnswer as exc:
        return Turn(prompts=ask(state, prompts.say(state.texts, exc.phrase, **exc.values)))
    return _answered(state, question, value)


def _answered(state: State, question: Question, value: str | None) -> Turn:
    if value in question.ends:
        return Turn((Dropped(),), (prompts.say(state.texts, "declined"),))
    answers = state.instrument.pruned({**state.answers, question.id: value})
    after = replace(state, answers=answers, status="open")
    facts: tuple[Fact, ...] = (Saved(answers),)
    if question.kind == "notice":
        facts += (Begun(),)
        before = (prompts.say(state.texts, "assisted"),) if state.assisted else ()
        return Turn(facts, ask(after, *before))
    if after.question is None and state.instrument.immediate:
        return _closed(after)
    return Turn(facts, ask(after, echo=_echo(state, question, value)))


def _echo(state: State, question: Question, value: str | None) -> str:
    if question.kind == "offer":
        return ""
    if not question.echo or (question.kind == "text" and value is not None):
        return state.texts("noted")
    return state.texts("echo", answer=reading.label(question, value, state.texts))


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
        return Turn(prompts=ask(state, prompts.say(state.texts, "first_question")))
    return _without(state, done[-1].id)


def _edit(state: State, question_id: str) -> Turn:
    if question_id not in state.answers or question_id == "notice":
        return Turn(prompts=ask(state, prompts.say(state.texts, "old_button")))
    return _without(state, question_id)


def _without(state: State, question_id: str) -> Turn:
    kept = {k: v for k, v in state.answers.items() if k != question_id}
    after = replace(state, answers=state.instrument.pruned(kept), status="open")
    return Turn((Saved(dict(after.answers)),), ask(after))


def _skip(state: State, _: str) -> Turn:
    question = state.question
    if question is None:
        return Turn(prompts=ask(state, prompts.say(state.texts, "choose_ready")))
    return _attempt(state, question, lambda: reading.skipped(question))


def _stop(state: State, _: str) -> Turn:
    if not state.started:
        return Turn((Dropped(),), (prompts.say(state.texts, "left"),))
    return Turn((Saved(dict(state.answers), "paused"),), (prompts.stopped(state),))


def _help(state: State, _: str) -> Turn:
    question = state.question
    phrase = "choose_ready" if question is None else "please_type" if question.kind == "text" else "help_question"
    return Turn(prompts=ask(state, prompts.say(state.texts, phrase)))


def _send(state: State, _: str) -> Turn:
    if not state.instrument.sendable(state.answers):
        return Turn(prompts=ask(state, prompts.say(state.texts, "not_all")))
    return _closed(state)


def _closed(state: State) -> Turn:
    """Sent. A task without thanks of its own is answered by what it did."""
    said = (prompts.thanks(state),) if state.instrument.thanks else ()
    return Turn((Saved(dict(state.answers), "closed"),), said)


def _review(state: State, _: str) -> Turn:
    if not state.instrument.sendable(state.answers):
        return Turn(prompts=ask(state, prompts.say(state.texts, "not_all")))
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
    "stop": _stop,
    "help": _help,
    "send": _send,
    "review": _review,
    "resume": _resume,
    "restart": _restart,
}
