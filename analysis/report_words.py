"""Words and numbers as all documents print them. Pure.

Every number comes with its printed form, rounded half up; a score of our own survey passes the display rule first.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from analysis import display
from analysis.display import half_up
from analysis.official import Official, OfficialScore
from analysis.report import NONE, Cell, Number
from analysis.scores import Score
from survey import thai
from survey.thai import Period

UNKNOWN = display.NO_DATA
COMPUTED = "*"
COMPUTED_NOTE = "เครื่องหมาย * คือค่าที่คำนวณจากคะแนนที่ประกาศ ไม่ได้พิมพ์ไว้ในผลที่ประกาศ"
FEW = "น้อยกว่า 5"
GAP = Number(None, "-")
"""A point of a chart that has no value."""


def number(value: Decimal) -> Number:
    """As it stands."""
    return Number(value, str(value))


def rounded(value: Fraction | float, places: int = 2) -> Number:
    return number(half_up(value, places))


def count(n: int) -> Number:
    return Number(n, f"{n:,}")


def people(n: int | None) -> Cell:
    """How many answered; None: fewer than five."""
    return FEW if n is None else count(n)


def percent(part: int, whole: int, places: int = 2) -> Cell:
    return rounded(Fraction(100 * part, whole), places) if whole else "-"


def scored(score: OfficialScore | None, *, mark: bool = True) -> Cell:
    """An official score; ``mark``: with a star when it was computed."""
    if score is None:
        return UNKNOWN
    return Number(score.shown, f"{score.shown}{COMPUTED if mark and score.computed else ''}")


def points(score: OfficialScore) -> str:
    """``99.60 คะแนน`` within a sentence."""
    return f"{score.shown} คะแนน" + (" (คำนวณ)" if score.computed else "")


def shown(score: Score) -> Cell:
    """A score of our own survey, or why there is none, by the display rule."""
    said = display.show(score)
    return said.value if said.number is None else Number(said.number, said.value)


def difference(value: Decimal | None) -> Cell:
    """``+1.20``; None: not to be compared."""
    return "เทียบไม่ได้" if value is None else Number(value, f"{value:+}" if value else str(value))


def axis_low(values: Iterable[Decimal | int | None]) -> int:
    """Where the axis of a chart may begin: the tens below the lowest value, so that differences can be seen."""
    known = [value for value in values if value is not None]
    return int(max(0, min(known) - 5) // 10 * 10) if known else 0


def moved(value: Decimal, unit: str = " คะแนน") -> str:
    """``เพิ่มขึ้น 1.20 คะแนน``"""
    if not value:
        return "เท่าเดิม"
    return f"{'เพิ่มขึ้น' if value > 0 else 'ลดลง'} {abs(value)}{unit}"


def listed(words: Iterable[str]) -> str:
    """``ก, ข และ ค``; nothing: ไม่มี."""
    found = list(words)
    if len(found) < 2:
        return found[0] if found else NONE
    return f"{', '.join(found[:-1])} และ{_gap(found[-1])}{found[-1]}"


def lines(words: Sequence[str]) -> str:
    """In one cell of a table, a line each, numbered when there are several; nothing: ไม่มี."""
    if len(words) < 2:
        return words[0] if words else NONE
    return "\n".join(f"{at}. {word}" for at, word in enumerate(words, 1))


def some(text: str) -> str:
    """The text, or ไม่มี where there is none."""
    return text.strip() or NONE


def month(period: Period) -> str:
    """``กุมภาพันธ์ 2570``"""
    return f"{thai.FULL_MONTHS[period.start.month - 1]} {period.start.year + 543}"


def named(period: Period) -> str:
    """``เดือนกุมภาพันธ์ 2570`` or ``ปีงบประมาณ 2570``."""
    return f"เดือน{month(period)}" if period.is_month else period.label


def as_of(day: date) -> str:
    return f"ข้อมูล ณ วันที่ {thai.long_date(day)}"


def source(official: Official) -> str:
    """Where an official result came from: for the note below a table."""
    said = f"ที่มา: ผลการประเมิน ITA ปีงบประมาณ {official.fiscal_year} ที่ประกาศ"
    return said + (f" นำเข้าเมื่อวันที่ {thai.long_date(official.imported_on)}" if official.imported_on else "")


def internal_footer(agency: str, day: date) -> str:
    return f"{agency} · {display.UNOFFICIAL} · {as_of(day)}"


def official_footer(agency: str, year: int, day: date) -> str:
    return f"{agency} · จัดทำจากผล ITA ปีงบประมาณ {year} ที่ประกาศอย่างเป็นทางการ · {as_of(day)}"


def register_footer(agency: str, day: date) -> str:
    return f"{agency} · จัดทำจากทะเบียนของหน่วยงาน ไม่ใช่ผล ITA · {as_of(day)}"


def _gap(word: str) -> str:
    """Before a Latin letter or a digit Thai sets a blank."""
    return "" if "ก" <= word[:1] <= "๏" else " "
