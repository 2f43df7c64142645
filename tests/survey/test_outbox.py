"""The queue in the database, on SQLite and PostgreSQL: nothing lost, nothing done by two, in order per recipient."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, select

from survey import db, outbox
from survey.tables import outbox as rows

NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)


def put(engine: Engine, key: str, *, lane: str = "o1", kind: str = "push", due_at: datetime = NOW) -> bool:
    with db.write(engine) as conn:
        return outbox.put(conn, "main", kind, lane, key, {"n": key}, due_at)


def claimed(engine: Engine, now: datetime = NOW) -> str | None:
    item = outbox.claim(engine, now, ["push"])
    return None if item is None else str(item.payload["n"])


def test_the_same_effect_is_queued_once(engine: Engine) -> None:
    assert (put(engine, "a"), put(engine, "a"), put(engine, "b")) == (True, False, True)


def test_two_agencies_may_use_the_same_key(engine: Engine) -> None:
    with db.write(engine) as conn:
        queued = [outbox.put(conn, agency, "push", "o1", "digest:2570-02", {}, NOW) for agency in ("main", "nong")]

    assert queued == [True, True]


def test_a_row_is_claimed_when_it_is_due_and_only_if_its_kind_is_asked_for(engine: Engine) -> None:
    put(engine, "later", due_at=NOW + timedelta(minutes=1))
    put(engine, "job", kind="job")

    assert claimed(engine) is None
    assert claimed(engine, NOW + timedelta(minutes=1)) == "later"


def test_a_claimed_row_comes_back_after_its_lease_with_the_same_retry_key(engine: Engine) -> None:
    put(engine, "a")

    first = outbox.claim(engine, NOW, ["push"])
    meanwhile = outbox.claim(engine, NOW + outbox.LEASE / 2, ["push"])
    again = outbox.claim(engine, NOW + outbox.LEASE, ["push"])

    assert first is not None
    assert meanwhile is None
    assert again is not None
    assert (again.retry_key, first.attempts, again.attempts) == (first.retry_key, 1, 2)


def test_only_the_oldest_unfinished_row_of_a_lane_can_be_claimed(engine: Engine) -> None:
    put(engine, "first")
    put(engine, "second")
    put(engine, "other lane", lane="o2")

    first = outbox.claim(engine, NOW, ["push"])
    assert first is not None
    assert (claimed(engine), claimed(engine)) == ("other lane", None)

    outbox.done(engine, first)
    assert claimed(engine) == "second"


def test_a_failed_row_waits_longer_each_time_and_holds_its_lane(engine: Engine) -> None:
    put(engine, "a")
    put(engine, "b")
    now, waits = NOW, []
    for _ in range(5):
        item = outbox.claim(engine, now, ["push"])
        assert item is not None
        assert item.payload["n"] == "a"
        outbox.fail(engine, item, now, "LINE 500", Random(1))
        with db.read(engine) as conn:
            due = conn.scalar(select(rows.c.due_at).where(rows.c.id == item.id))
        assert due is not None
        waits.append((due - now).total_seconds())
        now = due

    assert waits == sorted(waits)
    assert 1 <= waits[0] <= 3
    assert 16 <= waits[-1] <= 48


def test_a_permanent_failure_gives_up_and_frees_the_lane(engine: Engine) -> None:
    put(engine, "a")
    put(engine, "b")
    item = outbox.claim(engine, NOW, ["push"])
    assert item is not None

    assert outbox.fail(engine, item, NOW, "LINE 400", Random(1), permanent=True)

    assert claimed(engine) == "b"
    with db.read(engine) as conn:
        assert conn.execute(select(rows.c.status, rows.c.last_error).where(rows.c.id == item.id)).one() == (
            "gave_up",
            "LINE 400",
        )


def test_trying_ends_while_line_still_knows_the_retry_key(engine: Engine) -> None:
    rng = Random(1)
    longest = sum((outbox.wait_after(n, rng) for n in range(1, outbox.MAX_ATTEMPTS)), timedelta())
    put(engine, "a")
    now = NOW
    for _ in range(outbox.MAX_ATTEMPTS):
        item = outbox.claim(engine, now, ["push"])
        assert item is not None
        gave_up = outbox.fail(engine, item, now, "LINE 500", rng)
        now += timedelta(hours=2)

    assert gave_up
    assert longest < timedelta(hours=20)


def test_a_worker_that_lost_its_lease_cannot_finish_what_another_has_now(engine: Engine) -> None:
    put(engine, "a")
    slow = outbox.claim(engine, NOW, ["push"])
    quick = outbox.claim(engine, NOW + outbox.LEASE, ["push"])
    assert slow is not None
    assert quick is not None

    outbox.fail(engine, slow, NOW + outbox.LEASE, "late", Random(1), permanent=True)
    with db.read(engine) as conn:
        assert conn.scalar(select(rows.c.status)) == "waiting"
    outbox.done(engine, quick)
    with db.read(engine) as conn:
        assert conn.scalar(select(rows.c.status)) == "done"


def test_many_claimers_at_once_never_get_the_same_row_twice(engine: Engine) -> None:
    for n in range(40):
        put(engine, str(n), lane=f"o{n}")
    taken: list[str] = []

    def take_all() -> None:
        misses = 0
        while misses < 3:  # on PostgreSQL a miss may only mean that others held the rows at that moment
            found = claimed(engine)
            misses = misses + 1 if found is None else 0
            if found is not None:
                taken.append(found)

    threads = [threading.Thread(target=take_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken, key=int) == [str(n) for n in range(40)]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from survey import db, outbox
engine = db.connect(sys.argv[1])
assert outbox.claim(engine, datetime(2027, 2, 1, 3, 0, tzinfo=UTC), ["push"]) is not None
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.fault
def test_what_a_killed_worker_held_is_done_by_another_after_the_lease(engine: Engine, database_url: str) -> None:
    put(engine, "a")

    killed = subprocess.run([sys.executable, "-c", KILLED, database_url], env=os.environ, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert claimed(engine) is None
    again = outbox.claim(engine, NOW + outbox.LEASE, ["push"])
    assert again is not None
    assert again.attempts == 2


def test_old_effects_are_swept_but_a_job_is_remembered_for_its_period(engine: Engine) -> None:
    put(engine, "effect")
    put(engine, "waiting", lane="o2")
    put(engine, "day:2027-02-01", kind="job", lane="day")
    for kind in ("push", "job"):
        item = outbox.claim(engine, NOW, [kind])
        assert item is not None
        outbox.done(engine, item)

    with db.write(engine) as conn:
        outbox.sweep(conn, NOW + timedelta(days=30))

    with db.read(engine) as conn:
        left = conn.scalars(select(rows.c.unique_key).order_by(rows.c.id)).all()
    assert left == ["main:push:waiting", "main:job:day:2027-02-01"]
