"""The bank of improvement measures: entries to choose from, by item, read from TOML tables. Pure.

The files are ``analysis/bank/*.toml`` and, where an agency names one, its own: an entry of the same id replaces ours,
another is added and comes before ours. A fault names file, entry and key: ``measures.toml: measure e4-1: title ...``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from analysis.frame import FAMILIES, Frame, family

Table = Mapping[str, Any]

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,10}")
MOST_ENTRIES = 500
LONGEST = {"title": 300, "responsible": 200, "period": 200, "output": 1000, "outcome": 1000}
LONGEST_STEP = 1000
MOST_STEPS = 20
PLACES = frozenset({"department", "first", "last"})
"""What may stand in braces: the department that owns the item, the calendar years the fiscal year lies in."""
_BRACED = re.compile(r"\{([^{}]*)\}")


class BankError(ValueError):
    """A file of measures has a fault: one sentence naming the file, the entry and what may stand there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure to choose. ``items``: codes of the year ``numbering``, or OIT for any item of it. ``issues``: 1-7."""

    id: str
    items: tuple[str, ...]
    issues: tuple[int, ...]
    title: str
    steps: tuple[str, ...]
    responsible: str
    period: str
    output: str
    outcome: str
    numbering: int


KEYS = tuple(field.name for field in fields(Entry) if field.name != "numbering")


def build(table: Table, where: str, frames: Mapping[int, Frame]) -> tuple[Entry, ...]:
    """The entries of a file. ``frames``: by fiscal year, to know its items. Raises BankError (``where``: the file)."""
    if unknown := set(table) - {"numbering", "measure"}:
        raise BankError(f"{where}: {min(unknown)!r} is no key at its top; known are numbering and [[measure]]")
    year = table.get("numbering")
    if not isinstance(year, int) or isinstance(year, bool) or year not in frames:
        known = f"{min(frames)} to {max(frames)}"
        raise BankError(f"{where}: numbering is {year!r}; write the fiscal year whose item codes are used, {known}")
    given = table.get("measure", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BankError(f"{where}: write each measure under a line [[measure]]")
    if len(given) > MOST_ENTRIES:
        raise BankError(f"{where}: it has {len(given)} measures; at most {MOST_ENTRIES} can be chosen from")
    found: dict[str, Entry] = {}
    for number, one in enumerate(given, 1):
        entry = _entry(one, f"{where}: measure {one.get('id', f'no. {number}')}", frames[year])
        if entry.id in found:
            raise BankError(f"{where}: measure {entry.id}: its id is there twice; give one of them another")
        found[entry.id] = entry
    return tuple(found.values())


def merged(ours: Sequence[Entry], own: Sequence[Entry]) -> tuple[Entry, ...]:
    """``own`` entries over ``ours``: the same id in its place, the others first."""
    replaced = {entry.id: entry for entry in own}
    known = {entry.id for entry in ours}
    new = (entry for entry in own if entry.id not in known)
    return (*new, *(replaced.get(entry.id, entry) for entry in ours))


def fitting(bank: Sequence[Entry], code: str, frame: Frame, frames: Mapping[int, Frame]) -> tuple[Entry, ...]:
    """The entries for an item of a year's frame, the more particular ones first.

    An entry's own numbering counts: its item is this one when both years ask it in the same words, or publish the same
    yearly document under it. So a code that means something else in another year is not mistaken. Where nothing fits,
    as for a year whose wording is not known, it is those of its indicator.
    """
    near = [entry for entry in bank if any(same(code, frame, one, frames[entry.numbering]) for one in entry.items)]
    wide = [entry for entry in bank if family(code) in entry.items]
    found = (*sorted(near, key=lambda entry: len(entry.items)), *wide)
    title = next((one.title for one in frame.indicators if code in one.items), "")
    return found or of_indicator(bank, title, frames)


def of_indicator(bank: Sequence[Entry], title: str, frames: Mapping[int, Frame]) -> tuple[Entry, ...]:
    """The entries for the items of the indicator of this title, which has the same one every year."""
    return tuple(
        entry
        for entry in bank
        if any(one.title == title and set(one.items) & {*entry.items} for one in frames[entry.numbering].indicators)
    )


def same(code: str, frame: Frame, other_code: str, other: Frame) -> bool:
    """Whether an item of one year asks what an item of another year asks, as far as is known."""
    item, twin = frame.items.get(code), other.items.get(other_code)
    if item and twin and item.text and item.text == twin.text:
        return True
    documents = {kind for kind, one in frame.publications.items() if one.item == code}
    return any(one.item == other_code for kind, one in other.publications.items() if kind in documents)


def _entry(table: Table, where: str, frame: Frame) -> Entry:
    if unknown := set(table) - set(KEYS):
        raise BankError(f"{where}: {min(unknown)!r} is no key of a measure; known are {', '.join(KEYS)}")
    if missing := [key for key in KEYS if key not in table]:
        raise BankError(f"{where}: {missing[0]} is missing")
    name = table["id"]
    if not isinstance(name, str) or not ID.fullmatch(name):
        raise BankError(f"{where}: id is {name!r}; use up to 11 of a-z, 0-9 and -, like e4-own")
    return Entry(
        name,
        _items(table["items"], where, frame),
        _issues(table["issues"], where, frame),
        steps=_steps(table["steps"], where),
        numbering=frame.fiscal_year,
        **{key: _text(table[key], key, where, most) for key, most in LONGEST.items()},
    )


def _items(value: object, where: str, frame: Frame) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise BankError(f'{where}: items must be a list of item codes, like ["e4"]')
    for code in value:
        if code not in frame.items and code not in FAMILIES.values():
            year = frame.fiscal_year
            raise BankError(f"{where}: items has {code!r}, which is no item of {year}; write codes like e4, i12, o20")
    return tuple(value)


def _issues(value: object, where: str, frame: Frame) -> tuple[int, ...]:
    known = [issue.number for issue in frame.issues]
    if not isinstance(value, list) or not all(type(one) is int and one in known for one in value):
        raise BankError(f"{where}: issues must be a list of numbers from 1 to 7, like [3], or [] for none")
    return tuple(value)


def _steps(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_STEPS:
        raise BankError(f"{where}: steps must be a list of 1 to {MOST_STEPS} sentences")
    return tuple(_text(step, f"step {number}", where, LONGEST_STEP) for number, step in enumerate(value, 1))


def _text(value: object, key: str, where: str, most: int) -> str:
    """One line of words."""
    if not isinstance(value, str) or not value.strip():
        raise BankError(f"{where}: {key} must be text in quotes, and not empty")
    text = " ".join(value.split())
    if len(text) > most:
        raise BankError(f"{where}: {key} has {len(text)} characters; write at most {most}")
    for place in _BRACED.findall(text):
        if place not in PLACES:
            raise BankError(f"{where}: {key} has {{{place}}}; in braces only {', '.join(sorted(PLACES))} may stand")
    return text
