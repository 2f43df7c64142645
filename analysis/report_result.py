"""An official result in tables and sentences: as a whole, by instrument, by indicator, by item. Pure.

Sentences name the highest and the lowest by the numbers as printed, all that tie, and never say why: the result does
not tell. What was computed and not published carries a star.
"""

from collections.abc import Sequence

from analysis import report_words as words
from analysis.frame import Frame
from analysis.likeness import LEVELS
from analysis.official import Official, OfficialScore
from analysis.reconcile_tree import Cell
from analysis.report import OFFICIAL, Block, Bullets, Column, Heading, Paragraph, Table
from analysis.report import Cell as Printed

ITA = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
MANY = 6
"""Of so many that tie a sentence gives the number instead of the names."""

Named = tuple[str, OfficialScore]


def whole(official: Official, agency: str) -> tuple[Block, ...]:
    """The total and its level, the instruments, and the rule of the levels."""
    return (
        Paragraph(total_sentence(official, agency)),
        _instruments(official),
        Paragraph(instruments_sentence(official)),
        _levels(official.frame),
    )


def total_sentence(official: Official, agency: str) -> str:
    """What the whole is and its level, or that it cannot be said."""
    year, total = official.fiscal_year, official.total
    if total is None:
        return f"ผลที่นำเข้าของปีงบประมาณ {year} ไม่มีคะแนนภาพรวมของ{agency} และมีคะแนนอื่นไม่พอให้คำนวณ"
    return f"{agency} ได้คะแนน{ITA} ปีงบประมาณ {year} ในภาพรวม {words.points(total)} {grade_words(official)}"


def grade_words(official: Official) -> str:
    """``อยู่ในระดับ "ผ่านดี" ตามที่ประกาศ``"""
    if not official.grade:
        possible = words.listed(f'"{name}"' for name in official.verdict.grade.possible)
        return f"ระดับผลการประเมินระบุไม่ได้จากคะแนนที่มี อาจเป็น {possible}"
    return f'อยู่ในระดับ "{official.grade}" ' + ("ตามที่ประกาศ" if official.stated else "ซึ่งคำนวณตามเกณฑ์ ไม่ได้อยู่ในผลที่นำเข้า")


def instruments_sentence(official: Official) -> str:
    found = [(code, score) for code in _codes(official.frame) if (score := official.instrument(code))]
    return extremes(found, "เครื่องมือ") or "ผลที่นำเข้าไม่มีคะแนนแยกตามเครื่องมือ"


def indicators(official: Official) -> tuple[Block, ...]:
    """The table of all indicators and the sentence on them."""
    frame = official.frame
    rows: list[tuple[Printed, ...]] = []
    named: list[Named] = []
    for name in frame.families:
        for one in frame.indicators_of(name):
            score = official.indicator(one.number)
            rows.append((str(one.number), one.title, name, words.scored(score)))
            named += [(f"ตัวชี้วัดที่ {one.number} {one.title}", score)] if score else []
    columns = (Column("ที่", 2, "center"), Column("ตัวชี้วัด", 10), Column("เครื่องมือ", 3, "center"), _SCORE)
    table = Table("ตัวชี้วัด", "คะแนนรายตัวชี้วัด", columns, tuple(rows), note(official, rows), basis=OFFICIAL)
    return table, Paragraph(extremes(named, "ตัวชี้วัด") or "ผลที่นำเข้าไม่มีคะแนนรายตัวชี้วัด")


def items(official: Official) -> tuple[Block, ...]:
    """A table for each instrument with the sentence on it; where no item was published, that is said."""
    blocks: list[Block] = []
    for name in official.frame.families:
        blocks += [Heading(f"ผลรายข้อ {name}", 2), *_items(official, name)]
    return tuple(blocks)


def extremes(named: Sequence[Named], noun: str) -> str:
    """``ข้อที่ได้คะแนนสูงสุด คือ ...``; empty when there is nothing to tell."""
    if not named:
        return ""
    shown = [score.shown for _, score in named]
    high, low = max(shown), min(shown)
    if len(named) == 1:
        return f"{noun}ที่มีคะแนนมีเพียง {named[0][0]} ได้ {words.points(named[0][1])}"
    if high == low:
        return f"ทุก{noun}ที่มีคะแนน ({len(named)} {noun}) ได้ {high} คะแนนเท่ากัน"
    return f"{noun}ที่ได้คะแนนสูงสุด คือ {_at(named, high, noun)} {noun}ที่ได้คะแนนต่ำสุด คือ {_at(named, low, noun)}"


def note(official: Official, rows: Sequence[Sequence[Printed]]) -> str:
    """The source, and what a star means where there is one."""
    starred = any(not isinstance(cell, str) and cell.text.endswith(words.COMPUTED) for row in rows for cell in row)
    return words.source(official) + (f" · {words.COMPUTED_NOTE}" if starred else "")


def place(cell: Cell, frame: Frame) -> str:
    """A cell in words: ``EIT2 ข้อ e7``, ``ตัวชี้วัดที่ 6``."""
    if cell.level in ("total", "instrument"):
        return LEVELS[cell.level] if cell.level == "total" else cell.instrument
    part = f"{cell.instrument} " if cell.instrument not in frame.families else ""
    return f"{part}{LEVELS[cell.level]}{'ที่' if cell.level == 'indicator' else ''} {cell.code}"


def mismatches(official: Official) -> Bullets:
    """Where the published numbers contradict each other."""
    return Bullets(
        tuple(
            f"{place(one.cell, official.frame)} ประกาศไว้ {one.printed / 100:.2f} "
            f"แต่คำนวณจากระดับล่างได้ {one.computed / 100:.2f}"
            for one in official.verdict.mismatches
        )
    )


def _instruments(official: Official) -> Table:
    frame, rows = official.frame, []
    for code in _codes(frame):
        weight = sum(part.weight for part in frame.instruments if code in (part.code, part.part_of))
        title = official.title(Cell("instrument", code, code))
        rows.append((title or code, words.rounded(weight * 100, 0), words.scored(official.instrument(code))))
    rows.append(("คะแนนภาพรวม", words.rounded(100, 0), words.scored(official.total)))
    columns = (Column("เครื่องมือ", 10), Column("น้ำหนัก (ร้อยละ)", 3, "right"), _SCORE)
    strong = (len(rows) - 1,)
    said = note(official, rows)
    return Table("เครื่องมือ", "คะแนนภาพรวมและรายเครื่องมือ", columns, tuple(rows), said, strong, OFFICIAL)


def _levels(frame: Frame) -> Table:
    rows = tuple(
        (
            one.name,
            words.rounded(one.total_min),
            words.rounded(one.every_instrument_min) if one.every_instrument_min is not None else "ไม่กำหนด",
        )
        for one in frame.levels
    )
    columns = (Column("ระดับ", 6), Column("คะแนนภาพรวมตั้งแต่", 4, "right"), Column("ทุกเครื่องมือตั้งแต่", 4, "right"))
    doubt = "" if all(one.verified for one in frame.levels) else "เกณฑ์นี้ยังไม่ยืนยันกับประกาศของสำนักงาน ป.ป.ช."
    return Table("เกณฑ์ระดับ", f"เกณฑ์ระดับผลการประเมิน ปีงบประมาณ {frame.fiscal_year}", columns, rows, doubt, basis=OFFICIAL)


def _items(official: Official, name: str) -> tuple[Block, ...]:
    codes = [code for one in official.frame.indicators_of(name) for code in one.items]
    named = [(f"ข้อ {code}", score) for code in codes if (score := official.item(code))]
    if not named:
        return (Paragraph(f"ผลที่นำเข้าไม่มีคะแนนรายข้อของ {name}"),)
    parts = [part.code for part in official.frame.parts(name)] if len(official.frame.parts(name)) > 1 else []
    rows = [
        (
            code,
            item_title(official, code),
            *(words.scored(official.item(code, p)) for p in parts),
            words.scored(official.item(code)),
        )
        for code in codes
    ]
    columns = (
        Column("ข้อ", 2, "center"),
        Column("ประเด็นการประเมิน", 9),
        *(Column(part, 3, "right") for part in parts),
        Column("เฉลี่ย 2 ส่วน", 3, "right") if parts else _SCORE,
    )
    full = sum(score.shown == 100 for _, score in named)
    said = f"มีคะแนน {len(named)} ข้อ จาก {len(codes)} ข้อ ได้คะแนนเต็ม 100.00 จำนวน {full} ข้อ {extremes(named, 'ข้อ')}"
    table = Table(f"รายข้อ {name}", f"คะแนนรายข้อ {name}", columns, tuple(rows), note(official, rows), basis=OFFICIAL)
    return table, Paragraph(said)


def item_title(official: Official, code: str) -> str:
    """The item's wording; of a part where only that was given."""
    name = {"i": "IIT", "e": "EIT", "o": "OIT"}[code[0]]
    cells = [Cell("item", part, code) for part in (name, *(part.code for part in official.frame.parts(name)))]
    return next((title for cell in cells if (title := official.title(cell))), "(ไม่ทราบถ้อยคำ)")


def _codes(frame: Frame) -> list[str]:
    """Each part, and after two parts their mean."""
    found = []
    for name in frame.families:
        parts = [part.code for part in frame.parts(name)]
        found += [*parts, name] if len(parts) > 1 else [name]
    return found


def _at(named: Sequence[Named], value: object, noun: str) -> str:
    same = [name for name, score in named if score.shown == value]
    if len(same) >= MANY:
        return f"{len(same)} {noun} ได้ {value} คะแนนเท่ากัน"
    return f"{words.listed(same)} ({value} คะแนน)"


_SCORE = Column("คะแนน", 3, "right")
