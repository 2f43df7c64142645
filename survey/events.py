"""What can come in, what must be stored, what is to be said: the values the conversation is made of. Pure."""

from dataclasses import dataclass

# ---- what came in ----


@dataclass(frozen=True, slots=True)
class Tap:
    """A button of a question: which draft, which question, which option (positions in a version that never changes)."""

    draft: str
    question: int
    option: int


@dataclass(frozen=True, slots=True)
class Do:
    """A command: typed, or a button. ``draft`` is set when the button belongs to one."""

    command: str
    argument: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Typed text. ``message_id`` is a keyed hash, kept with an open answer so that unsend can find it."""

    text: str
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo or a voice message; ``message_id`` is a keyed hash, ``source`` is LINE's id, to fetch it by."""

    kind: str  # image | audio
    message_id: str
    source: str
    seconds: int = 0
    batch: str = ""  # names the photos that were sent at once, ``total`` of them; empty: this one alone
    total: int = 1


@dataclass(frozen=True, slots=True)
class Located:
    """A place on the map."""

    latitude: float
    longitude: float
    address: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Anything that is no answer: sticker, video, file."""

    kind: str


@dataclass(frozen=True, slots=True)
class Unsend:
    """The person took a message back."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Follow:
    pass


@dataclass(frozen=True, slots=True)
class Unfollow:
    pass


Event = Tap | Do | Say | Attached | Located | Other | Unsend | Follow | Unfollow


# ---- what must be stored ----


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft's answers and status after this event. ``status``: open, paused, closed."""

    answers: dict[str, str | None]
    status: str = "open"


@dataclass(frozen=True, slots=True)
class Dropped:
    """The draft goes, and with it that it ever began."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The notice was read and answered: from here on the respondent takes part in the round."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody wants to answer: the shell looks up whether they may, and calls ``reception.begin``."""

    kind: str
    point: str = ""
    household: bool = False
    assisted: bool = False
    subject: str = ""  # of a task: the ticket it is about


@dataclass(frozen=True, slots=True)
class Known:
    """Something to remember of the respondent; None leaves it as it is."""

    greeted: bool | None = None
    following: bool | None = None
    language: str | None = None
    quiet_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Something that looks like an officer's one-time code was sent."""

    code: str


@dataclass(frozen=True, slots=True)
class Erased:
    """``ลบข้อมูล``: every draft of the respondent goes."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command that only the shell can carry out (``survey.agenda.ORDERS``)."""

    command: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """A photo or a voice message belongs to the draft: to be fetched after the commit."""

    file: Attached


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A message was taken back: what it said or showed goes, wherever it is kept by now."""

    message_id: str


Fact = Saved | Dropped | Begun | Wanted | Known | Redeemed | Erased | Ordered | Expected | TakenBack


# ---- what is to be said ----


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens an address (https:, tel:)."""

    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """A button and the event it makes."""

    label: str
    action: Tap | Do | Link
    number: str = ""  # what to type instead


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a review: what was asked, what was answered, the button that changes it."""

    number: int
    text: str
    answer: str
    edit: Button


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or voice message of a ticket. ``name``: its id, from which the channel makes an address for a while."""

    kind: str  # photo | after | voice
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket as somebody may see it. ``status`` in words, ``colour`` names what they mean: new, open, done, closed.

    ``due``: days left in words, ``due_colour``: "", near or late. ``buttons``: the first is what most will do next.
    """

    ticket: str
    title: str
    status: str
    colour: str
    urgent: str = ""
    due: str = ""
    due_colour: str = ""
    words: str = ""
    place: str = ""
    place_on_map: Button | None = None
    lines: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    history: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to say, in one language, in nobody's channel. ``kind``: say, menu, notice, question, ready, review,
    case (one ticket whole), cases (a list of tickets), calls (whom to call), or for the shell: scores (shows the period
    named in ``text``), fetch (of the file whose id is ``text``)."""

    kind: str
    text: str
    title: str = ""
    hint: str = ""
    echo: str = ""
    progress: tuple[int, int] | None = None
    label: str = ""  # the progress in words
    buttons: tuple[Button, ...] = ()
    quick: tuple[Button, ...] = ()
    rows: tuple[Row, ...] = ()
    cards: tuple[Card, ...] = ()
    media: tuple[Media, ...] = ()  # of what is said, below the words
    footer: str = ""
    language: str = "th"
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event leads to: facts are stored in the transaction, prompts are said after it."""

    facts: tuple[Fact, ...] = ()
    prompts: tuple[Prompt, ...] = ()
