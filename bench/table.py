"""One line of the bench's table, and the table as text."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = ("what", "Siang", "beside", "ratio", "goal", "")
MARKS = {True: "ok", False: "MISSED", None: ""}


@dataclass(frozen=True)
class Row:
    """``ratio``: Siang's figure over the baseline's, None where there is none. ``ok``: None where there is no goal."""

    name: str
    value: str
    baseline: str = ""
    ratio: float | None = None
    goal: str = ""
    ok: bool | None = None


def text(rows: Sequence[Row]) -> str:
    """All rows as a table with aligned columns."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(HEAD))]
    drawn = ["  ".join(c + " " * (w - _width(c)) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([drawn[0], "-" * max(map(_width, drawn)), *drawn[1:]])


def markdown(rows: Sequence[Row]) -> str:
    """The same for docs/bench.md."""
    lines = [HEAD, ("---",) * len(HEAD), *(_cells(row) for row in rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:,.0f}" if row.ratio >= 100 else f"{row.ratio:.2f}"
    return row.name, row.value, row.baseline, ratio, row.goal, MARKS[row.ok]


def _width(words: str) -> int:
    """Columns on a screen: Thai marks above and below take none."""
    return sum(unicodedata.category(c) not in ("Mn", "Me") for c in words)
