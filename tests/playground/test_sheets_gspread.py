"""gspread's ordinary calls work against the local Sheets as against Google's; sheets.v4.json checks every call."""

from collections.abc import Iterator

import gspread
import pytest
from google.auth.exceptions import RefreshError
from gspread.utils import ValueInputOption, ValueRenderOption

from bot.playground.sheets import LocalSheets
from bot.playground.sheets_http import running_sheets
from tests.playground.sheets_client import open_client


@pytest.fixture
def sheets() -> LocalSheets:
    sheets = LocalSheets(writes_per_minute=1000, reads_per_minute=1000)
    sheets.create_spreadsheet("demo", "แบบสอบถามความเห็น")
    return sheets


@pytest.fixture
def base_url(sheets: LocalSheets) -> Iterator[str]:
    with running_sheets(sheets) as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[gspread.Client]:
    client = open_client(base_url)
    yield client
    client.http_client.session.close()


@pytest.fixture
def book(client: gspread.Client) -> gspread.Spreadsheet:
    return client.open_by_key("demo")


def test_a_new_tab_is_listed_with_its_id_and_size(book: gspread.Spreadsheet, sheets: LocalSheets) -> None:
    tab = book.add_worksheet("ผล รายเดือน", rows=100, cols=20)

    assert [each.title for each in book.worksheets()] == ["ชีต1", "ผล รายเดือน"]
    assert (tab.row_count, tab.col_count) == (100, 20)
    assert sheets.tabs("demo") == {"ชีต1": 0, "ผล รายเดือน": tab.id}


def test_rows_written_are_rows_read(book: gspread.Spreadsheet) -> None:
    tab = book.sheet1

    tab.update([["รหัส", "คะแนน"], ["ก", 80]], "A1")
    tab.append_row(["ข", 95.5])
    tab.append_rows([["ค", True], ["ง", ""]])

    assert tab.get_all_values() == [["รหัส", "คะแนน"], ["ก", "80"], ["ข", "95.5"], ["ค", "TRUE"], ["ง", ""]]
    assert tab.acell("B3").value == "95.5"
    assert tab.batch_get(["A1:B2", "B3"]) == [[["รหัส", "คะแนน"], ["ก", "80"]], [["95.5"]]]
    assert tab.get("B2:B4", value_render_option=ValueRenderOption.unformatted) == [[80], [95.5], [True]]
    assert tab.col_values(1) == ["รหัส", "ก", "ข", "ค", "ง"]


def test_typed_text_is_interpreted_and_raw_text_is_not(book: gspread.Spreadsheet, sheets: LocalSheets) -> None:
    tab = book.sheet1

    tab.update([["0812345678", "=1+1", "2026-02-01", "50%"]], "A1", value_input_option=ValueInputOption.raw)
    tab.update([["0812345678", "=1+1", "2026-02-01", "50%"]], "A2", value_input_option=ValueInputOption.user_entered)

    assert sheets.rows("demo", 0) == [
        ["0812345678", "=1+1", "2026-02-01", "50%"],
        [812345678, "=1+1", 46054, 0.5],
    ]
    assert tab.row_values(2) == ["812345678", "=1+1", "2026-02-01", "50%"]


def test_append_writes_to_c2_when_the_header_has_a_gap(book: gspread.Spreadsheet, sheets: LocalSheets) -> None:
    """The trap of values:append: it looks for "a table" by itself. The product uses appendCells instead."""
    book.sheet1.update([["รหัส", "", "หมายเหตุ"]], "A1")

    answer = book.sheet1.append_row(["r1"])

    assert answer["updates"]["updatedRange"] == "'ชีต1'!C2"
    assert sheets.rows("demo", 0)[1] == ["", "", "r1"]


def test_a_header_can_be_frozen_made_bold_and_protected(book: gspread.Spreadsheet) -> None:
    tab = book.sheet1
    tab.freeze(rows=1)
    tab.format("A1:C1", {"textFormat": {"bold": True}})
    tab.add_protected_range("A1:A1000", description="รหัสแถว")

    assert book.sheet1.frozen_row_count == 1
    [protected] = book.list_protected_ranges(tab.id)
    assert (protected["description"], protected["range"]["endColumnIndex"]) == ("รหัสแถว", 1)
    tab.delete_protected_range(protected["protectedRangeId"])
    assert book.list_protected_ranges(tab.id) == []


def test_tabs_can_be_renamed_cleared_sorted_and_deleted(book: gspread.Spreadsheet, sheets: LocalSheets) -> None:
    tab = book.add_worksheet("ชั่วคราว", 10, 5)
    tab.update([["ข", 2], ["ก", 10], ["ค", 1]], "A1")

    tab.sort((2, "des"))
    assert sheets.rows("demo", tab.id) == [["ก", 10], ["ข", 2], ["ค", 1]]
    tab.delete_rows(2)
    assert sheets.rows("demo", tab.id) == [["ก", 10], ["ค", 1]]
    tab.update_title("ชื่อใหม่")
    tab.clear()
    assert sheets.rows("demo", "ชื่อใหม่") == []
    book.del_worksheet(tab)
    assert list(sheets.tabs("demo")) == ["ชีต1"]


def test_a_title_full_of_punctuation_is_addressed_safely(book: gspread.Spreadsheet, sheets: LocalSheets) -> None:
    tab = book.add_worksheet("ก/ข: 'สรุป' !A1", 10, 3)

    tab.update([["ถูกที่"]], "B2")

    assert tab.get_all_values() == [["", ""], ["", "ถูกที่"]]
    assert sheets.rows("demo", 0) == []


def test_only_the_asked_fields_come_back(book: gspread.Spreadsheet) -> None:
    fields = "spreadsheetId,sheets(properties(sheetId,title))"

    answer = book.client.fetch_sheet_metadata("demo", {"fields": fields})

    assert answer == {"spreadsheetId": "demo", "sheets": [{"properties": {"sheetId": 0, "title": "ชีต1"}}]}


def test_a_spreadsheet_nobody_made_is_404(client: gspread.Client) -> None:
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key("nobody")


def test_a_spreadsheet_no_longer_shared_is_a_permission_error(client: gspread.Client, sheets: LocalSheets) -> None:
    sheets.deny("demo")

    with pytest.raises(PermissionError):
        client.open_by_key("demo")


def test_a_revoked_key_is_a_refresh_error(base_url: str, sheets: LocalSheets) -> None:
    sheets.tokens.revoked.add("gone@siang-playground.iam.gserviceaccount.com")
    client = open_client(base_url, email="gone@siang-playground.iam.gserviceaccount.com")

    with pytest.raises(RefreshError, match="invalid_grant"):
        client.open_by_key("demo")
    client.http_client.session.close()


def test_a_service_account_cannot_create_a_spreadsheet(client: gspread.Client, base_url: str) -> None:
    answer = client.http_client.session.post(f"{base_url}/v4/spreadsheets", json={})

    assert (answer.status_code, answer.json()["error"]["status"]) == (403, "PERMISSION_DENIED")


def test_the_sixty_first_write_of_a_minute_is_refused_until_the_next_one() -> None:
    now = [1_700_000_000.0]
    sheets = LocalSheets(clock=lambda: now[0])
    sheets.create_spreadsheet("demo", "x")
    with running_sheets(sheets) as url:
        client = open_client(url)
        tab = client.open_by_key("demo").sheet1
        for number in range(60):
            tab.update([[number]], "A1")

        with pytest.raises(gspread.exceptions.APIError) as refused:
            tab.update([[60]], "A1")
        assert tab.get_all_values() == [["59"]]
        now[0] += 60
        tab.update([["ต่อได้"]], "A1")
        client.http_client.session.close()

    body = refused.value.response.json()["error"]
    assert (body["code"], body["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert body["details"][0]["metadata"]["quota_limit"] == "WriteRequestsPerMinutePerUser"
    assert sheets.counts["429"] == 1
