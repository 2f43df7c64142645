"""What a complaint is made of, in the core: words or voice, category, place, photos, phone; and what is none of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import answers, conversation, intake, photos, places, prompts
from survey.answers import InvalidAnswer
from survey.events import Attached, Do, Dropped, Expected, Link, Located, Other, Prompt, Say, Tap, Turn
from survey.instrument import Answers, Instrument
from survey.settings import Agency
from survey.state import State
from tests.conftest import OFFICE
from tests.survey.core import asked, said, saved, shelf, state

AGENCY = Agency("main", "เทศบาลตำบลตัวอย่าง", "s", "t", office=OFFICE)
ROAD = {"words": "ถนนเป็นหลุม", "category": "road"}


def report(**given_: str | None) -> State:
    """A complaint with these answers; the notice is read."""
    kept: Answers = {"notice": "start", **given_}
    instrument = shelf().newest("complaint")

    def fit(now: Answers) -> Instrument:
        return intake.fit(instrument, AGENCY, now)

    return state(dict(kept), kind="complaint", fit=fit, instrument=fit(kept))


def photo(name: str, batch: str = "", total: int = 1) -> Attached:
    return Attached("image", name, f"line-{name}", 0, batch, total)


def labels(prompt: Prompt) -> list[str]:
    return [button.label for button in prompt.buttons]


def expected(turn: Turn) -> list[str]:
    return [fact.file.message_id for fact in turn.facts if isinstance(fact, Expected)]


# ---- words ----


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("  ", "please_say"),
        ("🙏🙏", "no_letters"),
        ("...", "no_letters"),
        ("ก" * 2001, "too_long"),
        ("ข้าม", "cannot_leave_out"),
    ],
)
def test_words_that_are_none_are_asked_for_again(typed: str, phrase: str) -> None:
    turn = conversation.advance(report(), Say(typed))

    assert said(turn)[0] == shelf().words("th")(phrase, limit=2000)
    assert asked(turn).text == "ต้องการแจ้งเรื่องอะไรคะ"


def test_words_are_kept_with_the_message_they_came_in() -> None:
    turn = conversation.advance(report(), Say("ถนนเป็นหลุม", "m1"))

    kept = saved(turn)
    assert kept is not None
    assert (kept.answers["words"], kept.answers["@words"]) == ("ถนนเป็นหลุม", "m1")
    assert labels(asked(turn))[0] == "ถนน ทางเท้า สะพาน"


def test_a_national_id_is_masked_where_it_is_shown_and_the_person_is_told() -> None:
    turn = conversation.advance(report(), Say("ไฟดับ เลขบัตร 1234567890121"))

    assert said(turn)[0] == shelf().words("th")("has_national_id")
    question = report().instrument.questions[1]
    assert "1234567890121" not in answers.label(question, "เลขบัตร 1234567890121", shelf().words("th"))


def test_a_voice_message_answers_the_words_and_is_fetched() -> None:
    turn = conversation.advance(report(), Attached("audio", "v1", "line-v1", 45))

    kept = saved(turn)
    assert kept is not None
    assert (kept.answers["words"], kept.answers["@words"]) == (answers.VOICE, "v1")
    assert expected(turn) == ["v1"]
    assert answers.label(report().instrument.questions[1], answers.VOICE, shelf().words("th")) == "ข้อความเสียง"


@pytest.mark.parametrize(
    ("draft", "seconds", "phrase"),
    [(report(), 121, "voice_long"), (report(words="ไฟดับ"), 10, "choose")],
)
def test_a_voice_message_that_is_too_long_or_answers_nothing_is_not_fetched(
    draft: State, seconds: int, phrase: str
) -> None:
    turn = conversation.advance(draft, Attached("audio", "v1", "line-v1", seconds))

    assert said(turn)[0] == shelf().words("th")(phrase)
    assert expected(turn) == []


# ---- words that look corrupt ----


def test_words_that_look_corrupt_are_asked_about_before_anything_else_and_leave_with_a_yes() -> None:
    turn = conversation.advance(report(), Say("ช่างเรียกเงินใต้โต๊ะ"))
    assert asked(turn).text == "เรื่องนี้อาจเป็นการทุจริต ส่งแบบปกปิดหรือไม่"
    assert (asked(turn).progress, asked(turn).label) == (None, "")

    corrupt = report(words="ช่างเรียกเงินใต้โต๊ะ")
    gone = conversation.advance(corrupt, Tap("d1", 2, 0))
    stays = conversation.advance(corrupt, Say("ไม่ใช่"))

    assert Dropped() in gone.facts
    assert asked(stays).text == "เป็นเรื่องประเภทใดคะ"
    assert asked(stays).echo == ""


@pytest.mark.parametrize(("url", "opens"), [("https://siang.example.go.th/sealed/main", "https:"), ("", "tel:1205")])
def test_the_sealed_page_is_a_button_and_without_one_the_number_of_the_nacc(url: str, opens: str) -> None:
    [door] = prompts.door(shelf().words("th"), "sealed", url).buttons

    assert isinstance(door.action, Link)
    assert door.action.url.startswith(opens)


# ---- category ----


def test_three_categories_that_fit_stand_first_and_the_rest_behind_a_button() -> None:
    draft = report(words="ไฟถนนดับ")
    shown = asked(conversation.advance(report(), Say("ไฟถนนดับ")))
    assert [button.number for button in shown.buttons] == ["1", "2", "3", "4"]

    by_number = conversation.advance(draft, Say("4"))
    by_button = conversation.advance(draft, Do("others", draft="d1"))

    assert labels(asked(by_number)) == labels(asked(by_button)) == [c.title for c in OFFICE.rules.categories]
    after = saved(by_button)
    assert after is not None
    everything = report(**{k: v for k, v in after.answers.items() if k != "notice"})
    last = saved(conversation.advance(everything, Say("อื่น ๆ")))
    assert last is not None
    assert last.answers["category"] == "other"


def test_a_category_is_also_known_by_its_usual_words() -> None:
    kept = saved(conversation.advance(report(words="มีเรื่องแจ้ง"), Say("ขยะ")))

    assert kept is not None
    assert kept.answers["category"] == "waste"


# ---- place ----


def test_a_place_is_typed_or_left_out_or_sent_on_the_map_at_any_time() -> None:
    typed = conversation.advance(report(**ROAD), Say("หมู่ 4"))
    left_out = conversation.advance(report(**ROAD), Do("skip", "place", "d1"))
    early = conversation.advance(report(), Located(17.41, 102.79, "วัด\nโพธิ์ชัย"))

    kept = [saved(turn) for turn in (typed, left_out, early)]
    assert [one.answers.get("place") for one in kept if one] == ["หมู่ 4", None, "17.410000,102.790000 วัด โพธิ์ชัย"]
    assert asked(left_out).echo.endswith("ไม่ระบุ")
    assert asked(early).text == "ต้องการแจ้งเรื่องอะไรคะ"
    place = report().instrument.question("place")
    assert place is not None
    assert answers.label(place, "17.410000,102.790000", shelf().words("th")) == "ตำแหน่งบนแผนที่"


def test_a_place_in_another_country_is_asked_for_again() -> None:
    turn = conversation.advance(report(**ROAD), Located(48.85, 2.35, "Paris"))

    assert said(turn)[0] == shelf().words("th")("place_abroad")
    assert asked(turn).text == "เกิดขึ้นที่ไหนคะ"


def test_a_place_where_nobody_asks_for_one_is_answered_with_the_question() -> None:
    survey = state({"notice": "start", "screening": "yes"})

    assert said(conversation.advance(survey, Located(17.4, 102.8)))[0] == shelf().words("th")("choose")


def test_the_large_skip_button_of_an_older_question_skips_no_other() -> None:
    turn = conversation.advance(report(**ROAD, place="หมู่ 4"), Do("skip", "place", "d1"))

    assert said(turn)[0] == shelf().words("th")("old_button")
    assert asked(turn).text == "มีภาพถ่ายไหมคะ"


@pytest.mark.parametrize(
    ("latitude", "longitude", "inside"),
    [
        (13.7563, 100.5018, True),  # Bangkok
        (17.4138, 102.7872, True),  # Udon Thani
        (20.4333, 99.8833, True),  # Mae Sai, on the border
        (6.0248, 101.9647, True),  # Su-ngai Kolok
        (9.1382, 99.3215, True),  # Surat Thani
        (7.8804, 98.3923, True),  # Phuket
        (15.2448, 104.8473, True),  # Ubon
        (19.8856, 102.1347, False),  # Luang Prabang
        (11.5564, 104.9282, False),  # Phnom Penh
        (16.8661, 96.1951, False),  # Yangon
        (3.1390, 101.6869, False),  # Kuala Lumpur
        (48.85, 2.35, False),
        (float("nan"), float("nan"), False),
        (float("inf"), 100.0, False),
    ],
)
def test_thailand_is_known_from_its_neighbours(latitude: float, longitude: float, inside: bool) -> None:
    assert places.in_thailand(latitude, longitude) is inside


@given(st.floats(-90, 90), st.floats(-180, 180), st.text(max_size=400))
def test_a_written_place_is_read_again(latitude: float, longitude: float, address: str) -> None:
    place = places.read(places.written(latitude, longitude, address))

    assert place.latitude == pytest.approx(latitude, abs=1e-6)
    assert place.longitude == pytest.approx(longitude, abs=1e-6)
    assert place.address == " ".join(address.split())[:300].strip()


def test_a_typed_place_has_no_coordinates() -> None:
    assert places.read("หมู่ 4") == places.Place("หมู่ 4")
    assert places.read(None) == places.Place()


# ---- photos ----

AT_PHOTOS = {**ROAD, "place": None}


def test_a_photo_may_come_before_the_words() -> None:
    turn = conversation.advance(report(), photo("a"))

    kept = saved(turn)
    assert kept is not None
    assert kept.answers["+photos"] == "a"
    assert expected(turn) == ["a"]
    assert asked(turn).text == "ต้องการแจ้งเรื่องอะไรคะ"


def test_photos_sent_at_once_are_answered_when_the_last_has_come() -> None:
    first = conversation.advance(report(**AT_PHOTOS), photo("a", "x", 2))
    second = conversation.advance(report(**AT_PHOTOS, **{"+photos": "a.x"}), photo("b", "x", 2))

    assert first.prompts == ()
    assert expected(first) == ["a"]
    assert asked(second).echo == "ได้รับภาพแล้ว 2 ภาพ"
    assert asked(second).hint.startswith("ได้รับแล้ว 2 ภาพ ส่งเพิ่มได้อีก 3 ภาพ")
    assert labels(asked(second)) == ["ถ่ายภาพ", "เลือกภาพในเครื่อง", "ส่งภาพครบแล้ว", "ลบภาพ เลือกใหม่"]


def test_a_sixth_photo_is_not_kept_and_the_others_stay() -> None:
    full = report(**AT_PHOTOS, **{"+photos": "a b c d e"})

    alone = conversation.advance(full, photo("f"))
    in_a_batch = conversation.advance(report(**AT_PHOTOS, **{"+photos": "a b c d e.x .x"}), photo("g", "x", 3))

    for turn in (alone, in_a_batch):
        assert expected(turn) == []
        assert said(turn)[0] == shelf().words("th")("photos_full", limit=5)
    assert asked(alone).hint.startswith("ได้รับครบ 5 ภาพแล้วค่ะ")
    assert labels(asked(alone)) == ["ส่งภาพครบแล้ว", "ลบภาพ เลือกใหม่"]


@pytest.mark.parametrize("way", [Do("done", draft="d1"), Do("skip", "photos", "d1"), Say("ครบแล้ว"), Say("ข้าม")])
def test_the_photos_sent_so_far_are_the_answer(way: Do | Say) -> None:
    sent = saved(conversation.advance(report(**AT_PHOTOS, **{"+photos": "a b"}), way))
    none = saved(conversation.advance(report(**AT_PHOTOS), way))

    assert sent is not None
    assert none is not None
    assert sent.answers["photos"] == "a b"
    assert none.answers["photos"] is None


def test_photos_are_chosen_again_and_one_more_is_sent_from_the_summary() -> None:
    cleared = saved(conversation.advance(report(**AT_PHOTOS, **{"+photos": "a b"}), Say("ลบภาพ")))
    whole = report(**AT_PHOTOS, photos="a", tell_by="none")
    edited = saved(conversation.advance(whole, Do("edit", "photos", "d1")))
    more = saved(conversation.advance(whole, photo("b")))

    assert cleared is not None
    assert cleared.answers["+photos"] is None
    assert edited is not None
    assert edited.answers["+photos"] == "a"
    assert more is not None
    assert more.answers["photos"] == "a b"


@pytest.mark.parametrize("kind", ["video", "file"])
def test_a_video_or_a_file_is_refused_in_one_sentence(kind: str) -> None:
    turn = conversation.advance(report(**AT_PHOTOS), Other(kind))

    assert said(turn)[0] == shelf().words("th")(f"no_{kind}")
    assert asked(turn).text == "มีภาพถ่ายไหมคะ"


def test_words_where_photos_are_wanted_are_none() -> None:
    assert said(conversation.advance(report(**AT_PHOTOS), Say("สวยมาก")))[0] == shelf().words("th")("please_photos")


def test_a_photo_where_nobody_asks_for_one_is_thanked_for() -> None:
    survey = state({"notice": "start", "screening": "yes"})

    assert said(conversation.advance(survey, photo("a")))[0] == shelf().words("th")("not_a_picture")
    assert conversation.advance(state(), photo("a")) == Turn()


@pytest.mark.parametrize("order", ["done", "clear", "others"])
def test_buttons_of_questions_that_are_not_open_do_nothing(order: str) -> None:
    assert said(conversation.advance(report(), Do(order, draft="d1")))[0] == shelf().words("th")("old_button")


def test_a_photo_taken_back_leaves_the_answer_and_the_others_stay() -> None:
    begun = conversation.unsent(report(**AT_PHOTOS, **{"+photos": "a b"}), "a")
    answered = conversation.unsent(report(**AT_PHOTOS, photos="a", tell_by="none"), "a", "photo_gone")
    other = conversation.unsent(report(**AT_PHOTOS, **{"+photos": "a b"}), "c")

    kept = [saved(turn) for turn in (begun, answered)]
    assert [one.answers.get("+photos", one.answers.get("photos")) for one in kept if one] == ["b", None]
    assert said(answered)[0] == shelf().words("th")("photo_gone")
    assert other == Turn()


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12, unique=True), st.sampled_from(["", "x"]))
def test_never_more_than_five_photos_and_each_can_be_taken_out(names: list[str], batch: str) -> None:
    value: str | None = None
    for name in names:
        value = photos.add(value, name, batch)

    assert photos.ids(value) == tuple(names[:5])
    assert photos.has_room(value) == (len(names) < 5)
    assert photos.arrived(value, "x") == (len(names) if batch else 0)
    assert photos.overflowed(value, "x") == (bool(batch) and len(names) > 5)
    for name in names:
        assert name not in photos.ids(photos.without(value, name))


def test_where_photos_are_wanted_nobody_is_told_to_type_a_number() -> None:
    waiting = conversation.ask(report(words="ไฟถนนดับ", category="light", place=None))[0]

    assert waiting.footer == "ส่งภาพได้เลย • ย้อนกลับ • หยุด"


# ---- how to be told ----


@pytest.mark.parametrize("typed", ["081 234 5678", "๐๘๑-๒๓๔-๕๖๗๘", "+66 81 234 5678", "(081) 234.5678"])
def test_a_phone_number_is_read_however_it_is_written(typed: str) -> None:
    draft = report(**AT_PHOTOS, photos=None, tell_by="phone")

    kept = saved(conversation.advance(draft, Say(typed)))

    assert kept is not None
    assert kept.answers["phone"] == "0812345678"


@pytest.mark.parametrize("typed", ["12345", "โทรมาเลย", "1812345678", "081234567890"])
def test_what_is_no_phone_number_is_asked_for_again(typed: str) -> None:
    draft = report(**AT_PHOTOS, photos=None, tell_by="phone")

    assert said(conversation.advance(draft, Say(typed)))[0] == shelf().words("th")("bad_phone")


def test_a_forged_button_is_no_answer() -> None:
    words = report().instrument.questions[1]

    with pytest.raises(InvalidAnswer) as refused:
        answers.from_tap(words, Tap("d1", 1, 7))

    assert refused.value.phrase == "please_say"


def test_the_summary_shows_all_and_is_sent_with_one_word() -> None:
    whole = report(**AT_PHOTOS, photos="a b", tell_by="none")

    turn = conversation.advance(whole, Say("อะไรนะ"))
    sent = saved(conversation.advance(whole, Say("ส่งเรื่อง")))

    assert [row.answer for row in asked(turn).rows] == [
        "ถนนเป็นหลุม",
        "ถนน ทางเท้า สะพาน",
        "ไม่ระบุ",
        "2 ภาพ",
        "ไม่ต้องแจ้ง",
    ]
    assert said(turn)[0] == shelf().words("th")("choose_send")
    assert sent is not None
    assert sent.status == "closed"


def test_where_people_read_the_chat_it_is_said_wherever_something_is_typed() -> None:
    warning = shelf().words("th")("staff_read_typed")
    at_each: list[dict[str, str | None]] = [{}, {**ROAD}, {**AT_PHOTOS, "photos": None, "tell_by": "phone"}]
    for kept in at_each:
        draft = report(**kept)
        hint = prompts.question(draft, draft.question).hint  # type: ignore[arg-type]
        assert warning not in hint

        read = replace(draft, chat_is_read=True)
        assert warning in prompts.question(read, read.question).hint  # type: ignore[arg-type]


def test_whoever_has_chosen_english_reads_the_categories_in_english_where_the_office_wrote_them() -> None:
    instrument = shelf().get(*shelf().newest("complaint").key, "en")
    fitted = intake.fit(instrument, AGENCY, {"words": "The street light is broken"})
    category = fitted.question("category")
    assert category is not None

    titles = {option.value: option.label for option in category.options}

    assert category.shown[0] == "light"
    assert titles["light"] == "Street lights"
    assert all(label.isascii() for label in titles.values())
    road = OFFICE.rules.category("road")
    assert replace(road, title_en="").named("en") == road.named("th") == road.title
