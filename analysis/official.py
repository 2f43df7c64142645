"""An official ITA result of one fiscal year, as it was imported. Pure; analysis/official_store.py reads and writes it.

Where a number was printed, that is the number. What was not printed is computed from the level below or, of an EIT in
two parts, as the mean of both, and is marked so: ``OfficialScore.computed``. Where sources differ on how the OIT is
composed or averaged, a number is computed only if every accepted way gives the same. Exact; rounded half up only by
``OfficialScore.shown``. Nothing of our own survey is ever in here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from analysis import reconcile
from analysis.display import half_up
from analysis.frame import ITEMS, Frame, family
from analysis.reconcile import Result, Verdict
from analysis.reconcile_levels import points
from analysis.reconcile_regions import Units
from analysis.reconcile_tree import LEVELS, TOTAL, Cell, tree


@dataclass(frozen=True, slots=True)
class OfficialScore:
    """0-100, exact. ``computed``: not printed in the published result, but following from what was."""

    value: Fraction
    computed: bool = False

    @property
    def shown(self) -> Decimal:
        """To two decimals, half up: what a document prints."""
        return half_up(self.value)


@dataclass(frozen=True)
class Official:
    """``printed``: (level, instrument, code) -> the score as published. ``scores``: those and what follows from them.

    ``instrument`` of a cell is IIT, OIT, EIT, or EIT1 and EIT2 where the year has two parts; then EIT is the mean of
    both. ``code``: e1, "6", "9.1", the instrument's own, "total". ``titles``: wordings as published, where given.
    ``grade``: as stated, or else what the rule gives, or "" when the scores leave several; ``stated``: which of these.
    ``imported_on``, ``file``: the import; None and "" for a result that is not in the store.
    """

    fiscal_year: int
    frame: Frame
    printed: Mapping[Cell, Decimal]
    scores: Mapping[Cell, OfficialScore]
    verdict: Verdict
    titles: Mapping[Cell, str] = field(default_factory=dict)
    imported_on: date | None = None
    file: str = ""

    @property
    def grade(self) -> str:
        return self.verdict.grade.stated or self.verdict.grade.computed or ""

    @property
    def stated(self) -> bool:
        return self.verdict.grade.stated is not None

    @property
    def agrees(self) -> bool:
        """Whether the published numbers, and the stated grade, fit each other."""
        return self.verdict.agrees

    @cached_property
    def places(self) -> tuple[Cell, ...]:
        """Every cell the year's result may have, in the order of the frame: total, instruments, indicators, items."""
        return places(self.frame)

    @property
    def total(self) -> OfficialScore | None:
        return self.scores.get(TOTAL)

    def instrument(self, code: str) -> OfficialScore | None:
        """``code``: IIT, EIT (the mean of the parts, where there are two), EIT1, EIT2, OIT."""
        return self.scores.get(Cell("instrument", code, code))

    def indicator(self, number: int | str, instrument: str = "") -> OfficialScore | None:
        """``number``: 6, or "9.1" for a sub-indicator. ``instrument``: EIT1 or EIT2; without it the mean of both."""
        whole = int(str(number).partition(".")[0])
        name = next((one for one in self.frame.families if whole in self.frame.parts(one)[0].indicators), "")
        return self.scores.get(Cell("indicator", instrument or name, str(number)))

    def item(self, code: str, instrument: str = "") -> OfficialScore | None:
        """``instrument``: EIT1 or EIT2; without it the mean of both (the two-part average)."""
        return self.scores.get(Cell("item", instrument or family(code), code))

    def by_part(self, level: str, instrument: str, code: str) -> dict[str, OfficialScore]:
        """The score in each part that has one: {"EIT1": ..., "EIT2": ...} or {"IIT": ...}. ``instrument``: a family."""
        names = [part.code for part in self.frame.parts(instrument)]
        cells = {name: Cell(level, name, name if level == "instrument" else code) for name in names}
        return {name: self.scores[cell] for name, cell in cells.items() if cell in self.scores}

    def title(self, cell: Cell) -> str:
        """The wording the frame knows, or else the one in the imported file; empty when neither has it."""
        return self._words.get((cell.level, cell.code)) or self.titles.get(cell, "")

    @cached_property
    def _words(self) -> dict[tuple[str, str], str]:
        return titles(self.frame)


def build(frame: Frame, result: Result, imported_on: date | None = None, file: str = "") -> Official:
    """``result.printed``: hundredths, only cells of the year's frame."""
    printed = {cell: Decimal(number).scaleb(-2) for cell, number in result.printed.items()}
    verdict = reconcile.check(frame, result)
    return Official(
        result.fiscal_year, frame, printed, _complete(frame, result), verdict, result.titles, imported_on, file
    )


def places(frame: Frame) -> tuple[Cell, ...]:
    """Every cell a result of the year may have: level by level from the total down, within it by instrument and code.

    A family of two parts comes after them: IIT, EIT1, EIT2, EIT, OIT.
    """
    names = dict.fromkeys(n for one in frame.families for n in (*(part.code for part in frame.parts(one)), one))
    order = {name: at for at, name in enumerate(("ITA", *names))}
    return tuple(
        sorted(reconcile.cells(frame), key=lambda c: (-LEVELS.index(c.level), order[c.instrument], _number(c)))
    )


def titles(frame: Frame) -> dict[tuple[str, str], str]:
    """(level, code) -> the frame's own words for it; empty where they are not known."""
    found = {("total", "total"): "คะแนนรวม"}
    found |= {("instrument", one.code): one.title for one in frame.instruments}
    found |= {("instrument", name): FAMILY_TITLES[name] for name in frame.families if len(frame.parts(name)) == 2}
    found |= {("indicator", str(one.number)): one.title for one in frame.indicators}
    found |= {("indicator", sub.code): sub.title for one in frame.indicators for sub in one.sub_indicators}
    return found | {("item", code): item.text for code, item in frame.items.items()}


FAMILY_TITLES = {
    "IIT": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)",
    "EIT": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT) เฉลี่ยสองส่วน",
    "OIT": "แบบตรวจการเปิดเผยข้อมูลสาธารณะ (OIT)",
}


def _number(cell: Cell) -> list[int]:
    """In order of counting: 9, 9.1, 10; e2, e10."""
    return [int(number) for number in re.findall(r"\d+", cell.code)]


def _complete(frame: Frame, result: Result) -> dict[Cell, OfficialScore]:
    ways = [_one_way(frame, result, average) for average in _averages(frame)]
    ways += [
        _one_way(other, result, average)
        for other in frame.alternatives
        for average in _averages(other)
        if result.printed.keys() <= reconcile.cells(other)
    ]
    printed = {cell: Fraction(number, 100) for cell, number in result.printed.items()}
    found = {cell: OfficialScore(value) for cell, value in printed.items()}
    for cell, value in ways[0].items():
        if cell not in found and all(way.get(cell) == value for way in ways):
            found[cell] = OfficialScore(_of_parts(frame, cell, printed) or value, computed=True)
    return found


def _of_parts(frame: Frame, cell: Cell, printed: Mapping[Cell, Fraction]) -> Fraction | None:
    """The mean of both parts as printed: what a reader computes, whatever rounding left in the levels below."""
    parts = [part.code for part in frame.instruments if part.part_of == cell.instrument]
    values = [printed.get(Cell(cell.level, n, n if cell.level == "instrument" else cell.code)) for n in parts]
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / 2 if len(known) == 2 else None


def _averages(frame: Frame) -> tuple[str, ...]:
    return frame.averages if any(one.sub_indicators for one in frame.indicators) else (ITEMS,)


def _one_way(frame: Frame, result: Result, average: str) -> dict[Cell, Fraction]:
    """Each cell's exact score as printed or computed from below."""
    root = tree(frame, average)
    units = Units(root)
    return {cell: value / (200 * units.of[cell]) for cell, value in points(root, units, result.printed)[0].items()}
