"""The register as a worksheet and back: nothing lost on the way, nothing taken over that two people changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import measure, measures_cells, measures_plan, measures_sheet
from analysis.measure import STATUS_WORDS, Measure
from analysis.measures_plan import Plan
from analysis.measures_sheet import COLUMNS, SheetError

KEYS = [column.key for column in COLUMNS]
HEADER = [column.header for column in COLUMNS]
CODES = {"e1": 1, "e4": 3, "i10": 4, "8": 0}

E4 = Measure(
    id="2570-e4-1",
    fiscal_year=2570,
    item_code="e4",
    issue=3,
    title="ปรับปรุงเว็บไซต์",
    steps=("สำรวจ", "ปรับปรุง"),
    responsible="กองช่าง",
    period="ต.ค. 2569 - มี.ค. 2570",
    output="เว็บไซต์ 1 เว็บไซต์",
    outcome="ค้นหาได้ง่าย",
    status="doing",
    progress=40,
    evidence=("https://example.go.th/ก", "http://example.go.th/2"),
    result="ดำเนินการแล้ว\nบางส่วน",
    budget="50,000 บาท",
    revision=3,
)
E1 = Measure("2570-e1-1", 2570, "e1", 1, "จัดทำแผนผัง", ("สำรวจ",))
REGISTER = {one.id: one for one in (E4, E1)}


def row(one: Measure, **changes: object) -> list[object]:
    """The row of a measure as exported, then edited."""
    cells = dict(zip(KEYS, measures_sheet.cells(one), strict=True))
    return [*(cells | changes).values()]


def new(**values: object) -> list[object]:
    """A row that somebody has added."""
    return [values.get(key) for key in KEYS]


def codes_of(year: int) -> Mapping[str, int]:
    return CODES


def read(*rows: Sequence[object]) -> tuple[measures_sheet.Given, ...]:
    return measures_sheet.read([HEADER, *rows], codes_of)


def plan(*rows: Sequence[object], register: Mapping[str, Measure] = REGISTER) -> Plan:
    return measures_plan.plan(read(*rows), register)


def faults(*rows: Sequence[object], register: Mapping[str, Measure] = REGISTER) -> tuple[str, ...]:
    with pytest.raises(SheetError) as caught:
        plan(*rows, register=register)
    return caught.value.faults


# -- values


def test_the_measures_stand_by_issue_those_of_none_last_and_by_item() -> None:
    bare = replace(E1, id="x", item_code="", issue=0)
    e10, e2 = (replace(E1, id=code, item_code=code) for code in ("e10", "e2"))

    found = measure.by_issue([bare, E4, e10, e2])

    assert [(issue, [one.id for one in group]) for issue, group in found.items()] == [
        (1, ["e2", "e10"]),
        (3, ["2570-e4-1"]),
        (0, ["x"]),
    ]


def test_the_summary_counts_by_status_and_leaves_dropped_ones_out_of_the_mean() -> None:
    done, dropped = replace(E4, status="done", progress=100), replace(E4, status="dropped", progress=10)

    assert measure.summary([E4, E1, done, dropped]) == measure.Summary(4, 1, 1, 1, 1, Fraction(140, 3))
    assert measure.summary([dropped]).progress is None
    assert measure.summary([]) == measure.Summary(0, 0, 0, 0, 0, None)
    assert E4.status_word == "กำลังดำเนินการ"


def test_what_a_measure_answers_is_an_item_an_indicator_or_a_whole_issue() -> None:
    assert [replace(E4, item_code=code).answers for code in ("e4", "8", "")] == ["ข้อ e4", "ตัวชี้วัดที่ 8", ""]


# -- there and back

words = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P")), min_size=1, max_size=30)
maybe = st.just("") | words
lines = st.lists(words, max_size=3).map("\n".join)
links = words.map(lambda tail: f"https://example.go.th/{tail}".split("#")[0])


@st.composite
def measures(draw: st.DrawFn, id: str = "2570-x") -> Measure:
    status = draw(st.sampled_from(list(STATUS_WORDS)))
    progress = {"planned": 0, "done": 100}.get(status, draw(st.integers(0, 100)))
    code = draw(st.sampled_from(["e1", "e4", "i10", "8", ""]))
    return Measure(
        id=id,
        fiscal_year=draw(st.integers(2563, 2640)),
        item_code=code,
        issue=draw(st.integers(0 if code else 1, 7)),
        title=draw(words),
        steps=tuple(draw(st.lists(words, max_size=4))),
        responsible=draw(maybe),
        period=draw(maybe),
        output=draw(maybe),
        outcome=draw(maybe),
        status=status,
        progress=progress,
        evidence=tuple(draw(st.lists(links, max_size=3))),
        result=draw(lines),
        budget=draw(maybe),
        revision=draw(st.integers(1, 99)),
    )


@given(measures(), measures())
def test_what_is_exported_edited_and_imported_is_what_was_written(before: Measure, after: Measure) -> None:
    """Any measure written over any other one's row is read as itself, and an untouched row as no change."""
    after = replace(after, id=before.id, revision=before.revision)
    cells = measures_sheet.cells(before)
    edited = [*cells[:2], *measures_sheet.cells(after)[2:]]

    [untouched] = read([*cells])
    [found] = read(edited)

    assert untouched.measure is None
    assert found.measure == (after if after != before else None)
    assert (found.id, found.revision) == (before.id, before.revision)


@given(st.lists(measures(), min_size=1, max_size=4), st.data())
def test_an_import_changes_exactly_what_was_edited(given_measures: list[Measure], data: st.DataObject) -> None:
    register = {f"m{n}": replace(one, id=f"m{n}") for n, one in enumerate(given_measures)}
    edited = data.draw(st.sets(st.sampled_from(sorted(register))))
    newer = data.draw(st.sets(st.sampled_from(sorted(register))))
    there = {
        n: replace(m, revision=m.revision + 1, result="ในทะเบียน") if n in newer else m for n, m in register.items()
    }
    rows = [row(m, result="ในไฟล์") if name in edited else row(m) for name, m in register.items()]

    found = plan(*rows, register=there)

    assert {one.id for one in found.changed} == {n for n in edited - newer if register[n].result != "ในไฟล์"}
    assert all(one.result == "ในไฟล์" for one in found.changed)
    assert len(found.conflicts) == len([n for n in edited & newer if register[n].result != "ในไฟล์"])
    assert (found.added, found.absent) == ((), 0)
    assert found.kept + len(found.changed) + len(found.conflicts) == len(register)


def test_what_spreadsheets_do_to_cells_is_no_edit() -> None:
    touched = row(E4, fiscal_year=2570.0, progress=40.0, result="ดำเนินการแล้ว\r\nบางส่วน ", budget="50,000\u00a0บาท")
    touched[KEYS.index("outcome")] = "ค้นหา\u200bได้ง่าย"

    assert plan(touched, row(E1, issue="1", steps="1. สำรวจ_x000D_\n\n")) == Plan((), (), 2, 0, ())


# -- what people may write


def edited(**changes: object) -> Measure:
    [one] = plan(row(E4, **changes), row(E1)).changed
    return one


def test_thai_digits_other_spellings_and_loose_lists_are_understood() -> None:
    one = edited(
        fiscal_year="๒๕๗๐",
        item_code=" E๔ ",
        issue="๓",
        progress="ร้อยละ ๕๕",
        steps="๑. สำรวจ\n๒) จัดทำ\n- 1.5 ล้านบาท\n• ติดตั้ง\nตรวจรับ\n1.5 กิโลเมตร",
        evidence="https://example.go.th\n-\n",
    )

    assert (one.fiscal_year, one.item_code, one.issue, one.progress) == (2570, "e4", 3, 55)
    assert one.steps == ("สำรวจ", "จัดทำ", "1.5 ล้านบาท", "ติดตั้ง", "ตรวจรับ", "1.5 กิโลเมตร")
    assert one.evidence == ("https://example.go.th",)


@pytest.mark.parametrize(
    ("status", "progress", "expected"),
    [
        ("แล้วเสร็จ", None, ("done", 100)),
        ("แล้วเสร็จ", "100%", ("done", 100)),
        ("กำลัง ดำเนินการ", 0, ("doing", 0)),
        ("กํ" + "าลังดํ" + "าเนินการ", 70, ("doing", 70)),  # ำ typed as two signs
        ("ยกเลิก", 20, ("dropped", 20)),
        (None, None, ("planned", 0)),
    ],
)
def test_status_and_progress_are_read_together(status: object, progress: object, expected: tuple[str, int]) -> None:
    one = edited(status=status, progress=progress)

    assert (one.status, one.progress) == expected


def test_a_row_without_an_id_is_a_new_measure_with_an_id_of_its_own() -> None:
    added = plan(row(E4), row(E1), new(fiscal_year=2570, item_code="i10", title="คุมพัสดุ"), new()).added

    [one] = added
    assert re.fullmatch(r"2570-[0-9a-f]{8}", one.id)
    assert (one.item_code, one.issue, one.status, one.revision) == ("i10", 4, "planned", 1)


def test_an_issue_left_empty_stays_empty_in_a_measure_that_was_there() -> None:
    assert edited(issue=None).issue == 0


def test_a_measure_may_answer_a_whole_issue_or_an_indicator() -> None:
    added = plan(
        new(fiscal_year=2570, issue=7, title="อบรม"), new(fiscal_year=2570, item_code="8", title="ปรับปรุง"), register={}
    ).added

    assert [(one.item_code, one.issue) for one in added] == [("", 7), ("8", 0)]


def test_the_same_file_twice_adds_its_new_rows_once() -> None:
    fresh = new(fiscal_year=2570, item_code="e1", title="ใหม่")
    [one] = plan(fresh, register={}).added

    assert plan(fresh, register={one.id: one}) == Plan((), (), 1, 0, ())


def test_a_new_row_like_one_of_the_register_is_a_conflict_unless_it_says_the_same() -> None:
    fresh = new(fiscal_year=2570, item_code="e1", title=E1.title, steps="สำรวจ\nจัดทำ")

    [said] = plan(fresh).conflicts

    assert said.startswith("row 2 is in the register already, so nothing of it was taken: G2 says '1. สำรวจ 2. จัดทำ'")
    assert "the register '1. สำรวจ'" in said


def test_an_id_that_is_taken_by_a_renamed_measure_is_not_used_again() -> None:
    fresh = new(fiscal_year=2570, item_code="e1", title="ใหม่")
    [first] = plan(fresh, register={}).added

    [second] = plan(fresh, register={first.id: replace(first, title="ชื่ออื่น")}).added

    assert second.id != first.id


def test_an_emptied_row_and_a_missing_one_leave_the_register_as_it_is() -> None:
    emptied = [*measures_sheet.cells(E4)[:2], *[None] * (len(KEYS) - 2)]

    assert plan(emptied) == Plan((), (), 1, 1, ())
    assert plan(row(E4)) == Plan((), (), 1, 1, ())


def test_measures_of_other_years_are_not_called_missing() -> None:
    other = replace(E1, id="2569-e1-1", fiscal_year=2569)

    assert plan(row(E4), row(E1), register={**REGISTER, other.id: other}).absent == 0


# -- conflicts


def test_a_row_changed_here_and_there_is_told_cell_by_cell_and_not_taken() -> None:
    there = replace(E4, status="done", progress=100, revision=4)

    found = plan(row(E4, progress=60), row(E1), register={**REGISTER, E4.id: there})

    assert found.changed == ()
    assert found.conflicts == (
        "row 2 was changed in the register since the export, so nothing of it was taken: M2 says 'กำลังดำเนินการ', the "
        "register 'แล้วเสร็จ'; N2 says '60', the register '100'",
    )


def test_long_words_are_cut_in_a_conflict() -> None:
    there = replace(E4, result="ก" * 40, revision=4)

    [said] = plan(row(E4, result="ข" * 40), register={E4.id: there}).conflicts

    assert f"P2 says '{'ข' * 30}'..., the register '{'ก' * 30}'..." in said


def test_a_row_changed_there_only_or_alike_is_no_conflict() -> None:
    there = replace(E4, progress=60, revision=4)
    register = {E4.id: there}

    assert plan(row(E4), register=register) == Plan((), (), 1, 0, ())
    assert plan(row(E4, progress=60), register=register) == Plan((), (), 1, 0, ())


# -- faults

LONG = "ก" * 2001


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"status": "เสร็จ"}, "M2 holds 'เสร็จ', which is no status: write one of วางแผน, กำลังดำเนินการ, แล้วเสร็จ, ยกเลิก"),
        ({"progress": 120}, "N2 holds '120', which is no progress in percent: write a whole number from 0 to 100"),
        ({"progress": "ครึ่ง"}, "N2 holds 'ครึ่ง', which is no progress"),
        ({"progress": 0.5}, "N2 holds '0.5', which is no progress"),
        ({"progress": -5}, "N2 holds '-5', which is no progress"),
        ({"status": "แล้วเสร็จ"}, "N2 holds 40, but M2 says แล้วเสร็จ: write 100, or mend it"),
        ({"status": "วางแผน"}, "N2 holds 40, but M2 says วางแผน: write กำลังดำเนินการ, or 0"),
        ({"evidence": "ดูที่แฟ้ม"}, "O2 holds 'ดูที่แฟ้ม', which is no link: write addresses like https://..., one a line"),
        (
            {"evidence": "https://a.go.th https://b.go.th"},
            "O2 holds 'https://a.go.th https://b.go.th', which is no link",
        ),
        ({"evidence": "\n".join(["https://a.go.th"] * 11)}, "O2 has 11 lines: write at most 10"),
        ({"steps": "\n".join("กขค" for _ in range(21))}, "G2 has 21 lines: write at most 20"),
        ({"steps": LONG}, "G2 has a line of 2,001 characters: write at most 1,000 in a line"),
        ({"title": "ก" * 301}, "F2 has 301 characters: write at most 300"),
        ({"outcome": LONG}, "L2 has 2,001 characters: write at most 2,000"),
        ({"title": " "}, "F2 is empty: write what is to be done, or empty the whole row"),
        (
            {"period": datetime(2026, 10, 1)},
            "I2 holds a date that the spreadsheet made of your words: format the cell as",
        ),
        ({"period": date(2026, 10, 1)}, "I2 holds a date"),
        ({"fiscal_year": 2027}, "C2 holds '2027', which is no fiscal year of the Buddhist era: write 2570"),
        ({"fiscal_year": 70}, "C2 holds '70', which is no fiscal year of the Buddhist era: write it like 2570"),
        ({"fiscal_year": None}, "C2 is empty, which is no fiscal year"),
        ({"item_code": "e99"}, "D2 holds 'e99', which is no item of 2570: write a code like e4, i12 or o20"),
        ({"item_code": "ข้อ 4"}, "D2 holds 'ข้อ 4', which is no item of 2570"),
        ({"item_code": "-", "issue": "-"}, "D2 is empty, and so is the issue: write an item like e4, or an issue"),
        ({"issue": 8}, "E2 holds '8', which is no issue: write a number from 1 to 7, or leave it empty"),
        ({"issue": "3, 4"}, "E2 holds '3, 4', which is no issue"),
        ({"mark": ""}, "the hidden cells A2 and B2 do not belong together: empty both for a new measure, or export"),
        ({"id": ""}, "the hidden cells A2 and B2 do not belong together"),
        ({"mark": "3"}, "the hidden cells A2 and B2 do not belong together"),
        (
            {"id": "2570-e9-1"},
            "A2 names '2570-e9-1', which is no measure of this agency: empty A2 and B2 to add the row",
        ),
        ({"item_code": "e1"}, "D2 does not belong to this row, whose measure is of 2570 e4: rows may have been sorted"),
        ({"fiscal_year": 2571}, "C2 does not belong to this row, whose measure is of 2570 e4"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_with_what_to_do(changes: dict[str, Any], fault: str) -> None:
    [said] = faults(row(E4, **changes))

    assert said.startswith(fault)


def test_every_fault_of_every_row_is_told_and_an_unknown_year_knows_no_items() -> None:
    bad = new(fiscal_year="70", item_code="e99", title="ก", progress="x", status="y")

    assert [said.split()[0] for said in faults(row(E4, issue=9), bad)] == ["E2", "C3", "M3", "N3"]


def test_a_row_that_was_copied_with_its_hidden_cells_is_told() -> None:
    assert faults(row(E4), row(E4, title="สำเนา")) == (
        "A3 repeats A2: it was copied, so empty both hidden cells of the copy to make it a new measure",
    )


def test_the_same_new_measure_twice_is_told() -> None:
    fresh = new(fiscal_year=2570, item_code="e1", title="ใหม่")

    assert faults(fresh, row(E4), fresh) == ("F4 repeats F2: delete one of the two rows",)


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ([], "row 1 has no cell 'รหัสแถว (ห้ามแก้)': put the header of the exported file back, hidden columns too"),
        (HEADER[:-1], "row 1 has no cell 'ผลการดำเนินงาน'"),
        (["fiscal_year", "level"], "row 1 has no cell"),
        ([*HEADER, "สถานะ"], "Q1 says 'สถานะ' a second time: delete or rename that column"),
    ],
)
def test_a_wrong_header_is_told(header: list[str], fault: str) -> None:
    with pytest.raises(SheetError, match=re.escape(fault)):
        measures_sheet.read([header], codes_of)
    with pytest.raises(SheetError, match="row 1 has no cell"):
        measures_sheet.read([], codes_of)


def test_columns_may_be_moved_and_added_and_short_rows_are_read() -> None:
    rows: list[list[object]] = [[*HEADER[::-1], "หมายเหตุ"], [*row(E4, result="ใหม่")[::-1], "ของเรา"]]

    [found] = measures_sheet.read(rows, codes_of)
    [short] = measures_sheet.read([HEADER, row(replace(E4, result=""))[:-1]], codes_of)

    assert found.measure == replace(E4, result="ใหม่")
    assert short.measure is None


def test_more_measures_than_an_import_takes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures_sheet, "MOST_ROWS", 1)

    assert faults(row(E4), row(E1)) == ("it has 2 measures: an import takes at most 1, so split it",)


def test_an_item_of_two_digits_is_a_code_and_a_longer_one_is_not() -> None:
    assert [bool(measures_cells.ITEM.fullmatch(code)) for code in ("e1", "o35", "10", "11", "e100", "x1")] == [
        *[True] * 3,
        *[False] * 3,
    ]
