"""The documents of our own survey and registers: the display rule, withholding, deviations, and sentences by rule."""

import statistics
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    report_check,
    report_levels,
    report_means,
    report_monthly,
    report_participation,
    report_people,
    report_satisfaction,
    report_survey,
)
from analysis import report_words as words
from analysis.display import COVERED, TOO_FEW, UNOFFICIAL
from analysis.figures import ASSISTED, NOWHERE, POINT, SELF
from analysis.frame_library import load
from analysis.internal import Comment
from analysis.intervals import Interval
from analysis.report import INTERNAL, NONE, Beside, PageBreak, Paragraph, Report, Table
from analysis.report_levels import LevelsError
from analysis.report_participation import Participation, Round
from analysis.report_people import MASKED, Profile
from analysis.scores import Change, Score
from analysis.withholding import Reason
from survey import thai
from survey.settings import Office
from tests.analysis import documents, people
from tests.analysis.documents import FACTS, FEBRUARY, JANUARY, MEASURES, YEAR, rows, section, survey, texts_of
from tests.conftest import OFFICE

FIVE: dict[str, Any] = {
    "highest": 5,
    "level": [
        {"from": "4.51", "name": "มากที่สุด"},
        {"from": "3.51", "name": "มาก"},
        {"from": "2.51", "name": "ปานกลาง"},
        {"from": "1.00", "name": "น้อย"},
    ],
}
LEVELS = report_levels.build(FIVE, "levels.toml")
PROFILES = (Profile("เพศ", {"หญิง": 40, "ชาย": 30, "อื่น ๆ": 2, "ไม่ระบุ": 8}), Profile("อายุ", {"ต่ำกว่า 20 ปี": 3}))
COMMENTS = (Comment("satisfaction", "2570-02", "tax", "บริการดี"), Comment("satisfaction", "", "", "รอนาน"))


def monthly(counted: Any, **given: Any) -> Report:
    report = report_monthly.build(survey(counted, **given), FACTS)
    report_check.check(report)
    return report


def satisfaction(*given: Any, comments: Any = COMMENTS) -> Report:
    whole = survey(documents.both(*given), YEAR, as_of=date(2027, 9, 30))
    report = report_satisfaction.build(whole, LEVELS, (PROFILES, comments), FACTS)
    report_check.check(report)
    return report


def test_a_month_says_what_the_card_says() -> None:
    given = survey(documents.full())
    report = monthly(documents.full())

    score = given.whole.headline
    assert score.value is not None
    [shown] = documents.halves([score.value])
    assert shown in report_monthly.lead(given)
    assert rows(report, "ตัวชี้วัด")[-1][1] == shown
    assert "แยกต่างหาก: เจ้าหน้าที่ช่วยกรอก 6 คน ภาพรวม 80 (" in texts_of(report)
    assert UNOFFICIAL in report.footer
    assert all(part.basis == INTERNAL for part in report.parts() if isinstance(part, Table))
    assert sum(isinstance(part, PageBreak) for part in report.blocks) == 1


def test_the_charts_of_a_month() -> None:
    report = monthly(documents.full())
    trend, indicators, items, spread = documents.charts(report)

    assert trend.labels[-2:] == ("ม.ค. 70", "ก.พ. 70")
    assert [point.text for point in trend.series[0].points[:4]] == ["-"] * 3 + ["60.00"]
    assert trend.series[0].band[0] is None
    assert trend.series[0].band[-1] is not None
    assert indicators.title.startswith("ตัวชี้วัดที่ได้คะแนนต่ำสุด คือ")
    assert items.title.startswith("ข้อ e9 ได้คะแนนต่ำสุด")
    assert spread.labels == tuple(f"ข้อ e{n}" for n in (1, 2, 4, 5, 6, 7, 8))
    for at in range(len(spread.labels)):
        shares = [Decimal(one.points[at].text) for one in spread.series]
        assert Decimal("99.7") <= sum(shares) <= Decimal("100.3")


def test_nobody_few_and_not_many() -> None:
    nobody, four, nine = (monthly(documents.eit({(FEBRUARY, SELF): people.alike(n)})) for n in (0, 4, 9))

    assert "เดือนกุมภาพันธ์ 2570 ไม่มีผู้ตอบเอง ไม่มีคำตอบที่เจ้าหน้าที่ช่วยกรอก" in texts_of(nobody)
    assert f"มีผู้ตอบเอง น้อยกว่า 5 คน คะแนน EIT ภาพรวม {TOO_FEW}" in texts_of(four)
    assert documents.decimals(four.texts()) == documents.decimals(nine.texts()) == set()
    assert "ข้อมูลยังน้อย (9 คน)" in texts_of(nine)
    assert "ผู้ตอบยังไม่ถึง 30 คน จึงไม่แสดงการกระจายของคำตอบ" in texts_of(nine)
    assert [chart.kind for chart in documents.charts(nobody)] == ["trend"]
    assert [chart.kind for chart in documents.charts(nine)] == ["trend", "bars", "bars"]
    assert documents.charts(nobody)[0].title == "คะแนน EIT ภาพรวม: ไม่มีข้อมูล"
    assert documents.charts(nine)[0].title == "คะแนน EIT ภาพรวมล่าสุด 80 คะแนน"


def test_helped_by_an_officer_few_and_none() -> None:
    few = survey(documents.eit({(FEBRUARY, SELF): people.alike(9), (FEBRUARY, ASSISTED): people.alike(3)}))

    assert report_survey.assisted_sentence(few) == "คำตอบที่เจ้าหน้าที่ช่วยกรอกมีน้อยกว่า 5 คน จึงไม่แสดงคะแนน"


def test_what_rose_and_what_fell_is_named_with_who_answers_for_it() -> None:
    counted = documents.eit({(FEBRUARY, SELF): people.alike(80, 80, e1=20), (JANUARY, SELF): people.alike(80, 60)})
    report = monthly(counted)

    care = section(report, "ข้อที่ควรดูแล")
    assert care[0].endswith("ผู้รับผิดชอบ สำนักปลัด")
    assert care[1] == "ลดลงจากเดือนก่อนชัดเจน: ข้อ e1 ▼ ลดลง 40.00"
    assert care[2].startswith("เพิ่มขึ้นจากเดือนก่อนชัดเจน: ข้อ e2 ▲ เพิ่มขึ้น 20.00")
    assert " ▲ เพิ่มขึ้น" in report_monthly.lead(survey(counted))
    nobodys = monthly(counted, office=Office())
    assert "ผู้รับผิดชอบ" not in section(nobodys, "ข้อที่ควรดูแล")[0]


def test_a_month_like_the_last_is_said_to_be() -> None:
    counted = documents.eit({(m, SELF): people.alike(60) for m in (FEBRUARY, JANUARY)})
    report = monthly(counted)

    assert "ยังไม่ต่างชัดเจน เทียบกับเดือนก่อน" in report_monthly.lead(survey(counted))
    assert documents.charts(report)[0].title.endswith("ยังไม่ต่างจากเดือนก่อนชัดเจน")
    assert section(report, "ข้อที่ควรดูแล") == [NONE]
    assert documents.charts(report)[2].title == "คะแนนรายข้อ"
    assert documents.charts(report)[3].title == 'ทุกข้อมีผู้ตอบ "เห็นด้วย" หรือ "เห็นด้วยอย่างยิ่ง" ร้อยละ 100.0'
    moved = documents.eit({(FEBRUARY, SELF): people.alike(60), (JANUARY, SELF): people.alike(60, 20)})
    assert documents.charts(monthly(moved))[0].title == "คะแนน EIT ภาพรวมล่าสุด 80.00 คะแนน ▲ เพิ่มขึ้น 60.00 จากเดือนก่อน"


def test_a_hidden_item_has_no_spread_and_no_chart_is_torn() -> None:
    counted = documents.eit({(FEBRUARY, SELF): people.tally([{**dict.fromkeys(people.CODES, 80), "e1": None}] * 40)})
    given = survey(counted)

    assert [one.code for one in report_monthly.spreads(given)][:2] == ["e2", "e3"]
    assert report_monthly.distribution([], "") is None
    assert any(isinstance(block, Beside) for block in monthly(counted).blocks)


def test_the_words_of_an_item_nobody_knows() -> None:
    assert report_survey.wording(people.eit(), "e99") == "(ไม่ทราบถ้อยคำ)"


@given(st.lists(st.tuples(st.sampled_from((0, 25, 50, 75, 100)), st.integers(1, 40)), min_size=1, max_size=6))
def test_the_deviation_is_that_of_the_answers(given: list[tuple[int, int]]) -> None:
    values: dict[Fraction, int] = {}
    for score, times in given:
        values[Fraction(score)] = values.get(Fraction(score), 0) + times
    answers = [float(score) for score, times in values.items() for _ in range(times)]

    found = report_means.deviation(values)

    if len(answers) < 2:
        assert found is None
    else:
        assert found == pytest.approx(statistics.stdev(answers), abs=1e-9)


def test_satisfaction_worked_out_by_hand() -> None:
    """40 answers of 4 (score 75) and 20 of 5 (score 100): mean 4.3333, percent 86.67, S.D. 0.4753."""
    report = satisfaction(documents.points({(FEBRUARY, "tax"): [(75, 40), (100, 20)]}))

    s1 = rows(report, "รายข้อ")[0]
    assert (s1[2], s1[3], s1[4], s1[5], s1[7]) == ("60", "4.33", "0.48", "86.67", "มาก")
    assert rows(report, "รายข้อ")[-1][2:6] == ("60", "4.33", "0.48", "86.67")
    assert "ความพึงพอใจในภาพรวมมีค่าเฉลี่ย 4.33 จาก 5 (ร้อยละ 86.67) อยู่ในระดับมาก" in texts_of(report)
    assert rows(report, "เกณฑ์แปลผล") == [
        ("4.51 - 5.00", "มากที่สุด"),
        ("3.51 - 4.50", "มาก"),
        ("2.51 - 3.50", "ปานกลาง"),
        ("1.00 - 2.50", "น้อย"),
    ]


def test_service_points_and_departments_are_compared_from_thirty() -> None:
    given = documents.points(
        {(FEBRUARY, "tax"): [(100, 40)], (FEBRUARY, "permit"): [(50, 35)], (FEBRUARY, NOWHERE): [(75, 12)]}
    )
    report = satisfaction(given, documents.points({(FEBRUARY, "tax"): [(75, 6)]}, ASSISTED))

    found = {row[0]: row[1:] for row in rows(report, "จุดบริการ")}
    assert found["งานจัดเก็บรายได้"][:4] == ("40", "5.00", "0.00", "100.00")
    assert found["ไม่ระบุจุดบริการ"][:4] == ("12", "4.0", "0.0", "80")
    assert found["ไม่ระบุจุดบริการ"][-1] == "มาก (ข้อมูลยังน้อย)"
    assert found["จองคิวออนไลน์"] == ("-", "ไม่มีข้อมูล", "-", "-", "-", "-")
    assert any("สูงสุด คือ งานจัดเก็บรายได้ (5.00) ต่ำสุด คือ ขออนุญาตก่อสร้าง (3.00)" in s for s in section(report, "จุดบริการ"))
    departments = {row[0]: row[1:] for row in rows(report, "ส่วนราชการ")}
    assert departments["กองคลัง"][:2] == ("40", "5.00")
    assert "ไม่ระบุหน่วยงาน" in departments
    assert "แยกต่างหาก: เจ้าหน้าที่ช่วยกรอก 6 คน ค่าเฉลี่ย 4.0" in texts_of(report)
    assert documents.charts(report)[-1].title == "ร้อยละความพึงพอใจของ 3 จุดบริการ"


def test_withheld_points_show_nothing_and_few_are_not_compared() -> None:
    helped = documents.points({(m, "tax"): [(75, n)] for m, n in ((FEBRUARY, 3), (JANUARY, 1))}, ASSISTED)
    own = {(FEBRUARY, "tax"): [(75, 20)], (FEBRUARY, "permit"): [(75, 2)]}
    report = satisfaction(documents.points(own), helped)

    found = {row[0]: row[1:] for row in rows(report, "จุดบริการ")}
    assert set(found["ขออนุญาตก่อสร้าง"][2:]) == {"-"}
    assert found["ขออนุญาตก่อสร้าง"][1] in (TOO_FEW, COVERED, "ไม่มีข้อมูล")
    assert "เจ้าหน้าที่ช่วยกรอก น้อยกว่า 5 คน" in section(report, "ลักษณะ")[0]
    assert report_means.compared([], LEVELS, "ข้อ") == "ไม่มีคำตอบที่ระบุข้อ"
    same = [("ก", _score(60)), ("ข", _score(60))]
    assert report_means.compared(same, LEVELS, "ข้อ") == "ข้อที่มีผู้ตอบตั้งแต่ 30 คน มีค่าเฉลี่ย 3.80 เท่ากัน"


def test_against_last_year_by_the_display_rule() -> None:
    last = thai.parse_month("2569-02")
    report = satisfaction(
        documents.points({(FEBRUARY, "tax"): [(100, 60)]}), documents.points({(last, "tax"): [(50, 60)]})
    )

    assert rows(report, "เทียบปีก่อน")[-1] == ("รวม", "ภาพรวม", "3.00", "5.00", "▲ เพิ่มขึ้น 2.00")
    assert "ภาพรวมเทียบกับปีงบประมาณ 2569: ▲ เพิ่มขึ้น 2.00" in texts_of(report)
    alone = satisfaction(documents.points({(FEBRUARY, "tax"): [(100, 60)]}))
    assert "ไม่มีผู้ตอบในปีงบประมาณ 2569 จึงไม่มีการเปรียบเทียบ" in texts_of(alone)
    flat = _score(60, Change(Fraction(0), Interval(-1, 1), 60))
    assert report_means.change(flat, LEVELS) == "ยังไม่ต่างชัดเจน"


def test_a_year_of_nobody_and_a_year_of_four() -> None:
    nobody, four = (satisfaction(documents.points({(FEBRUARY, "tax"): [(75, n)]} if n else {})) for n in (0, 4))

    assert "ปีงบประมาณ 2570 ไม่มีผู้ตอบเอง ไม่มีคำตอบที่เจ้าหน้าที่ช่วยกรอก" in texts_of(nobody)
    assert "ผู้ตอบยังไม่ถึง 30 คน จึงไม่แสดงการกระจายของคำตอบ" in texts_of(nobody)
    assert rows(four, "รายข้อ")[0][2:] == ("-", "ไม่มีข้อมูล", "-", "-", "-", "-")
    month = replace(survey(documents.points({(FEBRUARY, "tax"): [(75, 4)]}), FEBRUARY))
    assert report_satisfaction.lead(month, LEVELS).endswith(f"มีผู้ตอบเอง น้อยกว่า 5 คน {TOO_FEW}")
    assert report_survey.trend(month).title.startswith("คะแนนความพึงพอใจ")
    helped = survey(documents.points({(FEBRUARY, "tax"): [(75, 4)]}, ASSISTED))
    assert report_satisfaction.helped(helped, LEVELS).endswith(f"เจ้าหน้าที่ช่วยกรอก น้อยกว่า 5 คน {TOO_FEW}")


def test_an_item_that_somebody_skipped_counts_those_who_answered() -> None:
    [block] = documents.points({(FEBRUARY, "tax"): [(75, 3)]}).blank.blocks
    tally = replace(people.alike(0), blocks=(replace(block, patterns={(75, None, 50, 100): 2, (None,) * 4: 1}),))

    assert report_means.of_item(tally, "s2") == {}
    assert report_means.of_item(tally, "s9") == {}
    assert report_means.of_people(tally) == {Fraction(75): 2}
    assert report_means.cells(_score(60), {Fraction(75): 1}, LEVELS)[2] == "-"


def test_points_known_and_unknown_have_titles() -> None:
    one = survey(documents.points({(FEBRUARY, "old"): [(75, 9)]}))

    assert [title for title, _ in one.by(POINT)][-1] == "old"
    assert one.title("department", "gone") == "gone"


def test_levels_as_data() -> None:
    assert [LEVELS.name(Decimal(n)) for n in ("5", "4.51", "4.50", "2.5", "1")] == [
        "มากที่สุด",
        "มากที่สุด",
        "มาก",
        "น้อย",
        "น้อย",
    ]
    assert [int(n) for n in (LEVELS.mean(0), LEVELS.mean(100), LEVELS.step(25))] == [1, 5, 1]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "highest is None"),
        ({"highest": True, "level": []}, "highest is True"),
        ({"highest": 5}, r"no \[\[level\]\]"),
        ({"highest": 5, "level": [{"name": "x"}]}, "level 1 must have from"),
        ({"highest": 5, "level": [{"name": "x", "from": "four"}]}, "from is 'four'"),
        ({"highest": 5, "level": [{"name": "x", "from": "1.005"}]}, "from is '1.005'"),
        ({"highest": 5, "level": [{"name": "x", "from": "1"}, {"name": "y", "from": "2"}]}, "best down"),
        ({"highest": 5, "level": [{"name": "x", "from": "2"}]}, "must begin at"),
        ({"highest": 5, "level": [{"name": "x", "from": "6"}, {"name": "y", "from": "1"}]}, "no more than 5"),
    ],
)
def test_a_fault_in_the_levels_names_itself(table: dict[str, Any], said: str) -> None:
    with pytest.raises(LevelsError, match=said):
        report_levels.build(table, "my.toml")


@given(st.dictionaries(st.sampled_from("กขคงจฉช"), st.integers(0, 12)))
def test_no_hidden_cell_can_be_subtracted_out(counts: dict[str, int]) -> None:
    hidden = report_people.covered(counts)

    assert {name for name, n in counts.items() if 0 < n < 5} <= hidden
    secret = [counts[name] for name in hidden]
    visible = [n for name, n in counts.items() if n and name not in hidden]
    assert not secret or not visible or (len(secret) > 1 and sum(secret) >= 5)


def test_the_profile_hides_small_groups_and_tells_so() -> None:
    report = satisfaction(documents.points({(FEBRUARY, "tax"): [(75, 40)]}))

    assert rows(report, "ผู้ตอบ 1") == [
        ("หญิง", "40", "50.00"),
        ("ชาย", "30", "37.50"),
        ("อื่น ๆ", MASKED, MASKED),
        ("ไม่ระบุ", MASKED, MASKED),
        ("รวม", "80", "100.00"),
    ]
    assert "ไม่แสดง" in documents.table(report, "ผู้ตอบ 1").note
    assert "อายุ: ผู้ตอบน้อยกว่า 5 คน จึงไม่แสดงจำนวน" in texts_of(report)
    [open_, *_] = report_people.profile_tables([Profile("เพศ", {"หญิง": 40})], "หมายเหตุ")
    assert isinstance(open_, Table)
    assert open_.note == "หมายเหตุ"


def test_comments_are_shown_as_they_are_for_a_person_to_read() -> None:
    report = satisfaction(documents.points({(FEBRUARY, "tax"): [(75, 40)]}))

    found = section(report, "ข้อเสนอแนะ")
    assert found[0].startswith("มีความคิดเห็นที่เป็นข้อความ 2 ข้อความ ระบบปกปิด")
    assert found[1:] == ["บริการดี (ติชมบริการ ก.พ. 70)", "รอนาน (ติชมบริการ)"]
    many = report_people.comment_blocks([Comment("eit", "", "", "x")] * 101, {"eit": "EIT"})
    assert isinstance(many[0], Paragraph)
    assert "101 ข้อความ แสดง 100 ข้อความ" in many[0].text
    nothing = satisfaction(documents.points({(FEBRUARY, "tax"): [(75, 40)]}), comments=())
    assert section(nothing, "ข้อเสนอแนะ") == ["มีความคิดเห็นที่เป็นข้อความ 0 ข้อความ", NONE]


def test_participation_counts_answers_and_shows_no_score() -> None:
    eit, points = documents.full(), documents.points({(FEBRUARY, "tax"): [(75, 40)], (FEBRUARY, "permit"): [(75, 2)]})
    surveys = {"eit": survey(eit, YEAR), "satisfaction": survey(points, YEAR)}
    given = Participation(
        YEAR,
        surveys,
        {"eit": {(FEBRUARY, SELF): 60, (FEBRUARY, ASSISTED): None}},
        (Round("eit", date(2026, 10, 1), date(2027, 4, 1)), Round("other", date(2026, 11, 1), None)),
        COMMENTS,
    )
    report = report_participation.build(given, MEASURES, load(2570), OFFICE, FACTS)
    report_check.check(report)

    assert rows(report, "รอบ") == [
        ("แบบสอบถาม EIT ภายใน", "1 ตุลาคม 2569", "31 มีนาคม 2570"),
        ("other", "1 พฤศจิกายน 2569", "เปิดต่อเนื่อง"),
    ]
    assert rows(report, "รายเดือน eit")[0] == ("กุมภาพันธ์ 2570", "60", words.FEW)
    assert rows(report, "รายเดือน eit")[-1][1] == "160"
    assert {row[0]: row[1] for row in rows(report, "ตามจุดบริการ")}["งานจัดเก็บรายได้"] in (
        "40",
        report_participation.NOTHING_TO_SHOW,
    )
    assert documents.decimals(report.texts()) == set()
    assert "ข้อ o19 ของปีงบประมาณ 2570 (ยังไม่ยืนยัน)" in texts_of(report)
    assert rows(report, "การดำเนินการ")[0][2:] == ("แล้วเสร็จ", "จัดเวทีครบ 5 ครั้ง", "https://example.go.th/1")
    assert rows(report, "จุดที่เปิดรับ")[0] == ("งานจัดเก็บรายได้", "เคาน์เตอร์", "กองคลัง")


def test_participation_of_an_office_with_little() -> None:
    eit = documents.eit({(FEBRUARY, SELF): people.alike(3)})
    given = Participation(YEAR, {"eit": survey(eit, YEAR)}, {}, (), ())
    office = replace(OFFICE, points=(replace(OFFICE.points[0], department=""),))

    report = report_participation.build(given, (), None, office, FACTS)
    report_check.check(report)

    assert rows(report, "จุดที่เปิดรับ") == [("งานจัดเก็บรายได้", "เคาน์เตอร์", "-")]
    assert rows(report, "รอบ") == rows(report, "ตามจุดบริการ") == []
    assert "ไม่มีมาตรการของปีงบประมาณ 2570 ในทะเบียน" in texts_of(report)


def _score(n: int, change: Change | None = None) -> Score:
    return Score(n, 0, Fraction(70), Interval(65, 75), change)


def test_a_withheld_score_has_no_range() -> None:
    hidden = Score(None, None, withheld=Reason.FEW)

    assert report_means.interval(hidden, LEVELS) == report_means.level(hidden, LEVELS) == "-"
    assert report_means.people(hidden) == words.FEW
