"""An official result as a value: what was printed stands, what follows from it is computed and says so."""

from decimal import Decimal
from fractions import Fraction

import pytest

from analysis import frame_library, official
from analysis.official import Official, OfficialScore
from analysis.reconcile import Result
from analysis.reconcile_tree import TOTAL, Cell
from tests.analysis.published import DATA, published

E7 = Cell("item", "EIT2", "e7")


def of(year: int, scores: dict[Cell, int], stated: str | None = None, **titles: str) -> Official:
    given = {Cell("item", "IIT", code): title for code, title in titles.items()}
    return official.build(frame_library.load(year), Result(year, scores, stated, given))


def known(name: str, year: int) -> Official:
    return of(year, published(name)[year])


def shown(score: OfficialScore | None) -> tuple[str, bool] | None:
    return (str(score.shown), score.computed) if score else None


def test_what_was_printed_stands_whatever_follows_from_the_rest() -> None:
    found = known("phrathaen-2567", 2567)

    assert shown(found.total) == ("99.60", False)
    assert shown(found.instrument("EIT2")) == ("98.84", False)
    assert shown(found.indicator(8)) == ("99.68", False)
    assert shown(found.item("e7", "EIT2")) == ("98.10", False)
    assert found.printed[E7] == Decimal("98.10")
    assert (found.agrees, len(found.verdict.mismatches)) == (False, 2)


def test_the_two_part_average_of_an_item_and_of_an_instrument_is_the_mean_of_the_printed_parts() -> None:
    found = known("phrathaen-2567", 2567)

    assert found.item("e7") == OfficialScore(Fraction("99.05"), computed=True)
    assert found.instrument("EIT") == OfficialScore(Fraction("99.305"), computed=True)
    assert found.by_part("item", "EIT", "e7") == {
        "EIT1": OfficialScore(Fraction(100)),
        "EIT2": OfficialScore(Fraction("98.1")),
    }
    assert found.by_part("instrument", "EIT", "EIT")["EIT1"].shown == Decimal("99.77")
    assert found.by_part("item", "IIT", "i1") == {"IIT": OfficialScore(Fraction("97.22"))}


def test_an_indicator_of_one_part_follows_from_its_items() -> None:
    assert shown(known("phrathaen-2567", 2567).indicator(6, "EIT1")) == ("99.31", True)


def test_instruments_follow_from_indicators_where_only_these_were_published() -> None:
    found = known("don-2566-2567", 2567)

    assert [shown(found.instrument(name)) for name in ("IIT", "EIT", "OIT")] == [
        ("90.45", True),
        ("88.58", True),
        ("100.00", True),
    ]
    assert found.by_part("instrument", "EIT", "EIT") == {}
    assert (found.item("e1"), found.instrument("EIT1")) == (None, None)


def test_worked_totals_are_reproduced() -> None:
    import json

    cases = {one["id"]: one for one in json.loads((DATA / "worked-totals.json").read_text("utf-8"))}
    case = cases["don-2567"]
    cells = {
        Cell("indicator", "IIT" if n < 6 else "EIT" if n < 9 else "OIT", str(n)): round(score * 100)
        for n, score in enumerate(case["indicators"], 1)
    }

    found = of(2567, cells)

    assert {name: float(found.instrument(name).shown) for name in ("IIT", "EIT", "OIT")} == {  # type: ignore[union-attr]
        name: case["expect"][name] for name in ("IIT", "EIT", "OIT")
    }
    assert shown(found.total) == (f"{case['expect']['total']:.2f}", True)


def test_the_grade_is_the_stated_one_else_what_the_rule_gives_else_nothing() -> None:
    stated = of(2566, {TOTAL: 8740}, "ผ่าน")
    ruled = known("don-2566-2567", 2566)
    open_ = known("don-2566-2567", 2567)

    assert (stated.grade, stated.stated, stated.agrees) == ("ผ่าน", True, True)
    assert (ruled.grade, ruled.stated) == ("ผ่าน", False)
    assert (open_.grade, open_.stated) == ("", False)


def test_what_differs_between_the_accepted_ways_is_not_computed() -> None:
    items = {Cell("item", "OIT", f"o{n}"): 0 if n <= 6 else 10000 for n in range(1, 36)}

    found = of(2567, items)

    assert shown(found.indicator("9.1")) == ("0.00", True)
    assert found.indicator(9) is None
    assert shown(found.indicator(10)) == ("100.00", True)


def test_where_a_composition_is_open_only_what_all_alternatives_give_is_computed() -> None:
    items = {Cell("item", "OIT", f"o{n}"): 0 if n == 31 else 10000 for n in range(1, 44)}

    assert of(2566, items).indicator(10) is None
    assert shown(of(2566, dict.fromkeys(items, 10000)).indicator(10)) == ("100.00", True)


def test_an_alternative_without_a_place_for_a_printed_number_is_none() -> None:
    items: dict[Cell, int] = {Cell("item", "OIT", f"o{n}"): 0 if n == 31 else 10000 for n in range(1, 34)}

    found = of(2566, items | {Cell("indicator", "OIT", "9.5"): 8000})

    assert found.indicator(9) is None
    assert shown(found.indicator("9.4")) == ("100.00", True)


def test_a_year_of_one_eit_has_no_parts() -> None:
    found = of(2564, {Cell("item", "EIT", f"e{n}"): 9000 for n in range(1, 6)})

    assert shown(found.item("e1")) == ("90.00", False)
    assert found.by_part("item", "EIT", "e1") == {"EIT": OfficialScore(Fraction(90))}
    assert shown(found.indicator(6)) == ("90.00", True)


def test_a_number_that_no_frame_has_is_none() -> None:
    assert known("phrathaen-2567", 2567).indicator(11) is None


def test_places_stand_from_the_total_down_counted_as_people_count() -> None:
    places = official.places(frame_library.load(2567))

    assert places[:6] == (TOTAL, *(Cell("instrument", n, n) for n in ("IIT", "EIT1", "EIT2", "EIT", "OIT")))
    assert [c.code for c in places if c.level == "indicator" and c.instrument == "OIT"] == [
        *("9", "9.1", "9.2", "9.3", "9.4", "9.5", "10", "10.1", "10.2")
    ]
    assert [c.code for c in places if c.level == "item" and c.instrument == "IIT"][-2:] == ["i14", "i15"]
    assert known("phrathaen-2567", 2567).places == places


def test_the_frames_wording_comes_before_the_files_and_the_files_before_none() -> None:
    i1 = Cell("item", "IIT", "i1")

    assert of(2567, {i1: 9000}, i1="ข้อหนึ่ง").title(i1).startswith("การปฏิบัติงานหรือให้บริการ")
    assert of(2566, {i1: 9000}, i1="ข้อหนึ่ง").title(i1) == "ข้อหนึ่ง"
    assert of(2566, {i1: 9000}).title(i1) == ""
    assert of(2567, {i1: 9000}).title(Cell("instrument", "EIT", "EIT")).endswith("เฉลี่ยสองส่วน")


@pytest.mark.parametrize("year", frame_library.years())
def test_every_place_of_every_year_has_a_title_or_none_is_known(year: int) -> None:
    frame = frame_library.load(year)
    names = official.titles(frame)

    assert all((cell.level, cell.code) in names for cell in official.places(frame))
    assert all(names[cell.level, cell.code] for cell in official.places(frame) if cell.level != "item")
