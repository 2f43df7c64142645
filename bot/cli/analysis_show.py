"""What ``siang analysis show`` says of a fiscal year of our own survey: pages for people, json and csv for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from analysis import figures, stored
from analysis.display import UNOFFICIAL, show
from analysis.internal import EIT, Internal, Survey
from analysis.report import Cell, Number
from analysis.scores import Score, Scores
from bot.cli import scores_table
from bot.cli.pages import SCORE_HEADER, Page, count, score_row
from survey import thai
from survey.settings import Agency

CSV_COLUMNS = "basis survey by period group level code title score n missing low high change withheld".split()
KINDS = {"eit": "EIT", "satisfaction": "ความพึงพอใจ"}
YEARLY = ("", *SCORE_HEADER[:-1], "เทียบปีก่อน")


def pages(found: Internal, agency: Agency) -> list[Page]:
    """The sheets in order: each survey's year, months, changes from month to month, groups; the comments last."""
    made = []
    for survey in (found.eit, found.satisfaction):
        kind = KINDS[survey.kind]
        made.append(Page(kind, f"{kind} {found.period.label}", YEARLY, tuple(_year(survey)), _people(survey.whole)))
        made += _monthly(survey, kind)
        groups = [("วิธีตอบ", survey.by_mode), ("หน่วยงาน", survey.by_department), ("จุดบริการ", survey.by_point)]
        for name, scores in groups:
            if scores:
                made.append(Page(f"{kind} {name}", f"{kind} แยกตาม{name}", YEARLY, tuple(_groups(scores, agency))))
    return [*made, _comments(found, agency)]


def _year(survey: Survey) -> Iterator[tuple[Cell, ...]]:
    scores = survey.whole
    for mode, score in ((figures.SELF, scores.headline), (figures.ASSISTED, scores.assisted)):
        yield score_row(f"{KINDS[survey.kind]} ({scores_table.MODES[mode]})", score)
    for name, score in _parts(scores):
        yield score_row(name, score)


def _parts(scores: Scores) -> Iterator[tuple[str, Score]]:
    """Each indicator with its items below it."""
    for one in scores.measured.indicators:
        yield f"{one.number or ''} {one.title}".strip(), one.score
        yield from ((f"  {i.code}", i.score) for i in scores.measured.items if i.indicator == one.number)


def _monthly(survey: Survey, kind: str) -> list[Page]:
    """The series of months, and what changed clearly from each month to the next."""
    labels = tuple(period.label for period, _ in survey.months)
    series: dict[str, dict[str, Score]] = {kind: {}}
    for period, scores in survey.months:
        series[kind][period.label] = scores.headline
        for name, score in _parts(scores):
            series.setdefault(name, {})[period.label] = score
    people: list[Cell] = ["ผู้ตอบ (คน)", *(count(scores.measured.n) for _, scores in survey.months)]
    rows = [tuple(people), *((name, *(_value(of.get(label)) for label in labels)) for name, of in series.items())]
    changes = [(name, *(_change(of.get(label)) for label in labels)) for name, of in series.items()]
    told = tuple(row for row in changes if any(row[1:]))
    return [
        Page(f"{kind} รายเดือน", f"{kind} รายเดือน (ผู้ตอบเอง)", ("", *labels), tuple(rows)),
        Page(f"{kind} เทียบเดือนก่อน", f"{kind} เทียบกับเดือนก่อน (เดือนที่มีผู้ตอบครบ 30 คน)", ("", *labels), told),
    ]


def _value(score: Score | None) -> Cell:
    shown = show(score) if score else None
    return Number(shown.number, shown.value) if shown and shown.number is not None else "–"


def _change(score: Score | None) -> str:
    return show(score).change if score else ""


def _groups(found: Sequence[Scores], agency: Agency) -> Iterator[tuple[Cell, ...]]:
    for scores in found:
        yield score_row(scores_table.group(scores, agency), scores.measured.overall)
        if scores.measured.n:
            yield from (score_row(f"  {name}", score) for name, score in _parts(scores) if not name.startswith(" "))


def _comments(found: Internal, agency: Agency) -> Page:
    titles = {point.id: point.title for point in agency.office.points}
    rows = tuple((KINDS[c.kind], c.month, titles.get(c.point, c.point), c.text) for c in found.comments)
    note = "ปิดข้อมูลส่วนบุคคลที่โปรแกรมพบแล้ว โปรดอ่านอีกครั้งก่อนเผยแพร่"
    return Page("ความเห็น", "ความเห็นที่เขียนไว้", ("แบบสำรวจ", "เดือน", "จุดบริการ", "ความเห็น"), rows, (note,))


def _people(scores: Scores) -> tuple[str, ...]:
    return (f"คำนวณเมื่อ {thai.long_date(scores.as_of)}",)


def public(found: Internal, agency: Agency) -> dict[str, Any]:
    """For programs: each score as ``siang scores --format json`` has it."""

    def listed(scores: Sequence[Scores]) -> list[dict[str, Any]]:
        return [stored.public(one, agency.id) for one in scores]

    def survey(one: Survey) -> dict[str, Any]:
        groups = {"months": [scores for _, scores in one.months], "by_mode": one.by_mode}
        if one.kind != EIT:
            groups |= {"by_department": one.by_department, "by_service_point": one.by_point}
        return {"year": stored.public(one.whole, agency.id), **{name: listed(of) for name, of in groups.items()}}

    return {
        "agency": agency.id,
        "fiscal_year": found.period.fiscal_year,
        "official": False,
        "notice": UNOFFICIAL,
        "eit": survey(found.eit),
        "satisfaction": survey(found.satisfaction),
        "comments": [
            {"survey": c.kind, "month": c.month or None, "service_point": c.point or None, "text": c.text}
            for c in found.comments
        ],
    }


def flat(found: Internal) -> Iterator[dict[str, Any]]:
    """The same scores a row each, for csv."""
    for survey in (found.eit, found.satisfaction):
        sides = [
            ("", [survey.whole, *(scores for _, scores in survey.months)]),
            (figures.MODE, survey.by_mode),
            (figures.DEPARTMENT, survey.by_department),
            (figures.POINT, survey.by_point),
        ]
        for by, given in sides:
            for scores in given:
                common = {"basis": UNOFFICIAL, "survey": survey.kind, "by": by}
                common |= {"period": scores.period, "group": scores.group}
                yield from ({**common, **row} for row in stored.flat(scores))
