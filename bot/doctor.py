"""What ``siang doctor`` looks at: settings, database, LINE, Google Sheets, clock, people, rounds; one line each.

A finding says what is wrong and how to mend it. A note is worth knowing and no fault. Nothing is changed anywhere
(write access to a sheet is tried with a mark that the same request takes away again), and no secret is shown.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import urllib3
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError

from bot.line import LineClient, LineError
from survey import db, officers, rounds, schema, thai
from survey.settings import Agency, Settings
from survey.sheets_answers import Answer, Seen
from survey.sheets_client import CredentialsError, SheetsClient
from survey.tables import outbox, sheet_rows, workers

LINE = "https://api.line.me"
CLOCK_OFF = timedelta(seconds=20)
SILENT = timedelta(seconds=60)
MOST_OF_QUOTA = 0.8
CLOCK_TIMEOUT_S = 5.0


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report. ``mend``: what to do, for a finding."""

    level: Level
    text: str
    mend: str = ""


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
            yield from check_people(engine, agency, clock)
    if engine is not None:
        yield from check_worker(engine, clock)


def ok(text: str) -> Line:
    return Line(Level.OK, text)


def note(text: str, mend: str = "") -> Line:
    return Line(Level.NOTE, text, mend)


def finding(text: str, mend: str) -> Line:
    return Line(Level.FINDING, text, mend)


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


def check_clock(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Line]:
    """Compare with the Date that LINE's server sends; a wrong clock breaks Google's tokens and the survey's days."""
    try:
        answer = urllib3.request("HEAD", settings.line_api_base or LINE, timeout=CLOCK_TIMEOUT_S, retries=False)
        theirs = datetime.strptime(answer.headers["Date"], "%a, %d %b %Y %H:%M:%S %Z")
    except (urllib3.exceptions.HTTPError, KeyError, ValueError):
        yield note("The clock could not be compared with LINE's.")
        return
    off = abs(theirs.replace(tzinfo=clock().tzinfo) - clock())
    if off > CLOCK_OFF:
        yield finding(f"The clock is off by {off.total_seconds():.0f} s.", "Switch on time synchronisation (NTP).")
    else:
        yield ok(f"The clock is right; in Bangkok it is {clock().astimezone(thai.BANGKOK):%Y-%m-%d %H:%M}.")


def check_line(settings: Settings, agency: Agency, line: LineClient) -> Iterator[Line]:
    try:
        info = line.bot_info(agency)
    except LineError as exc:
        mend = "Check LINE_CHANNEL_ACCESS_TOKEN." if exc.status in (401, 403) else "Check the network and try again."
        yield finding(f"{agency.id}: {exc}.", mend)
        return
    yield ok(f"{agency.id}: LINE knows the account {info.get('displayName')} ({info.get('basicId')}).")
    if info.get("chatMode") == "chat":
        mend = "If nobody chats there, switch Chat off in LINE Official Account Manager."
        yield note(f"{agency.id}: people who manage the account can read along what residents type.", mend)
    try:
        yield from _check_webhook(settings, agency, line.get(agency, "/v2/bot/channel/webhook/endpoint"))
        yield _quota(agency, line)
    except LineError as exc:
        yield finding(f"{agency.id}: {exc} when asked for webhook and quota.", "Try again; check the token's rights.")


def _check_webhook(settings: Settings, agency: Agency, endpoint: dict[str, Any]) -> Iterator[Line]:
    path = "/callback" if agency is settings.default_agency else f"/callback/{agency.id}"
    wanted = f"{settings.public_url or 'https://<PUBLIC_URL>'}{path}"
    if not settings.public_url:
        yield finding("PUBLIC_URL is not set, so no privacy page can be shown.", "Set it to the address LINE reaches.")
    elif endpoint.get("endpoint") != wanted:
        mend = f"Enter {wanted} as the Webhook URL in the LINE Developers console, Messaging API."
        yield finding(f"{agency.id}: LINE sends webhooks to {endpoint.get('endpoint') or 'nowhere'}.", mend)
    elif not endpoint.get("active"):
        yield finding(f"{agency.id}: webhooks are switched off.", 'Switch "Use webhook" on in the console.')
    else:
        yield ok(f"{agency.id}: LINE sends webhooks to {wanted}.")


def _quota(agency: Agency, line: LineClient) -> Line:
    quota = line.get(agency, "/v2/bot/message/quota")
    used = int(line.get(agency, "/v2/bot/message/quota/consumption").get("totalUsage", 0))
    if quota.get("type") != "limited":
        return ok(f"{agency.id}: {used} paid messages this month, no limit.")
    limit = int(quota.get("value", 0))
    text = f"{agency.id}: {used} of {limit} paid messages are used this month."
    if used >= limit * MOST_OF_QUOTA:
        return finding(text, "Alerts to officers may stop; replies to residents stay free. Consider a bigger plan.")
    return ok(text)


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
        yield ok(f"{agency.id}: {len(here)} officers are registered.")
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
