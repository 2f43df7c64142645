"""Which measures answer what a result shows to be weak. Pure.

What is weak comes from an official result (``of_findings``) or, where none was imported, from the office's own survey
(``of_survey``), which is never official. For each weak question the bank's first fitting measures are taken; one that
answers several stands once, under the weakest of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis import measures_bank
from analysis.findings import PERFECT, Finding, Findings
from analysis.frame import Frame
from analysis.measure import Measure
from analysis.measures_bank import Entry
from analysis.scores import ENOUGH, Scores
from survey.settings import Office

NO_OWNER = "ส่วนราชการที่รับผิดชอบ"
FEWEST_WEAK = 3
"""How many weak questions of the own survey are answered when no number is asked for; a result has a rule for that."""


@dataclass(frozen=True, slots=True)
class Weak:
    """An item (``code`` e4) or, where a result gives no items, an indicator (``code`` "7"), with its score 0-100."""

    code: str
    title: str
    score: Fraction
    issues: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``measure``: as it would stand in the register. ``weak``: what it answers, the weakest first."""

    measure: Measure
    weak: tuple[Weak, ...]


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``bare``: what the bank has no measure for."""

    chosen: tuple[Suggestion, ...]
    bare: tuple[Weak, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``fiscal_year``: in which the measures are carried out. ``each``: how many for a question."""

    fiscal_year: int
    office: Office
    each: int = 1


def of_findings(found: Findings, count: int | None = None) -> tuple[Weak, ...]:
    """The weak questions of an official result, the lowest first: ``count`` of those below 100, or all to improve."""
    if count is None:
        return tuple(_weak(one) for one in found.to_improve)
    known = [one for one in found.items if one.mean] or [one for one in found.indicators if one.mean]
    short = [weak for weak in map(_weak, known) if weak.score < PERFECT]
    return tuple(sorted(short, key=lambda weak: weak.score)[:count])


def of_survey(scores: Scores, frame: Frame, count: int | None = None) -> tuple[Weak, ...]:
    """The items of the own EIT survey with the lowest scores, where enough people answered to say so."""
    known = [(one.code, one.score) for one in scores.measured.items if (one.score.n or 0) >= ENOUGH]
    short = [
        Weak(code, frame.items[code].text, score.value, tuple(issue.number for issue in frame.issues_of(code)))
        for code, score in known
        if score.value is not None and score.value < PERFECT
    ]
    return tuple(sorted(short, key=lambda weak: weak.score)[: FEWEST_WEAK if count is None else count])


def suggest(
    weak: Sequence[Weak], bank: Sequence[Entry], frame: Frame, frames: Mapping[int, Frame], wanted: Wanted
) -> Suggestions:
    """The measures for what is weak. ``frame``: of the year in which the weak codes are numbered; ``frames``: all."""
    chosen: dict[str, tuple[Entry, list[tuple[str, Weak]]]] = {}
    bare = []
    for one in weak:
        found = list(_fitting(one, bank, frame, frames, wanted.each))
        for code, entry in found:
            chosen.setdefault(entry.id, (entry, []))[1].append((code, one))
        bare += [] if found else [one]
    return Suggestions(
        tuple(
            Suggestion(_measure(entry, *answers[0], wanted), tuple(w for _, w in answers))
            for entry, answers in chosen.values()
        ),
        tuple(bare),
    )


def _fitting(
    weak: Weak, bank: Sequence[Entry], frame: Frame, frames: Mapping[int, Frame], each: int
) -> Iterator[tuple[str, Entry]]:
    """Up to ``each`` entries and the code to register them under; for an indicator as many for each of its items."""
    if weak.code in frame.items:
        for entry in measures_bank.fitting(bank, weak.code, frame, frames)[:each]:
            yield weak.code, entry
        return
    taken: dict[str, int] = {}
    for entry in measures_bank.of_indicator(bank, weak.title, frames):
        item = entry.items[0]
        taken[item] = taken.get(item, 0) + 1
        if taken[item] <= each:
            known = measures_bank.same(item, frame, item, frames[entry.numbering])
            yield item if known else weak.code, entry


def _measure(entry: Entry, code: str, weak: Weak, wanted: Wanted) -> Measure:
    shared = [number for number in entry.issues if number in weak.issues]
    owner = wanted.office.owner_of(code)
    words = {
        "{department}": owner.title if owner else NO_OWNER,
        "{first}": str(wanted.fiscal_year - 1),
        "{last}": str(wanted.fiscal_year),
    }

    def filled(text: str) -> str:
        for place, word in words.items():
            text = text.replace(place, word)
        return text

    return Measure(
        id=f"{wanted.fiscal_year}-{entry.id}",
        fiscal_year=wanted.fiscal_year,
        item_code=code,
        issue=next(iter((*shared, *entry.issues, *weak.issues)), 0),
        title=filled(entry.title),
        steps=tuple(map(filled, entry.steps)),
        responsible=filled(entry.responsible),
        period=filled(entry.period),
        output=filled(entry.output),
        outcome=filled(entry.outcome),
    )


def _weak(finding: Finding) -> Weak:
    score = finding.mean.value if finding.mean else Fraction(0)
    return Weak(finding.code, finding.title, score, finding.issue_numbers)
