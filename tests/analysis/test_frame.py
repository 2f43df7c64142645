"""The frame of each year is data; it holds what the sources say, and says what they do not."""

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis import frame_file, frame_library
from analysis.frame import ITEMS, SUB_INDICATORS, Frame, FrameError, family

FOLDER = Path(frame_library.FOLDER)
YEARS = range(2563, 2571)

SMALL: dict[str, Any] = tomllib.loads(
    """
fiscal_year = 2580
verified = true
source = "ตัวอย่าง"
oit_average = "items"
scale_of = { IIT = "six", EIT = "six", OIT = "six" }
texts = { i1 = "ก", e1 = "ข", o1 = "ค", o2 = "ง" }
instrument = [
    { code = "IIT", title = "IIT", weight = "0.3", indicators = [1] },
    { code = "EIT", title = "EIT", weight = "0.3", indicators = [6] },
    { code = "OIT", title = "OIT", weight = "0.4", indicators = [9] },
]
indicator = [
    { number = 1, title = "หนึ่ง", items = ["i1"] },
    { number = 6, title = "หก", items = ["e1"] },
    { number = 9, title = "เก้า", items = ["o1", "o2"] },
]
level = [{ name = "ผ่าน", total_min = 85 }, { name = "ต้องปรับปรุง", total_min = 0 }]
issue = [{ number = 1, title = "ประเด็น", items = ["e1", "o1"] }]
[scale.six]
options = [{ score = 0 }, { score = 100 }]
[publication.measures]
item = "o2"
"""
)


def built(**changes: Any) -> Frame:
    return frame_file.build(frame_file.shaped({**SMALL, **changes}, "2580.toml"), "2580.toml")


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_a_frame_whose_weights_make_one_whole(year: int) -> None:
    frame = frame_library.load(year)

    assert frame_library.years() == tuple(YEARS)
    assert frame.fiscal_year == year
    assert sum(i.weight for i in frame.instruments) == 1
    assert [i.number for family in frame.families for i in frame.indicators_of(family)] == list(range(1, 11))


@pytest.mark.parametrize(
    ("year", "per_indicator"),
    [
        (2563, [6, 6, 6, 6, 6, 5, 5, 5, 33, 10]),
        (2564, [6, 6, 6, 6, 6, 5, 5, 5, 33, 10]),
        (2565, [6, 6, 6, 6, 6, 5, 5, 5, 33, 10]),
        (2566, [6, 6, 6, 6, 6, 5, 5, 5, 33, 10]),
        (2567, [3, 3, 3, 3, 3, 3, 3, 3, 25, 10]),
        (2568, [3, 3, 3, 3, 3, 3, 3, 3, 20, 8]),
        (2569, [3, 3, 3, 3, 3, 3, 3, 3, 19, 7]),
        (2570, [3, 3, 3, 3, 3, 3, 3, 3, 19, 7]),
    ],
)
def test_indicators_have_the_items_of_their_year(year: int, per_indicator: list[int]) -> None:
    frame = frame_library.load(year)

    assert [len(i.items) for i in frame.indicators] == per_indicator
    for letter in "ieo":
        codes = [code for i in frame.indicators for code in i.items if code[0] == letter]
        assert codes == [f"{letter}{n}" for n in range(1, len(codes) + 1)]


def test_to_2564_the_oit_is_averaged_over_sub_indicators() -> None:
    for year in (2563, 2564):
        frame = frame_library.load(year)
        assert frame.averages == (SUB_INDICATORS,)
        assert [len(s.items) for s in frame.indicators[8].sub_indicators] == [9, 8, 7, 4, 5]
        assert [len(s.items) for s in frame.indicators[9].sub_indicators] == [8, 2]


def test_from_2565_to_2567_either_average_is_accepted_for_neither_is_verified() -> None:
    for year in (2565, 2566, 2567):
        assert frame_library.load(year).averages == (ITEMS, SUB_INDICATORS)


def test_items_of_2567_carry_the_words_of_the_sources(shared: Path) -> None:
    frame = frame_library.load(2567)
    eit, iit, oit = (yaml.safe_load((shared / "ita" / f"{name}-2567.yaml").read_text("utf-8")) for name in ITA)

    words = {i["code"]: i["text"] for i in (*eit["items"], *iit["items"])}
    words |= {i["code"]: i["title"] for group in oit["groups"] for i in group["items"]}
    assert {code: item.text for code, item in frame.items.items()} == words
    assert {c for c, i in frame.items.items() if i.reversed} == {
        i["code"] for i in iit["items"] if i["polarity"] == "negative"
    }
    assert [o.score for o in frame.scales["agree6"].options] == [0, 20, 40, 60, 80, 100]
    assert frame.scales[frame.items["e3"].scale].options[1].label == "ไม่เคย"


ITA = ("eit", "iit", "oit")


def test_issues_levels_and_document_numbers_are_those_of_the_sources(shared: Path) -> None:
    source = yaml.safe_load((shared / "ita" / "frame.yaml").read_text("utf-8"))
    frames = {year: frame_library.load(year) for year in YEARS}

    assert [(i.number, i.title, list(i.items)) for i in frames[2567].issues] == [
        (i["number"], i["title"], i["items"]) for i in source["issues_2567"]
    ]
    for year, name in ((2565, "levels_to_2565"), (2566, "levels_from_2566"), (2570, "levels_from_2566")):
        assert [(lv.name, lv.total_min, lv.every_instrument_min) for lv in frames[year].levels] == [
            (lv["level"], lv["total_min"], lv.get("every_instrument_min")) for lv in source[name]
        ]
    for kind, numbers in source["publications"].items():
        known = {year: f.publications[kind].item for year, f in frames.items() if kind in f.publications}
        assert known == {**numbers, 2570: numbers[2569]}
    assert [o.score for o in frames[2563].scales["four"].options] == source["four_option_scale_2563_2566"]


@pytest.fixture
def shared() -> Path:
    folder = Path(__file__).parents[3] / "shared"
    if not folder.exists():
        pytest.skip("the sources are not beside this copy of the project")
    return folder


def test_an_item_may_belong_to_several_issues() -> None:
    frame = frame_library.load(2567)

    assert [issue.number for issue in frame.issues_of("e1")] == [1, 2]
    assert [issue.number for issue in frame.issues_of("o25")] == [2, 7]
    assert frame.issues_of("i4")[0].number == 5


def test_the_year_that_is_not_known_yet_takes_the_latest_known_and_says_so() -> None:
    frame = frame_library.load(2570)

    assert (frame.taken_from, frame.verified) == (2569, False)
    assert "ยังไม่ทราบ" in frame.source
    assert not any(entry.verified for entry in frame.instruments)
    assert not any(entry.verified for entry in frame.indicators)
    assert not any(entry.verified for entry in frame.publications.values())


@pytest.mark.parametrize("year", YEARS)
def test_what_is_not_verified_is_told_in_words(year: int) -> None:
    frame = frame_library.load(year)

    assert frame.doubts
    assert frame_library.load(2569).publications["measures"].verified
    assert not frame_library.load(2568).publications["measures"].verified


@pytest.mark.parametrize(
    ("total", "lowest", "level"),
    [
        ("96", "95", "ผ่านดีเยี่ยม"),
        ("96", "94", "ผ่านดี"),
        ("90", "85", "ผ่านดี"),
        ("90", "84.99", "ผ่าน"),
        ("84.99", "84", "ต้องปรับปรุง"),
        ("69", "60", "ต้องปรับปรุงโดยด่วน"),
    ],
)
def test_from_2566_levels_ask_for_the_total_and_for_every_instrument(total: str, lowest: str, level: str) -> None:
    assert frame_library.load(2567).level(Fraction(total), Fraction(lowest)).name == level


def test_to_2565_the_level_is_a_letter_by_the_total_alone() -> None:
    assert [frame_library.load(2564).level(Fraction(t), Fraction(0)).name for t in (95, 85, 75, 65, 55, 50, 49)] == [
        *"A A B C D E F".replace("A", "AA", 1).split()
    ]


def test_the_family_of_an_item_is_its_letter() -> None:
    assert [family(code) for code in ("i1", "e2", "o3")] == ["IIT", "EIT", "OIT"]


def test_a_new_year_is_a_new_file(tmp_path: Path) -> None:
    for name in ("2567.toml", "2568.toml"):
        (tmp_path / name).write_text((FOLDER / name).read_text("utf-8"), "utf-8")
    (tmp_path / "2571.toml").write_text(
        'fiscal_year = 2571\nsame_as = 2568\nverified = false\nsource = "ใหม่"\ndoubts = ["ทั้งหมด"]\n', "utf-8"
    )

    assert frame_library.years(tmp_path) == (2567, 2568, 2571)
    assert frame_library.load(2571, tmp_path).taken_from == 2568


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fiscal_year = ", "2571.toml: cannot be read as TOML"),
        ("same_as = 2571", "2571.toml: same_as must be another year"),
        ("same_as = 2560", "2571.toml: same_as must be another year"),
        ("indicator = 3", "2571.toml: write each indicator as [[indicator]] with its number"),
        ("[[level]]\ntotal_min = 3", "2571.toml: write each level as [[level]] with its name"),
        ("texts = 3", "2571.toml: write texts as a TOML table"),
        ("[scale]\nsix = 3", "2571.toml: write scale as a TOML table"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "2571.toml").write_text(text, "utf-8")

    with pytest.raises(FrameError) as fault:
        frame_library.load(2571, tmp_path)

    assert str(fault.value).startswith(said)


def test_a_year_without_a_file_and_a_file_of_another_year_are_named(tmp_path: Path) -> None:
    (tmp_path / "2571.toml").write_text((FOLDER / "2567.toml").read_text("utf-8"), "utf-8")

    with pytest.raises(FrameError, match=r"no ITA frame of fiscal year 2580: add .*2580\.toml"):
        frame_library.load(2580, tmp_path)
    with pytest.raises(FrameError, match=r"2571.toml: fiscal_year says 2567"):
        frame_library.load(2571, tmp_path)


IIT, EIT, OIT = SMALL["instrument"]
FIRST, SIXTH, NINTH = SMALL["indicator"]
GOOD, BAD = SMALL["level"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": 1}, "'colour' is no field here"),
        ({"source": None}, "source must be a TOML str, not None"),
        ({"fiscal_year": True}, "fiscal_year must be a TOML int, not True"),
        ({"oit_average": "median"}, "oit_average must be one of items, sub_indicators, either"),
        ({"doubts": ["อะไรสักอย่าง"]}, "doubts must say"),
        ({"verified": False}, "doubts must say"),
        ({"doubts": "x"}, "doubts must be a list of texts"),
        ({"reversed": ["i9"]}, "reversed: no indicator has the item i9"),
        ({"scale_of": {"IIT": "six", "EIT": "six"}}, "scale_of says nothing of o1 or OIT"),
        ({"scale_of": {**SMALL["scale_of"], "o1": "ten"}}, "item o1: there is no scale 'ten'"),
        ({"scale": {"six": {"options": [{"score": 101}]}}}, "scale six: it needs options with scores from 0 to 100"),
        ({"scale": {"six": {"options": [{"points": 1}]}}}, "scale six: 'points' is no field here"),
        ({"instrument": [IIT, EIT, {**OIT, "weight": "0.5"}]}, "the weights must sum to 1, not to 11/10"),
        (
            {"instrument": [IIT, EIT, {**OIT, "weight": 0.4}]},
            "instrument OIT: weight must be a whole number",
        ),
        (
            {"instrument": [IIT, EIT, {**OIT, "weight": "x"}]},
            "instrument OIT: weight must be a whole number",
        ),
        ({"instrument": [IIT, EIT, {**OIT, "code": "XIT"}]}, "instrument XIT: only IIT, EIT and OIT are known"),
        ({"instrument": [IIT, {**EIT, "part_of": "IIT"}, OIT]}, "instrument IIT: at most two parts, of equal weight"),
        ({"instrument": [IIT, EIT, {**OIT, "indicators": [8]}]}, "indicator 8: each must be given once"),
        ({"instrument": [IIT, EIT, {**OIT, "points": 8}]}, "instrument OIT: 'points' is no field here"),
        ({"indicator": [FIRST, FIRST, SIXTH, NINTH]}, "indicator 1: 'i1' is given twice"),
        ({"indicator": [FIRST, {**FIRST, "items": []}, SIXTH, NINTH]}, "indicator 1: each must be given once"),
        ({"indicator": [{**FIRST, "items": ["i1", "x2"]}, SIXTH, NINTH]}, "indicator 1: 'x2' is given twice or is no"),
        ({"indicator": [{**FIRST, "items": ["i1", "e2"]}, SIXTH, NINTH]}, "indicator 1: e2 is no item of IIT"),
        ({"level": [GOOD]}, "the last one must ask for nothing"),
        ({"level": []}, "the last one must ask for nothing"),
        ({"level": [{**BAD, "name": "x", "total_min": 1}, GOOD, BAD]}, "they must stand from the best down"),
        ({"issue": [{"number": 1, "title": "x", "items": ["e9"]}]}, "issue 1: no indicator has the item e9"),
        ({"publication": {"measures": {"item": "o9"}}}, "publication measures: no indicator has the item o9"),
        ({"alternative": [{"name": "อื่น"}]}, "alternative อื่น: indicator is missing"),
    ],
)
def test_a_fault_names_the_file_and_the_entry(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(FrameError) as fault:
        built(**changes)

    assert str(fault.value).startswith("2580.toml: ")
    assert said in str(fault.value)


def test_an_alternative_composes_the_indicators_otherwise_and_keeps_the_rest() -> None:
    other = {"name": "ข้อ o2 อยู่ตัวชี้วัดที่ 1", "indicator": [{**NINTH, "items": ["o2", "o1"]}]}

    [alternative] = built(alternative=[other], verified=False, doubts=["ข้อ o2 อยู่ตัวชี้วัดใด"]).alternatives

    assert alternative.name == "ข้อ o2 อยู่ตัวชี้วัดที่ 1"
    assert [i.items for i in alternative.indicators] == [("i1",), ("e1",), ("o2", "o1")]
    assert [level.name for level in alternative.levels] == ["ผ่าน", "ต้องปรับปรุง"]


def test_an_alternative_makes_a_year_doubtful() -> None:
    other = {"name": "อื่น", "indicator": [{**NINTH, "items": ["o2", "o1"]}]}

    with pytest.raises(FrameError, match="doubts must say"):
        built(alternative=[other])
