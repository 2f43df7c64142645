"""What a survey's answers come down to before any arithmetic: how many responses gave which answers. Pure.

A ``Tally`` is all that scores and intervals need of any number of responses. Per indicator it counts *patterns*: the
scores one response gave to the items of that indicator, None where the answer is missing. Patterns and not single
items, because the interval of an indicator needs to know which answers came from the same person. Tallies add up
exactly, so a fiscal year is the sum of its months, and no order of responses can matter.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from survey.instrument import Instrument

Pattern = tuple[int | None, ...]
"""The scores (0-100) that one response gave to the items of one indicator, in the order of ``Block.codes``."""

LOWEST, HIGHEST = 0, 100
FEWEST = 5
"""A score that rests on fewer answers is withheld: it could point at somebody."""


@dataclass(frozen=True, slots=True)
class Block:
    """The answers to the items of one indicator. ``asked``: how many responses each item was put to."""

    number: int
    title: str
    codes: tuple[str, ...]
    patterns: Mapping[Pattern, int]
    asked: tuple[int, ...]

    @property
    def answered(self) -> tuple[int, ...]:
        """How many answers with a score each item got."""
        return tuple(
            sum(count for pattern, count in self.patterns.items() if pattern[k] is not None)
            for k in range(len(self.codes))
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """``n`` responses, ``household`` of them by somebody else on the same account, and what they answered."""

    n: int
    household: int
    blocks: tuple[Block, ...]

    @property
    def answered(self) -> dict[str, int]:
        """Item code -> how many answers with a score it got."""
        return {code: n for block in self.blocks for code, n in zip(block.codes, block.answered, strict=True)}


def blank(instrument: Instrument) -> Tally:
    """The tally of no responses to this instrument."""
    return of_patterns(instrument, 0, 0, {})


def of_patterns(instrument: Instrument, n: int, household: int, patterns: Mapping[int, Mapping[Pattern, int]]) -> Tally:
    """The tally of ``n`` responses to one instrument; ``patterns`` by indicator number."""
    blocks = []
    for indicator in instrument.indicators:
        codes = tuple(q.item_code or "" for q in instrument.items if q.indicator == indicator.number)
        counts = patterns.get(indicator.number, {})
        blocks.append(Block(indicator.number, indicator.title, codes, counts, (n,) * len(codes)))
    return Tally(n, household, tuple(blocks))


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them together. An item that only some instruments have was asked only of their responses.

    Tallies of no responses add nothing, not even their items, unless there is nothing else.
    """
    given = tuple(tallies)
    everything = [tally for tally in given if tally.n] or given[:1]
    numbers = dict.fromkeys(block.number for tally in everything for block in tally.blocks)
    blocks = (_join([b for t in everything for b in t.blocks if b.number == number]) for number in numbers)
    return Tally(sum(t.n for t in everything), sum(t.household for t in everything), tuple(blocks))


def without_item(tally: Tally, code: str) -> Tally:
    """As if this one item had not been asked."""
    blocks = tuple(_drop(block, block.codes.index(code)) if code in block.codes else block for block in tally.blocks)
    return Tally(tally.n, tally.household, blocks)


def _join(blocks: list[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    codes = tuple(dict.fromkeys(code for block in blocks for code in block.codes))
    patterns: Counter[Pattern] = Counter()
    asked: Counter[str] = Counter()
    for block in blocks:
        place = [block.codes.index(code) if code in block.codes else None for code in codes]
        for pattern, count in block.patterns.items():
            patterns[tuple(None if k is None else pattern[k] for k in place)] += count
        asked.update(dict(zip(block.codes, block.asked, strict=True)))
    return Block(blocks[-1].number, blocks[-1].title, codes, dict(patterns), tuple(asked[code] for code in codes))


def _drop(block: Block, at: int) -> Block:
    patterns = _regroup(block.patterns, lambda pattern: (*pattern[:at], None, *pattern[at + 1 :]))
    asked = (*block.asked[:at], 0, *block.asked[at + 1 :])
    return Block(block.number, block.title, block.codes, patterns, asked)


def _regroup(patterns: Mapping[Pattern, int], change: Callable[[Pattern], Pattern]) -> dict[Pattern, int]:
    found: Counter[Pattern] = Counter()
    for pattern, count in patterns.items():
        found[change(pattern)] += count
    return dict(found)
