"""From the cells of a table, as an office copied them from a published result, to one Result per fiscal year. Pure.

Columns ``fiscal_year, level, instrument, code, title, score`` in any order, the title not needed, others ignored; below
them one number a row. ``level`` is item, indicator, instrument or total, or ``level`` for the stated grade, which
stands in the score column. Thai or Arabic digits. Rows without a score say nothing. Sub-indicators are indicators 9.1,
10.2.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from analysis.frame import Frame
from analysis.reconcile import Result, cells
from analysis.reconcile_tree import LEVELS, TOTAL, Cell
from survey.thai import arabic_digits

COLUMNS = ("fiscal_year", "level", "instrument", "code", "score")
GRADE = "level"
Row = Sequence[object]
"""The cells of a row: text, or from Excel also numbers, None and dates."""


class ResultError(ValueError):
    """The table cannot be used: one sentence saying which cell and how to mend it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table with an address for each of its cells: ``F12``."""

    number: int
    columns: Mapping[str, int]
    values: Row

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
        return f"{letter(self.columns[name])}{self.number}"


def results(rows: Sequence[Row], frame_of: Callable[[int], Frame], years: Sequence[int]) -> list[Result]:
    """The results, oldest year first. ``frame_of``: the frame of one of ``years``. Raises ResultError."""
    lines = _lines(rows)
    places: dict[int, frozenset[Cell]] = {}
    found: dict[int, dict[Cell, int]] = {}
    grades: dict[int, str] = {}
    seen: dict[tuple[int, Cell], Line] = {}
    for line in lines:
        year = _year(line, years)
        frame = frame_of(year)
        places[year] = places.get(year) or cells(frame)
        cell = _cell(line, places[year], year)
        if not line.text("score"):
            continue
        if twin := seen.get((year, cell)):
            raise ResultError(
                f"row {line.number} gives {cell.level} {cell.code} of {cell.instrument} in {year} again "
                f"after row {twin.number}: delete one of them"
            )
        seen[year, cell] = line
        if cell == _GRADE_CELL:
            grades[year] = _grade(line.text("score"), frame)
        else:
            found.setdefault(year, {})[cell] = hundredths(line)
    if not found:
        raise ResultError("it has no scores below the header: add a row for each published score")
    return [Result(year, found[year], grades.get(year)) for year in sorted(found)]


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


_GRADE_CELL = Cell(GRADE, "ITA", GRADE)


def _lines(rows: Sequence[Row]) -> list[Line]:
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(_bare(str(c or "")) for c in row)]
    if not numbered:
        raise ResultError(f"it is empty: write the columns {', '.join(COLUMNS)} in row 1 and a score in each row below")
    (top, header), *below = numbered
    names = [_bare(str(name or "")).casefold() for name in header]
    for name in COLUMNS:
        if names.count(name) != 1:
            raise ResultError(_wrong_column(name, names, top))
    columns = {name: names.index(name) for name in COLUMNS}
    return [Line(number, columns, row) for number, row in below]


def _wrong_column(name: str, names: Sequence[str], row: int) -> str:
    if name in names:
        last = len(names) - 1 - names[::-1].index(name)
        return f"{letter(last)}{row} names the column {name!r} a second time: delete or rename one of them"
    strange = [at for at, one in enumerate(names) if one and one not in (*COLUMNS, "title")]
    if strange:
        at = f"{letter(strange[0])}{row}"
        return f"{at} holds {names[strange[0]]!r} where the column {name!r} is missing: rename it or add the column"
    return f"row {row} lacks the column {name!r}: add it beside {', '.join(one for one in names if one)}"


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
    if level == GRADE:
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


def _grade(text: str, frame: Frame) -> str:
    """The name of the level as the rule has it, where the words are it; else the words."""
    plain = text.removeprefix("ระดับ").strip()
    return next((level.name for level in frame.levels if level.name.casefold() == plain.casefold()), plain)


def _bare(text: str) -> str:
    """Without blanks around it, nor the invisible ones that copying from a PDF leaves."""
    return text.replace("\u200b", "").replace("\ufeff", "").strip()
