"""Each line of the table "errors -> what to do", against the local Sheets service."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, select, update

from survey import db
from survey.tables import mirrors, write_budgets
from tests.survey.sheets_kit import Desk, desk


@pytest.fixture
def office(engine: Engine) -> Iterator[Desk]:
    with _with_tabs(engine) as at_work:
        yield at_work


@pytest.fixture
def quick(sqlite_engine: Engine) -> Iterator[Desk]:
    """For long tables of faults, where the kind of database makes no difference."""
    with _with_tabs(sqlite_engine) as at_work:
        yield at_work


@contextmanager
def _with_tabs(engine: Engine) -> Iterator[Desk]:
    with desk(engine, sheets_timeout_s=0.3) as at_work:
        mirror = at_work.mirror()
        at_work.run(mirror)
        mirror.close()
        yield at_work


@pytest.mark.parametrize("how", ["500", "503", "html", "broken", "reset"])
@pytest.mark.parametrize("when", ["before", "after", "late"])
def test_an_outcome_nobody_knows_gives_one_row(quick: Desk, when: str, how: str) -> None:
    mirror = quick.mirror()
    ids = quick.file(5)
    faults = quick.sheets.faults
    if when == "late":
        faults.late(how, seconds=0.05)  # type: ignore[arg-type]
    else:
        getattr(faults, when)(how)

    mirror.step()
    mirror.step()
    quick.sheets.drain()
    quick.run(mirror)

    assert sorted(quick.ids()) == sorted(ids)
    assert quick.alerts == []
    mirror.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_call_that_hangs_is_cut_off_and_repeated(quick: Desk, when: str) -> None:
    mirror = quick.mirror()
    ids = quick.file(5)
    quick.sheets.faults.hang(seconds=1.0, when=when)  # type: ignore[arg-type]

    quick.run(mirror)

    assert sorted(quick.ids()) == sorted(ids)
    mirror.close()


def test_the_same_bytes_go_again(office: Desk) -> None:
    mirror = office.mirror()
    office.file(5)
    office.sheets.faults.before("503", times=3)

    office.run(mirror)

    bodies = [str(r.body) for r in office.sheets.requests if "appendCells" in str(r.body)]
    assert len(bodies) == 4
    assert len(set(bodies)) == 1
    mirror.close()


def test_after_a_429_the_account_is_silent_until_the_next_window_and_then_half_as_fast(office: Desk) -> None:
    mirror = office.mirror()
    office.file(5)
    office.sheets.faults.before("429")
    sent = office.sheets.counts["write"]
    office.clock.turn(-office.clock.seconds() % 60 + 1)  # a second into a window

    for _ in range(5):
        mirror.step()
        office.clock.turn(10)
    assert office.sheets.counts["write"] == sent + 1

    office.clock.turn(10)
    office.run(mirror)
    assert len(office.ids()) == 5
    with db.read(office.engine) as conn:
        assert conn.scalar(select(write_budgets.c.allowed)) == 15
    mirror.close()


def test_no_more_than_the_allowed_writes_go_out_in_a_window(office: Desk) -> None:
    mirror = office.mirror(sheets_writes_per_minute=3)
    with db.write(office.engine) as conn:
        conn.execute(update(mirrors).values(rows_limit=1))  # as after a refusal: small batches
    office.file(40)
    office.clock.turn(60 - office.clock.seconds() % 60)
    sent = office.sheets.counts["write"]

    for _ in range(60):
        while mirror.step():
            pass
        office.clock.turn(0.9)

    assert office.sheets.counts["write"] - sent == 3
    mirror.close()


@pytest.mark.parametrize("how", ["401", "403", "404"])
def test_a_closed_sheet_is_told_once_and_tried_every_five_minutes(quick: Desk, how: str) -> None:
    mirror = quick.mirror()
    ids = quick.file(5)
    quick.sheets.faults.before(how, times=None)  # type: ignore[arg-type]
    sent = quick.sheets.counts["write"]

    for _ in range(16 * 12):
        mirror.step()
        quick.clock.turn(5)
    tried = (quick.sheets.counts["write"] - sent) // (3 if how == "401" else 1)  # google-auth asks for new tokens
    assert tried == 4
    [(kind, text)] = quick.alerts
    assert kind == "mirror.denied"
    assert "siang-mirror@" in text

    quick.sheets.faults.clear()
    quick.run(mirror)
    assert sorted(quick.ids()) == sorted(ids)
    assert quick.state()["mirror"]["paused_reason"] == ""
    mirror.close()


def test_a_revoked_key_pauses_and_a_new_one_goes_on(office: Desk) -> None:
    mirror = office.mirror()
    office.file(1)
    account = mirror.client.account
    office.sheets.tokens.revoked.add(account)

    while mirror.step():
        pass
    assert [kind for kind, _ in office.alerts] == ["mirror.denied"]

    office.sheets.tokens.revoked.clear()
    office.clock.turn(301)
    office.run(mirror)
    assert len(office.ids()) == 1
    mirror.close()


def test_a_full_spreadsheet_pauses_with_an_alert_and_loses_nothing(office: Desk) -> None:
    mirror = office.mirror()
    office.file(5)
    office.sheets.faults.before("cells", times=2)

    office.run(mirror, step_s=60)

    assert [kind for kind, _ in office.alerts] == ["mirror.cells"]
    assert len(office.ids()) == 5
    mirror.close()


def test_two_workers_share_one_spreadsheet(office: Desk) -> None:
    one, other = office.mirror("one"), office.mirror("other")
    ids = office.file(5)

    assert one.step()
    assert not other.step()  # one has the lease
    office.clock.turn(10)  # one has died
    assert other.step()
    office.run(one)

    assert sorted(office.ids()) == sorted(ids)
    one.close()
    other.close()
