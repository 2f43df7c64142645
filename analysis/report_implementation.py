"""How the measures of a fiscal year were carried out, from the register; beside it official scores only. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import report_facts, report_measures
from analysis import report_words as words
from analysis.frame import Frame
from analysis.measure import Measure, ordered
from analysis.official import Official
from analysis.report import Block, Bullets, Heading, Paragraph, Report
from analysis.report_facts import Facts


@dataclass(frozen=True)
class Carried:
    """The measures of a fiscal year, its frame, and the official results of the year before it and of that year."""

    year: int
    measures: Sequence[Measure]
    frame: Frame | None = None
    before: Official | None = None
    after: Official | None = None


def build(given: Carried, facts: Facts, annex: tuple[Block, ...] = (), *, thai_digits: bool = False) -> Report:
    """The document."""
    year, measures = given.year, given.measures
    number = report_measures.document_number(given.frame, "implementation_report")
    return Report(
        "implementation",
        str(year),
        "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน",
        f"ปีงบประมาณ {year}",
        facts.agency,
        words.register_footer(facts.agency, facts.as_of),
        (
            Heading("1. ความเป็นมา"),
            Paragraph(
                f"รายงานนี้สรุปผลการดำเนินการตามมาตรการของ{facts.agency} ในปีงบประมาณ {year} "
                "ซึ่งแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) ให้เผยแพร่ตาม"
                f"{number} ข้อความทั้งหมดมาจากทะเบียนมาตรการที่ผู้รับผิดชอบบันทึก "
                f"{words.as_of(facts.as_of)} คะแนนที่อ้างถึงเป็นผล ITA ที่ประกาศอย่างเป็นทางการเท่านั้น"
            ),
            Heading("2. สรุปสถานะ"),
            *report_measures.standing(measures, year),
            Heading("3. การดำเนินการตามมาตรการ"),
            *report_measures.carried_out(measures, year),
            Heading("4. ผลการดำเนินการรายมาตรการ"),
            *report_measures.one_by_one(measures),
            Heading("5. คะแนนก่อนและหลังดำเนินมาตรการ"),
            *report_measures.followed(measures, given.before, given.after),
            Heading("6. มาตรการที่ยังไม่แล้วเสร็จหรือยกเลิก"),
            report_measures.unfinished(measures),
            Heading("7. ข้อมูลที่ทะเบียนยังไม่มี"),
            gaps(measures),
            Heading("8. สรุป"),
            Paragraph(report_measures.counted(measures, year)),
            *report_facts.signatures(facts),
            report_facts.head_signature(facts),
        ),
        annex,
        thai_digits=thai_digits,
    )


def gaps(measures: Sequence[Measure]) -> Bullets:
    """What a reader of the implementation report looks for and the register does not hold, measure by measure."""
    named = {"responsible": "ผู้รับผิดชอบ", "period": "ระยะเวลา", "output": "ผลผลิต", "outcome": "ผลลัพธ์"}
    named |= {"result": "ผลการดำเนินการ", "evidence": "หลักฐาน"}
    lacking = [(one, [word for name, word in named.items() if not getattr(one, name)]) for one in ordered(measures)]
    return Bullets(tuple(f"{one.title}: {words.listed(what)}" for one, what in lacking if what))
