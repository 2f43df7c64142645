"""What ``siang ita check`` prints for people: Thai, what agrees, what does not, and which cell would mend it."""

from collections.abc import Iterator

from analysis.frame import ITEMS, SUB_INDICATORS, Frame
from analysis.reconcile import Verdict, Way
from analysis.reconcile_levels import Comparison
from analysis.reconcile_proposals import Proposal
from analysis.reconcile_tree import LEVELS as RECONCILED
from analysis.reconcile_tree import Cell
from bot.cli import columns
from survey.thai import thai_digits

TITLE_ROOM = 44
LEVELS = {"item": "ข้อ", "indicator": "ตัวชี้วัด", "instrument": "เครื่องมือ", "total": "คะแนนรวม"}
AVERAGES = {ITEMS: "ค่าเฉลี่ยรายข้อ", SUB_INDICATORS: "ค่าเฉลี่ยของตัวชี้วัดย่อย"}


def lines(frame: Frame, verdict: Verdict) -> Iterator[str]:
    """The lines about one fiscal year."""
    yield f"ปีงบประมาณ {verdict.fiscal_year} · {_sum_of(verdict)}"
    if verdict.comparisons:
        yield ""
        yield from _comparisons(frame, verdict.comparisons)
    if verdict.mismatches:
        yield ""
        yield from _proposals(frame, verdict.proposals)
    yield from _grade(verdict)
    yield from _oit(verdict.fits)
    yield ""
    yield from _doubts(frame, any(not _sure(frame, one.cell) for one in verdict.comparisons))


def _sum_of(verdict: Verdict) -> str:
    if not verdict.comparisons:
        return "มีตัวเลขระดับเดียว ไม่มีตัวเลขสองระดับให้เทียบกัน"
    if not verdict.mismatches:
        return "ตัวเลขตรงกันทุกระดับ" if verdict.agrees else "ตัวเลขตรงกันทุกระดับ แต่ระดับผลที่ระบุไม่ตรง"
    return f"ตัวเลขไม่ตรงกัน {len(verdict.mismatches)} ช่อง"


def _comparisons(frame: Frame, comparisons: tuple[Comparison, ...]) -> Iterator[str]:
    rows = [("", "", "", "ที่พิมพ์", "คำนวณได้", "ต่าง", "")]
    for one in sorted(comparisons, key=lambda one: -RECONCILED.index(one.cell.level)):
        off = "" if one.agrees else f"{(one.printed - one.computed) / 100:+.2f}"
        mark = "ตรง" if one.agrees else "ไม่ตรง"
        rows.append((*name(frame, one.cell), score(one.printed), score(one.computed), off, mark))
    yield from columns.lines(rows, right=(3, 4, 5))


def _proposals(frame: Frame, proposals: tuple[Proposal, ...]) -> Iterator[str]:
    if not proposals:
        yield "ไม่มีช่องใดที่แก้เพียงช่องเดียวแล้วตรงกันหมด น่าจะพิมพ์ผิดมากกว่าหนึ่งช่อง"
        return
    many = "" if len(proposals) == 1 else f" ({len(proposals)} ทางเลือก การคำนวณบอกไม่ได้ว่าทางใด ต้องดูต้นฉบับ)"
    yield f"แก้เพียงช่องเดียวนี้ ตัวเลขทั้งหมดจะตรงกัน{many}"
    rows = [("", "", "", "ที่พิมพ์", "ควรเป็น", "")]
    rows += [(*name(frame, one.cell), score(one.printed), _range(one), _slip(one)) for one in proposals]
    yield from columns.lines(rows, right=(3,))


def name(frame: Frame, cell: Cell) -> tuple[str, str, str]:
    """Level, code, title: ``("ข้อ", "EIT2 e7", "หน่วยงานมีการเปิดโอกาส…")``."""
    titles = {cell.code: ""}
    titles |= {str(one.number): one.title for one in frame.indicators}
    titles |= {sub.code: sub.title for one in frame.indicators for sub in one.sub_indicators}
    titles |= {code: item.text for code, item in frame.items.items()}
    titles |= {one.code: one.title for one in frame.instruments}
    code = f"{cell.instrument} {cell.code}" if cell.level in ("item", "indicator") else cell.code
    title = columns.cut(titles[cell.code], TITLE_ROOM)
    return LEVELS[cell.level], "" if cell.level == "total" else code, title + ("" if _sure(frame, cell) else " *")


def _sure(frame: Frame, cell: Cell) -> bool:
    """Whether sources confirm how the number is made up of those below it."""
    if cell.level in ("instrument", "total"):
        return all(one.verified for one in frame.instruments)
    return all(one.verified for one in frame.indicators if cell.code in (str(one.number), *one.items))


def _range(proposal: Proposal) -> str:
    if proposal.only:
        return " หรือ ".join(map(score, proposal.only))
    if proposal.low == proposal.high:
        return score(proposal.low)
    return f"{score(proposal.low)} ถึง {score(proposal.high)}"


def _slip(proposal: Proposal) -> str:
    if proposal.misreading is None:
        return ""
    seen, meant = score(proposal.printed), score(proposal.misreading)
    old, new = next((a, b) for a, b in zip(seen, meant, strict=True) if a != b)
    alike = f" เลข {thai_digits(old)} ({old}) กับ {thai_digits(new)} ({new}) อ่านสลับกันง่าย" if proposal.alike else ""
    return f"ต่างหลักเดียว: {meant}{alike}"


def _grade(verdict: Verdict) -> Iterator[str]:
    grade = verdict.grade
    computed = " หรือ ".join(grade.possible) if len(grade.possible) < 4 else "บอกไม่ได้ (ตัวเลขไม่พอ)"
    yield ""
    if grade.stated is None:
        yield f"ระดับผลตามเกณฑ์: {computed} (ไม่ได้ระบุระดับผลไว้ให้เทียบ)"
    else:
        yield f"ระดับผลที่ระบุ: {grade.stated} · ตามเกณฑ์: {computed} · {'ตรง' if grade.agrees else 'ไม่ตรง'}"


def _oit(fits: tuple[Way, ...] | None) -> Iterator[str]:
    if fits is not None:
        ways = [AVERAGES[way.average] + (f" ({way.name})" if way.name else "") for way in fits]
        yield f"วิธีเฉลี่ยคะแนน OIT ที่ตรงกับตัวเลข: {', '.join(ways) or 'ไม่มีวิธีใดที่ตรงทั้งหมด'}"


def _doubts(frame: Frame, starred: bool) -> Iterator[str]:
    yield f"โครงสร้าง ITA ที่ใช้: {frame.source}"
    yield "ที่ยังไม่ยืนยัน (แถวที่มี * อาศัยข้อเหล่านี้):" if starred else "ที่ยังไม่ยืนยัน:"
    yield from (f"  - {doubt}" for doubt in frame.doubts)


def score(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}"
