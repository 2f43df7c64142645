"""A button's event as the short text that LINE carries back, and back again.

The text names positions in a version that never changes, not answers: nobody who sees it can read what was chosen, and
a forged one is no more than an odd tap.
"""

from survey.agenda import ORDERS
from survey.events import Do, Tap
from survey.staff import TASKS

LIMIT = 300  # LINE's, in characters
_COMMANDS = frozenset(
    "back skip stop help send review edit resume restart menu survey rate report track call human privacy "
    "language household assist summary delete done clear others sealed answer add reopen".split()
) | frozenset((*ORDERS, *TASKS))


def encode(event: Tap | Do) -> str:
    if isinstance(event, Tap):
        return f"t|{event.draft}|{event.question}|{event.option}"
    return f"d|{event.command}|{event.argument}|{event.draft}"


def decode(data: str) -> Tap | Do | None:
    """The event; None for what no button of ours carries."""
    match data.split("|") if len(data) <= LIMIT else ():
        case ["t", draft, question, option] if _small(question) and _small(option):
            return Tap(draft, int(question), int(option))
        case ["d", command, argument, draft] if command in _COMMANDS:
            return Do(command, argument, draft)
    return None


def _small(number: str) -> bool:
    return number.isdecimal() and len(number) <= 4
