"""Short ways to say where somebody stands, for tests of the pure core: no database, no clock."""

from dataclasses import replace
from functools import cache

from survey import library
from survey.events import Prompt, Saved, Turn
from survey.state import Situation, State

AGENCY = "เทศบาลตำบลตัวอย่าง"
NINE = {f"e{n}": "5" for n in (1, 2, 4, 5, 6, 7, 8)} | {"e3": "never", "e9": "ever"}


@cache
def shelf() -> library.Library:
    return library.load()


def state(
    answers: dict[str, str | None] | None = None, *, kind: str = "eit", language: str = "th", **more: object
) -> State:
    """A draft of the newest instrument of a kind; ``answers`` as they are stored."""
    newest = shelf().newest(kind)
    instrument = shelf().get(*newest.key, language)
    whole = State(instrument, shelf().words(language), "d1", answers or {}, agency=AGENCY, since="1 ตุลาคม 2569")
    return replace(whole, **more)  # type: ignore[arg-type]


def begun(**answers: str | None) -> State:
    """A draft whose notice and screening are answered, and what else is given."""
    return state({"notice": "start", "screening": "yes", **answers})


def here(draft: State | None = None, **more: object) -> Situation:
    languages = shelf().languages
    situation = Situation(shelf().words("th"), AGENCY, draft=draft, languages=languages)
    return replace(situation, **more)  # type: ignore[arg-type]


def said(turn: Turn) -> list[str]:
    return [prompt.text for prompt in turn.prompts]


def asked(turn: Turn) -> Prompt:
    return turn.prompts[-1]


def saved(turn: Turn) -> Saved | None:
    return next((fact for fact in turn.facts if isinstance(fact, Saved)), None)
