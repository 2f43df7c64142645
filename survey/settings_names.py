"""Every setting by name: its default, what it means, where to get it. One list for loader, documentation and tests."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One setting. ``mend``: what an operator does when it is missing or wrong."""

    name: str
    default: str
    meaning: str
    mend: str = ""
    secret: bool = False
    per_agency: bool = False  # may stand in a table of AGENCIES_FILE, in lower case


NAMES = (
    Name(
        "LINE_CHANNEL_SECRET",
        "",
        "Proves that a webhook comes from LINE. Needed by `web` and `worker`.",
        "Copy it from the LINE Developers console: your Messaging API channel, Basic settings, Channel secret.",
        secret=True,
        per_agency=True,
    ),
    Name(
        "LINE_CHANNEL_ACCESS_TOKEN",
        "",
        "Lets the bot answer. Needed by `web` and `worker`.",
        "Issue one in the LINE Developers console: Messaging API, Channel access token (long-lived).",
        secret=True,
        per_agency=True,
    ),
    Name(
        "SECRET_KEY",
        "",
        "Any random text of 16 characters or more; all pseudonyms come from it. Never change it, keep a copy.",
        "`siang init` writes a fresh one.",
        secret=True,
    ),
    Name(
        "CONTACT_KEYS",
        "",
        "Encrypt officers' contacts; comma-separated, the first encrypts, all decrypt. Empty: made from SECRET_KEY.",
        "Each is 32 random bytes in URL-safe base64 (44 characters); `siang init` writes one.",
        secret=True,
    ),
    Name(
        "SEALED_KEYS",
        "",
        "Encrypt corruption reports; comma-separated, the first encrypts, all decrypt. Empty: none are taken.",
        "Each is 32 random bytes in URL-safe base64 (44 characters); `siang keys new` prints one. See docs/sealed.md.",
        secret=True,
    ),
    Name(
        "AGENCY_NAME",
        "",
        "The office's name as residents read it.",
        "Write it as on the office's letters, like AGENCY_NAME=เทศบาลตำบลตัวอย่าง.",
        per_agency=True,
    ),
    Name(
        "AGENCY_FILE",
        "",
        "A TOML file in which the office tells about itself: phone, hours, departments, service points.",
        "`siang init` writes one with comments.",
        per_agency=True,
    ),
    Name(
        "AGENCIES_FILE",
        "",
        "A TOML file for several agencies in one deployment: a table [agency.<id>] for each.",
        "Give the path of the file, or leave it empty for one agency.",
    ),
    Name(
        "SPREADSHEET_ID",
        "",
        "The Google Sheet that mirrors the responses. Empty: no mirror; `siang export` serves.",
        "It is the long part of the sheet's address between /d/ and /edit.",
        per_agency=True,
    ),
    Name(
        "GOOGLE_APPLICATION_CREDENTIALS",
        "",
        "Path of the service account's JSON key. This or the next is needed with SPREADSHEET_ID.",
        "Google Cloud console: IAM, Service accounts, Keys, Add key, JSON. Share the sheet with its e-mail address.",
        per_agency=True,
    ),
    Name(
        "GOOGLE_SERVICE_ACCOUNT_JSON",
        "",
        "The same JSON as text, for places without files.",
        "Paste the whole JSON key of the service account in one line.",
        secret=True,
        per_agency=True,
    ),
    Name(
        "DATABASE_URL",
        "sqlite:///var/siang.db",
        "Where everything is kept: a file on one machine, or postgresql://... for more.",
        "Use sqlite:///path/to/file.db or postgresql://user:password@host/name.",
    ),
    Name(
        "PUBLIC_URL",
        "",
        "The address under which the internet reaches `siang web`, without a slash at the end.",
        "Like https://survey.example.go.th; LINE accepts only https.",
    ),
    Name(
        "OFFICIAL_EIT_URL",
        "",
        "The NACC's own EIT for this agency. All three OFFICIAL_EIT_* together, or none.",
        "Copy the link the NACC gave the agency.",
        per_agency=True,
    ),
    Name("OFFICIAL_EIT_FROM", "", "Its first day; from then our EIT pauses.", "Write 2027-05-01.", per_agency=True),
    Name("OFFICIAL_EIT_TO", "", "Its last day.", "Write 2027-06-30.", per_agency=True),
    Name(
        "ANONYMITY_GROUP", "5", "Responses are filed shuffled, in groups of this size.", "A whole number from 1 to 100."
    ),
    Name("WORKER_POLL_S", "0.5", "Seconds the worker rests when there is nothing to do.", "A number from 0.02 to 60."),
    Name("SHEETS_TIMEOUT_S", "20", "Seconds to wait for an answer of Google Sheets.", "A number from 0.05 to 300."),
    Name(
        "SHEETS_WRITES_PER_MINUTE",
        "30",
        "Pace of writing to the sheet; Google allows 60 a minute and service account.",
        "A whole number from 1 to 10000.",
    ),
    Name(
        "SHEETS_QUOTA_WINDOW_S",
        "60",
        "Length of Google's quota window; only tests change it.",
        "A number from 0.05 to 3600.",
    ),
    Name(
        "SMTP_HOST",
        "",
        "A mail server for alerts when the month's LINE messages are used up. Empty: no e-mail.",
        "Ask whoever runs the office's mail for the server, port, user and password.",
    ),
    Name("SMTP_PORT", "587", "Its port: 587 with starttls, 465 with tls.", "A whole number from 1 to 65535."),
    Name(
        "SMTP_SECURITY", "starttls", "`starttls`, `tls`, or `none` (a server on this machine).", "Use starttls or tls."
    ),
    Name("SMTP_USER", "", "Its user; empty: the server takes mail without.", "With SMTP_PASSWORD, or neither."),
    Name("SMTP_PASSWORD", "", "The user's password.", "Often an app password of that mailbox.", secret=True),
    Name("SMTP_FROM", "", "The address that alerts come from.", "Like siang@example.go.th, one the server lets send."),
    Name("LINE_API_BASE", "", "Another LINE than LINE's own, like the playground's.", "Like http://127.0.0.1:8001."),
    Name("SHEETS_API_BASE", "", "Another Google Sheets than Google's own.", "Like http://127.0.0.1:8002."),
)
BY_NAME = {setting.name: setting for setting in NAMES}
