"""What staff do by hand, and what a restart keeps."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import gspread
import pytest
import requests

from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import shared_key, write_service_account
from bot.playground.sheets_calls import understand
from bot.playground.sheets_errors import ApiError
from tests.playground.sheets_client import open_client


def fill(sheets: LocalSheets) -> None:
    sheets.create_spreadsheet("demo", "แบบสอบถาม")
    body = {"values": [["รหัส", "คะแนน"], ["ก", 80], ["ข", 100], ["ค", 60]]}
    target = understand("PUT", "demo/values/A1")
    sheets.perform(target, {"valueInputOption": ["RAW"]}, body)


def test_staff_edit_sort_rename_and_delete() -> None:
    sheets = LocalSheets()
    fill(sheets)
    staff = sheets.staff

    staff.edit_cell("demo", 0, "B3", "=SUM(B2:B2)")
    staff.edit_cell("demo", "ชีต1", "B4", "")
    assert sheets.rows("demo", 0)[2:] == [["ข", "=SUM(B2:B2)"], ["ค"]]
    staff.edit_cell("demo", 0, "B3", "100")
    staff.edit_cell("demo", 0, "B4", "60")
    sheets.change("demo", lambda book: setattr(book.tab(0), "frozen_rows", 1))
    staff.sort_tab("demo", 0, column=1)
    assert sheets.rows("demo", 0) == [["รหัส", "คะแนน"], ["ค", 60], ["ก", 80], ["ข", 100]]
    staff.delete_rows("demo", 0, start=1, count=2)
    staff.rename_tab("demo", 0, "ผล ปี 70")
    staff.add_column("demo", "ผล ปี 70", at=1, header="หมายเหตุ")
    assert sheets.rows("demo", "ผล ปี 70") == [["รหัส", "หมายเหตุ", "คะแนน"], ["ข", "", 100]]
    with pytest.raises(ApiError, match="can't remove all the sheets"):
        staff.delete_tab("demo", 0)


def test_a_snapshot_never_changes() -> None:
    sheets = LocalSheets()
    fill(sheets)
    snapshot = sheets.book("demo")

    sheets.staff.edit_cell("demo", 0, "A2", "แก้แล้ว")
    sheets.staff.delete_rows("demo", 0, start=2)

    assert [row[0].value for row in snapshot.tab(0).rows] == ["รหัส", "ก", "ข", "ค"]


def test_a_restart_keeps_everything(tmp_path: Path) -> None:
    sheets = LocalSheets(state_file=tmp_path / "state" / "sheet.json")
    fill(sheets)
    area = {"sheetId": 0, "startColumnIndex": 0, "endColumnIndex": 1}
    meta = {"metadataId": 5, "metadataKey": "siang.batch", "metadataValue": "u", "visibility": "DOCUMENT"}
    meta |= {"location": {"spreadsheet": True}}
    look = {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}
    cell = {"userEnteredValue": {"numberValue": 1.5}, "userEnteredFormat": look}
    requests = [
        {"addProtectedRange": {"protectedRange": {"range": area}}},
        {"createDeveloperMetadata": {"developerMetadata": meta}},
        {"appendCells": {"sheetId": 0, "rows": [{"values": [cell]}], "fields": "*"}},
    ]
    sheets.perform(understand("POST", "demo:batchUpdate"), {}, {"requests": requests})
    sheets.staff.edit_cell("demo", 0, "C2", "=A1")
    sheets.close()

    again = LocalSheets(state_file=tmp_path / "state" / "sheet.json")
    again.create_spreadsheet("demo", "ไม่ใช่ชื่อนี้")

    assert again.book("demo") == sheets.book("demo")
    assert list((tmp_path / "state").iterdir()) == [tmp_path / "state" / "sheet.json"]
    again.close()


def test_a_file_that_is_no_state_is_named(tmp_path: Path) -> None:
    (tmp_path / "sheet.json").write_text("[]")

    with pytest.raises(ValueError, match=r"sheet.json is not a state file of the local Sheets; delete it"):
        LocalSheets(state_file=tmp_path / "sheet.json")


def test_the_key_file_keeps_its_key_between_runs(tmp_path: Path) -> None:
    path = tmp_path / "account.json"
    first = write_service_account(path, "http://127.0.0.1:1")
    path.write_text(path.read_text().replace(":1/", ":2/"))

    assert first == write_service_account(path, "http://127.0.0.1:3") == shared_key()
    assert '"token_uri": "http://127.0.0.1:3/token"' in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_the_program_serves_until_told_to_stop_and_keeps_its_sheet(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    account, state = tmp_path / "account.json", tmp_path / "sheet.json"
    code = (
        "from pathlib import Path; from bot.playground.sheets_serve import serve_sheets; "
        f"serve_sheets({port}, account_file=Path({str(account)!r}), state_file=Path({str(state)!r}))"
    )
    program = subprocess.Popen([sys.executable, "-c", code])
    try:
        client = _wait_for(f"http://127.0.0.1:{port}", account)
        client.open_by_key("demo").sheet1.update([["เก็บไว้"]], "A1")
        client.http_client.session.close()
    finally:
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0

    again = LocalSheets(state_file=state)
    assert again.rows("demo", 0) == [["เก็บไว้"]]


def _wait_for(base_url: str, account: Path) -> gspread.Client:
    for _ in range(100):
        try:
            requests.get(f"{base_url}/healthz", timeout=1).raise_for_status()
            return open_client(base_url, info=json.loads(account.read_text()))
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the program did not start")
