"""The rows of the sheet's tab "สรุปรายเดือน": a line for each month, by the display rule. Built from snapshots."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from analysis import snapshots
from analysis.display import NO_DATA, UNOFFICIAL, Shown, show
from analysis.scores import Scores
from survey import thai
from survey.thai import Period

Cell = str | int | float | None


def summary_rows(conn: Connection, agency_id: str, today: date) -> list[list[Cell]]:
    """Header, the months begun of this fiscal year, the year so far, last year if anybody answered; then a footer.

    Numbers are numbers (whole under 30 answers, else two decimals), what is not shown says why. Empty when the worker
    has made no snapshots yet.
    """
    rows: list[list[Cell]] = []
    for year in (thai.fiscal_year(today), thai.fiscal_year(today) - 1):
        months = [month for month in thai.months_of(year) if month.start <= today]
        lines = [_line(conn, agency_id, period) for period in (*months, thai.fiscal_period(year))]
        known = [line for line in lines if line]
        if known and (not rows or any(line[1] != 0 or line[-1] != NO_DATA for line in known)):
            rows = [*(rows or [_header(conn, agency_id, months[-1])]), *known]
    return [*rows, [UNOFFICIAL]] if rows else []


def _header(conn: Connection, agency_id: str, period: Period) -> list[Cell]:
    found = snapshots.read(conn, agency_id, "eit", period) or []
    titles = [f"{i.number} {i.title}" for s in found for i in s.measured.indicators]
    return [
        "ช่วงเวลา",
        "ผู้ตอบเอง (คน)",
        "EIT (ตอบเอง)",
        "ช่วงความเชื่อมั่น 95%",
        "เทียบช่วงก่อน",
        *titles,
        "หมายเหตุ",
        "EIT (เจ้าหน้าที่ช่วยกรอก)",
        "ความพึงพอใจ (ติชมบริการ)",
    ]


def _line(conn: Connection, agency_id: str, period: Period) -> list[Cell]:
    eit = snapshots.read(conn, agency_id, "eit", period)
    points = snapshots.read(conn, agency_id, "satisfaction", period)
    if not eit:
        return []
    whole = show(eit[0].headline)
    return [
        period.label,
        eit[0].measured.n if eit[0].measured.n is not None else "น้อยกว่า 5",
        _cell(whole),
        whole.range,
        whole.change,
        *(_cell(show(i.score)) for i in eit[0].measured.indicators),
        whole.note,
        _cell(show(eit[0].assisted)),
        _satisfaction(points),
    ]


def _satisfaction(found: list[Scores] | None) -> Cell:
    return _cell(show(found[0].headline)) if found else NO_DATA


def _cell(shown: Shown) -> Cell:
    return shown.value if shown.number is None else _number(shown.number)


def _number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() and number.as_tuple().exponent == 0 else float(number)
