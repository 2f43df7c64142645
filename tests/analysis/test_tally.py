"""Counting in the database gives the same tallies on SQLite and PostgreSQL, by the scale of each version."""

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from analysis import tally
from analysis.figures import Cell, Counted
from analysis.tally import OfficerCount
from survey import db, thai
from survey.instrument import InstrumentError
from survey.library import Library
from survey.thai import Period
from tests.analysis.people import CODES, FEB, ITEMS, crowd, eit, file, file_points, instruments

YEAR = thai.fiscal_period(2570)
FEBRUARY = thai.month_of(FEB)


def count(engine: Engine, kind: str = "eit", period: Period = YEAR, library: Library | None = None) -> Counted:
    with db.read(engine) as conn:
        return tally.count(conn, library or instruments(), "main", kind, period)


def test_the_database_counts_what_a_loop_over_the_answers_would(engine: Engine) -> None:
    people = crowd(200)
    file(engine, *people)

    [(cell, found)] = count(engine).cells.items()

    assert cell == Cell(FEBRUARY, "self")
    assert (found.n, found.household) == (200, 0)
    for block in found.blocks:
        scores = [tuple(eit().score(code, person[code]) for code in block.codes) for person in people]
        assert block.patterns == Counter(scores)


def test_cells_are_months_modes_and_points_of_one_agency_and_kind(engine: Engine) -> None:
    file(engine, ITEMS)
    file(engine, ITEMS, ITEMS, mode="assisted", household=True)
    file(engine, ITEMS, completed_on=date(2027, 2, 28))
    file(engine, ITEMS, completed_on=date(2027, 3, 1))
    file(engine, ITEMS, completed_on=date(2026, 9, 30))
    file(engine, ITEMS, agency_id="other")
    file_points(engine, 3, "tax")

    found = count(engine).cells

    march = thai.month_of(date(2027, 3, 1))
    assert {cell: t.n for cell, t in found.items()} == {
        Cell(FEBRUARY, "self"): 2,
        Cell(FEBRUARY, "assisted"): 2,
        Cell(march, "self"): 1,
    }
    assert found[Cell(FEBRUARY, "assisted")].household == 2
    assert {cell.point: t.n for cell, t in count(engine, "satisfaction").cells.items()} == {"tax": 3}


def test_a_value_that_is_no_option_is_missing(engine: Engine) -> None:
    file(engine, {**ITEMS, "e1": "na", "e2": "seven", "e4": None, "e5": '6"; DROP'})

    [found] = count(engine).cells.values()

    assert found.answered == {**dict.fromkeys(CODES, 1), "e1": 0, "e2": 0, "e4": 0, "e5": 0}


def test_each_version_is_scored_by_its_own_scale(engine: Engine) -> None:
    first = eit()
    lenient = [
        replace(q, options=tuple(replace(o, score=None if o.score is None else 100) for o in q.options))
        for q in first.questions
    ]
    shorter = [q for q in first.questions if q.id != "e2"]
    second, third = (
        replace(first, version=2, questions=tuple(lenient)),
        replace(first, version=3, questions=tuple(shorter)),
    )
    versions = {(i.id, i.version, "th"): i for i in (first, second, third)}
    file(engine, {**ITEMS, "e1": "1"})
    file(engine, {**ITEMS, "e1": "1"}, instrument_version=2)
    file(engine, {**ITEMS, "e1": "1"}, instrument_version=3)

    [found] = count(engine, library=Library(versions, instruments().texts)).cells.values()

    six = next(b for b in found.blocks if b.number == 6)
    assert six.codes == ("e1", "e2", "e3")
    assert six.asked == (3, 2, 3)
    assert six.patterns == {(0, 80, 100): 1, (100, 100, 100): 1, (0, None, 100): 1}


def test_items_may_stand_in_any_order_in_the_file(engine: Engine) -> None:
    first = eit()
    turned = replace(first, questions=tuple(reversed(first.questions)))
    file(engine, {**ITEMS, "e1": "2", "e9": "never"})

    [found] = count(engine, library=Library({(*turned.key, "th"): turned}, instruments().texts)).cells.values()

    assert {code: score for b in found.blocks for code, score in zip(b.codes, next(iter(b.patterns)), strict=True)} == {
        code: first.score(code, {**ITEMS, "e1": "2", "e9": "never"}[code]) for code in CODES
    }


def test_answers_to_a_version_whose_file_is_gone_are_refused_and_named(engine: Engine) -> None:
    file(engine, ITEMS)
    file(engine, ITEMS, instrument_version=9)

    with pytest.raises(InstrumentError, match="eit-2570 version 9, whose file is missing"):
        count(engine)


def test_more_scored_questions_than_fit_one_number_are_refused(engine: Engine) -> None:
    first = eit()
    item = first.items[0]
    many = replace(first, questions=tuple(replace(item, id=f"q{n}", item_code=f"q{n}") for n in range(30)))

    with pytest.raises(InstrumentError, match="30 scored questions"):
        count(engine, library=Library({(*many.key, "th"): many}, instruments().texts))


def test_without_responses_the_items_of_that_year_are_known(sqlite_engine: Engine) -> None:
    found = count(sqlite_engine)

    assert (dict(found.cells), found.blank.n) == ({}, 0)
    assert list(found.blank.answered) == list(CODES)
    assert list(count(sqlite_engine, period=thai.fiscal_period(2560)).blank.answered) == list(CODES)
    assert list(count(sqlite_engine, "satisfaction").blank.answered) == ["s1", "s2", "s3", "s4"]


def test_assisted_answers_are_counted_per_officer_with_the_share_of_identical_ones(engine: Engine) -> None:
    file(engine, ITEMS, ITEMS, ITEMS, {**ITEMS, "e1": "1"}, mode="assisted", assisted_by="o1")
    file(engine, ITEMS, mode="assisted", assisted_by="o2")
    file(engine, ITEMS, mode="assisted")
    file(engine, ITEMS)

    with db.read(engine) as conn:
        found = tally.assisted(conn, instruments(), "main", "eit", YEAR)

    assert found == [OfficerCount("o1", 4, 0.75), OfficerCount("", 1, 1.0), OfficerCount("o2", 1, 1.0)]


def test_what_must_be_counted_for_a_change_begins_with_the_period_before() -> None:
    assert tally.span(FEBRUARY) == Period(date(2027, 1, 1), date(2027, 3, 1))
    assert tally.span(YEAR) == Period(date(2025, 10, 1), date(2027, 10, 1))


def test_a_wholly_missing_answer_is_a_fraction_of_nothing(engine: Engine) -> None:
    file(engine, {}, {"e1": "6"})

    [found] = count(engine).cells.values()

    assert found.n == 2
    assert Fraction(found.answered["e1"], found.n) == Fraction(1, 2)
