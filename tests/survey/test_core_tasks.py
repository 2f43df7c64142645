"""A task is asked by the same interpreter as a survey; one that is immediate is sent with its last answer."""

from dataclasses import replace

from survey import conversation
from survey.events import Other, Say, Tap
from survey.instrument import Instrument, Option, Question
from tests.survey.core import asked, saved, state

NOTICE = Question("notice", "notice", "", (Option("start", "", number="1"),))
WHY = Question("why", "text", "เพราะเหตุใดคะ", echo=False)
KIND = Question("kind", "choice", "เรื่องใดคะ", (Option("a", "ก", number="1"), Option("b", "ข", number="2")))


def task(**more: object) -> Instrument:
    instrument = Instrument("case-note", 1, "case-note", "บันทึก", "", "", (NOTICE, KIND, WHY), immediate=True)
    return replace(instrument, **more)  # type: ignore[arg-type]


def test_an_immediate_task_is_sent_with_its_last_answer_and_says_nothing_of_its_own() -> None:
    begun = state({"notice": "start"}, instrument=task())

    first = conversation.advance(begun, Tap("d1", 1, 0))
    last = conversation.advance(replace(begun, answers={"notice": "start", "kind": "a"}), Say("โทรแจ้งแล้ว", "m1"))

    assert asked(first).text == "เพราะเหตุใดคะ"
    sent = saved(last)
    assert sent is not None
    assert (sent.status, sent.answers["why"], sent.answers["@why"]) == ("closed", "โทรแจ้งแล้ว", "m1")
    assert last.prompts == ()


def test_another_task_is_confirmed_first() -> None:
    whole = state({"notice": "start", "kind": "a"}, instrument=task(immediate=False, thanks="ขอบคุณค่ะ"))

    turn = conversation.advance(whole, Say("โทรแจ้งแล้ว"))

    assert asked(turn).kind == "ready"


def test_where_words_are_needed_nobody_is_told_to_skip() -> None:
    begun = state(
        {"notice": "start", "kind": "a"}, instrument=task(questions=(NOTICE, KIND, replace(WHY, needed=True)))
    )

    turn = conversation.advance(begun, Other("sticker"))

    assert turn.prompts[0].text == begun.texts("please_write")
