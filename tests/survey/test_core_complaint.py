"""The life of a complaint, the number people quote, who may do what, and the rules of an agency."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import complaint, permits, rules_file, suggestions
from survey.complaint import ACTIONS, CHANNELS, CLOSED, OPEN, STATUS_TITLES, STATUSES, Case, CaseError, Deed
from survey.rules import OTHER, RulesError

NEW = Case(complaint.ticket_number(482915), "received", "road", "works", tell_by="line")
DEEDS = {
    "accept": Deed("accept", "officer", "o1"),
    "forward": Deed("forward", "officer", "o1", to="clerk"),
    "sort": Deed("sort", "officer", "o1", to="light"),
    "ask": Deed("ask", "officer", "o1", "ซอยไหนคะ"),
    "answer": Deed("answer", "complainant", words="ซอย 3"),
    "note": Deed("note", "officer", "o1", "โทรแล้ว"),
    "add": Deed("add", "complainant", words="เพิ่มเติม"),
    "resolve": Deed("resolve", "officer", "o1", "ซ่อมแล้ว"),
    "reject": Deed("reject", "officer", "o1", "ไม่ใช่เขตเรา"),
    "reopen": Deed("reopen", "complainant", words="ยังพังอยู่"),
    "confirm": Deed("confirm", "complainant"),
    "rate": Deed("rate", "complainant", rating=5),
    "cancel": Deed("cancel", "complainant"),
    "merge": Deed("merge", "officer", "o1", to="t2"),
}


def after(*actions: str, case: Case = NEW) -> Case:
    for action in actions:
        case = complaint.apply(case, DEEDS[action])
    return case


def refusal(case: Case, deed: Deed) -> str:
    with pytest.raises(CaseError) as caught:
        complaint.apply(case, deed)
    return caught.value.phrase


# ---- the life ----


def test_accepted_resolved_reopened_resolved_and_rated() -> None:
    case = after("accept", "resolve")
    assert (case.status, case.officer, case.delivery) == ("resolved", "o1", "waiting")
    assert complaint.told(case)

    again = after("reopen", case=case)
    assert (again.status, again.reopened, again.confirmed, again.delivery) == ("in_progress", 1, False, "none")

    done = after("resolve", "confirm", "rate", case=again)
    assert (done.status, done.confirmed, done.rating, done.reopened) == ("resolved", True, 5, 1)


def test_a_question_waits_for_its_answer() -> None:
    asked = after("ask")
    assert asked.question == "ซอยไหนคะ"
    assert after("answer", case=asked).question == ""
    assert refusal(NEW, DEEDS["answer"]) == "case_not_asked"


def test_a_forwarded_case_is_accepted_anew() -> None:
    case = after("accept", "forward")
    assert (case.status, case.department, case.officer, case.category) == ("received", "clerk", None, "road")
    assert refusal(case, Deed("forward", "officer", "o1", to="clerk")) == "case_same"
    other = complaint.apply(NEW, Deed("forward", "officer", "o1", to="health", category="waste"))
    assert (other.department, other.category) == ("health", "waste")


def test_sorted_merged_and_cancelled() -> None:
    assert after("sort").category == "light"
    assert (after("merge").status, after("merge").merged_into) == ("merged", "t2")
    assert after("ask", "cancel") == after("cancel")


@pytest.mark.parametrize(("tell_by", "delivery"), [("line", "waiting"), ("phone", "call"), ("none", "none")])
def test_how_the_outcome_is_to_be_told(tell_by: str, delivery: str) -> None:
    case = complaint.apply(Case("1", "received", "road", "works", tell_by=tell_by), DEEDS["reject"])

    assert case.delivery == delivery
    assert complaint.told(case) is (tell_by != "none")


def test_the_second_to_accept_hears_that_it_is_taken() -> None:
    assert refusal(after("accept"), DEEDS["accept"]) == "case_taken"
    assert refusal(after("cancel"), DEEDS["accept"]) == "case_moved"


@pytest.mark.parametrize("action", ["ask", "reject", "resolve", "note"])
def test_what_must_be_said_must_be_said(action: str) -> None:
    assert refusal(NEW, Deed(action, "officer", "o1", "  ")) == "case_words"


@pytest.mark.parametrize("rating", [None, 0, 6])
def test_a_rating_is_one_to_five(rating: int | None) -> None:
    assert refusal(after("resolve"), Deed("rate", "complainant", rating=rating)) == "case_rating"


@given(st.lists(st.sampled_from(sorted(DEEDS)), max_size=12))
def test_whatever_is_tried_the_status_is_one_of_ours_and_only_the_known_ways_lead_on(actions: list[str]) -> None:
    """A closed case opens again only by "reopen"; merged, rejected and cancelled ones never do."""
    case = NEW
    for action in actions:
        before = case
        try:
            case = complaint.apply(case, DEEDS[action])
        except CaseError:
            assert case is before
        assert case.status in STATUSES
        if before.status in CLOSED and case.status in OPEN:
            assert (before.status, action) == ("resolved", "reopen")
        assert (case.merged_into is None) is (case.status != "merged")


def test_every_status_and_action_has_its_words() -> None:
    assert set(STATUS_TITLES) == set(STATUSES)
    assert set(DEEDS) < set(ACTIONS)
    assert "1567" in CHANNELS


# ---- the number ----


@given(st.integers(0, 999_999))
def test_a_ticket_is_read_back_however_it_is_typed(number: int) -> None:
    ticket = complaint.ticket_number(number)

    for typed in (ticket, complaint.shown(ticket), f"#{ticket}", f" {ticket[:3]} {ticket[3:]} "):
        assert complaint.read_ticket(typed) == ticket


@given(st.integers(0, 999_999), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_no_ticket(number: int, place: int, by: int) -> None:
    ticket = complaint.ticket_number(number)
    wrong = f"{ticket[:place]}{(int(ticket[place]) + by) % 10}{ticket[place + 1 :]}"

    assert complaint.read_ticket(wrong) is None


@given(st.integers(0, 999_999), st.integers(0, 5))
def test_two_neighbours_swapped_are_no_ticket(number: int, place: int) -> None:
    ticket = complaint.ticket_number(number)
    swapped = ticket[:place] + ticket[place + 1] + ticket[place] + ticket[place + 2 :]

    assert complaint.is_ticket(swapped) is (swapped == ticket)


@pytest.mark.parametrize("typed", ["", "482", "เรื่อง", "๔๘๒-๙๑๕๑", "4829151000", "abc-defg"])
def test_what_is_no_ticket(typed: str) -> None:
    assert complaint.read_ticket(typed) is None


# ---- who may do what ----


@pytest.mark.parametrize(
    ("role", "given", "department", "restricted", "sees"),
    [
        (None, (), "works", False, False),
        ("viewer", ("works",), "works", False, False),
        ("officer", ("works",), "works", False, True),
        ("officer", ("works",), "clerk", False, False),
        ("officer", (), "clerk", False, True),
        ("officer", (), "clerk", True, False),
        ("officer", ("clerk",), "clerk", True, True),
        ("integrity", (), "works", False, False),
        ("integrity", ("works",), "works", False, True),
        ("admin", (), "clerk", True, True),
    ],
)
def test_who_sees_a_case(
    role: str | None, given: tuple[str, ...], department: str, restricted: bool, sees: bool
) -> None:
    assert permits.may_see(role, given, department, restricted) is sees


def test_only_integrity_officers_have_the_sealed_ones() -> None:
    assert [role for role in (None, "viewer", "officer", "integrity", "admin") if permits.may(role, "sealed")] == [
        "integrity"
    ]


# ---- suggestions ----

RULES = rules_file.default()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ไฟ ทาง หน้าบ้านดับมา 3 วันแล้ว", "light"),
        ("ถนนหน้าโรงเรียนเป็นหลุมลึกมาก", "road"),
        ("หมาจรจัดไล่กัดเด็ก", "animal"),
        ("รถขยะไม่มาเก็บขยะสองอาทิตย์", "waste"),
        ("เสาไฟล้มขวางถนน อันตรายมาก", "danger"),
        ("เจ้าหน้าที่พูดจาไม่สุภาพ", "staff"),
    ],
)
def test_the_category_meant_is_among_the_three_suggested(said: str, meant: str) -> None:
    assert meant in [category.id for category in RULES.suggest(said)]


@given(st.text(max_size=80))
def test_there_are_always_three_different_ones_and_never_other(said: str) -> None:
    found = [category.id for category in RULES.suggest(said)]

    assert len(set(found)) == suggestions.SHOWN == len(found)
    assert OTHER not in found


def test_words_joined_by_plus_must_all_be_there() -> None:
    assert suggestions.mentions("ต้นไม้ ใหญ่ ล้ม ทับรั้ว", ("ต้นไม้+ล้ม",))
    assert not suggestions.mentions("ต้นไม้ใหญ่", ("ต้นไม้+ล้ม",))


def test_what_looks_like_bribery_is_noticed() -> None:
    assert RULES.looks_corrupt("เจ้าหน้าที่เรียก รับ สินบน 5,000 บาท")
    assert not RULES.looks_corrupt("ถนนเป็นหลุม")


def test_a_category_that_is_no_more_counts_as_other() -> None:
    assert RULES.category("road").title == "ถนน ทางเท้า สะพาน"
    assert RULES.category("gone").id == OTHER


# ---- the rules file ----

OTHERS = {"category": [{"id": "other", "title": "อื่น ๆ", "department": "clerk"}]}


def test_what_a_file_leaves_out_is_as_usual_and_what_it_says_counts() -> None:
    plain = rules_file.build(OTHERS, "rules.toml")
    own = rules_file.build(
        {**OTHERS, "office_hours": ["8:00", "15:30"], "digest_at": "07:45", "near_days": 5, "bribery": ["สิน บน"]},
        "rules.toml",
    )

    assert (plain.office_hours, plain.near_days, plain.categories[0].days) == ((510, 990), 3, 15)
    assert (own.office_hours, own.digest_at, own.near_days, own.bribery) == ((480, 930), 465, 5, ("สินบน",))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"colour": 1}, "unknown key 'colour'"),
        ({"near_days": 99}, "near_days is 99; write a whole number from 0 to 30"),
        ({"near_days": True}, "near_days is True"),
        ({"office_hours": "08:30"}, "office_hours must be two times"),
        ({"office_hours": ["16:30", "08:30"]}, "end before they begin"),
        ({"digest_at": "25:00"}, "'25:00' is no time"),
        ({"digest_at": 8}, "8 is no time"),
        ({"bribery": "สินบน"}, "bribery must be a list of words"),
        ({"bribery": [" + "]}, "bribery must be a list of words"),
        ({"category": {}}, r"written as \[\[category\]\]"),
        ({"category": [1]}, r"written as \[\[category\]\]"),
        ({"category": []}, 'id = "other"'),
        ({"category": [{"id": "road", "title": "ถนน"}]}, "road: department is missing"),
        ({"category": [{"id": "Road!", "title": "ถนน", "department": "works"}]}, "id 'Road!' must be"),
        ({"category": [{"id": "road", "title": "ถนน", "department": "works", "day": 3}]}, "unknown key 'day'"),
        ({"category": [{"id": "road", "title": "ถนน", "department": "works", "days": "3"}]}, "days is '3'"),
        ({"category": [*OTHERS["category"], *OTHERS["category"]]}, "other is there twice"),
    ],
)
def test_each_fault_is_one_sentence_naming_the_place(changed: dict[str, object], fault: str) -> None:
    with pytest.raises(RulesError, match=fault) as caught:
        rules_file.build({**OTHERS, **changed}, "rules.toml")

    assert str(caught.value).startswith("rules.toml")


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"gone.toml cannot be read"):
        rules_file.read(tmp_path / "gone.toml")
    (tmp_path / "bad.toml").write_text("category = [", "utf-8")
    with pytest.raises(RulesError, match=r"bad.toml is not TOML"):
        rules_file.read(tmp_path / "bad.toml")
