"""The score card an officer gets for "สรุป": one Flex bubble, from the snapshots the worker made.

Everything on it obeys the display rule, says in words what its bars and arrows show, and ends with what it is not.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from analysis import display, snapshots
from analysis.display import Shown, show
from analysis.scores import Score, Scores
from bot import flex
from bot.flex import Part
from bot.messages import Message
from survey import thai
from survey.library import Library
from survey.settings import Agency, Office
from survey.thai import Period

OTHER_WAY = "คนละวิธี เทียบตรงไม่ได้"
ITEM_LENGTH = 110


def of_month(conn: Connection, library: Library, agency: Agency, period: Period) -> Message | None:
    """The card of a month; None when there is no snapshot of it."""
    month = snapshots.read(conn, agency.id, "eit", period)
    year = snapshots.read(conn, agency.id, "eit", thai.fiscal_period(period.fiscal_year))
    if not month:
        return None
    questions = {q.item_code or "": q.text for i in library.of_kind("eit") for q in i.items}
    texts = {code: text.replace("{agency}", agency.name) for code, text in questions.items()}
    return score_card(month[0], year[0] if year else None, period, agency.office, texts)


def score_card(month: Scores, year: Scores | None, period: Period, office: Office, items: Mapping[str, str]) -> Message:
    """The Flex message. ``year``: the fiscal year so far; ``items``: item code -> its question."""
    parts = [flex.text(display.heading(period), "lg", weight="bold"), *_headline(month)]
    if month.measured.n:
        for indicator in month.measured.indicators:
            parts += _indicator(f"{indicator.number} {indicator.title}", show(indicator.score))
        parts += _weakest(month, office, items)
    parts += [*_apart(month), _line(), *_year(year, period), *_official(office)]
    parts.append(flex.text(f"{display.UNOFFICIAL} · ข้อมูล ณ {thai.long_date(month.as_of)}", "sm", color=flex.SOFT))
    return {"type": "flex", "altText": _alt(month, period), "contents": flex.bubble(parts)}


def _alt(month: Scores, period: Period) -> str:
    shown = show(month.headline)
    people = f" · ผู้ตอบ {month.measured.n:,} คน" if month.measured.n else ""
    return f"สรุป {period.label}: EIT {shown.words}{people} · {display.UNOFFICIAL}"


def _headline(month: Scores) -> list[Part]:
    shown = show(month.headline)
    if shown.number is None:
        return [flex.text(shown.value, "lg")]
    people = f"ผู้ตอบเอง {month.measured.n:,} คน"
    if month.measured.household:
        people += f" (คนอื่นในบ้าน {month.measured.household:,} คน)"
    value = flex.text(shown.value, "3xl", weight="bold", color=flex.ACCENT, flex=0)
    beside = flex.box(
        [
            flex.text("EIT จากผู้ตอบเอง", "md", weight="bold"),
            flex.text(f"ช่วงเชื่อมั่น 95%: {shown.range}", "sm", color=flex.SOFT),
        ],
        flex=1,
    )
    change = [flex.text(f"เทียบเดือนก่อน: {shown.change}", "md")] if shown.change else []
    note = [flex.text(shown.note, "md", weight="bold")] if shown.note else []
    row = flex.box([value, beside], "horizontal", spacing="lg", alignItems="center")
    return [row, flex.text(people, "md"), *note, *change]


def _indicator(title: str, shown: Shown) -> list[Part]:
    if shown.number is None:
        return [flex.box([flex.text(title, "md"), flex.text(shown.value, "md", color=flex.SOFT)], margin="lg")]
    said = " · ".join(part for part in (f"ช่วง {shown.range}", shown.note, shown.change) if part)
    head = flex.box(
        [flex.text(title, "md", flex=1), flex.text(shown.value, "xl", weight="bold", flex=0)],
        "horizontal",
        spacing="md",
        alignItems="center",
    )
    bar = flex.progress(int(shown.number), 100)
    return [flex.box([head, bar, flex.text(said, "sm", color=flex.SOFT, margin="sm")], margin="lg")]


def _weakest(month: Scores, office: Office, items: Mapping[str, str]) -> list[Part]:
    item = month.weakest
    if item is None:
        return []
    owner = office.owner_of(item.code)
    words = [
        flex.text("ข้อที่คะแนนต่ำสุด", "sm", color=flex.SOFT),
        flex.text(f"{item.code} {flex.short(items.get(item.code, ''), ITEM_LENGTH)}", "md"),
        flex.text(f"{show(item.score).value} คะแนน", "md", weight="bold"),
    ]
    if owner:
        words.append(flex.text(f"ผู้รับผิดชอบ: {flex.short(owner.title, 60)}", "md"))
    return [_line(), flex.box(words, spacing="xs")]


def _apart(month: Scores) -> list[Part]:
    """Answers that an officer helped with stand apart, and only when there are any."""
    helped = month.assisted
    if helped.n == 0 and helped.withheld is None:
        return []
    return [flex.text(f"เจ้าหน้าที่ช่วยกรอก (แยกไว้ ไม่รวมข้างบน): {_said(helped, helped.n)}", "sm", color=flex.SOFT)]


def _year(year: Scores | None, period: Period) -> list[Part]:
    if year is None:
        return []
    return [flex.text(f"ปีงบฯ {period.fiscal_year} ถึงขณะนี้: {_said(year.headline, year.measured.n)}", "md")]


def _official(office: Office) -> list[Part]:
    printed = office.last_official_eit
    if not printed:
        return []
    names = {"EIT": "EIT", **{number: f"ตัวชี้วัด {number}" for number in printed if number != "EIT"}}
    scores = " · ".join(f"{names[key]} {score}" for key, score in printed.items())
    year = f" ปีงบฯ {office.last_official_year}" if office.last_official_year else ""
    return [flex.text(f"ผล ITA ทางการล่าสุด{year}: {scores} ({OTHER_WAY})", "sm", color=flex.SOFT)]


def _said(score: Score, people: int | None) -> str:
    """The score and how many answered; a small number stands in the note already, a withheld score has none."""
    shown = show(score)
    return shown.words + (f" · {people:,} คน" if people and shown.number is not None and not shown.note else "")


def _line() -> Part:
    return {"type": "separator", "margin": "lg"}
