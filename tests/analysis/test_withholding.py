"""Nobody's answers can be read off, nor worked out from all that is published."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import audit, withholding
from analysis.audit import Month, Part, Published
from analysis.counts import Tally
from analysis.withholding import Breakdown, Hidden, Reason, Year, of_breakdown, of_one, year
from tests.analysis.attacker import exposed
from tests.analysis.people import alike, tally

FEW, COVER = Reason.FEW, Reason.COVER
POINTS = ("a", "b", "c", "d", "e")
small = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 20])


def breakdown(n: Mapping[str, int], parents: Mapping[str, str] | None = None) -> Breakdown:
    parents = parents or dict.fromkeys(n, "-")
    groups = {g: alike(sum(n[c] for c in n if parents[c] == g)) for g in dict.fromkeys(parents.values())}
    return Breakdown({cell: alike(count) for cell, count in n.items()}, groups, parents)


def whole(hidden: Mapping[str, Hidden]) -> dict[str, Reason]:
    return {name: h.whole for name, h in hidden.items() if h.whole}


def test_nothing_is_hidden_when_every_cell_is_large() -> None:
    cells, groups = of_breakdown(breakdown({"a": 5, "b": 6, "c": 0}))

    assert whole(cells) == whole(groups) == {}


def test_a_small_cell_takes_the_next_smallest_with_it() -> None:
    cells, _ = of_breakdown(breakdown({"a": 3, "b": 20, "c": 6, "d": 0}))

    assert whole(cells) == {"a": FEW, "c": COVER}


def test_hidden_cells_that_together_hold_too_few_take_another_with_them() -> None:
    cells, _ = of_breakdown(breakdown({"a": 1, "b": 2, "c": 6, "d": 9}))

    assert whole(cells) == {"a": FEW, "b": FEW, "c": COVER}


def test_two_small_cells_of_five_or_more_cover_each_other() -> None:
    cells, _ = of_breakdown(breakdown({"a": 3, "b": 2, "c": 6}))

    assert whole(cells) == {"a": FEW, "b": FEW}


def test_a_department_of_one_small_point_takes_another_department_with_it() -> None:
    cells, groups = of_breakdown(breakdown({"a": 3, "b": 6, "c": 20}, {"a": "x", "b": "y", "c": "z"}))

    assert whole(cells) == {"a": FEW, "b": COVER}
    assert whole(groups) == {"x": FEW, "y": COVER}


def test_a_visible_department_does_not_give_its_hidden_point_away() -> None:
    cells, groups = of_breakdown(breakdown({"a": 3, "b": 30, "c": 6}, {"a": "x", "b": "x", "c": "y"}))

    assert whole(cells).keys() == {"a", "b", "c"} or whole(groups)
    assert whole(cells)["a"] is FEW


def test_an_item_that_few_answered_is_covered_by_itself() -> None:
    people = {"a": tally([{"e1": 80, "e2": 80}] * 4 + [{"e1": 80}] * 6), "b": alike(9), "c": alike(12)}
    groups = {"-": alike(31)}

    cells, _ = of_breakdown(Breakdown(people, groups, dict.fromkeys(people, "-")))

    assert {name: h.items.get("e2") for name, h in cells.items()} == {"a": FEW, "b": COVER, "c": None}
    assert whole(cells) == {}


@given(st.lists(small, min_size=2, max_size=5), st.lists(st.sampled_from("xyz"), min_size=5, max_size=5))
def test_no_subtraction_in_a_breakdown_reveals_fewer_than_five_answers(sizes: list[int], where: list[str]) -> None:
    n = dict(zip(POINTS, sizes, strict=False))
    parents = dict(zip(n, where, strict=False))
    cells, groups = of_breakdown(breakdown(n, parents))

    published: list[Sequence[str]] = [] if withholding.few(sum(sizes)) else [list(n)]
    published += [[cell] for cell in n if not cells[cell].whole]
    published += [[c for c in n if parents[c] == group] for group, hidden in groups.items() if not hidden.whole]

    assert exposed(n, published, [cell for cell in n if cells[cell].whole]) == []
    assert all(cells[cell].whole for cell, count in n.items() if 0 < count < 5)


def months(*sizes: int) -> list[tuple[Tally, Hidden]]:
    return [(alike(n), of_one(alike(n))) for n in sizes]


def test_a_year_is_the_sum_of_its_months() -> None:
    assert year(months(10, 0, 7)).tally.n == 17


def test_a_small_month_waits_for_company_before_the_year_counts_it() -> None:
    assert year(months(10, 3)).tally.n == 10
    assert year(months(10, 3, 1)).tally.n == 10
    assert year(months(10, 3, 1, 2)).tally.n == 16
    assert year(months(10, 3, 1, 2, 4)).tally.n == 16


def test_an_item_few_answered_in_a_month_waits_in_the_year_too() -> None:
    month = tally([{"e1": 80, "e2": 80}] * 3 + [{"e1": 80}] * 7)

    found = year([(alike(10), of_one(alike(10))), (month, of_one(month))])

    assert found.tally.n == 20
    assert (found.tally.answered["e1"], found.tally.answered["e2"]) == (20, 10)
    assert [sorted(found.months(code)) for code in ("e1", "e2", None)] == [[0, 1], [0], [0, 1]]


@given(st.lists(small, min_size=1, max_size=12))
def test_no_year_so_far_minus_its_months_or_an_earlier_year_reveals_fewer_than_five(sizes: list[int]) -> None:
    n = {str(at): count for at, count in enumerate(sizes)}
    found = months(*sizes)
    so_far = [year(found[: at + 1]) for at in range(len(sizes))]

    published = [[str(at) for at in one.taken] for one in so_far if not withholding.few(one.tally.n)]
    published += [[str(at)] for at, (_, hidden) in enumerate(found) if not hidden.whole]

    assert exposed(n, published, [str(at) for at, (_, hidden) in enumerate(found) if hidden.whole]) == []


@settings(max_examples=60)
@given(st.lists(st.lists(small, min_size=3, max_size=3), min_size=2, max_size=4), st.booleans())
def test_months_and_years_of_departments_and_points_together_reveal_nothing(
    rows: list[list[int]], together: bool
) -> None:
    parents = {"a": "x", "b": "x" if together else "y", "c": "y"}
    shown = [_month(dict(zip(parents, row, strict=True)), parents) for row in rows]
    parts = _parts(shown, parents)
    hidden = audit.of_year(shown, parents, parts)

    n = {f"{at}{cell}": row[place] for at, row in enumerate(rows) for place, cell in enumerate(parents)}
    published = [
        [f"{at}{cell}" for cell in cells]
        for at, month in enumerate(shown)
        for cells, (_, secret) in [(tuple(parents), month.whole), *_inside(month, parents)]
        if not secret.whole
    ]
    published += [[f"{at}{cell}" for at, cell in parts[name].members(None)] for name in parts if not hidden[name].whole]
    secret_cells = [f"{at}{cell}" for at, month in enumerate(shown) for cell, (_, s) in month.cells.items() if s.whole]

    assert exposed(n, published, secret_cells) == []


def test_a_year_that_would_complete_an_equation_is_covered() -> None:
    parents = dict.fromkeys("ab", "-")
    shown = [_month({"a": 3, "b": 9}, parents), _month({"a": 8, "b": 9}, parents)]
    everything = Part(("a", "b"), year([m.whole for m in shown]), Hidden())
    b = Part(("b",), Year(alike(18), frozenset({0, 1}), {}), Hidden())

    hidden = audit.of_year(shown, parents, {"": everything, "b": b})

    assert hidden == {"": Hidden(), "b": Hidden(COVER)}


def test_a_single_item_is_covered_in_a_year_when_only_it_would_be_solved() -> None:
    parents = dict.fromkeys("ab", "-")
    few = tally([dict.fromkeys(("e1", "e2"), 80)] * 3 + [{"e1": 80}] * 6)
    cells = {"a": (few, Hidden(items={"e2": FEW})), "b": (alike(9), Hidden(items={"e2": COVER}))}
    both = tally([dict.fromkeys(("e1", "e2"), 80)] * 12 + [{"e1": 80}] * 6)
    month = Month((both, Hidden()), {"-": (both, Hidden())}, cells)
    parts = {"": Part(("a", "b"), year([month.whole]), Hidden()), "b": Part(("b",), year([cells["b"]]), Hidden())}
    parts["b"] = Part(("b",), Year(alike(9), frozenset({0}), {}), Hidden())

    assert audit.of_year([month], parents, parts)["b"] == Hidden(items={"e2": COVER})


def test_equations_that_say_nothing_new_expose_nothing() -> None:
    ledger = Published({(0, "a"): 3, (0, "b"): 9, (1, "a"): 0})
    ledger.add([(0, "a"), (0, "b")])

    assert not ledger.exposes([(0, "a"), (0, "b"), (1, "a")])
    assert ledger.exposes([(0, "b")])
    assert not ledger.exposes([(7, "z")])


def test_sums_of_three_and_four_people_are_exposed_like_single_ones() -> None:
    ledger = Published({(at, "a"): 1 for at in range(8)})

    assert ledger.exposes([(at, "a") for at in range(3)])
    assert ledger.exposes([(at, "a") for at in range(4)])
    assert not ledger.exposes([(at, "a") for at in range(5)])


@pytest.mark.parametrize(("n", "answer"), [(0, False), (1, True), (4, True), (5, False)])
def test_few_means_one_to_four(n: int, answer: bool) -> None:
    assert withholding.few(n) is answer


def _month(n: Mapping[str, int], parents: Mapping[str, str]) -> Month:
    parts = breakdown(n, parents)
    cells, groups = of_breakdown(parts)
    everything = alike(sum(n.values()))
    return Month(
        (everything, of_one(everything)),
        {name: (t, groups[name]) for name, t in parts.groups.items()},
        {name: (t, cells[name]) for name, t in parts.cells.items()},
    )


def _parts(shown: list[Month], parents: Mapping[str, str]) -> dict[str, Part]:
    total = year([m.whole for m in shown])
    parts = {"": Part(tuple(parents), total, of_one(total.tally))}
    for group in ("x", "y"):
        found = year([m.groups[group] for m in shown])
        parts[group] = Part(tuple(c for c in parents if parents[c] == group), found, of_one(found.tally))
    for cell in parents:
        found = year([m.cells[cell] for m in shown])
        parts[cell] = Part((cell,), found, of_one(found.tally))
    return parts


def _inside(month: Month, parents: Mapping[str, str]) -> list[tuple[tuple[str, ...], tuple[Tally, Hidden]]]:
    groups = [(tuple(c for c in parents if parents[c] == name), one) for name, one in month.groups.items()]
    return [*groups, *(((name,), one) for name, one in month.cells.items())]
