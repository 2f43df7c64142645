"""From a rules TOML file to Rules; every fault names file, category and key. docs/settings.md has the format."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from survey.rules import OTHER, Category, Outside, Rules, RulesError
from survey.settings_read import read_date
from survey.texts import normal

DEFAULT = Path(__file__).parent / "rules_data" / "default.toml"
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_CATEGORY: dict[str, type] = {
    "id": str,
    "title": str,
    "title_en": str,
    "department": str,
    "words": list,
    "urgent": bool,
    "restricted": bool,
    "days": int,
}
_NUMBERS = {
    "near_days": (0, 30),
    "urgent_reserve": (0, 100_000),
    "link_days": (1, 3650),
    "photo_days": (1, 3650),
    "sealed_months": (1, 600),
}
_OTHERS = {
    "office_hours": list,
    "digest_at": str,
    "bribery": list,
    "holidays": list,
    "outside": list,
    "category": list,
}


@cache
def default() -> Rules:
    """The rules of an agency that has written none of its own."""
    return read(DEFAULT)


def read(path: Path) -> Rules:
    """The rules in a file. Raises RulesError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise RulesError(f"{path.name} cannot be read: {exc.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise RulesError(f"{path.name} is not TOML: {exc}") from None
    return build(table, path.name)


def build(table: Mapping[str, Any], where: str) -> Rules:
    """The rules in a file's table. What the file leaves out is as usual. Raises RulesError."""
    for key in table:
        if key not in _NUMBERS and key not in _OTHERS:
            raise RulesError(f"{where}: unknown key {key!r}; known are {', '.join((*_OTHERS, *_NUMBERS))}")
    given: dict[str, Any] = {key: _number(table[key], key, *_NUMBERS[key], where) for key in _NUMBERS if key in table}
    if "office_hours" in table:
        given["office_hours"] = _hours(table["office_hours"], where)
    if "digest_at" in table:
        given["digest_at"] = _minute(table["digest_at"], f"{where}: digest_at")
    if "bribery" in table:
        given["bribery"] = _words(table["bribery"], f"{where}: bribery")
    if "holidays" in table:
        given["holidays"] = _days(table["holidays"], where)
    given["outside"] = _outside(table["outside"], where) if "outside" in table else default().outside
    return Rules(_categories(table.get("category", ()), where), **given)


def _categories(tables: Any, where: str) -> tuple[Category, ...]:
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise RulesError(f"{where}: categories are written as [[category]], once for each")
    found: dict[str, Category] = {}
    for number, table in enumerate(tables, 1):
        category = _category(table, f"{where}: [[category]] {table.get('id', f'number {number}')}")
        if category.id in found:
            raise RulesError(f"{where}: [[category]] {category.id} is there twice")
        found[category.id] = category
    if OTHER not in found:
        raise RulesError(f'{where}: there must be a [[category]] with id = "{OTHER}", for what fits no other')
    return tuple(found.values())


def _category(table: Mapping[str, Any], where: str) -> Category:
    for key, value in table.items():
        if key not in _CATEGORY:
            raise RulesError(f"{where}: unknown key {key!r}; known are {', '.join(_CATEGORY)}")
        if type(value) is not _CATEGORY[key]:
            raise RulesError(f"{where}: {key} is {value!r}; it must be {_CATEGORY[key].__name__}")
    for key in ("id", "title", "department"):
        if not table.get(key):
            raise RulesError(f"{where}: {key} is missing")
    if not _ID.fullmatch(table["id"]):
        raise RulesError(f"{where}: id {table['id']!r} must be up to 32 of a-z, 0-9, - and _")
    days = _number(table.get("days", 15), "days", 1, 365, where)
    words = _words(table.get("words", []), f"{where}: words")
    return Category(**{**table, "days": days, "words": words})


def _number(value: object, key: str, low: int, high: int, where: str) -> int:
    if type(value) is not int or not low <= value <= high:
        raise RulesError(f"{where}: {key} is {value!r}; write a whole number from {low} to {high}")
    return value


def _hours(value: object, where: str) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise RulesError(f'{where}: office_hours must be two times, like ["08:30", "16:30"]')
    opens, closes = (_minute(one, f"{where}: office_hours") for one in value)
    if opens >= closes:
        raise RulesError(f"{where}: office_hours end before they begin")
    return opens, closes


def _minute(value: object, where: str) -> int:
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise RulesError(f'{where}: {value!r} is no time; write it like "08:30"')
    return int(found[1]) * 60 + int(found[2])


def _days(value: object, where: str) -> tuple[date, ...]:
    days = [read_date(one) for one in value] if isinstance(value, list) else [None]
    if not all(days):
        raise RulesError(f"{where}: holidays must be a list of days, like [2027-05-10, 2027-05-11]")
    return tuple(day for day in days if day)


def _outside(tables: object, where: str) -> tuple[Outside, ...]:
    found = []
    for table in tables if isinstance(tables, list) else [None]:
        named = isinstance(table, dict) and table.keys() == {"name", "phone", "what"}
        if not isinstance(table, dict) or not named or not all(isinstance(said, str) for said in table.values()):
            raise RulesError(f"{where}: each [[outside]] must have name, phone and what, in quotes, and nothing else")
        found.append(Outside(**table))
    return tuple(found)


def _words(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip(" +") for word in value):
        raise RulesError(f"{where} must be a list of words in quotes")
    return tuple("+".join(normal(part).replace(" ", "") for part in word.split("+")) for word in value)
