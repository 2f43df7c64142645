"""The figures of a period from the store to the numbers: groups, changes, modes apart, and the JSON they become."""

import json
from datetime import date
from typing import Any

from sqlalchemy import Engine

from analysis import figures, stored, tally
from analysis.scores import Scores
from survey import db, thai
from survey.settings import Department, Office, ServicePoint
from survey.thai import Period
from tests.analysis.people import FEB, ITEMS, crowd, file, file_points, instruments
from tests.conftest import OFFICE

FEBRUARY = thai.month_of(FEB)
YEAR = thai.fiscal_period(2570)
TODAY = date(2027, 3, 5)
JANUARY = date(2027, 1, 20)


def ask(
    engine: Engine, period: Period = FEBRUARY, by: str | None = None, kind: str = "eit", office: Office = OFFICE
) -> list[Scores]:
    with db.read(engine) as conn:
        counted = tally.count(conn, instruments(), "main", kind, tally.span(period))
    return figures.figures(counted, period, office, TODAY, by)


def published(found: list[Scores]) -> dict[str, Any]:
    return {s.group: stored.public(s, "main") for s in found}


def test_a_month_as_programs_read_it(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 29, {**ITEMS, "e1": "na"})
    file(sqlite_engine, *[ITEMS] * 30, completed_on=JANUARY)

    [found] = ask(sqlite_engine)
    body = stored.public(found, "main")

    assert list(body) == "agency period as_of official group n eit indicators items".split()
    assert body["eit"] == {"self": 88.89, "assisted": None}
    assert body | {"eit": 0, "indicators": 0, "items": 0} == {
        "agency": "main",
        "period": "2570-02",
        "as_of": "2027-03-05",
        "official": False,
        "group": "self",
        "n": 30,
        "eit": 0,
        "indicators": 0,
        "items": 0,
    }
    assert body["indicators"][0] == {
        "number": 6,
        "title": "คุณภาพการดำเนินงาน",
        "score": 93.33,
        "n": 29,
        "missing": 1,
        "low": 84.54,
        "high": 96.65,
        "change": 0.0,
    }
    assert body["items"][4] == {
        "code": "e5",
        "score": 60.0,
        "n": 30,
        "missing": 0,
        "low": 54.71,
        "high": 64.04,
        "change": 0.0,
        "withheld": False,
    }
    assert json.loads(json.dumps(body)) == body


def test_a_month_of_four_is_null_throughout(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 4)

    [found] = ask(sqlite_engine)
    body = stored.public(found, "main")

    assert (body["n"], body["eit"]["self"]) == (None, None)
    nothing = dict.fromkeys("score n missing low high change".split())
    assert body["items"][0] == {"code": "e1", **nothing, "withheld": True}
    assert body["indicators"][2] == {"number": 8, "title": "การปรับปรุงการทำงาน", **nothing}


def test_assisted_answers_stand_apart_and_never_in_the_headline(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 6)
    file(sqlite_engine, *[{**ITEMS, "e1": "1"}] * 5, mode="assisted")

    [alone] = ask(sqlite_engine)
    both = published(ask(sqlite_engine, by="mode"))

    assert alone.measured.n == 6
    assert alone.measured.items[0].score.value == 100
    assert {group: (body["n"], body["items"][0]["score"]) for group, body in both.items()} == {
        "self": (6, 100.0),
        "assisted": (5, 0.0),
    }
    assert both["self"]["eit"] == both["assisted"]["eit"] == {"self": 88.89, "assisted": 77.78}


def test_people_from_the_same_household_count_and_are_told(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 5)
    file(sqlite_engine, *[ITEMS] * 2, household=True)

    [found] = ask(sqlite_engine)

    assert (found.measured.n, found.measured.household) == (7, 2)


def test_the_change_is_against_the_month_before(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 40)
    file(sqlite_engine, *[{**ITEMS, "e5": "6"}] * 40, completed_on=JANUARY)

    [found] = ask(sqlite_engine)

    e5 = stored.public(found, "main")["items"][4]
    assert (e5["score"], e5["change"]) == (60.0, -40.0)


def test_a_year_leaves_a_small_month_out_until_it_cannot_be_subtracted(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 10)
    file(sqlite_engine, *[{**ITEMS, "e1": "1"}] * 3, completed_on=JANUARY)

    [waiting] = ask(sqlite_engine, YEAR)
    file(sqlite_engine, *[{**ITEMS, "e1": "1"}] * 2, completed_on=date(2027, 3, 3))
    [together] = ask(sqlite_engine, YEAR)

    assert (waiting.measured.n, together.measured.n) == (10, 15)
    assert waiting.measured.items[0].score.value == 100
    assert together.period == "2570"


def test_a_year_is_compared_with_the_year_before(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 40)
    file(sqlite_engine, *[ITEMS] * 40, completed_on=date(2026, 3, 1), instrument_id="eit-2569")

    [found] = ask(sqlite_engine, YEAR)

    assert found.headline.change is not None
    assert found.headline.change.value == 0


def test_service_points_hide_the_next_smallest_with_a_small_one(engine: Engine) -> None:
    file_points(engine, 3, "tax", "2")
    file_points(engine, 6, "permit")
    file_points(engine, 20, "eservice", "5")
    file_points(engine, 9, "tax", mode="assisted")

    found = published(ask(engine, by="service_point", kind="satisfaction"))

    assert {point: body["n"] for point, body in found.items()} == {"tax": None, "permit": None, "eservice": 20}
    assert found["eservice"]["indicators"][0]["score"] == 100
    assert found["eservice"]["eit"] == {"self": None, "assisted": None}


def test_departments_add_up_their_points_and_what_has_none_stands_last(engine: Engine) -> None:
    office = Office(
        departments=(Department("clerk", "สำนักปลัด"), Department("works", "กองช่าง")),
        points=(
            ServicePoint("tax", "ภาษี", department="clerk"),
            ServicePoint("desk", "ประชาสัมพันธ์", department="clerk"),
            ServicePoint("market", "ตลาด", department="gone"),
        ),
    )
    file_points(engine, 5, "tax")
    file_points(engine, 6, "desk")
    file_points(engine, 7, "market")
    file_points(engine, 8, "closed-last-year")
    file_points(engine, 9, None)

    found = ask(engine, by="department", kind="satisfaction", office=office)
    points = ask(engine, by="service_point", kind="satisfaction", office=office)

    assert [(s.group, s.measured.n) for s in found] == [("clerk", 11), ("works", 0), ("-", 24)]
    assert [s.group for s in points] == ["tax", "desk", "market", "closed-last-year", "-"]


def test_the_group_of_no_point_is_left_out_when_it_is_empty(sqlite_engine: Engine) -> None:
    file_points(sqlite_engine, 9, "tax")

    assert [s.group for s in ask(sqlite_engine, by="department", kind="satisfaction")] == ["clerk", "finance", "works"]
    assert [s.group for s in ask(sqlite_engine, by="service_point", kind="satisfaction", office=Office())] == ["tax"]
    assert [s.group for s in ask(sqlite_engine, by="service_point", office=Office())] == ["-"]


def test_a_year_by_service_point_takes_small_months_together(engine: Engine) -> None:
    for month in range(1, 5):
        file_points(engine, 4, "tax", completed_on=date(2027, month, 9))
        file_points(engine, 4, "permit", completed_on=date(2027, month, 9))

    year = ask(engine, YEAR, "service_point", "satisfaction")
    one_month = ask(engine, FEBRUARY, "service_point", "satisfaction")

    assert {s.group: s.measured.n for s in year} == {"tax": 16, "permit": 16, "eservice": 0}
    assert {s.group: s.measured.n for s in one_month} == {"tax": None, "permit": None, "eservice": 0}


def test_two_pulls_differ_by_whole_groups_only(sqlite_engine: Engine) -> None:
    pulls = []
    for group in range(3):
        file(sqlite_engine, *crowd(5, seed=group))
        pulls.append(ask(sqlite_engine)[0].measured.n)

    assert pulls == [5, 10, 15]


def test_the_number_of_service_users_narrows_the_eit_but_not_visits(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *crowd(60))
    file_points(sqlite_engine, 30, "tax", "3")
    small = Office(service_users=70)

    eit = [ask(sqlite_engine, office=o)[0].headline.interval for o in (Office(), small)]
    visits = [ask(sqlite_engine, kind="satisfaction", office=o)[0].headline.interval for o in (Office(), small)]

    assert eit[0] is not None
    assert eit[1] is not None
    assert eit[1].high - eit[1].low < (eit[0].high - eit[0].low) * 0.6
    assert visits[0] == visits[1]


def test_stored_scores_come_back_exactly(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *crowd(45))
    file(sqlite_engine, *crowd(40, seed=2), completed_on=JANUARY)
    file(sqlite_engine, *[ITEMS] * 3, mode="assisted")

    for found in [*ask(sqlite_engine, by="mode"), *ask(sqlite_engine, date_of("2570-04"))]:
        assert stored.load(json.loads(json.dumps(stored.dump(found)))) == found


def test_the_flat_form_has_a_row_for_every_number(sqlite_engine: Engine) -> None:
    file(sqlite_engine, *[ITEMS] * 7)

    rows = stored.flat(ask(sqlite_engine)[0])

    assert [row["code"] for row in rows][:5] == ["eit", 6, 7, 8, "e1"]
    assert rows[0]["score"] == 88.89
    assert {row["withheld"] for row in rows} == {False}


def date_of(month: str) -> Period:
    return thai.parse_month(month)
