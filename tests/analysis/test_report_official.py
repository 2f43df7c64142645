"""The documents of an official result: each number as it was published, each sentence by its rule, nothing of ours."""

import csv
import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from analysis import (
    report_analysis,
    report_check,
    report_implementation,
    report_issues,
    report_measures,
    report_memo,
    report_result,
    report_survey,
    report_years,
)
from analysis import report_words as words
from analysis.findings import Rule
from analysis.frame_library import load
from analysis.likeness import Likeness
from analysis.measure import Measure
from analysis.official import OfficialScore
from analysis.reconcile_tree import TOTAL, Cell
from analysis.report import ANNEX, INTERNAL, NONE, Chart, Report, ReportError, Table
from analysis.report_implementation import Carried
from tests.analysis import documents
from tests.analysis.documents import FACTS, MEASURES, imported, result, rows, section, texts_of
from tests.analysis.published import DATA
from tests.analysis.test_findings import of

PHRATHAEN = imported("phrathaen-2567")
DON = imported("don-2566-2567")
THUNG = imported("thungthachang-2568")


def analysis(*years: Any, **given: Any) -> Report:
    report = report_analysis.build(result(*years, **given), FACTS)
    report_check.check(report)
    return report


def published_numbers(name: str) -> list[dict[str, str]]:
    with (DATA / "published" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "years"), [("phrathaen-2567", PHRATHAEN), ("don-2566-2567", DON), ("thungthachang-2568", THUNG)]
)
def test_every_published_score_is_printed_as_it_was_published(name: str, years: list[Any]) -> None:
    report = analysis(*years)
    printed = documents.decimals(report.texts())

    assert {row["score"] for row in published_numbers(name)} <= printed


@pytest.mark.parametrize(
    ("name", "years"), [("phrathaen-2567", PHRATHAEN), ("don-2566-2567", DON), ("thungthachang-2568", THUNG)]
)
def test_every_number_is_published_or_follows_from_what_was(name: str, years: list[Any]) -> None:
    scores = {Decimal(row["score"]) for row in published_numbers(name)}
    worked = {Decimal(str(v)) for one in _worked() for v in one["expect"].values() if isinstance(v, float | int)}
    follows = {score.shown for one in years for score in one.scores.values()}
    known = scores | worked | follows
    allowed = known | {abs(a - b) for a in known for b in known} | {Decimal(85) - one for one in known}
    allowed |= {Decimal(n) for n in (85, 95, 70, 0, 100)}
    computed = {Decimal(one.computed) / 100 for year in years for one in year.verdict.mismatches}

    said = {Decimal(text) for text in documents.decimals(analysis(*years).texts())}

    codes = {Decimal(sub.code) for i in years[-1].frame.indicators for sub in i.sub_indicators}
    assert said - allowed - computed - codes == set()


def test_what_follows_is_worked_out_as_it_was_by_hand() -> None:
    worked = {one["id"]: one["expect"] for one in _worked()}
    whole = {row[0]: row[2] for row in rows(analysis(DON[1]), "เครื่องมือ")}
    expect = worked["don-2567"]

    assert list(whole.values()) == [
        *(f"{expect['IIT']:.2f}*", "ไม่มีข้อมูล", "ไม่มีข้อมูล"),
        *(f"{expect['EIT']:.2f}*", f"{expect['OIT']:.2f}*", f"{expect['total']:.2f}"),
    ]
    assert "* คือค่าที่คำนวณ" in documents.table(analysis(DON[1]), "เครื่องมือ").note
    assert worked["phrathaen-2567"]["level"] in report_result.total_sentence(PHRATHAEN[0], "อบต.")


def test_two_part_averages_are_rounded_half_up() -> None:
    given = {(row["instrument"], row["code"]): row["score"] for row in published_numbers("phrathaen-2567")}
    codes = [f"e{n}" for n in range(1, 10)]
    means = documents.halves((Fraction(given["EIT1", c]) + Fraction(given["EIT2", c])) / 2 for c in codes)

    found = [row[-1] for row in rows(analysis(*PHRATHAEN), "รายข้อ EIT")]

    assert found == [f"{mean}*" for mean in means]


def test_the_seven_issues_say_what_to_keep_and_what_to_improve() -> None:
    report = analysis(*PHRATHAEN)

    first = rows(report, "ประเด็นที่ 1")
    assert first[0] == (
        *("i1", "การปฏิบัติงานหรือให้บริการของเจ้าหน้าที่ในหน่วยงานของท่าน เป็นไปตามขั้นตอนและระยะเวลา มากน้อยเพียงใด"),
        *("-", "-", "97.22", "ไม่ต่ำกว่าเกณฑ์ 85.00 คะแนน แต่อยู่ในกลุ่ม 3 ข้อที่ได้คะแนนต่ำที่สุด", "ปรับปรุง"),
    )
    assert first[4][2:] == ("98.97", "97.14", "98.06", first[0][5], "ปรับปรุง")
    assert first[5][2:] == ("100.00", "100.00", "100.00", "ได้คะแนนเต็ม", "รักษาระดับ")
    [said] = section(report, "ประเด็นที่ 1 กระบวน")
    assert said.startswith("ประเด็นนี้มี 10 ข้อ มีคะแนน 10 ข้อ เสนอให้รักษาระดับ 7 ข้อ เสนอให้ปรับปรุง 3 ข้อ ได้แก่ ข้อ i1 (97.22 คะแนน)")
    assert said.endswith("คะแนนสองส่วนต่างกันมากที่สุดในข้อ e2 โดย EIT1 สูงกว่า 1.83 คะแนน")
    assert section(report, "มาตรการของประเด็นที่ 1") == ["จัดบัตรคิว", "ทบทวนคู่มือ"]
    assert section(report, "มาตรการของประเด็นที่ 4") == [NONE]
    assert [column.title for column in documents.table(report, "ประเด็นที่ 4").columns][2] == "คะแนน"


def test_a_part_that_is_the_higher_one_is_named() -> None:
    found = of({Cell("item", "EIT1", "e7"): 6000, Cell("item", "EIT2", "e7"): 8000})

    said = texts_of(report_analysis.build(replace(result(*PHRATHAEN), found=found), FACTS))

    assert "ในข้อ e7 โดย EIT2 สูงกว่า 20.00 คะแนน" in said
    assert "ต่ำกว่าเกณฑ์ 85.00 คะแนน อยู่ 15.00 คะแนน" in said


def test_strengths_tell_how_many_more_tie() -> None:
    said = section(analysis(*PHRATHAEN), "จุดแข็ง")

    items = [s for c, s in PHRATHAEN[0].scores.items() if c.level == "item" and c.instrument in ("IIT", "EIT", "OIT")]
    full = sum(score.shown == 100 for score in items)
    assert said[-1] == f"ได้ 100.00 คะแนนเท่ากันอีก {full - 3} รายการ"


def test_from_year_to_year_only_what_may_be_subtracted_is() -> None:
    report = analysis(*DON)

    found = {row[0]: row[1:] for row in rows(report, "เทียบปีก่อน")}
    assert found["คะแนนภาพรวม"][:3] == ("87.40", "93.71", "+6.31")
    assert found["1. การปฏิบัติหน้าที่"][:3] == ("91.43", "84.17", "-7.26")
    assert found["9. การเปิดเผยข้อมูล"][:3] == ("100.00", "100.00", "0.00")
    assert section(report, "ข้อควรระวังในตาราง")[0] == "ข้อคำถามของสองปีต่างกัน"
    assert "คะแนนภาพรวมปี 2567 ได้ 93.71 คะแนน ปี 2566 ได้ 87.40 คะแนน เพิ่มขึ้น 6.31 คะแนน ทั้งนี้" in texts_of(report)
    assert section(report, "คะแนนเพิ่มขึ้น") == [NONE]
    [years] = [part for part in report.parts() if isinstance(part, Table) and part.name == "ย้อนหลัง"]
    assert [column.title for column in years.columns][1:3] == ["ปี 2566", "ปี 2567"]


def test_the_same_question_is_named_with_its_rise_and_fall() -> None:
    before, after = (_items({"e1": one, "e2": 9000, "e3": two}) for one, two in ((8000, 9900), (8500, 9800)))
    same = replace(after, fiscal_year=2568)

    report = report_analysis.build(result(before, same), FACTS)

    assert section(report, "คะแนนเพิ่มขึ้น")[0].endswith("จาก 80.00* เป็น 85.00* (เพิ่มขึ้น 5.00 คะแนน)")
    assert section(report, "คะแนนลดลง")[0].startswith("ข้อ e3 ท่านเคยถูกเจ้าหน้าที่เรียกรับสินบน")
    assert section(report, "เปรียบเทียบกับปีก่อน")[0] == "ไม่มีคะแนนภาพรวมของปี 2567 และ 2568 จึงไม่เปรียบเทียบคะแนนภาพรวม"


def test_years_that_cannot_be_compared_say_why_and_one_year_is_no_comparison() -> None:
    changed = result(*DON).changed
    assert changed is not None
    rows_ = tuple(replace(row, likeness=Likeness.OTHER, caution="เครื่องมือต่างกัน") for row in changed.rows)

    said = report_years.change_sentence(replace(changed, rows=rows_))

    assert said == "คะแนนภาพรวมของปี 2567 และปี 2566 เทียบกันไม่ได้ (เครื่องมือต่างกัน)"
    assert section(analysis(*PHRATHAEN), "เปรียบเทียบกับปีก่อน") == ["ไม่มีผลของปีงบประมาณก่อนปี 2567 ในระบบ จึงไม่มีการเปรียบเทียบ"]
    assert section(analysis(*PHRATHAEN), "เปรียบเทียบหลายปี") == ["มีผลในระบบไม่ถึงสองปี จึงไม่มีการเปรียบเทียบหลายปี"]


def test_sub_indicators_are_not_compared() -> None:
    report = analysis(DON[0], PHRATHAEN[0])

    assert len(rows(report, "เทียบปีก่อน")) == len(rows(report, "ย้อนหลัง")) == 14
    assert "9.1" not in {row[0].partition(" ")[0] for row in rows(report, "เทียบปีก่อน")}


def test_the_radar_shows_the_years_and_the_bars_this_one() -> None:
    radar, bars = documents.charts(analysis(*DON))

    assert [(one.name, one.points[1].text) for one in radar.series] == [("ปี 2566", "76.39"), ("ปี 2567", "93.06")]
    assert (radar.kind, bars.kind, radar.low, bars.low) == ("radar", "bars", 60, 0)
    assert bars.title == "ตัวชี้วัดที่ 8 ได้คะแนนต่ำสุด 79.44 คะแนน"
    alone = report_years.charts(PHRATHAEN[0], None)[0]
    assert alone.left.series[0].points[0].text == "98.33"  # type: ignore[union-attr]
    assert report_years.charts(_items({"e1": 9000}), None)[0].text.endswith("ไม่พอให้เขียนแผนภูมิ")  # type: ignore[union-attr]
    level = {Cell("indicator", "IIT", str(n)): 9000 for n in range(1, 6)}
    assert _bars(level).title == "ทุกตัวชี้วัดได้ 90.00 คะแนนเท่ากัน"


def test_a_year_without_a_score_leaves_a_gap_in_the_radar() -> None:
    part = _official({Cell("indicator", "IIT", str(n)): 9000 for n in range(1, 5)}, 2566)

    [first, *_] = report_years.charts(DON[1], result(part, DON[1]).years)
    radar = first.left  # type: ignore[union-attr]

    assert [point.text for point in radar.series[0].points][3:6] == ["90.00", "-", "-"]


def test_a_result_with_little_in_it_says_what_is_not_there() -> None:
    report = analysis(_items({"e1": 9000, "e2": 8000, "e3": 10000}))
    said = texts_of(report)

    for words_ in (
        "ไม่มีคะแนนภาพรวมของเทศบาลตำบลตัวอย่าง และมีคะแนนอื่นไม่พอให้คำนวณ",
        "ผลที่นำเข้าไม่มีคะแนนแยกตามเครื่องมือ",
        "ตัวชี้วัดที่มีคะแนนมีเพียง ตัวชี้วัดที่ 6 คุณภาพการดำเนินงาน ได้ 90.00 คะแนน (คำนวณ)",
        "ผลที่นำเข้าไม่มีคะแนนรายข้อของ IIT",
        "ตัวชี้วัดนี้ไม่มีคะแนนในผลที่ประกาศ",
        "ประเด็นนี้มี 3 ข้อ ไม่มีคะแนนในผลที่ประกาศ",
        "ผลที่นำเข้าไม่มีคะแนนครบทุกระดับ",
    ):
        assert words_ in said, words_


def test_only_the_total_is_a_result_too() -> None:
    report = analysis(_official({TOTAL: 9000}))

    assert "ผลที่นำเข้าไม่มีคะแนนรายตัวชี้วัด" in texts_of(report)
    assert "ระดับผลการประเมินระบุไม่ได้จากคะแนนที่มี อาจเป็น" in texts_of(report)
    assert "ผลที่นำเข้าไม่มีคะแนนรายข้อ จุดแข็งและจุดอ่อนจึงระบุในระดับตัวชี้วัด" in texts_of(report)


def test_a_stated_grade_is_told_as_stated_and_a_wrong_one_as_a_limitation() -> None:
    given = {TOTAL: 9960, **{Cell("instrument", name, name): 9900 for name in ("IIT", "EIT1", "EIT2", "OIT")}}
    right, wrong = (_official(given, stated=name) for name in ("ผ่านดีเยี่ยม", "ผ่าน"))

    assert report_result.grade_words(right) == 'อยู่ในระดับ "ผ่านดีเยี่ยม" ตามที่ประกาศ'
    assert any("ไม่ตรงกับเกณฑ์" in one for one in section(analysis(wrong), "ข้อจำกัด"))


def test_limitations_name_misprints_and_doubts() -> None:
    said = section(analysis(*PHRATHAEN), "ข้อจำกัด")

    assert any("EIT2 ประกาศไว้ 98.84 แต่คำนวณจากระดับล่างได้ 98.63" in one for one in said)
    assert any("ตัวชี้วัดที่ 8 ประกาศไว้ 99.68" in one for one in said)
    assert "ยังไม่ยืนยัน: วิธีเฉลี่ยคะแนน OIT (เฉลี่ยรายข้อ หรือเฉลี่ยของตัวชี้วัดย่อย)" in said
    assert "ไม่ทราบโครงสร้างของปี 2570 จึงใช้ของปี 2569" in section(analysis(_official({TOTAL: 9000}, 2570)), "ข้อจำกัด")
    assert "ทะเบียนยังไม่มีมาตรการของประเด็นที่ 3, 4, 5, 6 และ 7" in said


def test_where_it_is_published_with_the_doubt() -> None:
    said = section(analysis(*PHRATHAEN), "ความเป็นมา")[0]

    assert said.endswith("ให้เผยแพร่ตามข้อ o34 ของปีงบประมาณ 2567 และข้อ o27 ของปีงบประมาณ 2568 (ยังไม่ยืนยัน)")
    last = section(report_analysis.build(replace(result(*PHRATHAEN), next_frame=None), FACTS), "ความเป็นมา")[0]
    assert last.endswith("ให้เผยแพร่ตามข้อ o34 ของปีงบประมาณ 2567")
    assert report_measures.document_number(None, "measures") == "ข้อที่สำนักงาน ป.ป.ช. กำหนด (ไม่ทราบเลขข้อ)"
    assert report_measures.document_number(load(2567), "nothing").endswith("(ไม่ทราบเลขข้อ)")


def test_places_and_extremes_in_words() -> None:
    frame = load(2567)
    cells = [TOTAL, Cell("instrument", "EIT1", "EIT1"), Cell("indicator", "EIT2", "8"), Cell("item", "OIT", "o1")]
    ninety, eighty = OfficialScore(Fraction(90)), OfficialScore(Fraction(80))

    assert [report_result.place(cell, frame) for cell in cells] == ["คะแนนรวม", "EIT1", "EIT2 ตัวชี้วัดที่ 8", "ข้อ o1"]
    many = [(f"ข้อ i{n}", ninety) for n in range(1, 7)]
    assert report_result.extremes([*many, ("ข้อ i7", eighty)], "ข้อ") == (
        "ข้อที่ได้คะแนนสูงสุด คือ 6 ข้อ ได้ 90.00 คะแนนเท่ากัน ข้อที่ได้คะแนนต่ำสุด คือ ข้อ i7 (80.00 คะแนน)"
    )
    assert report_issues.rule_sentence(Rule(Fraction(85), 0, 1, 1)).startswith(
        "เกณฑ์ของรายงานนี้ (หน่วยงานกำหนดเอง): ข้อที่ได้ต่ำกว่า 85.00 คะแนน เสนอให้ปรับปรุง ข้ออื่น"
    )


def test_an_item_without_known_words_says_so() -> None:
    assert report_result.item_title(_official({TOTAL: 9000}, 2568), "o1") == "(ไม่ทราบถ้อยคำ)"


def test_our_own_scores_never_fill_an_official_document_but_its_annex() -> None:
    own = report_survey.annex(documents.survey(documents.full()))
    for kind in (
        report_analysis.build(result(*PHRATHAEN), FACTS, own),
        report_memo.build(result(*PHRATHAEN), FACTS, own),
        report_implementation.build(Carried(2568, MEASURES), FACTS, own),
    ):
        report_check.check(kind)
        headings = [getattr(part, "text", "") for part in kind.parts()]
        at = headings.index(ANNEX)
        parts = list(kind.parts())
        assert not any(getattr(part, "basis", "") == INTERNAL for part in parts[:at])
        assert any(getattr(part, "basis", "") == INTERNAL for part in parts[at:])
        with pytest.raises(ReportError, match="own survey"):
            replace(kind, blocks=(*kind.blocks, *own))


def test_the_memo_has_its_four_parts_and_asks_for_what_follows() -> None:
    report = report_memo.build(result(*DON), FACTS)
    report_check.check(report)

    assert report.memo is not None
    assert (report.memo.number, report.memo.to, report.stem) == ("ตย 52001/15", "นายกเทศมนตรีตำบลตัวอย่าง", "memo-2567")
    assert section(report, "1. เรื่องเดิม")[0].endswith(
        'ในปีงบประมาณ 2566 หน่วยงานได้ 87.40 คะแนน อยู่ในระดับ "ผ่าน" ซึ่งคำนวณตามเกณฑ์ ไม่ได้อยู่ในผลที่นำเข้า'
    )
    assert section(report, "ความสอดคล้อง") == ["คะแนนที่ประกาศสอดคล้องกันทุกแห่งที่ตรวจได้ 1 แห่ง"]
    assert section(report, "4. ความเห็น")[1:4] == [
        "แจ้งผลการประเมิน ปีงบประมาณ 2567 ให้ทุกส่วนราชการทราบ",
        "เผยแพร่การวิเคราะห์ผลและมาตรการตามข้อ o27 ของปีงบประมาณ 2568 (ยังไม่ยืนยัน)",
        "มอบหมายกองช่าง ดำเนินการตามมาตรการในทะเบียน 3 มาตรการ ในปีงบประมาณ 2568",
    ]
    assert section(report, "ความเห็นของรองปลัดเทศบาล")


def test_a_memo_of_a_first_year_of_misprints_and_of_no_measures() -> None:
    report = report_memo.build(result(*PHRATHAEN, measures=()), FACTS)

    assert "ในระบบไม่มีผลของปีก่อน" in texts_of(report)
    assert "ไม่มีการเปรียบเทียบกับปีก่อน เพราะไม่มีผลของปีก่อนในระบบ" in texts_of(report)
    assert section(report, "ความสอดคล้อง")[1].startswith("ตัวชี้วัดที่ 8 ประกาศไว้ 99.68")
    assert "กำหนดมาตรการสำหรับปีงบประมาณ 2568 เพราะในทะเบียนยังไม่มี" in texts_of(report)
    little = report_memo.build(result(_official({TOTAL: 9000}), _official({}, 2568), measures=MEASURES[1:2]), FACTS)
    assert section(little, "ความสอดคล้อง") == ["ผลที่นำเข้ามีไม่พอให้ตรวจว่าสอดคล้องกันหรือไม่"]
    assert "\nดำเนินการตามมาตรการในทะเบียน 1 มาตรการ" in texts_of(little)
    bare = report_memo.build(result(_official({}), _official({TOTAL: 9000}, 2568)), FACTS)
    assert "หน่วยงานไม่มีคะแนนภาพรวมในระบบ" in texts_of(bare)


def test_measures_of_a_later_year_are_named_with_that_year() -> None:
    given = replace(result(*PHRATHAEN), measures_year=2570)

    assert "ในปีงบประมาณ 2570" in section(report_memo.build(given, FACTS), "4. ความเห็น")[3]
    assert "มาตรการที่ดำเนินการในปีงบประมาณ 2570" in texts_of(report_analysis.build(given, FACTS))


def test_a_cover_names_the_sections_and_no_score() -> None:
    for made in (analysis(*PHRATHAEN), report_implementation.build(Carried(2568, MEASURES), FACTS)):
        cover = report_memo.cover(made, FACTS)
        report_check.check(cover)

        assert cover.stem == f"memo-{made.stem}"
        assert section(cover, "2. ข้อเท็จจริง")[1] == "ความเป็นมา"
        assert documents.decimals(cover.texts()) == set()


def test_how_the_measures_were_carried_out() -> None:
    before, after = PHRATHAEN[0], THUNG[0]
    report = report_implementation.build(Carried(2568, MEASURES, load(2568), before, after), FACTS)
    report_check.check(report)

    assert rows(report, "สถานะ") == [
        ("วางแผน", "0", "0.00"),
        ("กำลังดำเนินการ", "1", "33.33"),
        ("แล้วเสร็จ", "1", "33.33"),
        ("ยกเลิก", "1", "33.33"),
        ("รวม", "3", "100.00"),
    ]
    assert "ความก้าวหน้าเฉลี่ยของมาตรการที่ไม่ยกเลิก ร้อยละ 70.00" in texts_of(report)
    done = next(row for row in rows(report, "การดำเนินการ") if row[0].startswith("ข้อ e7\n"))
    assert done[1:] == (
        *("เปิดเวทีรับฟังความเห็นรายหมู่บ้าน", "1. ประชุมเตรียมงาน\n2. เปิดเวที", "ต.ค. - ธ.ค. 2567", "กองช่าง"),
        *("เวที 5 ครั้ง", "ประชาชนมีส่วนร่วมมากขึ้น", "แล้วเสร็จ\nร้อยละ 100"),
    )
    assert section(report, "หลักฐานของมาตรการที่ 2") == ["https://example.go.th/1"]
    assert section(report, "ยังไม่แล้วเสร็จ") == ["จัดบัตรคิว (ยกเลิก ร้อยละ 0)", "ทบทวนคู่มือ (กำลังดำเนินการ ร้อยละ 40)"]
    assert section(report, "ทะเบียนยังไม่มี")[0].startswith("จัดบัตรคิว: ผู้รับผิดชอบ, ระยะเวลา")
    found = {row[0]: row[2:] for row in rows(report, "คะแนนก่อนและหลัง")}
    assert found == {"ข้อ e2": ("98.06*", "ไม่มีข้อมูล"), "ข้อ e7": ("99.05*", "ไม่มีข้อมูล"), "ข้อ i1": ("97.22", "ไม่มีข้อมูล")}
    assert section(report, "ข้อควรระวังในการเทียบสองปี") == [
        f"ข้อ {code}: อาศัยโครงสร้างที่ยังไม่ยืนยันของปี 2568" for code in ("e2", "e7", "i1")
    ]
    assert "o28 ของปีงบประมาณ 2568 (ยังไม่ยืนยัน)" in texts_of(report)


def test_no_measures_are_said_to_be_none() -> None:
    report = report_implementation.build(Carried(2568, ()), FACTS)
    report_check.check(report)

    assert section(report, "ผลการดำเนินการรายมาตรการ") == [NONE]
    assert section(report, "คะแนนก่อนและหลัง") == ["ไม่มีผล ITA ที่นำเข้าสำหรับเทียบก่อนและหลังดำเนินมาตรการ"]
    assert "ไม่มีมาตรการของปีงบประมาณ 2568 ในทะเบียน" in texts_of(report)


def test_an_item_of_another_year_has_no_score_and_no_words_there() -> None:
    odd = (Measure("x", 2568, "o99", 0, "มาตรการ"), Measure("y", 2568, "o43", 0, "มาตรการ"))

    report = report_implementation.build(Carried(2568, odd, load(2568), _official({TOTAL: 9000}, 2566)), FACTS)

    assert [row[1:] for row in rows(report, "คะแนนก่อนและหลัง")] == [("(ไม่ทราบถ้อยคำ)", "ไม่มีข้อมูล")] * 2


WIDE = (
    Measure("a", 2568, "8", 2, "ปรับปรุงบริการทั้งตัวชี้วัด"),
    Measure("b", 2568, "", 3, "มาตรการของทั้งประเด็น"),
    Measure("c", 2568, "", 0, "มาตรการที่ไม่ระบุว่าตอบข้อใด"),
    Measure("d", 2568, "10", 0, "มาตรการของตัวชี้วัดสุดท้าย"),
)
"""For an indicator, for a whole issue, for nothing named."""


def test_a_measure_for_an_indicator_or_a_whole_issue_is_told_as_that_and_scored_by_its_indicator() -> None:
    carried = report_implementation.build(Carried(2568, WIDE, load(2568), PHRATHAEN[0], None), FACTS)
    analysed = report_analysis.build(result(*PHRATHAEN, measures=WIDE), FACTS)

    for report in (carried, analysed):
        report_check.check(report)
        assert "ข้อ 8" not in texts_of(report).replace("ข้อ 8 ", "")
        assert "สำหรับ 2 ตัวชี้วัด และ 1 ประเด็น: วางแผน 4 มาตรการ" in texts_of(report)
    assert [row[0] for row in rows(carried, "การดำเนินการ")] == ["ตัวชี้วัดที่ 8\nประเด็นที่ 2", "ประเด็นที่ 3", NONE, "ตัวชี้วัดที่ 10"]
    indicators = [("ตัวชี้วัดที่ 8", "การปรับปรุงการทำงาน"), ("ตัวชี้วัดที่ 10", "การป้องกันการทุจริต")]
    shown = [PHRATHAEN[0].indicator(number) for number in (8, 10)]
    assert [row[:2] for row in rows(carried, "คะแนนก่อนและหลัง")] == indicators
    assert [row[2] for row in rows(carried, "คะแนนก่อนและหลัง")] == [words.scored(one).text for one in shown]  # type: ignore[union-attr]
    assert "มาตรการของประเด็นที่ 3 ใช้กับทั้งประเด็น" in texts_of(carried)
    assert section(analysed, "มาตรการของประเด็นที่ 2") == [WIDE[0].title]
    assert section(analysed, "มาตรการของประเด็นที่ 3") == [WIDE[1].title]
    of_ten = {issue.number for code in load(2567).indicators[-1].items for issue in load(2567).issues_of(code)}
    assert {n for n, group in report_measures.grouped(WIDE[3:], load(2567)).items() if group} == of_ten != set()


def test_two_years_of_an_indicator_come_with_their_caution() -> None:
    report = report_implementation.build(Carried(2567, WIDE[:1], load(2567), *DON), FACTS)

    assert rows(report, "คะแนนก่อนและหลัง")[0][2:] == ("73.84", "79.44")
    assert section(report, "ข้อควรระวังในการเทียบสองปี") == ["ตัวชี้วัดที่ 8: ข้อคำถามของสองปีต่างกัน อาศัยโครงสร้างที่ยังไม่ยืนยันของปี 2566"]


def test_what_has_no_measure_is_told_unless_its_indicator_or_issue_has_one() -> None:
    def left(*given: Measure, years: Any = PHRATHAEN) -> list[str]:
        said = section(analysis(*years, measures=given), "ยังไม่มีมาตรการในทะเบียน")
        return [line.split(" ")[1] for line in said] if said != [NONE] else []

    everything = left()
    assert everything == ["i1", "i2", "e2"]
    assert left(MEASURES[1]) == ["i2", "e2"]
    assert left(Measure("x", 2568, "1", 0, "ทั้งตัวชี้วัด")) == ["e2"]
    assert left(Measure("x", 2568, "", 1, "ทั้งประเด็น")) == []
    only_indicators = left(years=DON)
    assert "8" in only_indicators
    assert "8" not in left(Measure("x", 2568, "e9", 0, "ข้อเดียว"), years=DON)


def test_words() -> None:
    assert [words.listed(given) for given in ([], ["ก"], ["ก", "ข"], ["ก", "ข", "e1"])] == [
        "ไม่มี",
        "ก",
        "ก และข",
        "ก, ข และ e1",
    ]
    assert [words.lines(given) for given in ([], ["ก"], ["ก", "ข"])] == ["ไม่มี", "ก", "1. ก\n2. ข"]
    assert [words.moved(Decimal(n)) for n in ("1.5", "-1.5", "0")] == ["เพิ่มขึ้น 1.5 คะแนน", "ลดลง 1.5 คะแนน", "เท่าเดิม"]
    assert [words.axis_low(given) for given in ([], [None], [Decimal(91), None], [3])] == [0, 0, 80, 0]
    assert words.percent(1, 0) == "-"
    assert words.difference(None) == "เทียบไม่ได้"
    assert words.some("  ") == NONE


def _worked() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "worked-totals.json").read_text(encoding="utf-8"))
    return found


def _official(cells: dict[Cell, int], year: int = 2567, stated: str | None = None) -> Any:
    from analysis import official
    from analysis.reconcile import Result

    return official.build(load(year), Result(year, cells, stated))


def _items(given: dict[str, int]) -> Any:
    return _official({Cell("item", part, code): n for code, n in given.items() for part in ("EIT1", "EIT2")})


def _bars(cells: dict[Cell, int]) -> Chart:
    [beside] = report_years.charts(_official(cells), None)
    return beside.right  # type: ignore[union-attr]
