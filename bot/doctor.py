"""What ``siang doctor`` looks at: settings, database, LINE, Google Sheets, clock, people, rounds, alerts.

A finding says what is wrong and how to mend it. A note is worth knowing and no fault. Nothing is changed anywhere
(write access to a sheet is tried with a mark that the same request takes away again), and no secret is shown.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from bot.doctor_alerts import check_alerts, check_server
from bot.doctor_line import check_clock, check_line
from bot.doctor_report import Level, Line, finding, note, ok
from bot.doctor_sealed import check_sealed
from bot.line import LineClient
from survey import db, officers, rounds, schema, thai
from survey.privacy import SecretKeyError
from survey.settings import Agency, Settings
from survey.sheets_answers import Answer, Seen
from survey.sheets_client import CredentialsError, SheetsClient
from survey.tables import outbox, sheet_rows, workers

SILENT = timedelta(seconds=60)


def examine(settings: Settings, engine: Engine | None, clock: Callable[[], datetime]) -> Iterator[Line]:
    """Look at everything; ``engine`` None: there is no database yet. The settings are known to be readable."""
    yield from check_keys(settings)
    if engine is not None:
        database = list(check_database(settings, engine))
        yield from database
        engine = engine if all(line.level is not Level.FINDING for line in database) else None
    channels = [agency for agency in settings.agencies if agency.channel_access_token]
    if channels:
        yield from check_clock(settings, clock)
    line = LineClient(settings.line_api_base)
    for agency in channels:
        yield from check_line(settings, agency, line)
    for agency in settings.agencies:
        yield from check_sheet(settings, agency)
        if engine is not None:
            yield from check_secret(settings, engine, agency)
            yield from check_people(engine, agency, clock)
            yield from check_alerts(settings, engine, agency, line)
            yield from check_sealed(settings, engine, agency)
    yield from check_server(settings)
    if engine is not None:
        yield from check_worker(engine, clock)


def check_keys(settings: Settings) -> Iterator[Line]:
    if settings.keys.contact_keys:
        yield ok("CONTACT_KEYS are set.")
    elif settings.keys.secret_key:
        yield note("CONTACT_KEYS are made from SECRET_KEY.", "Keys of their own can be changed later; see: siang init")
    if settings.anonymity_group < 3:
        mend = "For real answers use 5 or more."
        yield note(f"ANONYMITY_GROUP is {settings.anonymity_group}: answers are filed almost as they come.", mend)


def check_database(settings: Settings, engine: Engine) -> Iterator[Line]:
    warning = db.sqlite_warning(settings.database_url)
    if warning:
        yield finding(warning, "Run the installation again on a machine for which the wheel exists, or use PostgreSQL.")
    try:
        schema.check(engine)
        yield ok(f"The database ({engine.dialect.name}) is at schema version {schema.wanted()}.")
    except schema.SchemaError as exc:
        yield finding(str(exc), "")
    except DBAPIError as exc:
        yield finding(f"The database cannot be reached ({type(exc.orig).__name__}).", "Check DATABASE_URL.")


def check_sheet(settings: Settings, agency: Agency) -> Iterator[Line]:
    if not agency.spreadsheet_id:
        yield note(f"{agency.id}: no spreadsheet is named; the mirror is off, `siang export` serves.")
        return
    try:
        client = SheetsClient(
            agency.spreadsheet_id, agency.google_credentials, settings.sheets_api_base, settings.sheets_timeout_s
        )
    except CredentialsError as exc:
        yield finding(f"{agency.id}: {exc}.", "See GOOGLE_APPLICATION_CREDENTIALS.")
        return
    seen = client.tabs()
    if not seen.ok:
        yield _no_access(agency, client, seen, "read")
    else:
        tried = client.batch_update(_mark_and_unmark())
        title = (seen.body or {}).get("properties", {}).get("title", "?")
        if tried.ok:
            yield ok(f"{agency.id}: the sheet {title!r} can be read and written by {client.account}.")
        else:
            yield _no_access(agency, client, tried, "write")
    client.close()


def _no_access(agency: Agency, client: SheetsClient, seen: Answer, what: str) -> Line:
    mend = f"Share the sheet with {client.account} as an editor; check SPREADSHEET_ID and that the Sheets API is on."
    if seen.seen is not Seen.DENIED:
        mend = "Check the network and try again."
    return finding(f"{agency.id}: Google Sheets does not let us {what} the sheet ({seen.detail}).", mend)


def _mark_and_unmark() -> str:
    """A write that leaves nothing: a piece of metadata made and deleted by one atomic request."""
    number = secrets.randbelow(1_000_000) + 2_100_000_000
    place = {"metadataId": number, "metadataKey": "siang.doctor", "location": {"spreadsheet": True}}
    made = {"createDeveloperMetadata": {"developerMetadata": {**place, "visibility": "PROJECT"}}}
    gone = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": number}}}}
    return json.dumps({"requests": [made, gone]})


def check_secret(settings: Settings, engine: Engine, agency: Agency) -> Iterator[Line]:
    """With another SECRET_KEY than the database was made with no survey could begin."""
    if not settings.keys.secret_key:
        return
    try:
        with db.read(engine) as conn:
            rounds.check_secrets(conn, settings.keys, [agency.id])
    except SecretKeyError as exc:
        yield finding(f"{agency.id}: {exc}.", "Put the old key back, or close the open rounds: siang round close")


def check_people(engine: Engine, agency: Agency, clock: Callable[[], datetime]) -> Iterator[Line]:
    today = thai.bangkok_date(clock())
    with db.read(engine) as conn:
        here = officers.listing(conn, agency.id)
        open_now = {kind: rounds.current(conn, agency.id, kind, today) for kind in ("eit", "satisfaction")}
        gave_up = conn.scalar(select(func.count()).where(outbox.c.agency_id == agency.id, outbox.c.status == "gave_up"))
        parked = conn.scalar(select(func.count()).where(sheet_rows.c.agency_id == agency.id, sheet_rows.c.parked != ""))
    if not here:
        yield finding(f"{agency.id}: nobody can read scores yet.", "Run: siang officer invite")
    elif all(row.role != "admin" for row in here):
        yield note(f"{agency.id}: no officer is an admin; nobody is told when the mirror stops.")
    else:
        yield ok(f"{agency.id}: {len(here)} officer{'s are' if len(here) > 1 else ' is'} registered.")
    for kind, row in open_now.items():
        if row is None:
            yield finding(f"{agency.id}: no {kind} round is open today.", "Run: siang migrate (or siang round open)")
        else:
            yield ok(f"{agency.id}: round {row.id} is open.")
    if gave_up:
        yield finding(f"{agency.id}: {gave_up} messages to officers could not be sent.", "See the worker's log.")
    if parked:
        yield finding(f"{agency.id}: Google refuses {parked} rows of the sheet.", "Run: siang sheet check")


def check_worker(engine: Engine, clock: Callable[[], datetime]) -> Iterator[Line]:
    with db.read(engine) as conn:
        beat = conn.scalar(select(func.max(workers.c.beat_at)))
    if beat is None or clock() - beat > SILENT:
        yield finding("No worker is running; answers are not filed.", "Keep `siang worker` running beside `siang web`.")
    else:
        yield ok("A worker is running.")
