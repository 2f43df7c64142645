"""A measure that the office has chosen to answer a weak item, and what can be said of several. Pure.

The register is kept by ``analysis/measures.py``; documents take their measures from there as these values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

PLANNED, DOING, DONE, DROPPED = "planned", "doing", "done", "dropped"
STATUS_WORDS: Mapping[str, str] = {
    PLANNED: "วางแผน",
    DOING: "กำลังดำเนินการ",
    DONE: "แล้วเสร็จ",
    DROPPED: "ยกเลิก",
}
"""Status -> the word for it in files and documents."""


@dataclass(frozen=True, slots=True)
class Measure:
    """``fiscal_year``: in which it is carried out. ``item_code``: e4; "7" for a whole indicator, "" for an issue.

    ``issue``: 1-7, 0 where none is named. ``progress``: percent, 0-100.

    ``steps`` and ``evidence`` (links): one line each. ``status``: a key of ``STATUS_WORDS``. ``revision``: raised by
    every change.
    """

    id: str
    fiscal_year: int
    item_code: str
    issue: int
    title: str
    steps: tuple[str, ...] = ()
    responsible: str = ""
    period: str = ""
    output: str = ""
    outcome: str = ""
    status: str = PLANNED
    progress: int = 0
    evidence: tuple[str, ...] = ()
    result: str = ""
    budget: str = ""
    revision: int = 1

    @property
    def answers(self) -> str:
        """What it answers, in words: ``ข้อ e4``, ``ตัวชี้วัดที่ 7``; empty where it answers a whole issue."""
        if not self.item_code:
            return ""
        return f"{'ตัวชี้วัดที่' if self.item_code.isdecimal() else 'ข้อ'} {self.item_code}"

    @property
    def status_word(self) -> str:
        return STATUS_WORDS[self.status]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many measures stand where. ``progress``: mean percent of those not dropped; None: there are none."""

    n: int
    planned: int
    doing: int
    done: int
    dropped: int
    progress: Fraction | None


def by_issue(measures: Iterable[Measure]) -> dict[int, tuple[Measure, ...]]:
    """The measures of each issue that has any, issue 1 first, those of none (0) last; in order within an issue."""
    found: dict[int, list[Measure]] = {}
    for one in ordered(measures):
        found.setdefault(one.issue, []).append(one)
    return {issue: tuple(group) for issue, group in found.items()}


def ordered(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """By issue (none last), within it what answers all of it, then indicators, then items (EIT, IIT, OIT), then id."""
    return tuple(sorted(measures, key=lambda m: (m.issue or 99, *item_order(m.item_code), m.id)))


def item_order(code: str) -> tuple[str, int]:
    """For sorting: "" before 2 before 10 before e2 before e10 before i1."""
    if code.isdecimal():
        return "", int(code)
    return code[:1], int(code[1:]) if code[1:].isdecimal() else 0


def summary(measures: Iterable[Measure]) -> Summary:
    """Counts by status and the mean progress."""
    every = tuple(measures)
    planned, doing, done, dropped = (sum(m.status == status for m in every) for status in STATUS_WORDS)
    alive = [m.progress for m in every if m.status != DROPPED]
    progress = Fraction(sum(alive), len(alive)) if alive else None
    return Summary(len(every), planned, doing, done, dropped, progress)
