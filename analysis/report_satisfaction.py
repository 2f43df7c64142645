"""The satisfaction report: n, mean, S.D., percent, interpretation; by item, service point, against last year. Pure.

The numbers are those of analysis/report_means.py; the sentences follow from them by rule.
"""

from collections.abc import Sequence
from decimal import Decimal

from analysis import report_facts, report_means, report_monthly, report_people
from analysis import report_survey as surveys
from analysis import report_words as words
from analysis.display import show
from analysis.figures import DEPARTMENT, POINT
from analysis.internal import Comment
from analysis.report import INTERNAL, Block, Bullets, Chart, Column, Heading, Paragraph, Report, Series, Table
from analysis.report import Cell as Printed
from analysis.report_facts import Facts
from analysis.report_levels import Levels
from analysis.report_people import Profile
from analysis.report_survey import Survey
from analysis.scores import NOTHING


def build(
    survey: Survey,
    levels: Levels,
    people: tuple[Sequence[Profile], Sequence[Comment]],
    facts: Facts,
    *,
    thai_digits: bool = False,
) -> Report:
    """``people``: the profile of those who told it, and the comments."""
    profiles, comments = people
    return Report(
        "satisfaction",
        survey.period.key,
        "รายงานผลการสำรวจความพึงพอใจของผู้รับบริการ",
        words.named(survey.period),
        facts.agency,
        words.internal_footer(facts.agency, facts.as_of),
        (
            Heading("1. วัตถุประสงค์และวิธีการ"),
            *_method(survey, levels),
            Heading("2. ลักษณะของผู้ตอบ"),
            Paragraph(_who(survey)),
            *report_people.profile_tables(profiles, f"ผู้ตอบแบบสอบถาม EIT ภายใน · {words.as_of(survey.as_of)}"),
            Heading("3. ผลการสำรวจในภาพรวมและรายข้อ"),
            Paragraph(lead(survey, levels)),
            _items(survey, levels),
            *_chart(survey),
            Heading("4. ผลการสำรวจตามจุดบริการ"),
            *_points(survey, levels),
            Heading("5. ผลการสำรวจตามส่วนราชการ"),
            *_departments(survey, levels),
            Heading("6. การเปรียบเทียบกับปีก่อน"),
            *_last_year(survey, levels),
            Heading("7. ข้อเสนอแนะจากผู้ตอบ"),
            *report_people.comment_blocks(comments, {"satisfaction": "ติชมบริการ", "eit": "แบบสอบถาม EIT"}),
            Heading("8. สรุป"),
            Bullets(_summary(survey, levels)),
            Heading("9. ข้อจำกัด"),
            surveys.method(),
            *report_facts.signatures(facts),
        ),
        thai_digits=thai_digits,
    )


def lead(survey: Survey, levels: Levels) -> str:
    """The whole in a sentence."""
    n, score = survey.n, survey.whole.headline
    if n == 0:
        return f"{words.named(survey.period)} ไม่มีผู้ตอบเอง {helped(survey, levels)}"
    mean = report_means.printed_mean(score, levels)
    if mean is None:
        return f"{words.named(survey.period)} มีผู้ตอบเอง {_count(n)} คน {show(score).value}"
    said = (
        f"{words.named(survey.period)} มีผู้ตอบเอง {_count(n)} คน ความพึงพอใจในภาพรวมมีค่าเฉลี่ย {mean} "
        f"จาก {levels.highest} (ร้อยละ {report_means.percent(score, levels).text}) อยู่ในระดับ{levels.name(mean)}"
    )
    return " ".join(part for part in (said, show(score).note, helped(survey, levels)) if part)


def helped(survey: Survey, levels: Levels) -> str:
    """Those whom an officer helped, apart and never mixed in."""
    n, score = survey.helped, survey.assisted.measured.overall
    if n == 0:
        return "ไม่มีคำตอบที่เจ้าหน้าที่ช่วยกรอก"
    mean = report_means.printed_mean(score, levels)
    said = f"ค่าเฉลี่ย {mean}" if mean is not None else show(score).value
    return f"แยกต่างหาก: เจ้าหน้าที่ช่วยกรอก {_count(n)} คน {said}"


def _method(survey: Survey, levels: Levels) -> tuple[Block, ...]:
    rows: list[tuple[Printed, ...]] = []
    upper = Decimal(levels.highest)
    for one in levels.levels:
        rows.append((f"{one.least:.2f} - {upper:.2f}", one.name))
        upper = one.least - Decimal("0.01")
    columns = (Column("ค่าเฉลี่ย", 4, "center"), Column("แปลผล ความพึงพอใจระดับ", 6, "center"))
    return (
        Paragraph(
            f"เพื่อทราบความพึงพอใจของผู้รับบริการและนำไปปรับปรุงบริการ ใช้แบบสอบถาม {len(survey.instrument.items)} ข้อ "
            f"คำตอบ {levels.highest} ระดับ ผู้รับบริการตอบเองทาง LINE จากคิวอาร์โคดที่จุดบริการ หรือให้เจ้าหน้าที่ช่วยกรอก "
            f"ซึ่งรายงานแยกกัน เก็บข้อมูล{words.named(survey.period)} {words.as_of(survey.as_of)}"
        ),
        Paragraph(
            f"ค่าเฉลี่ยคิดจากคำตอบ 1 ถึง {levels.highest} ร้อยละคือค่าเฉลี่ยหารด้วย {levels.highest} คูณ 100 "
            "ส่วนเบี่ยงเบนมาตรฐาน (S.D.) รายข้อคิดจากคำตอบทุกคน ของภาพรวมคิดจากค่าเฉลี่ยของผู้ตอบแต่ละคน (หารด้วย n ลบ 1)"
        ),
        Table("เกณฑ์แปลผล", "เกณฑ์การแปลผลค่าเฉลี่ย", columns, tuple(rows), "เกณฑ์ที่หน่วยงานกำหนด", basis=INTERNAL),
    )


def _who(survey: Survey) -> str:
    n, helped = survey.n, survey.helped
    return (
        f"ผู้ตอบแบบติชมบริการ ตอบเอง {_count(n)} คน เจ้าหน้าที่ช่วยกรอก {_count(helped)} คน แบบติชมบริการไม่ถามเพศ อายุ "
        "หรือสถานะ ตารางต่อไปนี้เป็นของผู้ตอบแบบสอบถาม EIT ภายในช่วงเดียวกันซึ่งเลือกตอบคำถามส่วนตัวเพิ่ม"
    )


def _items(survey: Survey, levels: Levels) -> Table:
    tally, _ = survey.tally
    rows = [
        (
            one.code,
            surveys.wording(survey.instrument, one.code),
            *report_means.cells(one.score, report_means.of_item(tally, one.code), levels),
        )
        for one in survey.whole.measured.items
    ]
    rows.append(("รวม", "ภาพรวม", *report_means.cells(survey.whole.headline, report_means.of_people(tally), levels)))
    columns = (Column("ข้อ", 2, "center"), Column("ประเด็น", 8), *report_means.columns(levels))
    strong = (len(rows) - 1,)
    return Table("รายข้อ", "ความพึงพอใจรายข้อ", columns, tuple(rows), surveys.note(survey), strong, INTERNAL)


def _points(survey: Survey, levels: Levels) -> tuple[Block, ...]:
    tallies = survey.points()
    rows = []
    for title, one in survey.by(POINT):
        tally, _ = tallies[one.group]
        rows.append((title, *report_means.cells(one.measured.overall, report_means.of_people(tally), levels)))
    columns = (Column("จุดบริการ", 8), *report_means.columns(levels))
    said = f"{surveys.note(survey)} · เรียงตามทะเบียนจุดบริการ"
    table = Table("จุดบริการ", "ความพึงพอใจตามจุดบริการ", columns, tuple(rows), said, basis=INTERNAL)
    scores = [(title, one.measured.overall) for title, one in survey.by(POINT)]
    return table, Paragraph(report_means.compared(scores, levels, "จุดบริการ")), *_point_bars(survey, levels)


def _departments(survey: Survey, levels: Levels) -> tuple[Block, ...]:
    scores = [(title, one.measured.overall) for title, one in survey.by(DEPARTMENT)]
    rows = tuple(
        (
            title,
            report_means.people(s),
            report_means.mean_cell(s, levels),
            report_means.interval(s, levels),
            report_means.level(s, levels),
        )
        for title, s in scores
    )
    columns = (Column("ส่วนราชการ", 8), *(c for c in report_means.columns(levels) if c.title not in ("S.D.", "ร้อยละ")))
    table = Table("ส่วนราชการ", "ความพึงพอใจตามส่วนราชการ", columns, rows, surveys.note(survey), basis=INTERNAL)
    return table, Paragraph(report_means.compared(scores, levels, "ส่วนราชการ"))


def _last_year(survey: Survey, levels: Levels) -> tuple[Block, ...]:
    before = {one.code: one.score for one in survey.before.measured.items}
    whole = (("รวม", "ภาพรวม", survey.whole.headline, survey.before.headline),)
    items = tuple(
        (one.code, surveys.wording(survey.instrument, one.code), one.score, before.get(one.code, NOTHING))
        for one in survey.whole.measured.items
    )
    rows = tuple(
        (
            code,
            text,
            report_means.mean_cell(then, levels),
            report_means.mean_cell(now, levels),
            report_means.change(now, levels),
        )
        for code, text, now, then in (*items, *whole)
    )
    last, this = survey.period.previous().label, survey.period.label
    columns = (
        Column("ข้อ", 2, "center"),
        Column("ประเด็น", 8),
        Column(last, 4, "right"),
        Column(this, 4, "right"),
        Column("เปลี่ยนแปลง", 4, "center"),
    )
    n = survey.n_before
    said = f"ปีก่อนมีผู้ตอบเอง {_count(n)} คน · {surveys.note(survey)} · เปรียบเทียบเมื่อทั้งสองปีมีผู้ตอบตั้งแต่ 30 คน"
    table = Table("เทียบปีก่อน", f"ค่าเฉลี่ยเทียบกับ{last}", columns, rows, said, (len(rows) - 1,), INTERNAL)
    if n == 0:
        return Paragraph(f"ไม่มีผู้ตอบใน{last} จึงไม่มีการเปรียบเทียบ"), table
    return Paragraph(f"ภาพรวมเทียบกับ{last}: {report_means.change(survey.whole.headline, levels)}"), table


def _chart(survey: Survey) -> tuple[Block, ...]:
    found = report_monthly.distribution(report_monthly.spreads(survey), surveys.note(survey))
    return (found or Paragraph("ผู้ตอบยังไม่ถึง 30 คน จึงไม่แสดงการกระจายของคำตอบ"),)


def _point_bars(survey: Survey, levels: Levels) -> tuple[Block, ...]:
    """Bars of the points that are shown, when there are two or more."""
    scores = [(title, one.measured.overall) for title, one in survey.by(POINT)]
    known = [(title, s) for title, s in scores if report_means.printed_mean(s, levels) is not None]
    if len(known) < 2:
        return ()
    points = tuple(report_means.percent(s, levels) for _, s in known)
    title = f"ร้อยละความพึงพอใจของ {len(known)} จุดบริการ"
    labels = tuple(title for title, _ in known)
    return (Chart("bars", title, labels, (Series("ร้อยละ", points),), surveys.note(survey), basis=INTERNAL),)


def _summary(survey: Survey, levels: Levels) -> tuple[str, ...]:
    items = [(f"ข้อ {one.code}", one.score) for one in survey.whole.measured.items]
    said = [lead(survey, levels), report_means.compared(items, levels, "ข้อ")]
    said.append(report_means.compared([(t, s.measured.overall) for t, s in survey.by(POINT)], levels, "จุดบริการ"))
    return tuple(said)


def _count(n: int | None) -> str:
    return words.FEW if n is None else f"{n:,}"
