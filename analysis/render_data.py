"""A Report made ready to be set: its digits as they are printed, its bars in order, and all of it as plain data. Pure.

With ``thai_digits`` every number is printed in Thai digits but for those that belong to a code or an address: e1,
OIT10, https://..., office@example.go.th. Those are names that people type and search for, and the ITA's own papers
leave them so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

from analysis.render_words import PATTERN, longest
from analysis.report import (
    ANNEX,
    NONE,
    Beside,
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Heading,
    MemoHead,
    Number,
    Paragraph,
    Report,
    Series,
    Signature,
    Table,
    printed,
)
from survey import thai

MARKS = re.compile(r"[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no file can hold: control signs and halves of letters. Blanks of every kind stay."""
CODES = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|[!-~]+@[!-~]+|(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?:/[!-~]*)?|[A-Za-z0-9_]*[A-Za-z_][A-Za-z0-9_]*"
)
LINE = 80
"""Letters on a line across the whole page, about; marks above and below letters take no room."""
CODE = 7  # letters of the longest item code, OIT10.1
FOLD = "\u200b"  # where a line may end though nothing is seen there
CHART_LABEL = 27  # letters beside a chart
LONG_ROW = 20
"""Lines from which a row of a table may be torn over two pages."""
SHORT_TABLE = 18
"""Lines up to which a table is kept on one page."""

Json = dict[str, Any]


def thai_text(text: str) -> str:
    """Thai digits, but for those of codes and addresses."""
    done, at = [], 0
    for code in CODES.finditer(text):
        done += [thai.thai_digits(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*done, thai.thai_digits(text[at:])])


def printable(text: str) -> str:
    """Without signs that no file can hold."""
    return UNPRINTABLE.sub("", text.replace("\t", " "))


def ready(report: Report) -> Report:
    """The report with its annex under its heading, bars highest first, every text in the digits it is printed in."""
    annex = (Heading(ANNEX), *report.annex) if report.annex else ()
    ordered = replace(report, blocks=tuple(map(_sorted, report.blocks)), annex=tuple(map(_sorted, annex)))
    worded: Report = _worded(ordered, (lambda text: thai_text(printable(text))) if report.thai_digits else printable)
    return worded


def plain(report: Report) -> Json:
    """What the layout reads, of a report that is ready."""
    data: Json = _plain(report, report.thai_digits)
    return {**data, "none": NONE, "whole": PATTERN}


def plain_chart(chart: Chart, thai_digits: bool) -> Json:
    """What the layout of a single chart reads."""
    data: Json = _plain(chart, thai_digits)
    return data


def rooms(table: Table) -> list[int]:
    """How many letters go on a line of each column: its share of the page, but at least its longest number, code or
    word that is kept whole.

    Where that is more than a page has, the table is set smaller.
    """
    share = sum(column.width for column in table.columns) or 1
    return [
        max(
            *(LINE * column.width // share, len(column.title) // 3, 4, _letters(longest(column.title)) + 2),
            *(_whole_length(row[at]) for row in table.rows),
        )
        for at, column in enumerate(table.columns)
    ]


def _whole_length(cell: Cell) -> int:
    """The letters of what should stand on one line."""
    text = MARKS.sub("", printed(cell))
    whole = cell.value is not None if isinstance(cell, Number) else len(text) <= CODE and " " not in text
    return len(text) + 2 if whole else _letters(longest(printed(cell))) + 1


def _letters(text: str) -> int:
    return len(MARKS.sub("", text))


def _long_rows(table: Table, room: list[int]) -> list[int]:
    """The rows too tall to be kept on one page."""
    return [at for at, row in enumerate(table.rows) if _height(row, room) > LONG_ROW]


def _height(row: tuple[Cell, ...], room: list[int]) -> int:
    """How many lines a row takes, about."""
    return max(lines(printed(cell), letters) for cell, letters in zip(row, room, strict=True))


def lines(text: str, room: int) -> int:
    """How many lines a text takes, about."""
    return sum(1 + len(line) // room for line in MARKS.sub("", text).split("\n"))


def _foldable(text: str, room: int) -> str:
    """With places to break in what has none: addresses, a letter held down, consonants typed at random."""
    most = max(2, room * 2 // 3)  # such letters are wide
    runs = re.compile(rf"[!-~]{{{most},}}|[ก-ฮ]{{{most},}}|(\S)\1{{{most - 1},}}")
    return runs.sub(lambda run: FOLD.join(_pieces(run[0], most)), text)


def _pieces(run: str, most: int) -> Iterator[str]:
    """Of at most so many letters; an address ends a line after a stroke or before a dot where it can."""
    for part in re.findall(r"https?://|\.?[^/.]*/|\.?[^/.]+|.", run):
        yield from (part[k : k + most] for k in range(0, len(part), most))


def _sorted(block: Block) -> Block:
    match block:
        case Beside():
            return Beside(in_order(block.left), in_order(block.right))
        case Chart():
            return in_order(block)
        case _:
            return block


def in_order(chart: Chart) -> Chart:
    """Bars of one series highest first, gaps last; the other kinds as they come."""
    if chart.kind != "bars" or len(chart.series) != 1:
        return chart
    [series] = chart.series
    values = [point.value for point in series.points]
    order = sorted(range(len(values)), key=lambda k: (values[k] is None, -(values[k] or 0)))
    band = tuple(series.band[k] for k in order) if series.band else ()
    points = tuple(series.points[k] for k in order)
    return replace(
        chart, labels=tuple(chart.labels[k] for k in order), series=(replace(series, points=points, band=band),)
    )


_WORDED: dict[type, tuple[str, ...]] = {
    Report: ("title", "subtitle", "agency", "footer", "memo", "blocks", "annex", "mark"),
    Heading: ("text",),
    Paragraph: ("text",),
    Bullets: ("items",),
    Column: ("title",),
    Table: ("title", "note", "columns", "rows"),
    Chart: ("title", "note", "labels", "series"),
    Series: ("name", "points", "band"),
    Beside: ("left", "right"),
    Signature: ("name", "position", "acting"),
    MemoHead: ("office", "number", "date", "subject", "to"),
    Number: ("text",),
}


def _worded(value: Any, change: Callable[[str], str]) -> Any:
    """Any part of a report with its words changed; kinds, widths and names of sheets stay as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_worded(one, change) for one in value)
    names = _WORDED.get(type(value), ())
    return replace(value, **{name: _worded(getattr(value, name), change) for name in names}) if names else value


def _plain(value: Any, thai_digits: bool, room: int = LINE) -> Any:
    """Dataclasses as objects that say what they are, numbers as floats, texts with places to break."""
    if isinstance(value, str):
        return _foldable(value, room)
    if isinstance(value, tuple):
        return [_plain(one, thai_digits, room) for one in value]
    if isinstance(value, Number):
        return {"text": value.text, "value": None if value.value is None else float(value.value)}
    if not is_dataclass(value):
        return value
    inner = CHART_LABEL if isinstance(value, Chart) else room
    said = {field.name: _plain(getattr(value, field.name), thai_digits, inner) for field in fields(value)}
    match value:
        case Table():
            said |= _table(value, thai_digits)
        case Chart():
            ends = (str(value.low), str(value.high))
            said["ends"] = [thai_text(end) for end in ends] if thai_digits else list(ends)
    return {"is": type(value).__name__, **said}


def _table(table: Table, thai_digits: bool) -> Json:
    room = rooms(table)
    rows = [[_plain(cell, thai_digits, at) for cell, at in zip(row, room, strict=True)] for row in table.rows]
    short = sum(_height(row, room) for row in table.rows) <= SHORT_TABLE
    size = min(1.0, LINE / sum(room))
    return {"rows": rows, "room": room, "size": size, "long": _long_rows(table, room), "short": short}
