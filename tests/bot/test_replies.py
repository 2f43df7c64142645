"""The pool that sends replies: bounded, never in the webhook's way, quick to forget what is too late."""

import threading
import time
from collections.abc import Callable

import pytest

from bot.line import LineError
from bot.replies import Replies


def eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def wait_for(event: threading.Event) -> None:
    event.wait(5)


def reply_threads() -> int:
    return sum(thread.name.startswith("reply-") for thread in threading.enumerate())


def test_a_job_is_done_by_another_thread() -> None:
    replies, done = Replies(), threading.Event()

    assert replies.submit(done.set)

    assert done.wait(5)
    assert eventually(lambda: replies.counts["sent"] == 1)


def test_no_thread_starts_before_the_first_job_so_that_a_server_may_fork() -> None:
    before = reply_threads()
    replies = Replies()
    assert reply_threads() == before

    replies.submit(lambda: None)

    assert eventually(lambda: replies.counts["sent"] == 1)
    assert reply_threads() > before


def test_slow_jobs_run_side_by_side_in_no_more_threads_than_allowed() -> None:
    replies, go = Replies(threads=3), threading.Event()
    running: list[int] = []

    def job() -> None:
        running.append(1)
        go.wait(5)

    for _ in range(10):
        replies.submit(job)

    assert eventually(lambda: len(running) == 3)
    time.sleep(0.05)
    assert len(running) == 3
    go.set()
    assert eventually(lambda: replies.counts["sent"] == 10)


def test_a_full_queue_drops_the_job_counts_it_and_does_not_block() -> None:
    replies, go = Replies(threads=1, waiting=2), threading.Event()
    replies.submit(lambda: wait_for(go))
    assert eventually(lambda: replies.waiting() == 0)

    began = time.monotonic()
    taken = [replies.submit(lambda: None) for _ in range(5)]

    assert time.monotonic() - began < 0.5
    assert taken == [True, True, False, False, False]
    assert replies.counts["dropped_full"] == 3
    go.set()
    assert eventually(lambda: replies.counts["sent"] == 3)


def test_a_job_that_waited_too_long_is_dropped_and_counted() -> None:
    replies, go, late = Replies(threads=1, too_old_s=0.05), threading.Event(), threading.Event()
    replies.submit(lambda: wait_for(go))
    replies.submit(late.set)
    time.sleep(0.1)
    go.set()

    assert eventually(lambda: replies.counts["dropped_old"] == 1)
    assert not late.is_set()


def test_a_reply_that_line_refuses_is_counted_and_the_next_one_goes_out() -> None:
    replies, done = Replies(threads=1), threading.Event()

    def refused() -> None:
        raise LineError(400, permanent=True)

    replies.submit(refused)
    replies.submit(done.set)

    assert done.wait(5)
    assert replies.counts["failed"] == 1


def test_a_fault_of_ours_costs_its_thread_and_another_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda about: told.append(about.exc_type))
    replies, done = Replies(threads=1), threading.Event()

    def faulty() -> None:
        raise KeyError("a mistake in the program")

    replies.submit(faulty)
    replies.submit(done.set)

    assert done.wait(5)
    assert replies.counts["faulty"] == 1
    assert eventually(lambda: told == [KeyError])  # loudly, with its trace


def test_as_long_as_jobs_are_quick_one_thread_does_them_all() -> None:
    replies = Replies(threads=8)
    workers: set[str] = set()

    for number in range(1, 21):
        assert replies.submit(lambda: workers.add(threading.current_thread().name))
        assert eventually(lambda: replies.resting() == 1 and replies.counts["sent"] == number)  # noqa: B023 - asked at once

    assert len(workers) == 1
