"""Filing: where the link between a person and answers is cut (architecture, section 3).

Completing only closes a draft. Here closed drafts that look alike from outside (same round, mode, point, month) are
filed in shuffled groups: a new random id, the answers, one day for the whole group; the draft is deleted and the sheet
rows queued in the same transaction. So neither ids, insertion order, row versions, days nor the sheet's own history say
whose answers they are. Comments are cut from their answers as well, masked, under ids of their own.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, delete, select

from survey import agenda, db, drafts, sheets_rows, thai
from survey import rounds as rounds_of
from survey.library import Library
from survey.masking import mask
from survey.privacy import Keys, random_id
from survey.settings import Agency, Settings
from survey.tables import comments, responses, rounds, seen_events
from survey.tables import drafts as drafts_table

IDLE_SENT = timedelta(hours=24)
UNFINISHED = timedelta(days=30)
NEVER_BEGUN = timedelta(days=1)
EVENTS_KEPT = timedelta(days=3)
_AT_ONCE = 20  # responses in one transaction, so that it stays under 20 ms


def file_closed(
    engine: Engine, settings: Settings, agency: Agency, library: Library, now: datetime, rng: Random
) -> int:
    """File what may be filed now; how many responses that were."""
    today = thai.bangkok_date(now)
    filed = 0
    with db.read(engine) as conn:
        buckets = _buckets(conn, agency.id)
    for bucket, ids in buckets.items():
        rng.shuffle(ids)
        for group in _groups(ids, settings.anonymity_group, over=_month_over(bucket, today)):
            with db.write(engine) as conn:
                if _still_whole(conn, agency.id, group):
                    filed += _file_group(conn, agency, library, group, today, rng)
    if filed:
        db.scrub(engine)
    return filed


def close_idle(engine: Engine, agency: Agency, library: Library, now: datetime) -> int:
    """All questions answered and nothing heard for 24 hours counts as sent, as the notice says."""
    closed = 0
    for row in _left_alone(engine, agency.id, now - IDLE_SENT):
        instrument = library.get(row.instrument_id, row.instrument_version)
        if instrument.kind in agenda.TASKS or not instrument.sendable(row.answers):
            continue  # a complaint is filed by whoever sends it, and by nobody else
        with db.write(engine) as conn:
            values = {"status": "closed", "completed_on": rounds_of.day_in(conn, row, thai.bangkok_date(now))}
            stmt = drafts_table.update().where(*_untouched(row)).values(**values).returning(drafts_table.c.id)
            closed += conn.execute(stmt).first() is not None
    return closed


def expire(engine: Engine, agency: Agency, keys: Keys, now: datetime) -> int:
    """Unfinished drafts go after 30 days, their participation too; those that never began after a day."""
    gone = 0
    for row in _left_alone(engine, agency.id, now - NEVER_BEGUN):
        if "notice" in row.answers and now - row.touched_at < UNFINISHED:
            continue
        with db.write(engine) as conn:
            if db.lock_row(conn, drafts_table, *_untouched(row)):
                drafts.drop(conn, keys, row)
                gone += 1
    return gone


def forget_events(engine: Engine, agency: Agency, now: datetime) -> None:
    """Events are remembered for three days, longer than LINE redelivers."""
    old = thai.bangkok_date(now - EVENTS_KEPT)
    with db.write(engine) as conn:
        conn.execute(delete(seen_events).where(seen_events.c.agency_id == agency.id, seen_events.c.seen_on < old))


Bucket = tuple[str, str, str | None, str]  # round, mode, service point, month


def _buckets(conn: Connection, agency_id: str) -> dict[Bucket, list[str]]:
    columns = (drafts_table.c.id, drafts_table.c.round_id, drafts_table.c.mode, drafts_table.c.service_point)
    closed = (drafts_table.c.agency_id == agency_id, drafts_table.c.status == "closed")
    found: dict[Bucket, list[str]] = defaultdict(list)
    for row in conn.execute(select(*columns, drafts_table.c.completed_on).where(*closed)):
        found[row.round_id, row.mode, row.service_point, f"{row.completed_on:%Y-%m}"].append(row.id)
    return dict(sorted(found.items(), key=str))


def _month_over(bucket: Bucket, today: date) -> bool:
    return bucket[3] < f"{today:%Y-%m}"


def _groups(ids: list[str], size: int, over: bool) -> list[list[str]]:
    """Groups of ``size``; what is left waits for company until its month is over."""
    whole = len(ids) if over else len(ids) - len(ids) % size
    step = max(size, _AT_ONCE - _AT_ONCE % size)
    return [ids[i : min(i + step, whole)] for i in range(0, whole, step)]


def _still_whole(conn: Connection, agency_id: str, ids: list[str]) -> bool:
    """Lock the group. Not when one was erased or taken by another worker meanwhile: a smaller group would tell more."""
    mine = (drafts_table.c.agency_id == agency_id, drafts_table.c.id.in_(ids), drafts_table.c.status == "closed")
    stmt = select(drafts_table.c.id).where(*mine).order_by(drafts_table.c.id).with_for_update()
    return len(conn.execute(stmt).all()) == len(ids)


def _file_group(conn: Connection, agency: Agency, library: Library, ids: list[str], today: date, rng: Random) -> int:
    mine = (drafts_table.c.agency_id == agency.id, drafts_table.c.id.in_(ids), drafts_table.c.status == "closed")
    rows = list(conn.execute(delete(drafts_table).where(*mine).returning(drafts_table)).all())
    rng.shuffle(rows)
    day = max(row.completed_on for row in rows)  # one day for all: equal days say nothing
    kinds = {
        r.id: r.kind for r in conn.execute(select(rounds.c.id, rounds.c.kind).where(rounds.c.agency_id == agency.id))
    }
    filed = [_response(row, kinds[row.round_id], day, library) for row in rows]
    conn.execute(responses.insert(), filed)
    said = [c for row in rows for c in _comments(row, kinds[row.round_id], day, library)]
    rng.shuffle(said)
    if said:
        conn.execute(comments.insert(), said)
    _queue(conn, agency, library, filed, said, today)
    return len(filed)


def _response(row: Row[Any], kind: str, day: date, library: Library) -> dict[str, Any]:
    instrument = library.get(row.instrument_id, row.instrument_version)
    kept = {q.id: row.answers[q.id] for q in instrument.questions if _filed(q.kind) and q.id in row.answers}
    return {
        "agency_id": row.agency_id,
        "id": random_id(),
        "round_id": row.round_id,
        "kind": kind,
        "instrument_id": row.instrument_id,
        "instrument_version": row.instrument_version,
        "completed_on": day,
        "mode": row.mode,
        "household": row.seat > 0,
        "service_point": row.service_point or None,
        "assisted_by": row.assisted_by,
        "answers": kept,
    }


def _filed(question_kind: str) -> bool:
    return question_kind in ("item", "choice")


def _comments(row: Row[Any], kind: str, day: date, library: Library) -> list[dict[str, Any]]:
    questions = library.get(row.instrument_id, row.instrument_version).questions
    return [
        {
            "agency_id": row.agency_id,
            "id": random_id(),
            "kind": kind,
            "month": f"{day:%Y-%m}",
            "service_point": row.service_point or None,
            "text": mask(text),
        }
        for question in questions
        if question.kind == "text" and (text := row.answers.get(question.id))
    ]


def _queue(
    conn: Connection,
    agency: Agency,
    library: Library,
    filed: list[dict[str, Any]],
    said: list[dict[str, Any]],
    today: date,
) -> None:
    """Let the rows go to the sheet once this transaction is committed; nothing is queued for an agency without one."""
    if not agency.spreadsheet_id:
        return
    for response in filed:
        instrument = library.get(response["instrument_id"], response["instrument_version"])
        tab, cells = sheets_rows.response_row(
            instrument,
            row_id=response["id"],
            month=thai.month_of(response["completed_on"]).key,
            mode=response["mode"],
            service_point_title=_title(agency, response["service_point"]),
            answers=response["answers"],
        )
        sheets_rows.queue(conn, agency.id, tab, response["id"], cells, today)
    for comment in said:
        year, month = map(int, comment["month"].split("-"))
        tab, cells = sheets_rows.comment_row(
            row_id=comment["id"],
            month=thai.month_of(date(year, month, 1)).key,
            kind=comment["kind"],
            service_point_title=_title(agency, comment["service_point"]),
            text=comment["text"],
        )
        sheets_rows.queue(conn, agency.id, tab, comment["id"], cells, today)


def _title(agency: Agency, point_id: str | None) -> str | None:
    point = agency.office.point(point_id) if point_id else None
    return point.title if point else point_id


def _untouched(row: Row[Any]) -> tuple[ColumnElement[bool], ...]:
    """That very draft, if nobody answered since it was read."""
    table = drafts_table.c
    this = (table.agency_id == row.agency_id, table.id == row.id)
    return (*this, table.touched_at == row.touched_at, table.status != "closed")


def _left_alone(engine: Engine, agency_id: str, since: datetime) -> list[Row[Any]]:
    mine = (drafts_table.c.agency_id == agency_id, drafts_table.c.status != "closed")
    with db.read(engine) as conn:
        return list(conn.execute(select(drafts_table).where(*mine, drafts_table.c.touched_at < since)).all())
