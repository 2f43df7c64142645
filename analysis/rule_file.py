"""From the table of a rule's TOML file to a Rule. Pure: reading files is analysis/rule_library.py's job."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from analysis.findings import Rule

COUNTS = ("lowest", "strengths", "weaknesses")
KEYS = ("keep_from", *COUNTS)
MOST = 50


class RuleError(ValueError):
    """A rule's file has a fault: one sentence naming the file, the entry and what may stand there."""


def build(table: Mapping[str, Any], where: str) -> Rule:
    """The rule. Raises RuleError naming the file (``where``) and the first entry that does not fit."""
    if unknown := set(table) - set(KEYS):
        raise RuleError(f"{where}: {min(unknown)!r} is no part of the rule; known are {', '.join(KEYS)}")
    return Rule(_score(table, where), *(_count(table, name, where) for name in COUNTS))


def _score(table: Mapping[str, Any], where: str) -> Fraction:
    """Exact: 85 or "87.5", never 87.5."""
    value = table.get("keep_from")
    try:
        if isinstance(value, str | int) and not isinstance(value, bool) and 0 <= Fraction(value) <= 100:
            return Fraction(value)
    except (ValueError, ZeroDivisionError):
        pass
    raise RuleError(f'{where}: keep_from is {value!r}; write a number from 0 to 100 like 85, or "87.5" in quotes')


def _count(table: Mapping[str, Any], name: str, where: str) -> int:
    value = table.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise RuleError(f"{where}: {name} is {value!r}; write a whole number from 0 to {MOST}")
    return value
