"""Who is meant by an event, when to be silent, and who may begin. Whole chats stand in transcripts/."""

from dataclasses import replace
from datetime import date

import pytest

from survey import desk, reception
from survey.events import (
    Do,
    Event,
    Follow,
    Known,
    Link,
    Ordered,
    Other,
    Redeemed,
    Saved,
    Say,
    TakenBack,
    Tap,
    Turn,
    Unfollow,
    Unsend,
    Wanted,
)
from survey.settings import Office, OfficialWindow, ServicePoint
from survey.state import Availability
from tests.survey.core import NINE, begun, here, said, shelf, state

PHRASES = shelf().words("th")
POINTS = Office(points=(ServicePoint("s1", "ตรวจสอบสถานะ"), ServicePoint("s2", "ช่อง ๓")))
WINDOW = Office(official_window=OfficialWindow("https://itas.nacc.go.th/x", date(2026, 11, 1), date(2026, 11, 30)))
SILENCE = Turn()


def test_the_first_message_is_greeted_and_the_second_meets_silence() -> None:
    turn = reception.respond(here(greeted=False), Say("สวัสดีค่ะ"))

    assert turn.facts == (Known(greeted=True),)
    assert said(turn) == [PHRASES("greeting", agency=here().agency)]
    assert reception.respond(here(), Say("ขอสอบถามค่ะ")) == SILENCE


def test_whoever_was_answered_is_greeted() -> None:
    assert Known(greeted=True) in reception.respond(here(greeted=False), Say("เมนู")).facts
    assert reception.respond(here(greeted=False), Unsend("m1")) == Turn((TakenBack("m1"),))
    assert reception.respond(here(greeted=False), Unfollow()) == Turn((Known(following=False),))


def test_following_again_is_noted_in_silence() -> None:
    assert reception.respond(here(), Follow()) == Turn((Known(following=True),))
    assert Known(following=True) in reception.respond(here(greeted=False), Follow()).facts


@pytest.mark.parametrize("event", [Say("5"), Say("ช่วยเหลือ"), Say("แบบสอบถาม"), Say("สรุป"), Other("image"), Say("ทำต่อ")])
def test_in_the_quiet_hours_what_people_write_is_for_the_office(event: Event) -> None:
    assert reception.respond(here(begun(), quiet=True), event) == SILENCE
    assert reception.respond(here(quiet=True), event) == SILENCE


@pytest.mark.parametrize("event", [Say("เมนู"), Do("menu"), Do("survey"), Tap("d1", 2, 0), Do("resume", draft="d1")])
def test_speaking_to_the_bot_ends_the_quiet_hours(event: Event) -> None:
    assert Known(quiet_hours=0) in reception.respond(here(begun(), quiet=True), event).facts


@pytest.mark.parametrize("event", [Do("call"), Do("language", "en"), Say("ลบข้อมูล"), Do("help")])
def test_what_fits_a_chat_with_the_office_does_not(event: Event) -> None:
    assert Known(quiet_hours=0) not in reception.respond(here(begun(), quiet=True), event).facts


def test_asking_for_people_makes_the_bot_quiet_and_the_survey_wait() -> None:
    turn = reception.respond(here(begun()), Say("ติดต่อเจ้าหน้าที่ครับ"))

    assert turn.facts == (Known(quiet_hours=12), Saved(dict(begun().answers), "paused"))
    assert reception.respond(here(state()), Do("human")).facts == (Known(quiet_hours=12),)


def test_an_idle_draft_is_offered_once_and_then_there_is_silence() -> None:
    turn = reception.respond(here(begun(e1="5"), idle=True), Say("มีใครอยู่ไหม"))

    assert turn.facts == (Saved(dict(begun(e1="5").answers), "paused"),)
    assert said(turn) == [PHRASES("resume_offer", done=1, total=9)]
    assert reception.respond(here(replace(begun(), status="paused")), Say("มีใครอยู่ไหม")) == SILENCE
    assert reception.respond(here(state()), Other("image")) == SILENCE


@pytest.mark.parametrize(("typed", "status"), [("ทำต่อ", "open"), ("เริ่มตอบ", "open"), ("หยุด", "paused")])
def test_words_bring_a_stopped_draft_back(typed: str, status: str) -> None:
    turn = reception.respond(here(replace(begun(e1="5"), status="paused")), Say(typed))

    assert turn.facts == (Saved(dict(begun(e1="5").answers), status),)


def test_an_idle_notice_can_still_be_answered() -> None:
    turn = reception.respond(here(state(), idle=True), Say("เริ่มตอบ"))

    assert turn.facts[0] == Saved({"notice": "start"})


def test_an_old_button_of_another_survey_is_told_so_and_the_open_question_asked_again() -> None:
    old = Tap("another", 3, 1)

    assert said(reception.respond(here(begun()), old)) == [PHRASES("old_survey"), begun().instrument.items[0].text]
    assert said(reception.respond(here(begun(), idle=True), old)) == [PHRASES("old_survey")]
    assert said(reception.respond(here(), old)) == [PHRASES("old_survey")]
    closed = replace(begun(**NINE), status="closed")
    assert said(reception.respond(here(closed), Do("send", draft="d1"))) == [PHRASES("old_survey")]


def test_a_code_is_redeemed_whatever_else_goes_on() -> None:
    assert reception.respond(here(begun()), Say(" abcd-2345 ")).facts == (Redeemed("ABCD-2345"),)


def test_a_point_is_understood_however_it_is_typed() -> None:
    for typed in ("ประเมิน ตรวจสอบสถานะ", "ประเมิน  ตรวจสอบสถานะค่ะ", "ติชม S1"):
        assert reception.respond(here(office=POINTS), Say(typed)).facts == (Wanted("satisfaction", "s1"),)
    assert reception.respond(here(office=POINTS), Say("ประเมิน ช่อง 3")).facts == (Wanted("satisfaction", "s2"),)


def test_a_known_point_is_heard_in_the_middle_of_a_survey_and_in_the_quiet_hours() -> None:
    assert reception.respond(here(begun(), office=POINTS), Say("ประเมิน s1")).facts == (Wanted("satisfaction", "s1"),)
    quiet = reception.respond(here(quiet=True, office=POINTS), Say("ประเมิน s1"))
    assert quiet.facts == (Known(quiet_hours=0), Wanted("satisfaction", "s1"))
    assert said(reception.respond(here(begun(), office=POINTS), Say("ประเมิน ดีมาก")))[0] == PHRASES("choose")


def test_choosing_a_point_lets_an_open_survey_wait_so_that_no_number_answers_it_unseen() -> None:
    turn = reception.respond(here(begun(), office=POINTS), Say("ติชม"))

    assert turn.facts == (Saved(dict(begun().answers), "paused"),)
    assert [b.label for b in turn.prompts[0].buttons] == ["ตรวจสอบสถานะ", "ช่อง ๓", "อื่น ๆ / ไม่ระบุ"]
    assert reception.respond(here(office=POINTS), Do("rate", "-")).facts == (Wanted("satisfaction", ""),)


@pytest.mark.parametrize("typed", ["สรุป", "สรุป ก.พ. 69", "summary"])
def test_numbers_are_for_those_who_were_invited(typed: str) -> None:
    assert reception.respond(here(role="viewer"), Say(typed)).prompts[0].kind == "scores"
    assert said(reception.respond(here(), Say(typed))) == [PHRASES("help")]


def test_people_say_the_word_for_summary_to_each_other() -> None:
    assert reception.respond(here(), Say("สรุป ว่าไงคะ")) == SILENCE
    assert said(reception.respond(here(begun()), Say("สรุป")))[0] == PHRASES("choose")
    assert reception.respond(here(begun(), role="officer"), Say("สรุป อะไรก็ได้")).prompts[0].text == "อะไรก็ได้"


@pytest.mark.parametrize("event", [Say("สรุป"), Say("เมนู"), Do("summary"), Tap("d1", 1, 1)])
def test_in_a_group_it_answers_only_when_spoken_to_and_never_with_numbers(event: Event) -> None:
    assert said(reception.respond(here(group=True, role="admin"), event)) == ["เปิดในแชตส่วนตัว"]


@pytest.mark.parametrize("event", [Say("5"), Say("ช่วยเหลือ"), Follow(), Other("image"), Say("สรุป กันดีกว่า")])
def test_in_a_group_it_is_silent_otherwise(event: Event) -> None:
    assert reception.respond(here(group=True), event) == SILENCE


@pytest.mark.parametrize("event", [Tap("d1", 2, 5), Say("5"), Do("send", draft="d1"), Say("ทำต่อ")])
def test_while_the_official_survey_is_open_ours_waits(event: Event) -> None:
    turn = reception.respond(here(begun(), official=True, office=WINDOW), event)

    assert turn.facts == (Saved(dict(begun().answers), "paused"),)
    assert said(turn) == [PHRASES("official")]
    assert turn.prompts[0].buttons[0].action == Link("https://itas.nacc.go.th/x")


def test_while_it_is_open_nothing_is_asked_through_a_side_door() -> None:
    paused = here(replace(begun(e1="5"), answers={**begun(e1="5").answers, "@e1": "m1"}), official=True)

    assert said(reception.respond(paused, Unsend("m1"))) == [PHRASES("unsent")]
    assert said(reception.respond(paused, Tap("old", 1, 1))) == [PHRASES("old_survey")]
    assert said(reception.respond(replace(paused, idle=True), Say("5"))) == [PHRASES("official")]
    notice = reception.respond(here(state(), official=True), Say("เริ่มตอบ"))
    assert notice == Turn((), notice.prompts)
    assert not reception.respond(here(official=True, office=POINTS), Do("rate", "s1")).prompts


def test_unsend_asks_again_only_in_an_open_conversation() -> None:
    typed = replace(begun(e1="5"), answers={**begun(e1="5").answers, "@e1": "m1"})

    assert len(reception.respond(here(typed), Unsend("m1")).prompts) == 2
    idle = reception.respond(here(typed, idle=True), Unsend("m1"))
    assert idle.facts == (TakenBack("m1"), Saved(dict(begun().answers), "paused"))
    assert said(idle) == [PHRASES("unsent")]
    quiet = reception.respond(here(replace(typed, status="paused"), quiet=True), Unsend("m1"))
    assert quiet.facts == (TakenBack("m1"), Saved(dict(begun().answers), "paused"))
    assert reception.respond(here(typed, quiet=True), Unsend("m9")) == Turn((TakenBack("m9"),))


@pytest.mark.parametrize(
    ("role", "wanted", "phrase"),
    [
        (None, Wanted("eit", assisted=True), "help_needs_officer"),
        ("viewer", Wanted("eit", assisted=True), "help_needs_officer"),
        ("viewer", Wanted("eit"), "viewer_not_asked"),
        ("viewer", Wanted("satisfaction"), "viewer_not_asked"),
        ("officer", Wanted("eit"), "officer_not_asked"),
        ("admin", Wanted("satisfaction", "s1"), "officer_not_asked"),
        ("integrity", Wanted("eit", household=True), "officer_not_asked"),
    ],
)
def test_officers_are_not_asked_as_residents_and_only_they_help(role: str | None, wanted: Wanted, phrase: str) -> None:
    assert [p.text for p in reception.refused(here(role=role), wanted)] == [PHRASES(phrase)]


def test_everybody_else_is_not_refused_but_by_the_official_survey() -> None:
    assert reception.refused(here(), Wanted("eit")) == ()
    assert reception.refused(here(role="officer"), Wanted("eit", assisted=True)) == ()
    assert reception.refused(here(official=True), Wanted("satisfaction")) == ()
    for wanted, role in ((Wanted("eit"), None), (Wanted("eit", assisted=True), "officer")):
        assert reception.refused(here(official=True, role=role), wanted)[0].text == PHRASES("official")


@pytest.mark.parametrize(
    ("wanted", "taken", "phrase"),
    [
        (Wanted("satisfaction", "s1"), 1, "taken_today"),
        (Wanted("eit"), 1, "taken"),
        (Wanted("eit", household=True), 3, "household_full"),
        (Wanted("eit"), 3, "household_full"),
    ],
)
def test_a_second_time_is_told_kindly(wanted: Wanted, taken: int, phrase: str) -> None:
    turn = reception.begin(here(), wanted, Availability(True, taken))

    assert turn is not None
    assert said(turn) == [PHRASES(phrase)]


@pytest.mark.parametrize(
    ("wanted", "taken"), [(Wanted("satisfaction"), 0), (Wanted("eit"), 0), (Wanted("eit", household=True), 2)]
)
def test_whoever_has_a_seat_begins(wanted: Wanted, taken: int) -> None:
    assert reception.begin(here(), wanted, Availability(True, taken)) is None


def test_an_earlier_draft_is_offered_and_a_notice_shown_again() -> None:
    closed = reception.begin(here(), Wanted("eit"), Availability(False))
    again = reception.begin(here(), Wanted("eit"), Availability(True, draft=begun(e1="5")))
    notice = reception.begin(here(), Wanted("eit"), Availability(True, draft=state()))

    assert closed is not None
    assert again is not None
    assert notice is not None
    assert said(closed) == [PHRASES("no_round")]
    assert again.facts == (Saved(dict(begun(e1="5").answers), "paused"),)
    assert [b.label for b in again.prompts[0].buttons] == ["ทำต่อ", "เริ่มใหม่"]
    assert notice.prompts[0].kind == "notice"


@pytest.mark.parametrize(
    ("role", "offered"), [(None, "rate"), ("viewer", "summary"), ("officer", "assist"), ("admin", "assist")]
)
def test_the_menu_offers_what_the_person_may_do(role: str | None, offered: str) -> None:
    commands = [b.action.command for b in desk.menu(here(role=role)).buttons if isinstance(b.action, Do)]

    assert offered in commands
    assert ("survey" in commands) == (role is None)
    assert commands[-1] == "help"


@pytest.mark.parametrize(
    ("phone", "dialled"),
    [
        ("042-000-111", "042000111"),
        ("0 4200 0111 ต่อ 12", "042000111"),
        ("081-234-5678", "0812345678"),
        ("+66 42 000 111", "+6642000111"),
        ("๐๔๒๐๐๐๑๑๑", "042000111"),
        ("1567", "1567"),
    ],
)
def test_a_phone_number_is_dialled_without_its_extension(phone: str, dialled: str) -> None:
    [contact] = desk.command(here(office=Office(phone=phone, hours="08.30-16.30")), "call").prompts

    assert contact.buttons[0].action == Link(f"tel:{dialled}")
    assert "08.30-16.30" in contact.text
    assert "เวลาทำการ" not in desk.command(here(office=Office(phone=phone)), "call").prompts[0].text


def test_an_office_without_a_phone_is_reached_by_writing() -> None:
    [contact] = desk.command(here(), "call").prompts

    assert contact.text.endswith(PHRASES("contact_unknown", agency=here().agency))
    assert said(desk.command(here(), "human")) == [PHRASES("human")]


def test_help_leads_to_the_phone_the_privacy_page_and_the_languages() -> None:
    [plain] = desk.command(here(), "help").prompts
    [linked] = desk.command(here(privacy_url="https://x.example/p"), "help").prompts

    assert [b.action for b in plain.buttons] == [Do("call"), Do("privacy"), Do("language")]
    assert linked.buttons[1].action == Link("https://x.example/p")
    assert [b.label for b in desk.command(here(), "language").prompts[0].buttons] == ["ไทย", "English"]
    assert desk.command(here(), "language", "en").facts == (Known(language="en"),)
    assert here().agency in said(desk.command(here(), "privacy"))[0]


def test_help_is_given_outside_a_survey_and_about_the_question_inside() -> None:
    assert said(reception.respond(here(), Say("ช่วยเหลือค่ะ"))) == [PHRASES("help")]
    assert said(reception.respond(here(begun()), Say("ช่วยเหลือค่ะ")))[0] == PHRASES("help_question")


def test_a_sticker_in_a_survey_is_told_what_to_do_instead() -> None:
    assert said(reception.respond(here(begun()), Other("sticker")))[0] == PHRASES("not_a_sticker")


def test_a_command_that_the_desk_does_not_know_is_left_to_the_shell() -> None:
    assert desk.command(here(), "accept", "t-1") == Turn((Ordered("accept", "t-1"),))
    assert reception.respond(here(), Do("resume")).prompts == ()
