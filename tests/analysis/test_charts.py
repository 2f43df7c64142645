"""Charts of every kind with whatever numbers come: nothing fails, nothing is lost, lengths are true."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from analysis import render_data, render_pdf, typeset
from analysis.report import Beside, Chart, Series
from tests.analysis import pdf_text
from tests.analysis.report_sample import GAP, QUESTIONS, SAMPLE, numbers
from tests.analysis.test_render import letters

KINDS = ("radar", "bars", "trend", "distribution")
BLUE = (11, 92, 173)
SHAPES = {
    "one label": (("เดียว",), (("50.00",),)),
    "two labels": (("หนึ่ง", "สอง"), (("50.00", "60.00"),)),
    "gaps": (("ก1", "ก2", "ก3", "ก4", "ก5"), (("", "10.00", "", "90.00", ""), ("20.00", "", "", "", "30.00"))),
    "only gaps": (("ก1", "ก2", "ก3"), (("", "", ""),)),
    "0 and 100": (("ก1", "ก2", "ก3"), (("0.00", "100.00", "0.00"), ("100.00", "0.00", "100.00"))),
    "long labels": ((*QUESTIONS, "ก" * 120, "https://a.go.th/" + "x" * 80), (tuple(f"1{k}.00" for k in range(6)),)),
    "seven series": (("ก1", "ก2", "ก3"), tuple((f"1{k}.00", f"1{k}.50", f"1{k}.75") for k in range(7))),
    "beyond the axis": (("ก1", "ก2", "ก3"), (("-5.00", "120.00", "50.00"),)),
}


def chart(kind: str, shape: str, banded: bool = False) -> Chart:
    labels, series = SHAPES[shape]
    drawn = tuple(
        Series(f"ชุด{'กขคงจฉช'[k]}", points, tuple(None if p is GAP else (p, p) for p in points) if banded else ())
        for k, points in enumerate(numbers(*values) for values in series)
    )
    return Chart(kind, f"กราฟ {kind}", labels, drawn, "n = 40 · ข้อมูล ณ 1 มกราคม 2570 · ที่มา: ผลสำรวจภายใน")


@pytest.mark.parametrize("banded", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_with_all_its_labels_and_numbers(kind: str, shape: str, banded: bool) -> None:
    drawn = chart(kind, shape, banded)
    report = replace(SAMPLE, blocks=(drawn, Beside(drawn, drawn)), annex=())

    said = letters("".join(pdf_text.texts(render_pdf.render(report))))

    texts = [drawn.title, drawn.note, *drawn.labels, *([s.name for s in drawn.series] if len(drawn.series) > 1 else [])]
    if kind != "distribution":
        texts += [point.text for series in drawn.series for point in series.points if point.value is not None]
    assert [text for text in texts if said.count(letters(text)) < 3] == []


def picture(drawn: Chart) -> Image.Image:
    data = {**render_data.plain_chart(drawn, thai_digits=False), "points": 400}
    return Image.open(BytesIO(typeset.png("chart", {"charts": [data]}, 72)[0])).convert("RGB")


def blue(image: Image.Image) -> list[int]:
    """How many pixels of each line are of the first colour, highest first line first."""
    pixels = image.load()
    assert pixels is not None
    return [sum(pixels[x, y] == BLUE for x in range(image.width)) for y in range(image.height)]


@pytest.mark.parametrize("kind", ["bars", "distribution"])
def test_a_bar_is_as_long_as_its_number(kind: str) -> None:
    lengths = {}
    for value in ("0.00", "25.00", "50.00", "100.00"):
        drawn = Chart(kind, "", ("ก", "ข"), (Series("ค", numbers(value, "")),), "")
        lengths[value] = max(blue(picture(drawn)))

    full = lengths["100.00"]
    assert full > 180
    assert lengths["0.00"] <= 1
    assert lengths["25.00"] == pytest.approx(full / 4, abs=full * 0.1)
    assert lengths["50.00"] == pytest.approx(full / 2, abs=full * 0.12)


def test_the_middle_of_another_axis_is_its_middle() -> None:
    half = Chart("bars", "", ("ก",), (Series("ค", numbers("90.00")),), "", low=80, high=100)
    whole = replace(half, series=(Series("ค", numbers("100.00")),))

    assert max(blue(picture(half))) == pytest.approx(max(blue(picture(whole))) / 2, abs=6)


def test_a_higher_score_stands_higher_in_a_trend() -> None:
    drawn = Chart("trend", "", ("ก", "ข"), (Series("ค", numbers("20.00", "80.00")),), "")
    low, high = (
        [run.y for run in page if run.text == text]
        for page in pdf_text.pages(render_pdf.render(replace(SAMPLE, blocks=(drawn,), annex=())))
        for text in ("20.00", "80.00")
    )

    assert high[0] > low[0] + 50


def test_series_differ_by_more_than_their_colour() -> None:
    """Seen without colours, two series of a chart still differ: dash, marker or pattern."""
    values = (("50.00", "50.00", "50.00"), ("50.00", "50.00", "50.00"))
    for kind in ("trend", "radar", "bars", "distribution"):
        looks = []
        for k in range(2):
            series = [Series("ก", numbers("", "", "")) for _ in values]
            series[k] = Series("ก", numbers(*values[k]))
            image = picture(Chart(kind, "", ("ก", "ข", "ค"), tuple(series), "")).convert("L")
            looks.append(
                image.crop((0, 0, image.width, image.height - 14)).point(lambda tone: 0 if tone < 190 else 255)
            )
        assert looks[0].tobytes() != looks[1].tobytes()
