"""What a sealed report is, its receipt code, and the chain of the audit log: the pure part of the sealed track."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import sealed_receipt
from survey.audit_chain import START, Entry, digest, first_fault
from survey.sealed_case import QUESTIONS, STATUSES, CaseError, Told, change, faults, number, told
from survey.sealed_keys import LEAST, padded
from survey.sealed_receipt import CODES, code, read, shown

ENOUGH = {"what": "นายช่างเรียกเงินห้าร้อยบาท"}
NUMBERS = st.integers(0, CODES - 1)
NOON = datetime(2027, 2, 10, 5, tzinfo=UTC)


# ---- the report ----


def test_a_report_needs_one_sentence_and_nothing_else() -> None:
    assert faults(ENOUGH, contactable=False) == {}
    assert faults({"what": " " * 20}, contactable=False) == {"what": "กรุณาเล่าเรื่องที่พบเห็นสักหนึ่งประโยคค่ะ"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_answer_is_longer_than_its_question_allows(name: str) -> None:
    longest = QUESTIONS[name][2]

    assert name not in faults(ENOUGH | {name: "ก" * longest}, contactable=True)
    assert f"{longest:,}" in faults(ENOUGH | {name: "ก" * (longest + 1)}, contactable=False)[name]


def test_who_wants_to_be_reached_must_say_how_and_nobody_elses_way_is_kept() -> None:
    typed = ENOUGH | {"reach": " 081-234-5678 "}

    assert "reach" in faults(ENOUGH, contactable=True)
    assert faults(typed, contactable=True) == {}
    assert told(typed, contactable=True) == Told(ENOUGH["what"], reach="081-234-5678")
    assert told(typed, contactable=False) == Told(ENOUGH["what"])


def test_the_number_is_six_digits_that_say_nothing() -> None:
    assert number("abc") == number("abc")
    assert len({number(str(n)) for n in range(200)}) > 190
    assert all(len(number(str(n))) == 7 and number(str(n))[3] == "-" for n in range(50))


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("wanted", [*STATUSES, "nonsense"])
@pytest.mark.parametrize("words", ["", "ส่ง ป.ป.ช. แล้ว"])
def test_a_status_changes_only_to_another_and_never_ends_without_a_word(status: str, wanted: str, words: str) -> None:
    allowed = wanted in STATUSES and wanted not in ("received", status) and bool(words or wanted == "in_progress")

    if allowed:
        assert change(status, wanted, words) == wanted
    else:
        with pytest.raises(CaseError):
            change(status, wanted, words)


# ---- the code ----


@given(NUMBERS)
def test_every_code_is_read_as_it_was_shown(drawn: int) -> None:
    digits = code(drawn)
    thai = digits.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))

    assert len(digits) == 16
    assert read(shown(digits)) == read(digits) == read(thai) == read(shown(digits).replace(" ", "-")) == digits


@given(NUMBERS, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(drawn: int, place: int, by: int) -> None:
    digits = code(drawn)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]

    assert read(wrong) is None


@given(NUMBERS, st.integers(0, 14))
def test_two_swapped_digits_are_noticed(drawn: int, place: int) -> None:
    digits = code(drawn)
    swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]

    assert read(swapped) is None or swapped == digits


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_none(typed: str) -> None:
    found = read(typed)

    assert found is None or (len(found) == 16 and found.isascii())


def test_check_digits_are_those_of_iso_7064() -> None:
    assert code(0) == "0000000000000098"
    assert sealed_receipt.CODES == 10**14


# ---- the length of what is encrypted ----


@given(st.integers(1, 10**8))
def test_a_length_tells_an_eighth_at_most(length: int) -> None:
    found = padded(length)

    assert found >= length
    assert found <= max(LEAST, length + length // 8 + 1)
    assert padded(found) == found


# ---- the chain ----


def chain(count: int) -> list[Entry]:
    entries, previous = [], START
    for n in range(1, count + 1):
        entry = Entry("main", n, NOON + timedelta(minutes=n), "o1", "open", "report", "first", previous)
        entries.append(replace(entry, hash=digest(entry)))
        previous = entries[-1].hash
    return entries


def head(entries: list[Entry]) -> tuple[int, str]:
    return (entries[-1].number, entries[-1].hash) if entries else (0, START)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_whole_chain_has_no_fault(count: int) -> None:
    entries = chain(count)

    assert first_fault(entries, head(entries)) == ""


def test_the_same_moment_elsewhere_is_the_same_entry() -> None:
    [entry] = chain(1)

    assert digest(replace(entry, at=entry.at.astimezone(timezone(timedelta(hours=7))))) == entry.hash


@given(st.integers(1, 6), st.integers(0, 5), st.sampled_from(["actor", "action", "subject", "reason", "agency_id"]))
def test_whatever_is_changed_is_named(count: int, place: int, field: str) -> None:
    entries = chain(count)
    place %= count
    entries[place] = replace(entries[place], **{field: "somebody else"})  # type: ignore[arg-type]

    assert first_fault(entries, head(chain(count))) == f"entry {place + 1} was changed"


@given(st.integers(2, 6), st.integers(0, 5))
def test_whatever_is_missing_is_named(count: int, place: int) -> None:
    entries = chain(count)
    end = head(entries)
    place %= count
    del entries[place]

    assert first_fault(entries, end).startswith(f"entry {place + 1} is missing")


def test_what_was_written_anew_or_added_does_not_fit() -> None:
    entries = chain(3)
    end = head(entries)
    other = replace(entries[1], actor="o2")
    rewritten = [entries[0], replace(other, hash=digest(other)), entries[2]]
    assert first_fault(rewritten, end) == "entry 3 does not follow on entry 2"

    last = replace(entries[2], actor="o2")
    assert first_fault([*entries[:2], replace(last, hash=digest(last))], end) == "entry 3 was changed"
    assert first_fault(chain(4), end) == "entry 4 was not written by Siang"
    assert first_fault(chain(1), (0, START)) == "entry 1 was not written by Siang"
