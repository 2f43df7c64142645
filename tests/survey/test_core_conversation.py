"""The interpreter alone: one draft, one event, one turn. Whole chats stand in transcripts/."""

import pytest

from survey import conversation
from survey.events import Begun, Do, Dropped, Event, Follow, Link, Other, Saved, Say, Tap, Turn
from survey.state import State
from tests.survey.core import NINE, asked, begun, said, saved, shelf, state

PHRASES = shelf().words("th")


def position(draft: State, question_id: str) -> int:
    return [q.id for q in draft.instrument.questions].index(question_id)


def test_a_tap_answers_the_question_it_belongs_to_and_the_next_bubble_repeats_it() -> None:
    draft = begun()

    turn = conversation.advance(draft, Tap("d1", position(draft, "e1"), 5))

    assert saved(turn) == Saved({**draft.answers, "e1": "6"})
    assert asked(turn).echo == "คำตอบเมื่อครู่: เห็นด้วยอย่างยิ่ง"
    assert asked(turn).label == "ข้อ 2 จาก 9"


def test_the_bribery_question_is_never_echoed() -> None:
    draft = begun(e1="5", e2="5")

    turn = conversation.advance(draft, Tap("d1", position(draft, "e3"), 0))

    assert asked(turn).echo == "บันทึกคำตอบแล้ว"


@pytest.mark.parametrize("option", [7, 99])
def test_a_forged_option_is_asked_again(option: int) -> None:
    draft = begun()

    turn = conversation.advance(draft, Tap("d1", position(draft, "e1"), option))

    assert saved(turn) == Saved(dict(draft.answers))
    assert said(turn)[0] == PHRASES("choose")


@pytest.mark.parametrize("question", [0, 1, 2, 4, 11, 99])
def test_a_button_of_another_question_is_never_applied(question: int) -> None:
    draft = begun(e1="5")

    turn = conversation.advance(draft, Tap("d1", question, 0))

    assert saved(turn) == Saved(dict(draft.answers))
    assert said(turn) == [PHRASES("old_button"), asked(turn).text]


def test_what_is_asked_is_open_and_touched() -> None:
    stopped = begun()
    paused = State(stopped.instrument, stopped.texts, "d1", stopped.answers, "paused")

    turn = conversation.advance(paused, Do("help", draft="d1"))

    assert saved(turn) == Saved(dict(stopped.answers), "open")


def test_starting_begins_the_participation_and_only_then() -> None:
    turn = conversation.advance(state(), Tap("d1", 0, 0))

    assert turn.facts == (Saved({"notice": "start"}), Begun())
    assert conversation.advance(state(), Say("ขอถามเรื่องภาษี")).facts == ()


def test_a_helper_is_told_to_let_the_person_choose() -> None:
    turn = conversation.advance(state(assisted=True), Say("เริ่ม"))

    assert said(turn)[0] == PHRASES("assisted")


def test_screening_no_drops_everything() -> None:
    turn = conversation.advance(state({"notice": "start"}), Say("ไม่เคยค่ะ"))

    assert turn.facts == (Dropped(),)


@pytest.mark.parametrize(
    ("event", "phrase"),
    [
        (Other("sticker"), "not_a_sticker"),
        (Other("image"), "not_a_picture"),
        (Other("file"), "choose"),
        (Say("ไม่แน่ใจ"), "choose"),
        (Do("help"), "help_question"),
        (Do("send"), "not_all"),
        (Do("review"), "not_all"),
    ],
)
def test_what_is_no_answer_gets_one_kind_sentence_and_the_question_again(event: Event, phrase: str) -> None:
    draft = begun()

    turn = conversation.advance(draft, event)

    assert said(turn) == [PHRASES(phrase), draft.instrument.items[0].text]
    assert saved(turn) == Saved(dict(draft.answers))


@pytest.mark.parametrize(
    "event", [Other("image"), Say("อะไรนะ"), Say("แก้ข้อ 77"), Do("help"), Do("skip"), Say("แก้ข้อ 0")]
)
def test_when_all_is_answered_anything_else_points_to_sending(event: Event) -> None:
    turn = conversation.advance(begun(**NINE), event)

    assert said(turn) == [PHRASES("choose_ready"), PHRASES("ready")]


@pytest.mark.parametrize("event", [Do("help"), Other("sticker"), Say("   ")])
def test_where_text_is_asked_one_is_told_to_type(event: Event) -> None:
    draft = begun(**NINE, more="yes", sex="na", age="na", capacity="na", service="na")

    turn = conversation.advance(draft, event)

    assert said(turn)[0] == PHRASES("please_type")


def test_a_comment_too_long_says_how_long_it_may_be() -> None:
    draft = state({"notice": "start", "s1": "5", "s2": "5", "s3": "5", "s4": "5", "more": "yes"}, kind="satisfaction")

    assert said(conversation.advance(draft, Say("ก" * 1001)))[0] == PHRASES("too_long", limit=1000)
    assert saved(conversation.advance(draft, Say("ก" * 1000))) == Saved({**draft.answers, "comment": "ก" * 1000})


@pytest.mark.parametrize("command", ["back", "skip", "help", "send", "review", "edit", "resume", "restart"])
def test_at_the_notice_every_command_but_stop_shows_how_to_begin(command: str) -> None:
    turn = conversation.advance(state(), Do(command))

    assert said(turn)[0] == PHRASES("help_notice")
    assert asked(turn).kind == "notice"
    assert saved(turn) == Saved({})


def test_stopping_at_the_notice_leaves_nothing() -> None:
    assert conversation.advance(state(), Do("stop")).facts == (Dropped(),)
    assert conversation.advance(state(), Other("image")).prompts == ()


def test_stopping_later_keeps_the_answers_and_offers_the_way_back() -> None:
    turn = conversation.advance(begun(e1="5"), Do("stop"))

    assert saved(turn) == Saved(dict(begun(e1="5").answers), "paused")
    assert [b.label for b in asked(turn).buttons] == ["ทำต่อ"]


def test_stopping_with_everything_answered_says_that_it_counts_as_sent() -> None:
    assert said(conversation.advance(begun(**NINE), Do("stop"))) == [PHRASES("stopped_ready")]


def test_back_takes_the_answer_before_and_never_one_after_it() -> None:
    nine = {**NINE}
    del nine["e3"]

    turn = conversation.advance(begun(**nine), Do("back"))

    assert saved(turn) == Saved({"notice": "start", "screening": "yes", **{k: v for k, v in nine.items() if k != "e2"}})


def test_back_at_the_first_question_says_so() -> None:
    assert said(conversation.advance(state({"notice": "start"}), Do("back")))[0] == PHRASES("first_question")


def test_the_screening_question_cannot_be_skipped() -> None:
    assert said(conversation.advance(state({"notice": "start"}), Say("ข้าม")))[0] == PHRASES("cannot_skip")


def test_skipping_an_item_is_missing_and_a_comment_is_nothing() -> None:
    item = conversation.advance(begun(), Say("ข้าม"))
    comment = conversation.advance(
        state({"notice": "start", **dict.fromkeys(("s1", "s2", "s3", "s4"), "5"), "more": "yes"}, kind="satisfaction"),
        Say("ข้ามค่ะ"),
    )

    assert saved(item) == Saved({**begun().answers, "e1": "na"})
    assert (saved(comment) or Saved({})).answers["comment"] is None


def test_an_answer_is_edited_by_button_or_by_its_number() -> None:
    draft = begun(**NINE)
    without = {name: value for name, value in draft.answers.items() if name != "e2"}

    assert saved(conversation.advance(draft, Do("edit", "e2"))) == Saved(without)
    assert saved(conversation.advance(draft, Say("แก้ข้อ ๒ ค่ะ"))) == Saved(without)


@pytest.mark.parametrize("question", ["notice", "e10", "sex"])
def test_what_was_not_answered_cannot_be_edited(question: str) -> None:
    assert said(conversation.advance(begun(**NINE), Do("edit", question)))[0] == PHRASES("old_button")


def test_extras_are_taken_up_by_button_or_by_words_and_given_up_by_going_back() -> None:
    draft = begun(**NINE)

    tapped = conversation.advance(draft, Tap("d1", position(draft, "more"), 0))
    typed = conversation.advance(draft, Say("ตอบเพิ่มค่ะ"))

    assert saved(tapped) == saved(typed) == Saved({**draft.answers, "more": "yes"})
    assert asked(tapped).echo == ""
    again = conversation.advance(begun(**NINE, more="yes"), Do("back"))
    assert saved(again) == Saved(dict(draft.answers))


def test_words_for_extras_are_an_answer_like_any_other_when_there_are_none() -> None:
    assert said(conversation.advance(begun(), Say("ตอบเพิ่ม")))[0] == PHRASES("choose")


def test_sending_closes_and_offers_the_household_to_answer_while_there_is_a_seat() -> None:
    turn = conversation.advance(begun(**NINE), Do("send"))
    last = conversation.advance(
        State(begun().instrument, PHRASES, "d1", begun(**NINE).answers, last_seat=True), Say("ส่ง")
    )

    assert saved(turn) == Saved(dict(begun(**NINE).answers), "closed")
    assert [b.label for b in asked(turn).buttons] == ["คนอื่นในบ้านต้องการตอบ"]
    assert asked(last).buttons == ()


def test_a_helper_is_offered_the_next_person_and_satisfaction_nobody() -> None:
    helped = State(begun().instrument, PHRASES, "d1", begun(**NINE).answers, assisted=True)
    point = state({"notice": "start", **dict.fromkeys(("s1", "s2", "s3", "s4"), "5")}, kind="satisfaction")

    assert [b.label for b in asked(conversation.advance(helped, Do("send"))).buttons] == ["ช่วยกรอกให้คนต่อไป"]
    assert asked(conversation.advance(point, Do("send"))).buttons == ()


def test_review_shows_every_answer_but_the_one_that_is_never_echoed() -> None:
    rows = asked(conversation.advance(begun(**NINE, more="yes", sex="female"), Do("review"))).rows

    assert [row.number for row in rows] == list(range(1, 11))
    assert rows[2].answer == "ตอบแล้ว (ไม่แสดง)"
    assert rows[9].answer == "หญิง"


def test_resume_asks_on_and_restart_forgets_everything_but_the_notice() -> None:
    draft = begun(e1="5")

    assert saved(conversation.advance(draft, Do("resume"))) == Saved(dict(draft.answers))
    assert saved(conversation.advance(draft, Do("restart"))) == Saved({"notice": "start"})


def test_an_unknown_command_asks_again_and_an_event_that_is_none_does_nothing() -> None:
    assert said(conversation.advance(begun(), Do("dance"))) == [begun().instrument.items[0].text]
    assert conversation.advance(begun(), Follow()) == Turn()


def test_a_typed_answer_remembers_its_message_and_unsend_takes_it_back() -> None:
    draft = begun(e1="5")
    turn = conversation.advance(draft, Say("6", "m1"))
    typed = State(draft.instrument, PHRASES, "d1", (saved(turn) or Saved({})).answers)

    assert typed.answers == {**draft.answers, "e2": "6", "@e2": "m1"}
    back = conversation.unsent(typed, "m1")
    assert saved(back) == Saved(dict(draft.answers))
    assert said(back) == [PHRASES("unsent"), draft.instrument.items[1].text]


@pytest.mark.parametrize("message", ["m2", "5", "start"])
def test_unsending_anything_else_changes_nothing(message: str) -> None:
    assert conversation.unsent(begun(e1="5"), message) == Turn()
    forged = State(begun().instrument, PHRASES, "d1", {"@gone": "m2"})
    assert conversation.unsent(forged, "m2") == Turn()


def test_unsend_reaches_stopped_and_closed_drafts_without_asking_again() -> None:
    answers = {**begun(**NINE, more="yes", comment="ซ่อมถนน").answers, "@comment": "m1", "@e1": "m2"}
    instrument = begun().instrument

    paused = conversation.unsent(State(instrument, PHRASES, "d1", answers, "paused"), "m1")
    closed = conversation.unsent(State(instrument, PHRASES, "d1", answers, "closed"), "m1")
    item = conversation.unsent(State(instrument, PHRASES, "d1", answers, "closed"), "m2")

    assert said(paused) == said(closed) == [PHRASES("unsent")]
    assert "comment" not in (saved(paused) or Saved({"comment": "x"})).answers
    assert (saved(closed) or Saved({})).answers["comment"] is None
    assert (saved(closed) or Saved({})).status == "closed"
    assert (saved(item) or Saved({})).answers["e1"] == "na"


def test_where_staff_can_read_along_the_bot_says_so_at_free_text_and_at_the_bribery_question() -> None:
    read = State(begun().instrument, PHRASES, "d1", begun(e1="5", e2="5").answers, chat_is_read=True, assisted=True)
    extras = {**begun(**NINE, more="yes", sex="na", age="na", capacity="na", service="na").answers}
    comment = State(begun().instrument, PHRASES, "d1", extras, chat_is_read=True)

    bribery = asked(conversation.advance(read, Do("resume"))).hint.split("\n")
    assert bribery == [PHRASES("private"), PHRASES("staff_read_tap")]
    assert PHRASES("staff_read") in asked(conversation.advance(comment, Do("resume"))).hint
    assert asked(conversation.advance(begun(e1="5", e2="5"), Do("resume"))).hint == ""


def test_the_notice_names_the_office_the_point_and_the_privacy_page() -> None:
    draft = state(kind="satisfaction", point="งานจัดเก็บรายได้", privacy_url="https://siang.example.go.th/privacy/main")

    notice = conversation.ask(draft)[0]

    assert notice.hint == "จุดบริการ: งานจัดเก็บรายได้"
    assert notice.buttons[1].action == Link("https://siang.example.go.th/privacy/main")
    assert conversation.ask(state())[0].buttons[1].action == Do("privacy")


def test_the_footer_names_what_the_quick_replies_offer() -> None:
    item = conversation.ask(begun())[0]
    last = conversation.ask(begun(**NINE, more="yes"))[0]

    assert item.footer == "พิมพ์ตัวเลขก็ได้ • ย้อนกลับ • ข้าม • หยุด"
    assert last.footer.endswith("ส่งเลย")
