"""Thai dates, digits and the fiscal year. Pure.

The fiscal year runs October to September and is named after its last month, in the Buddhist era:
FY2570 is 1 October 2026 to 30 September 2027. A month is written "2570-02" (Buddhist) or "2027-02".
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

BANGKOK = ZoneInfo("Asia/Bangkok")
MONTHS = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
FULL_MONTHS = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def arabic_digits(text: str) -> str:
    return text.translate(_TO_ARABIC)


def thai_digits(text: str) -> str:
    return text.translate(_TO_THAI)


def bangkok_date(moment: datetime) -> date:
    """The calendar day in Bangkok of an aware moment."""
    return moment.astimezone(BANGKOK).date()


def fiscal_year(day: date) -> int:
    return day.year + 543 + (day.month >= 10)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month, a quarter, half or whole of a fiscal year: days from ``start`` up to but not including ``end``."""

    start: date
    end: date

    @property
    def is_month(self) -> bool:
        return (self.end - self.start).days <= 31

    @property
    def fiscal_year(self) -> int:
        return fiscal_year(self.start)

    @property
    def key(self) -> str:
        """``2570-02`` for a month (Buddhist year), ``2570-q2``, ``2570-h1``, ``2570`` for a fiscal year."""
        if self.is_month:
            return f"{self.start.year + 543}-{self.start.month:02d}"
        part = self._part
        return f"{self.fiscal_year}-{part[0]}{part[1]}" if part else str(self.fiscal_year)

    @property
    def label(self) -> str:
        """``ก.พ. 70`` for a month, ``ไตรมาสที่ 2 ปีงบประมาณ 2570``, ``ปีงบประมาณ 2570`` for a fiscal year."""
        if self.is_month:
            return f"{MONTHS[self.start.month - 1]} {(self.start.year + 543) % 100:02d}"
        part = self._part
        named = f"{_PARTS[part[0]]}ที่ {part[1]} " if part else ""
        return f"{named}ปีงบประมาณ {self.fiscal_year}"

    @property
    def fiscal_month(self) -> int:
        """1 for October to 12 for September."""
        return (self.start.month - 10) % 12 + 1

    @property
    def _part(self) -> tuple[str, int] | None:
        """("q", 1-4), ("h", 1-2) of a fiscal year; None for the whole."""
        months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        letter = {3: "q", 6: "h"}.get(months)
        return (letter, (self.fiscal_month - 1) // months + 1) if letter else None

    def previous(self) -> "Period":
        """The month, quarter, half or fiscal year before."""
        if self.is_month:
            return month_of(self.start - timedelta(days=1))
        if part := self._part:
            return part_of(fiscal_year(self.start - timedelta(days=1)), part[0], (part[1] - 2) % _EACH[part[0]] + 1)
        return fiscal_period(self.fiscal_year - 1)


def month_of(day: date) -> Period:
    start = day.replace(day=1)
    return Period(start, (start + timedelta(days=32)).replace(day=1))


_PARTS = {"q": "ไตรมาส", "h": "ครึ่งปี"}
_EACH = {"q": 4, "h": 2}


def part_of(year: int, letter: str, number: int) -> Period:
    """The ``number``-th quarter ("q", 1-4) or half ("h", 1-2) of a fiscal year."""
    length = 12 // _EACH[letter]
    months = months_of(year)[(number - 1) * length : number * length]
    return Period(months[0].start, months[-1].end)


def months_within(period: Period) -> list[Period]:
    """The whole months of a period, in order."""
    months = [month_of(period.start)]
    while months[-1].end < period.end:
        months.append(month_of(months[-1].end))
    return months


def fiscal_period(year: int) -> Period:
    return Period(date(year - 544, 10, 1), date(year - 543, 10, 1))


def months_of(year: int) -> list[Period]:
    """The twelve months of a fiscal year, October first."""
    months = [month_of(date(year - 544, 10, 1))]
    while len(months) < 12:
        months.append(month_of(months[-1].end))
    return months


def parse_month(text: str) -> Period:
    """``2569-02``, ``2026-02``, ``ก.พ. 69``, ``กุมภาพันธ์ ๒๕๖๙`` -> the month. Raises ValueError on anything else."""
    plain = arabic_digits(text).strip()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})", plain):
        return _month(int(found[1]), int(found[2]))
    for number, (short, full) in enumerate(zip(MONTHS, FULL_MONTHS, strict=True), 1):
        for name in (full, short, short.replace(".", "")):
            if found := re.fullmatch(re.escape(name) + r"\s*(\d{2}|\d{4})", plain):
                year = int(found[1])
                return _month(year + 2500 if year < 100 else year, number)
    raise ValueError(f"not a month: {text!r}; write it like 2570-02 or 2027-02")


def half_year(day: date) -> tuple[int, int, Period]:
    """(fiscal year, half 1 or 2, its days): ต.ค.-มี.ค. and เม.ย.-ก.ย."""
    year = fiscal_year(day)
    middle = date(year - 543, 4, 1)
    whole = fiscal_period(year)
    if day < middle:
        return year, 1, Period(whole.start, middle)
    return year, 2, Period(middle, whole.end)


def long_date(day: date) -> str:
    """``21 พฤศจิกายน 2569``"""
    return f"{day.day} {FULL_MONTHS[day.month - 1]} {day.year + 543}"


def _month(year: int, month: int) -> Period:
    if year > 2400:
        year -= 543
    if not (1 <= month <= 12 and 1990 <= year <= 2200):
        raise ValueError(f"not a month: {year}-{month:02d}; write it like 2570-02 or 2027-02")
    return month_of(date(year, month, 1))
