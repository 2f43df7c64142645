"""What an edited file changes in the register, and where both have changed since it was exported. Pure.

A row that was edited goes in when the register still has the revision it was exported with. When it has a later one,
that is a conflict: nothing of the row is taken, unless both say the same. Measures that are not in the file stay.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from analysis import measures_sheet
from analysis.measure import Measure
from analysis.measures_sheet import COLUMNS, Given, SheetError, likeness


@dataclass(frozen=True, slots=True)
class Plan:
    """``changed``: over the revision each names. ``kept``: rows that change nothing. ``absent``: not in the file.

    ``conflicts``: a sentence for each row that cannot be taken.
    """

    added: tuple[Measure, ...]
    changed: tuple[Measure, ...]
    kept: int
    absent: int
    conflicts: tuple[str, ...]


def plan(given: Sequence[Given], register: Mapping[str, Measure]) -> Plan:
    """``register``: every measure of the agency by id. Raises SheetError about rows that are none of its measures."""
    if faults := [fault for one in given if (fault := _stranger(one, register.get(one.id)))]:
        raise SheetError(*faults)
    added: list[Measure] = []
    changed: list[Measure] = []
    conflicts: list[str] = []
    kept = 0
    alike = {likeness(measure): measure for measure in register.values()}
    for one in given:
        measure = one.measure
        known = register.get(one.id) or (alike.get(likeness(measure)) if measure else None)
        if measure is None or (known and _same(measure, known)):
            kept += 1
        elif known is None:
            added.append(replace(measure, id=_new_id(measure, {*register, *(m.id for m in added)})))
        elif known.revision == one.revision:
            changed.append(measure)
        else:
            conflicts.append(_conflict(one, measure, known))
    absent = _absent(given, [*added, *changed], register)
    return Plan(tuple(added), tuple(changed), kept, absent, tuple(conflicts))


def _stranger(given: Given, known: Measure | None) -> str:
    """What is wrong with the id of a row; empty when nothing is."""
    at, one = given.address, given.measure
    if given.id and known is None:
        return (
            f"{at.cell('id')} names {given.id!r}, which is no measure of this agency: empty {at.cell('id')} and "
            f"{at.cell('mark')} to add the row as a new one"
        )
    if one and known and (one.fiscal_year, one.item_code) != (known.fiscal_year, known.item_code):
        cell = at.cell("fiscal_year" if one.fiscal_year != known.fiscal_year else "item_code")
        return (
            f"{cell} does not belong to this row, whose measure is of {known.fiscal_year} {known.item_code}: rows may "
            f"have been sorted without the hidden columns, so export again, or empty {at.cell('id')} and "
            f"{at.cell('mark')} to add it as a new one"
        )
    return ""


def _same(one: Measure, other: Measure) -> bool:
    return replace(one, id=other.id, revision=other.revision) == other


def _new_id(measure: Measure, taken: set[str]) -> str:
    """Made from what the measure is, so that importing a file twice adds it once."""
    digests = (hashlib.sha256("\0".join((*likeness(measure), str(turn))).encode()).hexdigest() for turn in count())
    names = (f"{measure.fiscal_year}-{digest[:8]}" for digest in digests)
    return next(name for name in names if name not in taken)


def _conflict(given: Given, measure: Measure, known: Measure) -> str:
    here, there = measures_sheet.cells(measure), measures_sheet.cells(known)
    cells = [
        f"{given.address.cell(column.key)} says {_cut(mine)}, the register {_cut(theirs)}"
        for column, mine, theirs in zip(COLUMNS[2:], here[2:], there[2:], strict=True)
        if mine != theirs
    ]
    why = "was changed in the register since the export" if given.id else "is in the register already"
    return f"row {given.address.row} {why}, so nothing of it was taken: {'; '.join(cells)}"


def _cut(value: str | int) -> str:
    text = " ".join(str(value).split())
    return f"{text[:30]!r}" + ("..." if len(text) > 30 else "")


def _absent(given: Sequence[Given], written: Iterable[Measure], register: Mapping[str, Measure]) -> int:
    """How many measures of the file's years are not in the file."""
    there = {one.id for one in given} | {one.id for one in written}
    years = {register[one.id].fiscal_year for one in given if one.id} | {one.fiscal_year for one in written}
    return sum(one.fiscal_year in years and one.id not in there for one in register.values())
