"""The table that ``siang scores`` prints for people: Thai, by the display rule, and never to be taken for the ITA."""

from collections.abc import Iterator, Sequence

from analysis import figures
from analysis.counts import FEWEST
from analysis.display import UNOFFICIAL, half_up, heading
from analysis.report import printed
from analysis.scores import Score, Scores
from analysis.tally import OfficerCount
from bot.cli import columns, pages
from survey import thai
from survey.settings import Agency
from survey.thai import Period

KINDS = {"eit": "EIT", "satisfaction": "ความพึงพอใจต่อจุดบริการ"}
MODES = {figures.SELF: "ตอบเอง", figures.ASSISTED: "เจ้าหน้าที่ช่วยกรอก"}
HEADER: tuple[str, ...] = ("", *pages.SCORE_HEADER)
TITLE_ROOM = 40


def table(
    found: Sequence[Scores], agency: Agency, period: Period, by: str | None, helpers: Sequence[tuple[str, OfficerCount]]
) -> Iterator[str]:
    """The lines. ``found`` has one element, or one for each group of ``by``; ``helpers``: (name, count) by officer."""
    yield f"{KINDS[found[0].kind]} · {agency.name or agency.id} · {heading(period)}"
    yield f"{UNOFFICIAL} · คำนวณเมื่อ {thai.long_date(found[0].as_of)}"
    yield ""
    if by is None:
        yield from _one(found[0])
    else:
        yield from _overview(found, agency)
        for scores in (s for s in found if s.measured.n):
            yield ""
            yield group(scores, agency)
            yield from _one(scores, with_overall=False)
    if helpers:
        yield ""
        yield from _helpers(helpers)


def _one(scores: Scores, with_overall: bool = True) -> Iterator[str]:
    measured = scores.measured
    rows = [HEADER]
    if with_overall:
        rows.append(_row(f"{KINDS[scores.kind]} ({MODES[figures.SELF]})", scores.headline))
        rows.append(_row(f"{KINDS[scores.kind]} ({MODES[figures.ASSISTED]})", scores.assisted))
    for indicator in measured.indicators:
        number = f"{indicator.number} " if indicator.number else ""
        rows.append(_row(columns.cut(f"{number}{indicator.title}", TITLE_ROOM), indicator.score))
        rows += [_row(f"  {i.code}", i.score) for i in measured.items if i.indicator == indicator.number]
    yield from columns.lines(rows, right=(1, 2, 3, 4))
    yield f"ผู้ตอบ {_people(measured.n)}" + (
        f" (คนอื่นในบ้านเดียวกัน {measured.household:,} คน)" if measured.household else ""
    )


def _overview(found: Sequence[Scores], agency: Agency) -> Iterator[str]:
    rows = [HEADER, *(_row(group(scores, agency), scores.measured.overall) for scores in found)]
    yield from columns.lines(rows, right=(1, 2, 3, 4))


def _row(name: str, score: Score) -> tuple[str, ...]:
    return tuple(map(printed, pages.score_row(name, score)))


def group(scores: Scores, agency: Agency) -> str:
    point = next((p for p in agency.office.points if p.id == scores.group), None)
    department = agency.office.department(scores.group)
    title = point.title if point else department.title if department else MODES.get(scores.group, scores.group)
    return columns.cut("ไม่ระบุ" if scores.group == figures.NOWHERE else title, TITLE_ROOM)


def _helpers(helpers: Sequence[tuple[str, OfficerCount]]) -> Iterator[str]:
    yield "เจ้าหน้าที่ที่ช่วยกรอก (คำตอบเหมือนกันทุกข้อมาก ควรสอบถามวิธีเก็บ)"
    rows = [("", "ช่วยกรอก", "เหมือนกันทุกข้อ")]
    for name, count in helpers:
        share = f"{half_up(100 * count.identical, 0)}%" if count.n >= FEWEST else "–"
        rows.append((columns.cut(f"  {name or 'ไม่ระบุ'}", TITLE_ROOM), f"{count.n:,}", share))
    yield from columns.lines(rows, right=(1, 2))


def _people(n: int | None) -> str:
    return "ไม่แสดง" if n is None else f"{n:,} คน"
