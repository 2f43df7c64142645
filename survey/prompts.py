"""What the conversation says, as values in nobody's channel: the question, the way to send, the review. Pure."""

from collections.abc import Sequence

from survey import answers as reading
from survey import photos
from survey.events import Button, Do, Link, Prompt, Row, Tap
from survey.instrument import Question
from survey.state import State
from survey.texts import Texts

_BEFORE_ITEMS = ("notice", "screening", "sealed")
# Screens of the phone, opened by a button in the chat. A PC has none of them; there one attaches or types.
CAMERA = Link("https://line.me/R/nv/camera/")
ALBUM = Link("https://line.me/R/nv/cameraRoll/multi")
MAP = Link("https://line.me/R/nv/location/")
_FOOTERS = dict.fromkeys(("text", "words", "place", "phone"), "footer_text") | {"photos": "footer_photos"}


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
    buttons = _ways(state, asked)
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
        footer=_footer(texts, _FOOTERS.get(asked.kind, "footer"), quick),
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


def review(state: State, echo: str = "") -> Prompt:
    """Every answer with the button that changes it; an answer that is never echoed is not shown here either."""
    texts, instrument = state.texts, state.instrument
    rows = []
    for number, asked in enumerate(reviewed(state), 1):
        answer = reading.label(asked, state.answers[asked.id], texts) if asked.echo else texts("answered")
        edit = Button(texts("edit"), Do("edit", asked.id, state.draft))
        rows.append(Row(number, asked.short or _filled(state, asked.text), answer, edit))
    return Prompt(
        "review",
        instrument.review or texts("review_title"),
        hint=texts("review_hint", number=min(3, len(rows))),
        echo=echo,
        rows=tuple(rows),
        buttons=(Button(instrument.send or texts("send"), Do("send", draft=state.draft)),),
        quick=(_do(texts, "back", state), _do(texts, "stop", state)) if instrument.review else (),
        language=texts.language,
        rtl=texts.rtl,
    )


def sealed_door(state: State) -> Prompt:
    """The words are gone from here; the way to report sealed, or the channels outside the office."""
    return door(state.texts, "sealed_dropped", state.sealed_url)


def door(texts: Texts, phrase: str, url: str) -> Prompt:
    """What is said of sealed reports, and the button that opens their page; without a page the NACC's own number."""
    if not url:
        return say(texts, f"{phrase}_outside", Button(texts("call_button", phone="1205"), Link("tel:1205")))
    return say(texts, phrase, Button(texts("sealed_open"), Link(url)))


def stopped(state: State) -> Prompt:
    """Stopped for now; whoever has answered a whole survey hears that leaving it so counts as sent."""
    counted = bool(state.instrument.items) and state.instrument.sendable(state.answers)
    phrase = "stopped_ready" if counted else "stopped"
    return say(state.texts, phrase, _do(state.texts, "resume", state))


def resume_offer(state: State) -> Prompt:
    """Somebody came back to a draft: continue or start again."""
    texts = state.texts
    counted = _counted(state)
    done = sum(q.id in state.answers for q in counted)
    buttons = (_do(texts, "resume", state), _do(texts, "restart", state))
    phrase = "resume_offer" if state.instrument.items else "resume_task"
    return say(texts, phrase, *buttons, done=done, total=len(counted))


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
    if asked.kind in _BEFORE_ITEMS:
        return None, texts("before_items") if asked.kind == "screening" else ""
    counted, phrase = _counted(state), "progress"
    if asked not in counted:
        required = state.instrument.required(state.answers)
        counted = [q for q in state.instrument.path(state.answers) if q not in required]
        phrase = "extra_progress"
    number = counted.index(asked) + 1
    return (number, len(counted)), texts(phrase, number=number, total=len(counted))


def _ways(state: State, asked: Question) -> tuple[Button, ...]:
    """The buttons of a question: its options, the screens of the phone that help, the way on."""
    texts, all_of_it = state.texts, state.answers.get(f"+{asked.id}")
    index = state.instrument.questions.index(asked)
    if asked.kind == "place":
        return (Button(texts("open_map"), MAP), Button(texts("skip"), Do("skip", asked.id, state.draft)))
    if asked.kind == "photos":
        sent = photos.ids(all_of_it)
        screens = (Button(texts("open_camera"), CAMERA), Button(texts("open_album"), ALBUM))
        if not sent:
            return (*screens, Button(texts("no_photos"), Do("skip", asked.id, state.draft)))
        ways = (_button(texts, "done", "done", state), _do(texts, "clear", state))
        return (*screens, *ways) if photos.has_room(all_of_it) else ways
    everything = all_of_it == reading.OTHERS
    seen = reading.as_shown(asked, everything)
    positions = {option.value: n for n, option in enumerate(asked.options)}
    options = [
        Button(option.label, Tap(state.draft, index, positions[option.value]), option.number)
        for option in seen.options
        if option.number
    ]
    if len(options) < len(asked.options):
        options.append(Button(texts("others"), Do("others", draft=state.draft), str(len(options) + 1)))
    return tuple(options)


def _hint(state: State, asked: Question) -> str:
    lines = [_filled(state, asked.hint)] if asked.hint else []
    if asked.kind == "photos" and (sent := photos.ids(state.answers.get(f"+{asked.id}"))):
        left = photos.LIMIT - len(sent)
        lines = [state.texts("photos_so_far" if left else "photos_all", count=len(sent), left=left)]
    if asked.private and state.assisted:
        lines.append(state.texts("private"))
    if state.chat_is_read and asked.kind == "text":
        lines.append(state.texts("staff_read"))
    elif state.chat_is_read and asked.kind in ("words", "place", "phone"):
        lines.append(state.texts("staff_read_typed"))
    elif state.chat_is_read and not asked.echo:
        lines.append(state.texts("staff_read_tap"))
    return "\n".join(lines)


def _quick(state: State, asked: Question) -> tuple[Button, ...]:
    texts = state.texts
    first = asked is state.instrument.path(state.answers)[1]
    names: Sequence[str] = () if first else ("back",)
    if reading.can_skip(asked) and asked.kind not in ("place", "photos"):  # which have a large button for it
        names = (*names, "skip")
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
    return _button(texts, command, command, state)


def _button(texts: Texts, phrase: str, command: str, state: State) -> Button:
    return Button(texts(phrase), Do(command, draft=state.draft))


def _filled(state: State, text: str) -> str:
    return text.replace("{agency}", state.agency).replace("{since}", state.since)
