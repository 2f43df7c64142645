"""The real bot on the chat page, as people use it: by taps, in a real Chromium, two phones side by side."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from analysis import snapshots
from bot import rich_menu
from bot.playground.line_world import Message
from survey import db, officers
from survey.settings import Settings
from survey.tables import responses
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import judge
from tests.bot.resident import photo
from tests.bot.test_score_reply import answer_many

pytestmark = pytest.mark.browser
OFFICER = "เจ้าหน้าที่นภา"
RESIDENT = "คุณสมศรี"
AGREE = "5 เห็นด้วย"


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(public_url="https://siang.example.go.th"), sqlite_url) as deployment:
        object.__setattr__(deployment.site.settings, "public_url", deployment.url)  # where this page may look
        rich_menu.install(deployment.site.line, deployment.settings.default_agency)
        yield deployment


@pytest.fixture
def page(browser: Browser, bot: Deployment) -> Iterator[Page]:
    """The chat page; anything on the console or refused by its content policy fails the test."""
    page, complaints = browser.new_page(viewport={"width": 1280, "height": 1000}), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(bot.line.url)
    yield page
    page.close()
    assert complaints == []


def newest(phone: Locator) -> Locator:
    """The last message of the bot."""
    return phone.locator(".line:not(.mine)").last


def tap(phone: Locator, label: str, then: str) -> None:
    """Tap a button of the newest message and wait for what it leads to."""
    newest(phone).get_by_role("button", name=label, exact=True).click()
    expect(newest(phone)).to_contain_text(then)


def received(bot: Deployment, person: str) -> list[Message]:
    """What the bot sent, without what the local LINE adds to it."""
    return [
        {key: value for key, value in message.items() if key not in ("how", "id", "at")}
        for message in bot.line.inbox(person)
    ]


def test_a_resident_answers_the_whole_survey_by_taps_and_an_officer_reads_the_card(bot: Deployment, page: Page) -> None:
    resident, officer = page.locator(".resident"), page.locator(".officer")
    resident.get_by_role("button", name="เพิ่มเพื่อน").click()
    expect(newest(resident)).to_contain_text("สวัสดี")
    resident.locator(".chatbar").click()
    resident.locator(".board").get_by_role("button", name="แบบสอบถามประจำปี").click()
    expect(newest(resident)).to_contain_text("ไม่ถามชื่อ")
    expect(resident.locator(".board")).to_be_hidden()  # the tile folded the menu

    taps = ["เริ่มตอบ", "1 เคย", AGREE, AGREE, "2 ไม่เคย", *[AGREE] * 5, "1 เคย", "ส่งคำตอบ"]
    leads_to = ["ก่อนเริ่ม", *(f"ข้อ {n} จาก 9" for n in range(1, 10)), "ตอบครบแล้ว", "ขอบพระคุณ"]
    for label, then in zip(taps, leads_to, strict=True):
        tap(resident, label, then)

    assert len(taps) <= 12
    expect(resident.locator(".mine")).to_have_count(0)  # nothing of what was tapped stands in the chat
    assert bot.file() == 1
    with db.read(bot.engine) as conn:
        [answers] = conn.execute(responses.select()).all()
    assert answers.answers == dict.fromkeys("e1 e2 e4 e5 e6 e7 e8".split(), "5") | {"e3": "never", "e9": "ever"}

    with db.write(bot.engine) as conn:
        code = officers.invite(conn, bot.settings.keys, "main", "viewer", "", [], bot.now)
    for words, then in ((code, "ลงทะเบียน"), ("สรุป", "ยังไม่แสดงคะแนน")):
        snapshots.refresh(bot.engine, bot.site.world.library, bot.settings.default_agency, bot.now.date())
        officer.locator(".text").fill(words)
        officer.locator(".text").press("Enter")
        expect(newest(officer)).to_contain_text(then)

    expect(page.locator("#billable")).to_have_text("0")
    for message in received(bot, RESIDENT) + received(bot, OFFICER):
        judge([message])


def test_a_question_with_seven_answers_is_seen_whole(bot: Deployment, page: Page) -> None:
    bot.line.say(RESIDENT, "แบบสอบถาม")
    bot.line.wait(RESIDENT, 1)
    for count, words in enumerate(("เริ่มตอบ", "เคย"), 2):
        bot.line.say(RESIDENT, words)
        bot.line.wait(RESIDENT, count)
    phone = page.locator(".resident")
    expect(newest(phone)).to_contain_text("ข้อ 1 จาก 9")

    log = phone.locator(".log").bounding_box()
    options = [option.bounding_box() for option in newest(phone).get_by_role("button").all()]
    question = newest(phone).get_by_text("เจ้าหน้าที่ปฏิบัติงาน").bounding_box()

    assert len(options) == 7
    assert log is not None
    assert question is not None
    assert question["y"] >= log["y"]
    for option in options:
        assert option is not None
        assert option["height"] >= 40  # a thumb finds it
        assert option["y"] + option["height"] <= log["y"] + log["height"]


def test_the_card_fits_the_officers_phone(bot: Deployment, page: Page) -> None:
    answer_many(bot, 40, "5")
    with db.write(bot.engine) as conn:
        code = officers.invite(conn, bot.settings.keys, "main", "viewer", "", [], bot.now)
    bot.line.say(OFFICER, code)
    bot.line.say(OFFICER, "สรุป")
    bot.line.wait(OFFICER, 2)
    phone = page.locator(".officer")
    card = phone.locator(".line:not(.mine)", has_text="เดือนที่ 2 ของปีงบฯ 2570").last
    expect(card).to_be_visible()

    wider = card.locator(".fx-text").evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length")

    assert wider == 0
    picture = newest(phone).locator("img.photo")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1040
    judge(received(bot, OFFICER)[-2:])


def test_a_resident_reports_with_voice_map_and_photos_by_taps_and_the_officer_sees_them(
    bot: Deployment, page: Page, tmp_path: Path
) -> None:
    for number, colour in enumerate(("#884422", "#228844")):
        (tmp_path / f"{number}.jpg").write_bytes(photo(colour=colour))
    resident, officer = page.locator(".resident"), page.locator(".officer")
    resident.get_by_role("button", name="เพิ่มเพื่อน").click()
    resident.locator(".chatbar").click()
    resident.locator(".board").get_by_role("button", name="แจ้งเรื่อง").click()
    expect(newest(resident)).to_contain_text("ต้องการแจ้งเรื่องอะไร")

    resident.get_by_label("ส่งรูป ตำแหน่ง หรือสติกเกอร์").click()
    resident.get_by_role("button", name="ส่งเสียงตัวอย่าง").click()
    expect(newest(resident)).to_contain_text("เป็นเรื่องประเภทใด")
    newest(resident).get_by_role("button", name="1 ").first.click()
    expect(newest(resident)).to_contain_text("เกิดขึ้นที่ไหน")
    newest(resident).get_by_role("button", name="ส่งตำแหน่งบนแผนที่").click()
    page.locator("#where").get_by_role("button", name="ส่งตำแหน่งนี้").click()
    expect(newest(resident)).to_contain_text("มีภาพถ่ายไหม")
    with page.expect_file_chooser() as chooser:
        newest(resident).get_by_role("button", name="เลือกภาพในเครื่อง").click()
    chooser.value.set_files([tmp_path / "0.jpg", tmp_path / "1.jpg"])
    expect(newest(resident)).to_contain_text("ได้รับภาพแล้ว 2 ภาพ")
    tap(resident, "ส่งภาพครบแล้ว", "ให้แจ้งท่านทางไหน")
    tap(resident, "1 แจ้งในแชตนี้", "ตรวจเรื่องของท่านก่อนส่ง")
    tap(resident, "ส่งเรื่อง", "เลขเรื่อง")

    with db.write(bot.engine) as conn:
        code = officers.invite(conn, bot.settings.keys, "main", "admin", "นภา", [], bot.now)
    for words, then in ((code, "ลงทะเบียน"), ("เรื่องใหม่", "1 เรื่อง")):
        officer.locator(".text").fill(words)
        officer.locator(".text").press("Enter")
        expect(newest(officer)).to_contain_text(then)
    newest(officer).get_by_role("button").first.click()
    expect(newest(officer)).to_contain_text("ถนนหน้าวัดโพธิ์ชัย")
    thumbs = newest(officer).locator(".fx-image img")
    expect(thumbs).to_have_count(2)
    widths = thumbs.evaluate_all("all => Promise.all(all.map(one => one.decode().then(() => one.naturalWidth)))")
    assert widths == [270, 270]
    for message in received(bot, RESIDENT) + received(bot, OFFICER):
        judge([message])
