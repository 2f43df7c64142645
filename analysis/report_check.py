"""Is a document complete? Every section it must have is there with something in it, and nothing is left blank. Pure.

"ไม่มี" counts as something: it is written where there is nothing to tell, and a heading is never left out.
"""

from collections.abc import Iterator

from analysis.report import Bullets, Chart, Heading, Paragraph, Report, ReportError, Signature, Table

SECTIONS: dict[str, tuple[str, ...]] = {
    "monthly": ("ภาพรวม", "ข้อที่ควรดูแลและข้อที่เปลี่ยนแปลง", "วิธีอ่าน", "รายข้อ"),
    "memo": ("เรื่องเดิม", "ข้อเท็จจริง", "ข้อพิจารณา", "ความเห็น"),
    "analysis": (
        *("ความเป็นมา", "ผลการประเมินในภาพรวม", "ผลการประเมินรายตัวชี้วัด", "ผลการประเมินรายข้อ", "การเปรียบเทียบกับปีก่อน"),
        *("การเปรียบเทียบหลายปี", "การวิเคราะห์ 7 ประเด็น", "จุดแข็งและจุดอ่อน", "ข้อค้นพบรายตัวชี้วัด"),
        *("มาตรการส่งเสริมคุณธรรมและความโปร่งใส", "ข้อจำกัด"),
    ),
    "implementation": (
        *("ความเป็นมา", "สรุปสถานะ", "การดำเนินการตามมาตรการ", "ผลการดำเนินการรายมาตรการ"),
        *("คะแนนก่อนและหลังดำเนินมาตรการ", "มาตรการที่ยังไม่แล้วเสร็จหรือยกเลิก", "ข้อมูลที่ทะเบียนยังไม่มี", "สรุป"),
    ),
    "complaints": (
        *("ความเป็นมา", "เรื่องร้องเรียนร้องทุกข์ทั่วไป", "ตามประเภทเรื่อง", "ตามส่วนราชการที่รับผิดชอบ", "ตามช่องทาง", "รายเดือน"),
        *("ระยะเวลาดำเนินการ", "เรื่องร้องเรียนการทุจริตและประพฤติมิชอบ", "การยืนยันข้อมูล", "สรุป"),
    ),
    "participation": (
        *("ความเป็นมา", "ประเด็นที่เปิดให้มีส่วนร่วมและช่วงเวลา", "ช่องทางการมีส่วนร่วม", "จำนวนผู้มีส่วนร่วม"),
        *("ความคิดเห็นและข้อเสนอแนะ", "การดำเนินการของหน่วยงาน", "สรุป", "ข้อจำกัด"),
    ),
    "satisfaction": (
        *("วัตถุประสงค์และวิธีการ", "ลักษณะของผู้ตอบ", "ผลการสำรวจในภาพรวมและรายข้อ", "ผลการสำรวจตามจุดบริการ"),
        *("ผลการสำรวจตามส่วนราชการ", "การเปรียบเทียบกับปีก่อน", "ข้อเสนอแนะจากผู้ตอบ", "สรุป", "ข้อจำกัด"),
    ),
}
"""Kind of document -> the sections it must have, in order, without their numbers."""

SIGNED = ("memo", "analysis", "implementation", "complaints", "participation", "satisfaction")


def check(report: Report) -> None:
    """Raises ReportError naming everything that is not there."""
    if problems := list(_problems(report)):
        raise ReportError(f"{report.kind} is not complete: {'; '.join(problems)}")


def _problems(report: Report) -> Iterator[str]:
    parts = list(report.parts())
    found = [part.text.partition(". ")[2] or part.text for part in parts if isinstance(part, Heading)]
    yield from (f"there is no section {name!r}" for name in SECTIONS[report.kind] if name not in found)
    for at, part in enumerate(parts):
        if isinstance(part, Heading):
            after = parts[at + 1] if at + 1 < len(parts) else None
            below = isinstance(after, Heading) and after.level > part.level
            if not below and not isinstance(after, Paragraph | Bullets | Table | Chart):
                yield f"nothing stands below {part.text!r}"
        yield from _blanks(part)
    outside = ("title", "subtitle", "agency", "footer")
    yield from (f"the {name} is blank" for name in outside if not getattr(report, name))
    if report.kind in SIGNED and not any(isinstance(part, Signature) for part in parts):
        yield "nobody signs it"
    if report.kind == "memo" and report.memo is None:
        yield "the head of the memo is missing"
    if report.memo:
        names = ("office", "number", "date", "subject", "to")
        yield from (f"the memo's {name} is blank" for name in names if not getattr(report.memo, name).strip())


def _blanks(part: object) -> Iterator[str]:
    match part:
        case Heading() | Paragraph():
            yield from () if part.text.strip() else ("a paragraph or heading is blank",)
        case Bullets():
            yield from ("a line of a list is blank" for item in part.items if not item.strip())
        case Table():
            wide = len(part.columns)
            yield from (f"a row of {part.title!r} has not {wide} cells" for row in part.rows if len(row) != wide)
            yield from (f"a cell of {part.title!r} is blank" for row in part.rows for cell in row if cell == "")
        case Signature():
            yield from () if part.name and part.position else ("a signature lacks its name or position",)
        case _:
            return
