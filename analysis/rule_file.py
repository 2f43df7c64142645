"""From the table of a rule's TOML file to a Rule. Pure: reading files is analysis/rule_library.py's job."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from analysis.findings import PERFECT, Rule
from survey.thai import arabic_digits

COUNTS = ("lowest", "strengths", "weaknesses")
KEYS = ("keep_from", *COUNTS)
MOST = 50


class RuleError(ValueError):
    """A rule's file has a fault: one sentence naming the file, the entry and what may stand there."""


def build(table: Mapping[str, Any], where: str) -> Rule:
    """The rule; numbers may be text, as in the office file. Raises RuleError naming ``where`` and the first fault."""
    if unknown := set(table) - set(KEYS):
        raise RuleError(f"{where}: {min(unknown)!r} is no part of the rule; known are {', '.join(KEYS)}")
    return Rule(_score(table, where), *(_count(table, name, where) for name in COUNTS))


def _score(table: Mapping[str, Any], where: str) -> Fraction:
    """Exact: 85 or "87.5", never 87.5."""
    value = table.get("keep_from")
    if isinstance(value, int | str) and re.fullmatch(r"\d{1,3}(\.\d{1,2})?", text := arabic_digits(str(value))):
        number = Fraction(text)
        if number <= PERFECT:
            return number
    raise RuleError(f'{where}: keep_from is {value!r}; write a number from 0 to 100 in quotes like "85" or "87.5"')


def _count(table: Mapping[str, Any], name: str, where: str) -> int:
    value = table.get(name)
    text = arabic_digits(str(value))
    if re.fullmatch(r"\d{1,2}", text) and int(text) <= MOST:
        return int(text)
    raise RuleError(f'{where}: {name} is {value!r}; write a whole number from 0 to {MOST} in quotes like "3"')
