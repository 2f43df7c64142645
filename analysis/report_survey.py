"""Our own survey of one period as documents take it: the figures, and the tallies that they are made of. Pure.

Everything comes from analysis/figures.py, so what is withheld there is withheld here, and a document says the same as
the card and the command line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from analysis import figures
from analysis import report_words as words
from analysis.counts import Tally
from analysis.display import NOT_CLEAR, show
from analysis.figures import ASSISTED, DEPARTMENT, MODE, NOWHERE, POINT, SELF, Counted
from analysis.report import INTERNAL, Block, Bullets, Chart, Column, Number, Paragraph, Series, Table
from analysis.report import Cell as Printed
from analysis.scores import ENOUGH, Score, Scores
from analysis.withholding import Hidden
from survey import thai
from survey.instrument import Instrument
from survey.settings import Office
from survey.thai import Period

METHOD = (
    "เป็นผลสำรวจภายในของหน่วยงานเอง ไม่ใช่ผล ITA ของสำนักงาน ป.ป.ช. ผู้ตอบเลือกตอบเองทาง LINE หรือให้เจ้าหน้าที่ช่วยกรอก "
    "ไม่ได้สุ่มตัวอย่าง จึงอาจต่างจากประชาชนทั้งหมด และเทียบตรงกับผล ITA ไม่ได้",
    "คะแนน 0-100 เป็นค่าเฉลี่ยของคำตอบ ไม่นับผู้ที่ไม่ทราบหรือไม่ขอตอบ ตัวชี้วัดเป็นค่าเฉลี่ยของข้อ และภาพรวมเป็นค่าเฉลี่ยของตัวชี้วัด",
    "ช่วงความเชื่อมั่น 95% บอกว่าคะแนนจริงน่าจะอยู่ในช่วงใด",
    "ผู้ตอบน้อยกว่า 5 คนไม่แสดงคะแนน ผู้ตอบ 5 ถึง 29 คนแสดงเป็นจำนวนเต็มและไม่เปรียบเทียบ กลุ่มที่อาจทำให้ทราบคะแนนของกลุ่มเล็กถูกปกปิดด้วย "
    "และยอดของปีไม่รวมเดือนที่มีผู้ตอบน้อยจนต้องปกปิด",
)


@dataclass(frozen=True)
class Survey:
    """``whole``: of those who answered themselves; ``before``: the same of the period before, without changes.

    ``settled``: group (mode), ``points``: service point -> its tally and what of it is withheld.
    """

    counted: Counted
    instrument: Instrument
    period: Period
    as_of: date
    office: Office
    whole: Scores
    assisted: Scores
    before: Scores
    settled: Mapping[str, tuple[Tally, Hidden]]

    @property
    def tally(self) -> tuple[Tally, Hidden]:
        """Of those who answered themselves."""
        return self.settled[SELF]

    @property
    def n(self) -> int | None:
        """How many answered themselves; None: fewer than five, also when a year shows nothing of them."""
        return self._answered(self.whole, self.period, SELF)

    @property
    def helped(self) -> int | None:
        """How many an officer helped."""
        return self._answered(self.assisted, self.period, ASSISTED)

    @property
    def n_before(self) -> int | None:
        return self._answered(self.before, self.period.previous(), SELF)

    def _answered(self, scores: Scores, period: Period, mode: str) -> int | None:
        """A year leaves out months too small to be shown; nobody is only where nobody answered."""
        there = (
            tally.n
            for cell, tally in self.counted.cells.items()
            if cell.mode == mode and period.start <= cell.month.start < period.end
        )
        return scores.measured.n or (None if any(there) else 0)

    def by(self, what: str) -> list[tuple[str, Scores]]:
        """(title, scores) of each department or service point of the office, and of any other that was counted."""
        found = figures.figures(self.counted, self.period, self.office, self.as_of, what)
        return [(self.title(what, one.group), one) for one in found]

    def points(self) -> Mapping[str, tuple[Tally, Hidden]]:
        return figures.settled(self.counted, self.period, self.office, POINT)

    def title(self, what: str, group: str) -> str:
        if group == NOWHERE:
            return "ไม่ระบุหน่วยงาน" if what == DEPARTMENT else "ไม่ระบุจุดบริการ"
        if what == DEPARTMENT:
            department = self.office.department(group)
            return department.title if department else group
        point = self.office.point(group)
        return point.title if point else group

    def months(self) -> list[tuple[Period, Scores]]:
        """The months of the fiscal year up to this one, or up to the day the data were read."""
        last = self.period.start if self.period.is_month else min(self.as_of, self.period.end)
        return [
            (month, figures.figures(self.counted, month, self.office, self.as_of)[0])
            for month in thai.months_of(self.period.fiscal_year)
            if month.start <= last
        ]


def of_period(counted: Counted, instrument: Instrument, period: Period, office: Office, as_of: date) -> Survey:
    """``counted`` covers the period, the one before it, and the fiscal year with the month before it."""
    modes = {one.group: one for one in figures.figures(counted, period, office, as_of, MODE)}
    before = figures.figures(counted, period.previous(), office, as_of)[0]
    settled = figures.settled(counted, period, office, MODE)
    return Survey(counted, instrument, period, as_of, office, modes[SELF], modes[ASSISTED], before, settled)


def indicator_table(survey: Survey, name: str) -> Table:
    """Overall and each indicator: score, range, answers, missing, change."""
    measured = survey.whole.measured
    rows = [(one.title if not one.number else f"{one.number}. {one.title}", one.score) for one in measured.indicators]
    rows = [*rows, ("ภาพรวม", survey.whole.headline)] if len(rows) > 1 else rows
    cells = tuple((title, *_cells(score)) for title, score in rows)
    columns = (Column("ตัวชี้วัด", 14), *_COLUMNS)
    title = f"คะแนนภาพรวมและรายตัวชี้วัด {words.named(survey.period)} (ผู้ตอบเอง)"
    strong = (len(rows) - 1,) if len(rows) > 1 else ()
    return Table(name, title, columns, cells, note(survey), strong, INTERNAL)


def item_table(survey: Survey, name: str) -> Table:
    """Each item in the words that were asked."""
    items = survey.whole.measured.items
    rows = [(one.code, wording(survey.instrument, one.code), *_cells(one.score)) for one in items]
    columns = (Column("ข้อ", 3, "center"), Column("คำถาม", 22), *_COLUMNS)
    title = f"คะแนนรายข้อ {words.named(survey.period)} (ผู้ตอบเอง)"
    return Table(name, title, columns, tuple(rows), note(survey), basis=INTERNAL)


def assisted_sentence(survey: Survey) -> str:
    """Those whom an officer helped, apart and never mixed in."""
    n = survey.helped
    if n == 0:
        return "ไม่มีคำตอบที่เจ้าหน้าที่ช่วยกรอก"
    if n is None:
        return "คำตอบที่เจ้าหน้าที่ช่วยกรอกมีน้อยกว่า 5 คน จึงไม่แสดงคะแนน"
    return f"แยกต่างหาก: เจ้าหน้าที่ช่วยกรอก {n:,} คน ภาพรวม {show(survey.assisted.measured.overall).words}"


def trend(survey: Survey) -> Chart:
    """The months of the fiscal year with their bands."""
    months = survey.months()
    scores = [one.headline for _, one in months]
    points = tuple(point(score) for score in scores)
    bands = tuple(_band(score) for score in scores)
    low = words.axis_low([*(p.value for p in points), *(ends[0].value for ends in bands if ends)])
    labels = tuple(month.label for month, _ in months)
    title = f"{_subject(survey)}{_trend_words(scores[-1])}" if scores else _subject(survey)
    return Chart("trend", title, labels, (Series("ภาพรวม", points, bands),), note(survey), low, 100, INTERNAL)


def note(survey: Survey) -> str:
    """n, the day, the source: below every table and chart."""
    n = survey.n
    people = f"ผู้ตอบเอง {'น้อยกว่า 5' if n is None else f'{n:,}'} คน"
    return f"{people} · {words.as_of(survey.as_of)} · ผลสำรวจภายใน ไม่ใช่ผล ITA อย่างเป็นทางการ"


def point(score: Score) -> Number:
    """A point of a chart: the score by the display rule, or a gap."""
    said = show(score)
    return words.GAP if said.number is None else Number(said.number, said.value)


def wording(instrument: Instrument, code: str) -> str:
    """What was asked."""
    return next((one.text for one in instrument.items if one.item_code == code), "(ไม่ทราบถ้อยคำ)")


def method() -> Bullets:
    return Bullets(METHOD)


def annex(survey: Survey) -> tuple[Block, ...]:
    """What of our own survey may stand beside an official result, under the heading that says what it is."""
    return (
        Paragraph(f"ผลสำรวจ EIT ภายในของ{words.named(survey.period)} {assisted_sentence(survey)}"),
        indicator_table(survey, "ภายใน ตัวชี้วัด"),
        item_table(survey, "ภายใน รายข้อ"),
        method(),
    )


def clear(scores: Sequence[tuple[str, Score]], sign: int) -> list[str]:
    """Of these the ones that certainly rose (1) or fell (-1) since the period before, in words."""
    return [
        f"{name} {show(score).change}"
        for name, score in scores
        if (c := score.change) and c.n >= ENOUGH and c.significant and c.value * sign > 0
    ]


def _cells(score: Score) -> tuple[Printed, ...]:
    said = show(score)
    missing: Printed = "-" if score.missing is None else words.count(score.missing)
    return (words.shown(score), said.range or "-", words.people(score.n), missing, said.change or "-")


_COLUMNS = (
    Column("คะแนน", 6, "right"),
    Column("ช่วงความเชื่อมั่น 95%", 10, "center"),
    Column("ตอบ (คน)", 5, "right"),
    Column("ไม่ตอบ (คน)", 5, "right"),
    Column("เทียบช่วงก่อน", 10, "center"),
)


def _band(score: Score) -> tuple[Number, Number] | None:
    if show(score).number is None or score.interval is None:
        return None
    places = 2 if (score.n or 0) >= ENOUGH else 0
    low, high = (words.rounded(Fraction(end), places) for end in (score.interval.low, score.interval.high))
    return low, high


def _subject(survey: Survey) -> str:
    return "คะแนน EIT ภาพรวม" if survey.instrument.kind == "eit" else "คะแนนความพึงพอใจ"


def _trend_words(score: Score) -> str:
    said = show(score)
    if said.number is None:
        return f": {said.value}"
    if not said.change:
        return f"ล่าสุด {said.value} คะแนน"
    if said.change == NOT_CLEAR:
        return f"ล่าสุด {said.value} คะแนน ยังไม่ต่างจากเดือนก่อนชัดเจน"
    return f"ล่าสุด {said.value} คะแนน {said.change} จากเดือนก่อน"
