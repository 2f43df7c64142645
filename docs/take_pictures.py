"""Take the pictures of the documentation again: ``.venv/bin/python docs/take_pictures.py`` (Chromium and a Thai font).

Starts a demo of its own on free ports, lets people who are the same in every run answer, and photographs what a
resident, an officer and the sheet show. Only dates follow the day on which it runs. Look at every picture afterwards.
"""

import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import click
import urllib3
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from sqlalchemy import insert

from analysis import render_data, typeset
from bot import demo, demo_documents, simulate, simulate_cases
from survey import db, library, settings_load, thai
from survey.instrument import Instrument
from survey.settings import Settings
from survey.tables import responses

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update".split()
RESIDENT, OFFICER = "คุณบุญมี", "ปลัดสมชาย"
COMPLAINANT, CALLER, FRIGHTENED = "คุณจันทร์เพ็ญ", "คุณสุชาติ", "คุณอารีย์"
SEED = 2570
LAST_MONTH, FEW, LITTLE, MANY = 140, 3, 9, 260
PATIENCE_S = 60.0
TALL = ".screen { flex-basis: 1800px !important } .bubble { max-width: 320px }"


@dataclass(frozen=True)
class Scene:
    """A running demo and a browser to look at it."""

    place: demo.Place
    settings: Settings
    browser: Browser

    @property
    def town(self) -> simulate.Town:
        known, today = library.load(), thai.bangkok_date(datetime.now(UTC))
        eit, point = known.newest("eit", thai.fiscal_year(today)), known.newest("satisfaction")
        return simulate.Town(self.place.line, self.settings.default_agency, eit, point, demo.OFFICER)

    def residents_answer(self, number: int, seed: int) -> None:
        outcome = simulate.fill(self.town, number, seed, lambda: None)
        if outcome.completed != number:
            raise click.ClickException(f"only {outcome.completed} of {number} residents could answer: {outcome}")

    def stage(self) -> simulate_cases.Stage:
        """To let people do what the page cannot show: send photos and places."""
        return simulate_cases.Stage(self.place.line, demo.OFFICER, threading.Event())

    def phones(self, resident: str = RESIDENT, officer: str = OFFICER, height: int = 1000, style: str = "") -> Page:
        """The chat page with these two people; ``style``: extra CSS, to show a long card whole."""
        page = self.browser.new_page(
            viewport={"width": 960, "height": height}, locale="th-TH", timezone_id="Asia/Bangkok", bypass_csp=True
        )
        page.goto(f"{self.place.line}/?resident={resident}&officer={officer}")
        page.add_style_tag(content=f".owner .people, .owner .add, .more {{ visibility: hidden }} {style}")
        page.wait_for_function("document.querySelectorAll('.people option').length > 1")
        return page

    def siang(self, *arguments: str) -> str:
        """The command, as an operator runs it in the demo's folder."""
        done = subprocess.run(  # noqa: S603 - our own program, arguments from here
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.place.folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def call(self, address: str, body: dict[str, Any]) -> None:
        answer = urllib3.request("POST", address, json=body, timeout=30, retries=False)
        if answer.status != 200:
            raise click.ClickException(f"{address} answered {answer.status}: {answer.data!r}")


def main() -> None:
    """All pictures, or those of the functions named on the command line."""
    takes = (
        first_contact,
        complaint_filed,  # before there is a duty person, who would be alerted instead of the admin
        case_at_work,
        case_told,
        other_cards,
        the_register,
        register,
        too_few,
        little,
        full,
        assisted,
        the_sheet,
        documents,
        at_the_counter,
        stopped,
    )
    wanted = sys.argv[1:] or [take.__name__ for take in takes]
    PICTURES.mkdir(exist_ok=True)
    with scene() as here:
        for take in takes:
            if take.__name__ in wanted:
                click.echo(f"{take.__name__} ...")
                take(here)
    for picture in sorted(PICTURES.glob("*.png")):
        click.echo(f"{picture.name}: {picture.stat().st_size // 1024} KB")


def first_contact(here: Scene) -> None:
    """What somebody sees who adds the account, asks for the menu, and begins."""
    page = here.phones("คุณมาลี")
    phone = page.locator(".resident")
    add_friend(phone)
    settle(page)
    shoot(phone.locator(".screen"), "greeting")
    say(phone, "แบบสอบถาม")
    settle(page)
    shoot(phone.locator(".screen"), "notice")
    page.close()


def register(here: Scene) -> None:
    """The officer's one-time code and the bot's welcome."""
    code = re.search(r"^ {4}(\S+)$", here.siang("officer", "invite", "--role", "officer", "--name", OFFICER), re.M)
    assert code is not None  # noqa: S101 - the command has just printed it
    page = here.phones(height=1060, style=".screen { flex-basis: 950px !important }")
    phone = page.locator(".officer")
    add_friend(phone)
    say(phone, code[1])
    expect(phone.get_by_text("เรียบร้อยแล้ว").last).to_be_visible()
    settle(page)
    shoot(phone.locator(".screen"), "register")
    page.close()


def too_few(here: Scene) -> None:
    here.residents_answer(FEW, SEED)
    card(here, "card-few", "ยังไม่ครบ 5 คน")


def little(here: Scene) -> None:
    here.residents_answer(LITTLE, SEED + 1)
    card(here, "card-little", f"({FEW + LITTLE} คน)")


def full(here: Scene) -> None:
    """A month with enough answers, after a month with somewhat worse ones."""
    answered_last_month(here)
    here.residents_answer(MANY, SEED + 2)
    card(here, "card", f"{FEW + LITTLE + MANY - round(MANY * simulate.ASSISTED)} คน")


def assisted(here: Scene) -> None:
    """An officer helps somebody; the question that the person must tap alone."""
    page = here.phones()
    phone = page.locator(".officer")
    say(phone, "เจ้าหน้าที่ช่วยกรอก")
    tap(phone, "เริ่มตอบ")
    expect(phone.get_by_text("ไม่ชี้นำคำตอบ").last).to_be_visible()
    settle(page)
    shoot(phone.locator(".screen"), "assist")
    for label in ("เคย", "เห็นด้วย", "เห็นด้วย"):
        tap(phone, label)
    expect(phone.get_by_text("ข้อนี้ขอให้ผู้ตอบกดเอง").last).to_be_visible()
    settle(page)
    shoot(phone.locator(".screen"), "assist-alone")
    page.close()


def the_sheet(here: Scene) -> None:
    page = here.browser.new_page(viewport={"width": 1280, "height": 640}, locale="th-TH")
    page.goto(here.place.sheets)
    for title, name in (("คำตอบ EIT", "sheet"), ("สรุปรายเดือน", "sheet-summary"), ("ความคิดเห็น", "sheet-comments")):
        page.get_by_role("tab", name=title).click()
        settle(page)
        if page.locator("[data-page=first]").is_visible():
            page.locator("[data-page=first]").click()
        page.locator("#scroller").evaluate("one => { one.scrollTop = 0 }")
        settle(page)
        shoot(page.locator("body"), name)
    page.close()


def documents(here: Scene) -> None:
    """The first page of three finished documents, in Thai digits."""
    desk = demo_documents.Desk(db.connect(here.settings.database_url), library.load(), here.settings.default_agency)
    names = {"monthly": "document-monthly", "memo": "document-memo", "analysis": "document-analysis"}
    for kind, name in names.items():
        report = demo_documents.make(desk, kind, cover=False, thai_digits=True, now=datetime.now(UTC))
        [first, *_] = typeset.png("report", render_data.plain(render_data.ready(report)), 70)
        (PICTURES / f"{name}.png").write_bytes(first)
    desk.engine.dispose()


def at_the_counter(here: Scene) -> None:
    """What a QR code opens: the words ready to send, then the first question."""
    page = here.phones("คุณวิชัย")
    phone = page.locator(".resident")
    add_friend(phone)
    say(phone, "ประเมิน งานจัดเก็บรายได้")
    tap(phone, "เริ่มตอบ")
    settle(page)
    shoot(phone.locator(".screen"), "counter")
    page.close()


def complaint_filed(here: Scene) -> None:
    """What a resident sees who files a complaint, up to its number; and the alert to an officer of an urgent one."""
    stage = here.stage()
    page = here.phones(COMPLAINANT, demo.OFFICER, height=1060, style=".screen { flex-basis: 950px !important }")
    resident, phone = page.locator(".resident"), stage.phone(COMPLAINANT)
    phone.does("follow")
    phone.says("แจ้งเรื่อง")
    settle(page)
    shoot(resident.locator(".screen"), "case-report")
    story = simulate_cases.stories()[0]
    simulate_cases.file(phone, story)
    settle(page)
    shoot(resident.locator(".screen"), "case-filed")
    simulate_cases.file(stage.phone(FRIGHTENED), of(category="อันตราย ต้องรีบแก้ไข"))
    alert = page.locator(".officer .line", has_text="เรื่องด่วน").last
    expect(alert).to_be_visible(timeout=PATIENCE_S * 1000)
    settle(page)
    shoot(alert.locator(".fx-bubble"), "case-alert")
    page.close()


def case_at_work(here: Scene) -> None:
    """The officer's list and card, a question carried both ways, where else it could go, and the outcome."""
    story = simulate_cases.stories()[0]
    page = here.phones(COMPLAINANT, demo.OFFICER, height=1950, style=TALL)
    officer, resident = page.locator(".officer"), page.locator(".resident")
    say(officer, "เรื่องใหม่")
    shoot_newest(page, officer, "case-new")
    say(officer, f"เรื่อง {ticket_of(resident)}")
    shoot_newest(page, officer, "case-card")
    tap(officer, "ส่งต่อกองอื่น")
    shoot_newest(page, officer, "case-forward")
    tap(officer, "รับเรื่องนี้")
    tap(officer, "ถามผู้ร้อง")
    say(officer, story.question)
    tap(officer, "ส่งคำถาม")
    expect(resident.get_by_text("ขอถามเพิ่มเติม")).to_be_visible(timeout=PATIENCE_S * 1000)
    shoot_newest(page, resident, "case-question")
    tap(resident, "ตอบคำถาม")
    say(resident, story.answer)
    tap(resident, "ไม่ส่งภาพ")
    say(officer, f"เรื่อง {ticket_of(resident)}")
    tap(officer, "แก้ไขแล้ว แจ้งผล")
    say(officer, story.outcome)
    stage = here.stage()
    with answered(officer):
        stage.officer.sends(story.after_photo)
    tap(officer, "ส่งภาพครบแล้ว")
    shoot_newest(page, officer, "case-resolve")
    tap(officer, "ปิดเรื่องและแจ้งผล")
    expect(resident.get_by_text("แก้ไขแล้วค่ะ")).to_be_visible(timeout=PATIENCE_S * 1000)
    page.close()


def case_told(here: Scene) -> None:
    """The README's picture: the resident hears of the outcome, the officer has the whole case; and how it is rated."""
    page = here.phones(COMPLAINANT, demo.OFFICER, height=1250, style=".screen { flex-basis: 1134px !important }")
    officer, resident = page.locator(".officer"), page.locator(".resident")
    say(officer, f"เรื่อง {ticket_of(resident)}")
    settle(page)
    shoot(page.locator("#phones"), "chat")
    tap(resident, "แก้ไขแล้วจริง")
    settle(page)
    shoot_newest(page, resident, "case-rate")
    tap(resident, "5 ดีมาก")
    say(resident, "ติดตามเรื่อง")
    resident.locator(".log").get_by_role("button", name=ticket_of(resident)).last.click()
    settle(page)
    shoot_newest(page, resident, "case-track")
    page.close()


def other_cards(here: Scene) -> None:
    """Whom to call, what presses, a complaint filed for somebody, and the month in figures."""
    stage = here.stage()
    caller, story = stage.phone(CALLER), of(tell="โทรศัพท์")
    caller.does("follow")
    simulate_cases.work_on(stage, caller, story, simulate_cases.file(caller, story))
    page = here.phones(officer=demo.OFFICER, height=1950, style=TALL)
    officer = page.locator(".officer")
    cards = {"โทรแจ้งผู้ร้อง": "case-calls", "เกินกำหนด": "case-late", "สรุปเรื่องร้องเรียน": "case-figures"}
    for words, name in cards.items():
        say(officer, words)
        shoot_newest(page, officer, name)
    say(officer, "รับเรื่องแทน")
    shoot_newest(page, officer, "case-file-for")
    page.close()


def the_register(here: Scene) -> None:
    """The sheet's tab of complaints."""
    page = here.browser.new_page(viewport={"width": 1280, "height": 600}, locale="th-TH")
    page.goto(here.place.sheets)
    page.get_by_role("tab", name="เรื่องร้องเรียน").click()
    settle(page)
    shoot(page.locator("body"), "sheet-complaints")
    page.close()


def of(**wanted: str) -> simulate_cases.Story:
    """The first of the demo's complaints of this kind."""
    return next(s for s in simulate_cases.stories() if all(getattr(s, name) == v for name, v in wanted.items()))


def ticket_of(phone: Locator) -> str:
    """The number that was said to this resident last."""
    return re.findall(r"\d{3}-\d{4}", phone.locator(".log").inner_text())[-1]


def stopped(here: Scene) -> None:
    """The alert an admin gets when Google refuses the sheet."""
    fault = {"when": "before", "how": "403", "times": None, "on": "any"}
    here.call(f"{here.place.sheets}/playground/api/faults", fault)
    here.residents_answer(1, SEED + 3)
    page = here.phones(officer=demo.OFFICER, height=760)
    phone = page.locator(".officer")
    expect(phone.get_by_text("ไม่ให้ระบบเขียน")).to_be_visible(timeout=PATIENCE_S * 1000)
    settle(page)
    shoot(phone.locator(".line", has_text="ไม่ให้ระบบเขียน"), "stopped")
    page.close()


def card(here: Scene, name: str, words: str) -> None:
    """The card for "สรุป", as soon as it says ``words``: the worker computes it a moment after the last answer."""
    page = here.phones(height=1950, style=TALL)
    phone = page.locator(".officer")
    deadline = time.monotonic() + PATIENCE_S
    while True:
        say(phone, "สรุป")
        settle(page)
        newest = phone.locator(".line:not(.mine) .fx-bubble").last  # the same as a picture comes below it
        if words in newest.inner_text():
            break
        if time.monotonic() > deadline:
            raise click.ClickException(f"{words!r} is not on the card: {newest.inner_text()}")
    shoot(newest, name)
    page.close()


def answered_last_month(here: Scene) -> None:
    """Filed responses of the month before, as the worker would have filed them then."""
    rng, today = Random(SEED), thai.bangkok_date(datetime.now(UTC))  # noqa: S311 - plausible answers, not secrets
    day = thai.month_of(today).previous().start
    engine = db.connect(here.settings.database_url)
    with db.write(engine) as conn:
        conn.execute(insert(responses), [filed(here, number, day, rng) for number in range(LAST_MONTH)])
    engine.dispose()


def filed(here: Scene, number: int, day: date, rng: Random) -> dict[str, Any]:
    eit = here.town.eit
    return {
        "agency_id": here.settings.default_agency.id,
        "id": f"last-month-{number:04d}",
        "round_id": "last-month",
        "kind": eit.kind,
        "instrument_id": eit.id,
        "instrument_version": eit.version,
        "completed_on": day,
        "mode": "self",
        "household": False,
        "answers": plausible(eit, rng.gauss(64, 15), rng),
    }


def plausible(eit: Instrument, content: float, rng: Random) -> dict[str, str]:
    """The answers of somebody who is so content (0-100)."""
    answers = {}
    for question in eit.items:
        wanted = 100 if question.private else content + rng.gauss(0, 12)
        scored = [option for option in question.options if option.score is not None]
        answers[question.id] = min(scored, key=lambda option: abs((option.score or 0) - wanted)).value
    return answers


def say(phone: Locator, words: str) -> None:
    """Type and send, and wait for what the bot says to it."""
    with answered(phone):
        phone.locator(".text").fill(words)
        phone.locator(".send").click()


def tap(phone: Locator, label: str) -> None:
    """Tap the newest button with this label, and wait for what comes of it."""
    named = re.compile(rf"^(\d+ )?{re.escape(label)}$")  # answers carry the number one may type
    with answered(phone):
        phone.locator(".log").get_by_role("button", name=named).last.click()


def add_friend(phone: Locator) -> None:
    with answered(phone):
        phone.get_by_role("button", name="เพิ่มเพื่อน").click()


@contextmanager
def answered(phone: Locator) -> Iterator[None]:
    lines = phone.locator(".line:not(.mine)")
    before = lines.count()
    yield
    expect(lines.nth(before)).to_be_visible(timeout=PATIENCE_S * 1000)


def settle(page: Page) -> None:
    """Until nothing more comes: what arrives late would be in one picture and not in the next."""
    page.wait_for_timeout(1200)


def shoot(what: Locator, name: str) -> None:
    """As few colours as do not show, so that the pictures stay small."""
    with Image.open(io.BytesIO(what.screenshot(animations="disabled"))) as picture:
        few = picture.convert("RGB").quantize(192, dither=Image.Dither.NONE)
        few.save(PICTURES / f"{name}.png", optimize=True)


def shoot_newest(page: Page, phone: Locator, name: str) -> None:
    """The bubble that came last."""
    settle(page)
    shoot(phone.locator(".line:not(.mine)").last.locator(".fx-bubble"), name)


@contextmanager
def scene() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = demo.Place(Path(folder) / "demo", free_ports())
        command = [sys.executable, "-m", "bot", "demo", "--port", str(place.port), "--folder", str(place.folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--disable-sync"])
            try:
                wait_for_welcome(running)
                yield Scene(place, settings_load.load(environ={}, folder=place.folder), browser)
            finally:
                browser.close()
                running.terminate()


def wait_for_welcome(running: "subprocess.Popen[str]") -> None:
    for line in running.stdout or ():
        if "Ctrl-C stops everything" in line:
            return
    raise click.ClickException("The demo did not start.")


def free_ports() -> int:
    """The first of four neighbouring ports that nobody uses."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = int(probe.getsockname()[1])
        try:
            for port in (first + 1, first + 2, first + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first


if __name__ == "__main__":
    main()
