"""What ``siang analysis advice`` and ``siang analysis estimate`` say, for staff alone: pages, json and csv rows."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis.advice import WITHIN, Advice, Need
from analysis.display import UNOFFICIAL, half_up, show
from analysis.estimate import Estimate
from analysis.report import Cell, Number
from analysis.scores import ENOUGH, Score
from bot.cli import scores_table
from bot.cli.pages import SCORE_HEADER, Page, count, score_row

STAFF = f"{UNOFFICIAL} · สำหรับเจ้าหน้าที่ ห้ามเผยแพร่"
ADVICE_COLUMNS = "basis level code title score n within more".split()
ESTIMATE_COLUMNS = "basis level code title score n low high of_eit of_total to_keep to_perfect".split()


def advice_page(found: Advice, label: str) -> Page:
    """How many more responses each score needs."""
    rows = tuple((title, *_need(need)) for _, _, title, need in _needs(found))
    header = ("", "คะแนน", "ช่วง 95%", "ผู้ตอบ", "± ตอนนี้", "ต้องมีผู้ตอบอีก (คน)", "")
    notes = (
        f"ต้องมีผู้ตอบอีกกี่คน คะแนนจึงจะรู้ได้ในช่วง ±{half_up(WITHIN, 0)} คะแนน (ผู้ตอบเอง)",
        "คาดจากคำตอบที่มีและช่วง 95% ที่แสดง หากคนต่อไปตอบคล้ายคนที่ตอบแล้ว",
    )
    return Page("คำตอบที่ต้องการ", f"คำแนะนำจำนวนคำตอบ {label}", header, rows, notes)


def _needs(found: Advice) -> Iterator[tuple[str, str, str, Need]]:
    yield "overall", "eit", "EIT", found.overall
    for number, title, need in found.indicators:
        yield "indicator", str(number), f"{number} {title}", need


def _need(need: Need) -> tuple[Cell, ...]:
    shown = show(need.score)
    if shown.number is None or need.within is None:
        return "–", "", "", "", "", shown.value
    within = half_up(need.within, 2 if (need.score.n or 0) >= ENOUGH else 0)
    more: Cell = "–" if need.more is None else count(need.more)
    said = "แม้ถามผู้รับบริการทุกคนก็ยังไม่ถึง" if need.more is None else "พอแล้ว" if need.more == 0 else ""
    words = " · ".join(part for part in (said, shown.note) if part)
    return (
        Number(shown.number, shown.value),
        shown.range,
        count(need.score.n),
        Number(within, f"±{within}"),
        more,
        words,
    )


def advice_public(found: Advice, agency_id: str, year: int) -> dict[str, Any]:
    """For programs."""
    rows = [{key: value for key, value in row.items() if key != "basis"} for row in advice_flat(found)]
    return {**_head(agency_id, year), "points": WITHIN, "n": found.n, "scores": rows}


def advice_flat(found: Advice) -> Iterator[dict[str, Any]]:
    for level, code, title, need in _needs(found):
        within = None if need.within is None else float(half_up(need.within))
        score = {"score": _rounded(need.score.value), "n": need.score.n}
        yield (
            {"basis": UNOFFICIAL, "level": level, "code": code, "title": title}
            | score
            | {
                "within": within,
                "more": need.more,
            }
        )


def estimate_pages(found: Estimate, keep_from: Fraction) -> list[Page]:
    """The estimate with its biases, and the items that would raise it most."""
    year = found.fiscal_year
    rows = [score_row(f"EIT ที่คาด ปี {year} ({scores_table.MODES['self']})", found.score)]
    rows.append(score_row(f"เทียบ: {scores_table.MODES['assisted']} (ไม่รวมในการคาด)", found.assisted))
    return [
        Page("ประมาณการ", f"ประมาณการ EIT ปีงบประมาณ {year}", ("", *SCORE_HEADER), tuple(rows), _caveats(found)),
        _levers(found, half_up(keep_from, 2 if keep_from.denominator > 1 else 0)),
    ]


def _caveats(found: Estimate) -> tuple[str, ...]:
    notes = [f"ข้อควรระวัง {at}: {bias}" for at, bias in enumerate(found.biases, 1)]
    if one := found.before:
        gap = f"{one.gap:+.2f}"
        own, official = half_up(one.internal.value or 0), half_up(one.official)
        notes.append(f"ปี {one.fiscal_year}: ผลสำรวจภายใน {own} ผลทางการ {official} ต่างกัน {gap} คะแนน")
    else:
        notes.append(f"ยังไม่มีผลทางการของปี {found.fiscal_year - 1} คู่กับผลสำรวจภายใน จึงวัดความต่างที่ผ่านมาไม่ได้")
    return (*notes, f"โครงสร้าง ITA ที่ใช้: {found.frame.source}")


def _levers(found: Estimate, keep: Decimal) -> Page:
    header = ("ข้อ", "คะแนน", "ช่วง 95%", "EIT ต่อ 1 คะแนน", "ITA ต่อ 1 คะแนน", f"EIT เพิ่มหากถึง {keep}", "EIT เพิ่มหากถึง 100")
    rows = tuple(
        (
            f"{lever.code} {lever.text}".strip(),
            _number(lever.score.value),
            show(lever.score).range,
            _number(lever.of_eit, 4),
            _number(lever.of_total, 4),
            _number(lever.to_keep),
            _number(lever.to_perfect),
        )
        for lever in found.levers
    )
    note = f"เรียงจากข้อที่ทำให้ EIT เพิ่มได้มากที่สุด เฉพาะข้อที่มีผู้ตอบครบ {ENOUGH} คน น้ำหนักตามโครงสร้างของปี"
    return Page("ข้อที่ยกคะแนนได้มาก", "ข้อที่หากปรับปรุงจะยก EIT ได้มากที่สุด", header, rows, (note,))


def estimate_public(found: Estimate, agency_id: str) -> dict[str, Any]:
    """For programs."""
    before = found.before
    return {
        **_head(agency_id, found.fiscal_year),
        "estimate": _score(found.score),
        "assisted": _score(found.assisted),
        "biases": list(found.biases),
        "year_before": before
        and {"fiscal_year": before.fiscal_year, "official": _rounded(before.official), "gap": float(before.gap)},
        "frame_verified": found.frame.verified,
        "levers": [
            {key: value for key, value in row.items() if key not in ("basis", "level")}
            for row in estimate_flat(found)
            if row["level"] == "item"
        ],
    }


def estimate_flat(found: Estimate) -> Iterator[dict[str, Any]]:
    common = {"basis": UNOFFICIAL}
    yield common | {"level": "overall", "code": "eit", "title": "EIT"} | _score(found.score)
    for lever in found.levers:
        gains = {name: float(half_up(getattr(lever, name), 4)) for name in ESTIMATE_COLUMNS[-4:]}
        yield common | {"level": "item", "code": lever.code, "title": lever.text} | _score(lever.score) | gains


def _head(agency_id: str, year: int) -> dict[str, Any]:
    return {"agency": agency_id, "fiscal_year": year, "official": False, "publish": False, "notice": STAFF}


def _score(score: Score) -> dict[str, Any]:
    interval = score.interval
    return {
        "score": _rounded(score.value),
        "n": score.n,
        "low": _rounded(interval.low) if interval else None,
        "high": _rounded(interval.high) if interval else None,
    }


def _rounded(number: Fraction | float | None) -> float | None:
    return None if number is None else float(half_up(number))


def _number(value: Fraction | None, places: int = 2) -> Number:
    rounded = half_up(value or 0, places)
    return Number(rounded, str(rounded))
