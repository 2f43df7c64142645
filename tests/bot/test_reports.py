"""Reports over the webhook as residents, forgers and the forgetful send them; what is taken back is gone everywhere."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
import requests
from PIL import Image
from sqlalchemy import Row, func, select

from bot import case_files
from bot.playground.line_reading import actions
from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app
from bot.worker import Crew
from survey import db, library, officers
from survey.retraction import GONE
from survey.settings import Agency, Settings
from survey.tables import complaint_files, complaint_updates, complaints, drafts, metadata
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import judge
from tests.bot.resident import Resident, photo, text
from tests.survey.conftest import hurry

SHEET = "spreadsheet-of-the-tests"
WORDS = "ไฟฟ้าหน้าบ้านนายสมชายดับสามคืน"
ADDED = "คืนนี้ก็ยังดับอยู่เหมือนเดิม"


@pytest.fixture
def sheets() -> Iterator[LocalSheets]:
    local = LocalSheets(writes_per_minute=10_000)
    local.create_spreadsheet(SHEET, "แบบสอบถาม")
    yield local
    local.close()


@pytest.fixture
def bot(
    settings_factory: Callable[..., Settings], agency: Agency, sqlite_url: str, sheets: LocalSheets
) -> Iterator[Deployment]:
    with ExitStack() as stack:
        base = stack.enter_context(running(create_app(sheets)))
        credentials = json.dumps(service_account_info(base))
        ours = replace(agency, spreadsheet_id=SHEET, google_credentials=credentials)
        settings = settings_factory(agencies=(ours,), sheets_api_base=base, sheets_writes_per_minute=10_000)
        deployment = stack.enter_context(deployed(settings, sqlite_url))
        object.__setattr__(deployment.site.settings, "public_url", deployment.url)
        hurry(deployment.engine)
        yield deployment


@pytest.fixture
def resident(bot: Deployment) -> Resident:
    return Resident(bot)


def mirrored(bot: Deployment, sheets: LocalSheets) -> str:
    """What stands in the sheet once the worker has done what there is to do."""
    crew = Crew(bot.engine, bot.settings, library.load(), clock=lambda: bot.now)
    names = ("register main", "mirror main")
    jobs = [job for shift in crew.shifts(threading.Event()) for job in shift.jobs if job.name in names]
    idle = 0
    while idle < 3:  # the register is queued by one job and written by the other
        idle = 0 if sum(job.run() for job in jobs) else idle + 1
    crew.leave()
    return json.dumps([sheets.rows(SHEET, tab) for tab in sheets.tabs(SHEET)], ensure_ascii=False)


def stored(bot: Deployment) -> str:
    """Every row of every table."""
    with db.read(bot.engine) as conn:
        rows = [tuple(row) for table in metadata.tables.values() for row in conn.execute(select(table))]
    return str(rows)


def ticket(bot: Deployment) -> Row[Any]:
    with db.read(bot.engine) as conn:
        return conn.execute(select(complaints)).one()


def count(bot: Deployment, table: Any) -> int:
    with db.read(bot.engine) as conn:
        return conn.scalar(select(func.count()).select_from(table)) or 0


def test_a_whole_report_by_typing_alone_as_on_an_old_phone(bot: Deployment, resident: Resident) -> None:
    resident.says("แจ้งเรื่อง", WORDS, "1", "หมู่ 4", "ไม่มีภาพ", "2", "081 234 5678", "ส่ง")

    row = ticket(bot)
    assert (row.category, row.place, row.tell_by, row.contact) == ("light", "หมู่ 4", "phone", None)
    assert bot.settings.keys.open_contact(row.phone) == "0812345678"
    assert "0812345678" not in stored(bot)
    assert resident.says(f"ติดตาม {row.ticket[:3]}-{row.ticket[3:]}").startswith(f"เรื่อง {row.ticket[:3]}-")


def test_a_place_in_another_country_is_asked_for_again_and_one_at_home_is_kept(
    bot: Deployment, resident: Resident
) -> None:
    resident.says("แจ้งเรื่อง", WORDS, "1")

    abroad = resident.hears(lambda: bot.line.location(resident.name, 48.8584, 2.2945, "Tour Eiffel"))
    at_home = resident.hears(lambda: bot.line.location(resident.name, 17.41, 102.79, "วัดโพธิ์ชัย", "อุดรธานี"))

    assert "ไม่ได้อยู่ในประเทศไทย" in text(abroad)
    assert "เกิดขึ้นที่ไหนคะ" in text(abroad)
    assert "มีภาพถ่ายไหมคะ" in text(at_home)
    resident.says("ไม่มีภาพ", "3", "ส่ง")
    assert (ticket(bot).place, ticket(bot).latitude) == ("วัดโพธิ์ชัย อุดรธานี", 17.41)


@pytest.mark.parametrize(
    "data",
    "track|{id} cancel|{id}:yes confirm|{id} stars|{id}:1 answer|{id} add|{id} reopen|{id}".split(),
)
def test_a_forged_button_for_anothers_ticket_is_answered_as_if_there_were_none(
    bot: Deployment, resident: Resident, data: str
) -> None:
    resident.begins()
    resident.files()
    before, stranger = ticket(bot), Resident(bot, "คนอื่น")

    real = stranger.hears(lambda: bot.line.tap(stranger.name, f"d|{data.format(id=before.id)}|"))
    none = stranger.hears(lambda: bot.line.tap(stranger.name, f"d|{data.format(id='no-such-ticket')}|"))

    assert text(real) == text(none)
    assert "ไม่พบเลขเรื่องนี้" in text(real)
    assert ticket(bot) == before
    assert count(bot, drafts) == 0


@pytest.mark.parametrize("data", ["d|send||another-draft", "t|another-draft|1|0", "d|skip|place|another-draft"])
def test_a_forged_button_of_anothers_draft_is_an_old_button(bot: Deployment, resident: Resident, data: str) -> None:
    resident.begins()
    with db.read(bot.engine) as conn:
        theirs = conn.execute(select(drafts)).one()
    stranger = Resident(bot, "คนอื่น")

    heard = stranger.hears(lambda: bot.line.tap(stranger.name, data.replace("another-draft", theirs.id)))

    assert "จบไปแล้ว" in text(heard)
    with db.read(bot.engine) as conn:
        assert conn.execute(select(drafts)).one() == theirs


def test_a_guessed_number_is_answered_alike_whether_it_exists_or_not_and_not_for_long(
    bot: Deployment, resident: Resident
) -> None:
    resident.begins()
    number, stranger = resident.files(), Resident(bot, "คนอื่น")

    answers = [stranger.says(f"ติดตาม {guess}") for guess in (number, "482-9153", "111-1111", number)]
    tired = [stranger.says(f"ติดตาม {guess}") for guess in (*["111-1111"] * 7, number)]

    assert len(set(answers)) == 1
    assert "ลองใหม่ในอีก 1 ชั่วโมง" in tired[-1]
    assert resident.says(f"ติดตาม {number}").startswith(f"เรื่อง {number}")  # its own complainant is not held up
    assert "คนอื่น" not in stored(bot)


def test_a_resident_who_has_blocked_the_account_finds_the_ticket_again_afterwards(
    bot: Deployment, resident: Resident
) -> None:
    resident.begins()
    number = resident.files()
    heard = len(bot.line.inbox(resident.name))

    assert bot.line.block(resident.name).status == 200
    bot.line.redeliver()  # nothing is said to whoever has blocked us
    assert len(bot.line.inbox(resident.name)) == heard

    bot.line.follow(resident.name)
    assert number in resident.says("ติดตามเรื่อง")


def test_words_taken_back_are_gone_from_the_store_and_the_sheet(
    bot: Deployment, resident: Resident, sheets: LocalSheets
) -> None:
    sent: list[str] = []

    def types(words: str) -> None:
        resident.hears(lambda: sent.append(bot.line.say(resident.name, words).message_id))

    resident.says("แจ้งเรื่อง")
    types(WORDS)
    resident.says("1", "ข้าม", "ไม่มีภาพ", "3", "ส่ง")
    resident.presses("ติดตามเรื่อง")
    resident.presses("แจ้งเพิ่ม หรือส่งภาพ")
    types(ADDED)
    resident.says("ไม่มีภาพ")
    assert WORDS[:10] in mirrored(bot, sheets)
    assert ADDED in stored(bot)

    for message_id in sent:
        assert bot.line.unsend(resident.name, message_id).status == 200

    shown = mirrored(bot, sheets)
    for place in (shown, stored(bot)):
        assert WORDS[:10] not in place
        assert ADDED not in place
    assert GONE in shown
    row = ticket(bot)
    assert GONE in resident.says(f"ติดตาม {row.ticket}")


def test_a_photo_taken_back_is_gone_with_its_bytes_and_its_address(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    first, second = photo(colour="red"), photo(colour="blue")
    sent = bot.line.photo(resident.name, first)
    resident.sends(second)
    resident.says("ครบแล้ว", "3", "ส่ง")
    with db.read(bot.engine) as conn:
        files = conn.execute(select(complaint_files)).all()
    gone = next(f for f in files if f.message_id == bot.settings.keys.event("main", sent.message_id))
    where = case_files.addresses(bot.site.settings, bot.settings.default_agency, bot.now)(gone.id)
    assert requests.get(where, timeout=5).status_code == 200

    bot.line.unsend(resident.name, sent.message_id)

    assert requests.get(where, timeout=5).status_code == 404
    with db.read(bot.engine) as conn:
        assert [row.id for row in conn.execute(select(complaint_files.c.id))] == [f.id for f in files if f is not gone]


def test_the_resident_sees_what_was_mended_and_not_who_did_it(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    number, officer = resident.files(), Resident(bot, "ช่างวิชัย")
    with db.write(bot.engine) as conn:
        officer_code = officers.invite(conn, bot.settings.keys, "main", "officer", "วิชัย", (), bot.now)
    officer.says(officer_code, f"เรื่อง {number}")
    officer.presses("รับเรื่องนี้")
    officer.presses("แก้ไขแล้ว แจ้งผล")
    officer.says("ปะผิวถนนแล้ว")
    officer.sends(photo(colour="green"))
    officer.presses("ส่งภาพครบแล้ว")
    officer.presses("ปิดเรื่องและแจ้งผล")

    [seen] = resident.hears(lambda: bot.line.say(resident.name, f"ติดตาม {number}"))

    assert "ปะผิวถนนแล้ว" in text([seen])
    assert "วิชัย" not in str(seen)
    [opens] = [action["uri"] for action in actions(seen) if "/files/" in action.get("uri", "")]
    picture = Image.open(io.BytesIO(requests.get(opens, timeout=5).content))
    assert picture.getpixel((9, 9)) == pytest.approx((0, 128, 0), abs=3)
    judge([{name: value for name, value in seen.items() if name not in ("how", "id", "at")}])


def test_erasing_cuts_the_link_and_the_words_and_leaves_the_masked_case(
    bot: Deployment, resident: Resident, sheets: LocalSheets
) -> None:
    resident.says("แจ้งเรื่อง")
    resident.hears(lambda: bot.line.voice(resident.name, seconds=20))
    resident.says("1", "บ้านนายสมชาย", "ไม่มีภาพ", "2", "0812345678", "ส่ง")
    resident.says("แจ้งเรื่อง", "ขยะเต็ม โทร 0898765432")
    mirrored(bot, sheets)
    assert count(bot, complaint_files) == 1

    said = resident.says("ลบข้อมูล")

    row = ticket(bot)
    assert (row.respondent, row.contact, row.phone, row.message_id, row.words) == (None, None, None, None, "")
    assert row.status == "received"
    assert count(bot, complaint_files) == 0
    assert count(bot, drafts) == 0
    assert count(bot, complaint_updates) == 2  # that it came and that it was erased
    assert "ติดตามเรื่องนั้นไม่ได้อีก" in said
    shown = mirrored(bot, sheets)
    for place in (shown, stored(bot)):
        assert "สมชาย" not in place
        assert "0898765432" not in place
    assert row.ticket[3:] in shown
    assert "ยังไม่มีเรื่อง" in resident.says("ติดตามเรื่อง")
