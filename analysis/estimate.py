"""What the EIT to come may be, guessed from our own answers, and which items would raise it most. Pure; for staff only.

Never on the LINE card, never in a published document: only bot/cli/analysis.py may import this, and a test holds it.
The estimate is the score of those who answered themselves with the one interval of the scores. That interval is about
chance alone; what it cannot know is named in ``BIASES``, and measured where last year's official result is there.

A lever is exact: the year's frame says how many points of the EIT, and of the total, one point of an item makes.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis.display import half_up
from analysis.findings import PERFECT, Rule
from analysis.frame import ITEMS, Frame
from analysis.official import Official
from analysis.reconcile_tree import tree
from analysis.scores import ENOUGH, Score, Scores

BIASES = (
    "ผู้ตอบคือผู้ที่ใช้ LINE และเลือกตอบเอง ไม่ใช่ผู้ที่ถูกสุ่ม ผู้ที่ไม่ใช้ LINE ผู้สูงอายุ และผู้ที่ไม่พอใจจนเลิกติดตามบัญชีอาจขาดไป",
    "ประมาณจากผู้ที่ตอบเองเท่านั้น คำตอบที่เจ้าหน้าที่ช่วยกรอกไม่รวม เพราะผู้ตอบต่อหน้าเจ้าหน้าที่มักให้คะแนนสูงกว่า",
    "EIT ส่วนที่ 2 ผู้ประเมินของ ป.ป.ช. เก็บเองจากผู้ตอบอีกกลุ่ม มีน้ำหนักครึ่งหนึ่งของ EIT การประมาณนี้ถือว่าได้เท่ากับส่วนที่ 1",
    "ช่วงที่แสดงบอกความไม่แน่นอนจากจำนวนผู้ตอบเท่านั้น ไม่รวมความต่างทั้งสามข้อข้างต้น",
)
EIT = "EIT"


@dataclass(frozen=True, slots=True)
class Lever:
    """An item of ours: what one point of it makes, and what it would bring to raise it.

    ``of_eit``, ``of_total``: points per point of the item. ``to_keep``: points of the EIT gained when it is raised to
    the score from which the rule keeps it up, 0 when it is there; ``to_perfect``: when it is raised to 100.
    """

    code: str
    text: str
    score: Score
    of_eit: Fraction
    of_total: Fraction
    to_keep: Fraction
    to_perfect: Fraction


@dataclass(frozen=True, slots=True)
class Before:
    """A year of which both are known. ``gap``: the official EIT minus our own, each as it is shown."""

    fiscal_year: int
    internal: Score
    official: Fraction
    gap: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """``score``: the estimate with its interval, or why there is none. ``assisted``: beside it, never mixed in.

    ``levers``: items with enough answers to be compared, the one that would raise the EIT most first.
    """

    fiscal_year: int
    frame: Frame
    score: Score
    assisted: Score
    levers: tuple[Lever, ...]
    before: Before | None
    biases: tuple[str, ...] = BIASES


def estimate(frame: Frame, scores: Scores, rule: Rule, before: Before | None = None) -> Estimate:
    """``scores``: of the year's EIT survey, as ``figures`` gives them."""
    weights = gradient(frame)
    levers = [
        _lever(frame, item.code, item.score, weights[item.code], rule)
        for item in scores.measured.items
        if item.code in weights and item.score.value is not None and (item.score.n or 0) >= ENOUGH
    ]
    levers.sort(key=lambda lever: (-lever.to_perfect, lever.code))
    return Estimate(frame.fiscal_year, frame, scores.headline, scores.assisted, tuple(levers), before)


def gap(result: Official | None, scores: Scores) -> Before | None:
    """How far our own survey of a past year was from its official EIT; None when either is missing or thin."""
    eit = result.instrument(EIT) if result else None
    own = scores.headline
    if result is None or eit is None or own.value is None or (own.n or 0) < ENOUGH:
        return None
    return Before(result.fiscal_year, own, eit.value, eit.shown - half_up(own.value))


def gradient(frame: Frame) -> dict[str, tuple[Fraction, Fraction]]:
    """Item code of the EIT -> points of the EIT and of the total that one point of it makes, in all its parts."""
    root = tree(frame, ITEMS)
    [whole] = [node for node in root.children if node.cells[-1].code == EIT]
    items = [node for node in whole.walk() if node.cells[-1].level == "item"]
    return {node.cells[-1].code: (node.share / whole.share, node.share) for node in items}


def _lever(frame: Frame, code: str, score: Score, weight: tuple[Fraction, Fraction], rule: Rule) -> Lever:
    value = score.value or Fraction(0)
    to_keep = max(rule.keep_from - value, Fraction(0)) * weight[0]
    return Lever(code, frame.items[code].text, score, *weight, to_keep, (PERFECT - value) * weight[0])
