"""The picture of a month's scores: what may be seen on it, and that LINE can take it."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from analysis import charts, typeset
from analysis.scores import Scores
from survey import thai
from survey.thai import Period
from tests.analysis.people import alike
from tests.bot.test_card import FEBRUARY, of

MONTHS = thai.months_of(2570)
MANY, FEW, NONE = of(alike(60, 80, e5=40), before=alike(50, 60)), of(alike(12, 80)), of(alike(3, 80))
Earlier = list[tuple[Period, Scores]]


def texts(month: Scores, earlier: Earlier | None = None) -> list[str]:
    """Everything that is printed on the picture."""
    data = charts.plain("เทศบาลตำบลตัวอย่าง", month, [*(earlier or []), (FEBRUARY, month)], FEBRUARY)
    shown = [data["agency"], data["heading"], data["value"], *data["said"], data["foot"]]
    for chart in data["charts"]:
        shown += [chart["title"], *chart["labels"]]
        for series in chart["series"]:
            shown += [point["text"] for point in series["points"]]
    return shown


def test_a_month_with_many_answers_says_everything() -> None:
    said = texts(MANY, [(MONTHS[3], of(alike(50, 60)))])

    assert said[:6] == [
        "เทศบาลตำบลตัวอย่าง",
        "ก.พ. 70 · เดือนที่ 5 ของปีงบฯ 2570",
        "75.56",
        "ช่วงเชื่อมั่น 95%: 72.14–77.32",
        "ผู้ตอบเอง 60 คน",
        "เทียบเดือนก่อน: ▲ เพิ่มขึ้น 15.56",
    ]
    assert said[6] == (
        "ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ · EIT จากผู้ตอบเองทาง LINE · ช่วงเชื่อมั่น 95% · ข้อมูล ณ 5 มีนาคม 2570"
    )
    assert "คุณภาพการดำเนินงานได้คะแนนสูงสุด ประสิทธิภาพการสื่อสารต่ำสุด" in said
    assert said[said.index("ม.ค. 70") :] == ["ม.ค. 70", "ก.พ. 70", "60.00", "75.56"]
    assert "EIT ▲ เพิ่มขึ้น 15.56 จากเดือนก่อน" in said


def test_few_answers_are_neither_compared_nor_ranked() -> None:
    said = texts(FEW, [(MONTHS[2], MANY), (MONTHS[3], MANY)])

    assert said[2] == "80"
    assert "ข้อมูลยังน้อย (12 คน)" in said
    assert "คะแนนรายตัวชี้วัด" in said
    assert "EIT รายเดือน" in said
    assert said[-1] == "น้อยกว่า 30 คน"
    assert not any("▲" in text or "เทียบ" in text for text in said)


def test_one_comparable_month_is_no_trend() -> None:
    assert charts.trend([(MONTHS[3], FEW), (FEBRUARY, MANY)]) is None
    assert charts.trend([(FEBRUARY, MANY)]) is None


def test_a_withheld_score_stands_nowhere() -> None:
    chart = charts.trend([(MONTHS[2], MANY), (MONTHS[3], NONE), (FEBRUARY, MANY)])

    assert chart is not None
    assert [point.text for point in chart.series[0].points] == ["75.56", "น้อยกว่า 30 คน", "75.56"]
    assert chart.series[0].band[1] is None
    assert {point.text for point in charts.indicators(NONE).series[0].points} == {"ผู้ตอบยังไม่ครบ 5 คน ยังไม่แสดงคะแนน"}
    assert not charts.worth_drawing(NONE)
    assert charts.worth_drawing(FEW)


def test_equal_indicators_have_no_highest_one() -> None:
    assert charts.indicators(of(alike(40, 100))).title == "คะแนนรายตัวชี้วัด"


@pytest.mark.parametrize("earlier", [[], [(month, MANY if k % 2 else FEW) for k, month in enumerate(MONTHS[:4])]])
def test_the_picture_is_as_line_wants_it(earlier: Earlier) -> None:
    drawn = charts.score_card_png("องค์การบริหารส่วนตำบล" + "ก" * 90, MANY, earlier, FEBRUARY)

    assert len(drawn) < 1_000_000
    image = Image.open(BytesIO(drawn))
    assert (image.format, image.width) == ("PNG", 1040)
    assert 400 < image.height < 2000


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=80), st.integers(0, 60), st.integers(0, 100), st.lists(st.integers(0, 60), max_size=4))
def test_whatever_the_office_is_called_and_however_many_answered_it_is_drawn(
    agency: str, n: int, value: int, before: list[int]
) -> None:
    months = [(MONTHS[k], of(alike(count, value))) for k, count in enumerate(before)]
    month = of(alike(n, value))

    [drawn] = typeset.png("card", charts.plain(agency, month, [*months, (FEBRUARY, month)], FEBRUARY), charts.PPI)

    assert Image.open(BytesIO(drawn)).width == 1040
