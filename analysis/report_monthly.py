"""The monthly summary of our own EIT survey, two pages. Internal. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis import display
from analysis import report_survey as surveys
from analysis import report_words as words
from analysis.counts import Block as Counts
from analysis.display import NOT_CLEAR, show
from analysis.report import (
    INTERNAL,
    Beside,
    Block,
    Bullets,
    Chart,
    Heading,
    PageBreak,
    Paragraph,
    Report,
    Series,
)
from analysis.report_facts import Facts
from analysis.report_survey import Survey
from analysis.scores import ENOUGH, Score
from survey.instrument import Option, Question


def build(survey: Survey, facts: Facts, *, thai_digits: bool = False) -> Report:
    """The document."""
    return Report(
        "monthly",
        survey.period.key,
        "สรุปผลสำรวจ EIT ภายใน ประจำเดือน",
        display.heading(survey.period),
        facts.agency,
        words.internal_footer(facts.agency, facts.as_of),
        (
            Heading("1. ภาพรวม"),
            Paragraph(lead(survey)),
            surveys.indicator_table(survey, "ตัวชี้วัด"),
            surveys.trend(survey),
            *_indicator_bars(survey),
            Heading("2. ข้อที่ควรดูแลและข้อที่เปลี่ยนแปลง"),
            Bullets(_care(survey)),
            Heading("3. วิธีอ่าน"),
            *(Paragraph(text, indent=False, small=True) for text in surveys.METHOD),
            PageBreak(),
            Heading("4. รายข้อ"),
            surveys.item_table(survey, "รายข้อ"),
            *_charts(survey),
        ),
        thai_digits=thai_digits,
    )


def lead(survey: Survey) -> str:
    """The month in two sentences."""
    n, score = survey.n, survey.whole.headline
    if n == 0:
        return f"{words.named(survey.period)} ไม่มีผู้ตอบเอง {surveys.assisted_sentence(survey)}"
    people = "น้อยกว่า 5" if n is None else f"{n:,}"
    said = f"{words.named(survey.period)} มีผู้ตอบเอง {people} คน คะแนน EIT ภาพรวม {show(score).words}"
    change = show(score).change
    if change:
        said += f" {change if change != NOT_CLEAR else 'ยังไม่ต่างชัดเจน'} เทียบกับเดือนก่อน"
    return f"{said} {surveys.assisted_sentence(survey)}"


@dataclass(frozen=True, slots=True)
class Spread:
    """How the answers to one item fall: option -> how many chose it; ``n`` answers in all."""

    code: str
    options: tuple[Option, ...]
    chosen: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.chosen)


def spreads(survey: Survey) -> list[Spread]:
    """Of each item with at least thirty answers that is not withheld."""
    tally, hidden = survey.tally
    asked = {question.item_code: question for question in survey.instrument.items}
    found = []
    for block in tally.blocks:
        for k, code in enumerate(block.codes):
            if code in asked and not hidden.item(code) and block.answered[k] >= ENOUGH:
                found.append(_spread(block, k, asked[code]))
    return found


def distribution(found: Sequence[Spread], note: str) -> Chart | None:
    """Stacked shares of the items of the commonest scale; None: too few answers."""
    scales = [tuple(option.label for option in one.options) for one in found]
    if not scales:
        return None
    labels = max(dict.fromkeys(scales), key=scales.count)
    alike = [one for one, scale in zip(found, scales, strict=True) if scale == labels]
    series = tuple(
        Series(label, tuple(words.rounded(Fraction(100 * one.chosen[at], one.n), 1) for one in alike))
        for at, label in enumerate(labels)
    )
    good = [Fraction(sum(one.chosen[-2:]), one.n) for one in alike]
    worst = alike[good.index(min(good))]
    share = words.rounded(100 * min(good), 1)
    title = f'ข้อ {worst.code} มีผู้ตอบ "{labels[-2]}" หรือ "{labels[-1]}" น้อยที่สุด ร้อยละ {share.text}'
    if len(set(good)) == 1:
        title = f'ทุกข้อมีผู้ตอบ "{labels[-2]}" หรือ "{labels[-1]}" ร้อยละ {share.text}'
    said = f"ร้อยละของผู้ตอบแต่ละข้อ เฉพาะข้อที่มีผู้ตอบตั้งแต่ {ENOUGH} คน · {note}"
    return Chart("distribution", title, tuple(f"ข้อ {one.code}" for one in alike), series, said, basis=INTERNAL)


def _spread(block: Counts, k: int, question: Question) -> Spread:
    """Options from the lowest score to the highest."""
    options = tuple(sorted((o for o in question.options if o.score is not None), key=lambda o: o.score or 0))
    chosen = tuple(sum(n for pattern, n in block.patterns.items() if pattern[k] == o.score) for o in options)
    return Spread(block.codes[k], options, chosen)


def _charts(survey: Survey) -> tuple[Block, ...]:
    bars = _item_bars(survey)
    found = distribution(spreads(survey), surveys.note(survey))
    if bars and found:
        return (Beside(bars, found),)
    few = Paragraph(f"ผู้ตอบยังไม่ถึง {ENOUGH} คน จึงไม่แสดงการกระจายของคำตอบ")
    return (bars, few) if bars else (few,)


def _indicator_bars(survey: Survey) -> tuple[Block, ...]:
    named = [(f"{one.number}. {one.title}", one.score) for one in survey.whole.measured.indicators]
    known = [(score.value, name, show(score)) for name, score in named if score.value is not None]
    if not known:
        return ()
    _, lowest, said = min(known)
    chart = _bars(survey, named, f"ตัวชี้วัดที่ได้คะแนนต่ำสุด คือ {lowest} {said.value} คะแนน")
    return (chart,) if chart else ()


def _item_bars(survey: Survey) -> Chart | None:
    weakest = survey.whole.weakest
    title = f"ข้อ {weakest.code} ได้คะแนนต่ำสุด {show(weakest.score).value} คะแนน" if weakest else "คะแนนรายข้อ"
    return _bars(survey, [(f"ข้อ {one.code}", one.score) for one in survey.whole.measured.items], title)


def _bars(survey: Survey, named: Sequence[tuple[str, Score]], title: str) -> Chart | None:
    points = tuple(surveys.point(score) for _, score in named)
    if all(point.value is None for point in points):
        return None
    labels = tuple(name for name, _ in named)
    return Chart("bars", title, labels, (Series("คะแนน", points),), surveys.note(survey), basis=INTERNAL)


def _care(survey: Survey) -> tuple[str, ...]:
    """The weakest item, and what certainly fell or rose."""
    said = []
    if (weakest := survey.whole.weakest) is not None:
        owner = survey.office.owner_of(weakest.code)
        by = f" ผู้รับผิดชอบ {owner.title}" if owner else ""
        text = surveys.wording(survey.instrument, weakest.code)
        said.append(f"ข้อที่ได้คะแนนต่ำสุด: {weakest.code} {text} ({show(weakest.score).words}){by}")
    items = [(f"ข้อ {one.code}", one.score) for one in survey.whole.measured.items]
    if fell := surveys.clear(items, -1):
        said.append(f"ลดลงจากเดือนก่อนชัดเจน: {words.listed(fell)}")
    if rose := surveys.clear(items, 1):
        said.append(f"เพิ่มขึ้นจากเดือนก่อนชัดเจน: {words.listed(rose)}")
    return tuple(said)
