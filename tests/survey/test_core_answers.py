"""From words to the value of an answer, and what counts as the same words."""

import re

import pytest

from survey import answers, masking
from survey.answers import InvalidAnswer
from survey.events import Tap
from survey.instrument import Instrument, InstrumentError, Question
from survey.texts import Texts, normal
from tests.survey.core import begun, shelf, state

THAI = shelf().words("th")
ENGLISH = shelf().words("en")


def question(question_id: str, instrument: Instrument | None = None) -> Question:
    found = (instrument or begun().instrument).question(question_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ไม่เคยค่ะ", "ไม่เคย"),
        ("3 ครับ", "3"),
        ("๓", "3"),
        ("๓ ครับผม 🙏🏻", "3"),
        ("ข้ามนะคะ!", "ข้าม"),
        ("ไม่เคยเลยค่ะ", "ไม่เคย"),
        ("อื่น ๆ", "อื่นๆ"),
        ("  เห็นด้วย \n อย่างยิ่ง ", "เห็นด้วย อย่างยิ่ง"),
        ("เเก้ข้อ 3", "แก้ข้อ 3"),
        ("ท\u0e4d\u0e32ต่อ", "ทำต่อ"),
        ("ทำ\u200bต่อ", "ทำต่อ"),
        ("NEVER!", "never"),
        ("Don’t know", "don't know"),
        ("3.", "3"),
    ],
)
def test_what_is_typed_means_the_same(typed: str, meant: str) -> None:
    assert normal(typed) == normal(meant)


@pytest.mark.parametrize("typed", ["ค่ะ", "ครับ", "🙏", "-", "!!!", ""])
def test_an_ending_or_a_mark_alone_stays_what_it_is(typed: str) -> None:
    assert normal(typed) == typed


@pytest.mark.parametrize("typed", ["นะ" * 2500 + "x", "x" + "นะ" * 2500, "x" + "!ๆ " * 1600, "ก" + "้" * 4999])
def test_no_text_takes_long_to_read(typed: str) -> None:
    assert len(normal(typed)) <= len(typed)


@pytest.mark.parametrize(
    ("question_id", "typed", "value"),
    [
        ("screening", "เคยค่ะ", "yes"),
        ("screening", "ใช่", "yes"),
        ("screening", "ไม่เคยครับ", "no"),
        ("e1", "5", "5"),
        ("e1", "๖ ค่ะ", "6"),
        ("e1", "เห็นด้วย", "5"),
        ("e1", "ไม่เห็นด้วย", "2"),
        ("e1", "5 เห็นด้วย", "5"),
        ("e1", "0", "na"),
        ("e1", "ไม่รู้ค่ะ", "na"),
        ("e3", "2", "never"),
        ("e3", "ไม่ขอตอบ", "na"),
        ("sex", "อื่นๆ", "other"),
        ("service", "ภาษี", "tax"),
        ("notice", "เริ่ม", "start"),
        ("notice", "1", "start"),
        ("comment", "  ซ่อมถนน ค่ะ ", "ซ่อมถนน ค่ะ"),
    ],
)
def test_an_answer_can_be_typed(question_id: str, typed: str, value: str) -> None:
    assert answers.from_text(question(question_id), typed, THAI) == value


@pytest.mark.parametrize(
    ("question_id", "typed"),
    [
        ("e1", "7"),
        ("e1", "-1"),
        ("e1", "เห็นด้วยกับเขาทุกเรื่อง"),
        ("e3", "9"),
        ("e1", ""),
        ("comment", " \n"),
        ("notice", "ไม่"),
    ],
)
def test_what_only_contains_an_answer_is_none(question_id: str, typed: str) -> None:
    with pytest.raises(InvalidAnswer):
        answers.from_text(question(question_id), typed, THAI)


def test_english_labels_are_typed_in_part_or_whole() -> None:
    e1 = question("e1", state(language="en").instrument)

    assert answers.from_text(e1, "don’t know", ENGLISH) == "na"
    assert answers.from_text(e1, "Don't know / no answer", ENGLISH) == "na"
    assert answers.from_text(e1, "SOMEWHAT AGREE.", ENGLISH) == "4"


def test_every_option_can_be_typed_by_its_number_and_by_its_label() -> None:
    for instrument in shelf().instruments.values():
        texts = shelf().words(instrument.language)
        for asked in instrument.questions:
            for option in asked.options:
                assert answers.from_text(asked, option.number, texts) == option.value
                assert not option.label or answers.from_text(asked, option.label, texts) == option.value


def test_no_two_options_of_a_question_are_typed_alike() -> None:
    for instrument in shelf().instruments.values():
        for asked in instrument.questions:
            ways = [{normal(way) for way in (o.number, o.label, *o.words)} for o in asked.options]
            names = [name for each in ways for name in each]
            assert len(names) == len(set(names)), f"{instrument.id} {instrument.language} {asked.id}"


ONLY_WHERE_ASKED = ("done", "clear", "others")  # words of photos and categories, which have no such options


def test_no_answer_can_be_mistaken_for_a_command() -> None:
    """Only the offer's own words lead to the offer."""
    for instrument in shelf().instruments.values():
        words = shelf().words(instrument.language).words
        for asked in instrument.questions:
            for option in asked.options:
                for way in (option.number, option.label, *option.words):
                    assert words.get(normal(way)) in (None, "more", *ONLY_WHERE_ASKED), way


@pytest.mark.parametrize("option", [-1, 7])
def test_a_forged_tap_is_no_answer(option: int) -> None:
    with pytest.raises(InvalidAnswer):
        answers.from_tap(question("e1"), Tap("d", 2, option))


def test_a_text_has_a_label_of_its_own_and_an_unknown_value_is_shown_as_it_is() -> None:
    assert answers.label(question("e1"), "6", THAI) == "เห็นด้วยอย่างยิ่ง"
    assert answers.label(question("comment"), None, THAI) == "ข้าม"
    assert answers.label(question("comment"), "ซ่อมถนน", THAI) == "ซ่อมถนน"


# ---- the words themselves ----


def test_every_language_has_every_phrase_and_every_command() -> None:
    commands = set(THAI.words.values())

    for texts in shelf().texts.values():
        assert set(texts.phrases) == set(THAI.phrases)
        assert set(texts.words.values()) == commands


def test_no_two_commands_share_a_word() -> None:
    import tomllib

    from survey.library import TEXTS

    for path in TEXTS.glob("*.toml"):
        words = tomllib.loads(path.read_text("utf-8"))["words"]
        typed = [way for ways in words.values() for way in {normal(way) for way in ways}]
        assert len(typed) == len(set(typed)), path.name


def test_every_label_of_a_command_button_can_be_typed_instead() -> None:
    for name in "back skip stop send send_now review resume restart household start".split():
        for texts in shelf().texts.values():
            assert texts.command(texts(name)) == name.removesuffix("_now"), name


def test_a_translation_without_a_phrase_or_with_a_strange_place_is_refused() -> None:
    base = Texts.build("th", {"phrases": {"hi": "สวัสดี {name}"}, "words": {"menu": ["เมนู"]}}, None)

    assert Texts.build("lo", {"phrases": {"hi": "ສະບາຍດີ"}}, base).command("เมนูค่ะ") == "menu"
    with pytest.raises(InstrumentError, match=re.escape("texts/lo.toml: the phrase 'hi' is missing")):
        Texts.build("lo", {"phrases": {}}, base)
    with pytest.raises(InstrumentError, match="fills in a place that Thai does not have"):
        Texts.build("lo", {"phrases": {"hi": "{nama}"}}, base)


# ---- personal data in comments ----


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("โทร 081-234-5678 นะ", "โทร [เบอร์โทร] นะ"),
        ("โทร ๐๘๑๒๓๔๕๖๗๘", "โทร [เบอร์โทร]"),
        ("โทร +66 81 234 5678", "โทร [เบอร์โทร]"),
        ("บัตร 1-1037-00000-00-1", "บัตร [เลขบัตรประชาชน]"),
        ("เมล somchai@example.com ครับ", "เมล [อีเมล] ครับ"),
        ("ไลน์ไอดี somchai99", "ไลน์ไอดี [ไลน์ไอดี]"),
        ("แอด @shop.th", "แอด [ไลน์ไอดี]"),
        ("รถ กข 1234", "รถ [ทะเบียนรถ]"),
        ("นายสมชาย ใจดี พูดดี", "นาย[ชื่อ] พูดดี"),
        ("นายกเทศมนตรีดีมาก", "นายกเทศมนตรีดีมาก"),
        ("นางฟ้าประจำเคาน์เตอร์", "นางฟ้าประจำเคาน์เตอร์"),
        ("รถ 1กข-1234 กับ ฮฮ99", "รถ [ทะเบียนรถ] กับ [ทะเบียนรถ]"),
        ("ไฟดับมา 3 วัน ซอย 12 ขอ 1000 บาท", "ไฟดับมา 3 วัน ซอย 12 ขอ 1000 บาท"),
        ("รอ 30 นาที มีคน 5 คน บน 2 ชั้น รถ 3 คัน", "รอ 30 นาที มีคน 5 คน บน 2 ชั้น รถ 3 คัน"),
    ],
)
def test_personal_data_is_masked_and_other_words_stay(written: str, shown: str) -> None:
    assert masking.mask(written) == shown


def test_a_national_id_is_known_by_its_check_digit() -> None:
    assert masking.has_national_id("เลข 1-1037-00000-00-3") == masking.valid_national_id("1103700000003")
    assert masking.valid_national_id("1101700230708")
    assert masking.has_national_id("บัตร ๑๑๐๑๗๐๐๒๓๐๗๐๘")
    assert not masking.valid_national_id("1101700230709")
    assert not masking.valid_national_id("110170023070")
    assert not masking.has_national_id("โทร 0812345678")
