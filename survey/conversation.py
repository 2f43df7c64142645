"""The interpreter of instruments: one draft, one event, one turn. Pure.

State is the answers: the next question is the first applicable one without an answer, so nothing can point to the wrong
place. Anything that is not an answer re-asks. A button says which draft and question it belongs to and is never applied
to another.
"""

from dataclasses import dataclass, replace

from survey import answers as reading
from survey import prompts
from survey.answers import InvalidAnswer
from survey.events import Begun, Do, Dropped, Event, Fact, Other, Prompt, Saved, Say, Tap, Turn
from survey.instrument import Answers, Instrument, Question
from survey.texts import Texts


@dataclass(frozen=True, slots=True)
class State:
    """One respondent in one draft. ``since`` is the first day of the fiscal year, in words."""

    instrument: Instrument
    texts: Texts
    draft: str
    answers: Answers
    status: str = "open"
    agency: str = ""
    since: str = ""
    point: str = ""
    privacy_url: str = ""
    assisted: bool = False
    chat_is_read: bool = False  # people who manage the account can read what is typed

    @property
    def question(self) -> Question | None:
        return self.instrument.next_question(self.answers)

    @property
    def started(self) -> bool:
        return "notice" in self.answers


def advance(state: State, event: Event) -> Turn:
    """Apply one event to an open or paused draft."""
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
    return handler(state, do.argument) if handler else Turn(prompts=ask(state))


def _other(state: State, event: Other) -> Turn:
    question = state.question
    if question is not None and question.kind == "notice":
        return Turn()
    if question is not None and question.kind == "text":
        phrase = "please_type"
    else:
        phrase = {"image": "not_a_picture", "sticker": "not_a_sticker"}.get(event.kind, "choose")
    return Turn(prompts=ask(state, prompts.say(state.texts, phrase)))


def _typed_when_ready(state: State, said: Say) -> Turn:
    words = said.text.split()
    if len(words) == 2 and state.texts.command(words[0]) is None:
        for number, question in enumerate(state.instrument.items, 1):
            if said.text.strip().casefold() == state.texts("edit_number", number=number).casefold():
                return _edit(state, question.id)
    return Turn(prompts=ask(state))


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
    return Turn(facts, ask(after, echo=_echo(state, question, value)))


def _echo(state: State, question: Question, value: str | None) -> str:
    if question.kind == "offer":
        return ""
    if not question.echo:
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
    done = [q for q in state.instrument.questions if q.id in state.answers and q.kind != "notice"]
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
        return Turn(prompts=ask(state))
    return _attempt(state, question, lambda: reading.skipped(question))


def _stop(state: State, _: str) -> Turn:
    if not state.started:
        return Turn((Dropped(),), (prompts.say(state.texts, "left"),))
    return Turn((Saved(dict(state.answers), "paused"),), (prompts.stopped(state),))


def _help(state: State, _: str) -> Turn:
    return Turn(prompts=ask(state, prompts.say(state.texts, "help_question")))


def _send(state: State, _: str) -> Turn:
    if not state.instrument.sendable(state.answers):
        return Turn(prompts=ask(state))
    return Turn((Saved(dict(state.answers), "closed"),), (prompts.thanks(state),))


def _review(state: State, _: str) -> Turn:
    if not state.instrument.sendable(state.answers):
        return Turn(prompts=ask(state))
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
