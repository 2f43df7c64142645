"""Whether a published ITA result adds up and which cells would mend it: a hundred cells, one of them misprinted.

Beside it: rounding each level from the one below with floats, which finds that something is wrong but not what.
"""

import time
from collections.abc import Callable
from statistics import median

from analysis import frame_library, reconcile
from analysis.reconcile import Result
from analysis.reconcile_tree import LEVELS, Cell, Node, tree
from bench.table import Row

YEAR, CELLS, MILLISECONDS = 2566, 100, 100.0


def run(quick: bool = False) -> list[Row]:
    """One row: the median of many checks, and the slowest."""
    frame = frame_library.load(YEAR)
    printed = _printed(tree(frame, frame.averages[1]))
    result = Result(YEAR, printed)
    times = _times(lambda: reconcile.check(frame, result), 10 if quick else 100)
    plain = _times(lambda: _rounded(tree(frame, frame.averages[1]), printed), 10 if quick else 100)
    found = reconcile.check(frame, result)
    ok = max(times) < MILLISECONDS and bool(found.mismatches) and bool(found.proposals)
    return [
        Row(
            f"check of {len(printed)} published cells, one misprinted",
            f"{median(times):.1f} ms, slowest {max(times):.1f}",
            f"rounding floats {median(plain):.1f} ms, names no cell",
            median(times) / median(plain),
            f"< {MILLISECONDS:.0f} ms",
            ok,
        )
    ]


def _printed(root: Node) -> dict[Cell, int]:
    """A hundred cells of a year that has three ways to be read, every score 80, one item printed as 30."""
    cells = sorted((c for c in root.homes if c.instrument != "EIT"), key=lambda c: -LEVELS.index(c.level))
    return dict.fromkeys(cells[:CELLS], 8000) | {Cell("item", "IIT", "i1"): 3000}


def _times(work: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - begun))
    return found


def _rounded(root: Node, printed: dict[Cell, int]) -> list[Cell]:
    """The cells that are not the rounded mean of those below."""
    wrong = []
    for node in root.walk():
        for at, cell in enumerate(node.cells):
            below = [(float(c.share / node.share), c.cells[at - len(node.cells)]) for c in node.children]
            if below and cell in printed and all(c in printed for _, c in below):
                mean = sum(share * printed[c] for share, c in below)
                if abs(mean - printed[cell]) > 0.5:
                    wrong.append(cell)
    return wrong
