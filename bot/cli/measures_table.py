"""What ``siang measures`` prints: for people, in Thai, and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from analysis import measure
from analysis.display import UNOFFICIAL, half_up
from analysis.frame import Frame
from analysis.measure import DROPPED, STATUS_WORDS, Measure
from analysis.measures_bank import Entry
from analysis.measures_source import Source
from analysis.measures_suggest import Suggestion, Suggestions, Weak
from bot.cli import columns

TITLE_ROOM = 60
NO_ISSUE = "ไม่อยู่ในประเด็นใด"


def suggested(source: Source, found: Suggestions, year: int, register: Mapping[str, Measure]) -> Iterator[str]:
    """The lines of ``siang measures suggest``."""
    yield f"มาตรการที่เสนอสำหรับปีงบประมาณ {year}"
    yield basis(source)
    for issue, group in measure.by_issue([one.measure for one in found.chosen]).items():
        yield ""
        yield issue_title(source.frame, issue)
        answered = {one.measure.id: one for one in found.chosen}
        for one in group:
            yield from _suggestion(answered[one.id], one.id in register)
    if found.bare:
        yield ""
        yield "ยังไม่มีมาตรการในคลังสำหรับ"
        yield from (f"  {_weak(weak)}" for weak in found.bare)
    if not source.weak:
        yield "ไม่มีข้อที่ต้องปรับปรุง"


def basis(source: Source) -> str:
    """Where the weak questions come from; of the own survey never without saying that it is not official."""
    if source.official:
        return f"จากผล ITA อย่างเป็นทางการ ปีงบประมาณ {source.fiscal_year} ที่นำเข้าไว้"
    return f"จาก{UNOFFICIAL} ปีงบประมาณ {source.fiscal_year} เพราะยังไม่มีผลทางการที่นำเข้า"


def _suggestion(one: Suggestion, known: bool) -> Iterator[str]:
    for weak in one.weak:
        yield f"  {_weak(weak)}"
    yield f"    {one.measure.id}{' (อยู่ในทะเบียนแล้ว)' if known else ''}  {one.measure.title}"
    yield f"      ผู้รับผิดชอบ: {one.measure.responsible} · ระยะเวลา: {one.measure.period}"


def _weak(weak: Weak) -> str:
    name = f"ตัวชี้วัดที่ {weak.code}" if weak.code.isdecimal() else weak.code
    return f"{name}  {half_up(weak.score)}  {columns.cut(weak.title, TITLE_ROOM)}"


def suggested_json(
    source: Source, found: Suggestions, agency_id: str, year: int, register: Mapping[str, Measure]
) -> dict[str, Any]:
    """The same for programs."""
    return {
        "agency": agency_id,
        "fiscal_year": year,
        "official": source.official,
        "result_year": source.fiscal_year,
        "suggestions": [
            {
                **as_json(one.measure),
                "issue_title": issue_title(source.frame, one.measure.issue) if one.measure.issue else "",
                "weak": [_weak_json(weak) for weak in one.weak],
                "in_register": one.measure.id in register,
            }
            for one in found.chosen
        ],
        "without_measure": [_weak_json(weak) for weak in found.bare],
    }


def _weak_json(weak: Weak) -> dict[str, Any]:
    return {"code": weak.code, "title": weak.title, "score": float(half_up(weak.score))}


def as_json(one: Measure) -> dict[str, Any]:
    return asdict(one)


def register(measures: Sequence[Measure], year: int, frame: Frame) -> Iterator[str]:
    """The lines of ``siang measures list``."""
    total = measure.summary(measures)
    counts = (total.planned, total.doing, total.done, total.dropped)
    words = " ".join(f"{word} {n}" for word, n in zip(STATUS_WORDS.values(), counts, strict=True))
    mean = "" if total.progress is None else f" · ก้าวหน้าเฉลี่ยร้อยละ {half_up(total.progress)}"
    yield f"ทะเบียนมาตรการ ปีงบประมาณ {year} · {total.n} มาตรการ · {words}{mean}"
    for issue, group in measure.by_issue(measures).items():
        yield ""
        yield issue_title(frame, issue)
        yield from columns.lines([_row(one) for one in group], right=(3,))


def _row(one: Measure) -> tuple[str, ...]:
    progress = "-" if one.status == DROPPED else f"{one.progress}%"
    return f"  {one.id}", one.answers or "-", one.status_word, progress, columns.cut(one.title, TITLE_ROOM)


def bank(entries: Sequence[Entry]) -> Iterator[str]:
    """The lines of ``siang measures bank``."""
    yield from columns.lines([(one.id, ", ".join(one.items), one.title) for one in entries])


def issue_title(frame: Frame, issue: int) -> str:
    title = next((one.title for one in frame.issues if one.number == issue), "")
    return f"ประเด็นที่ {issue} {title}".strip() if issue else NO_ISSUE
