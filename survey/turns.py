"""What an answer leads to: the next question, the summary, the end. Pure."""

from survey import answers as reading
from survey import photos, prompts
from survey.answers import InvalidAnswer
from survey.events import Begun, Dropped, Fact, Prompt, Saved, Turn
from survey.instrument import Question
from survey.masking import has_national_id
from survey.state import State

_UNECHOED = ("text", "words", "place", "phone")


def ask(state: State, *before: Prompt, echo: str = "") -> tuple[Prompt, ...]:
    """What was to be said first, then the current question, or the way to send."""
    question = state.question
    if question is not None:
        return (*before, prompts.question(state, question, echo))
    return (*before, prompts.review(state, echo) if state.instrument.review else prompts.ready(state, echo))


def again(state: State, phrase: str, **values: object) -> Turn:
    """One sentence, and what was asked once more."""
    return Turn(prompts=ask(state, prompts.say(state.texts, phrase, **values)))


def wanted(state: State, otherwise: str = "choose") -> str:
    """The phrase that says what can be done now; ``otherwise`` where there are options to choose from."""
    if state.question is None:
        return "choose_send" if state.instrument.review else "choose_ready"
    if state.question.kind == "text" and state.question.needed:
        return "please_write"
    return reading.PLEASE.get(state.question.kind, otherwise)


def attempt(state: State, question: Question, read: reading.Reader) -> Turn:
    """The answer, or one sentence why it is none."""
    try:
        value = read()
    except InvalidAnswer as exc:
        return again(state, exc.phrase, **exc.values)
    return answered(state, question, value)


def answered(state: State, question: Question, value: str | None) -> Turn:
    """Keep an answer and go on."""
    if value in question.ends:
        said = prompts.sealed_door(state) if question.kind == "sealed" else prompts.say(state.texts, "declined")
        return Turn((Dropped(),), (said,))
    after = state.after({**state.answers, question.id: value})
    facts: tuple[Fact, ...] = (Saved(dict(after.answers)),)
    if question.kind == "notice":
        facts += (Begun(),)
        before = (prompts.say(state.texts, "assisted"),) if state.assisted else ()
        return Turn(facts, ask(after, *before))
    if after.question is None and state.instrument.immediate:
        return closed(after)
    masked = question.kind in ("words", "place") and has_national_id(value or "")
    before = (prompts.say(state.texts, "has_national_id"),) if masked else ()
    return Turn(facts, ask(after, *before, echo=_echo(state, question, value)))


def without(state: State, question_id: str) -> Turn:
    """An answer is taken back and asked for again; photos stay, so that one more can be sent."""
    kept = {k: v for k, v in state.answers.items() if k != question_id}
    question, value = state.instrument.question(question_id), state.answers.get(question_id)
    if question is not None and question.kind == "photos" and photos.ids(value):
        kept[f"+{question_id}"] = value
    after = state.after(kept)
    return Turn((Saved(dict(after.answers)),), ask(after))


def closed(state: State) -> Turn:
    """Sent. A task without thanks of its own is answered by what it did."""
    said = (prompts.thanks(state),) if state.instrument.thanks else ()
    return Turn((Saved(dict(state.answers), "closed"),), said)


def _echo(state: State, question: Question, value: str | None) -> str:
    if question.kind in ("offer", "sealed"):
        return ""
    if not question.echo or (question.kind in _UNECHOED and value is not None):
        return state.texts("noted")
    return state.texts("echo", answer=reading.label(question, value, state.texts))
