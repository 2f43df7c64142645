"""Reading settings from one place with checks: faults are collected, not raised, so that all are told at once.

A fault says what is wrong, where, and how to mend it; it never repeats a secret's value.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from survey.settings_names import BY_NAME

CORE = "core"
"""The part every command needs; the others are ``keys``, ``agency``, ``line`` and ``sheets``."""


class SettingsError(Exception):
    """Settings are missing or malformed. ``problems``: one or two sentences each, for an operator."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Faults:
    """What was found wrong so far, each with the part of the deployment it belongs to."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, part: str, sentence: str) -> None:
        if (part, sentence) not in self.found:
            self.found.append((part, sentence))

    def of(self, parts: frozenset[str]) -> list[str]:
        return [sentence for part, sentence in self.found if part == CORE or part in parts]


@dataclass(frozen=True)
class Source:
    """Named values of one place: the environment, or a table of a file (then the names are in lower case)."""

    values: Mapping[str, object]
    faults: Faults
    table: str = ""  # "[agency.nong] of agencies.toml"; empty: the environment or .env
    folder: Path = Path()  # relative paths start here

    def label(self, name: str) -> str:
        return f"{name.lower()} in {self.table}" if self.table else name

    def fault(self, name: str, part: str, what: str) -> None:
        mend = BY_NAME[name].mend if name in BY_NAME else ""
        self.faults.add(part, f"{self.label(name)} {what}. {mend}".strip())

    def get(self, name: str) -> object:
        """The value as it stands there; text is stripped, and an empty one counts as absent."""
        value = self.values.get(name.lower() if self.table else name)
        if isinstance(value, str):
            value = value.strip()
        return None if value == "" else value

    def text(self, name: str, part: str, *, required: bool = False) -> str:
        value = self.get(name)
        if value is None:
            if required:
                self.fault(name, part, "is missing" + self._near_miss(name))
            return ""
        if not isinstance(value, str):
            self.fault(name, part, "must be text in quotes")
            return ""
        return value

    def token(self, name: str, part: str, *, required: bool = False) -> str:
        """A text that goes into an HTTP header: visible ASCII, no blanks."""
        value = self.text(name, part, required=required)
        if any(not "!" <= sign <= "~" for sign in value):
            self.fault(name, part, "has blanks or letters that cannot be in it; it was not copied right")
        return value

    def number(self, name: str, part: str, low: float, high: float) -> float:
        value = self.get(name)
        if value is None:
            return float(BY_NAME[name].default)
        try:
            number = float(value) if isinstance(value, str | int | float) else math.nan
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            self.fault(name, part, f"is {value!r}")
            return float(BY_NAME[name].default)
        return number

    def whole(self, name: str, part: str, low: int, high: int) -> int:
        number = self.number(name, part, low, high)
        if not number.is_integer():
            self.fault(name, part, f"is {number}")
        return int(number)

    def url(self, name: str, part: str) -> str:
        """An http(s) address without a slash at its end; empty when absent."""
        value = self.text(name, part).rstrip("/")
        if value and not is_web_address(value):
            self.fault(name, part, f"is {value!r}, which is not a web address")
            return ""
        return value

    def date(self, name: str, part: str) -> date | None:
        """A day, written 2027-05-01 or with the Buddhist year 2570-05-01."""
        value = self.get(name)
        if value is None:
            return None
        day = read_date(value)
        if day is None:
            self.fault(name, part, f"is {str(value)!r}, which is not a day")
        return day

    def _near_miss(self, name: str) -> str:
        strange = [n.upper() for n in self.values if n.upper() not in BY_NAME]
        close = get_close_matches(name, strange, n=1, cutoff=0.85)
        return f" (there is {close[0]}: a typing mistake?)" if close else ""


def is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in text
    except ValueError:
        return False


def read_date(value: object) -> date | None:
    """A TOML date, ``2027-05-01``, or ``2570-05-01`` in the Buddhist era; None for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        year, month, day = (int(part) for part in str(value).split("-"))
        return date(year - 543 if year > 2400 else year, month, day)
    except ValueError:
        return None
