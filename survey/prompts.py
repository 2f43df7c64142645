"""What the conversation says, as values in nobody's channel: the question, the way to send, the review. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey import answers as reading
from survey.events import Button, Do, Link, Prompt, Row, Tap
from survey.instrument import Question
from survey.texts import Texts

if TYPE_CHECKING:
    from survey.conversation import State


def say(texts: Texts, phrase: str, *buttons: Button, **values: object) -> Prompt:
    """A plain sentence."""
    return plain(texts, texts(phrase, **values), *buttons)


def plain(texts: Texts, text: str, *buttons: Button) -> Prompt:
    return Prompt("say", text, buttons=buttons, language=texts.language, rtl=texts.rtl)


def question(state: State, asked: Question, echo: str = "") -> Prompt:
    """One question in one bubble: every option a button, the same in quick replies for back, skip and stop."""
    texts = state.texts
    if asked.kind == "notice":
        return notice(state, asked)
    index = state.instrument.questions.index(asked)
    buttons = tuple(Button(o.label, Tap(state.draft, index, n), o.number) for n, o in enumerate(asked.options))
    progress, label = _progress(state, asked)
    first = asked is state.instrument.path(state.answers)[1]
    return Prompt(
        "question",
        _filled(state, asked.text),
        hint=_hint(state, asked),
        echo=echo,
        progress=progress,
        label=label,
        buttons=buttons,
        quick=_quick(state, asked, first),
        footer=texts("footer_text" if asked.kind == "text" else "footer_first" if first else "footer"),
        language=texts.language,
        rtl=texts.rtl,
    )


def notice(state: State, asked: Question) -> Prompt:
    texts = state.texts
    start = Button(texts("start"), Tap(state.draft, 0, 0), "1")
    privacy: Button = Button(texts("privacy"), Link(state.privacy_url) if state.privacy_url else Do("privacy"))
    return Prompt(
        "notice",
        _filled(state, asked.text),
        title=_filled(state, state.instrument.title),
        hint=texts("at_point", point=state.point) if state.point else "",
        buttons=(start, privacy),
        language=texts.language,
        rtl=texts.rtl,
    )


def ready(state: State, echo: str = "") -> Prompt:
    """All is answered: send, check, or say more."""
    texts = state.texts
    buttons = [Button(texts("send"), Do("send", draft=state.draft)), _review_button(state)]
    for offer in state.instrument.offers(state.answers):
        position = state.instrument.questions.index(offer)
        buttons.append(Button(offer.options[0].label, Tap(state.draft, position, 0)))
    return Prompt(
        "ready",
        texts("ready"),
        hint=texts("ready_note"),
        echo=echo,
        buttons=tuple(buttons),
        quick=(_do(texts, "back", state), _do(texts, "stop", state)),
        language=texts.language,
        rtl=texts.rtl,
    )


def review(state: State) -> Prompt:
    """Every answer with the button that changes it; an answer that is never echoed is not shown here either."""
    texts = state.texts
    rows = []
    for number, asked in enumerate((q for q in state.instrument.path(state.answers) if q.kind != "notice"), 0):
        if asked.id not in state.answers or asked.kind == "screening":
            continue
        answer = reading.label(asked, state.answers[asked.id], texts) if asked.echo else texts("answered")
        edit = Button(texts("edit"), Do("edit", asked.id, state.draft))
        rows.append(Row(number, _filled(state, asked.text), answer, edit))
    return Prompt(
        "review",
        texts("review_title"),
        hint=texts("review_hint"),
        rows=tuple(rows),
        buttons=(Button(texts("send"), Do("send", draft=state.draft)),),
        language=texts.language,
        rtl=texts.rtl,
    )


def stopped(state: State) -> Prompt:
    return say(state.texts, "stopped", _do(state.texts, "resume", state))


def resume_offer(state: State) -> Prompt:
    """Somebody came back to a draft: continue or start again."""
    texts = state.texts
    required = [q for q in state.instrument.required(state.answers) if q.kind != "notice"]
    done = sum(q.id in state.answers for q in required)
    buttons = (_do(texts, "resume", state), _do(texts, "restart", state))
    return say(texts, "resume_offer", *buttons, done=done, total=len(required))


def thanks(state: State) -> Prompt:
    texts = state.texts
    again = Button(texts("assist_again"), Do("assist"))
    other = Button(texts("household"), Do("household"))
    if state.assisted:
        return plain(texts, state.instrument.thanks, again)
    return plain(texts, state.instrument.thanks, *((other,) if state.instrument.kind == "eit" else ()))


def _progress(state: State, asked: Question) -> tuple[tuple[int, int] | None, str]:
    texts = state.texts
    if asked.kind == "screening":
        return None, texts("before_items")
    required = state.instrument.required(state.answers)
    counted = [q for q in required if q.kind not in ("notice", "screening")]
    phrase = "progress"
    if asked not in counted:
        counted = [q for q in state.instrument.path(state.answers) if q not in required]
        phrase = "extra_progress"
    number = counted.index(asked) + 1
    return (number, len(counted)), texts(phrase, number=number, total=len(counted))


def _hint(state: State, asked: Question) -> str:
    lines = [_filled(state, asked.hint)] if asked.hint else []
    if asked.private and state.assisted:
        lines.append(state.texts("private"))
    if state.chat_is_read and (asked.kind == "text" or not asked.echo):
        lines.append(state.texts("staff_read"))
    return "\n".join(lines)


def _quick(state: State, asked: Question, first: bool) -> tuple[Button, ...]:
    texts = state.texts
    names = [] if first else ["back"]
    if asked.kind == "text" or asked.missing_option:
        names.append("skip")
    buttons = [_do(texts, name, state) for name in (*names, "stop")]
    if state.instrument.sendable(state.answers):
        buttons.append(Button(texts("send_now"), Do("send", draft=state.draft)))
    return tuple(buttons)


def _review_button(state: State) -> Button:
    return Button(state.texts("review"), Do("review", draft=state.draft))


def _do(texts: Texts, command: str, state: State) -> Button:
    return Button(texts(command), Do(command, draft=state.draft))


def _filled(state: State, text: str) -> str:
    return text.replace("{agency}", state.agency).replace("{since}", state.since)
