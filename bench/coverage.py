"""How often the one 95 % interval covers the truth, on simulated agencies whose true scores are known.

Answers are drawn as ITA answers look: near the top of the scale, items of one person alike (a latent mood), or most
people content and a few at the bottom; yes/no items such as e3 and e9; one answer in twenty missing. Each cell is one
kind of answers, one true mean from 80 to 99 and one number of responses from 10 to 300, for a single item and for an
indicator of three. The plain t interval of the textbook is the baseline.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist, fmean, stdev

import numpy as np
from numpy.typing import NDArray

from analysis import intervals
from analysis.counts import Pattern
from bench.table import Row

SEED = 2570
GOAL = 0.93
MEANS = (80, 85, 90, 95, 97, 99)
SIZES = (10, 15, 30, 60, 120, 300)
MISSING = 0.05
HALO = 0.7  # correlation of the moods behind two answers of one person
AGREE = np.array([0, 20, 40, 60, 80, 100])

Floats = NDArray[np.float64]


def run(quick: bool = False) -> list[Row]:
    """A row each for the item and the indicator: mean and worst coverage over all cells."""
    repeats = 50 if quick else 500
    rng = np.random.default_rng(SEED)
    found: dict[str, list[_Cell]] = {"item": [], "indicator": []}
    for shape, mean, size in product(_SHAPES, MEANS, SIZES):
        items = [_SHAPES[shape](mean)] * 2 + [_yes_no(mean)]
        found["item"].append(_measure(rng, items[:1], size, repeats, f"{shape} {mean} n={size}"))
        found["indicator"].append(_measure(rng, items, size, repeats, f"{shape} {mean} n={size}"))
    return [_row(name, cells, repeats) for name, cells in found.items()]


@dataclass(frozen=True)
class _Cell:
    name: str
    ours: float
    textbook: float


def _row(name: str, cells: list[_Cell], repeats: int) -> Row:
    worst = min(cells, key=lambda cell: cell.ours)
    noise = 3 * math.sqrt(GOAL * (1 - GOAL) / repeats)  # three standard errors, for the worst of many cells
    average, textbook = fmean(c.ours for c in cells), fmean(c.textbook for c in cells)
    return Row(
        f"coverage of the interval, {name}",
        f"{average:.1%}, worst {worst.ours:.1%} ({worst.name})",
        f"plain t {textbook:.1%}, worst {min(c.textbook for c in cells):.1%}",
        average / textbook,
        f">= {GOAL:.0%} in each of {len(cells)} cells, noise {noise:.1%}",
        worst.ours >= GOAL - noise,
    )


def _measure(rng: np.random.Generator, items: list[Floats], size: int, repeats: int, name: str) -> _Cell:
    """``items``: the probabilities of the scores 0, 20 ... 100 of each item."""
    truth = fmean(float(probabilities @ AGREE) for probabilities in items)
    ours = textbook = 0
    for answers in _draw(rng, items, size, repeats):
        patterns = Counter(answers)
        if not all(any(p[k] is not None for p in patterns) for k in range(len(items))):
            continue
        interval = intervals.of_mean(patterns)
        ours += interval.low <= truth <= interval.high
        textbook += _textbook(answers, truth)
    return _Cell(name, ours / repeats, textbook / repeats)


def _draw(rng: np.random.Generator, items: list[Floats], size: int, repeats: int) -> Iterator[list[Pattern]]:
    """Responses: one mood a person, part of it shared by the items, cut into options at the items' quantiles."""
    cuts = [np.array([_z(p) for p in np.cumsum(probabilities)[:-1]]) for probabilities in items]
    for _ in range(repeats):
        mood = rng.standard_normal((size, 1))
        own = rng.standard_normal((size, len(items)))
        latent = math.sqrt(HALO) * mood + math.sqrt(1 - HALO) * own
        scores = np.stack([AGREE[np.searchsorted(cut, latent[:, k])] for k, cut in enumerate(cuts)], axis=1)
        missing = rng.random(scores.shape) < MISSING
        yield [
            tuple(None if gone else int(score) for score, gone in zip(row, lost, strict=True))
            for row, lost in zip(scores.tolist(), missing.tolist(), strict=True)
        ]


def _textbook(answers: list[Pattern], truth: float) -> bool:
    """t around the mean of each response's own mean, as it is usually done."""
    means = [fmean(known) for pattern in answers if (known := [x for x in pattern if x is not None])]
    half = intervals.t_quantile(0.975, len(means) - 1) * stdev(means) / math.sqrt(len(means))
    return abs(fmean(means) - truth) <= half


def _z(probability: float) -> float:
    return math.inf if probability >= 1 else -math.inf if probability <= 0 else NormalDist().inv_cdf(probability)


def _moody(mean: int) -> Floats:
    """One hump at the top: opinions scattered around a mood."""
    low, high = -2.0, 6.0
    for _ in range(60):
        centre = (low + high) / 2
        edges = np.array([0.0, *(NormalDist(centre).cdf(cut) for cut in (-2, -1, 0, 1, 2)), 1.0])
        low, high = (centre, high) if float(np.diff(edges) @ AGREE) < mean else (low, centre)
    return np.diff(edges)


def _divided(mean: int) -> Floats:
    """Most people entirely content, the others at the bottom of the scale."""
    bottom = np.array([0.4, 0.3, 0.3, 0.0, 0.0, 0.0])
    share = (100 - mean) / (100 - float(bottom @ AGREE))
    return share * bottom + (1 - share) * np.array([0, 0, 0, 0, 0, 1.0])


def _mild(mean: int) -> Floats:
    """Nobody below 60: the usual ITA picture."""
    middle = np.array([0, 0, 0, 0.3, 0.7, 0])
    share = (100 - mean) / (100 - float(middle @ AGREE))
    return share * middle + (1 - share) * np.array([0, 0, 0, 0, 0, 1.0])


def _yes_no(mean: int) -> Floats:
    return np.array([1 - mean / 100, 0, 0, 0, 0, mean / 100])


_SHAPES: dict[str, Callable[[int], Floats]] = {
    "moody": _moody,
    "divided": _divided,
    "mild": _mild,
    "yes/no": _yes_no,
}
