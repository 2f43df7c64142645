"""Columns of text that stay in line on a terminal: Thai vowels and tone marks above and below take no room."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_NO_ROOM = ("Mn", "Me", "Cf")
_TWO = ("W", "F")


def width(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return sum(
        0 if unicodedata.category(c) in _NO_ROOM else 2 if unicodedata.east_asian_width(c) in _TWO else 1 for c in text
    )


def lines(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Each row as a line, columns two spaces apart; ``right``: the columns set flush right."""
    flush = set(right)
    widest = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (_pad(text, widest[at], at in flush) for at, text in enumerate(row))
        yield "  ".join(cells).rstrip()


def cut(text: str, room: int) -> str:
    """The text in at most ``room`` cells; what is cut off ends in an ellipsis, never in the middle of a letter."""
    if width(text) <= room:
        return text
    kept = text
    while width(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept}…"


def _pad(text: str, room: int, right: bool) -> str:
    space = " " * (room - width(text))
    return space + text if right else text + space
