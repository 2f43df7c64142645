"""Filing and the worker's other duties towards drafts: groups, month ends, idle, expired, crashed, raced."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, func, select

from survey import db, filing, rounds
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import comments, drafts, participation, responses, seen_events, sheet_rows
from tests.survey.conftest import hurry
from tests.survey.transcript import Chat, moment

ALL = "แบบสอบถาม 1 1 5 5 2 5 5 5 5 5 1".split()


@pytest.fixture
def chat(engine: Engine, agency: Agency, keys: Keys) -> Chat:
    return Chat(hurry(engine), agency, keys)


def answer(chat: Chat, *people: str, then: str = "ส่ง") -> None:
    for person in people:
        for line in [*ALL, *then.split("|")] if then else ALL:
            chat.do(line, person)


def count(chat: Chat, table: object = responses) -> int:
    with db.read(chat.engine) as conn:
        return conn.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_answers_wait_for_company(chat: Chat) -> None:
    answer(chat, "A", "B", "C", "D")
    assert chat.file(group=5) == 0

    answer(chat, "E", "F")
    assert chat.file(group=5) == 5
    assert (count(chat), count(chat, drafts)) == (5, 1)
    assert chat.file(group=5) == 0


def test_when_the_month_ends_what_is_left_is_filed(chat: Chat) -> None:
    answer(chat, "A", "B")
    chat.now = moment("2026-11-30 23:59")
    assert chat.file(group=5) == 0

    chat.now = moment("2026-12-01 00:00")
    assert chat.file(group=5) == 2
    with db.read(chat.engine) as conn:
        assert set(conn.scalars(select(responses.c.completed_on))) == {date(2026, 11, 21)}


def test_a_group_shares_one_day_and_its_ids_say_nothing(chat: Chat) -> None:
    for day, person in enumerate("ABCDE", 10):
        chat.now = moment(f"2026-11-{day} 10:00")
        answer(chat, person)
    with db.read(chat.engine) as conn:
        before = set(conn.scalars(select(drafts.c.id)))

    chat.file(group=5)

    with db.read(chat.engine) as conn:
        rows = conn.execute(select(responses)).all()
    assert {row.completed_on for row in rows} == {date(2026, 11, 14)}
    assert not before & {row.id for row in rows}
    assert all(set(row.answers) == {f"e{n}" for n in range(1, 10)} for row in rows)


def test_groups_do_not_mix_modes_points_or_months(chat: Chat) -> None:
    for person in "ABC":
        for line in ("ประเมิน tax", *"1 5 5 5 5 ส่ง".split()):
            chat.do(line, person)
        for line in ("ประเมิน permit", *"1 5 5 5 5 ส่ง".split()):
            chat.do(line, person)
    answer(chat, "A", "B")
    assert chat.file(group=3) == 6
    assert chat.file(group=2) == 2

    with db.read(chat.engine) as conn:
        kinds = Counter((row.kind, row.service_point) for row in conn.execute(select(responses)))
    assert kinds == {("satisfaction", "tax"): 3, ("satisfaction", "permit"): 3, ("eit", None): 2}


def test_comments_are_masked_and_cut_from_their_answers(chat: Chat) -> None:
    answer(chat, "A", then="ตอบเพิ่ม|2|1|1|1|ไฟดับ โทร 0812345678|ส่ง")
    answer(chat, "B", then="ตอบเพิ่ม|2|1|1|1|ข้าม|ส่ง")

    assert chat.file(group=2) == 2

    with db.read(chat.engine) as conn:
        [comment] = conn.execute(select(comments)).all()
        filed = conn.execute(select(responses)).all()
    assert (comment.text, comment.month) == ("ไฟดับ โทร [เบอร์โทร]", "2026-11")
    assert comment.id not in {row.id for row in filed}
    assert all("comment" not in row.answers and "screening" not in row.answers for row in filed)


def test_a_sheet_gets_one_row_for_each_response_and_comment_and_only_where_there_is_one(
    engine: Engine, agency: Agency, keys: Keys
) -> None:
    chat = Chat(hurry(engine), replace(agency, spreadsheet_id="sheet-1"), keys)
    answer(chat, "A", then="ตอบเพิ่ม|1|1|1|1|ดีมาก|ส่ง")
    answer(chat, "B")
    chat.file(group=2)

    with db.read(chat.engine) as conn:
        tabs = Counter(conn.scalars(select(sheet_rows.c.tab)))
        ids = set(conn.scalars(select(sheet_rows.c.row_id)))
        kept = set(conn.scalars(select(responses.c.id))) | set(conn.scalars(select(comments.c.id)))
    assert tabs == {"eit": 2, "comments": 1}
    assert ids == kept


def test_a_crash_in_the_middle_leaves_everything_to_be_filed_again(chat: Chat) -> None:
    answer(chat, "A", "B", "C")

    class Crash(Random):
        """Power fails when the second group is shuffled."""

        left = 3

        def shuffle(self, x: object) -> None:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt

    settings = Settings((chat.agency,), chat.keys, anonymity_group=1)
    with pytest.raises(KeyboardInterrupt):
        filing.file_closed(chat.engine, settings, chat.agency, chat.library, chat.now, Crash())
    assert count(chat) + count(chat, drafts) == 3

    chat.file()
    assert (count(chat), count(chat, drafts)) == (3, 0)


def test_answers_left_for_a_day_count_as_sent_and_unfinished_ones_do_not(chat: Chat) -> None:
    answer(chat, "A", then="")
    answer(chat, "B", then="หยุด")
    for line in ALL[:5]:
        chat.do(line, "C")

    chat.now += timedelta(hours=23, minutes=59)
    chat.leftovers()
    assert chat.file() == 0
    chat.now += timedelta(minutes=2)
    chat.leftovers()
    assert chat.file() == 2
    assert chat.stored("C")[0].startswith("open:")


def test_unfinished_drafts_go_after_thirty_days_with_their_participation(chat: Chat) -> None:
    for line in ALL[:5]:
        chat.do(line, "A")
    chat.do("แบบสอบถาม", "B")

    chat.now += timedelta(days=1, minutes=1)
    chat.leftovers()
    assert (count(chat, drafts), count(chat, participation)) == (1, 1)
    chat.now += timedelta(days=29)
    chat.leftovers()
    assert (count(chat, drafts), count(chat, participation)) == (0, 0)


@pytest.mark.parametrize("lines", [ALL[:5], ALL], ids=["unfinished", "complete"])
def test_a_draft_touched_while_the_worker_looks_is_left_alone(chat: Chat, lines: list[str]) -> None:
    """The worker reads which drafts were left for long; before it can act, the person is back."""
    for line in lines:
        chat.do(line, "A")
    chat.now += timedelta(days=40)

    with db.write(chat.engine) as conn:
        conn.execute(drafts.update().values(touched_at=chat.now))
        worker = threading.Thread(target=chat.leftovers)
        worker.start()
        time.sleep(0.3)  # it has read what was before, and waits for this transaction
    worker.join()

    assert chat.stored("A")[0].startswith("open:")
    assert (count(chat, drafts), count(chat, participation)) == (1, 1)


def test_a_round_that_is_over_counts_its_answers_on_its_last_day(chat: Chat) -> None:
    chat.now = moment("2027-03-31 23:00")
    answer(chat, "A", then="")
    answer(chat, "B", then="")
    chat.now = moment("2027-04-01 00:30")
    chat.do("ส่ง", "A")
    chat.happens("rounds")

    assert chat.file() == 2
    with db.read(chat.engine) as conn:
        assert set(conn.scalars(select(responses.c.completed_on))) == {date(2027, 3, 31)}
        assert rounds.get(conn, "main", "eit-2570-1").secret is None  # type: ignore[union-attr]


def test_a_seat_is_free_again_when_its_answers_are_deleted(chat: Chat) -> None:
    answer(chat, "A")
    assert count(chat, participation) == 1
    chat.do("ลบข้อมูล", "A")
    assert count(chat, participation) == 0
    answer(chat, "A")
    assert chat.file() == 1


def test_events_are_forgotten_after_three_days(chat: Chat) -> None:
    chat.do("เมนู")
    filing.forget_events(chat.engine, chat.agency, chat.now + timedelta(days=3))
    assert count(chat, seen_events) == 1
    filing.forget_events(chat.engine, chat.agency, chat.now + timedelta(days=4))
    assert count(chat, seen_events) == 0


def test_operators_open_and_close_rounds_and_hear_what_is_wrong(
    chat: Chat, settings_factory: Callable[..., Settings]
) -> None:
    instrument = chat.library.newest("eit", 2570)
    opens, closes = date(2026, 12, 1), date(2027, 1, 1)
    with db.write(chat.engine) as conn:
        with pytest.raises(rounds.RoundError, match="round eit-2570-1 of eit is open in that time"):
            rounds.open_round(conn, chat.keys, "main", "pilot", instrument, opens, closes)
        with pytest.raises(rounds.RoundError, match="not after it opens"):
            rounds.open_round(conn, chat.keys, "main", "pilot", instrument, closes, opens)
        rounds.close(conn, chat.library, "main", "eit-2570-1", date(2026, 11, 21))
        with pytest.raises(rounds.RoundError, match="there is no open round eit-2570-1"):
            rounds.close(conn, chat.library, "main", "eit-2570-1", date(2026, 11, 21))
        with pytest.raises(rounds.RoundError, match="there is a round eit-2570-1 already"):
            rounds.open_round(conn, chat.keys, "main", "eit-2570-1", instrument, opens, closes)
        rounds.open_round(conn, chat.keys, "main", "pilot", instrument, opens, closes)
        assert rounds.ensure(conn, chat.library, chat.keys, "main", opens) == []  # the pilot is what is open
        assert rounds.listing(conn, "main")[0].id == "pilot"
