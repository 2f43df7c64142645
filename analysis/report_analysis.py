"""The analysis of an official ITA result: the year's "measures" publication. Pure.

Data of the published result, its rule-made findings, and the register of measures. Our own survey has no place here
but the annex.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis import report_facts, report_issues, report_measures, report_result, report_years
from analysis import report_words as words
from analysis.change import YearChange, Years
from analysis.findings import Findings
from analysis.frame import Frame
from analysis.measure import Measure
from analysis.official import Official
from analysis.report import Block, Bullets, Heading, Paragraph, Report
from analysis.report_facts import Facts


@dataclass(frozen=True)
class Result:
    """An official result with all that documents say of it.

    ``changed``: against the year before; ``years``: all imported ones up to this. ``measures``: those that followed
    from it, carried out in ``measures_year`` (0: the year after the result); ``next_frame``: that year's, if any.
    """

    found: Findings
    changed: YearChange | None
    years: Years | None
    measures: tuple[Measure, ...]
    next_frame: Frame | None = None
    measures_year: int = 0

    @property
    def due(self) -> int:
        """The fiscal year of the measures."""
        return self.measures_year or self.official.fiscal_year + 1

    @property
    def official(self) -> Official:
        return self.found.official


def build(result: Result, facts: Facts, annex: tuple[Block, ...] = (), *, thai_digits: bool = False) -> Report:
    """The document."""
    official = result.official
    year = official.fiscal_year
    measures = report_measures.grouped(result.measures, official.frame)
    return Report(
        "analysis",
        str(year),
        f"รายงานการวิเคราะห์ผล{report_result.ITA}",
        f"ปีงบประมาณ {year} และมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
        facts.agency,
        words.official_footer(facts.agency, year, facts.as_of),
        (
            *introduction(result, facts),
            Heading("2. ผลการประเมินในภาพรวม"),
            *report_result.whole(official, facts.agency),
            Heading("3. ผลการประเมินรายตัวชี้วัด"),
            *report_result.indicators(official),
            *report_years.charts(official, result.years),
            Heading("4. ผลการประเมินรายข้อ"),
            *report_result.items(official),
            Heading("5. การเปรียบเทียบกับปีก่อน"),
            *report_years.against_last_year(result.changed, year),
            Heading("6. การเปรียบเทียบหลายปี"),
            *report_years.many_years(result.years),
            Heading("7. การวิเคราะห์ 7 ประเด็น"),
            *report_issues.seven(result.found, measures),
            Heading("8. จุดแข็งและจุดอ่อน"),
            *report_issues.strengths(result.found),
            Heading("9. ข้อค้นพบรายตัวชี้วัด"),
            *report_issues.by_indicator(result.found, result.changed),
            Heading("10. มาตรการส่งเสริมคุณธรรมและความโปร่งใส"),
            *report_measures.planned(result.measures, result.due),
            *_without_measure(result.found, result.measures),
            Heading("11. ข้อจำกัด"),
            limitations(official, result.changed, measures),
            *report_facts.signatures(facts),
            report_facts.head_signature(facts),
        ),
        annex,
        thai_digits=thai_digits,
    )


def introduction(result: Result, facts: Facts) -> tuple[Block, ...]:
    """What this is, for what it is made, and which result it rests on."""
    official = result.official
    year = official.fiscal_year
    numbers = [report_measures.document_number(official.frame, "measures")]
    if result.next_frame:
        numbers.append(report_measures.document_number(result.next_frame, "measures"))
    imported = f"ไฟล์ {official.file} " if official.file else ""
    return (
        Heading("1. ความเป็นมา"),
        Paragraph(
            f"สำนักงาน ป.ป.ช. จัดให้มี{report_result.ITA} ปีงบประมาณ {year} รายงานนี้วิเคราะห์ผลของ{facts.agency} "
            "เพื่อกำหนดมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ซึ่งแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) "
            f"ให้เผยแพร่ตาม{words.listed(numbers)}"
        ),
        Paragraph(
            f"คะแนนทุกตัวในรายงานนี้มาจากผลที่ประกาศอย่างเป็นทางการ {imported}ซึ่งเจ้าหน้าที่นำเข้าระบบ "
            "ส่วนที่คำนวณจากคะแนนที่ประกาศทำเครื่องหมายไว้ ไม่มีคะแนนจากการสำรวจภายในของหน่วยงาน"
        ),
    )


def limitations(official: Official, changed: YearChange | None, measures: Mapping[int, Sequence[Measure]]) -> Bullets:
    """What is not known, not certain, or does not fit."""
    frame = official.frame
    said = ["ผล ITA ที่ประกาศมีแต่คะแนน ไม่บอกเหตุ รายงานนี้จึงไม่สรุปสาเหตุของคะแนน"]
    if official.total is None or not any(cell.level == "item" for cell in official.printed):
        said.append("ผลที่นำเข้าไม่มีคะแนนครบทุกระดับ ส่วนที่ไม่มีระบุไว้ในแต่ละหัวข้อ")
    said += [f"ตัวเลขที่ประกาศไม่สอดคล้องกัน ควรตรวจสอบก่อนเผยแพร่: {one}" for one in report_result.mismatches(official).items]
    if official.verdict.grade.agrees is False:
        said.append(f'ระดับที่ประกาศ "{official.grade}" ไม่ตรงกับเกณฑ์ ควรตรวจสอบก่อนเผยแพร่')
    if frame.taken_from:
        said.append(f"ไม่ทราบโครงสร้างของปี {frame.fiscal_year} จึงใช้ของปี {frame.taken_from}")
    said += [f"ยังไม่ยืนยัน: {doubt}" for doubt in frame.doubts]
    cautions = dict.fromkeys(row.caution for row in report_years.compared(changed) if row.caution) if changed else ()
    said += [f"การเปรียบเทียบกับปีก่อน: {caution}" for caution in cautions]
    lacking = [str(issue.number) for issue in frame.issues if issue.number not in measures]
    said += [f"ทะเบียนยังไม่มีมาตรการของประเด็นที่ {words.listed(lacking)}"] if lacking else []
    return Bullets(tuple(said))


def _without_measure(found: Findings, measures: Sequence[Measure]) -> tuple[Block, ...]:
    """What is to be improved and has no measure in the register."""
    left = tuple(report_issues.named(one) for one in report_measures.without(found, measures))
    return Heading("ข้อที่เสนอให้ปรับปรุงและยังไม่มีมาตรการในทะเบียน", 2), Bullets(left)
