"""The sealed pages of one office by HTTP without a network: visitors with cookies of their own, officers with links."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from io import BytesIO
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from bot.app import create_app
from survey import db, officers, sealed_desk, sealed_receipt
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import metadata, sealed_reports
from tests.conftest import OFFICE
from tests.survey.sealed_kit import KEY

PHONE, ANOTHER = "49.228.0.7", "1.46.0.1"  # of two people
NOW = datetime(2027, 2, 1, 3, 0, tzinfo=UTC)
WORDS = "นายช่างเรียกเงินห้าร้อยบาทจากผู้รับเหมา"
KEYS = Keys("a secret key for tests, long enough to pass", (), (KEY,))
MAIN = Agency("main", "เทศบาลตำบลตัวอย่าง", "test-secret", "test-token", office=OFFICE)
OTHER = replace(MAIN, id="other", name="อบต.อื่น", channel_secret="other-secret")
UNSTEADY = re.compile(r'name="form" value="[^"]+"')  # fresh on every page


@dataclass
class Web:
    """``now`` is the clock of the web process; ``staff``: name -> officer id."""

    app: Flask
    engine: Engine
    now: datetime = NOW
    staff: dict[str, str] = field(default_factory=dict)

    def visitor(self, address: str = PHONE, agency: str = "main") -> "Visitor":
        """Somebody with a browser of their own."""
        return Visitor(self, self.app.test_client(), address, agency)

    def hire(self, name: str, role: str = "integrity", agency: str = "main") -> str:
        with db.write(self.engine) as conn:
            code = officers.invite(conn, KEYS, agency, role, name, [], NOW)
            officers.redeem(conn, KEYS, agency, code, f"pseudonym of {name}", b"sealed", NOW)
            row = officers.of(conn, agency, f"pseudonym of {name}")
        assert row is not None
        self.staff[name] = str(row.id)
        return str(row.id)

    def link(self, name: str, role: str = "integrity", agency: str = "main") -> str:
        """What stands in the one-time link that the bot replies with."""
        with db.write(self.engine) as conn:
            return sealed_desk.new_link(conn, KEYS, agency, self.staff[name], role, self.now)

    def reader(self, name: str, agency: str = "main") -> "Visitor":
        """An integrity officer who has come in by a link."""
        visitor = self.visitor(agency=agency)
        assert visitor.send(f"enter/{self.link(name, agency=agency)}").status_code == 303
        return visitor

    def reports(self) -> list[Any]:
        with db.read(self.engine) as conn:
            return list(conn.execute(select(sealed_reports).order_by(sealed_reports.c.id)).all())

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        with db.read(self.engine) as conn:
            return {
                name: conn.scalar(select(func.count()).select_from(table)) or 0
                for name, table in metadata.tables.items()
            }

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Visitor:
    """One browser. ``get("new")`` and ``send("new", ...)`` are relative to the agency's pages."""

    web: Web
    client: FlaskClient
    address: str
    agency: str = "main"

    def get(self, path: str = "", **more: Any) -> TestResponse:
        return self.client.get(self._at(path), **self._from(), **more)

    def form(self, path: str) -> str:
        """The hidden field of the form on a page."""
        found = re.search(r'name="form" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def send(self, path: str, page: str | None = None, **fields: Any) -> TestResponse:
        """Open ``page`` (the same path) and send its form."""
        return self.post(path, form=self.form(path if page is None else page), **fields)

    def post(self, path: str, **fields: Any) -> TestResponse:
        boundary, body = encode_multipart(fields)  # in memory, whatever its size
        kind = f'multipart/form-data; boundary="{boundary}"'
        return self.client.post(self._at(path), data=body, content_type=kind, **self._from())

    def report(self, words: str = WORDS, **fields: Any) -> str:
        """Report, and read the code from the screen."""
        sent = self.send("new", what=words, **fields)
        assert (sent.status_code, sent.location) == (303, f"/sealed/{self.agency}/receipt"), text(sent)
        return self.code()

    def code(self) -> str:
        """What the page with the receipt shows."""
        found = re.search(r'aria-label="รหัสติดตาม ([\d ]+)"', self.get("receipt").text)
        return sealed_receipt.read(found[1]) or "" if found else ""

    def follow(self, code: str) -> TestResponse:
        return self.send("follow", code=code)

    def open(self, report: str, reason: str = "first") -> TestResponse:
        """Of an officer: open a report and see it."""
        assert self.send(f"desk/{report}/open", page=f"desk/{report}", reason=reason).status_code == 303
        return self.get(f"desk/{report}")

    def _at(self, path: str) -> str:
        return f"/sealed/{self.agency}" + (f"/{path}" if path else "")

    def _from(self) -> dict[str, Any]:
        return {"environ_overrides": {"REMOTE_ADDR": self.address}}


@cache
def _app(**settings: Any) -> tuple[Flask, list[Web]]:
    """The application and whose it is now: making one takes longer than most tests."""
    here: list[Web] = []
    given: dict[str, Any] = {"keys": KEYS, "agencies": (MAIN, OTHER), "database_url": "sqlite:///unused"} | settings
    return create_app(Settings(**given), clock=lambda: here[0].now), here


@contextmanager
def web(engine: Engine, *names: str, **settings: Any) -> Iterator[Web]:
    """Two agencies; these integrity officers join the first."""
    app, here = _app(**settings)
    app.extensions["siang"].engine = engine
    here[:] = [Web(app, engine)]
    for name in names:
        here[0].hire(name)
    yield here[0]


def text(response: TestResponse) -> str:
    """What stands on the page, in one line."""
    without = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(without)).strip()


def steady(response: TestResponse) -> str:
    """The page without what differs each time."""
    return UNSTEADY.sub("", response.text)


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(BytesIO(content), name)
