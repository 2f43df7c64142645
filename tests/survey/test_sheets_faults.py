"""Each line of the table "errors -> what to do", against the local Sheets service."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from bot.playground.sheets_batch import batch_update
from survey import db
from survey.sheets_answers import Answer, Seen
from survey.sheets_batches import Batch
from survey.tables import mirrors, sheet_batches, sheet_rows, write_budgets
from tests.survey.sheets_kit import SHEET, Desk, desk


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

    for _ in range(16 * 60):
        mirror.step()
        quick.clock.turn(1)
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


def test_a_number_somebody_else_took_is_left_to_them(office: Desk) -> None:
    mirror = office.mirror()
    with db.read(office.engine) as conn:
        number = conn.scalar(select(mirrors.c.next_number))
    theirs = {"createDeveloperMetadata": {"developerMetadata": token(int(number or 0))}}
    office.sheets.change(SHEET, lambda book: batch_update(book, {"requests": [theirs]}))
    ids = office.file(5)

    office.run(mirror)

    assert sorted(office.ids()) == sorted(ids)
    mirror.close()


def test_a_deleted_tab_is_made_again_with_an_alert(office: Desk) -> None:
    mirror = office.mirror()
    office.file(5)
    office.run(mirror)
    office.sheets.staff.delete_tab(SHEET, "คำตอบ EIT")
    later = office.file(3)

    office.run(mirror)

    assert sorted(office.ids()) == sorted(later)
    [(kind, text)] = office.alerts
    assert kind == "mirror.remade"
    assert "siang sheet rebuild" in text
    mirror.close()


def test_a_title_that_is_taken_gets_a_number(office: Desk) -> None:
    mirror = office.mirror()
    mine = office.sheet_id("eit")
    office.sheets.staff.delete_tab(SHEET, mine)
    office.sheets.staff.rename_tab(SHEET, "ความคิดเห็น", "คำตอบ EIT")
    office.file(1)

    office.run(mirror)

    assert len(office.ids("คำตอบ EIT (2)")) == 1
    mirror.close()


def test_one_row_google_refuses_is_put_aside_and_the_others_go(office: Desk) -> None:
    mirror = office.mirror()
    good = [office.comment("ดี") for _ in range(20)]
    bad = office.comment("ย" * 50_001)

    office.run(mirror)

    assert sorted(office.ids("ความคิดเห็น")) == sorted(good)
    with db.read(office.engine) as conn:
        [parked] = conn.execute(select(sheet_rows)).mappings()
    assert (parked["row_id"], parked["parked"], parked["batch"]) == (bad, "400 INVALID_ARGUMENT", None)
    assert [kind for kind, _ in office.alerts] == ["mirror.parked"]
    mirror.close()


def test_when_row_after_row_is_refused_it_is_not_the_rows(office: Desk) -> None:
    mirror = office.mirror()
    for _ in range(6):
        office.comment("ย" * 50_001)

    for _ in range(600):
        while mirror.step():
            pass
        office.clock.turn(1)

    with db.read(office.engine) as conn:
        assert [row.parked for row in conn.execute(select(sheet_rows.c.parked))] == [""] * 6
    assert office.alerts[-1][0] == "mirror.refused"
    assert [kind for kind, _ in office.alerts].count("mirror.refused") == 1
    mirror.close()


def test_a_late_original_of_a_batch_that_was_split_doubles_nothing(office: Desk) -> None:
    """The whole batch is refused once, halved, and the original is carried out before the half is."""
    mirror = office.mirror()
    ids = office.file(8)
    mirror.step()  # frozen
    with db.read(office.engine) as conn:
        original = conn.execute(select(sheet_batches).where(sheet_batches.c.status == "waiting")).mappings().one()
    batch = Batch(**{name: original[name] for name in Batch.__slots__})
    refusal = Answer(Seen.REFUSED, "400 INVALID_ARGUMENT", {"error": {"message": "?"}}, 400)
    mirror._settler.settle(batch, refusal, office.clock())
    assert mirror.client.batch_update(batch.body).ok  # late, but carried out

    office.run(mirror)

    assert sorted(office.ids()) == sorted(ids)
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


def test_old_tokens_are_deleted_but_not_the_newest_nor_the_recent(office: Desk) -> None:
    mirror = office.mirror()
    numbers = range(1000, 1600)
    requests = [{"createDeveloperMetadata": {"developerMetadata": token(number)}} for number in numbers]
    office.sheets.change(SHEET, lambda book: batch_update(book, {"requests": requests}))
    long_ago, just_now = office.clock() - timedelta(hours=1), office.clock()
    with db.write(office.engine) as conn:
        conn.execute(delete(sheet_batches))
        for number in numbers:
            sent = just_now if number == 1000 else long_ago
            conn.execute(insert(sheet_batches).values(done_batch(office, number, sent)))

    while mirror.step():
        pass

    left = {number for number in office.sheets.book(SHEET).metadata if number >= 1000}
    assert left == {1000, *range(1101, 1600)}
    mirror.close()


def token(number: int) -> dict[str, object]:
    place = {"location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
    return {"metadataId": number, "metadataKey": "siang.batch", "metadataValue": "x"} | place


def done_batch(office: Desk, number: int, sent: datetime) -> dict[str, object]:
    where = {"agency_id": office.agency.id, "spreadsheet_id": SHEET, "number": number, "tab": "eit", "sheet_id": 1}
    what = {"token": "x", "kind": "rows", "size": 0, "former": {}, "payload": b"", "status": "done"}
    return where | what | {"due_at": sent, "last_sent_at": sent}
