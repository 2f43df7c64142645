"""A report and its answer in a real Chromium, on a phone and on an office's screen, with JavaScript and without."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from survey import db, officers
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import audit_log
from tests.bot.deployment import Deployment, deployed
from tests.bot.resident import Resident, photo
from tests.conftest import OFFICE
from tests.survey.conftest import hurry
from tests.survey.sealed_kit import KEY

pytestmark = pytest.mark.browser
WORDS, ANSWER = "นายช่างเรียกเงินห้าร้อยบาทจากผู้รับเหมา", "ที่ห้องทำงาน เมื่อวันจันทร์"
REFUSED = "status of 422"  # a form to be mended: Chromium says so on its console
PHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Deployment]:
    """An office with two integrity officers; its links lead to where this browser may look."""
    path = tmp_path_factory.mktemp("sealed") / "siang.db"
    shutil.copy(sqlite_template, path)
    agency = Agency("main", "เทศบาลตำบลตัวอย่าง", "test-secret", "test-token", office=OFFICE)
    keys = Keys("a secret key for tests, long enough to pass", (), (KEY,))
    settings = Settings((agency,), keys, anonymity_group=1, public_url="http://127.0.0.1:1")
    with deployed(settings, f"sqlite:///{path}") as deployment:
        hurry(deployment.engine).dispose()
        object.__setattr__(deployment.site.world, "public_url", deployment.url)
        for name in ("กัน", "มะลิ"):
            with db.write(deployment.engine) as conn:
                code = officers.invite(conn, keys, "main", "integrity", name, [], deployment.now)
            Resident(deployment, name).says(code)
        yield deployment


@contextmanager
def looking(browser: Browser, bot: Deployment, size: dict[str, int], *, script: bool) -> Iterator[Page]:
    """A new browser; what it asks elsewhere for, and what it complains of, fails the test."""
    context = browser.new_context(viewport=size, java_script_enabled=script)  # type: ignore[arg-type]
    page, wrong = context.new_page(), []
    page.on("console", lambda message: None if REFUSED in message.text else wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(bot.url) else wrong.append(asked.url))
    yield page
    context.close()
    assert wrong == []


def test_with_javascript_as_any_visitor_has_it(bot: Deployment, browser: Browser) -> None:
    with looking(browser, bot, PHONE, script=True) as phone:
        comes_back(phone, reports(bot, phone, without="กัน"))  # who reads the other one, and must not see this


def test_without_it_from_the_first_screen_to_the_last_word(bot: Deployment, browser: Browser) -> None:
    with (
        looking(browser, bot, PHONE, script=False) as phone,
        looking(browser, bot, SCREEN, script=False) as screen,
    ):
        comes_back(phone, reports(bot, phone, without="มะลิ"))
        number = officer_reads(bot, screen)
        officer_asks(screen)
        reporter_answers(phone)
        officer_closes(screen, number)
        reporter_leaves(bot, phone)
    with db.read(bot.engine) as conn:
        did = conn.scalars(select(audit_log.c.action).order_by(audit_log.c.number)).all()
    assert did == ["enter", "open", "file", "answer", "open", "status"]


def reports(bot: Deployment, phone: Page, without: str) -> str:
    """The button in the chat leads to the page; the code as it is read from the screen."""
    Resident(bot, "สมศรี").says("แจ้งทุจริต")
    phone.goto(f"{bot.url}/sealed/main")
    expect(phone.locator(".promise")).to_contain_text("ทุกการเปิดอ่านถูกบันทึก")
    phone.get_by_role("link", name="แจ้งเรื่อง", exact=True).click()
    phone.get_by_label("เกิดอะไรขึ้น").fill("สั้น")
    phone.get_by_role("button", name="ส่งเรื่อง").click()
    expect(phone.get_by_role("alert")).to_contain_text("ยังส่งไม่ได้ค่ะ")
    phone.get_by_label("เกิดอะไรขึ้น").fill(WORDS)
    phone.get_by_label("หลักฐาน (ถ้ามี)").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    phone.get_by_label(f"ไม่ให้ {without} อ่าน").check()
    phone.get_by_role("button", name="ส่งเรื่อง").click()
    shown = phone.locator(".code").get_attribute("aria-label") or ""
    phone.get_by_role("button", name="จดรหัสแล้ว ปิดหน้านี้").click()
    expect(phone.get_by_role("heading", name="ปิดเรื่องของท่านแล้วค่ะ")).to_be_visible()
    return shown.removeprefix("รหัสติดตาม ")


def comes_back(phone: Page, code: str) -> None:
    phone.get_by_role("link", name="กลับหน้าแรก").click()
    phone.get_by_role("link", name="ติดตามเรื่องที่แจ้งไว้").click()
    phone.get_by_label("รหัสติดตาม 16 หลัก").fill(code)
    phone.get_by_role("button", name="ดูคำตอบ").click()
    expect(phone.locator(".state")).to_contain_text("รับเรื่องแล้ว")


def officer_reads(bot: Deployment, screen: Page) -> str:
    """By the one-time link that the bot replies with; the report's number."""
    officer = Resident(bot, "กัน")
    officer.says("เรื่องลับ")
    [link] = re.findall(r'"uri": ?"([^"]+/enter/[^"]+)"', str(bot.line.inbox("กัน")[-1]).replace("'", '"'))
    screen.goto(link)
    screen.get_by_role("button", name="เข้าสู่หน้ารับเรื่อง").click()
    row = screen.locator(".reports a").filter(has_text="รอผู้รับเรื่อง")
    number = row.locator("strong").inner_text()
    row.click()
    expect(screen.locator("body")).not_to_contain_text(WORDS)
    screen.get_by_label("อ่านเรื่องใหม่ครั้งแรก").check()
    screen.get_by_role("button", name="บันทึกเหตุผลและเปิดอ่าน").click()
    expect(screen.locator("dl")).to_contain_text(WORDS)
    picture = screen.get_by_role("link", name="ภาพ 1.jpg").get_attribute("href")
    assert screen.request.get(f"{bot.url}{picture}").headers["content-type"] == "image/jpeg"
    return number


def reporter_answers(phone: Page) -> None:
    phone.reload()
    expect(phone.locator(".talk")).to_contain_text("ที่ไหนและเมื่อไรคะ")
    phone.get_by_label("ข้อความ").fill(ANSWER)
    phone.get_by_role("button", name="ส่ง", exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text("ส่งแล้วค่ะ")


def reporter_leaves(bot: Deployment, phone: Page) -> None:
    phone.reload()
    expect(phone.locator(".state")).to_contain_text("ส่งต่อหน่วยงานที่มีอำนาจแล้ว")
    phone.get_by_role("button", name="เสร็จแล้ว ออกจากหน้านี้").click()
    phone.goto(f"{bot.url}/sealed/main/report")
    expect(phone.get_by_label("รหัสติดตาม 16 หลัก")).to_be_visible()


def officer_asks(screen: Page) -> None:
    screen.get_by_label("ข้อความถึงผู้แจ้ง").fill("ที่ไหนและเมื่อไรคะ")
    screen.get_by_role("button", name="ส่งถึงผู้แจ้ง").click()
    expect(screen.locator(".talk")).to_contain_text("ตอบผู้แจ้ง · กัน")


def officer_closes(screen: Page, number: str) -> None:
    screen.get_by_role("link", name="ปิดเรื่องนี้ กลับรายการ").click()
    screen.get_by_role("link", name=number).click()
    screen.get_by_label("ตรวจสอบข้อเท็จจริง").check()
    screen.get_by_role("button", name="บันทึกเหตุผลและเปิดอ่าน").click()
    expect(screen.locator(".talk")).to_contain_text(ANSWER)
    screen.get_by_label("ส่งต่อหน่วยงานที่มีอำนาจแล้ว").check()
    screen.get_by_label("ผลที่จะแจ้งผู้แจ้ง").fill("ส่ง ป.ป.ช. แล้วค่ะ")
    screen.get_by_role("button", name="เปลี่ยนสถานะ").click()
    expect(screen.locator(".state")).to_contain_text("ส่งต่อหน่วยงานที่มีอำนาจแล้ว")
