"""What an official result says of each question: keep it up or improve it, strong or weak, by an explicit rule. Pure.

The rule is data (``analysis/rules/default.toml``, read by analysis/rule_file.py). An item is to be improved when its
score lies below ``keep_from``, or when it is among the ``lowest`` of all items and not perfect; else it is kept up.
Without a score nothing is said. Of an EIT in two parts the two-part average decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from analysis.frame import Issue, family
from analysis.official import Official, OfficialScore
from analysis.reconcile_tree import Cell

PERFECT = 100


class Verdict(Enum):
    """What a finding asks for."""

    KEEP = "keep"
    IMPROVE = "improve"
    UNKNOWN = "unknown"  # no score was published


class Why(Enum):
    """Why something is to be improved."""

    BELOW = "below"  # below ``keep_from``
    LOWEST = "lowest"  # high enough, yet among the lowest


@dataclass(frozen=True, slots=True)
class Rule:
    """``keep_from``: the least score (0-100) to keep up. ``lowest``: how many of the lowest items to improve anyway.

    ``strengths``, ``weaknesses``: how many a document names, those that tie with the last included up to twice that.
    """

    keep_from: Fraction
    lowest: int
    strengths: int
    weaknesses: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One item or one indicator (``level``) of a result.

    ``code``: e4, or "6". ``title``: its wording, empty where not known. ``family``: IIT, EIT, OIT. ``indicator``: its
    number. ``score_by_part``: {"EIT1": ..., "EIT2": ...} or {"IIT": ...}, those that are known. ``mean``: its score, of
    two parts their average; None: not published. ``why``: only with IMPROVE. ``issue_numbers``: 1-7, of an indicator
    those of its items. ``verified``: sources confirm the wording and the place of it.
    """

    level: str
    code: str
    title: str
    family: str
    indicator: int
    score_by_part: Mapping[str, OfficialScore]
    mean: OfficialScore | None
    verdict: Verdict
    why: Why | None
    issue_numbers: tuple[int, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class IssueFindings:
    """One of the seven issues with its items in order. ``verdict``: IMPROVE as soon as one of its items is to be."""

    issue: Issue
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        verdicts = {finding.verdict for finding in self.findings}
        return next((v for v in (Verdict.IMPROVE, Verdict.KEEP) if v in verdicts), Verdict.UNKNOWN)

    @property
    def to_improve(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.IMPROVE)


@dataclass(frozen=True, slots=True)
class Findings:
    """``items``: every item of the year's frame; ``indicators``: every indicator, judged by ``keep_from`` alone."""

    official: Official
    rule: Rule
    items: tuple[Finding, ...]
    indicators: tuple[Finding, ...]

    @property
    def to_improve(self) -> tuple[Finding, ...]:
        """Items, else (where none is published) indicators, the lowest first."""
        return _by_score([one for one in self._known if one.verdict is Verdict.IMPROVE], 1)

    @property
    def strengths(self) -> tuple[Finding, ...]:
        """The highest of those to keep up, the highest first."""
        kept = [one for one in self._known if one.verdict is Verdict.KEEP]
        return _first(_by_score(kept, -1), self.rule.strengths)

    @property
    def weaknesses(self) -> tuple[Finding, ...]:
        """The lowest of those to improve, the lowest first."""
        return _first(self.to_improve, self.rule.weaknesses)

    @property
    def _known(self) -> list[Finding]:
        return [one for one in self.items if one.mean] or [one for one in self.indicators if one.mean]


def findings(official: Official, rule: Rule) -> Findings:
    """What the result says by the rule."""
    frame = official.frame
    means = {code: mean.value for code in frame.items if (mean := official.item(code))}
    lowest = _lowest(means, rule.lowest)
    items = tuple(_of_item(official, code, rule, code in lowest) for code in frame.items)
    indicators = tuple(_of_indicator(official, number, rule) for number in (one.number for one in frame.indicators))
    return Findings(official, rule, items, indicators)


def by_issue(found: Findings) -> tuple[IssueFindings, ...]:
    """Each issue of the year's frame with its items, in order; an item that belongs to several stands in each."""
    items = {finding.code: finding for finding in found.items}
    return tuple(
        IssueFindings(issue, tuple(items[code] for code in issue.items)) for issue in found.official.frame.issues
    )


def _of_item(official: Official, code: str, rule: Rule, among_lowest: bool) -> Finding:
    frame, name = official.frame, family(code)
    place = next(one for one in frame.indicators if code in one.items)
    mean = official.item(code)
    verdict, why = _judged(mean, rule, among_lowest)
    return Finding(
        "item",
        code,
        official.title(Cell("item", next(iter(official.by_part("item", name, code)), name), code)),
        name,
        place.number,
        official.by_part("item", name, code),
        mean,
        verdict,
        why,
        tuple(issue.number for issue in frame.issues_of(code)),
        frame.items[code].verified and place.verified,
    )


def _of_indicator(official: Official, number: int, rule: Rule) -> Finding:
    frame = official.frame
    place = next(one for one in frame.indicators if one.number == number)
    name = family(place.items[0])
    mean = official.indicator(number)
    verdict, why = _judged(mean, rule, False)
    issues = {issue.number for code in place.items for issue in frame.issues_of(code)}
    parts = official.by_part("indicator", name, str(number))
    numbers = tuple(sorted(issues))
    return Finding(
        "indicator", str(number), place.title, name, number, parts, mean, verdict, why, numbers, place.verified
    )


def _judged(mean: OfficialScore | None, rule: Rule, among_lowest: bool) -> tuple[Verdict, Why | None]:
    if mean is None:
        return Verdict.UNKNOWN, None
    if mean.value < rule.keep_from:
        return Verdict.IMPROVE, Why.BELOW
    return (Verdict.IMPROVE, Why.LOWEST) if among_lowest else (Verdict.KEEP, None)


def _lowest(means: Mapping[str, Fraction], count: int) -> frozenset[str]:
    """The items with the ``count`` lowest scores and all that tie with the last of them; a perfect score is none."""
    short = sorted(value for value in means.values() if value < PERFECT)[:count]
    return frozenset(code for code, value in means.items() if short and value <= short[-1])


def _by_score(given: Sequence[Finding], sign: int) -> tuple[Finding, ...]:
    """``sign`` 1: the lowest first, -1: the highest; among equals as the frame has them."""
    return tuple(sorted(given, key=lambda one: sign * one.mean.value if one.mean else Fraction(0)))


def _first(given: Sequence[Finding], count: int) -> tuple[Finding, ...]:
    """The first ``count``, and those that tie with the last of them while they are at most as many again."""
    if len(given) <= count or count == 0:
        return tuple(given[:count])
    last = given[count - 1].mean
    tied = [one for one in given if one.mean == last or one in given[:count]]
    return tuple(tied if len(tied) <= 2 * count else given[:count])
