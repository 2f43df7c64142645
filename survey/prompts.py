"""What the conversation says, as values in nobody's channel: the question, the way to send, the review. Pure."""

from survey import answers as reading
from survey.events import Button, Do, Link, Prompt, Row, Tap
from survey.instrument import Question
from survey.state import State
from survey.texts import Texts

_BEFORE_ITEMS = ("notice", "screening")


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
    quick = _quick(state, asked)
    return Prompt(
        "question",
        _filled(state, asked.text),
        hint=_hint(state, asked),
        echo=echo,
        progress=progress,
        label=label,
        buttons=buttons,
        quick=quick,
        footer=_footer(texts, "footer_text" if asked.kind == "text" else "footer", quick),
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
    quick = (_do(texts, "back", state), _do(texts, "stop", state))
    return Prompt(
        "ready",
        texts("ready"),
        hint=texts("ready_note"),
        echo=echo,
        buttons=tuple(buttons),
        quick=quick,
        footer=_footer(texts, "footer_ready", quick),
        language=texts.language,
        rtl=texts.rtl,
    )


def reviewed(state: State) -> tuple[Question, ...]:
    """The answered questions of a review, in the order of their numbers."""
    path = state.instrument.path(state.answers)
    return tuple(q for q in path if q.kind not in _BEFORE_ITEMS and q.id in state.answers)


def review(state: State) -> Prompt:
    """Every answer with the button that changes it; an answer that is never echoed is not shown here either."""
    texts = state.texts
    rows = []
    for number, asked in enumerate(reviewed(state), 1):
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
    """Stopped for now; whoever has answered everything hears that leaving it so counts as sent."""
    phrase = "stopped_ready" if state.instrument.sendable(state.answers) else "stopped"
    return say(state.texts, phrase, _do(state.texts, "resume", state))


def resume_offer(state: State) -> Prompt:
    """Somebody came back to a draft: continue or start again."""
    texts = state.texts
    counted = _counted(state)
    done = sum(q.id in state.answers for q in counted)
    buttons = (_do(texts, "resume", state), _do(texts, "restart", state))
    return say(texts, "resume_offer", *buttons, done=done, total=len(counted))


def thanks(state: State) -> Prompt:
    texts = state.texts
    if state.assisted:
        return plain(texts, state.instrument.thanks, Button(texts("assist_again"), Do("assist")))
    if state.instrument.kind != "eit" or state.last_seat:
        return plain(texts, state.instrument.thanks)
    return plain(texts, state.instrument.thanks, Button(texts("household"), Do("household")))


def _counted(state: State) -> list[Question]:
    """What "3 of 9" counts."""
    return [q for q in state.instrument.required(state.answers) if q.kind not in _BEFORE_ITEMS]


def _progress(state: State, asked: Question) -> tuple[tuple[int, int] | None, str]:
    texts = state.texts
    if asked.kind == "screening":
        return None, texts("before_items")
    counted, phrase = _counted(state), "progress"
    if asked not in counted:
        required = state.instrument.required(state.answers)
        counted = [q for q in state.instrument.path(state.answers) if q not in required]
        phrase = "extra_progress"
    number = counted.index(asked) + 1
    return (number, len(counted)), texts(phrase, number=number, total=len(counted))


def _hint(state: State, asked: Question) -> str:
    lines = [_filled(state, asked.hint)] if asked.hint else []
    if asked.private and state.assisted:
        lines.append(state.texts("private"))
    if state.chat_is_read and asked.kind == "text":
        lines.append(state.texts("staff_read"))
    elif state.chat_is_read and not asked.echo:
        lines.append(state.texts("staff_read_tap"))
    return "\n".join(lines)


def _quick(state: State, asked: Question) -> tuple[Button, ...]:
    texts = state.texts
    first = asked is state.instrument.path(state.answers)[1]
    names = [] if first else ["back"]
    if asked.kind == "text" or asked.missing_option:
        names.append("skip")
    buttons = [_do(texts, name, state) for name in (*names, "stop")]
    if state.instrument.sendable(state.answers):
        buttons.append(Button(texts("send_now"), Do("send", draft=state.draft)))
    return tuple(buttons)


def _footer(texts: Texts, phrase: str, quick: tuple[Button, ...]) -> str:
    """The quick replies in words, for PCs, which do not show them."""
    return " • ".join((texts(phrase), *(button.label for button in quick)))


def _review_button(state: State) -> Button:
    return Button(state.texts("review"), Do("review", draft=state.draft))


def _do(texts: Texts, command: str, state: State) -> Button:
    return Button(texts(command), Do(command, draft=state.draft))


def _filled(state: State, text: str) -> str:
    return text.replace("{agency}", state.agency).replace("{since}", state.since)
