"""The ITA frame of a fiscal year: how items become indicators, instruments, a total and a level. Pure.

The frame is data (``frames/2567.toml``, read by analysis/frame_library.py): a new year is a new file, not code. Weights
and least scores are exact. What no source confirms is marked ``verified = False`` and told in ``doubts``, in Thai, so
that whoever shows a frame's number can show the doubt beside it. Our own survey's scores are never put through it.

Item codes (e1, i3, o24) begin with the letter of their family: IIT, EIT, OIT. The EIT may be measured in two parts,
EIT1 and EIT2, of equal weight and with the same items; then each of its numbers exists three times: for either part
and, under the code EIT, as the mean of both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

ITEMS, SUB_INDICATORS = "items", "sub_indicators"
"""How an indicator of the OIT was averaged: over all its items alike, or over the means of its sub-indicators."""

FAMILIES = {"i": "IIT", "e": "EIT", "o": "OIT"}


class FrameError(ValueError):
    """A frame's file has a fault, or there is none for the year: one sentence naming the file and the entry."""


@dataclass(frozen=True, slots=True)
class InstrumentFrame:
    """IIT, EIT (or its parts EIT1 and EIT2) or OIT: its share of the total and the indicators it measures."""

    code: str
    title: str
    weight: Fraction
    indicators: tuple[int, ...]
    part_of: str | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class SubIndicator:
    """``code``: "9.1", the first of indicator 9."""

    code: str
    title: str
    items: tuple[str, ...]
    verified: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorFrame:
    number: int
    title: str
    items: tuple[str, ...]
    sub_indicators: tuple[SubIndicator, ...] = ()
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """``label`` is empty where the official words are not known."""

    score: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    id: str
    options: tuple[Option, ...]
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """``text`` is empty where the wording is not known. ``reversed``: agreeing is bad, so the scale is turned round."""

    code: str
    text: str
    scale: str
    reversed: bool = False
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A grade, given when the total and, if asked for, every instrument reach their least score."""

    name: str
    total_min: Fraction
    every_instrument_min: Fraction | None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """One of the seven issues (ประเด็น); an item may belong to several."""

    number: int
    title: str
    items: tuple[str, ...]
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """The OIT item under which a yearly document is published. ``kind``: measures, implementation_report, ..."""

    kind: str
    item: str
    verified: bool = False


@dataclass(frozen=True)
class Frame:
    """A fiscal year's frame, Buddhist era.

    ``taken_from``: the year it was copied from because its own is not known. ``averages``: the ways of averaging the
    OIT to be accepted, one where it is known. ``alternatives``: the same year with the indicators otherwise composed,
    where sources differ; a published result may follow any of them.
    """

    fiscal_year: int
    name: str
    verified: bool
    source: str
    taken_from: int | None
    doubts: tuple[str, ...]
    averages: tuple[str, ...]
    instruments: tuple[InstrumentFrame, ...]
    indicators: tuple[IndicatorFrame, ...]
    items: Mapping[str, Item]
    scales: Mapping[str, Scale]
    levels: tuple[Level, ...]
    issues: tuple[Issue, ...]
    publications: Mapping[str, Publication]
    alternatives: tuple["Frame", ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """IIT, EIT, OIT: the instruments, with the parts of one taken together."""
        return tuple(dict.fromkeys(i.part_of or i.code for i in self.instruments))

    def parts(self, family: str) -> tuple[InstrumentFrame, ...]:
        """The two parts of a family, or the one instrument it is."""
        return tuple(i for i in self.instruments if family in (i.code, i.part_of))

    def indicators_of(self, family: str) -> tuple[IndicatorFrame, ...]:
        wanted = self.parts(family)[0].indicators
        return tuple(i for i in self.indicators if i.number in wanted)

    def issues_of(self, code: str) -> tuple[Issue, ...]:
        """The issues an item belongs to: none, one or several."""
        return tuple(issue for issue in self.issues if code in issue.items)

    def level(self, total: Fraction, lowest: Fraction) -> Level:
        """The first level, from the best down, whose conditions hold. ``lowest``: the least score of an instrument."""
        return next(
            level
            for level in self.levels
            if total >= level.total_min and (level.every_instrument_min is None or lowest >= level.every_instrument_min)
        )


def family(code: str) -> str:
    """``IIT`` for i3, ``EIT`` for e1, ``OIT`` for o24."""
    return FAMILIES[code[0]]
