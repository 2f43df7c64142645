"""The bank of measures: complete, sound, and an agency's own entries over ours, faults named by file, entry and key."""

import re
from pathlib import Path
from typing import Any

import pytest

from analysis import measures_bank, measures_library
from analysis.frame import FAMILIES
from analysis.measures_bank import BankError, Entry

FRAMES = measures_library.frames()
F2567 = FRAMES[2567]
BANK = measures_library.load()
GOOD: dict[str, Any] = {
    "id": "e4-own",
    "items": ["e4"],
    "issues": [3],
    "title": "จัดทำป้าย",
    "steps": ["สำรวจ", "จัดทำ"],
    "responsible": "{department}",
    "period": "ตุลาคม {first}",
    "output": "ป้าย 10 ป้าย",
    "outcome": "ประชาชนทราบ",
}


def built(*measures: dict[str, Any], **top: Any) -> tuple[Entry, ...]:
    return measures_bank.build({"numbering": 2567, "measure": list(measures), **top}, "own.toml", FRAMES)


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.id for entry in entries]


@pytest.mark.parametrize("code", [f"e{n}" for n in range(1, 10)])
def test_every_item_of_the_eit_has_three_measures(code: str) -> None:
    assert len([entry for entry in BANK if code in entry.items]) >= 3


@pytest.mark.parametrize("code", [f"i{n}" for n in range(1, 16)])
def test_every_item_of_the_iit_has_a_measure(code: str) -> None:
    assert [entry for entry in BANK if code in entry.items]


def test_every_item_of_the_oit_and_each_of_the_seven_issues_has_a_measure() -> None:
    items = {code for entry in BANK for code in entry.items}

    assert set(F2567.items) <= items
    assert {issue for entry in BANK for issue in entry.issues} == set(range(1, 8))


def test_an_entry_answers_items_of_the_issues_it_names() -> None:
    for entry in BANK:
        for number in entry.issues:
            issue = next(one for one in F2567.issues if one.number == number)
            assert set(entry.items) & set(issue.items), (entry.id, number)


def test_every_measure_can_be_carried_out_and_counted() -> None:
    """Three steps or more, an output with a number, nothing said twice, no law or date that would grow stale."""
    assert len({entry.title for entry in BANK}) == len(BANK)
    for entry in BANK:
        words = " ".join((entry.title, *entry.steps, entry.responsible, entry.period, entry.output, entry.outcome))
        assert 3 <= len(entry.steps) <= 5, entry.id
        assert re.search(r"\d|ครบ|ทุก", entry.output), entry.id
        assert len(set(entry.steps)) == len(entry.steps), entry.id
        assert all(len(step) > 25 for step in entry.steps), entry.id
        assert not re.search(r"มาตรา |พระราชบัญญัติ|พ\.ร\.บ\.|25\d\d", words), entry.id


def test_own_entries_replace_ours_of_the_same_id_and_stand_before_the_others() -> None:
    own = built({**GOOD, "id": "e4-1"}, GOOD)

    found = measures_bank.merged(BANK, own)

    assert ids(found) == ["e4-own", *ids(BANK)]
    assert next(entry for entry in found if entry.id == "e4-1").title == "จัดทำป้าย"


def fitting(code: str, year: int) -> list[str]:
    return ids(measures_bank.fitting(BANK, code, FRAMES[year], FRAMES))


def test_the_fitting_entries_are_those_of_the_item_the_particular_ones_first() -> None:
    assert fitting("e4", 2569) == ["e4-1", "e4-2", "e4-3"]
    assert fitting("i10", 2567) == ["i10-1", "i10-2", "i11-2", "i12-2"]
    assert fitting("o3", 2567) == ["o-i3-1", "o-all-1", "o-all-2"]


def test_a_code_that_may_mean_something_else_in_another_year_is_not_mistaken() -> None:
    """In 2569 nobody knows what o3 asks for, but o19 is the document on participation, which was o25 in 2567."""
    assert fitting("o3", 2569) == ["o-all-1", "o-all-2"]
    assert fitting("o19", 2569) == ["o-i2-2", "o-all-1", "o-all-2"]


def test_where_the_wording_of_a_year_is_not_known_measures_of_the_indicator_serve() -> None:
    found = fitting("e13", 2566)

    assert found == [f"e{item}-{n}" for item in (7, 8, 9) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "E4 own"}, "own.toml: measure E4 own: id is 'E4 own'; use up to 11 of a-z, 0-9 and -"),
        ({"id": "e4-very-long"}, "use up to 11"),
        ({"id": 4}, "id is 4"),
        ({"items": ["e10"]}, "own.toml: measure e4-own: items has 'e10', which is no item of 2567"),
        ({"items": []}, "items must be a list of item codes"),
        ({"items": "e4"}, "items must be a list of item codes"),
        ({"issues": [8]}, "issues must be a list of numbers from 1 to 7"),
        ({"issues": 3}, "issues must be a list"),
        ({"issues": [True]}, "issues must be a list"),
        ({"steps": []}, "steps must be a list of 1 to 20 sentences"),
        ({"steps": "สำรวจ"}, "steps must be a list"),
        ({"steps": ["สำรวจ", " "]}, "step 2 must be text in quotes, and not empty"),
        ({"title": ""}, "title must be text in quotes, and not empty"),
        ({"output": 10}, "output must be text in quotes"),
        ({"title": "ก" * 301}, "title has 301 characters; write at most 300"),
        ({"period": "ตุลาคม {year}"}, "period has {year}; in braces only department, first, last may stand"),
        ({"budget": "0"}, "'budget' is no key of a measure; known are id, items"),
    ],
)
def test_a_fault_names_file_entry_and_key(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(BankError, match=re.escape(fault)):
        built({**GOOD, **change})


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"numbering": 2567, "measures": []}, "own.toml: 'measures' is no key at its top"),
        ({"measure": []}, "own.toml: numbering is None; write the fiscal year whose item codes are used, 2563 to 2570"),
        ({"numbering": True}, "numbering is True"),
        ({"numbering": 2600}, "numbering is 2600"),
        ({"numbering": 2567, "measure": {"id": "x"}}, "own.toml: write each measure under a line [[measure]]"),
        ({"numbering": 2567, "measure": ["x"]}, "own.toml: write each measure under a line [[measure]]"),
        ({"numbering": 2567, "measure": [{}]}, "own.toml: measure no. 1: id is missing"),
        ({"numbering": 2567, "measure": [GOOD, GOOD]}, "own.toml: measure e4-own: its id is there twice"),
        ({"numbering": 2567, "measure": [GOOD] * 501}, "own.toml: it has 501 measures"),
    ],
)
def test_a_fault_of_the_whole_file_is_named(table: dict[str, Any], fault: str) -> None:
    with pytest.raises(BankError, match=re.escape(fault)):
        measures_bank.build(table, "own.toml", FRAMES)


def test_an_entry_may_answer_any_item_of_an_instrument() -> None:
    [entry] = built({**GOOD, "items": ["OIT"], "issues": []})

    assert entry.items[0] in FAMILIES.values()
    assert measures_bank.fitting([entry], "o9", F2567, FRAMES) == (entry,)
    assert measures_bank.fitting([entry], "e4", F2567, FRAMES) == ()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("eit", "iit", "oit"):
        (tmp_path / f"{name}.toml").write_bytes((measures_library.FOLDER / f"{name}.toml").read_bytes())
    return tmp_path


def test_two_of_our_files_cannot_have_the_same_id(folder: Path) -> None:
    text = (folder / "oit.toml").read_text("utf-8").replace('id = "o-all-1"', 'id = "e1-1"')
    (folder / "oit.toml").write_text(text, "utf-8")

    with pytest.raises(BankError, match=r"oit.toml: measure e1-1: its id is in another file too"):
        measures_library.load(folder=folder)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, r"own.toml cannot be read: No such file or directory. Mend `measures` in the agency's file"),
        (b"\xff\xfe", "own.toml: cannot be read as TOML in UTF-8"),
        (b"measure = ", "own.toml: cannot be read as TOML in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, fault: str) -> None:
    if content is not None:
        (tmp_path / "own.toml").write_bytes(content)

    with pytest.raises(BankError, match=fault):
        measures_library.load(tmp_path / "own.toml")


def test_a_year_without_a_frame_takes_the_nearest() -> None:
    assert [measures_library.frame(year).fiscal_year for year in (2560, 2567, 2599)] == [2563, 2567, 2570]
