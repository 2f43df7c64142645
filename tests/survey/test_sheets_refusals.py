"""What happens to a batch that Google refuses, to the tokens, and to tabs that are gone or taken."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, select

from bot.playground.sheets_batch import batch_update
from survey import db
from survey.sheets_answers import Answer, Seen
from survey.sheets_batches import Batch
from survey.tables import mirrors, sheet_batches, sheet_rows
from tests.survey.sheets_kit import SHEET, Desk, desk


@pytest.fixture
def office(sqlite_engine: Engine) -> Iterator[Desk]:
    with desk(sqlite_engine) as at_work:
        mirror = at_work.mirror()
        at_work.run(mirror)  # the tabs are there
        mirror.close()
        yield at_work


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
