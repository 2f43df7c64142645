"""Whether a number of one fiscal year's ITA means the same in another year, as far as the frames tell. Pure.

An item is the same question when it has the same wording (or, where neither year's wording is known, the same place in
an indicator of as many items) and the same scale. An indicator, an instrument and the total are ``SAME`` when
everything below them is; when name and weight stayed but questions below changed they are ``RENEWED``: people ask for
the difference and get it with that caution. Everything else is ``OTHER`` and is not compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from analysis import reconcile
from analysis.frame import Frame, IndicatorFrame, Item, SubIndicator
from analysis.reconcile_tree import Cell


class Likeness(Enum):
    """Of a cell's meaning in two fiscal years."""

    SAME = "same"
    RENEWED = "renewed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Likened:
    """``sure``: sources confirm both years' structure. ``caution``: Thai, why not ``SAME`` or not sure; else empty."""

    likeness: Likeness
    sure: bool
    caution: str = ""


def likened(now: Frame, before: Frame, cells: Iterable[Cell]) -> dict[Cell, Likened]:
    """How each of these cells of the two years compares."""
    known = [(frame, reconcile.cells(frame)) for frame in (now, before)]
    return {cell: _likened(now, before, cell, [frame for frame, its in known if cell not in its]) for cell in cells}


def _likened(now: Frame, before: Frame, cell: Cell, without: list[Frame]) -> Likened:
    if without:
        return Likened(Likeness.OTHER, True, f"ปี {without[0].fiscal_year} ไม่มี{LEVELS[cell.level]}นี้")
    likeness, caution = _of(now, before, cell)
    doubted = sorted({frame.fiscal_year for frame in (now, before) if not _sure(frame, cell, likeness)})
    doubt = f"อาศัยโครงสร้างที่ยังไม่ยืนยันของปี {' และ '.join(map(str, doubted))}" if doubted else ""
    return Likened(likeness, not doubted, " ".join(part for part in (caution, doubt) if part))


LEVELS = {"total": "คะแนนรวม", "instrument": "เครื่องมือ", "indicator": "ตัวชี้วัด", "item": "ข้อ"}


def _of(now: Frame, before: Frame, cell: Cell) -> tuple[Likeness, str]:
    if cell.level == "item":
        likeness, caution = _of_item(now, before, cell.code)
    elif cell.level == "indicator":
        likeness, caution = _of_indicator(now, before, cell.code)
    else:
        likeness, caution = _of_whole(now, before, cell)
    name = cell.instrument
    if likeness is Likeness.SAME and name in now.families and len(now.parts(name)) != len(before.parts(name)):
        return Likeness.RENEWED, f"{name} ของปี {before.fiscal_year} และ {now.fiscal_year} แบ่งส่วนไม่เหมือนกัน"
    return likeness, caution


def _of_item(now: Frame, before: Frame, code: str) -> tuple[Likeness, str]:
    here, there = now.items[code], before.items[code]
    if not here.text and not there.text:
        alike = _place(now, code) == _place(before, code)
        return (Likeness.SAME, "") if alike else (Likeness.OTHER, "โครงสร้างข้อคำถามของสองปีต่างกัน")
    for frame, item in ((now, here), (before, there)):
        if not item.text:
            return Likeness.OTHER, f"ไม่ทราบถ้อยคำของข้อคำถามปี {frame.fiscal_year}"
    if _plain(here) != _plain(there):
        return Likeness.OTHER, "ข้อคำถามของสองปีต่างกัน"
    scales = [[one.score for one in frame.scales[frame.items[code].scale].options] for frame in (now, before)]
    if scales[0] != scales[1] or here.reversed != there.reversed:
        return Likeness.OTHER, "มาตราวัดของสองปีต่างกัน"
    return Likeness.SAME, ""


def _of_indicator(now: Frame, before: Frame, code: str) -> tuple[Likeness, str]:
    here, there = _entry(now, code), _entry(before, code)
    if here.title != there.title:
        return Likeness.OTHER, "ตัวชี้วัดของสองปีต่างกัน"
    if here.items == there.items and all(_of_item(now, before, one)[0] is Likeness.SAME for one in here.items):
        return Likeness.SAME, ""
    return Likeness.RENEWED, "ข้อคำถามของสองปีต่างกัน"


def _of_whole(now: Frame, before: Frame, cell: Cell) -> tuple[Likeness, str]:
    """An instrument, or the total."""
    names = now.families if cell.level == "total" else (_family(now, cell.code),)
    if names != (before.families if cell.level == "total" else (_family(before, cell.code),)):
        return Likeness.OTHER, "เครื่องมือของสองปีต่างกัน"
    for name in names:
        weights = [sum(part.weight for part in frame.parts(name)) for frame in (now, before)]
        if weights[0] != weights[1] or now.parts(name)[0].indicators != before.parts(name)[0].indicators:
            return Likeness.OTHER, "น้ำหนักหรือตัวชี้วัดของสองปีต่างกัน"
    codes = [str(one.number) for name in names for one in now.indicators_of(name)]
    if all(_of_indicator(now, before, code)[0] is Likeness.SAME for code in codes):
        return Likeness.SAME, ""
    return Likeness.RENEWED, "ข้อคำถามของสองปีต่างกัน"


def _sure(frame: Frame, cell: Cell, likeness: Likeness) -> bool:
    """Whether sources confirm all that the verdict rests on: of what is renewed, name and weight alone."""
    if likeness is Likeness.OTHER:
        return True
    if cell.level == "item":
        place = _indicator_of(frame, cell.code)
        return place.verified and (frame.items[cell.code].verified or not frame.items[cell.code].text)
    if cell.level == "indicator":
        return _entry(frame, cell.code).verified
    names = frame.families if cell.level == "total" else (_family(frame, cell.code),)
    parts = all(part.verified for name in names for part in frame.parts(name))
    below = all(one.verified for name in names for one in frame.indicators_of(name))
    return parts and (below or likeness is Likeness.RENEWED)


def _family(frame: Frame, code: str) -> str:
    return next((part.part_of or part.code for part in frame.instruments if part.code == code), code)


def _entry(frame: Frame, code: str) -> IndicatorFrame | SubIndicator:
    subs = {sub.code: sub for one in frame.indicators for sub in one.sub_indicators}
    return subs.get(code) or next(one for one in frame.indicators if str(one.number) == code)


def _indicator_of(frame: Frame, code: str) -> IndicatorFrame:
    return next(one for one in frame.indicators if code in one.items)


def _place(frame: Frame, code: str) -> tuple[int, int, int]:
    place = _indicator_of(frame, code)
    return place.number, place.items.index(code), len(place.items)


def _plain(item: Item) -> str:
    return "".join(item.text.split())
