"""Published results and made-up consistent ones, for the tests of the reconciliation."""

import csv
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from analysis.frame import Frame
from analysis.reconcile_tree import Cell, Node, tree

DATA = Path(__file__).parents[1] / "data"

Printed = dict[Cell, int]


def published(name: str) -> dict[int, Printed]:
    """Fiscal year -> what a municipality published, in hundredths."""
    found: dict[int, Printed] = {}
    with (DATA / "published" / f"{name}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            cell = Cell(row["level"], row["instrument"], row["code"])
            found.setdefault(int(row["fiscal_year"]), {})[cell] = int(row["score"].replace(".", ""))
    return found


def whole(frame: Frame, average: str, items: Mapping[str, list[Fraction]]) -> Printed:
    """Every cell of a result with these exact scores (item code -> part 1, part 2), rounded half up as printed."""
    exact: dict[Node, list[Fraction]] = {}
    root = tree(frame, average)
    for node in root.walk():
        if not node.children:
            values = items[node.cells[0].code][: min(len(node.cells), 2)]
        else:
            shares = [(child.share / node.share, exact[child]) for child in node.children]
            wide = len(node.cells) > 1
            values = [
                sum((share * values[at if wide else -1] for share, values in shares), Fraction(0))
                for at in range(2 if wide else 1)
            ]
        exact[node] = [*values[:2], sum(values[:2], Fraction(0)) / 2] if len(node.cells) == 3 else values
    return {
        cell: (value * 100 + Fraction(1, 2)).__floor__()
        for node, values in exact.items()
        for cell, value in zip(node.cells, values, strict=True)
    }
