"""What officers type: words that are no answers of residents. Pure."""

from survey.events import Do
from survey.texts import normal

_WORDS: dict[str, str] = {}
"""Typed word, as ``normal`` writes it -> command."""


def order(typed: str) -> Do | None:
    """The order meant by what an officer typed; None: it is none."""
    command = _WORDS.get(normal(typed))
    return Do(command) if command else None
