"""The participation result: what residents took part in, by which channels, and what the office did. Pure.

Numbers of responses and the register of measures; no score, and no theme that nobody wrote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analysis import report_facts, report_measures, report_people
from analysis import report_words as words
from analysis.figures import ASSISTED, SELF
from analysis.frame import Frame
from analysis.internal import Comment
from analysis.measure import Measure
from analysis.report import Block, Column, Heading, Number, Paragraph, Report, Table
from analysis.report import Cell as Printed
from analysis.report_facts import Facts
from analysis.report_survey import Survey
from survey import thai
from survey.settings import Office
from survey.thai import Period

KINDS = {"eit": "แบบสอบถาม EIT ภายใน", "satisfaction": "ติชมบริการ"}
MODES = {SELF: "ตอบเองทาง LINE", ASSISTED: "เจ้าหน้าที่ช่วยกรอก"}
LIMITS = (
    "ผู้ตอบเลือกตอบเองและไม่ระบุตัวตน หนึ่งคนอาจตอบได้มากกว่าหนึ่งแบบ จำนวนจึงเป็นจำนวนคำตอบ เดือนที่มีคำตอบน้อยกว่า 5 "
    "คำตอบไม่แสดงจำนวน และรวมในยอดปีเมื่อรวมกับเดือนอื่นแล้วไม่ทำให้ทราบจำนวนของเดือนนั้น"
)
POINT_KINDS = {"counter": "เคาน์เตอร์", "project": "โครงการ", "online": "บริการออนไลน์"}


@dataclass(frozen=True, slots=True)
class Round:
    """One survey that stood open in the year. ``closes``: the first day after it; None: stands open."""

    kind: str
    opens: date
    closes: date | None


@dataclass(frozen=True)
class Participation:
    """``monthly``: kind of survey -> month, mode -> responses; None: fewer than five, and not in the total."""

    period: Period
    surveys: Mapping[str, Survey]
    monthly: Mapping[str, Mapping[tuple[Period, str], int | None]]
    rounds: tuple[Round, ...]
    comments: tuple[Comment, ...]


def build(
    given: Participation,
    measures: Sequence[Measure],
    frame: Frame | None,
    office: Office,
    facts: Facts,
    *,
    thai_digits: bool = False,
) -> Report:
    """The document."""
    year = given.period.fiscal_year
    number = report_measures.document_number(frame, "participation")
    return Report(
        "participation",
        given.period.key,
        "รายงานผลการเปิดโอกาสให้เกิดการมีส่วนร่วม",
        words.named(given.period),
        facts.agency,
        words.register_footer(facts.agency, facts.as_of),
        (
            Heading("1. ความเป็นมา"),
            Paragraph(
                f"{facts.agency} เปิดโอกาสให้ประชาชนและผู้มีส่วนได้ส่วนเสียมีส่วนร่วมให้ความเห็นต่อการดำเนินงานและบริการ "
                f"รายงานนี้สรุปผลใน{words.named(given.period)} {words.as_of(facts.as_of)} "
                f"แบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT) "
                f"ให้เผยแพร่ตาม{number} รายงานนี้แสดงจำนวนผู้มีส่วนร่วม ไม่แสดงคะแนน และไม่ใช่ผล ITA"
            ),
            Heading("2. ประเด็นที่เปิดให้มีส่วนร่วมและช่วงเวลา"),
            _rounds(given),
            Heading("3. ช่องทางการมีส่วนร่วม"),
            _channels(given),
            _places(office),
            Heading("4. จำนวนผู้มีส่วนร่วม"),
            Paragraph(lead(given)),
            *_months(given),
            _points(given),
            Heading("5. ความคิดเห็นและข้อเสนอแนะ"),
            *report_people.comment_blocks(given.comments, KINDS),
            Heading("6. การดำเนินการของหน่วยงาน"),
            Paragraph(report_measures.counted(measures, year)),
            _done(measures),
            Heading("7. สรุป"),
            Paragraph(f"{lead(given)} {report_measures.counted(measures, year)}"),
            Heading("8. ข้อจำกัด"),
            Paragraph(LIMITS),
            *report_facts.signatures(facts),
        ),
        thai_digits=thai_digits,
    )


def lead(given: Participation) -> str:
    """How many answered what, in the year's numbers."""
    said = []
    for kind, survey in given.surveys.items():
        own, helped = survey.n, survey.helped
        said.append(f"{KINDS[kind]} ตอบเอง {_count(own)} คำตอบ และเจ้าหน้าที่ช่วยกรอก {_count(helped)} คำตอบ")
    return f"{words.named(given.period)} มีผู้มีส่วนร่วมดังนี้ {words.listed(said)}"


def _rounds(given: Participation) -> Table:
    rows = tuple(
        (
            KINDS.get(one.kind, one.kind),
            thai.long_date(one.opens),
            "เปิดต่อเนื่อง" if one.closes is None else thai.long_date(one.closes - timedelta(days=1)),
        )
        for one in given.rounds
    )
    columns = (Column("เรื่องที่เปิดรับฟัง", 7), Column("เริ่ม", 4), Column("วันสุดท้าย", 4))
    return Table("รอบ", "เรื่องและช่วงเวลาที่เปิดรับฟัง", columns, rows, NOTE)


def _channels(given: Participation) -> Table:
    rows: list[tuple[Printed, ...]] = []
    for mode, title in MODES.items():
        counts = [s.n if mode == SELF else s.helped for s in given.surveys.values()]
        rows.append((title, *(words.people(n) for n in counts)))
    columns = (Column("ช่องทาง", 6), *(Column(f"{KINDS[kind]} (คำตอบ)", 4, "right") for kind in given.surveys))
    return Table("ช่องทาง", "จำนวนคำตอบตามช่องทาง", columns, tuple(rows), NOTE)


def _places(office: Office) -> Table:
    rows = tuple(
        (point.title, POINT_KINDS[point.kind], department.title if department else "-")
        for point in office.points
        for department in [office.department(point.department)]
    )
    columns = (Column("จุดบริการที่มีคิวอาร์โคด", 7), Column("ประเภท", 3), Column("ส่วนราชการ", 5))
    return Table("จุดที่เปิดรับ", "จุดบริการที่ประชาชนให้ความเห็นได้", columns, rows, NOTE)


def _months(given: Participation) -> tuple[Block, ...]:
    tables: list[Block] = []
    for kind, months in given.monthly.items():
        survey = given.surveys[kind]
        periods = list(dict.fromkeys(month for month, _ in months))
        rows: list[tuple[Printed, ...]] = [
            (words.month(month), *(words.people(months[month, mode]) for mode in MODES)) for month in periods
        ]
        rows.append(("ทั้งปี", *(words.people(n) for n in (survey.n, survey.helped))))
        columns = (Column("เดือน", 5), *(Column(f"{title} (คำตอบ)", 4, "right") for title in MODES.values()))
        title = f"จำนวนคำตอบ{KINDS[kind]} รายเดือน"
        tables.append(Table(f"รายเดือน {kind}", title, columns, tuple(rows), NOTE, (len(rows) - 1,)))
    return tuple(tables)


def _points(given: Participation) -> Table:
    rows: tuple[tuple[str, Printed], ...] = ()
    if (survey := given.surveys.get("satisfaction")) is not None:
        rows = tuple((title, _point(one.measured.n)) for title, one in survey.by("service_point"))
    columns = (Column("จุดบริการ", 7), Column("จำนวน (คำตอบ)", 4, "right"))
    said = f"{NOTE} · เฉพาะผู้ตอบเอง · จุดที่น้อยกว่า 5 คำตอบ และจุดที่ทำให้คำนวณย้อนได้ ไม่แสดง"
    return Table("ตามจุดบริการ", "จำนวนคำตอบติชมบริการตามจุดบริการ", columns, rows, said)


def _done(measures: Sequence[Measure]) -> Table:
    rows = tuple(
        (one.title, words.some(one.responsible), one.status_word, words.some(one.result), words.lines(one.evidence))
        for one in measures
    )
    columns = (
        Column("การดำเนินการ", 6),
        Column("ผู้รับผิดชอบ", 4),
        Column("สถานะ", 3, "center"),
        Column("ผล", 6),
        Column("หลักฐาน", 5),
    )
    return Table("การดำเนินการ", "สิ่งที่หน่วยงานดำเนินการ", columns, rows, report_measures.NOTE)


NOTHING_TO_SHOW = "ไม่มีข้อมูลที่แสดงได้"
NOTE = "ที่มา: ทะเบียนคำตอบของระบบเสียง"


def _point(n: int | None) -> Number | str:
    return words.count(n) if n else NOTHING_TO_SHOW


def _count(n: int | None) -> str:
    return words.FEW if n is None else f"{n:,}"
