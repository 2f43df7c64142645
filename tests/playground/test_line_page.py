"""The chat page in a real Chromium: hostile words stay words, taps post what they should, chips go, unsend works."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from tests.playground.line_bot import SCALE, flex, question, running_bot, text

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update".split()
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
WHO = "คุณสมศรี"
SCREENS = ("camera/", "cameraRoll/multi", "location/")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists() and "CI" not in os.environ, reason="no Chromium here"),
]


def link(uri: str, label: str) -> dict[str, Any]:
    return {"type": "button", "action": {"type": "uri", "label": label, "uri": uri}}


def answers(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The bot of these tests: a greeting, a question, thanks; and on demand everything hostile."""
    if event["type"] == "follow":
        return [text("สวัสดีค่ะ", "เริ่ม", "ช่วยเหลือ")]
    if event["type"] == "postback":
        return [text(f"รับแล้ว {event['postback']['data']}")]
    words = event["message"].get("text", "")
    if words == "ร้าย":
        return [text(HOSTILE), flex("x", {"type": "text", "text": HOSTILE, "wrap": True})]
    if words == "หน้าจอ":
        return [flex("x", *(link(f"https://line.me/R/nv/{name}", name) for name in SCREENS))]
    return [question()] if words == "เริ่ม" else [text("ค่ะ")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, "--disable-sync"])
        yield browser
        browser.close()


@pytest.fixture
def line() -> Iterator[LocalLine]:
    with running_line() as line, running_bot(line, answers):
        yield line


@pytest.fixture
def page(browser: Browser, line: LocalLine) -> Iterator[Page]:
    """The page, opened; a console error (a broken content policy is one) or a dialog fails the test."""
    page, troubles = browser.new_page(viewport={"width": 1200, "height": 900}), []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            troubles.append(message.text)

    def close(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    page.on("console", hear)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("dialog", close)
    page.goto(line.url)
    yield page
    page.close()
    assert troubles == []


def events(line: LocalLine, kind: str) -> list[dict[str, Any]]:
    return [event for _, event in line.webhooks.sent if event["type"] == kind]


def test_a_resident_follows_taps_a_chip_and_answers_a_question(line: LocalLine, page: Page) -> None:
    phone = page.locator(".resident")
    phone.get_by_role("button", name="เพิ่มเพื่อน").click()
    expect(phone.get_by_text("สวัสดีค่ะ")).to_be_visible()

    phone.get_by_role("button", name="เริ่ม", exact=True).click()
    expect(phone.locator(".fx-button")).to_have_text(list(SCALE))
    expect(phone.get_by_role("button", name="ช่วยเหลือ")).to_have_count(0)  # chips of an older message are gone
    expect(phone.locator(".chips button")).to_have_text(["ย้อนกลับ", "ข้าม", "หยุดพัก"])
    phone.get_by_role("button", name="เห็นด้วย", exact=True).click()

    expect(phone.get_by_text("รับแล้ว q3:1")).to_be_visible()
    expect(phone.locator(".chips")).to_be_hidden()
    assert [event["postback"] for event in events(line, "postback")] == [{"data": "q3:1"}]
    expect(page.locator("#billable")).to_have_text("0")


def test_seven_buttons_are_as_wide_as_the_card_and_none_is_cut(line: LocalLine, page: Page) -> None:
    line.say(WHO, "เริ่ม")
    phone = page.locator(".resident")
    expect(phone.locator(".fx-button")).to_have_count(7)

    cut = phone.locator(".fx-button span").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
    )
    widths = phone.locator(".fx-button").evaluate_all("all => [...new Set(all.map(one => one.clientWidth))]")
    bar = phone.locator(".fx-box .fx-box .fx-box").first.evaluate(
        "one => one.clientWidth / one.parentElement.clientWidth"
    )

    assert cut == 0
    assert len(widths) == 1
    assert widths[0] > 250
    assert bar == pytest.approx(0.33, abs=0.02)


def test_hostile_words_are_only_words(line: LocalLine, page: Page) -> None:
    line.say(WHO, "ร้าย")
    phone = page.locator(".resident")

    expect(phone.locator(".line:not(.mine) .bubble")).to_have_text(HOSTILE)
    expect(phone.locator(".fx-text")).to_have_text(HOSTILE)
    assert phone.locator(".log img, .log script").count() == 0


def test_a_person_takes_a_message_back(line: LocalLine, page: Page) -> None:
    phone = page.locator(".resident")
    phone.get_by_role("button", name="เพิ่มเพื่อน").click()
    phone.get_by_label("พิมพ์ข้อความ").fill("เขียนผิด")
    phone.get_by_label("พิมพ์ข้อความ").press("Enter")
    phone.locator(".mine .bubble").click()
    phone.get_by_role("button", name="ยกเลิกข้อความ").click()

    expect(phone.get_by_text("คุณยกเลิกข้อความ")).to_be_visible()
    expect(phone.get_by_text("เขียนผิด")).to_have_count(0)
    [said] = events(line, "message")
    assert [event["unsend"]["messageId"] for event in events(line, "unsend")] == [said["message"]["id"]]


def test_photo_location_and_sticker_are_sent(line: LocalLine, page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "a.svg"
    picture.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>'
    )
    phone = page.locator(".resident")
    phone.get_by_role("button", name="เพิ่มเพื่อน").click()
    for name in ("ส่งตำแหน่ง", "ส่งสติกเกอร์"):
        phone.get_by_label("ส่งรูป ตำแหน่ง หรือสติกเกอร์").click()
        phone.get_by_role("button", name=name).click()
        expect(phone.get_by_role("button", name=name)).to_be_hidden()
        if name == "ส่งตำแหน่ง":
            page.locator("#where select").select_option(label="ตลาดสดเทศบาล")
            page.locator("#where").get_by_role("button", name="ส่งตำแหน่งนี้").click()
    phone.locator("input[type=file]").set_input_files(picture)
    expect(phone.locator(".mine img.photo")).to_have_count(1)
    phone.locator("input[type=file]").set_input_files([picture, picture])
    expect(phone.locator(".mine img.photo")).to_have_count(3)

    sent = [event["message"] for event in events(line, "message")]
    assert sorted(message["type"] for message in sent) == ["image", "image", "image", "location", "sticker"]
    assert [m["imageSet"]["index"] for m in sent if "imageSet" in m] == [1, 2]
    assert [m["title"] for m in sent if m["type"] == "location"] == ["ตลาดสดเทศบาล"]


def test_voice_and_video_samples_are_sent_and_the_voice_can_be_heard(line: LocalLine, page: Page) -> None:
    phone = page.locator(".resident")
    phone.get_by_role("button", name="เพิ่มเพื่อน").click()
    for name in ("ส่งเสียงตัวอย่าง", "ส่งวิดีโอตัวอย่าง"):
        phone.get_by_label("ส่งรูป ตำแหน่ง หรือสติกเกอร์").click()
        phone.get_by_role("button", name=name).click()
        expect(phone.get_by_role("button", name=name)).to_be_hidden()

    expect(phone.get_by_text("วิดีโอ 10 วินาที")).to_be_visible()
    audio = phone.locator(".mine audio")
    seconds = audio.evaluate(
        "a => a.readyState ? a.duration : new Promise(done => { a.onloadedmetadata = () => done(a.duration); })"
    )
    assert 1 < seconds < 10
    assert [event["message"]["type"] for event in events(line, "message")] == ["audio", "video"]


def test_links_to_lines_screens_open_them(line: LocalLine, page: Page) -> None:
    line.say(WHO, "หน้าจอ")
    phone = page.locator(".resident")

    for name in ("camera/", "cameraRoll/multi"):
        with page.expect_file_chooser() as chooser:
            phone.get_by_role("button", name=name).click()
        assert chooser.value.is_multiple()
    phone.get_by_role("button", name="location/").click()
    page.locator("#where").get_by_role("button", name="ยกเลิก").click()

    expect(page.locator("#where")).to_be_hidden()
    assert [event["message"]["type"] for event in events(line, "message")] == ["text"]


def test_the_menu_is_drawn_opened_and_closed_and_its_tiles_work(line: LocalLine, page: Page) -> None:
    labels = ["ติชมบริการวันนี้", "แบบสอบถาม", "แจ้งเรื่อง", "ติดตามเรื่อง", "โทรหาเรา", "ช่วยเหลือ"]
    show_menu(line, labels)
    phone = page.locator(".resident")
    phone.get_by_role("button", name="เพิ่มเพื่อน").click()

    expect(phone.locator(".board button")).to_have_text(labels)
    phone.locator(".board button").nth(2).click()
    expect(phone.locator(".mine .bubble")).to_have_text("แจ้งเรื่อง")
    phone.locator(".chatbar").click()
    expect(phone.locator(".board")).to_be_hidden()


def test_both_phones_live_side_by_side_and_a_phone_can_change_hands(line: LocalLine, page: Page) -> None:
    line.say(WHO, "เริ่ม")
    line.say("เจ้าหน้าที่นภา", "สรุป")
    expect(page.locator(".resident .mine .bubble")).to_have_text("เริ่ม")
    expect(page.locator(".officer .mine .bubble")).to_have_text("สรุป")

    page.locator(".resident .add").click()

    expect(page.locator(".resident .line")).to_have_count(0)
    expect(page.locator(".officer .mine .bubble")).to_have_text("สรุป")


def test_a_qr_code_fills_the_input_and_loading_shows_dots(line: LocalLine, page: Page) -> None:
    line.follow(WHO)
    page.goto(f"{line.url}/?text=ประเมิน counter-1")
    expect(page.locator(".resident .text")).to_have_value("ประเมิน counter-1")

    line.platform.start_loading(line.channel, {"chatId": line.world.person(WHO), "loadingSeconds": 5})

    expect(page.locator(".resident .waiting")).to_be_visible()


def test_blocking_hides_the_input_until_unblocked(line: LocalLine, page: Page) -> None:
    phone = page.locator(".resident")
    phone.get_by_role("button", name="เพิ่มเพื่อน").click()
    phone.get_by_label("เมนูของแชต").click()
    phone.get_by_role("button", name="บล็อกบัญชีนี้").click()
    expect(phone.locator(".entry")).to_be_hidden()

    phone.get_by_role("button", name="เลิกบล็อก").click()

    expect(phone.locator(".entry")).to_be_visible()
    assert [event["follow"]["isUnblocked"] for event in events(line, "follow")] == [False, True]


def test_a_narrow_screen_shows_one_phone_at_a_time(line: LocalLine, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    expect(page.locator(".officer")).to_be_hidden()

    page.get_by_role("tab", name="เจ้าหน้าที่").click()

    expect(page.locator(".officer")).to_be_visible()
    expect(page.locator(".resident")).to_be_hidden()


def show_menu(line: LocalLine, labels: list[str]) -> None:
    """Put a menu of two rows of three on the channel, as a bot does."""
    areas = [
        {
            "bounds": {"x": 833 * (place % 3), "y": 843 * (place // 3), "width": 833, "height": 843},
            "action": {"type": "message", "label": label, "text": label},
        }
        for place, label in enumerate(labels)
    ]
    size = {"width": 2500, "height": 1686}
    menu = {"size": size, "selected": True, "name": "เมนู", "chatBarText": "เมนู", "areas": areas}
    menu_id = line.channel.menus.create(menu)
    tiny = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8ffff3f0005fe02fe"
        "0def46b80000000049454e44ae426082"
    )
    with urllib3.PoolManager() as pool:
        headers = {"Authorization": "Bearer local-token", "Content-Type": "image/png"}
        pool.request("POST", f"{line.url}/v2/bot/richmenu/{menu_id}/content", body=tiny, headers=headers)
        pool.request("POST", f"{line.url}/v2/bot/user/all/richmenu/{menu_id}", headers=headers)
