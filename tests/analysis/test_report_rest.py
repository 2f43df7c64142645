"""Facts asked for all at once, completeness, and the complaint statistics."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from analysis import report_check, report_complaints, report_facts, report_monthly
from analysis.complaint_counts import ComplaintStatistics, Days, Sealed, Track
from analysis.frame_library import load
from analysis.report import (
    KINDS,
    NONE,
    Bullets,
    Column,
    Heading,
    MemoHead,
    PageBreak,
    Paragraph,
    Report,
    ReportError,
    Signature,
    Table,
)
from analysis.report_facts import Facts, MissingFactsError
from survey import thai
from survey.settings import Agency, Office, Signatory
from tests.analysis import documents
from tests.analysis.documents import FACTS, TODAY, YEAR, rows, section, texts_of
from tests.conftest import OFFICE

AGENCY = Agency(
    "main",
    "เทศบาลตำบลตัวอย่าง",
    office=Office(
        report={"head": "นายก ใจดี", "memo_prefix": "ตย 52001/", "to": "นายกเทศมนตรี", "keep_from": "85"},
        signatories=(Signatory("ก", "นักวิชาการ"),),
    ),
)
BARE = Facts("เทศบาล", TODAY)


def test_all_that_is_missing_is_asked_for_at_once_by_name_and_place() -> None:
    with pytest.raises(MissingFactsError) as told:
        report_facts.check(BARE, ["memo"])

    assert str(told.value) == (
        "6 facts are missing for these documents:\n"
        "  - name of the head of the agency (ชื่อผู้บริหาร): --head, or head in [report] of the agency file\n"
        "  - position of the head (ตำแหน่งผู้บริหาร): --head-position, or head_position in [report] of the agency file\n"
        "  - who prepares and signs (ผู้จัดทำและผู้ลงนาม): --signatory, or [[signatory]] of the agency file\n"
        "  - line ส่วนราชการ of the memo: --office, or office in [report] of the agency file\n"
        "  - number of the memo (ที่): --memo-number\n"
        "  - date of the memo (วันที่): --memo-date"
    )
    with pytest.raises(MissingFactsError, match=r"^One fact is missing"):
        report_facts.check(replace(FACTS, memo_date=""), ["memo"])


def test_each_kind_asks_for_its_own_and_a_cover_for_those_of_a_memo() -> None:
    asked = {kind: len(report_facts.missing(BARE, [kind])) for kind in KINDS}

    assert asked == dict(zip(KINDS, (0, 6, 3, 3, 1, 1, 1), strict=True))
    assert len(report_facts.missing(BARE, ["monthly"], cover=True)) == 6
    report_facts.check(FACTS, KINDS, cover=True)


def test_options_win_over_the_office_file_and_the_number_gets_its_prefix() -> None:
    facts = report_facts.of_agency(AGENCY, TODAY, {"head": "", "to": "ปลัด", "memo_number": "15"})

    assert (facts.head, facts.addressee, facts.memo_number) == ("นายก ใจดี", "ปลัด", "ตย 52001/15")
    again = report_facts.of_agency(AGENCY, TODAY, {"memo_number": "ตย 52001/15", "memo_date": "1 มีนาคม 2570"})
    assert (again.memo_number, again.memo_date) == ("ตย 52001/15", "1 มีนาคม 2570")
    assert replace(FACTS, to="").addressee == FACTS.head_position
    assert report_facts.of_agency(AGENCY, TODAY, {}).memo_number == ""


def test_a_mark_stands_on_every_page() -> None:
    assert report_facts.marked(SOUND, FACTS) == SOUND
    drafted = report_facts.marked(SOUND, replace(FACTS, mark="ฉบับร่าง"))
    assert (drafted.mark, drafted.footer) == ("ฉบับร่าง", "ฉบับร่าง · ท้าย")


def test_dots_are_left_only_when_somebody_says_so() -> None:
    facts = report_facts.of_agency(AGENCY, TODAY, {"memo_number": "-", "memo_date": "-"})

    assert (facts.memo_number, facts.memo_date) == (f"ตย 52001/{report_facts.DOTS}", report_facts.DOTS)


SOUND = Report(
    "monthly",
    "2570-02",
    "ชื่อ",
    "รอง",
    "เทศบาล",
    "ท้าย",
    tuple(
        block
        for at, name in enumerate(report_check.SECTIONS["monthly"], 1)
        for block in (Heading(f"{at}. {name}"), Paragraph("ข้อความ"))
    ),
)


def test_every_kind_has_its_sections() -> None:
    report_check.check(SOUND)
    assert set(report_check.SECTIONS) == set(KINDS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"blocks": SOUND.blocks[2:]}, "there is no section 'ภาพรวม'"),
        ({"blocks": (*SOUND.blocks, Heading("ก"))}, "nothing stands below 'ก'"),
        ({"blocks": (*SOUND.blocks, Heading("ก"), Heading("ข"), Paragraph("ค"))}, "nothing stands below 'ก'"),
        ({"blocks": (*SOUND.blocks, Heading("ก"), PageBreak())}, "nothing stands below 'ก'"),
        ({"blocks": (*SOUND.blocks, Paragraph(" "))}, "a paragraph or heading is blank"),
        ({"blocks": (*SOUND.blocks, Bullets(("ก", "")))}, "a line of a list is blank"),
        ({"blocks": (*SOUND.blocks, Table("t", "ตาราง", (Column("ก"),), (("",),)))}, "a cell of 'ตาราง' is blank"),
        ({"blocks": (*SOUND.blocks, Table("t", "ตาราง", (Column("ก"),), (("ก", "ข"),)))}, "has not 1 cells"),
        ({"blocks": (*SOUND.blocks, Signature("", "นายก"))}, "lacks its name or position"),
        ({"subtitle": ""}, "the subtitle is blank"),
        ({"memo": MemoHead("ก", "ข", "", "ง", "จ")}, "the memo's date is blank"),
    ],
)
def test_what_is_not_there_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ReportError, match=said):
        report_check.check(replace(SOUND, **change))


def test_a_memo_needs_its_head_and_a_hand_to_sign() -> None:
    blocks = tuple(
        b for name in report_check.SECTIONS["memo"] for b in (Heading(name), Heading("ย่อย", 2), Paragraph("ก"))
    )

    with pytest.raises(ReportError, match="nobody signs it; the head of the memo is missing"):
        report_check.check(replace(SOUND, kind="memo", blocks=blocks))


def test_a_chart_below_a_heading_is_something() -> None:
    chart = report_monthly.build(documents.survey(documents.full()), FACTS)

    report_check.check(replace(chart, blocks=(*chart.blocks, Heading("แผนภูมิ"), documents.charts(chart)[0])))


def track(**given: Any) -> Track:
    numbers = "received in_progress resolved rejected cancelled within overdue reopened rated".split()
    values: dict[str, Any] = {**dict.fromkeys(numbers, 0), "rating": None, "days": Days(0)}
    values |= {name: {} for name in ("categories", "departments", "channels", "months")}
    return Track(**(values | given))


def statistics(ordinary: Track, *, final: bool = False, sealed: Sealed = Sealed(0, 0), missing: Any = ()) -> Report:  # noqa: B008
    found = ComplaintStatistics(YEAR, TODAY, final, tuple(missing), ordinary, sealed)
    report = report_complaints.build(found, load(2567), OFFICE, FACTS)
    report_check.check(report)
    return report


def test_no_complaints_are_published_too_and_confirmed_ones_otherwise() -> None:
    open_, final = statistics(track(), missing=("ก.พ. 70",)), statistics(track(), final=True)

    assert "ปีงบประมาณ 2570 ไม่มีเรื่องร้องเรียนผ่าน LINE (ยังไม่ยืนยันช่องทางอื่น)" in section(open_, "ร้องทุกข์ทั่วไป")
    assert section(open_, "การยืนยัน")[1:] == ["ก.พ. 70"]
    assert "ปีงบประมาณ 2570 ไม่มีเรื่องร้องเรียน" in section(final, "ร้องทุกข์ทั่วไป")
    assert section(final, "การยืนยัน") == [
        "เจ้าหน้าที่ยืนยันแล้วว่าทะเบียนมีเรื่องจากทุกช่องทางครบทุกเดือน (ไม่มีเรื่องร้องเรียน)",
        NONE,
    ]
    assert "ไม่มีเรื่องร้องเรียนการทุจริต" in texts_of(final)
    assert rows(final, "ภาพรวม")[0] == ("รับเรื่อง", "0", "-")
    assert "ข้อ o24 ของปีงบประมาณ 2567" in texts_of(final)
    running = statistics(track(received=1))
    assert section(running, "การยืนยัน")[0].startswith("ตัวเลขยังไม่เป็นที่สุด เพราะช่วงเวลานี้ยังไม่สิ้นสุด")


def test_both_tracks_with_small_cells_hidden() -> None:
    report = statistics(
        track(
            received=12,
            resolved=7,
            rejected=1,
            in_progress=3,
            cancelled=1,
            within=6,
            reopened=1,
            rated=6,
            rating=Fraction(25, 6),
            days=Days(8, (1, 2, 2, 3, 5, 8, 9, 20)),
            categories={"road": None, "light": None},
            departments={"works": 12, "": 0},
            channels={"line": 12},
            months={"2570-02": 12},
        ),
        final=True,
        sealed=Sealed(2, 1),
    )

    assert rows(report, "ตามประเภทเรื่อง")[0][1] == "ปกปิด"
    assert "ปกปิด คือ" in documents.table(report, "ตามประเภทเรื่อง").note
    assert rows(report, "ตามส่วนราชการ") == [("กองช่าง", "12"), ("ทั้งหน่วยงาน", "0")]
    assert rows(report, "ตามเดือน") == [("ก.พ. 70", "12")]
    assert rows(report, "ภาพรวม")[1] == ("แก้ไขแล้ว", "7", "58.33")
    assert section(report, "ระยะเวลา") == [
        "ยุติภายในกำหนด 6 เรื่อง จากที่ยุติแล้ว 8 เรื่อง ใช้เวลาแต่ละเรื่อง (วัน) 1, 2, 2, 3, 5, 8, 9 และ 20",
        "ผู้แจ้งขอให้เปิดเรื่องใหม่ 1 เรื่อง ผู้ให้คะแนนผลการแก้ไข 6 คน เฉลี่ย 4.17 จาก 5",
    ]
    assert "ที่แจ้งผ่านช่องทางแบบปกปิดของระบบ 2 เรื่อง ยุติแล้ว 1 เรื่อง" in texts_of(report)
    assert section(report, "การยืนยัน")[0] == "เจ้าหน้าที่ยืนยันแล้วว่าทะเบียนมีเรื่องจากทุกช่องทางครบทุกเดือน"


def test_many_cases_are_told_by_median_and_percentile() -> None:
    said = report_complaints.days(track(within=20, resolved=24, days=Days(24, median=Fraction(9, 2), ninetieth=14)))

    assert said.endswith("ครึ่งหนึ่งใช้เวลาไม่เกิน 4.5 วัน และร้อยละ 90 ใช้เวลาไม่เกิน 14 วัน")


def test_a_quarter_has_its_own_name() -> None:
    found = ComplaintStatistics(thai.part_of(2570, "q", 1), date(2027, 1, 5), True, (), track(), Sealed(0, 0))

    report = report_complaints.build(found, None, OFFICE, FACTS)

    assert (report.stem, report.subtitle) == ("complaints-2570-q1", "ไตรมาสที่ 1 ปีงบประมาณ 2570")
