"""What an office says about itself: the TOML file named by AGENCY_FILE, checked line by line, all faults at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from survey import rules_file
from survey.rules import Rules, RulesError
from survey.settings import Department, Office, OfficialWindow, ServicePoint, Signatory
from survey.settings_mail import is_address
from survey.settings_read import Faults, is_web_address, read_date

PART = "agency"
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
ITEM = re.compile(r"[eio][1-9][0-9]?")
KINDS = ("counter", "project", "online")
TEXTS = ("name", "phone", "hours", "address", "email", "rules", "measures")
TABLES = {
    "department": ("id", "title", "owns", "email"),
    "point": ("id", "title", "kind", "department"),
    "official_window": ("url", "opens", "closes"),
    "last_official": ("year", "eit", "indicators"),
    "report": (
        *("head", "head_position", "head_acting", "office", "to", "memo_prefix", "mark"),
        *("keep_from", "lowest", "strengths", "weaknesses"),  # the rule of analysis/rules/default.toml
    ),
    "signatory": ("name", "position", "acting"),
}


def read_toml(path: Path, label: str, faults: Faults, part: str = PART) -> dict[str, Any]:
    """The file as a table; empty, with the fault collected, when it cannot be read. ``label`` names the setting."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        faults.add(part, f"{label} names {path}, which cannot be read: {exc.strerror}. Mend the path or the file.")
    except UnicodeDecodeError:
        faults.add(part, f"{label} names {path}, which is not saved as UTF-8. Save it again as UTF-8.")
    except tomllib.TOMLDecodeError as exc:
        faults.add(part, f"{label} names {path}, which is not TOML: {exc}. Mend that line.")
    return {}


def read_office(path: Path, label: str, faults: Faults) -> tuple[str, Office]:
    """(name, office) of an AGENCY_FILE; what is faulty is left out and told in ``faults``."""
    table = read_toml(path, label, faults)
    reader = _Reader(path.name, faults)
    reader.check_keys(table, (*TEXTS, "service_users", *TABLES), "at its top")
    texts = {key: reader.text(table, key, "at its top") for key in TEXTS}
    departments = reader.departments(reader.tables(table, "department"))
    year, scores = reader.last_official(reader.table(table, "last_official"))
    return texts["name"], Office(
        phone=texts["phone"],
        hours=texts["hours"],
        address=texts["address"],
        email=reader.email(table, "at its top"),
        departments=departments,
        points=reader.points(reader.tables(table, "point"), {d.id for d in departments}),
        service_users=reader.whole(table, "service_users", "at its top", 1, 10_000_000),
        official_window=reader.window(reader.table(table, "official_window")),
        last_official_year=year,
        last_official_eit=scores,
        rules=reader.rules(texts["rules"], path.parent),
        report=reader.texts(reader.table(table, "report"), "report"),
        signatories=reader.signatories(reader.tables(table, "signatory")),
        measures=path.parent / texts["measures"] if texts["measures"] else None,
    )


def window_of(url: str, opens: date | None, closes: date | None) -> OfficialWindow | str | None:
    """The official window; None when nothing is given; a sentence when the three do not fit together."""
    if not (url or opens or closes):
        return None
    if not (url and opens and closes):
        return "needs its link, its first and its last day together"
    if closes < opens:
        return "ends before it begins"
    return OfficialWindow(url, opens, closes)


@dataclass(frozen=True)
class _Reader:
    """Takes values out of tables and tells what does not fit, naming file, place and key."""

    file: str
    faults: Faults

    def say(self, where: str, what: str) -> None:
        self.faults.add(PART, f"{self.file}, {where}: {what}.")

    def check_keys(self, table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        names = tuple(known)
        for key in table:
            if key not in names:
                self.say(where, f"unknown key {key!r}; known are {', '.join(names)}")

    def text(self, table: Mapping[str, Any], key: str, where: str, *, required: bool = False) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.say(where, f"{key} must be text in quotes")
            return ""
        if required and not value.strip():
            self.say(where, f"{key} is missing")
        return value.strip()

    def email(self, table: Mapping[str, Any], where: str) -> str:
        value = self.text(table, "email", where)
        if value and not is_address(value):
            self.say(where, f"email is {value!r}, which is no e-mail address")
            return ""
        return value

    def whole(self, table: Mapping[str, Any], key: str, where: str, low: int, high: int) -> int | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.say(where, f"{key} is {value!r}; write a whole number from {low} to {high}")
            return None
        return value

    def table(self, table: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            self.say("at its top", f"{key} must be a table: write [{key}] above its lines")
            return {}
        self.check_keys(value, TABLES[key], f"[{key}]")
        return value

    def tables(self, table: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.say("at its top", f"{key} must be written as [[{key}]], once for each")
            return []
        for number, one in enumerate(value, 1):
            self.check_keys(one, TABLES[key], f"[[{key}]] number {number}")
        return value

    def departments(self, tables: list[dict[str, Any]]) -> tuple[Department, ...]:
        owner: dict[str, str] = {}
        found: dict[str, Department] = {}
        for number, table in enumerate(tables, 1):
            where = f"[[department]] number {number}"
            name = self._id(table, where, found)
            owns = tuple(str(code).lower() for code in self._list(table, "owns", where))
            for code in owns:
                if not ITEM.fullmatch(code):
                    self.say(where, f"owns {code!r}, which is no item code; write them like e1, e4")
                elif owner.setdefault(code, name) != name:
                    self.say(where, f"owns {code}, which {owner[code]} owns already; one department an item")
            title = self.text(table, "title", where, required=True)
            found[name] = Department(name, title, owns, self.email(table, where))
        return tuple(found.values())

    def points(self, tables: list[dict[str, Any]], departments: set[str]) -> tuple[ServicePoint, ...]:
        found: dict[str, ServicePoint] = {}
        titles: set[str] = set()
        for number, table in enumerate(tables, 1):
            where = f"[[point]] number {number}"
            point = ServicePoint(
                self._id(table, where, found),
                self.text(table, "title", where, required=True),
                self.text(table, "kind", where) or "counter",
                self.text(table, "department", where),
            )
            if point.kind not in KINDS:
                self.say(where, f"kind is {point.kind!r}; it must be one of {', '.join(KINDS)}")
                point = replace(point, kind="counter")
            if point.department and point.department not in departments:
                self.say(where, f"department is {point.department!r}, which no [[department]] has as its id")
            if point.title.casefold() in titles:
                self.say(where, f"title {point.title!r} is there twice")
            titles.add(point.title.casefold())
            found[point.id] = point
        return tuple(found.values())

    def rules(self, name: str, folder: Path) -> Rules:
        """The complaint rules in the file named, which stands beside this one."""
        try:
            return rules_file.read(folder / name) if name else rules_file.default()
        except RulesError as exc:
            self.say("rules", str(exc))
            return rules_file.default()

    def texts(self, table: dict[str, Any], name: str) -> dict[str, str]:
        return {key: text for key in TABLES[name] if (text := self.text(table, key, f"[{name}]"))}

    def signatories(self, tables: list[dict[str, Any]]) -> tuple[Signatory, ...]:
        found = []
        for number, table in enumerate(tables, 1):
            where = f"[[signatory]] number {number}"
            name, position = (self.text(table, key, where, required=True) for key in ("name", "position"))
            found.append(Signatory(name, position, self.text(table, "acting", where)))
        return tuple(found)

    def window(self, table: dict[str, Any]) -> OfficialWindow | None:
        days = {}
        for key in ("opens", "closes"):
            days[key] = read_date(table[key]) if key in table else None
            if key in table and days[key] is None:
                self.say("[official_window]", f"{key} is {str(table[key])!r}; write a day like 2027-05-01")
                return None
        url = self.text(table, "url", "[official_window]")
        if url and not is_web_address(url):
            self.say("[official_window]", f"url is {url!r}, which is not a web address")
            return None
        window = window_of(url, days["opens"], days["closes"])
        if isinstance(window, str):
            self.say("[official_window]", window)
            return None
        return window

    def last_official(self, table: dict[str, Any]) -> tuple[int | None, dict[str, str]]:
        where = "[last_official]"
        indicators = table.get("indicators", {})
        if not isinstance(indicators, dict):
            self.say(where, 'indicators must be written like { 6 = "92.10", 7 = "90.00", 8 = "91.50" }')
            indicators = {}
        printed = {"EIT": table["eit"]} if "eit" in table else {}
        printed |= indicators
        for key, value in printed.items():
            if not re.fullmatch(r"\d{1,3}(\.\d+)?", str(value)) or float(value) > 100:
                self.say(where, f"{key} is {value!r}; write the score as printed, like 91.50")
        year = self.whole(table, "year", where, 2560, 2640)
        if printed and year is None and "year" not in table:
            self.say(where, "year is missing; write the fiscal year, like 2569")
        return year, {key: str(value) for key, value in printed.items()}

    def _id(self, table: Mapping[str, Any], where: str, taken: Mapping[str, object]) -> str:
        name = self.text(table, "id", where, required=True)
        if name and not ID.fullmatch(name):
            self.say(where, f"id is {name!r}; use up to 32 of a-z, 0-9, - and _")
        if name in taken:
            self.say(where, f"id {name!r} is there twice")
        return name

    def _list(self, table: Mapping[str, Any], key: str, where: str) -> list[Any]:
        value = table.get(key, [])
        if not isinstance(value, list):
            self.say(where, f'{key} must be a list, like ["e1", "e2"]')
            return []
        return value
