"""Tickets in the store, on both databases: every change one row of history, of two at once one wins."""

import threading
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from survey import complaint, db, tickets
from survey.complaint import CaseError, Deed
from survey.settings import Agency
from survey.tables import complaint_files
from survey.tickets import Filing

NOON = datetime(2027, 2, 10, 5, tzinfo=UTC)
SAID = "ไฟดับหน้าบ้านนายสมชาย โทร 081-234-5678"


def filed(engine: Engine, agency: Agency, category: str = "light", **more: object) -> str:
    with db.write(engine) as conn:
        return str(tickets.file(conn, agency, Filing(SAID, category, **more), NOON).id)  # type: ignore[arg-type]


def test_a_new_ticket_knows_its_department_limit_and_masked_words(engine: Engine, agency: Agency) -> None:
    with db.write(engine) as conn:
        row = tickets.file(conn, agency, Filing(SAID, "danger", respondent="r1", tell_by="line"), NOON)
        assert tickets.by_number(conn, agency.id, row.ticket) == row
        assert [one.id for one in tickets.of_respondent(conn, agency.id, "r1")] == [row.id]
        history = tickets.history(conn, agency.id, row.id)

    assert complaint.is_ticket(row.ticket)
    assert (row.department, row.urgent, row.status, row.due_on) == ("clerk", True, "received", date(2027, 2, 13))
    assert row.words == SAID
    assert "สมชาย" not in row.masked
    assert "081-234" not in row.masked
    assert [(h.number, h.action, h.by, h.status) for h in history] == [(1, "receive", "complainant", "received")]


def test_photos_of_the_draft_become_the_tickets_own(engine: Engine, agency: Agency) -> None:
    photo = {"agency_id": agency.id, "id": "p1", "draft": "d1", "kind": "photo", "status": "ready"}
    with db.write(engine) as conn:
        conn.execute(complaint_files.insert().values(**photo, added_on=date(2027, 2, 10)))
        row = tickets.file(conn, agency, Filing(SAID, "road", draft="d1"), NOON)

        assert [f.id for f in tickets.files(conn, agency.id, row.id)] == ["p1"]


def test_a_whole_life_is_its_history(engine: Engine, agency: Agency) -> None:
    ticket = filed(engine, agency, tell_by="line")
    deeds = [
        Deed("accept", "officer", "o1"),
        Deed("forward", "officer", "o1", to="clerk", category="danger"),
        Deed("resolve", "officer", "o2", "ซ่อมแล้ว"),
        Deed("reopen", "complainant", words="ยังดับ"),
        Deed("resolve", "officer", "o2", "เปลี่ยนหลอดแล้ว"),
        Deed("rate", "complainant", rating=4),
    ]
    for deed in deeds:
        with db.write(engine) as conn:
            row = tickets.act(conn, agency, ticket, deed, NOON)

    with db.read(engine) as conn:
        history = tickets.history(conn, agency.id, ticket)
    assert (row.status, row.reopened, row.rating, row.delivery) == ("resolved", 1, 4, "waiting")
    assert (row.category, row.urgent, row.due_on, row.closed_on) == ("danger", True, date(2027, 2, 13), NOON.date())
    assert row.accepted_at == NOON
    assert [h.action for h in history] == ["receive", *(d.action for d in deeds)]
    assert [h.words for h in history if h.told] == ["ซ่อมแล้ว", "ยังดับ", "เปลี่ยนหลอดแล้ว"]
    assert row.revision == len(history)


def test_what_does_not_fit_changes_nothing(engine: Engine, agency: Agency) -> None:
    ticket = filed(engine, agency)
    with db.write(engine) as conn, pytest.raises(CaseError):
        tickets.act(conn, agency, ticket, Deed("confirm", "complainant"), NOON)
    with db.write(engine) as conn, pytest.raises(KeyError):
        tickets.act(conn, agency, "no such ticket", Deed("accept", "officer", "o1"), NOON)
    other = Agency("other", "อบต.อื่น")
    with db.write(engine) as conn, pytest.raises(KeyError):
        tickets.act(conn, other, ticket, Deed("accept", "officer", "o1"), NOON)

    with db.read(engine) as conn:
        assert len(tickets.history(conn, agency.id, ticket)) == 1


def test_of_all_who_accept_at_once_one_wins_and_the_others_are_told(engine: Engine, agency: Agency) -> None:
    ticket = filed(engine, agency)
    outcomes: Counter[str] = Counter()
    together = threading.Barrier(4)

    def press(officer: str) -> None:
        together.wait()
        try:
            with db.write(engine) as conn:
                tickets.act(conn, agency, ticket, Deed("accept", "officer", officer), NOON)
            outcomes["won"] += 1
        except CaseError as exc:
            outcomes[exc.phrase] += 1

    people = [threading.Thread(target=press, args=(f"o{n}",)) for n in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert outcomes == {"won": 1, "case_taken": 3}


def test_everybody_follows_the_ticket_that_theirs_was_merged_into(engine: Engine, agency: Agency) -> None:
    first, second, third = (filed(engine, agency) for _ in range(3))
    for double in (second, third):
        with db.write(engine) as conn:
            tickets.act(conn, agency, double, Deed("merge", "officer", "o1", to=first), NOON)

    with db.read(engine) as conn:
        assert {row.id for row in tickets.followers(conn, agency.id, first)} == {first, second, third}


@pytest.mark.parametrize("target", ["itself", "gone", "closed"])
def test_no_ticket_is_merged_into_itself_a_closed_one_or_nothing(engine: Engine, agency: Agency, target: str) -> None:
    ticket, closed = filed(engine, agency), filed(engine, agency)
    with db.write(engine) as conn:
        tickets.act(conn, agency, closed, Deed("cancel", "complainant"), NOON)
    to = {"itself": ticket, "gone": "no such ticket", "closed": closed}[target]

    with db.write(engine) as conn, pytest.raises(CaseError, match="case_no_target"):
        tickets.act(conn, agency, ticket, Deed("merge", "officer", "o1", to=to), NOON)
