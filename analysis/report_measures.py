"""The chosen measures in tables and sentences: what is planned for a weak item, and how far it has come. Pure.

Every word stands in the register; what is empty there is "ไม่มี" here.
"""

from collections.abc import Mapping, Sequence

from analysis import likeness
from analysis import report_words as words
from analysis.findings import Finding, Findings
from analysis.frame import Frame, family
from analysis.measure import DOING, DONE, DROPPED, PLANNED, STATUS_WORDS, Measure, ordered, summary
from analysis.official import Official, OfficialScore
from analysis.reconcile_tree import Cell
from analysis.report import NONE, OFFICIAL, Block, Bullets, Column, Heading, Paragraph, Table, printed
from analysis.report import Cell as Printed

NOTE = "ที่มา: ทะเบียนมาตรการของหน่วยงาน"


def planned(measures: Sequence[Measure], year: int) -> tuple[Block, ...]:
    """The table of what is to be done in a fiscal year, and how it will be followed."""
    rows = tuple(
        (
            _of(one),
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
        Column("ข้อ/ประเด็น", 5, "center"),
        Column("มาตรการ", 8),
        Column("ขั้นตอนและวิธีการ", 13),
        Column("ผู้รับผิดชอบ", 6),
        Column("ระยะเวลา", 6),
        Column("ผลผลิต", 7),
        Column("การติดตาม", 6, "center"),
    )
    table = Table("มาตรการ", f"มาตรการที่ดำเนินการในปีงบประมาณ {year}", columns, rows, NOTE)
    return table, Paragraph(counted(measures, year))


def counted(measures: Sequence[Measure], year: int) -> str:
    """How many measures of the year stand where."""
    if not measures:
        return f"ไม่มีมาตรการของปีงบประมาณ {year} ในทะเบียน"
    numbers = {status: sum(one.status == status for one in measures) for status in STATUS_WORDS}
    said = words.listed(f"{STATUS_WORDS[status]} {n} มาตรการ" for status, n in numbers.items() if n)
    return f"ทะเบียนมีมาตรการของปีงบประมาณ {year} จำนวน {len(measures)} มาตรการ{_answered(measures)}: {said}"


def _answered(measures: Sequence[Measure]) -> str:
    """`` สำหรับ 3 ข้อ และ 1 ประเด็น``: the items, indicators and whole issues they answer; empty where none is named."""
    codes = {one.item_code for one in measures if one.item_code}
    numbers = {
        "ข้อ": sum(not code.isdecimal() for code in codes),
        "ตัวชี้วัด": sum(code.isdecimal() for code in codes),
        "ประเด็น": len({one.issue for one in measures if one.issue and not one.item_code}),
    }
    said = [f"{n} {name}" for name, n in numbers.items() if n]
    return f" สำหรับ {words.listed(said)}" if said else ""


def carried_out(measures: Sequence[Measure], year: int) -> tuple[Block, ...]:
    """The implementation table: activity, steps, period, responsible, output, outcome, progress."""
    rows = tuple(
        (
            _of(one),
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
        Column("ข้อ/ประเด็น", 5, "center"),
        Column("มาตรการ/กิจกรรม", 7),
        Column("ขั้นตอน", 11),
        Column("ระยะเวลา", 6),
        Column("ผู้รับผิดชอบ", 6),
        Column("ผลผลิต", 7),
        Column("ผลลัพธ์", 7),
        Column("ก้าวหน้า", 6, "center"),
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
    """The official scores of what measures were chosen for, before and after, where they were imported."""
    known = [one for one in (before, after) if one]
    if not known:
        return (Paragraph("ไม่มีผล ITA ที่นำเข้าสำหรับเทียบก่อนและหลังดำเนินมาตรการ"),)
    codes = {one.item_code: one.answers for one in ordered(measures) if one.item_code}
    rows = tuple(
        (name, _wording(code, known), *(words.scored(_score(one, code)) for one in known))
        for code, name in codes.items()
    )
    columns = (
        Column("ข้อ/ตัวชี้วัด", 3, "center"),
        Column("ประเด็นการประเมิน", 9),
        *(Column(f"ปี {one.fiscal_year}", 3, "right") for one in known),
    )
    said = words.source(known[0]) + (f" และปีงบประมาณ {known[1].fiscal_year}" if len(known) > 1 else "")
    table = Table("คะแนนก่อนและหลัง", "คะแนน ITA ของข้อและตัวชี้วัดที่มีมาตรการ", columns, rows, said, basis=OFFICIAL)
    blocks: list[Block] = [table, Paragraph("คะแนนที่เปลี่ยนไปอาจมาจากหลายเหตุ ตัวเลขนี้ไม่ได้แสดงว่ามาตรการเป็นเหตุ")]
    if before and after and (cautions := _cautions(codes, before, after)):
        blocks += [Heading("ข้อควรระวังในการเทียบสองปี", 3), Bullets(cautions)]
    if whole := [f"ประเด็นที่ {one.issue}" for one in ordered(measures) if one.issue and not one.item_code]:
        listed = words.listed(dict.fromkeys(whole))
        blocks.append(Paragraph(f"มาตรการของ{listed} ใช้กับทั้งประเด็น ซึ่งไม่มีคะแนนของตนเอง จึงไม่อยู่ในตาราง"))
    return tuple(blocks)


def _cautions(codes: Mapping[str, str], before: Official, after: Official) -> tuple[str, ...]:
    """Why the scores of both years may not mean the same."""
    cells = {_cell(after.frame, code): name for code, name in codes.items()}
    found = likeness.likened(after.frame, before.frame, [cell for cell in cells if cell])
    return tuple(f"{cells[cell]}: {one.caution}" for cell, one in found.items() if one.caution)


def document_number(frame: Frame | None, kind: str) -> str:
    """``ข้อ o34 ของปีงบประมาณ 2567``, with the doubt where it is not verified or not known."""
    found = frame.publications.get(kind) if frame else None
    if frame is None or found is None:
        return "ข้อที่สำนักงาน ป.ป.ช. กำหนด (ไม่ทราบเลขข้อ)"
    doubt = "" if found.verified else " (ยังไม่ยืนยัน)"
    return f"ข้อ {found.item} ของปีงบประมาณ {frame.fiscal_year}{doubt}"


def grouped(measures: Sequence[Measure], frame: Frame) -> Mapping[int, tuple[Measure, ...]]:
    """Issue number -> the measures for it: those that name it, else those whose item or indicator belongs to it."""
    found: dict[int, list[Measure]] = {}
    for one in ordered(measures):
        for issue in [one.issue] if one.issue else _issues(one.item_code, frame):
            found.setdefault(issue, []).append(one)
    return {issue: tuple(group) for issue, group in found.items()}


def without(found: Findings, measures: Sequence[Measure]) -> tuple[Finding, ...]:
    """What is to be improved and no measure answers: none for it, for its indicator or, as a whole, for its issue.

    An indicator, where no items were published, is answered by a measure for one of its items too.
    """
    codes = {one.item_code for one in measures if one.item_code}
    issues = {one.issue for one in measures if not one.item_code}
    wide = codes | {str(item.indicator) for item in found.items if item.code in codes}
    return tuple(
        one
        for one in found.to_improve
        if not (wide if one.level == "indicator" else codes) & {one.code, str(one.indicator)}
        and not issues & {*one.issue_numbers}
    )


def _issues(code: str, frame: Frame) -> list[int]:
    codes = next((one.items for one in frame.indicators if str(one.number) == code), (code,))
    return sorted({issue.number for item in codes for issue in frame.issues_of(item)})


def _of(one: Measure) -> str:
    """What it answers, as a cell of a table."""
    issue = [f"ประเด็นที่ {one.issue}"] if one.issue else []
    return "\n".join([*([one.answers] if one.answers else []), *issue]) or NONE


def _stands(one: Measure) -> str:
    return f"{STATUS_WORDS[one.status]}\nร้อยละ {one.progress}"


def _cell(frame: Frame, code: str) -> Cell | None:
    """Where the score of an item or an indicator stands; None: the year has neither."""
    numbers = [str(one.number) for one in frame.indicators]
    if code in frame.items:
        return Cell("item", family(code), code)
    if code in numbers:
        return Cell("indicator", family(frame.indicators[numbers.index(code)].items[0]), code)
    return None


def _score(official: Official, code: str) -> OfficialScore | None:
    cell = _cell(official.frame, code)
    return official.scores.get(cell) if cell else None


def _wording(code: str, known: Sequence[Official]) -> str:
    texts = (one.title(cell) for one in known if (cell := _cell(one.frame, code)))
    return next((text for text in texts if text), "(ไม่ทราบถ้อยคำ)")
