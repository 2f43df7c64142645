"""``siang analysis`` as staff and programs meet it: one year of our own survey, advice, and an estimate kept apart."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from survey import db
from survey.tables import comments
from tests.analysis.people import ITEMS, crowd, file, file_points
from tests.bot.command import at_office, siang
from tests.bot.test_scores_command import OFFICE

UNOFFICIAL = "ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ"
STAFF = f"{UNOFFICIAL} · สำหรับเจ้าหน้าที่ ห้ามเผยแพร่"
OCT, NOV, LAST = date(2024, 10, 5), date(2024, 11, 5), date(2024, 2, 5)  # of fiscal year 2568, and of the one before
YEAR = ("--fiscal-year", "2568")


@pytest.fixture(autouse=True)
def store(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    at_office(tmp_path, monkeypatch, sqlite_url, OFFICE)
    engine = db.connect(sqlite_url)
    yield engine
    engine.dispose()


def told(*arguments: object) -> str:
    result = siang("analysis", *arguments, *YEAR)
    assert result.exit_code == 0, result.output
    return result.output


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def fill(store: Engine) -> None:
    file(store, *crowd(60, 1), completed_on=OCT)
    file(store, *crowd(45, 2), completed_on=NOV)
    file(store, *crowd(8, 3), completed_on=NOV, mode="assisted")
    file(store, *crowd(50, 4), completed_on=LAST)
    file_points(store, 40, "tax", completed_on=NOV)
    file_points(store, 9, "permit", completed_on=NOV)
    rows = [("c1", "eit", None, "ดีมาก โทร 0812345678"), ("c2", "satisfaction", "tax", "=1+1 ช้า")]
    with db.write(store) as conn:
        for name, kind, point, text in rows:
            row = {"agency_id": "main", "id": name, "kind": kind, "month": "2024-11"}
            conn.execute(comments.insert(), row | {"service_point": point, "text": text})


def test_the_year_says_what_siang_scores_says(store: Engine) -> None:
    fill(store)

    found = json.loads(told("show", "--format", "json"))

    scores = json.loads(siang("scores", *YEAR, "--format", "json").output)
    assert found["eit"]["year"] == scores
    assert found["eit"]["months"][1] == json.loads(siang("scores", "--month", "2567-11", "--format", "json").output)
    assert found["eit"]["by_mode"] == json.loads(siang("scores", *YEAR, "--by", "mode", "--format", "json").output)
    points = siang("scores", *YEAR, "--by", "service_point", "--format", "json").output
    assert found["satisfaction"]["by_service_point"] == json.loads(points)
    assert (found["official"], found["notice"], found["fiscal_year"]) == (False, UNOFFICIAL, 2568)
    assert [c["text"] for c in found["comments"]] == ["ดีมาก โทร [เบอร์โทร]", "=1+1 ช้า"]
    assert found["comments"][1] == {
        "survey": "satisfaction",
        "month": "2567-11",
        "service_point": "tax",
        "text": "=1+1 ช้า",
    }


def test_people_read_year_months_groups_and_comments_by_the_display_rule(store: Engine) -> None:
    fill(store)

    said = lines(told("show"))

    assert said[0] == UNOFFICIAL
    assert "EIT ปีงบประมาณ 2568" in said
    assert any(line.startswith("ผู้ตอบ (คน) 60 45 0") for line in said)
    assert any(line.startswith("EIT (เจ้าหน้าที่ช่วยกรอก)") and "ข้อมูลยังน้อย" in line for line in said)
    assert any(line.startswith("งานจัดเก็บรายได้ 75.00") for line in said)
    assert any(line.startswith("ขออนุญาตก่อสร้าง 75 ") for line in said)
    assert "EIT 2567-11 ดีมาก โทร [เบอร์โทร]" in said
    assert "ความพึงพอใจ 2567-11 งานจัดเก็บรายได้ =1+1 ช้า" in said


def test_a_year_without_answers_says_so_in_every_form() -> None:
    assert "ไม่มีข้อมูล" in told("show")
    assert "ไม่มี" in lines(told("show"))
    assert json.loads(told("show", "--format", "json"))["comments"] == []
    assert "ไม่มีข้อมูล" in told("advice")
    assert json.loads(told("estimate", "--format", "json"))["levers"] == []


def test_few_answers_are_withheld_in_every_form(store: Engine) -> None:
    file(store, *[ITEMS] * 4, completed_on=OCT)
    with db.write(store) as conn:
        row = {"agency_id": "main", "id": "c1", "kind": "eit", "month": "2024-10", "text": "ฉันคนเดียว"}
        conn.execute(comments.insert(), row)

    forms = [
        told(part, "--format", form) for part in ("show", "advice", "estimate") for form in ("table", "json", "csv")
    ]
    for part in ("show", "advice", "estimate"):
        told(part, "--format", "xlsx", "--out", f"{part}.xlsx")
        forms.append(str([list(s.values) for s in openpyxl.load_workbook(f"{part}.xlsx").worksheets]))

    assert not any("88.89" in form or "ฉันคนเดียว" in form for form in forms)
    assert "ไม่มีข้อมูล" in forms[0]


def test_the_csv_has_a_row_for_each_score_of_each_side_and_says_what_it_is(store: Engine) -> None:
    fill(store)

    rows = list(csv.DictReader(io.StringIO(told("show", "--format", "csv"))))

    assert {row["basis"] for row in rows} == {UNOFFICIAL}
    assert {row["by"] for row in rows} == {"", "mode", "department", "service_point"}
    year = next(r for r in rows if r["period"] == "2568" and r["by"] == "" and r["level"] == "overall")
    assert (year["survey"], year["n"]) == ("eit", "87")


def test_the_workbook_has_a_sheet_for_each_side_numbers_as_numbers_and_text_as_text(store: Engine) -> None:
    fill(store)

    assert told("show", "--format", "xlsx") == "Wrote analysis-2568.xlsx.\n"

    book = openpyxl.load_workbook("analysis-2568.xlsx")
    assert book.sheetnames[:2] == ["EIT", "EIT รายเดือน"]
    assert {sheet["A1"].value for sheet in book.worksheets} == {UNOFFICIAL}
    months: Any = book["EIT รายเดือน"]
    [people] = [row for row in months.iter_rows(values_only=True) if row[0] == "ผู้ตอบ (คน)"]
    assert people[1:3] == (60, 45)
    assert isinstance(next(row for row in months.iter_rows(values_only=True) if row[0] == "EIT")[1], float)
    comment = next(cell for row in book["ความเห็น"].iter_rows() for cell in row if cell.value == "=1+1 ช้า")
    assert (comment.data_type, comment.font.name) == ("s", "TH Sarabun New")


def test_nothing_is_written_over_unasked(store: Engine) -> None:
    told("show", "--out", "year.txt")
    assert Path("year.txt").read_text("utf-8").startswith(UNOFFICIAL)

    refused = siang("analysis", "show", *YEAR, "--out", "year.txt")
    assert (refused.exit_code, "is there already" in refused.output) == (2, True)
    told("show", "--format", "csv", "--out", "year.txt", "--force")
    assert Path("year.txt").read_bytes().startswith(b"\xef\xbb\xbfbasis,")


def test_advice_says_how_many_more_people(store: Engine) -> None:
    fill(store)

    said = lines(told("advice"))
    found = json.loads(told("advice", "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(told("advice", "--format", "csv"))))

    assert said[0] == STAFF
    [overall] = [row for row in found["scores"] if row["level"] == "overall"]
    assert (found["publish"], found["official"], found["points"]) == (False, False, 2.0)
    assert overall["within"] > 2
    assert overall["more"] > 100
    assert any(line.startswith("EIT ") and line.endswith(f" {overall['more']:,}") for line in said)
    assert [int(row["more"]) for row in rows] == [row["more"] for row in found["scores"]]


def test_advice_for_few_answers_is_rough_and_for_enough_it_is_enough(store: Engine) -> None:
    file(store, *crowd(12), completed_on=OCT)
    assert any("±" in line and "ข้อมูลยังน้อย" in line for line in lines(told("advice")))

    file(store, *crowd(3000), completed_on=OCT)
    assert any(line.startswith("6 ") and line.endswith(" 0 พอแล้ว") for line in lines(told("advice")))


def test_advice_that_asking_everybody_would_not_do(store: Engine) -> None:
    Path("agency.toml").write_text("service_users = 40\n" + OFFICE, "utf-8")
    file(store, *[{**ITEMS, "e1": "1"}] * 10, *[ITEMS] * 10, *[{"e2": "6"}] * 19, completed_on=OCT)

    assert "แม้ถามผู้รับบริการทุกคนก็ยังไม่ถึง" in told("advice")


def test_the_estimate_names_its_interval_its_biases_and_the_levers(store: Engine) -> None:
    fill(store)

    text, found = told("estimate"), json.loads(told("estimate", "--format", "json"))

    scores = json.loads(siang("scores", *YEAR, "--format", "json").output)
    assert text.startswith(STAFF)
    assert found["estimate"]["score"] == scores["eit"]["self"]
    assert found["assisted"]["score"] == scores["eit"]["assisted"]
    assert found["estimate"]["low"] < found["estimate"]["score"] < found["estimate"]["high"]
    assert all(bias in text for bias in found["biases"])
    assert found["levers"][0]["code"] == "e9"
    assert found["levers"][0]["of_total"] == 0.0333
    assert found["year_before"] is None
    assert "ยังไม่มีผลทางการของปี 2567" in text
    rows = list(csv.DictReader(io.StringIO(told("estimate", "--format", "csv"))))
    assert [row["code"] for row in rows] == ["eit", *(lever["code"] for lever in found["levers"])]


def test_where_last_years_official_result_is_known_the_gap_is_told(store: Engine) -> None:
    fill(store)
    Path("r.csv").write_text("fiscal_year,level,instrument,code,score\n2567,instrument,EIT,EIT,99.99\n", "utf-8")
    siang("ita", "import", "r.csv")

    found, text = json.loads(told("estimate", "--format", "json")), told("estimate")

    before = found["year_before"]
    assert (before["fiscal_year"], before["official"]) == (2567, 99.99)
    assert f"ต่างกัน {before['gap']:+.2f} คะแนน" in text


def test_the_rule_of_the_office_sets_the_mark(store: Engine) -> None:
    fill(store)
    Path("agency.toml").write_text(f'{OFFICE}\n[report]\nkeep_from = "90"\n', "utf-8")
    assert "EIT เพิ่มหากถึง 90" in told("estimate")

    Path("agency.toml").write_text(f'{OFFICE}\n[report]\nkeep_from = "high"\n', "utf-8")
    result = siang("analysis", "estimate", *YEAR)
    assert result.exit_code == 2
    assert "keep_from is 'high'; write a number from 0 to 100" in result.output


def test_without_a_year_it_is_the_current_one(store: Engine) -> None:
    assert json.loads(siang("analysis", "advice", "--format", "json").output)["fiscal_year"] >= 2570


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "--fiscal-year", "70"), "write it like 2570 or 2027"),
        (("estimate", "--fiscal-year", "2599"), "There is no ITA frame of fiscal year 2599"),
        (("show", "--agency", "nowhere"), "known are main"),
        (("advice", "--format", "pdf"), "Invalid value"),
    ],
)
def test_wrong_use_is_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    result = siang("analysis", *arguments)

    assert result.exit_code == 2
    assert said in result.output
