"""From the environment, ``.env`` and the TOML files to one frozen Settings, or one SettingsError with all faults.

The environment wins over ``.env``; a name set to nothing in the environment switches the one in ``.env`` off. Which
parts must be complete is the caller's choice, so that scores can be read where no LINE token is: ``keys`` (SECRET_KEY),
``agency`` (name and office file), ``line`` (channel secret and token), ``sheets`` (credentials where a sheet is named),
``mail`` (SMTP_*).
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dotenv.parser import parse_stream

from survey import db
from survey.privacy import Keys, SecretKeyError, check_contact_key
from survey.settings import Agency, Office, Settings
from survey.settings_mail import read_smtp
from survey.settings_names import BY_NAME, NAMES
from survey.settings_office import ID, read_office, read_toml, window_of
from survey.settings_read import CORE, Faults, SettingsError, Source

ALL = frozenset({"keys", "agency", "line", "sheets", "mail"})
ONLY_AGENCY = "main"  # the id of the agency when there is one, so that a second can join later without moving data
MIN_SECRET = 16
SHEET_ADDRESS = re.compile(r"https://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/([\w-]+)")
PER_AGENCY = frozenset(n.name.lower() for n in NAMES if n.per_agency) | {"default"}
SHARED = ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_SERVICE_ACCOUNT_JSON")


def load(need: frozenset[str] = ALL, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings of this process. Raises SettingsError with every fault in the parts that are needed."""
    folder = folder or Path.cwd()
    faults = Faults()
    values: dict[str, object] = dict(_env_file(folder / ".env", faults))
    values |= os.environ if environ is None else environ
    source = Source(values, faults, folder=folder)
    settings = _deployment(source, _agencies(source))
    problems = faults.of(need)
    if problems:
        raise SettingsError(problems)
    return settings


def _env_file(path: Path, faults: Faults) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as exc:
        faults.add(CORE, f"{path} cannot be read ({type(exc).__name__}). It must be a text file in UTF-8.")
        return {}
    found: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            faults.add(CORE, f"{path}, line {binding.original.line}, is not of the form NAME=value. Mend that line.")
        elif binding.key is not None:
            found[binding.key] = binding.value or ""
    return found


def _deployment(source: Source, agencies: tuple[Agency, ...]) -> Settings:
    return Settings(
        agencies=agencies,
        keys=_keys(source),
        database_url=_database_url(source),
        line_api_base=source.url("LINE_API_BASE", CORE),
        sheets_api_base=source.url("SHEETS_API_BASE", CORE),
        smtp=read_smtp(source),
        public_url=source.url("PUBLIC_URL", CORE),
        sheets_timeout_s=source.number("SHEETS_TIMEOUT_S", CORE, 0.05, 300),
        sheets_writes_per_minute=source.whole("SHEETS_WRITES_PER_MINUTE", CORE, 1, 10_000),
        sheets_quota_window_s=source.number("SHEETS_QUOTA_WINDOW_S", CORE, 0.05, 3600),
        worker_poll_s=source.number("WORKER_POLL_S", CORE, 0.02, 60),
        anonymity_group=source.whole("ANONYMITY_GROUP", CORE, 1, 100),
    )


def _keys(source: Source) -> Keys:
    secret = source.text("SECRET_KEY", "keys", required=True)
    if secret and len(secret) < MIN_SECRET:
        source.fault("SECRET_KEY", "keys", f"is only {len(secret)} characters long; it needs {MIN_SECRET} or more")
    return Keys(secret, _key_list(source, "CONTACT_KEYS"), _key_list(source, "SEALED_KEYS"))


def _key_list(source: Source, name: str) -> tuple[str, ...]:
    found = [key.strip() for key in source.text(name, "keys").split(",") if key.strip()]
    for number, key in enumerate(found, 1):
        try:
            check_contact_key(key)
        except SecretKeyError:
            source.fault(name, "keys", f"has as its key number {number} something that is no key")
    return tuple(found)


def _database_url(source: Source) -> str:
    url = source.text("DATABASE_URL", CORE) or BY_NAME["DATABASE_URL"].default
    try:
        db.check_url(url)
    except db.DatabaseUrlError as exc:
        source.faults.add(CORE, f"{exc}.")
    return url


def _agencies(source: Source) -> tuple[Agency, ...]:
    """At least one agency, the default one first."""
    name = source.text("AGENCIES_FILE", CORE)
    if not name:
        return (_agency(ONLY_AGENCY, source),)
    path = source.folder / name
    tables = read_toml(path, "AGENCIES_FILE", source.faults, CORE)
    named = _agency_tables(tables, path.name, source.faults)
    if tables and not named:
        source.faults.add(CORE, f"{path.name} has no agency. Write a table [agency.<id>] for each.")
    shared = {key.lower(): source.get(key) for key in SHARED}
    agencies = []
    for agency_id, table in named.items():
        own = {k: v for k, v in shared.items() if v is not None and not table.keys() & shared.keys()} | table
        place = f"[agency.{agency_id}] of {path.name}"
        agencies.append(_agency(agency_id, Source(own, source.faults, place, path.parent)))
    _check_unlike(agencies, path.name, source.faults)
    first = [a for a in agencies if named[a.id].get("default") is True]
    if len(first) > 1:
        source.faults.add(CORE, f"{path.name} has {len(first)} agencies with default = true; only one can be.")
    return tuple(first + [a for a in agencies if a not in first]) or (Agency(ONLY_AGENCY, ""),)


def _agency_tables(tables: Mapping[str, Any], file: str, faults: Faults) -> dict[str, dict[str, Any]]:
    for key in tables.keys() - {"agency"}:
        faults.add(CORE, f"{file} has an unknown key {key!r} at its top; only tables [agency.<id>] belong there.")
    agencies = tables.get("agency", {})
    found: dict[str, dict[str, Any]] = {}
    for agency_id, table in agencies.items() if isinstance(agencies, dict) else ():
        if not isinstance(table, dict) or not ID.fullmatch(agency_id):
            faults.add(
                CORE, f"{file}: {agency_id!r} is no agency; write [agency.<id>], id in up to 32 of a-z, 0-9, -, _."
            )
            continue
        for key in table.keys() - PER_AGENCY:
            known = ", ".join(sorted(PER_AGENCY))
            faults.add(CORE, f"{file}, [agency.{agency_id}]: unknown key {key!r}; known are {known}.")
        found[agency_id] = table
    return found


def _agency(agency_id: str, source: Source) -> Agency:
    name, office = _office(source)
    spreadsheet = _spreadsheet_id(source)
    return Agency(
        id=agency_id,
        name=source.text("AGENCY_NAME", "agency", required=not name) or name,
        channel_secret=source.token("LINE_CHANNEL_SECRET", "line", required=True),
        channel_access_token=source.token("LINE_CHANNEL_ACCESS_TOKEN", "line", required=True),
        spreadsheet_id=spreadsheet,
        google_credentials=_credentials(source, required=bool(spreadsheet)),
        office=office,
    )


def _office(source: Source) -> tuple[str, Office]:
    file = source.text("AGENCY_FILE", "agency")
    label = source.label("AGENCY_FILE")
    name, office = read_office(source.folder / file, label, source.faults) if file else ("", Office())
    window = window_of(
        source.url("OFFICIAL_EIT_URL", "agency"),
        source.date("OFFICIAL_EIT_FROM", "agency"),
        source.date("OFFICIAL_EIT_TO", "agency"),
    )
    if isinstance(window, str):
        source.fault("OFFICIAL_EIT_URL", "agency", f"with its FROM and TO: the window {window}")
    elif window is not None:
        office = replace(office, official_window=window)
    return name, office


def _spreadsheet_id(source: Source) -> str:
    value = source.text("SPREADSHEET_ID", "sheets")
    address = SHEET_ADDRESS.match(value)  # people paste the whole address
    if address:
        return address[1]
    if value and not re.fullmatch(r"[\w-]+", value, re.ASCII):
        source.fault("SPREADSHEET_ID", "sheets", "is not the id of a sheet")
    return value


def _credentials(source: Source, *, required: bool) -> str:
    """The service account's JSON; its text wins over its file."""
    name, text = "GOOGLE_SERVICE_ACCOUNT_JSON", source.text("GOOGLE_SERVICE_ACCOUNT_JSON", "sheets")
    file = source.text("GOOGLE_APPLICATION_CREDENTIALS", "sheets")
    if not required:
        return text
    if not (text or file):
        source.fault("GOOGLE_APPLICATION_CREDENTIALS", "sheets", "is missing, but a spreadsheet is named")
        return ""
    if not text:
        name = "GOOGLE_APPLICATION_CREDENTIALS"
        try:
            text = (source.folder / file).expanduser().read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else "it is no text"
            source.fault(name, "sheets", f"names {file}, which cannot be read: {reason}")
            return ""
    fault = _credentials_fault(text)
    if fault:
        source.fault(name, "sheets", fault)
    return text


def _credentials_fault(text: str) -> str:
    try:
        account = json.loads(text)
        missing = [key for key in ("client_email", "private_key", "token_uri") if not account.get(key)]
    except (ValueError, AttributeError):
        return "is not the JSON key of a service account"
    if account.get("type") != "service_account" or missing:
        return f"is not the JSON key of a service account; it lacks {', '.join(missing) or 'that type'}"
    try:
        load_pem_private_key(account["private_key"].encode(), None)
    except (ValueError, TypeError, AttributeError):
        return "has a private_key that is damaged"
    return ""


def _check_unlike(agencies: list[Agency], file: str, faults: Faults) -> None:
    """Two agencies cannot share a channel (whose event is it?) or a spreadsheet (whose row is it?)."""
    for what, part, values in (
        ("LINE channel", "line", [a.channel_access_token for a in agencies]),
        ("spreadsheet", "sheets", [a.spreadsheet_id for a in agencies]),
    ):
        for value in {v for v in values if v and values.count(v) > 1}:
            ids = ", ".join(a.id for a, other in zip(agencies, values, strict=True) if other == value)
            faults.add(part, f"{file}: the agencies {ids} have the same {what}; each needs its own.")
