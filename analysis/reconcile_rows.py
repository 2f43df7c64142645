"""From the cells of a table, as an office copied them from a published result, to one Result per fiscal year. Pure.

Columns ``fiscal_year, level, instrument, code, title, score`` in any order, the title not needed, others ignored; below
them one number a row. ``level`` is item, indicator, instrument or total, or ``level`` for the stated grade, which
stands in the score column. Thai or Arabic digits. Rows without a score say nothing. Sub-indicators are indicators 9.1,
10.2.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from analysis.frame import Frame
from analysis.reconcile import Result, cells
from analysis.reconcile_tree import LEVELS, TOTAL, Cell
from survey.thai import arabic_digits

COLUMNS = ("fiscal_year", "level", "instrument", "code", "score")
GRADE = ("level", "grade")
Row = Sequence[object]
"""The cells of a row: text, or from Excel also numbers, None and dates."""


class ResultError(ValueError):
    """The table cannot be used. ``faults``: for each, in order, a sentence saying which cell and how to mend it."""

    def __init__(self, *faults: str) -> None:
        super().__init__(faults[0] + (f" (and mend {len(faults) - 1} more rows)" if len(faults) > 1 else ""))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read. ``rows``: each with its number: a spreadsheet's row, or the line of a text.

    ``is_text``: cells are told as ``line 12, column score`` instead of ``F12``. ``faults``: number of a row whose form
    is at fault (merged cells, a formula without a value) -> sentences; its cells are not read.
    """

    rows: Sequence[tuple[int, Row]]
    is_text: bool = False
    faults: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with an address for each of its cells."""

    number: int
    columns: Mapping[str, int]
    values: Row
    is_text: bool = False

    def raw(self, name: str) -> object:
        at = self.columns[name]
        return self.values[at] if at < len(self.values) else None

    def text(self, name: str) -> str:
        """What is in the cell, in Arabic digits, without blanks around it."""
        value = self.raw(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else arabic_digits(_bare(str(value)))

    def at(self, name: str) -> str:
        """``F12``, or of a text ``line 12, column score``."""
        return f"line {self.number}, column {name}" if self.is_text else f"{letter(self.columns[name])}{self.number}"


def results(sheet: Sheet, frame_of: Callable[[int], Frame], years: Sequence[int]) -> list[Result]:
    """The results, oldest year first. ``frame_of``: the frame of one of ``years``.

    Raises ResultError about every cell that cannot be used.
    """
    read = _Reader(frame_of, years)
    faults = [(number, fault) for number, found in sheet.faults.items() for fault in found]
    for line in _lines(sheet):
        try:
            read.line(line)
        except ResultError as fault:
            faults.append((line.number, str(fault)))
    if faults:
        raise ResultError(*(fault for _, fault in sorted(faults, key=lambda one: one[0])))
    if not read.printed:
        raise ResultError("it has no scores below the header: add a row for each published score")
    return [
        Result(year, read.printed[year], read.grades.get(year), read.titles.get(year, {}))
        for year in sorted(read.printed)
    ]


class _Reader:
    """Takes line after line and keeps what was printed."""

    def __init__(self, frame_of: Callable[[int], Frame], years: Sequence[int]) -> None:
        self._frame_of, self._years = frame_of, years
        self._places: dict[int, frozenset[Cell]] = {}
        self._seen: dict[tuple[int, Cell], Line] = {}
        self.printed: dict[int, dict[Cell, int]] = {}
        self.grades: dict[int, str] = {}
        self.titles: dict[int, dict[Cell, str]] = {}

    def line(self, line: Line) -> None:
        year = _year(line, self._years)
        frame = self._frame_of(year)
        places = self._places[year] = self._places.get(year) or cells(frame)
        cell = _cell(line, places, year)
        grade = _grade(line, frame) if cell == _GRADE_CELL else ""
        if not (grade or line.text("score")):
            return
        if twin := self._seen.get((year, cell)):
            raise ResultError(
                f"{line.at('score')} gives {cell.level} {cell.code} of {cell.instrument} in {year} again after "
                f"{twin.at('score')}: delete one of the rows"
            )
        self._seen[year, cell] = line
        if cell == _GRADE_CELL:
            self.grades[year] = grade
        else:
            self.printed.setdefault(year, {})[cell] = hundredths(line)
            if "title" in line.columns and (title := _bare(str(line.raw("title") or ""))):
                self.titles.setdefault(year, {})[cell] = title


def letter(column: int) -> str:
    """The letter of a column counted from 0: 0 -> A, 26 -> AA."""
    return (letter(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def hundredths(line: Line) -> int:
    """The score in hundredths. A computed number of Excel's is taken as it shows, to two decimals."""
    value, text, at = line.raw("score"), line.text("score"), line.at("score")
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(repr(value))
    elif re.fullmatch(r"-?\d{1,9}(\.\d{1,2})?", text):
        number = Decimal(text)
    elif re.fullmatch(r"\d{1,9}\.\d+", text):
        raise ResultError(f"{at} holds {text}, which has more than two decimals: write the score as it was published")
    else:
        raise ResultError(
            f"{at} holds {text!r}, which is no score: write a number from 0 to 100 like 98.10, "
            f"or leave the cell empty when none was published"
        )
    if not 0 <= number <= 100:
        raise ResultError(f"{at} holds {text}, but a score runs from 0 to 100: look it up in the published result")
    return int((number * 100).quantize(Decimal(1), ROUND_HALF_UP))


_GRADE_CELL = Cell("level", "ITA", "level")


def _lines(sheet: Sheet) -> list[Line]:
    numbered = [(number, row) for number, row in sheet.rows if any(_bare(str(c or "")) for c in row)]
    if not numbered:
        raise ResultError(f"it is empty: write the columns {', '.join(COLUMNS)} in row 1 and a score in each row below")
    (top, header), *below = numbered
    names = [_bare(str(name or "")).casefold() for name in header]
    if top in sheet.faults:
        raise ResultError(*(fault for number in sorted(sheet.faults) for fault in sheet.faults[number]))
    for name in COLUMNS:
        if names.count(name) != 1:
            raise ResultError(_wrong_column(name, names, lambda at: _place(sheet, at, top)))
    columns = {name: names.index(name) for name in (*COLUMNS, "title") if name in names}
    return [Line(number, columns, row, sheet.is_text) for number, row in below if number not in sheet.faults]


def _wrong_column(name: str, names: Sequence[str], place: Callable[[int], str]) -> str:
    if name in names:
        last = len(names) - 1 - names[::-1].index(name)
        return f"{place(last)} names the column {name!r} a second time: delete or rename one of them"
    strange = [at for at, one in enumerate(names) if one and one not in (*COLUMNS, "title")]
    if strange:
        return (
            f"{place(strange[0])} holds {names[strange[0]]!r} where the column {name!r} is missing: "
            f"rename it or add the column"
        )
    return f"the first row lacks the column {name!r}: add it beside {', '.join(one for one in names if one)}"


def _place(sheet: Sheet, at: int, row: int) -> str:
    return f"line {row}, column {at + 1}" if sheet.is_text else f"{letter(at)}{row}"


def _year(line: Line, years: Sequence[int]) -> int:
    text, at = line.text("fiscal_year"), line.at("fiscal_year")
    number = int(text) if re.fullmatch(r"\d{4}", text) else 0
    if number in years:
        return number
    hint = f"write {number + 543}" if number + 543 in years else f"write a year from {min(years)} to {max(years)}"
    raise ResultError(f"{at} holds {text!r}, which is no fiscal year of the Buddhist era that is known: {hint}")


def _cell(line: Line, known: frozenset[Cell], year: int) -> Cell:
    level = line.text("level").casefold()
    level = "indicator" if level in ("sub_indicator", "sub-indicator") else level
    if level in GRADE:
        return _GRADE_CELL
    if level == "total":
        return TOTAL
    if level not in LEVELS:
        raise ResultError(
            f"{line.at('level')} holds {line.text('level')!r}, which is no level: write one of "
            f"{', '.join(LEVELS)}, or level for the stated grade"
        )
    instrument, code = line.text("instrument").upper(), line.text("code")
    code = (code or instrument).upper() if level == "instrument" else code.lower()
    cell = Cell(level, instrument, code)
    if cell in known:
        return cell
    wanted = [one for one in known if one.level == level]
    if instrument not in (one.instrument for one in wanted):
        names = ", ".join(sorted({one.instrument for one in wanted}))
        raise ResultError(
            f"{line.at('instrument')} holds {line.text('instrument')!r}, which is no instrument of "
            f"{year}: write one of {names}"
        )
    codes = sorted((one.code for one in wanted if one.instrument == instrument), key=_by_number)
    raise ResultError(
        f"{line.at('code')} holds {line.text('code')!r}, which is no {level} of {instrument} in "
        f"{year}: they run from {codes[0]} to {codes[-1]}"
    )


def _by_number(code: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", code)]


def _grade(line: Line, frame: Frame) -> str:
    """The name of the level as the rule has it, wherever in the row it stands; else what is in the score column."""
    plain = [_bare(line.text(name).removeprefix("ระดับ")) for name in ("score", "title", "code") if name in line.columns]
    names = {level.name.casefold(): level.name for level in frame.levels}
    return next((names[text.casefold()] for text in plain if text.casefold() in names), plain[0])


def _bare(text: str) -> str:
    """Without blanks around it, nor the invisible ones that copying from a PDF leaves."""
    return text.replace("\u200b", "").replace("\ufeff", "").strip()
