"""No sequence of events breaks the store: anybody does anything, all of it twice, out of order and at once."""

import threading
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select

from survey import complaint, db, rounds
from survey.events import Do, Event, Follow, Link, Other, Prompt, Say, Tap, Unfollow, Unsend
from survey.privacy import Keys
from survey.settings import Agency
from survey.tables import (
    comments,
    complaint_updates,
    complaints,
    drafts,
    metadata,
    officers,
    participation,
    respondents,
    responses,
)
from tests.conftest import OFFICE
from tests.survey.conftest import hurry
from tests.survey.transcript import Chat

AGENCY = Agency("main", "เทศบาลตำบลตัวอย่าง", office=OFFICE)
OTHER_AGENCY = Agency("other", "เทศบาลตำบลข้างเคียง", office=OFFICE)
KEYS = Keys("a secret key for tests, long enough to pass")
WORDS = [
    *"1 2 5 0 ๓ เคย ไม่เคยค่ะ แบบสอบถาม เริ่ม ส่ง ข้าม ย้อนกลับ หยุด ทำต่อ เริ่มใหม่ ตรวจ แก้ข้อ1 ตอบเพิ่ม เมนู ช่วยเหลือ".split(),
    *"สรุป ลบข้อมูล ติดต่อเจ้าหน้าที่ คนอื่นในบ้านต้องการตอบ เจ้าหน้าที่ช่วยกรอก english ประเมิน ABCD-2345".split(),
    *"แจ้งเรื่อง ติดตามเรื่อง ไม่มีภาพ ส่งเรื่อง เรื่องใหม่ งานของฉัน".split(),
    *("ประเมิน tax", "ประเมิน permit", "ประเมิน -", "ไฟดับหน้าวัด โทร 0812345678"),
]
PEOPLE = st.sampled_from("AB")


def empty(engine: Engine) -> None:
    with db.write(engine) as conn:
        for table in metadata.sorted_tables:
            if table.name != "audit_log":  # append-only, and nothing here writes to it
                conn.execute(table.delete())


class Crowd(RuleBasedStateMachine):
    """Two residents and an officer say and press anything; the worker does its duties; time passes."""

    engine: Engine  # given below, for hypothesis makes the machine itself

    def __init__(self) -> None:
        super().__init__()
        empty(self.engine)
        self.chat = Chat(self.engine, AGENCY, KEYS)
        self.chat.happens("invite officer clerk")
        self.chat.do("{clerk}", "C")
        self.shown: dict[str, list[Tap | Do]] = {"A": [], "B": [], "C": []}
        self.asked: dict[str, Prompt] = {}
        self.messages: list[str] = []
        self.keys: list[tuple[str, Event, str]] = []
        self.steps = 0

    def say(self, person: str, event: Event) -> None:
        self.steps += 1
        key = f"key-{self.steps}"
        self.keys.append((person, event, key))
        self.hear(person, self.chat.send(event, person, key))

    def hear(self, person: str, said: tuple[Prompt, ...]) -> None:
        for prompt in said:
            self.asked[person] = prompt
            buttons = (*prompt.buttons, *prompt.quick, *(row.edit for row in prompt.rows))
            self.shown[person] += [b.action for b in buttons if not isinstance(b.action, Link)]

    @rule(person=st.sampled_from("AABBC"), text=st.sampled_from(WORDS))
    def types(self, person: str, text: str) -> None:
        self.messages.append(f"message-{self.steps}")
        self.say(person, Say(text, self.messages[-1]))

    @rule(person=st.sampled_from("AAABBC"), which=st.integers(0, 11))
    def presses(self, person: str, which: int) -> None:
        if self.shown[person]:
            self.say(person, self.shown[person][-1 - which % len(self.shown[person])])

    @rule(
        person=st.sampled_from("ABC"),
        opening=st.sampled_from(["แบบสอบถาม", "ประเมิน tax", "ทำต่อ", "คนอื่นในบ้านต้องการตอบ", "เจ้าหน้าที่ช่วยกรอก"]),
        choices=st.lists(st.integers(0, 7), min_size=8, max_size=24),
    )
    def answers_what_is_asked(self, person: str, opening: str, choices: list[int]) -> None:
        """A whole survey or most of it, so that completed and filed ones are reached as well."""
        self.say(person, Say(opening))
        for choice in choices:
            asked = self.asked.get(person)
            if asked is None or asked.kind not in ("notice", "question", "ready", "review"):
                return
            presses = [b.action for b in asked.buttons if not isinstance(b.action, Link)]
            likely = presses[0] if choice < 2 and presses else presses[choice % len(presses)] if presses else None
            first = asked.kind == "notice" or (asked.progress is None and asked.kind == "question")
            self.say(person, presses[0] if first else likely or Say("ไฟดับหน้าวัด โทร 0812345678", f"c{self.steps}"))

    @rule(person=st.sampled_from("ABC"), position=st.integers(-1, 20), option=st.integers(-1, 9), foreign=st.booleans())
    def forges(self, person: str, position: int, option: int, foreign: bool) -> None:
        theirs = self.shown["B" if foreign else person]
        drafts_seen = [action.draft for action in theirs if action.draft] or ["nobody's"]
        self.say(person, Tap(drafts_seen[-1], position, option))

    @rule(person=PEOPLE, kind=st.sampled_from(["sticker", "image", "follow", "unfollow"]))
    def does_something_else(self, person: str, kind: str) -> None:
        self.say(person, {"follow": Follow(), "unfollow": Unfollow()}.get(kind) or Other(kind))  # type: ignore[arg-type]

    @rule(person=PEOPLE, which=st.integers(0, 5))
    def unsends(self, person: str, which: int) -> None:
        if self.messages:
            self.say(person, Unsend(self.messages[-1 - which % len(self.messages)]))

    @rule(which=st.integers(0, 30))
    def line_delivers_again(self, which: int) -> None:
        if self.keys:
            person, event, key = self.keys[-1 - which % len(self.keys)]
            before = snapshot(self.engine)
            assert self.chat.send(event, person, key) == ()
            assert snapshot(self.engine) == before

    @rule(hours=st.sampled_from([0.1, 2, 13, 25, 24 * 31]))
    def time_passes(self, hours: float) -> None:
        self.chat.now += timedelta(hours=hours)

    @rule(group=st.sampled_from([1, 5]))
    def the_worker_works(self, group: int) -> None:
        self.chat.leftovers()
        self.chat.file(group)
        self.chat.happens("rounds")

    @invariant()
    def everything_stored_makes_sense(self) -> None:
        check(self.chat)


def check(chat: Chat) -> None:
    """What must hold whatever happened."""
    with db.read(chat.engine) as conn:
        rows = conn.execute(select(drafts).where(~drafts.c.round_id.startswith("task:"))).all()
        cases = conn.execute(select(complaints)).all()
        history = conn.execute(select(complaint_updates).order_by(complaint_updates.c.number)).all()
        filed = conn.execute(select(responses)).all()
        staff = {row.respondent for row in conn.execute(select(officers))}
        parts = conn.execute(select(participation)).all()
        people = list(conn.scalars(select(respondents.c.key)))
        said = list(conn.scalars(select(comments.c.text)))
        open_rounds = [row for row in rounds.listing(conn, chat.agency.id) if not row.closed]
    for row in rows:
        instrument = chat.library.get(row.instrument_id, row.instrument_version)
        answers = {name: value for name, value in row.answers.items() if name[0] != "@"}
        assert instrument.pruned(row.answers) == row.answers, "an answer to a question that does not apply"
        assert row.status in ("open", "paused", "closed")
        assert (row.completed_on is not None) == (row.status == "closed")
        assert row.status != "closed" or instrument.sendable(answers), "sent but not complete"
        assert row.status == "closed" or bool(row.assisted_by) or row.respondent not in staff, (
            "an officer as a resident"
        )
        for name, value in answers.items():
            question = instrument.question(name)
            assert question is not None
            assert question.kind == "text" or question.option(value) is not None, "a value that is no option"
    unfinished = Counter((row.respondent, row.round_id) for row in rows if row.status != "closed")
    assert max(unfinished.values(), default=0) <= 1, "two open drafts of one respondent in one round"
    for row in filed:
        instrument = chat.library.get(row.instrument_id, row.instrument_version)
        assert {q.id for q in instrument.items} <= set(row.answers)
        assert all((q := instrument.question(name)) and q.option(value) for name, value in row.answers.items())
        assert (row.mode == "assisted") == (row.assisted_by is not None)
    for round_ in open_rounds:
        seats = {(p, n): KEYS.participation(round_.secret, p, "seat", str(n)) for p in people for n in range(3)}
        taken = {row.key for row in parts if row.round_id == round_.id}
        mine = [row for row in rows if row.round_id == round_.id and "notice" in row.answers and not row.assisted_by]
        if round_.kind == "eit":
            assert taken <= {key for (person, _), key in seats.items() if person not in staff}, (
                "a fourth, or an officer"
            )
            assert {seats[row.respondent, row.seat] for row in mine} <= taken, "answering without taking part"
    assert not any("0812345678" in text for text in said)
    for case in cases:
        happened = [row for row in history if row.complaint == case.id]
        assert [row.number for row in happened] == list(range(1, len(happened) + 1)), "a change without its row"
        assert happened[0].action == "receive"
        assert case.status in complaint.STATUSES
        assert (case.status == "in_progress") <= (case.officer is not None), "nobody works on it"
        assert "0812345678" not in case.masked


def snapshot(engine: Engine) -> str:
    with db.read(engine) as conn:
        return repr([sorted(map(str, conn.execute(select(t)))) for t in metadata.sorted_tables])


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 40), ("postgresql", 10)])
def test_no_sequence_of_events_breaks_the_store(kind: str, examples: int, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{kind}_url")
    engine = hurry(db.connect(url))
    machine = type("Machine", (Crowd,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    empty(engine)
    engine.dispose()


# ---- LINE delivers everything twice and in any order, and everybody at once ----

TAPS = ["notice", "screening", *(f"e{n}" for n in range(1, 10))]


def conversation(chat: Chat, person: str) -> list[Event]:
    """The events of one whole survey, once its draft is there."""
    [notice] = chat.do("แบบสอบถาม", person)
    first = notice.buttons[0].action
    assert isinstance(first, Tap)
    questions = [q.id for q in chat.library.newest("eit", 2570).questions]
    return [*(Tap(first.draft, questions.index(name), 0) for name in TAPS), Do("send", draft=first.draft)]


def test_everything_twice_and_out_of_order_is_answered_once(engine: Engine) -> None:
    chat = Chat(hurry(engine), AGENCY, KEYS)
    rng = Random(11)
    people = [f"P{n}" for n in range(6)]
    for person in people:
        events = list(enumerate(conversation(chat, person)))
        shuffled = [*events, *events]
        rng.shuffle(shuffled)
        for number, event in [*shuffled, *events]:  # in the end LINE has redelivered what the person pressed in order
            chat.send(event, person, f"{person}-{number}")
        for event in [event for _, event in events] * 2:  # and the person presses what is still asked
            chat.send(event, person)
        check(chat)

    assert chat.file() == len(people)
    with db.read(engine) as conn:
        assert [row.answers["e1"] for row in conn.execute(select(responses))] == ["1"] * len(people)
        assert len(conn.execute(select(participation)).all()) == len(people)


def test_everybody_at_once_each_event_twice_is_answered_once(engine: Engine) -> None:
    chat = Chat(hurry(engine), AGENCY, KEYS)
    people = [f"P{n}" for n in range(8)]
    todo = {person: conversation(chat, person) for person in people}
    failures: list[BaseException] = []

    def deliver(person: str) -> None:
        try:
            for number, event in enumerate(todo[person]):
                chat.send(event, person, f"{person}-{number}")
        except BaseException as exc:  # noqa: BLE001 - told to the test
            failures.append(exc)

    threads = [threading.Thread(target=deliver, args=(person,)) for person in people for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    check(chat)
    for person in people:
        for event in todo[person]:
            chat.send(event, person)
    assert chat.file() == len(people)


def test_two_agencies_side_by_side_never_mix(engine: Engine) -> None:
    here = Chat(hurry(engine), AGENCY, KEYS)
    there = Chat(engine, OTHER_AGENCY, KEYS)
    lines = "แบบสอบถาม 1 1 5 5 2 5 5 5 5 5 1".split()
    for line in lines:
        here.do(line, "A")
        there.do(line, "A")

    here.do("ส่ง", "A")
    assert there.stored("A")[0].startswith("open: e1=5")  # its own is not sent
    [button] = [b for b in there.buttons["A"] if b.label == "ส่งคำตอบ"][:1]
    assert isinstance(button.action, Do)
    assert "จบไปแล้ว" in here.send(button.action, "A")[0].text  # a button of the other office

    assert (here.file(), there.file()) == (1, 0)
    there.do("ลบข้อมูล", "A")
    with db.read(engine) as conn:
        assert list(conn.scalars(select(responses.c.agency_id))) == ["main"]
        assert not conn.execute(select(drafts)).all()
        assert set(conn.scalars(select(respondents.c.agency_id))) == {"main", "other"}


def test_the_check_finds_what_must_not_be(sqlite_url: str) -> None:
    """The invariants can fail."""
    engine = hurry(db.connect(sqlite_url))
    chat = Chat(engine, AGENCY, KEYS)
    for line in "แบบสอบถาม 1 1 5".split():
        chat.do(line)
    for wrong in ({"sex": "female"}, {"e1": "7"}, {"e1": None}):
        with db.write(engine) as conn:
            row = conn.execute(select(drafts)).one()
            conn.execute(drafts.update().values(answers={**row.answers, **wrong}))
        with pytest.raises(AssertionError):
            check(chat)
        with db.write(engine) as conn:
            conn.execute(drafts.update().values(answers=dict(row.answers)))
    check(chat)
    engine.dispose()
