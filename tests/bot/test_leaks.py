"""A search for what must not be found: LINE ids, sealed words, words in logs; after a whole day in a real office.

What was said stands in many clothes (JSON escapes, base64, hex, zlib), and a place is searched for all of them. What
must be found where it belongs is looked for by the same search, so that a search that finds nothing is noticed.
"""

import base64
import json
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.fernet import Fernet
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.playground.serve import running
from bot.playground.sheets import LocalSheets
from bot.playground.sheets_auth import service_account_info
from bot.playground.sheets_http import create_app
from bot.worker import Crew
from survey import db, library, officers
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import complaints, metadata
from tests.bot.deployment import Deployment, deployed
from tests.bot.resident import Resident, photo
from tests.conftest import OFFICE
from tests.survey.conftest import hurry

SHEET = "spreadsheet-of-the-tests"
KEYS = Keys(
    "a secret key for tests, long enough to pass", (Fernet.generate_key().decode(),), (Fernet.generate_key().decode(),)
)
JOBS = ("pushes", "mirror main", "register main", "scrub", "leftovers main")
RESIDENTS, STAFF = ("สมศรี", "วิชัย"), ("ช่างนภา", "ปลัดกัน", "นิติกรมะลิ")
PUSHED_TO = ("วิชัย", *STAFF[1:])  # a farewell, and two alerts

ORDINARY = "ถนนหน้าวัดเป็นหลุมกว้างสองเมตร"
NOTE = "โทรหาผู้รับเหมาไว้แล้ว"
MOVED = "ไฟทางดับหน้าบ้านนายช่างใหญ่มาสองเดือน"
SEALED = "ผู้รับเหมาจ่ายเงินใต้โต๊ะสามหมื่น"
ASKED = "จ่ายที่ไหนและเมื่อไรคะ"
ANSWERED = "หลังเวทีงานกฐินคืนวันเสาร์"
INSIDE = "ขอสำเนาเช็คจากกองคลังแล้ว"
FILE = "สลิปโอนเงินของนายช่าง.pdf"
PROOF = "บัญชีปลายทางเลขที่ลงท้ายสี่หกแปด"
OFSEALED = (SEALED, ASKED, ANSWERED, INSIDE, FILE, PROOF)


def clothes(words: str) -> list[bytes]:
    """Everything that these words may look like where they are stored or sent."""
    plain = words.encode()
    found = [plain, json.dumps(words)[1:-1].encode(), plain.hex().encode(), words.encode("utf-16-le")]
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):  # where in the four characters it begins
            found.append(encode(b"\0" * before + plain)[-(-before * 8 // 6) : -4])
    return found


def holds(place: bytes, words: str) -> bool:
    return any(one in place for one in clothes(words))


def opened(value: object) -> bytes:
    """A stored value as bytes, unpacked where it is packed."""
    if isinstance(value, bytes | memoryview):
        raw = bytes(value)
        with suppress(zlib.error):
            return raw + zlib.decompress(raw)
        return raw
    return json.dumps(value, ensure_ascii=False, default=str).encode()


@dataclass
class Office:
    """A deployment with its sheet and its worker, watched."""

    bot: Deployment
    sheets: LocalSheets
    folder: Path
    logged: list[Any]
    printed: list[str] = field(default_factory=list)

    def works(self, **later: float) -> None:
        """The worker does what is due until nothing is."""
        self.bot.now += timedelta(**later)
        crew = Crew(self.bot.engine, self.bot.settings, library.load(), clock=lambda: self.bot.now)
        jobs = [job for shift in crew.shifts(threading.Event()) for job in shift.jobs if job.name in JOBS]
        for _ in range(60):
            if sum(job.run() for job in jobs) == 0:
                break
        crew.leave()

    def joins(self, name: str, role: str, *departments: str) -> Resident:
        with db.write(self.bot.engine) as conn:
            code = officers.invite(conn, KEYS, "main", role, name, departments, self.bot.now)
        person = Resident(self.bot, name)
        person.says(code)
        return person

    def presses(self, person: Resident, command: str, argument: str = "") -> None:
        person.hears(lambda: self.bot.line.tap(person.name, f"d|{command}|{argument}|"))

    def ticket(self, words: str) -> str:
        with db.read(self.bot.engine) as conn:
            return str(conn.execute(select(complaints.c.id).where(complaints.c.words == words)).scalar_one())

    def places(self) -> dict[str, bytes]:
        """Where something can be found."""
        return {
            "database": b"\n".join(self._rows()),
            "files": b"\n".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()),
            "sheet": json.dumps(self._sheet(), ensure_ascii=False).encode(),
            "logs": json.dumps([self.logged, self.printed], ensure_ascii=False, default=str).encode(),
            "line": json.dumps(list(self.bot.line.calls), ensure_ascii=False, default=str).encode(),
        }

    def found(self, words: str) -> set[str]:
        return {name for name, place in self.places().items() if holds(place, words)}

    def _rows(self) -> Iterator[bytes]:
        with db.read(self.bot.engine) as conn:
            for table in metadata.tables.values():
                for row in conn.execute(select(table)):
                    yield from map(opened, row)

    def _sheet(self) -> list[Any]:
        return [(tab, self.sheets.rows(SHEET, tab)) for tab in self.sheets.tabs(SHEET)]


def test_the_search_finds_words_in_every_dress() -> None:
    for words in (ORDINARY, "U" + "0123456789abcdef" * 2):
        for at in range(3):
            inside = b"x" * at + words.encode() + b"yy"
            for place in (
                inside,
                base64.b64encode(inside),
                base64.urlsafe_b64encode(inside),
                inside.hex().encode(),
                json.dumps({"a": words}).encode(),
                opened(zlib.compress(inside)),
                opened({"a": [words]}),
            ):
                assert holds(place, words)
    assert not holds(base64.b64encode(ORDINARY.encode()), SEALED)


@dataclass
class Browser:
    """Somebody on the sealed pages, over HTTP."""

    bot: Deployment
    session: requests.Session = field(default_factory=requests.Session)

    def sends(self, path: str, page: str = "", files: Any = None, **fields: str) -> requests.Response:
        """Fill in the form of ``page`` (the same path) and send it."""
        form = re.search(r'name="form" value="([^"]+)"', self.sees(page or path))
        assert form
        answer = self.session.post(self._at(path), data={"form": form[1], **fields}, files=files, timeout=10)
        assert answer.status_code == 200, answer.status_code
        return answer

    def sees(self, path: str) -> str:
        return self.session.get(self._at(path), timeout=10).text

    def _at(self, path: str) -> str:
        return f"{self.bot.url}/sealed/main/{path}"


@pytest.fixture
def office(database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[Office]:
    sheets = LocalSheets(writes_per_minute=10_000)
    sheets.create_spreadsheet(SHEET, "แบบสอบถาม")
    with ExitStack() as stack:
        base = stack.enter_context(running(create_app(sheets)))
        agency = Agency("main", "เทศบาลตำบลตัวอย่าง", "test-secret", "test-token", SHEET, office=OFFICE)
        agency = replace(agency, google_credentials=json.dumps(service_account_info(base)))
        values: dict[str, Any] = {
            "public_url": "http://127.0.0.1:1",
            "sheets_api_base": base,
            "sheets_writes_per_minute": 10_000,
        }
        settings = Settings((agency,), KEYS, anonymity_group=1, **values)
        logged = stack.enter_context(capture_logs())
        bot = stack.enter_context(deployed(settings, database_url))
        hurry(bot.engine)
        found = Office(bot, sheets, tmp_path, logged)
        stack.callback(sheets.close)
        yield found


def a_day(office: Office) -> tuple[str, set[str]]:
    """Two ordinary cases, one of them moved, and a sealed report: the receipt code, and where the moved one was."""
    works = office.joins(STAFF[0], "officer", "works")
    kan, _ = (office.joins(name, "integrity") for name in STAFF[1:])
    for name, words in zip(RESIDENTS, (ORDINARY, MOVED), strict=True):
        resident = Resident(office.bot, name)
        resident.says("แจ้งเรื่อง", words, "1", "หน้าวัดโพธิ์ชัย")
        resident.sends(photo())
        resident.presses("ส่งภาพครบแล้ว")
        resident.says("1", "ส่งเรื่อง")
    first, second = office.ticket(ORDINARY), office.ticket(MOVED)
    for ticket in (first, second):
        office.presses(works, "accept", ticket)
        office.presses(works, "note", ticket)
        works.says(NOTE)
    office.works(minutes=1)
    before = office.found(MOVED)
    office.presses(works, "reclassify", second)
    works.presses("ย้าย ผู้รับเรื่องทุกคนอ่านได้")
    code = a_sealed_report(office, kan)
    for _ in range(4):
        office.works(minutes=30)
    return code, before


def a_sealed_report(office: Office, kan: Resident) -> str:
    """Reported, read, asked, answered, noted and closed."""
    reporter, reader = Browser(office.bot), Browser(office.bot)
    shown = reporter.sends("new", files=[("files", (FILE, PROOF.encode()))], what=SEALED, who="นายช่าง").text
    [code] = re.findall(r'aria-label="รหัสติดตาม ([\d ]+)"', shown)
    kan.says("เรื่องลับ")
    [token] = re.findall(r"/enter/([\w-]+)", json.dumps(office.bot.line.inbox(kan.name)))
    listed = reader.sends(f"enter/{token}").text
    reports = re.findall(r"/desk/([\w-]+)", listed)
    for report in reports:
        at = f"desk/{report}"
        reader.sends(f"{at}/open", page=at, reason="first")
        if SEALED not in reader.sees(at):
            continue
        [file] = re.findall(rf"{at}/file/([\w-]+)", reader.sees(at))
        assert (
            PROOF in reader.session.get(f"{reader.bot.url}/sealed/main/{at}/file/{file}", timeout=10).content.decode()
        )
        reader.sends(f"{at}/answer", page=at, words=ASKED)
        reader.sends(f"{at}/note", page=at, words=INSIDE)
        assert ASKED in reporter.sends("follow", code=code).text
        reporter.sends("report", words=ANSWERED)
        assert ANSWERED in reader.sees(at)
        reader.sends(f"{at}/status", page=at, status="referred", words="ส่ง ป.ป.ช. แล้ว", revision="1")
    assert len(reports) == 2
    return str(code).replace(" ", "")


def test_nothing_is_found_where_it_must_not_be(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    code, before = a_day(office)
    office.printed += capfd.readouterr()
    sqlite = office.bot.engine.dialect.name == "sqlite"
    stored = {"database", "files"} if sqlite else {"database"}

    # found where it belongs, or the search is blind
    assert office.found(ORDINARY) == {*stored, "sheet", "line"}
    assert office.found(NOTE) == {*stored, "line"}
    assert before == {*stored, "sheet", "line"}
    assert office.found("มีเรื่องใหม่") == {*stored, "line"}

    # nowhere
    for words in OFSEALED:
        assert office.found(words) == set(), words
    for digits in (code, " ".join(code[at : at + 4] for at in range(0, 16, 4))):
        assert office.found(digits) == set()
    assert office.found(MOVED) == {"line"}  # the case's card, while it was an ordinary one
    for name in (*RESIDENTS, *STAFF):
        user_id = office.bot.line.world.person(name)
        assert office.found(user_id) == ({"line"} if name in PUSHED_TO else set()), name
    pushed = [call["body"] for call in office.bot.line.calls if call["path"].endswith("/push")]
    said = [message["text"] for body in pushed for message in body["messages"]]
    assert len(said) == 4 + 1  # two officers hear at once and again in the next hour; one complainant is told
    assert set(said) - {"มีเรื่องใหม่"} == {one for one in said if one.startswith("เรื่องเลขที่ ")}
