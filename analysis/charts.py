"""The month's scores as a picture for LINE: 1040 pixels wide, drawn in 100 ms, under the one rule of what may be shown.

Under thirty answers a month is not compared, so it stands in no trend; under five it has no score at all.
"""

from collections.abc import Sequence
from typing import Any

from analysis import display, render_data, typeset
from analysis.display import Shown, show
from analysis.render_words import PATTERN
from analysis.report import INTERNAL, Chart, Number, Series
from analysis.scores import ENOUGH, Score, Scores
from survey import thai
from survey.thai import Period

WIDTH = 520  # points, at 144 to the inch 1040 pixels
PPI = 144
NOT_COMPARED = Number(None, "น้อยกว่า 30 คน")
METHOD = "EIT จากผู้ตอบเองทาง LINE · ช่วงเชื่อมั่น 95%"


def score_card_png(agency: str, month: Scores, earlier: Sequence[tuple[Period, Scores]], period: Period) -> bytes:
    """The picture. ``earlier``: the months of the fiscal year before this one that have a snapshot, oldest first."""
    return typeset.png_apart("card", plain(agency, month, [*earlier, (period, month)], period), PPI)


def worth_drawing(month: Scores) -> bool:
    """Is there a score to draw?"""
    return show(month.headline).number is not None


def indicators(month: Scores) -> Chart:
    """Bars of the indicators, highest first."""
    shown = [(f"{i.number} {i.title}", i.score) for i in month.measured.indicators]
    series = Series("คะแนน", tuple(number(score) for _, score in shown), tuple(_band(score) for _, score in shown))
    return Chart("bars", _ranking(month), tuple(label for label, _ in shown), (series,), "", basis=INTERNAL)


def trend(months: Sequence[tuple[Period, Scores]]) -> Chart | None:
    """The overall score month by month; None with fewer than two months that may be compared."""
    points = tuple(number(scores.headline) if _comparable(scores.headline) else NOT_COMPARED for _, scores in months)
    if sum(point.value is not None for point in points) < 2:
        return None
    band = tuple(_band(scores.headline) if _comparable(scores.headline) else None for _, scores in months)
    labels = tuple(period.label for period, _ in months)
    return Chart("trend", _course(months[-1][1].headline), labels, (Series("EIT", points, band),), "", basis=INTERNAL)


def number(score: Score) -> Number:
    """A score as it may be printed."""
    shown = show(score)
    return Number(shown.number, shown.value)


def plain(agency: str, month: Scores, months: Sequence[tuple[Period, Scores]], period: Period) -> dict[str, Any]:
    """What the layout of the picture reads. ``months``: with this one, oldest first."""
    shown = show(month.headline)
    charts = [chart for chart in (indicators(month), trend(months)) if chart]
    return {
        "width": WIDTH,
        "whole": PATTERN,
        "agency": render_data.printable(agency),
        "heading": display.heading(period),
        "value": shown.value,
        "said": _said(month, shown),
        "charts": [render_data.plain_chart(render_data.in_order(chart), thai_digits=False) for chart in charts],
        "foot": f"{display.UNOFFICIAL} · {METHOD} · ข้อมูล ณ {thai.long_date(month.as_of)}",
    }


def _said(month: Scores, shown: Shown) -> list[str]:
    people = f"ผู้ตอบเอง {month.measured.n:,} คน" if month.measured.n else ""
    compared = f"เทียบเดือนก่อน: {shown.change}" if shown.change else ""
    return [line for line in (f"ช่วงเชื่อมั่น 95%: {shown.range}", people, shown.note, compared) if line]


def _band(score: Score) -> tuple[Number, Number] | None:
    """The ends of the interval, at the places the score is shown with."""
    shown = show(score)
    if shown.number is None or score.interval is None:
        return None
    places = 2 if (score.n or 0) >= ENOUGH else 0
    low, high = (display.half_up(end, places) for end in (score.interval.low, score.interval.high))
    return Number(low, str(low)), Number(high, str(high))


def _comparable(score: Score) -> bool:
    return score.value is not None and (score.n or 0) >= ENOUGH


def _ranking(month: Scores) -> str:
    """What the bars show, where there is enough to say so."""
    known = [i for i in month.measured.indicators if _comparable(i.score)]
    values = {i.number: display.half_up(i.score.value or 0) for i in known}
    if len(known) < len(month.measured.indicators) or len(set(values.values())) < 2:
        return "คะแนนรายตัวชี้วัด"
    best, worst = (pick(known, key=lambda i: values[i.number]) for pick in (max, min))
    return f"{best.title}ได้คะแนนสูงสุด {worst.title}ต่ำสุด"


def _course(score: Score) -> str:
    """What the trend shows: a change only where the display rule speaks of one."""
    change = show(score).change
    return f"EIT {change} จากเดือนก่อน" if change else "EIT รายเดือน"
