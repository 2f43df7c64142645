"""A published result adds up, or the cells that alone could be misprinted are named, and no others."""

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import frame_library, reconcile
from analysis.display import half_up
from analysis.frame import ITEMS, SUB_INDICATORS, Frame
from analysis.reconcile import Result, Verdict, Way, cells, check
from analysis.reconcile_digits import misread
from analysis.reconcile_tree import TOTAL, Cell
from tests.analysis.published import DATA, Printed, published, whole

CASES: list[dict[str, Any]] = json.loads((DATA / "worked-totals.json").read_text("utf-8"), parse_float=Decimal)


def verdict(printed: Printed, year: int = 2567, stated: str | None = None) -> Verdict:
    return check(frame_library.load(year), Result(year, printed, stated))


def named(found: Verdict) -> list[tuple[str, str, int, int]]:
    return [(p.cell.instrument, p.cell.code, p.low, p.high) for p in found.proposals]


# --- published results -------------------------------------------------------------------------------------------


def test_the_misprint_of_phrathaen_is_one_of_two_cells_and_arithmetic_cannot_say_which() -> None:
    found = verdict(published("phrathaen-2567")[2567])

    assert not found.agrees
    assert [(m.cell.code, m.printed, m.computed) for m in found.mismatches] == [
        ("8", 9968, 9937),
        ("EIT2", 9884, 9863),
    ]
    assert named(found) == [("EIT2", "e7", 9994, 10000), ("EIT2", "e8", 9994, 10000)]
    assert {(p.printed, p.misreading) for p in found.proposals} == {(9810, None)}


@pytest.mark.parametrize("code", ["e7", "e8"])
def test_either_cell_mends_phrathaen(code: str) -> None:
    printed = published("phrathaen-2567")[2567] | {Cell("item", "EIT2", code): 10000}

    found = verdict(printed, stated="ผ่านดีเยี่ยม")

    assert found.agrees
    assert found.proposals == ()
    assert found.grade.agrees
    assert found.fits == (Way("", ITEMS), Way("", SUB_INDICATORS))


def test_don_agrees_straight_from_the_indicators() -> None:
    for year, printed in published("don-2566-2567").items():
        found = verdict(printed, year)
        assert found.agrees
        assert [c.cell for c in found.comparisons] == [TOTAL]
        assert found.fits is None


def test_a_result_of_indicators_alone_has_nothing_to_disagree_with() -> None:
    found = verdict(published("thungthachang-2568")[2568], 2568)

    assert found.agrees
    assert found.comparisons == ()


@pytest.mark.parametrize("case", [c for c in CASES if "indicators" in c], ids=lambda case: case["id"])
def test_published_indicators_give_the_published_totals(case: dict[str, Any]) -> None:
    year = int(case["id"][-4:])
    frame = frame_library.load(year)
    printed = {
        Cell("indicator", frame.families[(number > 5) + (number > 8)], str(number)): int(Decimal(score) * 100)
        for number, score in enumerate(case["indicators"], 1)
    }

    scores = reconcile.computed(frame, printed)

    expected = {name: score for name, score in case["expect"].items() if name != "level"}
    level = {"total": TOTAL}
    found = {name: half_up(scores[level.get(name, Cell("instrument", name, name))]) for name in expected}
    assert found == {name: half_up(Fraction(score)) for name, score in expected.items()}
    assert case["expect"].get("level") in (None, verdict(printed, year).grade.computed)


def test_items_give_every_published_level_of_phrathaen() -> None:
    case = next(c for c in CASES if c["id"] == "phrathaen-2567")["expect"]
    items = {c: v for c, v in published("phrathaen-2567")[2567].items() if c.level == "item"}

    scores = reconcile.computed(frame_library.load(2567), items | {Cell("item", "EIT2", "e8"): 10000})

    assert [half_up(scores[Cell("indicator", i, str(n))]) for n, i in enumerate(OF, 1)] == case["indicators"]
    for code in ("IIT", "EIT1", "EIT2", "OIT"):
        assert half_up(scores[Cell("instrument", code, code)]) == case[code]
    assert half_up(scores[TOTAL]) == case["total"]


OF = [*["IIT"] * 5, *["EIT"] * 3, *["OIT"] * 2]


# --- any result --------------------------------------------------------------------------------------------------


@st.composite
def consistent(draw: st.DrawFn) -> tuple[int, Printed]:
    """A year and the cells of it that were printed, all from one set of exact scores."""
    year = draw(st.sampled_from([2563, 2565, 2566, 2567, 2570]))
    frame = frame_library.load(year)
    frame = draw(st.sampled_from([frame, *frame.alternatives]))
    average = draw(st.sampled_from(frame.averages))
    people = draw(st.integers(7, 400))
    rng = draw(st.randoms(use_true_random=False))
    items = {
        code: [
            Fraction(20 * rng.randint(3 * people, 5 * people), people),
            Fraction(20 * rng.randint(0, 5 * people), people),
        ]
        if code[0] != "o"
        else [Fraction(rng.choice([0, 100, 100, 100]))]
        for code in frame.items
    }
    printed = whole(frame, average, items)
    kept = draw(st.sampled_from([1.0, 0.9, 0.5]))
    usual = {c for c in printed if "EIT" not in c.instrument or (c.level == "item") == (c.instrument != "EIT")}
    chosen = printed if draw(st.booleans()) else {c: v for c, v in printed.items() if c in usual}
    return year, {c: v for c, v in chosen.items() if rng.random() < kept} or {TOTAL: printed[TOTAL]}


@settings(max_examples=25, deadline=None)
@given(consistent())
def test_what_is_rounded_from_exact_scores_agrees(result: tuple[int, Printed]) -> None:
    year, printed = result

    found = verdict(printed, year)

    assert found.agrees
    assert found.fits is None or found.fits


@settings(max_examples=40, deadline=None)
@given(consistent(), st.data())
def test_when_one_changed_cell_makes_it_disagree_the_old_value_is_within_a_proposal(
    result: tuple[int, Printed], data: st.DataObject
) -> None:
    year, printed = result
    cell = data.draw(st.sampled_from(sorted(printed)))
    changed = printed | {
        cell: data.draw(st.integers(0, 10000) | st.integers(-30, 30).map(lambda d: near(printed[cell], d)))
    }

    found = verdict(changed, year)

    old = printed[cell]
    assert found.agrees or any(p.cell == cell and p.low <= old <= p.high for p in found.proposals)


@settings(max_examples=25, deadline=None)
@given(consistent(), st.data())
def test_every_number_of_a_proposal_mends_the_result_and_no_number_beside_it(
    result: tuple[int, Printed], data: st.DataObject
) -> None:
    year, printed = result
    cell = data.draw(st.sampled_from(sorted(printed)))
    changed = printed | {cell: data.draw(st.integers(0, 10000))}
    found = verdict(changed, year)
    if found.agrees:
        return

    proposal = data.draw(st.sampled_from(found.proposals))

    inside = data.draw(st.sampled_from(proposal.only or (proposal.low, proposal.high)))
    assert verdict(changed | {proposal.cell: inside}, year).agrees
    ranges = [range(p.low, p.high + 1) for p in found.proposals if p.cell == proposal.cell and not p.only]
    for outside in (proposal.low - 1, proposal.high + 1):
        if ranges and 0 <= outside <= 10000:
            assert not verdict(changed | {proposal.cell: outside}, year).agrees


def near(number: int, change: int) -> int:
    return min(max(number + change, 0), 10000)


# --- what is accepted --------------------------------------------------------------------------------------------


def half_open(year: int, average: str, alternative: int = 0) -> Printed:
    """A result whose OIT tells the ways of averaging apart: one missing item in each sub-indicator."""
    frame = frame_library.load(year)
    one: Frame = [frame, *frame.alternatives][alternative]
    items = {code: [Fraction(0 if code in ("o1", "o12", "o31", "o35") else 100)] * 2 for code in one.items}
    printed = whole(one, average, items)
    return {cell: v for cell, v in printed.items() if "." not in cell.code}


@pytest.mark.parametrize("average", [ITEMS, SUB_INDICATORS])
@pytest.mark.parametrize("year", [2565, 2566, 2567])
def test_where_the_average_of_the_oit_is_not_known_either_is_accepted_and_named(year: int, average: str) -> None:
    found = verdict(half_open(year, average), year)

    assert found.agrees
    assert found.fits == (Way("", average),)


def test_where_it_is_known_the_other_average_disagrees() -> None:
    assert verdict(half_open(2564, SUB_INDICATORS), 2564).agrees
    assert not verdict(half_open(2564, ITEMS), 2564).agrees


def test_where_sources_differ_on_the_indicators_either_composition_is_accepted_and_named() -> None:
    found = verdict(half_open(2566, ITEMS, alternative=1), 2566)

    assert found.fits == (Way("ตัวชี้วัดที่ 10 เริ่มที่ข้อ o31", ITEMS),)


def test_a_composition_without_a_place_for_a_printed_sub_indicator_is_not_considered() -> None:
    printed = half_open(2566, ITEMS, alternative=1) | {Cell("indicator", "OIT", "9.1"): 10000}

    assert not verdict(printed, 2566).agrees


def test_what_fits_is_told_also_when_something_else_disagrees() -> None:
    printed = half_open(2567, SUB_INDICATORS) | {Cell("indicator", "IIT", "1"): 5000}

    assert verdict(printed).fits == (Way("", SUB_INDICATORS),)


# --- what is proposed --------------------------------------------------------------------------------------------


def test_an_item_of_the_oit_can_only_be_one_of_the_scores_it_is_judged_by() -> None:
    printed = half_open(2564, SUB_INDICATORS) | {Cell("item", "OIT", "o2"): 1000}

    [proposal] = verdict(printed, 2564).proposals

    assert (proposal.cell.code, proposal.low, proposal.high, proposal.only) == ("o2", 10000, 10000, (10000,))


def test_where_none_of_the_scores_of_an_item_mends_the_result_it_is_not_proposed() -> None:
    printed = half_open(2564, SUB_INDICATORS) | {Cell("indicator", "OIT", "9"): 5000}

    assert [p.cell for p in verdict(printed, 2564).proposals] == [Cell("indicator", "OIT", "9")]


def test_where_the_items_of_the_oit_have_other_scores_any_score_is_possible() -> None:
    printed = half_open(2564, SUB_INDICATORS) | {Cell("item", "OIT", "o2"): 1000, Cell("item", "OIT", "o3"): 9000}

    assert {p.only for p in verdict(printed, 2564).proposals} == {()}


def test_a_number_misread_in_one_digit_comes_first() -> None:
    printed = {
        Cell("item", "IIT", "i1"): 9510,  # read ๕ for ๙: 99.10
        Cell("item", "IIT", "i2"): 8000,
        Cell("item", "IIT", "i3"): 8000,
        Cell("indicator", "IIT", "1"): 8637,
    }

    found = verdict(printed).proposals

    assert (found[0].cell.code, found[0].misreading, found[0].alike) == ("i1", 9910, True)
    assert {p.cell.code for p in found} == {"i1", "i2", "i3", "1"}


@pytest.mark.parametrize(
    ("printed", "low", "high", "expected"),
    [
        (9510, 9900, 9920, (9910, True)),  # ๕/๙
        (9210, 9700, 9720, (9710, True)),  # ๒/๗
        (9310, 9800, 9820, (9810, True)),  # ๓/๘
        (9410, 9900, 9920, (9910, True)),  # ๔/๙
        (9810, 9120, 9190, None),  # two digits
        (9810, 9210, 9215, (9210, False)),  # one digit, not alike
        (9915, 9917, 9920, (9919, True)),  # of several the look-alike
        (9912, 9914, 9916, (9914, False)),  # of several the nearest
        (9810, 9994, 10000, None),  # another number of digits
        (50, 0, 9, (0, False)),
        (1000, 0, 999, None),
    ],
)
def test_a_misreading_differs_by_one_digit(printed: int, low: int, high: int, expected: object) -> None:
    assert misread(printed, low, high) == expected


def test_two_wrong_cells_far_apart_have_no_single_mend() -> None:
    printed = published("phrathaen-2567")[2567] | {Cell("indicator", "IIT", "2"): 5000}

    found = verdict(printed)

    assert not found.agrees
    assert found.proposals == ()


def test_a_range_with_a_gap_is_two_proposals() -> None:
    """One average asks for one number, the other for another, and both are accepted."""
    printed = half_open(2567, SUB_INDICATORS)
    total = {c: v for c, v in printed.items() if c.level == "item" or c.code == "9"}
    other = half_open(2567, ITEMS)[Cell("indicator", "OIT", "9")]

    found = verdict(total | {Cell("indicator", "OIT", "9"): 5000}).proposals

    ranges = [(p.low, p.high) for p in found if p.cell.code == "9"]
    assert len(ranges) == 2
    assert ranges[0][0] <= other <= ranges[0][1]
    assert ranges[1][0] <= total[Cell("indicator", "OIT", "9")] <= ranges[1][1]


# --- what is compared --------------------------------------------------------------------------------------------

EIT = [Cell("indicator", "EIT", str(number)) for number in (6, 7, 8)]
EIT1, EIT2, BOTH = (Cell("instrument", name, name) for name in ("EIT1", "EIT2", "EIT"))


def test_both_parts_printed_must_have_the_mean_that_the_combined_indicators_have() -> None:
    found = verdict(dict.fromkeys(EIT, 9000) | {EIT1: 9500, EIT2: 8600})

    assert [(m.cell, m.printed, m.computed) for m in found.mismatches] == [(EIT1, 9500, 9400), (EIT2, 8600, 8500)]
    found = verdict(dict.fromkeys(EIT, 9000) | {EIT1: 9500, EIT2: 8501})
    assert found.agrees
    assert [(c.cell, c.computed) for c in found.comparisons] == [(EIT1, 9499), (EIT2, 8500)]


def test_the_mean_of_both_parts_is_at_fault_when_all_three_are_printed() -> None:
    found = verdict({EIT1: 9500, EIT2: 8500, BOTH: 9100})

    assert [(m.cell, m.computed) for m in found.mismatches] == [(BOTH, 9000)]


def test_the_total_comes_from_the_instruments_also_when_their_indicators_disagree_with_them() -> None:
    printed = published("phrathaen-2567")[2567] | {Cell("indicator", "EIT", "6"): 1000}

    found = {c.cell: c.agrees for c in verdict(printed).comparisons}

    assert not found[Cell("indicator", "EIT", "6")]
    assert found[TOTAL]


def test_a_disagreement_that_no_two_neighbouring_levels_show_is_found() -> None:
    """Each level is within rounding of the next, and yet no exact scores make all three."""
    items = {Cell("item", "IIT", f"i{n}"): 9000 + (n % 3 == 1) for n in range(1, 16)}  # means 90.0033
    indicators = {Cell("indicator", "IIT", str(n)): 9001 for n in range(1, 6)}
    instrument = Cell("instrument", "IIT", "IIT")

    assert verdict(items | indicators).agrees
    assert verdict(indicators | {instrument: 9001}).agrees
    found = verdict(items | indicators | {instrument: 9002})
    assert [m.cell for m in found.mismatches] == [instrument]
    assert found.mismatches[0].computed != 9002


def test_a_missing_number_may_be_anything_up_to_a_hundred() -> None:
    part = {Cell("item", "IIT", "i1"): 3000, Cell("item", "IIT", "i2"): 9000}

    assert verdict(part | {Cell("indicator", "IIT", "1"): 7333}).agrees
    found = verdict(part | {Cell("indicator", "IIT", "1"): 7335})
    assert [(m.printed, m.computed) for m in found.mismatches] == [(7335, 7334)]


# --- the grade ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "agrees"),
    [("ผ่าน", True), ("ผ่านดี", False), ("A", False), (None, None)],
    ids=["right", "wrong", "old", "none"],
)
def test_the_stated_grade_is_held_against_the_rule(stated: str | None, agrees: bool | None) -> None:
    found = verdict(published("don-2566-2567")[2566], 2566, stated)

    assert (found.grade.computed, found.grade.agrees) == ("ผ่าน", agrees)
    assert found.agrees is (agrees is not False)


def test_where_the_parts_of_the_eit_are_not_printed_the_grade_may_stay_open() -> None:
    printed = published("don-2566-2567")[2567]

    assert verdict(printed).grade.computed is None
    assert verdict(printed).grade.possible == ("ผ่านดี", "ผ่าน")
    assert verdict(printed, stated="ผ่าน").grade.agrees
    assert verdict(printed, stated="ผ่านดีเยี่ยม").grade.agrees is False


def test_the_parts_cannot_both_be_better_than_their_mean() -> None:
    printed = dict.fromkeys([Cell("indicator", i, str(n)) for n, i in enumerate(OF, 1)], 10000)

    assert verdict(printed | dict.fromkeys(EIT, 8400)).grade.computed == "ผ่าน"


def test_in_a_result_that_disagrees_the_grade_follows_what_is_printed() -> None:
    printed = published("phrathaen-2567")[2567]

    assert verdict(printed).grade.computed == "ผ่านดีเยี่ยม"
    assert verdict({EIT1: 9500, EIT2: 8500, BOTH: 9100}).grade.computed is None


def test_to_2565_the_grade_is_a_letter() -> None:
    assert verdict({TOTAL: 8500}, 2564).grade.computed == "A"
    assert verdict({TOTAL: 8499}, 2564, "A").grade.agrees is False


def test_a_year_has_a_cell_for_everything_a_report_prints() -> None:
    known = cells(frame_library.load(2567))

    assert {Cell("item", "EIT", "e1"), Cell("indicator", "EIT2", "8"), Cell("indicator", "OIT", "10.2"), BOTH} <= known
    assert published("phrathaen-2567")[2567].keys() <= known
    assert Cell("item", "EIT1", "e1") not in cells(frame_library.load(2563))
