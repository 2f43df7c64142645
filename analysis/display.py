"""The one rule by which a score is shown to people: on the card, the command line, the sheet, in documents. Pure.

Fewer than five answers: no score. From five: a whole number with its range and a word of caution, no comparison. From
thirty: two decimals, and an arrow only when the interval of the change excludes zero. Rounding is half up and happens
only here, always from the exact score.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.intervals import Interval
from analysis.scores import ENOUGH, Change, Score
from analysis.withholding import Reason
from survey.thai import Period

UNOFFICIAL = "ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ"
NO_DATA = "ไม่มีข้อมูล"
TOO_FEW = "ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน"
COVERED = "ไม่แสดงคะแนน เพื่อปกปิดกลุ่มที่มีผู้ตอบน้อย"
NOT_CLEAR = "ยังไม่ต่างชัดเจน"


@dataclass(frozen=True, slots=True)
class Shown:
    """A score in words. ``value``: the number, or the sentence that stands in its place (then the rest is empty)."""

    value: str
    range: str = ""
    note: str = ""  # a word of caution
    change: str = ""  # "▲ เพิ่มขึ้น 2.10", "▼ ลดลง 1.50", "ยังไม่ต่างชัดเจน"; empty: nothing to compare with
    number: Decimal | None = None  # what ``value`` says, when it is a number

    @property
    def words(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.value, self.range and f"({self.range})", self.note) if part)


def show(score: Score) -> Shown:
    """The score as people may see it."""
    if score.withheld:
        return Shown(TOO_FEW if score.withheld is Reason.FEW else COVERED)
    if score.value is None or score.interval is None:
        return Shown(NO_DATA)
    n = score.n or 0
    places = 2 if n >= ENOUGH else 0
    number = half_up(score.value, places)
    note = "" if n >= ENOUGH else f"ข้อมูลยังน้อย ({n:,} คน)"
    return Shown(str(number), _range(score.interval, places), note, _change(score.change), number)


def heading(period: Period) -> str:
    """``ก.พ. 70 · เดือนที่ 5 ของปีงบฯ 2570``, or ``ปีงบประมาณ 2570``."""
    if not period.is_month:
        return period.label
    return f"{period.label} · เดือนที่ {period.fiscal_month} ของปีงบฯ {period.fiscal_year}"


def half_up(number: Fraction | float, places: int = 2) -> Decimal:
    """Rounded half away from zero, exactly: 84.495 -> 84.50 and 84.4949 -> 84.49."""
    exact = Fraction(number) * 10**places
    units = int(abs(exact) + Fraction(1, 2))
    return Decimal(units if exact >= 0 else -units).scaleb(-places)


def _range(interval: Interval, places: int) -> str:
    return f"{half_up(interval.low, places)}–{half_up(interval.high, places)}"


def _change(change: Change | None) -> str:
    if change is None or change.n < ENOUGH:
        return ""
    if not change.significant:
        return NOT_CLEAR
    size = half_up(abs(change.value))
    return f"▲ เพิ่มขึ้น {size}" if change.value > 0 else f"▼ ลดลง {size}"
