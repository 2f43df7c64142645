"""Counting answers in the database: one pass over one row per response, so that a million responses fit.

Each response becomes one small integer in SQL: a digit per item saying which of its options was chosen (0: missing).
Grouping by that number is quick on SQLite and PostgreSQL alike and tells everything the scores need; scores are then
given by the scale of the very version that was answered.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, cast, func, literal, or_, select

from analysis import counts
from analysis.counts import Pattern, Tally
from analysis.figures import ASSISTED, NOWHERE, SELF, Cell, Counted
from survey import db, thai
from survey.instrument import Instrument, InstrumentError, Question
from survey.library import Library
from survey.tables import responses
from survey.thai import Period

_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class OfficerCount:
    """How many responses an officer helped with, and the largest share (0-1) of them with the very same answers."""

    officer_id: str
    n: int
    identical: float


def count(conn: Connection, library: Library, agency_id: str, kind: str, period: Period) -> Counted:
    """All responses of a kind completed in a span of whole months, by month, mode and service point.

    Raises InstrumentError when responses belong to an instrument version whose file is gone.
    """
    cells: dict[Cell, list[Tally]] = defaultdict(list)
    for instruments in _alike(library.of_kind(kind)):
        for cell, tally in _count_alike(conn, instruments, agency_id, period):
            cells[cell].append(tally)
    counted = {cell: counts.total(cells[cell]) for cell in sorted(cells)}
    if sum(t.n for t in counted.values()) != sum(n for _, n in by_day(conn, agency_id, kind, period)):
        raise InstrumentError(_unknown(conn, library, agency_id, kind, period))
    return Counted(kind, counted, counts.blank(_newest(library, kind, period)))


def span(period: Period) -> Period:
    """The period and the one before it: what must be counted to show a change."""
    return Period(period.previous().start, period.end)


def assisted(conn: Connection, library: Library, agency_id: str, kind: str, period: Period) -> list[OfficerCount]:
    """Each officer's count of assisted responses, the busiest first."""
    found: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for shape, instruments in enumerate(_alike(library.of_kind(kind))):
        columns = (responses.c.assisted_by.label("officer"), _chosen(instruments[0]).label("chosen"))
        stmt = select(*columns, func.count()).where(
            *_which(conn, agency_id, instruments, period), responses.c.mode == ASSISTED
        )
        for officer, chosen, n in conn.execute(stmt.group_by("officer", "chosen")):
            found[officer or ""][shape, chosen] += n
    listed = [OfficerCount(officer, same.total(), max(same.values()) / same.total()) for officer, same in found.items()]
    return sorted(listed, key=lambda one: (-one.n, one.officer_id))


def by_day(conn: Connection, agency_id: str, kind: str, period: Period) -> list[tuple[date, int]]:
    """How many responses were completed on each day. Filed responses never change, so this shows whether to recount."""
    mine = (responses.c.agency_id == agency_id, responses.c.kind == kind)
    when = (responses.c.completed_on >= period.start, responses.c.completed_on < period.end)
    stmt = select(responses.c.completed_on, func.count()).where(*mine, *when).group_by(responses.c.completed_on)
    return [(day, n) for day, n in conn.execute(stmt.order_by(responses.c.completed_on))]


def _newest(library: Library, kind: str, period: Period) -> Instrument:
    """What a period without responses would have asked; before the first instrument, that one."""
    year = thai.fiscal_year(period.end - timedelta(days=1))
    first = min(library.of_kind(kind), key=lambda i: (i.fiscal_year or 0, i.version))
    return library.newest(kind, max(year, first.fiscal_year or 0))


def _alike(instruments: Iterable[Instrument]) -> list[list[Instrument]]:
    """Instruments whose items and options are the same are counted in one pass, the newest looked for first."""
    shapes: dict[Any, list[Instrument]] = defaultdict(list)
    for instrument in sorted(instruments, key=lambda i: (i.fiscal_year or 0, i.version), reverse=True):
        shape = tuple(
            (number, *((q.id, *(o.value for o in q.options)) for q in questions))
            for number, questions in _parts(instrument)
        )
        shapes[shape].append(instrument)
    return list(reversed(shapes.values()))


def _count_alike(
    conn: Connection, instruments: Sequence[Instrument], agency_id: str, period: Period
) -> Iterator[tuple[Cell, Tally]]:
    months = list(_months(period))
    version = case(*((_is(instrument), at) for at, instrument in enumerate(instruments)))
    month = _place_of(range(len(months)), months)
    bits = case((responses.c.mode == ASSISTED, 2), else_=0) + case((responses.c.household, 1), else_=0)
    columns = (
        ((version * len(months) + month) * 4 + bits).label("place"),
        responses.c.service_point.label("point"),
        _chosen(instruments[0]).label("chosen"),
    )
    stmt = select(*columns, func.count()).where(*_which(conn, agency_id, instruments, period))
    gathered: dict[tuple[int, str | None], _Gathered] = {}
    for place, point, chosen, n in conn.execute(stmt.group_by("place", "point", "chosen")):
        key = place >> 1, point
        if key not in gathered:
            gathered[key] = _Gathered(instruments[(place >> 2) // len(months)])
        gathered[key].add(chosen, n, household=place & 1 == 1)
    for (place, point), found in gathered.items():
        mode = ASSISTED if place & 1 else SELF
        yield Cell(months[(place >> 1) % len(months)], mode, point or NOWHERE), found.tally()


def _place_of(places: Sequence[int], months: Sequence[Period]) -> ColumnElement[Any]:
    """Which of the months a response belongs to, found by halving: this runs for every row."""
    if len(places) == 1:
        return literal(places[0], BigInteger)
    middle = len(places) // 2
    earlier, later = _place_of(places[:middle], months), _place_of(places[middle:], months)
    return case((responses.c.completed_on < months[places[middle]].start, earlier), else_=later)


class _Gathered:
    """Collects the groups of one cell: for each indicator, how often each combination of options was chosen."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.n = 0
        self.household = 0
        self.parts = [(number, questions, _radix(questions)) for number, questions in _parts(instrument)]
        self.chosen: list[dict[int, int]] = [defaultdict(int) for _ in self.parts]

    def add(self, chosen: int, n: int, *, household: bool) -> None:
        self.n += n
        self.household += n if household else 0
        for (_, _, radix), counter in zip(self.parts, self.chosen, strict=True):
            chosen, part = divmod(chosen, radix)
            counter[part] += n

    def tally(self) -> Tally:
        patterns = {
            number: _patterns(questions, counter)
            for (number, questions, _), counter in zip(self.parts, self.chosen, strict=True)
        }
        return counts.of_patterns(self.instrument, self.n, self.household, patterns)


def _patterns(questions: Sequence[Question], chosen: Mapping[int, int]) -> dict[Pattern, int]:
    found: Counter[Pattern] = Counter()
    for digits, n in chosen.items():
        pattern = []
        for question in questions:
            digits, digit = divmod(digits, _radix([question]))
            pattern.append(question.options[digit - 1].score if digit else None)
        found[tuple(pattern)] += n
    return dict(found)


def _parts(instrument: Instrument) -> list[tuple[int, list[Question]]]:
    """The items under each indicator: the order in which digits are put together and taken apart."""
    return [(i.number, [q for q in instrument.items if q.indicator == i.number]) for i in instrument.indicators]


def _radix(questions: Iterable[Question]) -> int:
    return reduce(lambda product, question: product * (len(question.options) + 1), questions, 1)


def _chosen(instrument: Instrument) -> ColumnElement[Any]:
    """One integer that says which option each item was answered with; the first item in the lowest digit."""
    questions = [question for _, part in _parts(instrument) for question in part]
    if _radix(questions) > _LARGEST:
        raise InstrumentError(f"{len(questions)} scored questions are more than can be counted at once")
    total: ColumnElement[Any] = literal(0, BigInteger)
    for place, question in enumerate(questions):
        answer = responses.c.answers[question.id].as_string()
        digit = case({o.value: n for n, o in enumerate(question.options, 1)}, value=answer, else_=0)
        total = total + cast(digit, BigInteger) * literal(_radix(questions[:place]), BigInteger)
    return total


def _which(
    conn: Connection, agency_id: str, instruments: Sequence[Instrument], period: Period
) -> tuple[ColumnElement[bool], ...]:
    # Reading all rows in order beats following an index to rows that lie at random; SQLite thinks otherwise.
    kind = responses.c.kind.concat("") if db.is_sqlite(conn) else responses.c.kind
    return (
        responses.c.agency_id == agency_id,
        kind == instruments[0].kind,
        responses.c.completed_on >= period.start,
        responses.c.completed_on < period.end,
        or_(*map(_is, instruments)),
    )


def _is(instrument: Instrument) -> ColumnElement[bool]:
    return and_(responses.c.instrument_id == instrument.id, responses.c.instrument_version == instrument.version)


def _unknown(conn: Connection, library: Library, agency_id: str, kind: str, period: Period) -> str:
    columns = (responses.c.instrument_id, responses.c.instrument_version)
    mine = (responses.c.agency_id == agency_id, responses.c.kind == kind)
    when = (responses.c.completed_on >= period.start, responses.c.completed_on < period.end)
    known = [_is(instrument) for instrument in library.of_kind(kind)]
    name, version = conn.execute(select(*columns).where(*mine, *when, ~or_(*known)).limit(1)).one()
    return f"Responses were given to {name} version {version}, whose file is missing; put it back"


def _months(period: Period) -> Iterable[Period]:
    month = thai.month_of(period.start)
    while month.start < period.end:
        yield month
        month = thai.month_of(month.end)
