"""``siang demo``: the whole product on one machine, in one process tree: web, worker, a local LINE, a local Sheets.

Everything lives in one folder (``var/demo``): settings with stable keys, database, sheet, logs. Its ``.env``
makes every other command work there (``cd var/demo && siang scores``). All processes end together, whichever way.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import urllib3
from cryptography.fernet import Fernet
from dotenv import dotenv_values

from bot import family
from bot.playground.sheets_auth import write_service_account
from survey import db, library, rounds, schema, settings_load, thai
from survey.settings import Agency, Settings
from survey.settings_names import NAMES

TEMPLATE = Path(__file__).parents[1] / "templates" / "agency.toml"
OFFICER = "เจ้าหน้าที่นภา"  # whose phone the chat page shows at the right
START_S = 30.0
STOP_S = 8.0
LAST_WORDS = 12


class DemoError(Exception):
    """The demo cannot start or had to stop. The message is for a person."""


@dataclass(frozen=True)
class Place:
    """Where a demo lives: its folder and its four ports."""

    folder: Path
    port: int

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def line(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def sheets(self) -> str:
        return f"http://127.0.0.1:{self.port + 2}"

    @property
    def documents(self) -> str:
        return f"http://127.0.0.1:{self.port + 3}"

    @property
    def key_file(self) -> Path:
        return self.folder / "service-account.json"


def prepare(place: Place) -> Settings:
    """Write the settings, keeping the keys of an earlier run, and migrate. Raises DemoError in a folder in use."""
    place.folder.mkdir(parents=True, exist_ok=True)
    if not family.alone(place.folder / "lock"):
        raise DemoError(f"Another demo is running in {place.folder}. Stop it first, or give another --folder.")
    office = place.folder / "agency.toml"
    if not office.exists():
        office.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    write_service_account(place.key_file, place.sheets)
    env = place.folder / ".env"
    before = dotenv_values(env, interpolate=False) if env.exists() else {}
    env.touch(mode=0o600)
    env.write_text("".join(f"{k}={v}\n" for k, v in _values(place, before).items()), encoding="utf-8")
    settings = settings_load.load(environ={}, folder=place.folder)
    _migrate(settings)
    return settings


def check_ports(place: Place) -> None:
    """Raises DemoError naming the port that somebody else uses."""
    for port in range(place.port, place.port + 4):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as exc:
                reason = exc.strerror or type(exc).__name__
                raise DemoError(
                    f"Port {port} cannot be used: {reason}. The demo needs {place.port} to {place.port + 3}; "
                    f"choose others with: make demo PORT=8100"
                ) from None


@dataclass
class Tree:
    """The demo's processes. Each dies with this one; none hears the terminal's Ctrl-C, so that they end in order."""

    place: Place
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, agency: Agency) -> None:
        """Start everything, the channel of ``agency`` in the local LINE."""
        here, spare = self.place, [str(self.place.port + 1), str(self.place.port + 2)]
        channel = {
            "LINE_CHANNEL_SECRET": agency.channel_secret,
            "LINE_CHANNEL_ACCESS_TOKEN": agency.channel_access_token,
            "AGENCY_NAME": agency.name,
        }
        webhook = ("--webhook", f"{here.web}/callback")
        self._start("local LINE", "playground", "line", "--port", spare[0], *webhook, environ=channel)
        sheet = ("--spreadsheet", "demo", "--state", "sheets.json", "--key", here.key_file.name, "--fast")
        self._start("local Sheets", "playground", "sheets", "--port", spare[1], *sheet)
        self._start("web", "web", "--port", str(here.port))
        self._start("worker", "worker")

    def wait_until_up(self, stopping: threading.Event) -> None:
        """Until all three addresses answer. Raises DemoError when a process ends or time runs out."""
        deadline = time.monotonic() + START_S
        for address in (f"{self.place.line}/", f"{self.place.sheets}/", f"{self.place.web}/healthz"):
            while not stopping.is_set() and not _answers(address):
                self.check()
                if time.monotonic() > deadline:
                    raise DemoError(f"{address} does not answer after {START_S:.0f} s; see {self.logs}")
                stopping.wait(0.05)

    def check(self) -> None:
        """Raises DemoError naming a process that has ended, with its last words."""
        for name, child in self.children.items():
            if child.poll() is not None:
                raise DemoError(f"The {name} process has ended (exit code {child.returncode}).\n{self._end_of(name)}")

    def stop(self) -> None:
        """End all, the talkers before those they talk to; who does not go in time is killed with all it started."""
        deadline = time.monotonic() + STOP_S
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _kill_group(child)
        self.children.clear()

    @property
    def logs(self) -> Path:
        return self.place.folder / "logs"

    def _start(self, name: str, *arguments: str, environ: dict[str, str] | None = None) -> None:
        self.logs.mkdir(exist_ok=True)
        env = {key: value for key, value in os.environ.items() if key not in _OURS} | (environ or {})
        env |= {family.PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"}
        with self._log(name).open("wb") as log:
            self.children[name] = subprocess.Popen(  # noqa: S603 - our own program, arguments from here
                [sys.executable, "-m", "bot", *arguments],
                cwd=self.place.folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def _log(self, name: str) -> Path:
        return self.logs / f"{name.lower().replace(' ', '-')}.log"

    def _end_of(self, name: str) -> str:
        lines = self._log(name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  | {line}" for line in lines[-LAST_WORDS:])


_OURS = {setting.name for setting in NAMES} | {"PORT", "WEB_CONCURRENCY"}


def on_stop_signals(do: Callable[[], None]) -> None:
    """Call ``do`` on Ctrl-C, SIGTERM and a closed terminal."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: do())


def _values(place: Place, before: Mapping[str, str | None]) -> dict[str, str]:
    def stable(name: str, fresh: str) -> str:
        return before.get(name) or fresh

    return {
        "AGENCY_FILE": "agency.toml",
        "LINE_CHANNEL_SECRET": stable("LINE_CHANNEL_SECRET", secrets.token_hex(16)),
        "LINE_CHANNEL_ACCESS_TOKEN": stable("LINE_CHANNEL_ACCESS_TOKEN", secrets.token_urlsafe(32)),
        "LINE_API_BASE": place.line,
        "SPREADSHEET_ID": "demo",
        "GOOGLE_APPLICATION_CREDENTIALS": place.key_file.name,
        "SHEETS_API_BASE": place.sheets,
        "SHEETS_WRITES_PER_MINUTE": "600",
        "DATABASE_URL": f"sqlite:///{(place.folder / 'siang.db').resolve()}",
        "PUBLIC_URL": place.web,
        "SECRET_KEY": stable("SECRET_KEY", secrets.token_urlsafe(32)),
        "CONTACT_KEYS": stable("CONTACT_KEYS", Fernet.generate_key().decode()),
        "SEALED_KEYS": stable("SEALED_KEYS", Fernet.generate_key().decode()),
        "ANONYMITY_GROUP": "1",
        "WORKER_POLL_S": "0.2",
    }


def _migrate(settings: Settings) -> None:
    engine, today = db.connect(settings.database_url), thai.bangkok_date(datetime.now(UTC))
    schema.upgrade(engine)
    known = library.load()
    for agency in settings.agencies:
        with db.write(engine) as conn:
            rounds.ensure(conn, known, settings.keys, agency.id, today)
    engine.dispose()


def _answers(address: str) -> bool:
    try:
        return urllib3.request("GET", address, timeout=2.0, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.wait()
