"""Signed addresses: what opens, what does not, and that one cannot tell why."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from bot import files
from bot.app import create_app
from bot.site import Site
from survey.privacy import Keys
from survey.settings import Agency, Settings

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)
KEYS = Keys("a secret key for tests, long enough to pass")


def load(site: Site, agency: Agency, name: str) -> tuple[bytes, str] | None:
    return (f"{agency.id} {name}".encode(), "image/png") if name != "gone" else None


@pytest.fixture
def client(settings_factory: Callable[..., Settings], sqlite_url: str) -> FlaskClient:
    site: Site = create_app(settings_factory(keys=KEYS, database_url=sqlite_url)).extensions["siang"]
    app = Flask("files")
    app.register_blueprint(files.make_blueprint(site, {"photo": load}, lambda: NOW))
    return app.test_client()


def test_a_signed_address_opens_until_its_time_and_is_kept_by_nobody_else(client: FlaskClient) -> None:
    answer = client.get(f"/files/{files.sign(KEYS, 'photo', 'main', 'x1', SOON)}")

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"main x1", "image/png")
    assert answer.headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize(
    "token",
    [
        files.sign(KEYS, "photo", "main", "x1", NOW),
        files.sign(Keys("another secret key, long enough too"), "photo", "main", "x1", SOON),
        files.sign(KEYS, "letter", "main", "x1", SOON),
        files.sign(KEYS, "photo", "elsewhere", "x1", SOON),
        files.sign(KEYS, "photo", "main", "gone", SOON),
        files.sign(KEYS, "photo", "main", "x1", SOON).partition(".")[0],
        "W10",
        ".",
        "ภาพ.ปลอม",
    ],
)
def test_expired_forged_unknown_and_gone_look_alike(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/files/{token}")

    assert (answer.status_code, answer.data) == (404, client.get("/files/x").data)


@given(st.text(), st.text(), st.text(), st.integers(1, 10**6))
def test_what_was_signed_is_what_is_read(kind: str, agency_id: str, name: str, seconds: int) -> None:
    until = NOW + timedelta(seconds=seconds)

    token = files.sign(KEYS, kind, agency_id, name, until)

    assert files.verify(KEYS, token, NOW) == files.Named(kind, agency_id, name, until)
    assert token.isascii()


@given(st.data())
def test_a_token_with_one_changed_sign_is_refused(data: st.DataObject) -> None:
    token = files.sign(KEYS, "photo", "main", "x1", SOON)
    at = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("ABCab019-_.é").filter(lambda c: c != token[at]))

    assert files.verify(KEYS, token[:at] + sign + token[at + 1 :], NOW) is None


@pytest.mark.parametrize(
    ("public_url", "line_api_base", "begins"),
    [
        ("https://siang.example", "", "https://siang.example/files/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8100", "http://127.0.0.1:8000/files/"),
        ("http://siang.example", "", ""),
        ("", "", ""),
        ("", "http://127.0.0.1:8100", ""),
    ],
)
def test_line_takes_https_only_and_the_local_line_http_too(
    settings_factory: Callable[..., Settings], public_url: str, line_api_base: str, begins: str
) -> None:
    settings = settings_factory(public_url=public_url, line_api_base=line_api_base)

    address = files.address(settings, "photo", "main", "x1", SOON)

    assert address.startswith(begins)
    assert bool(address) == bool(begins)
