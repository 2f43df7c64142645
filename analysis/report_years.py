"""Official results of several fiscal years side by side: tables, the radar that readers expect, bars that can be read.

Pure. What is not the same in two years is not subtracted, or only with the caution that analysis/likeness.py gives.
"""

from collections.abc import Sequence
from decimal import Decimal

from analysis import report_words as words
from analysis.change import ChangeRow, YearChange, Years, YearsRow
from analysis.official import Official
from analysis.reconcile_tree import TOTAL
from analysis.report import (
    OFFICIAL,
    Beside,
    Block,
    Bullets,
    Chart,
    Column,
    Heading,
    Number,
    Paragraph,
    Series,
    Table,
    printed,
)

ZERO = Decimal(0)
RINGS = 4
"""More years than this on one radar cannot be told apart."""


def against_last_year(changed: YearChange | None, year: int) -> tuple[Block, ...]:
    """The table from year to year with its sentences; that there is no result of the year before."""
    if changed is None:
        return (Paragraph(f"ไม่มีผลของปีงบประมาณก่อนปี {year} ในระบบ จึงไม่มีการเปรียบเทียบ"),)
    rows = compared(changed)
    cautions = list(dict.fromkeys(row.caution for row in rows if row.caution))
    cells = [
        (
            _name(row.cell.level, row.cell.code, row.title),
            words.scored(row.before),
            words.scored(row.now),
            words.difference(row.difference) if row.now and row.before else words.UNKNOWN,
            str(cautions.index(row.caution) + 1) if row.caution else "-",
        )
        for row in rows
    ]
    before, now = changed.before.fiscal_year, changed.now.fiscal_year
    columns = (
        Column("รายการ", 9),
        Column(f"ปี {before}", 3, "right"),
        Column(f"ปี {now}", 3, "right"),
        Column("ต่างกัน", 3, "right"),
        Column("ข้อควรระวัง", 3, "center"),
    )
    said = f"{words.source(changed.now)} และปีงบประมาณ {before}"
    starred = any(score and score.computed for row in rows for score in (row.now, row.before))
    said += f" · {words.COMPUTED_NOTE}" if starred else ""
    title = f"คะแนนปี {now} เทียบกับปี {before}"
    strong = tuple(at for at, row in enumerate(rows) if row.cell == TOTAL)
    return (
        Paragraph(change_sentence(changed)),
        Table("เทียบปีก่อน", title, columns, tuple(cells), said, strong, OFFICIAL),
        Heading("ข้อควรระวังในตาราง", 3),
        Bullets(tuple(cautions), numbered=True),
        Heading("รายการที่คำถามเหมือนเดิมและคะแนนเพิ่มขึ้น", 3),
        Bullets(tuple(map(_moved, changed.risen))),
        Heading("รายการที่คำถามเหมือนเดิมและคะแนนลดลง", 3),
        Bullets(tuple(map(_moved, changed.fallen))),
    )


def compared(changed: YearChange) -> list[ChangeRow]:
    """What the table from year to year shows: no items, no sub-indicators."""
    return [row for row in changed.rows if row.cell.level != "item" and _own(row, changed)]


def change_sentence(changed: YearChange) -> str:
    """How the total moved, with the caution that belongs to it."""
    before, now = changed.before, changed.now
    row = changed.row(TOTAL)
    lacking = [str(one.fiscal_year) for one in (before, now) if one.total is None]
    if row is None or row.now is None or row.before is None:
        return f"ไม่มีคะแนนภาพรวมของปี {words.listed(lacking)} จึงไม่เปรียบเทียบคะแนนภาพรวม"
    if row.difference is None:
        return f"คะแนนภาพรวมของปี {now.fiscal_year} และปี {before.fiscal_year} เทียบกันไม่ได้ ({row.caution})"
    said = (
        f"คะแนนภาพรวมปี {now.fiscal_year} ได้ {row.now.shown} คะแนน ปี {before.fiscal_year} ได้ {row.before.shown} "
        f"คะแนน {words.moved(row.difference)}"
    )
    return f"{said} ทั้งนี้{row.caution}" if row.caution else said


def many_years(years: Years | None) -> tuple[Block, ...]:
    """Every imported year of the total, the instruments and the indicators; less than two years are no comparison."""
    if years is None or len(years.years) < 2:
        return (Paragraph("มีผลในระบบไม่ถึงสองปี จึงไม่มีการเปรียบเทียบหลายปี"),)
    rows = [row for row in years.rows if row.cell.level != "item" and _plain(row)]
    cells = tuple(
        (
            _name(row.cell.level, row.cell.code, row.title),
            *map(words.scored, row.scores),
            words.listed(f"ปี {year}" for year in row.breaks) if row.breaks else "-",
        )
        for row in rows
    )
    last = years.years[-1]
    columns = (
        Column("รายการ", 7),
        *(Column(f"ปี {year}", 2, "right") for year in years.years),
        Column(f"ปีที่เทียบกับปี {last} ไม่ได้", 4),
    )
    starred = any(score and score.computed for row in rows for score in row.scores)
    said = f"ที่มา: ผลการประเมิน ITA ที่ประกาศของแต่ละปี{' · ' + words.COMPUTED_NOTE if starred else ''}"
    title = f"คะแนนย้อนหลัง {len(years.years)} ปี"
    return (Table("ย้อนหลัง", title, columns, cells, said, (0,) if rows and rows[0].cell == TOTAL else (), OFFICIAL),)


def charts(official: Official, years: Years | None) -> tuple[Block, ...]:
    """The radar by year beside this year's sorted bars; nothing to draw: that is said."""
    known = [(one, score) for one in official.frame.indicators if (score := official.indicator(one.number))]
    if len(known) < 3:
        return (Paragraph("ผลที่นำเข้ามีคะแนนรายตัวชี้วัดไม่พอให้เขียนแผนภูมิ"),)
    labels = tuple(f"{one.number}. {one.title}" for one, _ in known)
    rings = _rings(official, years, [str(one.number) for one, _ in known])
    lowest, score = min(known, key=lambda pair: pair[1].shown)
    bars_title = f"ตัวชี้วัดที่ {lowest.number} ได้คะแนนต่ำสุด {score.shown} คะแนน"
    if all(other.shown == score.shown for _, other in known):
        bars_title = f"ทุกตัวชี้วัดได้ {score.shown} คะแนนเท่ากัน"
    low = words.axis_low([point.value for one in rings for point in one.points])
    said = words.source(official)
    radar_title = f"คะแนนรายตัวชี้วัด {words.listed(one.name for one in rings)}"
    points = tuple(words.number(score.shown) for _, score in known)
    bars = Series(f"ปี {official.fiscal_year}", points)
    return (
        Beside(
            Chart("radar", radar_title, labels, rings, said, low, 100, OFFICIAL),
            Chart("bars", bars_title, labels, (bars,), said, 0, 100, OFFICIAL),
        ),
    )


def _rings(official: Official, years: Years | None, codes: Sequence[str]) -> tuple[Series, ...]:
    """A ring for each of the last years up to this one."""
    if years is None:
        scores = [official.indicator(code) for code in codes]
        return (Series(f"ปี {official.fiscal_year}", tuple(words.number(s.shown) for s in scores if s)),)
    rows = {row.cell.code: row for row in years.of_level("indicator") if _plain(row)}
    last = len(years.years)
    return tuple(
        Series(f"ปี {years.years[at]}", tuple(_point(rows[code], at) for code in codes))
        for at in range(max(0, last - RINGS), last)
    )


def _point(row: YearsRow, at: int) -> Number:
    score = row.scores[at]
    return words.number(score.shown) if score else words.GAP


def _plain(row: YearsRow) -> bool:
    return row.cell.instrument not in ("EIT1", "EIT2") and "." not in row.cell.code


def _own(row: ChangeRow, changed: YearChange) -> bool:
    """The parts of an instrument only where both years have them; sub-indicators not at all."""
    if row.cell.level == "indicator" and "." in row.cell.code:
        return False
    families = changed.now.frame.families
    return row.cell.instrument in ("ITA", *families) or (
        row.cell.level == "instrument" and bool(row.now and row.before)
    )


def _name(level: str, code: str, title: str) -> str:
    if level == "indicator":
        return f"{code}. {title}"
    return "คะแนนภาพรวม" if level == "total" else title or code


def _moved(row: ChangeRow) -> str:
    name = f"{'ข้อ' if row.cell.level == 'item' else 'ตัวชี้วัดที่'} {row.cell.code} {row.title}"
    before, now, difference = (words.scored(row.before), words.scored(row.now), row.difference)
    return f"{name} จาก {printed(before)} เป็น {printed(now)} ({words.moved(difference or ZERO)})"
