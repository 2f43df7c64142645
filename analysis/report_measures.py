"""The chosen measures in tables and sentences: what is planned for a weak item, and how far it has come. Pure.

Every word stands in the register; what is empty there is "ไม่มี" here.
"""

from collections.abc import Mapping, Sequence

from analysis import report_words as words
from analysis.frame import Frame
from analysis.measure import DOING, DONE, DROPPED, PLANNED, STATUS_WORDS, Measure, ordered, summary
from analysis.official import Official, OfficialScore
from analysis.report import NONE, OFFICIAL, Block, Bullets, Column, Heading, Paragraph, Table, printed
from analysis.report import Cell as Printed

NOTE = "ที่มา: ทะเบียนมาตรการของหน่วยงาน"


def planned(measures: Sequence[Measure], year: int) -> tuple[Block, ...]:
    """The table of what is to be done in a fiscal year, and how it will be followed."""
    rows = tuple(
        (
            _of_item(one),
            one.title,
            words.lines(one.steps),
            words.some(one.responsible),
            words.some(one.period),
            words.some(one.output),
            _stands(one),
        )
        for one in ordered(measures)
    )
    columns = (
        Column("ข้อ", 4, "center"),
        Column("มาตรการ", 7),
        Column("ขั้นตอนและวิธีการ", 11),
        Column("ผู้รับผิดชอบ", 5),
        Column("ระยะเวลา", 4),
        Column("ผลผลิต", 6),
        Column("การติดตาม", 4, "center"),
    )
    table = Table("มาตรการ", f"มาตรการที่ดำเนินการในปีงบประมาณ {year}", columns, rows, NOTE)
    return table, Paragraph(counted(measures, year))


def counted(measures: Sequence[Measure], year: int) -> str:
    """How many measures of the year stand where."""
    if not measures:
        return f"ไม่มีมาตรการของปีงบประมาณ {year} ในทะเบียน"
    numbers = {status: sum(one.status == status for one in measures) for status in STATUS_WORDS}
    said = words.listed(f"{STATUS_WORDS[status]} {n} มาตรการ" for status, n in numbers.items() if n)
    codes = {one.item_code for one in measures}
    return f"ทะเบียนมีมาตรการของปีงบประมาณ {year} จำนวน {len(measures)} มาตรการ สำหรับ {len(codes)} ข้อ: {said}"


def carried_out(measures: Sequence[Measure], year: int) -> tuple[Block, ...]:
    """The implementation table: activity, steps, period, responsible, output, outcome, progress."""
    rows = tuple(
        (
            _of_item(one),
            one.title,
            words.lines(one.steps),
            words.some(one.period),
            words.some(one.responsible),
            words.some(one.output),
            words.some(one.outcome),
            _stands(one),
        )
        for one in ordered(measures)
    )
    columns = (
        Column("ข้อ", 4, "center"),
        Column("มาตรการ/กิจกรรม", 6),
        Column("ขั้นตอน", 9),
        Column("ระยะเวลา", 4),
        Column("ผู้รับผิดชอบ", 5),
        Column("ผลผลิต", 5),
        Column("ผลลัพธ์", 5),
        Column("ก้าวหน้า", 4, "center"),
    )
    return (Table("การดำเนินการ", f"การดำเนินการตามมาตรการ ปีงบประมาณ {year}", columns, rows, NOTE),)


def one_by_one(measures: Sequence[Measure]) -> tuple[Block, ...]:
    """What was achieved with each measure, its budget and its evidence."""
    blocks: list[Block] = []
    for at, one in enumerate(ordered(measures), 1):
        blocks.append(Heading(f"มาตรการที่ {at} {one.title}", 2))
        blocks.append(
            Paragraph(
                f"{STATUS_WORDS[one.status]} ความก้าวหน้าร้อยละ {one.progress} ผลการดำเนินการ: {words.some(one.result)} "
                f"งบประมาณ: {words.some(one.budget)}"
            )
        )
        blocks.append(Heading(f"หลักฐานของมาตรการที่ {at}", 3))
        blocks.append(Bullets(one.evidence))
    return tuple(blocks) or (Paragraph(NONE),)


def standing(measures: Sequence[Measure], year: int) -> tuple[Block, ...]:
    """How many stand where, in a table, and the mean progress of those that go on."""
    total = summary(measures)
    numbers = {PLANNED: total.planned, DOING: total.doing, DONE: total.done, DROPPED: total.dropped}
    rows: list[tuple[Printed, ...]] = [
        (STATUS_WORDS[status], words.count(n), words.percent(n, total.n)) for status, n in numbers.items()
    ]
    rows.append(("รวม", words.count(total.n), words.percent(total.n, total.n)))
    columns = (Column("สถานะ", 6), Column("จำนวนมาตรการ", 3, "right"), Column("ร้อยละ", 3, "right"))
    table = Table("สถานะ", f"สถานะของมาตรการ ปีงบประมาณ {year}", columns, tuple(rows), NOTE, (len(rows) - 1,))
    said = counted(measures, year)
    if total.progress is not None:
        said += f" ความก้าวหน้าเฉลี่ยของมาตรการที่ไม่ยกเลิก ร้อยละ {printed(words.rounded(total.progress))}"
    return Paragraph(said), table


def unfinished(measures: Sequence[Measure]) -> Bullets:
    """What is not done, with where it stands."""
    return Bullets(
        tuple(
            f"{one.title} ({STATUS_WORDS[one.status]} ร้อยละ {one.progress})"
            for one in ordered(measures)
            if one.status != DONE
        )
    )


def followed(measures: Sequence[Measure], before: Official | None, after: Official | None) -> tuple[Block, ...]:
    """The official scores of the items that measures were chosen for, before and after, where they were imported."""
    if before is None and after is None:
        return (Paragraph("ไม่มีผล ITA ที่นำเข้าสำหรับเทียบก่อนและหลังดำเนินมาตรการ"),)
    years = [one.fiscal_year for one in (before, after) if one]
    known = [one for one in (before, after) if one]
    rows = tuple(
        (f"ข้อ {code}", _wording(code, known), *(words.scored(_score(one, code)) for one in known))
        for code in dict.fromkeys(one.item_code for one in ordered(measures))
    )
    columns = (
        Column("ข้อ", 2, "center"),
        Column("ประเด็นการประเมิน", 9),
        *(Column(f"ปี {year}", 3, "right") for year in years),
    )
    said = words.source(known[0]) + (f" และปีงบประมาณ {years[1]}" if len(years) > 1 else "")
    table = Table("คะแนนรายข้อ", "คะแนน ITA ของข้อที่มีมาตรการ", columns, rows, said, basis=OFFICIAL)
    return table, Paragraph("คะแนนที่เปลี่ยนไปอาจมาจากหลายเหตุ ตัวเลขนี้ไม่ได้แสดงว่ามาตรการเป็นเหตุ")


def document_number(frame: Frame | None, kind: str) -> str:
    """``ข้อ o34 ของปีงบประมาณ 2567``, with the doubt where it is not verified or not known."""
    found = frame.publications.get(kind) if frame else None
    if frame is None or found is None:
        return "ข้อที่สำนักงาน ป.ป.ช. กำหนด (ไม่ทราบเลขข้อ)"
    doubt = "" if found.verified else " (ยังไม่ยืนยัน)"
    return f"ข้อ {found.item} ของปีงบประมาณ {frame.fiscal_year}{doubt}"


def grouped(measures: Sequence[Measure], frame: Frame) -> Mapping[int, tuple[Measure, ...]]:
    """Issue number -> the measures for it: those that name it, else those whose item belongs to it."""
    found: dict[int, list[Measure]] = {}
    for one in ordered(measures):
        for issue in [one.issue] if one.issue else [issue.number for issue in frame.issues_of(one.item_code)]:
            found.setdefault(issue, []).append(one)
    return {issue: tuple(group) for issue, group in found.items()}


def _of_item(one: Measure) -> str:
    return one.item_code if not one.issue else f"{one.item_code}\nประเด็น {one.issue}"


def _stands(one: Measure) -> str:
    return f"{STATUS_WORDS[one.status]}\nร้อยละ {one.progress}"


def _score(official: Official, code: str) -> OfficialScore | None:
    return official.item(code) if code in official.frame.items else None


def _wording(code: str, known: Sequence[Official]) -> str:
    texts = (one.frame.items[code].text for one in known if code in one.frame.items)
    return next((text for text in texts if text), "(ไม่ทราบถ้อยคำ)")
