"""Years side by side: what may be compared, what is said where it may not, what rose and fell."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from analysis import change, frame_library, official
from analysis.change import ChangeRow
from analysis.frame import Frame
from analysis.likeness import Likened, Likeness, likened
from analysis.official import Official
from analysis.reconcile import Result
from analysis.reconcile_tree import TOTAL, Cell
from tests.analysis.published import published


def of(year: int, scores: dict[Cell, int]) -> Official:
    return official.build(frame_library.load(year), Result(year, scores))


def known(name: str, year: int) -> Official:
    return of(year, published(name)[year])


def item(code: str, instrument: str = "IIT") -> Cell:
    return Cell("item", instrument, code)


def alike(now: Frame, before: Frame, cell: Cell) -> Likened:
    return likened(now, before, [cell])[cell]


def how(now: int, before: int, cell: Cell) -> tuple[str, bool, str]:
    found = alike(frame_library.load(now), frame_library.load(before), cell)
    return found.likeness.value, found.sure, found.caution


SAME_DOUBTED = "อาศัยโครงสร้างที่ยังไม่ยืนยันของปี 2568"


@pytest.mark.parametrize(
    ("now", "before", "cell", "likeness", "sure", "caution"),
    [
        (2568, 2567, item("i1"), "same", False, SAME_DOUBTED),
        (2567, 2567, item("i1"), "same", True, ""),
        (2564, 2563, item("i1"), "same", True, ""),  # neither wording is known: the same place
        (2567, 2566, item("i1"), "other", True, "ไม่ทราบถ้อยคำของข้อคำถามปี 2566"),
        (2566, 2567, item("i1"), "other", True, "ไม่ทราบถ้อยคำของข้อคำถามปี 2566"),
        (2567, 2566, item("e10", "EIT1"), "other", True, "ปี 2567 ไม่มีข้อนี้"),
        (2565, 2564, item("e1", "EIT1"), "other", True, "ปี 2564 ไม่มีข้อนี้"),
        (2568, 2567, Cell("indicator", "OIT", "10"), "renewed", False, f"ข้อคำถามของสองปีต่างกัน {SAME_DOUBTED}"),
        (2567, 2567, Cell("indicator", "EIT", "6"), "same", True, ""),
        (2567, 2567, Cell("indicator", "OIT", "9.1"), "same", True, ""),
        (2567, 2566, Cell("indicator", "OIT", "9.1"), "other", True, "ตัวชี้วัดของสองปีต่างกัน"),
        (2567, 2566, TOTAL, "renewed", True, "ข้อคำถามของสองปีต่างกัน"),
        (2567, 2566, Cell("instrument", "EIT1", "EIT1"), "renewed", True, "ข้อคำถามของสองปีต่างกัน"),
        (2567, 2567, TOTAL, "same", True, ""),
        (2568, 2567, Cell("instrument", "IIT", "IIT"), "same", False, SAME_DOUBTED),
        (
            *(2569, 2568, Cell("instrument", "IIT", "IIT"), "same", False),
            "อาศัยโครงสร้างที่ยังไม่ยืนยันของปี 2568 และ 2569",
        ),
        (
            *(2565, 2564, item("e1", "EIT"), "renewed", False),
            "EIT ของปี 2564 และ 2565 แบ่งส่วนไม่เหมือนกัน อาศัยโครงสร้างที่ยังไม่ยืนยันของปี 2565",
        ),
    ],
)
def test_the_frames_say_what_may_be_compared(
    now: int, before: int, cell: Cell, likeness: str, sure: bool, caution: str
) -> None:
    assert how(now, before, cell) == (likeness, sure, caution)


def changed(**parts: object) -> Frame:
    """2567 with something else in it."""
    return replace(frame_library.load(2567), **parts)  # type: ignore[arg-type]


def test_another_wording_scale_or_direction_is_another_question() -> None:
    frame = frame_library.load(2567)
    i1 = frame.items["i1"]
    others = [
        (replace(i1, text="ข้อใหม่"), "ข้อคำถามของสองปีต่างกัน"),
        (replace(i1, scale="yes_no"), "มาตราวัดของสองปีต่างกัน"),
        (replace(i1, reversed=True), "มาตราวัดของสองปีต่างกัน"),
    ]

    for other, caution in others:
        found = alike(changed(items={**frame.items, "i1": other}), frame, item("i1"))
        assert (found.likeness, found.caution) == (Likeness.OTHER, caution)
    spaced = replace(i1, text=i1.text.replace(" ", "  "))
    assert alike(changed(items={**frame.items, "i1": spaced}), frame, item("i1")).likeness is Likeness.SAME


def test_without_wordings_another_place_is_another_question() -> None:
    found = alike(bare(2563), bare(2567), item("i3"))

    assert (found.likeness, found.caution) == (Likeness.OTHER, "โครงสร้างข้อคำถามของสองปีต่างกัน")


def bare(year: int) -> Frame:
    frame = frame_library.load(year)
    return replace(frame, items={code: replace(one, text="") for code, one in frame.items.items()})


def test_other_weights_indicators_or_instruments_are_not_compared() -> None:
    frame = frame_library.load(2567)
    iit, eit1, eit2, oit = frame.instruments
    heavier = (replace(iit, weight=Fraction("0.40")), eit1, eit2, replace(oit, weight=Fraction("0.30")))
    narrower = (replace(iit, indicators=(1, 2, 3, 4)), eit1, eit2, replace(oit, indicators=(5, 9, 10)))
    for instruments in (heavier, narrower):
        for cell in (TOTAL, Cell("instrument", "IIT", "IIT")):
            found = alike(changed(instruments=instruments), frame, cell)
            assert (found.likeness, found.caution) == (Likeness.OTHER, "น้ำหนักหรือตัวชี้วัดของสองปีต่างกัน")

    fewer = alike(changed(instruments=(replace(iit, weight=Fraction("0.60")), oit)), frame, TOTAL)
    assert (fewer.likeness, fewer.caution) == (Likeness.OTHER, "เครื่องมือของสองปีต่างกัน")


def test_the_published_example_rose_with_the_caution_that_the_questions_changed() -> None:
    found = change.change(known("don-2566-2567", 2567), known("don-2566-2567", 2566))

    total = found.row(TOTAL)
    assert total is not None
    assert (total.difference, total.likeness) == (Decimal("6.31"), Likeness.RENEWED)
    assert total.title == "คะแนนรวม"
    assert [row.difference for row in found.of_level("instrument")] == [
        Decimal(text) for text in ("11.86", "9.17", "0.00")
    ]
    assert (found.risen, found.fallen) == ((), ())
    assert found.row(item("i1")) is None


def test_the_difference_is_that_of_the_numbers_a_reader_sees() -> None:
    """(98.34 + 98.33 + 98.33) / 3 = 98.3333, (97.67 + 97.67 + 97.66) / 3 = 97.6667: shown 98.33 and 97.67."""
    [one, two] = (
        of(2567, {item(f"i{n}"): score for n, score in enumerate(scores, 1)})
        for scores in ((9834, 9833, 9833), (9767, 9767, 9766))
    )

    row = change.change(one, two).row(Cell("indicator", "IIT", "1"))

    assert row is not None
    assert row.now is not None
    assert row.now.computed
    assert row.difference == Decimal("0.66")


def test_what_may_not_be_compared_has_no_difference_and_what_one_year_lacks_neither() -> None:
    found = change.change(
        of(2567, {item("i1"): 9000, TOTAL: 9000}), of(2566, {item("i1"): 8000, Cell("indicator", "IIT", "1"): 8000})
    )

    rows = {row.cell: row for row in found.rows}
    assert rows[item("i1")].difference is None
    assert "ไม่ทราบถ้อยคำ" in rows[item("i1")].caution
    assert rows[TOTAL].difference is None
    assert rows[Cell("indicator", "IIT", "1")].now is None
    assert list(rows) == [TOTAL, Cell("indicator", "IIT", "1"), item("i1")]


def test_items_that_rose_and_fell_the_farthest_first_parts_not_counted_twice() -> None:
    before = {item("i1"): 8000, item("i2"): 9000, item("i3"): 9500, item("e1", "EIT1"): 8000, item("e1", "EIT2"): 9000}
    now = {item("i1"): 8100, item("i2"): 8500, item("i3"): 9500, item("e1", "EIT1"): 9000, item("e1", "EIT2"): 9000}

    found = change.change(of(2568, now), of(2567, before))

    assert moved(found.risen) == [("e1", "5.00"), ("i1", "1.00")]
    assert moved(found.fallen) == [("i2", "-5.00")]
    assert {row.cell.instrument for row in found.risen} == {"EIT", "IIT"}
    assert not found.risen[0].sure


def test_indicators_tell_where_items_were_not_published() -> None:
    cells = [Cell("indicator", "IIT", str(n)) for n in (1, 2)]

    found = change.change(of(2568, dict.fromkeys(cells, 9000)), of(2567, dict.fromkeys(cells, 8000)))

    assert moved(found.risen) == [("1", "10.00"), ("2", "10.00")]


def moved(rows: tuple[ChangeRow, ...]) -> list[tuple[str, str]]:
    return [(row.cell.code, str(row.difference)) for row in rows]


def test_several_years_stand_side_by_side_with_the_years_that_do_not_compare() -> None:
    years = change.through([known("phrathaen-2567", 2567), known("don-2566-2567", 2566), of(2564, {TOTAL: 8000})])

    assert years.years == (2564, 2566, 2567)
    [total] = years.of_level("total")
    assert [score and str(score.shown) for score in total.scores] == ["80.00", "87.40", "99.60"]
    assert total.breaks == ()
    first = next(row for row in years.of_level("item") if row.cell.code == "i1")
    assert first.breaks == (2564, 2566)
    assert first.scores[:2] == (None, None)
    assert first.title.startswith("การปฏิบัติงาน")


def test_no_year_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="no official result"):
        change.through([])
