"""Clearing up tokens: Google has room for about 600, a busy office uses that many in a day.

A token may go once no request that carries it can still be on its way.
"""

from datetime import datetime

import structlog
from sqlalchemy import Engine, func, select

from survey import db, sheets_batches, sheets_budget, sheets_plan
from survey.sheets_answers import Seen
from survey.sheets_budget import Lane, Rate
from survey.sheets_client import SheetsClient
from survey.tables import mirrors, sheet_batches

log = structlog.get_logger(__name__)

MANY_TOKENS = 450  # Google has room for about 600
AT_ONCE = 300


def forget_old(engine: Engine, lane: Lane, rate: Rate, client: SheetsClient, now: datetime) -> bool:
    """Delete tokens that no late request can need any more, many at once; should it fail, another time will do."""
    with db.read(engine) as conn:
        numbers = sheets_batches.old_tokens(conn, lane, now)
    if len(numbers) < sheets_batches.FORGET_AT_ONCE:
        return False
    with db.write(engine) as conn:
        if sheets_budget.hold(conn, lane, now) is None or not sheets_budget.take(conn, rate, now):
            return False
        sheets_batches.forgetting(conn, lane, numbers, now)
    answer = client.batch_update(sheets_plan.forget_payload(numbers))
    log.info("mirror.forgot", tokens=len(numbers), seen=answer.detail)
    with db.write(engine) as conn:
        if answer.seen is Seen.THROTTLED:
            sheets_budget.throttle(conn, rate, now)
        elif answer.ok:
            sheets_batches.forgotten(conn, lane, numbers)
    return answer.ok


def forget_foreign(engine: Engine, lane: Lane, rate: Rate, client: SheetsClient, now: datetime) -> int:
    """Delete tokens that are not in this database (it was lost, or a deletion failed) before they use up the room.

    Leaves them alone while there are few, and when another agency of this deployment writes to the same spreadsheet.
    """
    answer = client.tokens()
    matched = (answer.body or {}).get("matchedDeveloperMetadata", [])
    there = {each["developerMetadata"]["metadataId"] for each in matched}
    if len(there) < MANY_TOKENS:
        return 0
    with db.write(engine) as conn:
        others = select(func.count()).where(mirrors.c.spreadsheet_id == lane.spreadsheet_id)
        known = set(conn.scalars(select(sheet_batches.c.number).where(*lane.of(sheet_batches))))
        numbers = sorted(there - known)[:AT_ONCE]
        if not numbers or conn.scalar(others) != 1 or not sheets_budget.take(conn, rate, now):
            return 0
    answer = client.batch_update(sheets_plan.forget_payload(numbers))
    log.info("mirror.forgot", tokens=len(numbers), foreign=True, seen=answer.detail)
    return len(numbers) if answer.ok else 0
