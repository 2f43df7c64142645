"""From the cells of one edited row to a measure, with a sentence for each cell that cannot be used. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from analysis.measure import DOING, DONE, PLANNED, STATUS_WORDS, Measure
from analysis.reconcile_rows import letter
from survey.settings_read import is_web_address
from survey.thai import arabic_digits

LONGEST = {"title": 300, "responsible": 200, "period": 200, "budget": 100, "output": 2000, "outcome": 2000}
LONGEST |= {"result": 4000}
LONGEST_LINE = 1000
MOST_LINES = {"steps": 20, "evidence": 10}
YEARS = range(2560, 2641)
ITEM = re.compile(r"[eio][1-9][0-9]?|[1-9]|10")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)](?!\d)|[-•*])\s*")
_WORDS = {unicodedata.normalize("NFKC", word): status for status, word in STATUS_WORDS.items()}  # ำ in either spelling

Codes = Callable[[int], Mapping[str, int]]


class CellError(ValueError):
    """A row cannot be used: ``faults``, each a sentence naming the cell and how to mend it."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Address:
    """A row of a worksheet and where each column stands in it."""

    row: int
    places: Mapping[str, int]

    def cell(self, key: str) -> str:
        return f"{letter(self.places[key])}{self.row}"


def measure(values: Mapping[str, object], at: Address, codes_of: Codes, id: str = "", revision: int = 1) -> Measure:
    """What a row says. Without an id an issue left empty is that of the item. Raises CellError with all its faults."""
    read = _Reader(values, at)
    year = read.year()
    codes = codes_of(year) if year else {}
    code = read.code(codes, year)
    issue = read.issue()
    status, progress = read.standing()
    found = Measure(
        id=id,
        fiscal_year=year,
        item_code=code,
        issue=issue or (0 if id else codes.get(code, 0)),
        steps=read.steps(),
        status=status,
        progress=progress,
        evidence=read.links(),
        revision=revision,
        **{key: read.text(key) for key in LONGEST},
    )
    if not found.title:
        read.say("title", "is empty: write what is to be done, or empty the whole row")
    if read.faults:
        raise CellError(*read.faults)
    return found


def plain(value: object) -> str:
    """What is in a cell as text on one line, without what cannot be seen."""
    return " ".join(lines(value))


def lines(value: object) -> list[str]:
    """The lines of a cell that say something."""
    if value is None:
        return []
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Zs") else " " for c in text)
    bare = kept.replace("\u200b", "").replace("\ufeff", "")
    return [line for one in bare.split("\n") if (line := " ".join(one.split()))]


class _Reader:
    """Takes values out of the cells of a row and collects what is wrong with them."""

    def __init__(self, values: Mapping[str, Any], at: Address) -> None:
        self._values, self._at = values, at
        self.faults: list[str] = []

    def say(self, key: str, what: str) -> None:
        self.faults.append(f"{self._at.cell(key)} {what}")

    def year(self) -> int:
        text = arabic_digits(plain(self._values["fiscal_year"]))
        number = int(text) if re.fullmatch(r"\d{4}", text) else 0
        if number in YEARS:
            return number
        mend = f"write {number + 543}" if number + 543 in YEARS else "write it like 2570"
        self.say("fiscal_year", f"{_holds(text)}, which is no fiscal year of the Buddhist era: {mend}")
        return 0

    def code(self, codes: Mapping[str, int], year: int) -> str:
        """An item, an indicator, or nothing where the measure answers a whole issue."""
        text = arabic_digits(plain(self._values["item_code"])).lower()
        if text in ("", "-"):
            if not plain(self._values["issue"]).strip("-"):
                self.say("item_code", "is empty, and so is the issue: write an item like e4, or an issue from 1 to 7")
            return ""
        if not ITEM.fullmatch(text) or (year and text not in codes):
            of_year = f" of {year}" if year else ""
            self.say("item_code", f"{_holds(text)}, which is no item{of_year}: write a code like e4, i12 or o20")
            return ""
        return text

    def issue(self) -> int:
        text = arabic_digits(plain(self._values["issue"])).strip("-")
        if text and text not in list("1234567"):
            self.say("issue", f"{_holds(text)}, which is no issue: write a number from 1 to 7, or leave it empty")
            return 0
        return int(text or 0)

    def standing(self) -> tuple[str, int]:
        """Status and progress, which may not contradict each other."""
        word = plain(self._values["status"])
        status = _WORDS.get(unicodedata.normalize("NFKC", word.replace(" ", "")), "") if word else PLANNED
        if not status:
            self.say("status", f"{_holds(word)}, which is no status: write one of {', '.join(STATUS_WORDS.values())}")
        progress = self._progress(100 if status == DONE else 0)
        if status == DONE and progress not in (100, None):
            self.say("progress", f"holds {progress}, but {self._at.cell('status')} says {word}: write 100, or mend it")
        if status == PLANNED and progress:
            planned, doing = STATUS_WORDS[PLANNED], STATUS_WORDS[DOING]
            self.say("progress", f"holds {progress}, but {self._at.cell('status')} says {planned}: write {doing}, or 0")
        return status, progress or 0

    def _progress(self, empty: int) -> int | None:
        text = arabic_digits(plain(self._values["progress"])).removeprefix("ร้อยละ").removesuffix("%").strip()
        if not text:
            return empty
        if re.fullmatch(r"\d{1,3}(\.0+)?", text) and float(text) <= 100:
            return int(float(text))
        self.say("progress", f"{_holds(text)}, which is no progress in percent: write a whole number from 0 to 100")
        return None

    def steps(self) -> tuple[str, ...]:
        return self._lines("steps", [_NUMBERED.sub("", line, count=1) for line in self._given("steps")])

    def links(self) -> tuple[str, ...]:
        found = self._lines("evidence", [line for line in self._given("evidence") if line != "-"])
        for link in found:
            if not is_web_address(link):
                self.say("evidence", f"{_holds(link)}, which is no link: write addresses like https://..., one a line")
        return found

    def text(self, key: str) -> str:
        text = "\n".join(self._given(key)) if key == "result" else " ".join(self._given(key))
        if len(text) > LONGEST[key]:
            self.say(key, f"has {len(text):,} characters: write at most {LONGEST[key]:,}")
        return text

    def _given(self, key: str) -> list[str]:
        value = self._values[key]
        if isinstance(value, date | time):
            self.say(
                key, "holds a date that the spreadsheet made of your words: format the cell as text, write it anew"
            )
        return lines(value)

    def _lines(self, key: str, found: Sequence[str]) -> tuple[str, ...]:
        kept = tuple(line for line in found if line)
        if len(kept) > MOST_LINES[key]:
            self.say(key, f"has {len(kept)} lines: write at most {MOST_LINES[key]}")
        if long := [line for line in kept if len(line) > LONGEST_LINE]:
            self.say(key, f"has a line of {len(long[0]):,} characters: write at most {LONGEST_LINE:,} in a line")
        return kept


def _holds(text: str) -> str:
    return f"holds {text[:40]!r}" if text else "is empty"
