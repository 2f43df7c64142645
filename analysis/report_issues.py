"""What an official result says of each item, indicator and of the seven issues: findings, keep or improve. Pure.

The verdicts come from analysis/findings.py and its explicit rule; here they become tables and sentences.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from analysis import report_words as words
from analysis.change import YearChange
from analysis.display import half_up
from analysis.findings import Finding, Findings, IssueFindings, Rule, Verdict, Why, by_issue
from analysis.measure import Measure
from analysis.official import Official
from analysis.report import OFFICIAL, Block, Bullets, Column, Heading, Paragraph, Table
from analysis.report import Cell as Printed
from analysis.report_result import extremes, item_title, note

ADVICE = {Verdict.KEEP: "รักษาระดับ", Verdict.IMPROVE: "ปรับปรุง", Verdict.UNKNOWN: "ระบุไม่ได้"}
NO_SCORE = "ไม่มีคะแนนในผลที่ประกาศ"


def rule_sentence(rule: Rule) -> str:
    """The rule by which a question is kept up or improved."""
    said = f"ข้อที่ได้ต่ำกว่า {half_up(rule.keep_from)} คะแนน เสนอให้ปรับปรุง"
    if rule.lowest:
        said += f" และ {rule.lowest} ข้อที่ได้คะแนนต่ำที่สุดซึ่งยังไม่เต็ม 100 คะแนน เสนอให้ปรับปรุงด้วยแม้ไม่ต่ำกว่าเกณฑ์"
    return f"เกณฑ์ของรายงานนี้ (หน่วยงานกำหนดเอง): {said} ข้ออื่นเสนอให้รักษาระดับ คะแนนสูงคือผลดีทุกข้อ รวมทั้งข้อที่ถามถึงสิ่งที่ไม่ควรเกิด"


def seven(found: Findings, measures: Mapping[int, Sequence[Measure]]) -> tuple[Block, ...]:
    """A section for each issue: its items with two-part averages, finding and advice, narrative, measures."""
    blocks: list[Block] = [Paragraph(rule_sentence(found.rule))]
    for one in by_issue(found):
        blocks += [Heading(f"ประเด็นที่ {one.issue.number} {one.issue.title}", 2), *_issue(found, one)]
        blocks.append(Heading(f"มาตรการของประเด็นที่ {one.issue.number}", 3))
        blocks.append(Bullets(tuple(measure.title for measure in measures.get(one.issue.number, ()))))
    return tuple(blocks)


def strengths(found: Findings) -> tuple[Block, ...]:
    """The best and the weakest, with how many they are."""
    kept = [one for one in found.items if one.verdict is Verdict.KEEP]
    said = f"จากข้อที่มีคะแนน เสนอให้รักษาระดับ {len(kept)} ข้อ และเสนอให้ปรับปรุง {_improved(found)} ข้อ"
    if not any(one.mean for one in found.items):
        said = "ผลที่นำเข้าไม่มีคะแนนรายข้อ จุดแข็งและจุดอ่อนจึงระบุในระดับตัวชี้วัด"
    return (
        Paragraph(said),
        Heading("จุดแข็ง", 2),
        Bullets(tuple(map(named, found.strengths))),
        *_ties(found),
        Heading("จุดอ่อน", 2),
        Bullets(tuple(f"{named(one)} {reason(one, found.rule)}" for one in found.weaknesses)),
    )


def _ties(found: Findings) -> tuple[Block, ...]:
    """That more than those named have the best score."""
    named = found.strengths
    if not named or not named[-1].mean:
        return ()
    last = named[-1].mean
    level = found.items if named[-1].level == "item" else found.indicators
    more = sum(one.mean is not None and one.mean.shown == last.shown for one in level if one not in named)
    return (Paragraph(f"ได้ {last.shown} คะแนนเท่ากันอีก {more} รายการ"),) if more else ()


def by_indicator(found: Findings, changed: YearChange | None) -> tuple[Block, ...]:
    """A paragraph for each indicator, and the items of it that are to be improved."""
    blocks: list[Block] = []
    for one in found.indicators:
        below = [item for item in found.items if item.indicator == one.indicator]
        blocks.append(Heading(f"ตัวชี้วัดที่ {one.code} {one.title}", 2))
        blocks.append(Paragraph(_indicator_sentence(one, below, changed)))
        weak = [item for item in below if item.verdict is Verdict.IMPROVE]
        if any(item.mean for item in below):
            blocks.append(Heading(f"ข้อที่เสนอให้ปรับปรุงของตัวชี้วัดที่ {one.code}", 3))
            blocks.append(Bullets(tuple(f"{named(item)} {reason(item, found.rule)}" for item in weak)))
    return tuple(blocks)


def reason(one: Finding, rule: Rule) -> str:
    """Why the rule says what it says of it, in numbers as printed."""
    if one.mean is None:
        return NO_SCORE
    least, shown = half_up(rule.keep_from), one.mean.shown
    if one.why is Why.BELOW:
        return f"ต่ำกว่าเกณฑ์ {least} คะแนน อยู่ {least - shown} คะแนน"
    if one.why is Why.LOWEST:
        return f"ไม่ต่ำกว่าเกณฑ์ {least} คะแนน แต่อยู่ในกลุ่ม {rule.lowest} ข้อที่ได้คะแนนต่ำที่สุด"
    return "ได้คะแนนเต็ม" if shown == 100 else f"ไม่ต่ำกว่าเกณฑ์ {least} คะแนน"


def _issue(found: Findings, one: IssueFindings) -> tuple[Block, ...]:
    asked = _two_parts(found.official) and any(item.family == "EIT" for item in one.findings)
    parts = tuple(part.code for part in found.official.frame.parts("EIT")) if asked else ()
    rows = [_row(found, item, parts) for item in one.findings]
    columns = (
        Column("ข้อ", 2, "center"),
        Column("ประเด็นการประเมิน", 7),
        *(Column(part, 3, "right") for part in parts),
        Column("เฉลี่ย 2 ส่วน" if parts else "คะแนน", 3, "right"),
        Column("ข้อค้นพบ", 6),
        Column("แนวทาง", 3, "center"),
    )
    title = f"ผลรายข้อของประเด็นที่ {one.issue.number}"
    said = note(found.official, rows)
    if parts:
        said += " · เฉพาะ EIT มีสองส่วน ข้ออื่นแสดงคะแนนเดียว"
    if not one.issue.verified:
        said += " · ข้อของประเด็นนี้ยังไม่ยืนยัน"
    table = Table(f"ประเด็นที่ {one.issue.number}", title, columns, tuple(rows), said, basis=OFFICIAL)
    return table, Paragraph(_issue_sentence(one, parts))


def _row(found: Findings, item: Finding, parts: Sequence[str]) -> tuple[Printed, ...]:
    of_parts = [words.scored(item.score_by_part.get(part)) if item.family == "EIT" else "-" for part in parts]
    title = item_title(found.official, item.code)
    mean = words.scored(item.mean, mark=not (parts and item.family == "EIT"))
    return (item.code, title, *of_parts, mean, reason(item, found.rule), ADVICE[item.verdict])


def _issue_sentence(one: IssueFindings, parts: Sequence[str]) -> str:
    known = [item for item in one.findings if item.mean]
    if not known:
        return f"ประเด็นนี้มี {len(one.findings)} ข้อ {NO_SCORE}"
    kept = [item for item in known if item.verdict is Verdict.KEEP]
    said = f"ประเด็นนี้มี {len(one.findings)} ข้อ มีคะแนน {len(known)} ข้อ เสนอให้รักษาระดับ {len(kept)} ข้อ "
    weak = [f"ข้อ {item.code} ({item.mean.shown} คะแนน)" for item in one.to_improve if item.mean]
    said += f"เสนอให้ปรับปรุง {len(weak)} ข้อ ได้แก่ {words.listed(weak)}" if weak else "ไม่มีข้อที่เสนอให้ปรับปรุง"
    said += f" {extremes([(f'ข้อ {item.code}', item.mean) for item in known if item.mean], 'ข้อ')}"
    apart = _farthest_apart(known, parts)
    return f"{said} {apart}" if apart else said


def _farthest_apart(known: Sequence[Finding], parts: Sequence[str]) -> str:
    """The item whose two parts differ most; empty where there are no two parts."""
    found: list[tuple[Decimal, str, Finding]] = []
    for item in known:
        scores = [item.score_by_part[part].shown for part in parts if part in item.score_by_part]
        if len(scores) == 2 and scores[0] != scores[1]:
            found.append((abs(scores[0] - scores[1]), parts[0] if scores[0] > scores[1] else parts[1], item))
    if not found:
        return ""
    size, higher, item = max(found, key=lambda one: one[0])
    return f"คะแนนสองส่วนต่างกันมากที่สุดในข้อ {item.code} โดย {higher} สูงกว่า {size} คะแนน"


def _indicator_sentence(one: Finding, below: Sequence[Finding], changed: YearChange | None) -> str:
    if one.mean is None:
        return f"ตัวชี้วัดนี้{NO_SCORE}"
    said = f"ได้ {words.points(one.mean)}"
    if len(one.score_by_part) == 2:
        said += f" ({words.listed(f'{part} {score.shown} คะแนน' for part, score in one.score_by_part.items())})"
    items = [(f"ข้อ {item.code}", item.mean) for item in below if item.mean]
    said += f" {extremes(items, 'ข้อ')}" if items else " ไม่มีคะแนนรายข้อในผลที่นำเข้า"
    rows = [] if changed is None else [r for r in changed.of_level("indicator") if r.cell.code == one.code]
    row = next((r for r in rows if r.cell.instrument == one.family), None)
    if changed and row and row.before and row.difference is not None:
        said += f" เทียบกับปี {changed.before.fiscal_year} ซึ่งได้ {row.before.shown} คะแนน {words.moved(row.difference)}"
        said += f" (ข้อควรระวัง: {row.caution})" if row.caution else ""
    return said


def named(one: Finding) -> str:
    """With its wording and score, in a sentence or a list."""
    name = "ข้อ" if one.level == "item" else "ตัวชี้วัดที่"
    return f"{name} {one.code} {one.title or '(ไม่ทราบถ้อยคำ)'} ได้ {one.mean.shown if one.mean else words.UNKNOWN} คะแนน"


def _improved(found: Findings) -> int:
    return sum(one.verdict is Verdict.IMPROVE for one in found.items)


def _two_parts(official: Official) -> bool:
    return "EIT" in official.frame.families and len(official.frame.parts("EIT")) == 2
