"""The register as rows of a worksheet, and rows that people have edited as measures again. Pure.

Two columns are hidden: the measure's id, and its mark, ``3-5f2a90c1``: the revision it had when the file was written
and a digest of what stood in the row. So a row that nobody touched is known as such, whatever has happened to the
register since, and one that was touched is known to be older than the register when it is.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from analysis import measures_cells
from analysis.measure import STATUS_WORDS, Measure
from analysis.measures_cells import Address, CellError
from analysis.reconcile_rows import letter

SHEET = "มาตรการ"
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Column:
    """``width``: in characters, 0: hidden."""

    key: str
    header: str
    width: int


COLUMNS = (
    Column("id", "รหัสแถว (ห้ามแก้)", 0),
    Column("mark", "รุ่น (ห้ามแก้)", 0),
    Column("fiscal_year", "ปีงบประมาณ", 11),
    Column("item_code", "ข้อ", 7),
    Column("issue", "ประเด็นที่", 10),
    Column("title", "มาตรการ/กิจกรรม", 36),
    Column("steps", "ขั้นตอนการดำเนินการ (บรรทัดละหนึ่งขั้นตอน)", 60),
    Column("responsible", "ผู้รับผิดชอบ", 22),
    Column("period", "ระยะเวลา", 20),
    Column("budget", "งบประมาณ", 14),
    Column("output", "ผลผลิต", 32),
    Column("outcome", "ผลลัพธ์", 32),
    Column("status", "สถานะ", 16),
    Column("progress", "ความก้าวหน้า (ร้อยละ)", 13),
    Column("evidence", "ลิงก์หลักฐาน (บรรทัดละหนึ่งลิงก์)", 36),
    Column("result", "ผลการดำเนินงาน", 40),
)
WORDS = COLUMNS[2:]
"""What people see and edit."""


class SheetError(ValueError):
    """The file cannot be used: ``faults``, each one sentence naming the cell and how to mend it."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Given:
    """A row of a file. ``revision``: of its measure when it was exported, 0 for a new one.

    ``measure``: what the row says; None where nobody has touched it since the export, or everything in it was emptied.
    """

    address: Address
    id: str
    revision: int
    measure: Measure | None


def cells(measure: Measure) -> tuple[str | int, ...]:
    """What stands in the row of a measure, column by column."""
    words: Mapping[str, str | int] = {
        **{c.key: getattr(measure, c.key) for c in WORDS},
        "issue": measure.issue or "",
        "steps": "\n".join(f"{n}. {step}" for n, step in enumerate(measure.steps, 1)),
        "status": STATUS_WORDS[measure.status],
        "evidence": "\n".join(measure.evidence),
    }
    shown = tuple(words[c.key] for c in WORDS)
    return (measure.id, f"{measure.revision}-{_digest(shown)}", *shown)


def read(rows: Sequence[Sequence[object]], codes_of: Callable[[int], Mapping[str, int]]) -> tuple[Given, ...]:
    """The rows below the header, blank ones left out. ``codes_of``: a year's items and indicators with their issue.

    Raises SheetError with every fault of every row.
    """
    places = _header(rows)
    faults: list[str] = []
    found: list[Given] = []
    first: dict[tuple[str, ...], Address] = {}
    for number, row in enumerate(rows[1:], 2):
        at = Address(number, places)
        values = {key: row[place] if place < len(row) else None for key, place in places.items()}
        try:
            given = _row(values, at, codes_of)
            if given is not None:
                _only_once(given, first)
                found.append(given)
        except CellError as exc:
            faults += exc.faults
    if len(found) > MOST_ROWS:
        raise SheetError(f"it has {len(found):,} measures: an import takes at most {MOST_ROWS:,}, so split it")
    if faults:
        raise SheetError(*faults)
    return tuple(found)


def _header(rows: Sequence[Sequence[object]]) -> dict[str, int]:
    """The column of each key."""
    names = [measures_cells.plain(value) for value in rows[0]] if rows else []
    places = {}
    for column in COLUMNS:
        at = [n for n, name in enumerate(names) if name == column.header]
        if not at:
            raise SheetError(
                f"row 1 has no cell {column.header!r}: put the header of the exported file back, hidden columns too"
            )
        if len(at) > 1:
            raise SheetError(f"{letter(at[1])}1 says {column.header!r} a second time: delete or rename that column")
        places[column.key] = at[0]
    return places


def _row(values: Mapping[str, object], at: Address, codes_of: Callable[[int], Mapping[str, int]]) -> Given | None:
    name, mark = (measures_cells.plain(values[key]) for key in ("id", "mark"))
    shown = tuple(values[c.key] for c in WORDS)
    blank = not any(measures_cells.plain(value) for value in shown)
    if not name and not mark:
        return None if blank else Given(at, "", 0, measures_cells.measure(values, at, codes_of))
    known = re.fullmatch(r"([1-9]\d{0,8})-([0-9a-f]{8})", mark)
    if not name or not known:
        raise CellError(
            f"the hidden cells {at.cell('id')} and {at.cell('mark')} do not belong together: empty both for a new "
            f"measure, or export the register again and edit that file"
        )
    revision = int(known[1])
    if blank or _digest(shown) == known[2]:
        return Given(at, name, revision, None)
    return Given(at, name, revision, measures_cells.measure(values, at, codes_of, name, revision))


def _only_once(given: Given, first: dict[tuple[str, ...], Address]) -> None:
    """Raises CellError when another row has the same id, or is the same new measure."""
    name: tuple[str, ...] = (given.id,)
    cell, mend = "id", "it was copied, so empty both hidden cells of the copy to make it a new measure"
    if not given.id and given.measure:
        name, cell, mend = likeness(given.measure), "title", "delete one of the two rows"
    if twin := first.get(name):
        raise CellError(f"{given.address.cell(cell)} repeats {twin.cell(cell)}: {mend}")
    first[name] = given.address


def likeness(measure: Measure) -> tuple[str, ...]:
    """Two new measures alike in this are one."""
    return str(measure.fiscal_year), measure.item_code, measure.title


def _digest(shown: Sequence[object]) -> str:
    """Of what stands in the cells, whatever spreadsheets do to line ends and numbers."""
    texts = ["\n".join(measures_cells.lines(value)) for value in shown]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:8]
