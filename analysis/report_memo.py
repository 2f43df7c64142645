"""The memo (บันทึกข้อความ) to the head: announcing a yearly result, or as the cover of any other document. Pure.

Four parts, always: เรื่องเดิม, ข้อเท็จจริง, ข้อพิจารณา, ความเห็น. Of our own survey it holds no score: the cover of such
a document says what it is and leaves the numbers to it.
"""

from analysis import report_facts, report_issues, report_measures, report_result, report_years
from analysis import report_words as words
from analysis.report import Block, Bullets, Heading, MemoHead, Paragraph, Report, Table
from analysis.report_analysis import Result
from analysis.report_facts import Facts

PARTS = ("1. เรื่องเดิม", "2. ข้อเท็จจริง", "3. ข้อพิจารณา", "4. ความเห็น")
CLOSING = "จึงเรียนมาเพื่อโปรดทราบและพิจารณา"
SOURCES = {
    "monthly": "ผลสำรวจภายใน (ไม่ใช่ผล ITA อย่างเป็นทางการ)",
    "satisfaction": "ผลสำรวจภายใน (ไม่ใช่ผล ITA อย่างเป็นทางการ)",
    "participation": "ทะเบียนการมีส่วนร่วมและทะเบียนมาตรการของหน่วยงาน",
    "complaints": "ทะเบียนเรื่องร้องเรียนของหน่วยงาน",
    "analysis": "ผล ITA ที่ประกาศอย่างเป็นทางการ",
    "implementation": "ทะเบียนมาตรการของหน่วยงาน",
}
"""Kind of document -> what its numbers are, as its cover says it."""


def build(result: Result, facts: Facts, annex: tuple[Block, ...] = (), *, thai_digits: bool = False) -> Report:
    """The memo that announces the result of a year."""
    official = result.official
    year = official.fiscal_year
    subject = f"รายงานผล{report_result.ITA} ปีงบประมาณ {year}"
    blocks: tuple[Block, ...] = (
        Heading(PARTS[0], 2),
        Paragraph(f"ตามที่สำนักงาน ป.ป.ช. จัดให้มี{report_result.ITA} ปีงบประมาณ {year} นั้น {_last_year(result)}"),
        Heading(PARTS[1], 2),
        Paragraph(f"ผลที่ประกาศปรากฏว่า {report_result.total_sentence(official, facts.agency)}"),
        Paragraph(report_result.instruments_sentence(official)),
        *report_result.indicators(official),
        Paragraph(_change(result)),
        Heading(PARTS[2], 2),
        Paragraph(report_issues.rule_sentence(result.found.rule)),
        *report_issues.strengths(result.found),
        Heading("ความสอดคล้องของตัวเลขที่ประกาศ", 3),
        *_consistency(result),
        Heading(PARTS[3], 2),
        Paragraph("เห็นควรดำเนินการดังนี้"),
        Bullets(_proposals(result), numbered=True),
        Paragraph(CLOSING),
        *report_facts.opinions(facts),
    )
    footer = words.official_footer(facts.agency, year, facts.as_of)
    return _memo(str(year), subject, facts, blocks, footer, annex, thai_digits=thai_digits)


def cover(report: Report, facts: Facts) -> Report:
    """The memo with which a document goes to the head."""
    about = f"{report.title} {report.subtitle}"
    blocks: tuple[Block, ...] = (
        Heading(PARTS[0], 2),
        Paragraph(f"ตามที่{facts.agency} จัดทำ{about} นั้น"),
        Heading(PARTS[1], 2),
        Paragraph(f"เอกสารจัดทำเสร็จแล้ว ใช้ข้อมูลจาก{SOURCES[report.kind]} {words.as_of(facts.as_of)} ประกอบด้วยหัวข้อดังนี้"),
        Bullets(
            tuple(_title(part.text) for part in report.parts() if isinstance(part, Heading) and part.level == 1), True
        ),
        Heading(PARTS[2], 2),
        Paragraph(f"เอกสารมีตาราง {_tables(report)} ตาราง รายละเอียดตามเอกสารที่แนบ"),
        Heading(PARTS[3], 2),
        Paragraph("เห็นควรพิจารณาเอกสารที่แนบ และสั่งการตามที่เห็นสมควร"),
        Paragraph(CLOSING),
        *report_facts.opinions(facts),
    )
    period = f"{report.kind}-{report.period}"
    return _memo(period, f"ขอส่ง{about}", facts, blocks, report.footer, thai_digits=report.thai_digits)


def _memo(
    period: str,
    subject: str,
    facts: Facts,
    blocks: tuple[Block, ...],
    footer: str,
    annex: tuple[Block, ...] = (),
    *,
    thai_digits: bool,
) -> Report:
    head = MemoHead(facts.office, facts.memo_number, facts.memo_date, subject, facts.addressee)
    title = "บันทึกข้อความ"
    return Report("memo", period, title, subject, facts.agency, footer, blocks, annex, head, thai_digits)


def _last_year(result: Result) -> str:
    if result.changed is None:
        return "ในระบบไม่มีผลของปีก่อน"
    before = result.changed.before
    total = f"ได้ {words.points(before.total)}" if before.total else "ไม่มีคะแนนภาพรวมในระบบ"
    return f"ในปีงบประมาณ {before.fiscal_year} หน่วยงาน{total} {report_result.grade_words(before)}"


def _change(result: Result) -> str:
    if result.changed is None:
        return "ไม่มีการเปรียบเทียบกับปีก่อน เพราะไม่มีผลของปีก่อนในระบบ"
    return report_years.change_sentence(result.changed)


def _consistency(result: Result) -> tuple[Block, ...]:
    official = result.official
    found = report_result.mismatches(official)
    if found.items:
        return Paragraph("คะแนนที่ประกาศบางแห่งไม่สอดคล้องกัน ควรสอบถามก่อนเผยแพร่"), found
    if not official.verdict.comparisons:
        return (Paragraph("ผลที่นำเข้ามีไม่พอให้ตรวจว่าสอดคล้องกันหรือไม่"),)
    return (Paragraph(f"คะแนนที่ประกาศสอดคล้องกันทุกแห่งที่ตรวจได้ {len(official.verdict.comparisons)} แห่ง"),)


def _proposals(result: Result) -> tuple[str, ...]:
    year = result.official.fiscal_year
    units = dict.fromkeys(one.responsible for one in result.measures if one.responsible)
    said = [f"แจ้งผลการประเมิน ปีงบประมาณ {year} ให้ทุกส่วนราชการทราบ"]
    frame = result.next_frame or result.official.frame
    said.append(f"เผยแพร่การวิเคราะห์ผลและมาตรการตาม{report_measures.document_number(frame, 'measures')}")
    if result.measures:
        to = f"มอบหมาย{words.listed(units)} " if units else ""
        said.append(f"{to}ดำเนินการตามมาตรการในทะเบียน {len(result.measures)} มาตรการ ในปีงบประมาณ {result.due}")
    else:
        said.append(f"กำหนดมาตรการสำหรับปีงบประมาณ {result.due} เพราะในทะเบียนยังไม่มี")
    return tuple(said)


def _title(heading: str) -> str:
    """Without its number: the list has its own."""
    return heading.partition(". ")[2] or heading


def _tables(report: Report) -> int:
    return sum(isinstance(part, Table) for part in report.parts())
