"""Tasks: instruments that are answered for what they do, not for scores: to file a complaint, to resolve one.

One interpreter asks them all (``conversation``). A task's draft belongs to no round and is about a ``subject`` (a
ticket, or nothing); what it leads to happens in the very transaction that completes it, and the draft goes. Orders are
the buttons and words that need no further question: accept this case, show my work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, Row

from survey.events import Prompt
from survey.instrument import Instrument
from survey.settings import Agency
from survey.state import Situation

if TYPE_CHECKING:  # visitor fits instruments with what is registered here
    from survey.visitor import Inbound, World

Prompts = tuple[Prompt, ...]


class Visit(Protocol):
    """One event of one locked respondent, as ``survey.service`` sees it. ``officer``: the id, None for a resident."""

    conn: Connection
    inbound: "Inbound"
    world: "World"
    now: datetime
    today: date
    agency: Agency
    respondent: str
    here: Situation

    @property
    def officer(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Begin:
    """The task may begin. ``answers``: what is known already; the notice counts as read, the first question says it.

    ``before``: what is said above the first question.
    """

    answers: Mapping[str, str | None]
    subject: str = ""
    before: Prompts = ()


@dataclass(frozen=True, slots=True)
class Task:
    """``begin``: may this person begin it on ``subject``? Prompts say why not. ``finish``: make it happen; what to say.

    ``fit``: the instrument as this agency and these answers need it (its categories, say); must be pure.
    ``fresh``: an unfinished draft of the same kind makes room instead of being resumed.
    """

    begin: Callable[[Visit, str], Begin | Prompts]
    finish: Callable[[Visit, Row[Any], Mapping[str, str | None]], Prompts]
    fit: Callable[[Instrument, Agency, Mapping[str, str | None]], Instrument] = lambda instrument, *_: instrument
    fresh: bool = True


Order = Callable[[Visit, str], Prompts]
"""(visit, argument) -> what to say. Must check by itself whether this person may do it (``survey.permits``)."""
