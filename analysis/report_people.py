"""Who answered, and what they wrote: the counts and comments of documents, as values. Pure.

A cell of fewer than five people is withheld, and the next smallest with it, until nothing can be subtracted out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis import report_words as words
from analysis.counts import FEWEST
from analysis.internal import Comment
from analysis.report import INTERNAL, Block, Bullets, Column, Paragraph, Table
from analysis.report import Cell as Printed
from survey import thai

MASKED = "ปกปิด"
UNTOLD = "ไม่ระบุ"
MOST_COMMENTS = 100


@dataclass(frozen=True, slots=True)
class Profile:
    """How the respondents described themselves in one question. ``counts``: label -> people, UNTOLD the last."""

    title: str
    counts: Mapping[str, int]


def covered(counts: Mapping[str, int]) -> frozenset[str]:
    """The cells not to be shown when their total is known."""
    hidden = {name for name, n in counts.items() if 0 < n < FEWEST}
    while hidden and (len(hidden) == 1 or sum(counts[name] for name in hidden) < FEWEST):
        rest = [name for name, n in counts.items() if n and name not in hidden]
        if not rest:
            break
        hidden.add(min(rest, key=lambda name: (counts[name], name)))
    return frozenset(hidden)


def profile_tables(profiles: Sequence[Profile], note: str) -> tuple[Block, ...]:
    """A table for each question; fewer than five respondents: none at all."""
    blocks: list[Block] = []
    for at, one in enumerate(profiles, 1):
        total = sum(one.counts.values())
        if total < FEWEST:
            blocks.append(Paragraph(f"{one.title}: ผู้ตอบน้อยกว่า {FEWEST} คน จึงไม่แสดงจำนวน"))
            continue
        hidden = covered(one.counts)
        rows = tuple(_row(label, n, total, label in hidden) for label, n in one.counts.items())
        rows = (*rows, ("รวม", words.count(total), words.percent(total, total)))
        columns = (Column(one.title, 6), Column("จำนวน (คน)", 3, "right"), Column("ร้อยละ", 3, "right"))
        said = f"{note} · กลุ่มที่น้อยกว่า {FEWEST} คน และกลุ่มที่ทำให้คำนวณย้อนได้ ไม่แสดง" if hidden else note
        title = f'จำนวนผู้ตอบตามคำถาม "{one.title}"'
        blocks.append(Table(f"ผู้ตอบ {at}", title, columns, rows, said, (len(rows) - 1,), INTERNAL))
    return tuple(blocks)


def comment_blocks(comments: Sequence[Comment], titles: Mapping[str, str]) -> tuple[Block, ...]:
    """The comments as they are, for a person to read and to choose from; no theme is made up."""
    shown = comments[:MOST_COMMENTS]
    said = f"มีความคิดเห็นที่เป็นข้อความ {len(comments)} ข้อความ"
    if len(shown) < len(comments):
        said += f" แสดง {len(shown)} ข้อความ"
    if comments:
        said += (
            " ระบบปกปิดเลขบัตร เบอร์โทร และชื่อที่มีคำนำหน้าแล้ว แต่ชื่อที่ไม่มีคำนำหน้าอาจเหลืออยู่ "
            "เจ้าหน้าที่ต้องอ่านทุกข้อความ และลบข้อความที่ระบุตัวบุคคลได้ก่อนเผยแพร่"
        )
    items = tuple(f"{one.text} ({titles[one.kind]}{f' {_month(one.month)}' if one.month else ''})" for one in shown)
    return Paragraph(said), Bullets(items)


def _row(label: str, n: int, total: int, hidden: bool) -> tuple[Printed, ...]:
    return (label, MASKED, MASKED) if hidden else (label, words.count(n), words.percent(n, total))


def _month(key: str) -> str:
    return thai.parse_month(key).label
