"""One line of what ``siang doctor`` reports."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. ``mend``: what to do, for a finding."""

    level: Level
    text: str
    mend: str = ""


def ok(text: str) -> Line:
    return Line(Level.OK, text)


def note(text: str, mend: str = "") -> Line:
    return Line(Level.NOTE, text, mend)


def finding(text: str, mend: str) -> Line:
    return Line(Level.FINDING, text, mend)
