"""The worker: one failing job stops no other, what is due once is done once, a signal ends it cleanly."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from json import dumps
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from bot.duties import Duties, Housekeeping, next_night
from bot.playground.line_app import running_line
from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app as create_sheets
from bot.shifts import Job, Shift, work
from bot.worker import Crew
from survey import db, library, officers, rounds, thai
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import outbox as outbox_table
from survey.tables import responses, snapshots, workers
from survey.tables import rounds as rounds_table

NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)


def test_a_job_that_fails_is_named_and_stops_no_other() -> None:
    done: Counter[str] = Counter()

    def fails() -> bool:
        done["fails"] += 1
        raise KeyError("words of a resident")

    def works() -> bool:
        done["works"] += 1
        return False

    stopping = threading.Event()
    shift = Shift("house", [Job("fails", fails), Job("works", works)], 0.02, stopping)

    with capture_logs() as logged:
        for _ in range(20):
            shift.once()

    assert done == {"fails": 1, "works": 20}  # the failing one waits before it is tried again
    assert [(entry["event"], entry["job"], entry["error"]) for entry in logged] == [
        ("worker.job_failed", "fails", "KeyError")
    ]
    assert "resident" not in repr(logged)


def test_a_job_that_failed_is_tried_again_later_and_later() -> None:
    tried: list[float] = []

    def fails() -> bool:
        tried.append(time.monotonic())
        raise OSError

    stopping = threading.Event()
    shift = Shift("house", [Job("fails", fails)], 0.01, stopping)
    threading.Timer(0.5, stopping.set).start()
    with capture_logs():
        shift.run()

    waits = [after - before for before, after in pairwise(tried)]
    assert len(waits) >= 3
    assert waits == sorted(waits)


def test_a_shift_goes_on_at_once_while_there_is_more_and_rests_when_there_is_not() -> None:
    left, stopping, times = [3, 2, 1], threading.Event(), []

    def take() -> bool:
        times.append(time.monotonic())
        if left:
            left.pop()
        elif len(times) > 5:
            stopping.set()
        return bool(left)

    Shift("house", [Job("take", take)], 0.2, stopping).run()

    assert times[2] - times[0] < 0.1
    assert times[-1] - times[2] > 0.2


def test_a_job_that_takes_long_pauses_longer() -> None:
    times: list[float] = []

    def count() -> bool:
        times.append(time.monotonic())
        time.sleep(0.05)
        return False

    stopping = threading.Event()
    threading.Timer(1.2, stopping.set).start()
    Shift("scores", [Job("count", count, every_s=0.01)], 0.01, stopping).run()

    assert 2 <= len(times) <= 4  # a tenth of the time, not all of it


def test_a_stop_waits_for_the_job_at_hand() -> None:
    began, stopping, ended = threading.Event(), threading.Event(), []

    def slow() -> bool:
        began.set()
        time.sleep(0.2)
        ended.append(True)
        return True

    running_shifts = threading.Thread(target=work, args=([Shift("s", [Job("slow", slow)], 0.01, stopping)], stopping))
    running_shifts.start()
    began.wait(5)
    stopping.set()
    running_shifts.join(5)

    assert not running_shifts.is_alive()
    assert ended == [True]


def test_two_workers_share_the_duties_of_a_day(engine: Engine, settings_factory: Callable[..., Settings]) -> None:
    done: Counter[str] = Counter()
    guard = threading.Lock()

    def duty(name: str) -> Callable[[Agency], None]:
        def do(agency: Agency) -> None:
            with guard:
                done[f"{name} {agency.id}"] += 1

        return do

    agencies = (Agency("nong", "หนอง"), Agency("dong", "ดง"))
    settings = settings_factory(agencies=agencies)
    now = [NOW]

    def worker() -> None:
        daily = {"rounds": duty("rounds"), "forget": duty("forget")}
        duties = Duties(engine, settings, lambda: now[0], daily, {"sheet": duty("sheet")})
        duties.plan()
        while duties.do_next():
            pass

    def day() -> None:
        threads = [threading.Thread(target=worker) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        worker()

    day()
    once = {f"{name} {agency}": 1 for name in ("rounds", "forget") for agency in ("nong", "dong")}
    assert done == once

    now[0] += timedelta(hours=1)
    day()
    assert done == once

    now[0] += timedelta(hours=23)  # the next day: its daily duties, and the comparison of the night between
    day()
    assert done == dict.fromkeys(once, 2) | {"sheet nong": 1, "sheet dong": 1}


def test_a_duty_that_fails_is_tried_again_later(engine: Engine, settings_factory: Callable[..., Settings]) -> None:
    tries: list[datetime] = []
    now = [NOW]

    def fails(agency: Agency) -> None:
        tries.append(now[0])
        if len(tries) == 1:
            raise ConnectionError("Google")

    duties = Duties(engine, settings_factory(), lambda: now[0], {"rounds": fails}, {})
    duties.plan()

    with pytest.raises(ConnectionError, match="Google"):
        duties.do_next()
    assert not duties.do_next()
    now[0] += timedelta(minutes=1)
    assert duties.do_next()
    assert not duties.do_next()
    assert len(tries) == 2


def test_the_night_is_half_past_two_in_bangkok() -> None:
    before, after = datetime(2027, 2, 1, 19, 29, tzinfo=UTC), datetime(2027, 2, 1, 19, 31, tzinfo=UTC)

    assert next_night(before) == datetime(2027, 2, 1, 19, 30, tzinfo=UTC)
    assert next_night(after) == datetime(2027, 2, 2, 19, 30, tzinfo=UTC)


def test_at_the_turn_of_the_half_year_the_old_round_loses_its_secret(
    engine: Engine, settings_factory: Callable[..., Settings], keys: Keys, agency: Agency
) -> None:
    now = [datetime(2027, 3, 31, 10, tzinfo=UTC)]
    keep = Housekeeping(engine, settings_factory(), library.load(), lambda: now[0])
    keep.turn_rounds(agency)
    now[0] = datetime(2027, 3, 31, 17, 1, tzinfo=UTC)  # one minute past midnight in Bangkok

    keep.turn_rounds(agency)

    with db.read(engine) as conn:
        by_id = {r.id: (r.closed, r.secret is None) for r in conn.execute(select(rounds_table)) if r.kind == "eit"}
    assert by_id == {"eit-2570-1": (True, True), "eit-2570-2": (False, False)}


def test_workers_that_are_long_gone_are_taken_off_the_list(
    engine: Engine, settings_factory: Callable[..., Settings], agency: Agency
) -> None:
    with db.write(engine) as conn:
        for name, beat_at in (("gone", NOW - timedelta(days=2)), ("here", NOW)):
            conn.execute(workers.insert().values(id=name, beat_at=beat_at))

    Housekeeping(engine, settings_factory(), library.load(), lambda: NOW).forget(agency)

    with db.read(engine) as conn:
        assert conn.scalars(select(workers.c.id)).all() == ["here"]


def test_every_admin_is_told_of_a_trouble_once_a_day(
    engine: Engine, settings_factory: Callable[..., Settings], keys: Keys, agency: Agency
) -> None:
    with db.write(engine) as conn:
        for number, role in enumerate(("admin", "admin", "viewer")):
            code = officers.invite(conn, keys, "main", role, "", [], NOW)
            officers.redeem(conn, keys, "main", code, f"r{number}", b"sealed", NOW)
    now = [NOW]
    crew = Crew(engine, settings_factory(), library.load(), lambda: now[0])

    for hours in (0, 1, 24):
        now[0] = NOW + timedelta(hours=hours)
        crew.tell_admins(agency, "mirror.denied", "แผ่นงานไม่ให้เขียน")

    with db.read(engine) as conn:
        queued = conn.scalars(select(outbox_table.c.lane)).all()
    assert len(queued) == 4
    assert len(set(queued)) == 2


# --- the whole worker, as a process ---


BOOKS: dict[str, LocalSheets] = {}
"""Address -> the local Google behind it, to look into."""


@pytest.fixture
def outside(sqlite_url: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a worker whose LINE and Google are local."""
    sheets = LocalSheets(writes_per_minute=6000, reads_per_minute=6000)
    sheets.create_spreadsheet("book", "สมุด")
    with ExitStack() as stack:
        line = stack.enter_context(running_line("test-secret", "test-token"))
        base = stack.enter_context(running(create_sheets(sheets)))
        stack.callback(sheets.close)
        BOOKS[base] = sheets
        yield {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "LINE_CHANNEL_SECRET": "test-secret",
            "LINE_CHANNEL_ACCESS_TOKEN": "test-token",
            "AGENCY_NAME": "เทศบาลตำบลตัวอย่าง",
            "SECRET_KEY": "a secret key for tests, long enough to pass",
            "LINE_API_BASE": line.url,
            "SHEETS_API_BASE": base,
            "SPREADSHEET_ID": "book",
            "GOOGLE_SERVICE_ACCOUNT_JSON": dumps(service_account_info(base)),
            "DATABASE_URL": sqlite_url,
            "WORKER_POLL_S": "0.1",
        }


@pytest.mark.fault
def test_a_worker_beats_does_its_duties_and_leaves_cleanly_on_a_signal(
    outside: dict[str, str], sqlite_engine: Engine, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "bot", "worker"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=outside, cwd=tmp_path, stdout=log, stderr=log)
    try:
        wait_for(lambda: duties_done(sqlite_engine) == {"rounds", "forget"}, process)
        with db.read(sqlite_engine) as conn:
            assert len(conn.execute(select(workers)).all()) == 1
            assert len(rounds.listing(conn, "main")) == 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()

    with db.read(sqlite_engine) as conn:
        assert conn.execute(select(workers)).all() == []
    assert "test-token" not in (tmp_path / "log").read_text()


@pytest.mark.fault
def test_what_was_filed_is_in_the_sheet_and_its_scores_in_the_summary(
    outside: dict[str, str], sqlite_engine: Engine, tmp_path: Path
) -> None:
    today = thai.bangkok_date(datetime.now(UTC))
    store_answers(sqlite_engine, today, 6)
    command = [sys.executable, "-m", "bot", "worker"]
    process = subprocess.Popen(command, env=outside, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: len(shown(outside, "คำตอบ EIT")) == 7, process)
        wait_for(lambda: any(row[1:2] == [6] for row in shown(outside, "สรุปรายเดือน")), process)
    finally:
        process.terminate()
        assert process.wait(10) == 0

    with db.read(sqlite_engine) as conn:
        names = set(conn.scalars(select(snapshots.c.name)))
    assert {"eit", "eit:mode", "satisfaction"} <= names


def store_answers(engine: Engine, day: date, count: int) -> None:
    """Filed EIT responses of today, all satisfied."""
    instrument = library.load().newest("eit", thai.fiscal_year(day))
    answers = {q.id: max(q.options, key=lambda o: o.score or 0).value for q in instrument.items}
    row = {
        "agency_id": "main",
        "round_id": "eit",
        "kind": "eit",
        "instrument_id": instrument.id,
        "instrument_version": instrument.version,
        "completed_on": day,
        "mode": "self",
        "answers": answers,
    }
    with db.write(engine) as conn:
        conn.execute(responses.insert(), [{**row, "id": f"r{n}"} for n in range(count)])


def shown(outside: dict[str, str], tab: str) -> list[list[object]]:
    """The rows of a tab, header included; none while there is no such tab."""
    sheets = BOOKS[outside["SHEETS_API_BASE"]]
    return sheets.rows("book", tab) if tab in sheets.tabs("book") else []


def duties_done(engine: Engine) -> set[str]:
    with db.read(engine) as conn:
        rows = conn.execute(select(outbox_table.c.payload).where(outbox_table.c.status == "done")).all()
    return {row.payload["duty"] for row in rows}


def wait_for(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
