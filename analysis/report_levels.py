"""The words for a mean of the satisfaction survey ("มากที่สุด"), by cut-offs that are data. Pure.

Scores of 0-100 are put on the five-step scale on which these reports are written: 1 + score * (highest - 1) / 100.
A level is given to the mean as it is printed, so that word and number cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any


class LevelsError(ValueError):
    """The file of cut-offs has a fault: one sentence naming file, entry and mend."""


@dataclass(frozen=True, slots=True)
class Level:
    """``least``: the mean, to two decimals, from which it begins."""

    least: Decimal
    name: str


@dataclass(frozen=True, slots=True)
class Levels:
    """``levels`` from the best down; the last begins at 1."""

    highest: int
    levels: tuple[Level, ...]

    def name(self, printed: Decimal) -> str:
        return next(level.name for level in self.levels if printed >= level.least)

    def mean(self, score: Fraction | float) -> Fraction:
        """A score (0-100) on the scale of 1 to ``highest``."""
        return 1 + self.step(score)

    def step(self, score: Fraction | float) -> Fraction:
        """A difference of scores, or a deviation, on that scale."""
        return Fraction(score) * (self.highest - 1) / 100


def build(table: Mapping[str, Any], where: str) -> Levels:
    """Raises LevelsError naming the file (``where``) and the first entry that does not fit."""
    highest, entries = table.get("highest"), table.get("level")
    if not isinstance(highest, int) or isinstance(highest, bool) or not 2 <= highest <= 10:
        raise LevelsError(f"{where}: highest is {highest!r}; write the upper end of the scale, a whole number like 5")
    if not isinstance(entries, list) or not entries:
        raise LevelsError(f"{where}: there is no [[level]]; write one for each word, the best first")
    levels = [_level(entry, at, where) for at, entry in enumerate(entries, 1)]
    if [one.least for one in levels] != sorted({one.least for one in levels}, reverse=True):
        raise LevelsError(f"{where}: the levels must stand from the best down, each with its own from")
    if levels[-1].least != 1 or levels[0].least > highest:
        raise LevelsError(f'{where}: the last level must begin at "1.00" and the first at no more than {highest}')
    return Levels(highest, tuple(levels))


def _level(entry: object, at: int, where: str) -> Level:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or not isinstance(entry.get("from"), str):
        raise LevelsError(f'{where}: level {at} must have from (a decimal in quotes like "4.51") and name')
    try:
        least = Decimal(entry["from"])
    except InvalidOperation:
        least = Decimal("NaN")
    if not least.is_finite() or least != round(least, 2):
        raise LevelsError(f'{where}: level {at}: from is {entry["from"]!r}; write a decimal like "4.51"')
    return Level(least, entry["name"])
