"""What the tests of the documents are made of: published results, measures, facts, made-up answers."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis import change, counts, findings, frame_library, official, report_survey, rule_library
from analysis.counts import Pattern, Tally
from analysis.figures import ASSISTED, SELF, Cell, Counted
from analysis.measure import Measure
from analysis.official import Official
from analysis.reconcile import Result as Given
from analysis.report import Bullets, Chart, Heading, Paragraph, Report, Table, printed
from analysis.report_analysis import Result
from analysis.report_facts import Facts
from analysis.report_survey import Survey
from survey import thai
from survey.settings import Office, Signatory
from survey.thai import Period
from tests.analysis import people
from tests.analysis.published import published
from tests.conftest import OFFICE

TODAY = date(2027, 3, 5)
FEBRUARY, JANUARY = thai.parse_month("2570-02"), thai.parse_month("2570-01")
YEAR = thai.fiscal_period(2570)
FACTS = Facts(
    agency="เทศบาลตำบลตัวอย่าง",
    as_of=TODAY,
    head="นายตัวอย่าง ใจดี",
    head_position="นายกเทศมนตรีตำบลตัวอย่าง",
    office="สำนักปลัดเทศบาล",
    memo_number="ตย 52001/15",
    memo_date="5 มีนาคม 2570",
    signatories=(
        Signatory("นางสาวตัวอย่าง ขยันยิ่ง", "นักวิเคราะห์นโยบายและแผน"),
        Signatory("นายรอง ตั้งใจ", "รองปลัดเทศบาล", "รักษาราชการแทน ปลัดเทศบาล"),
    ),
)
MEASURES = (
    Measure(
        "2568-e7-1",
        2568,
        "e7",
        2,
        "เปิดเวทีรับฟังความเห็นรายหมู่บ้าน",
        ("ประชุมเตรียมงาน", "เปิดเวที"),
        "กองช่าง",
        "ต.ค. - ธ.ค. 2567",
        "เวที 5 ครั้ง",
        "ประชาชนมีส่วนร่วมมากขึ้น",
        "done",
        100,
        ("https://example.go.th/1",),
        "จัดเวทีครบ 5 ครั้ง",
        "20,000 บาท",
    ),
    Measure("2568-i1-1", 2568, "i1", 0, "ทบทวนคู่มือ", status="doing", progress=40),
    Measure("2568-e2-1", 2568, "e2", 1, "จัดบัตรคิว", status="dropped"),
)


def imported(*names: str, year: int | None = None) -> list[Official]:
    """Published results as they come from the store, the oldest first; ``year``: only this one of each file."""
    found = [
        official.build(frame_library.load(y), Given(y, cells), date(2026, 11, 21), f"{name}.csv")
        for name in names
        for y, cells in published(name).items()
        if year in (None, y)
    ]
    return sorted(found, key=lambda one: one.fiscal_year)


def result(*years: Official, measures: Sequence[Measure] = MEASURES) -> Result:
    """The newest of these with the others before it."""
    last = years[-1]
    changed = change.change(last, years[-2]) if len(years) > 1 else None
    found = findings.findings(last, rule_library.load())
    nextyear = last.fiscal_year + 1
    frame = frame_library.load(nextyear) if nextyear in frame_library.years() else None
    return Result(found, changed, change.through(years), tuple(measures), frame)


def eit(cells: dict[tuple[Period, str], Tally]) -> Counted:
    """EIT answers by month and mode."""
    return Counted("eit", {Cell(month, mode): tally for (month, mode), tally in cells.items()}, people.alike(0))


def points(cells: Mapping[tuple[Period, str], Sequence[tuple[int, int]]], mode: str = SELF) -> Counted:
    """Satisfaction answers: (month, service point) -> (score, how many gave it to all four items)."""
    instrument = people.instruments().newest("satisfaction")
    found = {}
    for (month, point), given in cells.items():
        patterns: dict[Pattern, int] = {(score,) * 4: n for score, n in given}
        found[Cell(month, mode, point)] = counts.of_patterns(instrument, sum(patterns.values()), 0, {0: patterns})
    return Counted("satisfaction", found, counts.blank(instrument))


def both(*given: Counted) -> Counted:
    """Several counted together."""
    cells = {cell: tally for one in given for cell, tally in one.cells.items()}
    return Counted(given[0].kind, cells, given[0].blank)


def survey(counted: Counted, period: Period = FEBRUARY, office: Office = OFFICE, as_of: date = TODAY) -> Survey:
    instrument = people.eit() if counted.kind == "eit" else people.instruments().newest("satisfaction")
    return report_survey.of_period(counted, instrument, period, office, as_of)


def full(n: int = 60, helped: int = 6) -> Counted:
    """February of so many and a January of a hundred, some months before; and of those whom an officer helped."""
    rows = people.crowd(n, 7)
    return eit(
        {
            (FEBRUARY, SELF): people.tally([_scores(one) for one in rows]),
            (JANUARY, SELF): people.alike(100, 60),
            (FEBRUARY, ASSISTED): people.alike(helped, 80),
        }
    )


def _scores(answers: dict[str, Any]) -> dict[str, int | None]:
    return {code: people.eit().score(code, value) for code, value in answers.items()}


def texts_of(report: Report) -> str:
    return "\n".join(report.texts())


def decimals(texts: Iterable[str]) -> set[str]:
    """Every number with a decimal point, as printed."""
    return {found for text in texts for found in re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", text)}


def table(report: Report, name: str) -> Table:
    return next(part for part in report.parts() if isinstance(part, Table) and part.name == name)


def rows(report: Report, name: str) -> list[tuple[str, ...]]:
    return [tuple(map(printed, row)) for row in table(report, name).rows]


def charts(report: Report) -> list[Chart]:
    return [part for part in report.parts() if isinstance(part, Chart)]


def section(report: Report, title: str) -> list[str]:
    """The sentences and list entries below a heading, until the next heading."""
    found: list[str] = []
    inside = False
    for part in report.parts():
        if isinstance(part, Heading):
            inside = title in part.text
        elif inside and isinstance(part, Paragraph):
            found.append(part.text)
        elif inside and isinstance(part, Bullets):
            found += part.items or ("ไม่มี",)
    return found


def halves(values: Iterable[Fraction]) -> Iterator[str]:
    """Rounded half up by the book, not by our own function."""
    for value in values:
        yield str((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), "ROUND_HALF_UP"))
