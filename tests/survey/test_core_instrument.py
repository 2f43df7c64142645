"""Instruments: the path through them, and every fault of a file named by file, question and fault."""

import re
from copy import deepcopy
from typing import Any

import pytest

from survey import instrument_file
from survey.instrument import Instrument, InstrumentError

GOOD: dict[str, Any] = {
    "id": "waste",
    "version": 1,
    "kind": "satisfaction",
    "title": "ขยะ",
    "notice": "ขอถาม 2 ข้อ",
    "thanks": "ขอบคุณ",
    "scales": {
        "agree": [
            {"value": "1", "label": "ไม่ดี", "score": 0},
            {"value": "2", "label": "ดี", "score": 100},
            {"value": "na", "label": "ไม่ทราบ", "missing": True},
        ],
        "more": [{"value": "yes", "label": "ตอบเพิ่ม"}],
        "yesno": [{"value": "yes", "label": "ใช่"}, {"value": "no", "label": "ไม่"}],
    },
    "indicator": [{"number": 1, "title": "ความพอใจ"}],
    "question": [
        {"id": "used", "kind": "screening", "scale": "yesno", "ends": ["no"], "text": "ใช้บริการไหม"},
        {"id": "w1", "kind": "item", "item_code": "w1", "indicator": 1, "scale": "agree", "text": "เก็บตรงเวลา"},
        {"id": "why", "kind": "text", "ask_if": {"w1": ["1"]}, "text": "เพราะอะไร"},
        {"id": "more", "kind": "offer", "scale": "more", "text": "ตอบเพิ่ม"},
        {"id": "sex", "kind": "choice", "scale": "yesno", "ask_if": {"more": ["yes"]}, "text": "เพศ"},
    ],
}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """GOOD with one thing changed, or gone when ``to`` is None."""
    table = deepcopy(GOOD)
    place: Any = table
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return table


def waste() -> Instrument:
    return instrument_file.build(GOOD, "waste.toml")


FAULTS = [
    (changed("title", to=None), "waste.toml: title is missing"),
    (changed("colour", to="red"), "waste.toml: 'colour' is no field here"),
    (changed("version", to="one"), "waste.toml: version must be int, not str"),
    (changed("version", to=True), "waste.toml: version must be int, not bool"),
    (changed("question", to=[]), "waste.toml: has no questions"),
    (changed("question", to=["w1"]), "waste.toml: every question must be a table"),
    (changed("question", 1, "id", to=None), "waste.toml: a question without id: id is missing"),
    (changed("question", 1, "text", to=None), "waste.toml: w1: text is missing"),
    (changed("question", 1, "id", to="used"), "waste.toml: used is there twice"),
    (changed("question", 1, "id", to="@w1"), "waste.toml: '@w1' is no id: small letters, digits and _ only"),
    (changed("question", 1, "kind", to="slider"), "waste.toml: w1: kind 'slider' is not one of"),
    (changed("question", 1, "scale", to="agre"), "waste.toml: w1: scale 'agre' is not in the file"),
    (changed("question", 1, "scale", to=None), "waste.toml: w1 has no options"),
    (changed("question", 1, "mood", to=1), "waste.toml: w1: 'mood' is no field here"),
    (changed("question", 1, "item_code", to=None), "waste.toml: w1 is an item without an item_code or a known"),
    (changed("question", 1, "indicator", to=7), "waste.toml: w1 is an item without an item_code or a known indicator"),
    (changed("question", 1, "scale", to="yesno"), "waste.toml: w1 is an item but no option has a score"),
    (changed("scales", "agree", 2, to={"value": "3", "label": "?"}), "waste.toml: w1 is an item but no option says"),
    (
        changed("question", 2, "ask_if", to={"w2": ["1"]}),
        "waste.toml: why depends on w2, a question that is not before",
    ),
    (
        changed("question", 0, "ask_if", to={"w1": ["1"]}),
        "waste.toml: used depends on w1, a question that is not before",
    ),
    (
        changed("question", 2, "ask_if", to={"w1": ["9"]}),
        "waste.toml: why depends on w1 = '9', which is no option of it",
    ),
    (changed("question", 2, "ask_if", to={"w1": "1"}), "waste.toml: why: ask_if w1 must be a list of texts"),
    (changed("question", 0, "ends", to=["never"]), "waste.toml: used ends on 'never', which is no option of it"),
    (changed("question", 0, "ends", to=[1]), "waste.toml: used: ends must be a list of texts"),
    (changed("question", 3, "scale", to="yesno"), "waste.toml: more is an offer, which has exactly one option"),
    (changed("scales", "agree", 0, "value", to=None), "waste.toml: scale agree: option 1 has no value"),
    (changed("scales", "agree", 1, "label", to=None), "waste.toml: scale agree: option 2 has no label"),
    (changed("scales", "agree", 1, "value", to=2), "waste.toml: scale agree: option 2: value must be str, not int"),
    (changed("scales", "agree", 1, "value", to="1"), "waste.toml: w1 has two options with the same value"),
    (changed("scales", "agree", 1, "score", to=101), "waste.toml: w1: option '2' scores 101, not 0-100"),
    (changed("scales", "agree", 1, "words", to="ดี"), "waste.toml: scale agree: option 2: words must be list, not str"),
    (changed("scales", "agree", 1, "words", to=[5]), "waste.toml: scale agree: 2: words must be a list of texts"),
    (changed("scales", "agree", to={}), "waste.toml: scale agree: every option must be a table"),
    (changed("indicator", 0, "title", to=None), "waste.toml: an indicator needs a number and a title"),
    (changed("indicator", 0, "number", to="1"), "waste.toml: indicator: number must be int, not str"),
    (
        changed("question", 2, to={**GOOD["question"][1], "id": "w2"}),
        "waste.toml: w2: item code w1 is there twice",
    ),
]


@pytest.mark.parametrize(("table", "fault"), FAULTS, ids=[fault for _, fault in FAULTS])
def test_a_faulty_file_names_itself_the_question_and_the_fault(table: dict[str, Any], fault: str) -> None:
    with pytest.raises(InstrumentError, match=re.escape(fault)):
        instrument_file.build(table, "waste.toml")


def test_the_next_question_is_the_first_applicable_one_without_an_answer() -> None:
    instrument = waste()

    def following(**answers: str) -> str | None:
        found = instrument.next_question(answers)
        return found.id if found else None

    assert following() == "notice"
    assert following(notice="start") == "used"
    assert following(notice="start", used="yes", w1="1") == "why"
    assert following(notice="start", used="yes", w1="2") is None
    assert following(notice="start", used="yes", w1="2", more="yes") == "sex"


def test_extras_are_offered_when_the_rest_is_answered_and_need_not_be_taken() -> None:
    instrument = waste()
    answered = {"notice": "start", "used": "yes", "w1": "2"}

    assert instrument.offers({"notice": "start"}) == ()
    assert [q.id for q in instrument.offers(answered)] == ["more"]
    assert instrument.offers({**answered, "more": "yes"}) == ()
    assert instrument.sendable({**answered, "more": "yes"})
    assert not instrument.sendable({**answered, "w1": "1"})


def test_answers_whose_question_no_longer_applies_go_with_their_marks() -> None:
    answers = {"notice": "start", "used": "yes", "w1": "2", "why": "ช้า", "@why": "m1", "@w1": "m2", "sex": "yes"}

    assert waste().pruned(answers) == {"notice": "start", "used": "yes", "w1": "2", "@w1": "m2"}


def test_a_score_belongs_to_an_option_and_missing_has_none() -> None:
    instrument = waste()

    assert [instrument.score("w1", value) for value in ("1", "2", "na", None)] == [0, 100, None, None]
    with pytest.raises(StopIteration):
        instrument.score("w9", "1")
    assert instrument.key == ("waste", 1)
    assert [q.id for q in instrument.items] == ["w1"]


def test_numbers_to_type_are_the_values_of_a_numeric_scale_and_positions_otherwise() -> None:
    by_id = {q.id: [o.number for o in q.options] for q in waste().questions}

    assert by_id["w1"] == ["1", "2", "0"]
    assert by_id["used"] == ["1", "2"]


def test_an_instrument_that_extends_another_replaces_only_what_it_says() -> None:
    whole = instrument_file.merged({"id": "waste-2", "version": 1, "title": "ขยะปีนี้"}, GOOD)

    assert instrument_file.build(whole, "waste-2.toml").questions == waste().questions
    assert instrument_file.merged({"id": "x"}, None) == {"id": "x"}


WORDS: dict[str, Any] = {
    "language": "en",
    "translates": "waste.1",
    "title": "Waste",
    "scales": {
        "agree": {"1": "bad", "2": "good", "na": "don't know"},
        "more": {"yes": "more"},
        "yesno": {"yes": "yes", "no": "no"},
    },
    "indicator": {"1": "Satisfaction"},
    "question": {
        "used": {"text": "Did you use it?", "hint": "this year"},
        "w1": {"text": "On time"},
        "why": {"text": "Why?"},
        "more": {"text": "More"},
        "sex": {"text": "Sex"},
    },
}


def test_a_translation_gives_words_and_changes_no_scale() -> None:
    instrument = instrument_file.build(instrument_file.translated(GOOD, WORDS, "waste.en.toml"), "waste.en.toml")

    assert instrument.title == "Waste"
    assert instrument.thanks == "ขอบคุณ"
    assert [(o.value, o.label, o.score) for o in instrument.items[0].options] == [
        ("1", "bad", 0),
        ("2", "good", 100),
        ("na", "don't know", None),
    ]
    assert instrument.questions[1].hint == "this year"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({**WORDS, "language": ""}, "waste.en.toml: language is missing"),
        ({**WORDS, "version": 2}, "waste.en.toml: 'version' is no field of a language file"),
        ({**WORDS, "indicator": {}}, "waste.en.toml: indicator.1 has no translation"),
        ({**WORDS, "question": {**WORDS["question"], "w1": {}}}, "waste.en.toml: question.w1.text has no translation"),
        (
            {**WORDS, "question": {**WORDS["question"], "w9": {"text": "?"}}},
            "waste.en.toml: question.w9 translates nothing",
        ),
        (
            {**WORDS, "scales": {**WORDS["scales"], "agree": {**WORDS["scales"]["agree"], "9": "?"}}},
            "waste.en.toml: scales.agree.9 translates nothing: no such option",
        ),
        ({**WORDS, "scales": {**WORDS["scales"], "agree": {"1": "bad"}}}, "scales.agree.2 has no translation"),
        ({**WORDS, "question": "w1"}, "waste.en.toml: question.used.text has no translation"),
    ],
)
def test_a_faulty_translation_names_itself_and_the_place(words: dict[str, Any], fault: str) -> None:
    with pytest.raises(InstrumentError, match=re.escape(fault)):
        instrument_file.translated(GOOD, words, "waste.en.toml")
