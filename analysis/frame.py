"""The ITA frame of a fiscal year: how items become indicators, instruments, a total and a level. Pure.

The frame itself is data (``frames/2567.toml``): a new year is a new file, not code. Our own survey's scores are never
put through it; it recomputes official results. Arithmetic is exact, on the numbers as printed.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Scores = Mapping[tuple[str, str], Fraction]
"""(instrument, item code) -> score; EIT items belong to EIT1 or EIT2."""


@dataclass(frozen=True, slots=True)
class InstrumentFrame:
    """IIT, EIT1, EIT2 or OIT: its share of the total and the indicators it measures."""

    code: str
    weight: Fraction
    indicators: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndicatorFrame:
    number: int
    title: str
    items: tuple[str, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A grade, given when the total and, if asked for, every instrument reach their least score."""

    name: str
    total_min: Fraction
    every_instrument_min: Fraction | None


@dataclass(frozen=True, slots=True)
class Frame:
    """A fiscal year's frame. ``verified``: its weights and means reproduce published results."""

    fiscal_year: int
    verified: bool
    source: str
    instruments: tuple[InstrumentFrame, ...]
    indicators: tuple[IndicatorFrame, ...]
    levels: tuple[Level, ...]

    def parts(self, items: Scores) -> dict[tuple[str, int], Fraction]:
        """(instrument, indicator) -> mean of its items, where all of them are given."""
        found = {}
        for instrument in self.instruments:
            for indicator in self.indicators:
                scores = [items.get((instrument.code, code)) for code in indicator.items]
                known = [score for score in scores if score is not None]
                if indicator.number in instrument.indicators and known and len(known) == len(scores):
                    found[instrument.code, indicator.number] = mean(known)
        return found

    def combined(self, parts: Mapping[tuple[str, int], Fraction]) -> dict[int, Fraction]:
        """Indicator -> mean of its parts: the EIT's are measured twice."""
        numbers = dict.fromkeys(number for _, number in parts)
        return {number: mean(score for (_, n), score in parts.items() if n == number) for number in numbers}

    def of_instruments(self, parts: Mapping[tuple[str, int], Fraction]) -> dict[str, Fraction]:
        """Instrument -> mean of its indicators. Raises KeyError when one is missing."""
        return {i.code: mean(parts[i.code, number] for number in i.indicators) for i in self.instruments}

    def from_indicators(self, indicators: Mapping[int, Fraction]) -> dict[tuple[str, int], Fraction]:
        """Both parts of the EIT taken alike, where only the combined indicators were published."""
        return {(i.code, number): indicators[number] for i in self.instruments for number in i.indicators}

    def total(self, instruments: Mapping[str, Fraction]) -> Fraction:
        """The weighted sum. Raises KeyError when an instrument is missing."""
        return sum((i.weight * instruments[i.code] for i in self.instruments), Fraction(0))

    def level(self, total: Fraction, instruments: Mapping[str, Fraction]) -> str:
        """The first level, from the best down, whose conditions hold."""
        lowest = min(instruments.values())
        return next(
            level.name
            for level in self.levels
            if total >= level.total_min and (level.every_instrument_min is None or lowest >= level.every_instrument_min)
        )


def mean(scores: Iterable[Fraction]) -> Fraction:
    known = tuple(scores)
    return sum(known, Fraction(0)) / len(known)


def parse(text: str) -> Frame:
    """A frame from the text of its file. Raises KeyError or tomllib.TOMLDecodeError on a faulty one."""
    table: dict[str, Any] = tomllib.loads(text)
    return Frame(
        table["fiscal_year"],
        table["verified"],
        table["source"],
        tuple(InstrumentFrame(i["code"], Fraction(i["weight"]), tuple(i["indicators"])) for i in table["instrument"]),
        tuple(
            IndicatorFrame(i["number"], i["title"], tuple(i["items"]), i.get("verified", table["verified"]))
            for i in table["indicator"]
        ),
        tuple(Level(one["name"], Fraction(one["total_min"]), _optional(one)) for one in table["level"]),
    )


def _optional(level: Mapping[str, Any]) -> Fraction | None:
    least = level.get("every_instrument_min")
    return None if least is None else Fraction(least)
