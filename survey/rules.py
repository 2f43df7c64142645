"""The complaint rules of an agency as values: categories, who works on them, urgency, days allowed. Pure.

Read from TOML by survey/rules_file.py: ``survey/rules/default.toml``, or the file that the agency names in its own.
"""

from dataclasses import dataclass
from datetime import date

from survey import suggestions
from survey.suggestions import Words

OTHER = "other"
"""The category of what fits no other; every rules file has it."""


class RulesError(ValueError):
    """A faulty rules file. The message names the file, the category and the fault."""


@dataclass(frozen=True, slots=True)
class Category:
    """``department`` works on it. ``days``: to the outcome. ``restricted``: seen only by those given its department.

    ``words``: what people write of it, for the suggestions. ``urgent``: alerts go out at once. ``title_en``: for
    residents who have chosen English.
    """

    id: str
    title: str
    department: str
    words: Words = ()
    urgent: bool = False
    restricted: bool = False
    days: int = 15
    title_en: str = ""

    def named(self, language: str) -> str:
        """The title in this language; where the office wrote none, as it calls it itself."""
        return (self.title_en if language == "en" else "") or self.title


@dataclass(frozen=True, slots=True)
class Outside:
    """Who takes reports of corruption outside the office. ``what``: which, in a few words."""

    name: str
    phone: str
    what: str


@dataclass(frozen=True, slots=True)
class Rules:
    """``bribery``: words that make text look like a corruption report, which is offered the sealed track first.

    ``office_hours``: (first, last) minute of a working day, 510 = 08:30. ``digest_at``: minute of the morning digest.
    ``near_days``: so many days before the limit the officer is reminded. ``urgent_reserve``: pushes of the month kept
    for urgent alerts. ``link_days``, ``photo_days``: how long after closing the link to the complainant, and photos
    and voice, are kept. ``holidays``: days off beside the public ones. ``sealed_months``: how long after closing the
    content of a sealed report is kept. ``outside``: where else corruption can be reported.
    """

    categories: tuple[Category, ...]
    bribery: Words = ()
    office_hours: tuple[int, int] = (510, 990)
    digest_at: int = 510
    near_days: int = 3
    urgent_reserve: int = 30
    link_days: int = 180
    photo_days: int = 365
    holidays: tuple[date, ...] = ()
    sealed_months: int = 120
    outside: tuple[Outside, ...] = ()

    def category(self, category_id: str) -> Category:
        """The category; a former one, no longer in the file, counts as "other"."""
        found = next((c for c in self.categories if c.id == category_id), None)
        return found or next(c for c in self.categories if c.id == OTHER)

    def suggest(self, text: str) -> tuple[Category, ...]:
        """The three categories that fit the text best, best first; never "other"."""
        known = {c.id: c.words for c in self.categories if c.id != OTHER}
        return tuple(self.category(name) for name in suggestions.best(text, known))

    def looks_corrupt(self, text: str) -> bool:
        """Does the text look like a report of bribery?"""
        return suggestions.mentions(text, self.bribery)
