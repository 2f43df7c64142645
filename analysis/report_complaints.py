"""Complaint statistics of a period, both tracks apart, as they must be published even when there are none. Pure.

The numbers are those of analysis/complaint_counts.py, withheld there. Of sealed reports there is a count, nothing else.
"""

from collections.abc import Mapping

from analysis import report_facts, report_measures
from analysis import report_words as words
from analysis.complaint_counts import NONE_AT_ALL, Cells, ComplaintStatistics, Track
from analysis.frame import Frame
from analysis.report import Block, Bullets, Column, Heading, Paragraph, Report, Table
from analysis.report import Cell as Printed
from analysis.report_facts import Facts
from analysis.report_people import MASKED
from survey import complaint, thai
from survey.settings import Office

NOTE = "ที่มา: ทะเบียนเรื่องร้องเรียนของหน่วยงาน นับเรื่องที่รับในช่วงเวลานี้ ตามสถานะ ณ วันที่นับ"
HIDDEN = "ปกปิด คือกลุ่มที่น้อยกว่า 5 เรื่อง หรือกลุ่มที่ทำให้คำนวณย้อนได้"


def build(
    found: ComplaintStatistics, frame: Frame | None, office: Office, facts: Facts, *, thai_digits: bool = False
) -> Report:
    """The document. ``frame``: of the fiscal year, for the number under which it is published."""
    track = found.ordinary
    number = report_measures.document_number(frame, "corruption_complaint_statistics")
    return Report(
        "complaints",
        found.period.key,
        "สถิติเรื่องร้องเรียนและเรื่องร้องเรียนการทุจริตและประพฤติมิชอบ",
        found.period.label,
        facts.agency,
        words.register_footer(facts.agency, facts.as_of),
        (
            Heading("1. ความเป็นมา"),
            Paragraph(
                f"{facts.agency} สรุปสถิติเรื่องร้องเรียน {found.period.label} {words.as_of(found.as_of)} "
                "แยกเรื่องร้องเรียนร้องทุกข์ทั่วไปกับเรื่องร้องเรียนการทุจริตและประพฤติมิชอบ ซึ่งแบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) "
                f"ให้เผยแพร่ตาม{number}"
            ),
            Heading("2. เรื่องร้องเรียนร้องทุกข์ทั่วไป"),
            Paragraph(lead(found)),
            _totals(track),
            *_breakdowns(found, office),
            Heading("7. ระยะเวลาดำเนินการ"),
            Paragraph(days(track)),
            Paragraph(rating(track)),
            Heading("8. เรื่องร้องเรียนการทุจริตและประพฤติมิชอบ"),
            *_sealed(found),
            Heading("9. การยืนยันข้อมูล"),
            Paragraph(_confirmed(found)),
            Bullets(found.unconfirmed),
            Heading("10. สรุป"),
            Paragraph(f"{lead(found)} {_sealed_sentence(found)}"),
            *report_facts.signatures(facts),
        ),
        thai_digits=thai_digits,
    )


def lead(found: ComplaintStatistics) -> str:
    """What came in and what became of it; the sentence that must stand where there is nothing or it may change."""
    track = found.ordinary
    if not track.received:
        return f"{found.period.label} {found.sentence}"
    said = (
        f"{found.period.label} รับเรื่อง {track.received:,} เรื่อง แก้ไขแล้ว {track.resolved:,} เรื่อง "
        f"ไม่รับดำเนินการ {track.rejected:,} เรื่อง อยู่ระหว่างดำเนินการ {track.in_progress:,} เรื่อง "
        f"ผู้แจ้งยกเลิก {track.cancelled:,} เรื่อง"
    )
    return f"{said} {found.sentence}".strip()


def days(track: Track) -> str:
    """How long it took: each case while they are few, else median and 90th percentile."""
    if not track.days.n:
        return "ไม่มีเรื่องที่ยุติแล้ว จึงไม่มีระยะเวลาดำเนินการ"
    within = f"ยุติภายในกำหนด {track.within:,} เรื่อง จากที่ยุติแล้ว {track.closed:,} เรื่อง"
    if track.days.median is None or track.days.ninetieth is None:
        return f"{within} ใช้เวลาแต่ละเรื่อง (วัน) {words.listed(map(str, track.days.each))}"
    median = words.rounded(track.days.median, 1)
    return f"{within} ครึ่งหนึ่งใช้เวลาไม่เกิน {median.text} วัน และร้อยละ 90 ใช้เวลาไม่เกิน {track.days.ninetieth} วัน"


def rating(track: Track) -> str:
    """What complainants thought of the outcome."""
    reopened = f"ผู้แจ้งขอให้เปิดเรื่องใหม่ {track.reopened:,} เรื่อง"
    if track.rating is None:
        return f"{reopened} ผู้ให้คะแนนผลการแก้ไขน้อยกว่า 5 คน จึงไม่แสดงคะแนน"
    return f"{reopened} ผู้ให้คะแนนผลการแก้ไข {track.rated:,} คน เฉลี่ย {words.rounded(track.rating).text} จาก 5"


def _totals(track: Track) -> Table:
    numbers = {
        "รับเรื่อง": track.received,
        complaint.STATUS_TITLES[complaint.RESOLVED]: track.resolved,
        complaint.STATUS_TITLES[complaint.REJECTED]: track.rejected,
        "อยู่ระหว่างดำเนินการ": track.in_progress,
        complaint.STATUS_TITLES[complaint.CANCELLED]: track.cancelled,
        "ยุติภายในกำหนด": track.within,
        "เกินกำหนดและยังไม่ยุติ": track.overdue,
        "ผู้แจ้งขอให้เปิดเรื่องใหม่": track.reopened,
    }
    rows = tuple((title, words.count(n), words.percent(n, track.received)) for title, n in numbers.items())
    columns = (Column("รายการ", 8), Column("จำนวน (เรื่อง)", 3, "right"), Column("ร้อยละของเรื่องที่รับ", 4, "right"))
    return Table("ภาพรวม", "สรุปเรื่องร้องเรียนร้องทุกข์ทั่วไป", columns, rows, NOTE, (0,))


def _breakdowns(found: ComplaintStatistics, office: Office) -> tuple[Block, ...]:
    track = found.ordinary
    categories = {name: office.rules.category(name).title for name in track.categories}
    departments = {one.id: one.title for one in office.departments}
    months = {key: thai.parse_month(key).label for key in track.months}
    return (
        Heading("3. ตามประเภทเรื่อง"),
        _cells("ประเภทเรื่อง", track.categories, categories),
        Heading("4. ตามส่วนราชการที่รับผิดชอบ"),
        _cells("ส่วนราชการ", track.departments, departments),
        Heading("5. ตามช่องทาง"),
        _cells("ช่องทาง", track.channels, complaint.CHANNELS),
        Heading("6. รายเดือน"),
        _cells("เดือน", track.months, months),
    )


def _cells(title: str, cells: Cells, titles: Mapping[str, str]) -> Table:
    rows: tuple[tuple[Printed, ...], ...] = tuple(
        (titles.get(name, name or "ทั้งหน่วยงาน"), MASKED if n is None else words.count(n)) for name, n in cells.items()
    )
    columns = (Column(title, 8), Column("จำนวน (เรื่อง)", 3, "right"))
    hidden = None in cells.values()
    said = f"{NOTE} · {HIDDEN}" if hidden else NOTE
    return Table(f"ตาม{title}", f"จำนวนเรื่องที่รับตาม{title}", columns, rows, said)


def _sealed(found: ComplaintStatistics) -> tuple[Block, ...]:
    rows = (("รับเรื่อง", words.count(found.sealed.received)), ("ยุติแล้ว", words.count(found.sealed.closed)))
    columns = (Column("รายการ", 8), Column("จำนวน (เรื่อง)", 3, "right"))
    note = "ที่มา: ช่องทางแจ้งเรื่องทุจริตแบบปกปิด นับจำนวนเท่านั้น"
    title = "สรุปเรื่องร้องเรียนการทุจริตและประพฤติมิชอบ"
    return Paragraph(_sealed_sentence(found)), Table("ทุจริต", title, columns, rows, note)


def _sealed_sentence(found: ComplaintStatistics) -> str:
    if not found.sealed.received:
        return "ไม่มีเรื่องร้องเรียนการทุจริตและประพฤติมิชอบที่แจ้งผ่านช่องทางแบบปกปิดของระบบ"
    return (
        f"เรื่องร้องเรียนการทุจริตและประพฤติมิชอบที่แจ้งผ่านช่องทางแบบปกปิดของระบบ {found.sealed.received:,} เรื่อง "
        f"ยุติแล้ว {found.sealed.closed:,} เรื่อง"
    )


def _confirmed(found: ComplaintStatistics) -> str:
    if found.final:
        said = "เจ้าหน้าที่ยืนยันแล้วว่าทะเบียนมีเรื่องจากทุกช่องทางครบทุกเดือน"
        return said if found.ordinary.received else f"{said} ({NONE_AT_ALL})"
    if found.unconfirmed:
        return "ตัวเลขยังไม่เป็นที่สุด เดือนที่เจ้าหน้าที่ยังไม่ยืนยันว่าทะเบียนมีเรื่องจากทุกช่องทางครบ มีดังนี้"
    return "ตัวเลขยังไม่เป็นที่สุด เพราะช่วงเวลานี้ยังไม่สิ้นสุด เดือนที่ผ่านมายืนยันครบแล้ว เดือนที่ยังไม่ยืนยัน:"
