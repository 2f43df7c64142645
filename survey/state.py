"""Where a person stands when an event comes in: in a draft, in the chat, in a round. Values for the core. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from survey.instrument import Answers, Instrument, Question
from survey.settings import Office
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
    last_seat: bool = False  # nobody else of the household may answer after this one
    sealed_url: str = ""
    fit: Callable[[Answers], Instrument] | None = field(default=None, compare=False)  # of a task: as answers need it

    @property
    def question(self) -> Question | None:
        return self.instrument.next_question(self.answers)

    @property
    def started(self) -> bool:
        return "notice" in self.answers

    def after(self, answers: Answers) -> "State":
        """The draft, open, with these answers as far as their questions still apply."""
        instrument = self.fit(answers) if self.fit else self.instrument
        return replace(self, instrument=instrument, answers=instrument.pruned(answers), status="open")


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of person and office. ``role``: None for a resident; ``idle``: the draft was left a while."""

    texts: Texts
    agency: str
    office: Office = field(default_factory=Office)
    greeted: bool = True
    quiet: bool = False
    role: str | None = None
    departments: tuple[str, ...] = ()  # the officer's; empty: all
    draft: State | None = None
    idle: bool = False
    group: bool = False
    official: bool = False  # the NACC's own EIT is open today
    languages: Mapping[str, str] = field(default_factory=dict)
    privacy_url: str = ""
    sealed_url: str = ""

    @property
    def paused(self) -> bool:
        """The draft may not go on while the NACC asks the same."""
        return self.official and self.draft is not None and self.draft.instrument.kind == "eit"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether somebody may answer in a round: how many seats of the account are taken, and a draft begun earlier."""

    open: bool
    taken: int = 0
    draft: State | None = None
