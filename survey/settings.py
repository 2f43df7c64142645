"""What a deployment is: settings from the environment or ``.env``, agencies, and what each office says about itself.

Frozen values handed to whoever needs them; nothing reads the environment later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from survey import rules_file
from survey.privacy import Keys
from survey.rules import Category, Rules
from survey.settings_mail import Smtp


@dataclass(frozen=True, slots=True)
class Department:
    id: str
    title: str
    owns: tuple[str, ...] = ()  # item codes it answers for: e1, e4, ...
    email: str = ""  # its mailbox, for alerts when LINE has no quota left


@dataclass(frozen=True, slots=True)
class ServicePoint:
    """A counter, a project or an online service that a QR code can mark. ``kind``: counter | project | online."""

    id: str
    title: str
    kind: str = "counter"
    department: str = ""


@dataclass(frozen=True, slots=True)
class OfficialWindow:
    """When the NACC's own EIT is open, and where; ``closes`` is the last day."""

    url: str
    opens: date
    closes: date

    def covers(self, day: date) -> bool:
        return self.opens <= day <= self.closes


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs documents. ``acting``: "รักษาราชการแทน ..." below the position, or empty."""

    name: str
    position: str
    acting: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """What an office says about itself (``AGENCY_FILE``). All optional, so that a pilot can start with a name."""

    phone: str = ""
    hours: str = ""
    address: str = ""
    email: str = ""  # the office's mailbox, for departments without one
    departments: tuple[Department, ...] = ()
    points: tuple[ServicePoint, ...] = ()
    service_users: int | None = None  # people who use the services in a year, for the correction of intervals
    official_window: OfficialWindow | None = None
    last_official_year: int | None = None
    last_official_eit: Mapping[str, str] = field(default_factory=dict)  # "EIT", "6", "7", "8" -> score as printed
    rules: Rules = field(default_factory=rules_file.default)  # of complaints
    report: Mapping[str, str] = field(default_factory=dict)  # facts of documents: head, head_position, memo_prefix, ...
    signatories: tuple[Signatory, ...] = ()  # of documents, who prepares them first; the head comes after them
    measures: Path | None = None  # its own improvement measures

    def owner_of(self, item_code: str) -> Department | None:
        return next((d for d in self.departments if item_code in d.owns), None)

    def point(self, text: str) -> ServicePoint | None:
        """The service point with this id or title."""
        wanted = text.strip().casefold()
        return next((p for p in self.points if wanted in (p.id.casefold(), p.title.casefold())), None)

    def working_on(self, category: Category) -> str:
        """The department that works on a category; the first of ours where the rules name another; "": we have none."""
        known = [d.id for d in self.departments]
        return category.department if category.department in known else next(iter(known), "")

    def department(self, department_id: str) -> Department | None:
        return next((d for d in self.departments if d.id == department_id), None)


@dataclass(frozen=True, slots=True)
class Agency:
    """One local government: its LINE channel, its sheet, its office. Secrets are kept out of ``repr``."""

    id: str
    name: str
    channel_secret: str = field(default="", repr=False)
    channel_access_token: str = field(default="", repr=False)
    spreadsheet_id: str = ""
    google_credentials: str = field(default="", repr=False)  # the service account's JSON text
    office: Office = field(default_factory=Office)


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole deployment."""

    agencies: tuple[Agency, ...]
    keys: Keys = field(repr=False)
    database_url: str = "sqlite:///var/siang.db"
    line_api_base: str = ""  # empty: LINE's own addresses
    sheets_api_base: str = ""  # empty: Google's own address
    smtp: Smtp | None = None
    public_url: str = ""
    sheets_timeout_s: float = 20.0
    sheets_writes_per_minute: int = 30
    sheets_quota_window_s: float = 60.0
    worker_poll_s: float = 0.5
    anonymity_group: int = 5

    @property
    def default_agency(self) -> Agency:
        return self.agencies[0]

    def agency(self, agency_id: str) -> Agency | None:
        return next((a for a in self.agencies if a.id == agency_id), None)
