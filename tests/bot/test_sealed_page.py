"""The page on which anybody reports corruption: what it takes, what it refuses, and that it keeps no visitor."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from PIL import Image
from sqlalchemy import Engine, select
from structlog.testing import capture_logs

from bot import sealed_door, sealed_files, sealed_forms, sealed_thread
from bot.sealed_files import MIB
from bot.sealed_forms import FORM, REPORTER
from survey import db, leaving, sealed
from survey.attempts import Limit
from survey.sealed_keys import Sealer
from survey.tables import attempts, day_salts, outbox
from tests.bot.sealed_web import ANOTHER, KEYS, MAIN, PHONE, WORDS, Web, steady, text, upload, web
from tests.survey.conftest import hurry
from tests.survey.sealed_kit import KEY

SEALER = Sealer([KEY])
READERS = ("กัน", "มะลิ")
NOBODYS = "0000 0000 0000 0098"
PROMISES = (
    "เราไม่เก็บชื่อและบัญชี LINE หากท่านเลือกไม่เปิดเผยตัว",
    "ผู้อ่านคือผู้รับเรื่องที่ได้รับแต่งตั้ง และทุกการเปิดอ่านถูกบันทึก",
    "ความคุ้มครองตามกฎหมาย ป.ป.ช. ใช้เมื่อแจ้ง ป.ป.ช.",
    "หากเรื่องเกี่ยวกับผู้บริหารหรือผู้ดูแลระบบ โปรดแจ้ง ป.ป.ช. 1205",
)


@pytest.fixture
def quick_engine(sqlite_engine: Engine) -> Engine:
    return hurry(sqlite_engine)


@pytest.fixture
def here(quick_engine: Engine) -> Iterator[Web]:
    with web(quick_engine, *READERS) as found:
        yield found


def kept(here: Web, number: int = 0) -> dict[str, Any]:
    return sealed.content(SEALER, here.reports()[number])


def evidence(here: Web) -> list[tuple[str, bytes]]:
    """Every file of the only report, opened."""
    with db.read(here.engine) as conn:
        [row] = here.reports()
        found = []
        for file in sealed.files(conn, SEALER, row):
            content = sealed.file_content(conn, SEALER, row, file.id)
            assert content is not None
            found.append((file.name, content))
        return found


# ---- reporting ----


def test_the_first_screen_promises_what_is_kept_and_names_other_ways(here: Web) -> None:
    page = text(here.visitor().get())

    for promise in PROMISES:
        assert promise in page
    assert "ป.ป.ช." in page.split("หรือแจ้งหน่วยงานภายนอก")[1]
    assert "You may write in English" in page


def test_a_report_is_kept_encrypted_and_answered_by_a_code(here: Web) -> None:
    visitor = here.visitor()

    code = visitor.report(who="นายช่าง", when="เมื่อวาน", where="กองช่าง", reach="081-234-5678")

    assert len(code) == 16
    told = kept(here)
    assert {name: told[name] for name in ("what", "who", "when", "where")} == {
        "what": WORDS,
        "who": "นายช่าง",
        "when": "เมื่อวาน",
        "where": "กองช่าง",
    }
    assert told["reach"] == ""  # anonymous is the default, whatever was typed
    with db.read(here.engine) as conn:
        assert sealed.by_receipt(conn, KEYS, "main", code) == here.reports()[0].id
    assert code not in str(here.reports())


def test_who_wants_to_be_reached_says_how(here: Web) -> None:
    visitor = here.visitor()

    refused = visitor.send("new", what=WORDS, who_am_i="contact")
    assert refused.status_code == 422
    assert "กรุณาพิมพ์วิธีติดต่อท่าน" in text(refused)
    assert WORDS in text(refused)

    visitor.report(who_am_i="contact", reach="081-234-5678")
    assert kept(here)["reach"] == "081-234-5678"


def test_the_code_is_shown_to_this_browser_only_and_not_for_long(here: Web) -> None:
    visitor = here.visitor()
    code = visitor.report()

    assert here.visitor().code() == ""
    here.later(minutes=9)
    assert visitor.code() == code
    here.later(minutes=2)
    assert visitor.code() == ""
    assert "รหัสแสดงไปแล้ว" in text(visitor.get("receipt"))


def test_leaving_ends_it_at_once(here: Web) -> None:
    visitor = here.visitor()
    code = visitor.report()
    visitor.follow(code)

    assert "ปิดเรื่องของท่านแล้ว" in text(visitor.post("leave"))

    assert visitor.code() == ""
    assert "รหัสติดตาม 16 หลัก" in text(visitor.get("report"))


def test_a_form_sent_twice_is_one_report_with_one_code(here: Web) -> None:
    visitor = here.visitor()
    form = visitor.form("new")

    codes = []
    for _ in range(2):
        assert visitor.post("new", form=form, what=WORDS, files=[upload("a.pdf", b"proof")]).status_code == 303
        codes.append(visitor.code())

    assert codes[0] == codes[1]
    assert len(here.reports()) == 1
    assert evidence(here) == [("a.pdf", b"proof")]


def test_nobody_is_excluded_who_is_not_there(here: Web) -> None:
    visitor = here.visitor()

    assert "รายชื่อผู้รับเรื่องเพิ่งเปลี่ยน" in text(visitor.send("new", what=WORDS, without="nobody"))
    visitor.report(without=here.staff["กัน"])

    with db.read(here.engine) as conn:
        assert sealed.excluded(SEALER, here.reports()[0]) == {here.staff["กัน"]}
        told = [row.payload["officer"] for row in conn.execute(select(outbox)).all()]
    assert told == [here.staff["มะลิ"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "กรุณาเล่าเรื่องที่พบเห็น"),
        ("😡😡😡", "กรุณาเล่าเรื่องที่พบเห็น"),
        ("ก" * 4001, "ยาวเกินไปค่ะ ขอไม่เกิน 4,000 ตัวอักษร"),
    ],
)
def test_words_that_cannot_be_taken_are_told_in_one_sentence_and_kept_on_the_page(
    here: Web, words: str, said: str
) -> None:
    answer = here.visitor().send("new", what=words, where="หน้าวัด")

    assert answer.status_code == 422
    assert said in text(answer)
    assert "หน้าวัด" in answer.text
    assert here.reports() == []


def test_script_stays_words(here: Web) -> None:
    visitor = here.visitor()
    answer = visitor.send("new", what="<script>alert(1)</script>", where="x" * 501)

    assert "<script>" not in answer.text
    visitor.report("<script>alert(1)</script>")
    report = here.reports()[0].id
    assert "<script>" not in here.reader("กัน").open(report).text


# ---- when it is closed ----


def test_with_fewer_than_two_readers_only_other_ways_are_shown(here: Web) -> None:
    with db.write(here.engine) as conn:
        leaving.leave(conn, MAIN, here.staff["กัน"], here.now)
    visitor = here.visitor()

    for page in (visitor.get(), visitor.get("new"), visitor.post("new", what=WORDS)):
        assert "ยังเปิดรับเรื่องแบบปกปิดทางหน้านี้ไม่ได้" in text(page)
        assert "1205" in text(page)
    assert here.reports() == []


def test_without_keys_too(quick_engine: Engine) -> None:
    with web(quick_engine, *READERS, keys=replace(KEYS, sealed_keys=())) as here:
        visitor = here.visitor()

        assert "ยังเปิดรับเรื่องแบบปกปิดทางหน้านี้ไม่ได้" in text(visitor.get())
        assert visitor.send("follow", code=NOBODYS).status_code == 404


def test_an_unknown_agency_is_not_found(here: Web) -> None:
    assert here.visitor(agency="nowhere").get().status_code == 404


def test_when_the_key_is_lost_it_says_so_and_logs_no_report(quick_engine: Engine, here: Web) -> None:
    code = here.visitor().report(files=[upload("a.pdf", b"proof")])
    lost = replace(KEYS, sealed_keys=(Fernet.generate_key().decode(),))

    with web(quick_engine, keys=lost) as broken, capture_logs() as logged:
        visitor = broken.visitor()
        visitor.follow(code)
        answer = visitor.get("report")

    assert answer.status_code == 500
    assert "เรื่องของท่านยังอยู่" in text(answer)
    assert [(line["event"], set(line)) for line in logged] == [("sealed.unreadable", {"event", "reason", "log_level"})]


# ---- back with the code ----


def test_back_with_the_code_to_read_answer_and_add(here: Web) -> None:
    visitor = here.visitor()
    code = visitor.report()
    visitor.post("leave")
    report = here.reports()[0].id
    reader = here.reader("กัน")
    reader.open(report)
    for what, words in (("answer", "วันไหนคะ"), ("note", "ดูสัญญาก่อน")):
        reader.send(f"desk/{report}/{what}", page=f"desk/{report}", words=words)

    typed = " ".join(code[at : at + 4] for at in range(0, 16, 4)).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))
    assert visitor.follow(typed).location == "/sealed/main/report"
    page = text(visitor.get("report"))
    assert "วันไหนคะ" in page
    assert "ดูสัญญาก่อน" not in page  # a note is between officers
    assert WORDS not in page  # the phone may be somebody else's

    sent = visitor.send("report", words="วันจันทร์", files=[upload("สัญญา.pdf", b"proof")])
    assert sent.status_code == 303
    assert "ส่งแล้วค่ะ" in text(visitor.get("report?sent=1"))
    page = text(reader.get(f"desk/{report}"))
    assert "วันจันทร์ (ส่งหลักฐานเพิ่ม 1 ไฟล์)" in page
    assert evidence(here) == [("สัญญา.pdf", b"proof")]


def test_words_sent_twice_are_said_once_and_nothing_is_refused(here: Web) -> None:
    visitor = here.visitor()
    visitor.follow(visitor.report())
    form = visitor.form("report")

    for _ in range(2):
        assert visitor.post("report", form=form, words="วันจันทร์").status_code == 303
    assert "กรุณาพิมพ์ข้อความ" in text(visitor.send("report", words=" "))
    assert "ยาวเกินไป" in text(visitor.send("report", words="ก" * 4001))

    assert here.rows()["sealed_messages"] == 1


def test_fifteen_minutes_after_the_last_use_it_is_over_and_leaves_no_row(here: Web) -> None:
    visitor = here.visitor()
    code = visitor.report()
    before = here.rows()
    visitor.follow(code)

    here.later(minutes=14)
    assert "เรื่องของท่าน" in text(visitor.get("report"))
    here.later(minutes=14)
    assert "เรื่องของท่าน" in text(visitor.get("report"))  # it begins anew with each use
    form = visitor.form("report")
    here.later(minutes=16)

    over = visitor.post("report", form=form, words="วันจันทร์")
    assert over.status_code == 403
    assert "หมดเวลา 15 นาทีแล้ว" in text(over)
    assert "วันจันทร์" in over.text
    assert here.rows() | {"attempts": 0, "day_salts": 0} == before | {"attempts": 0, "day_salts": 0}

    back = visitor.post("follow", form=visitor.form("follow"), code=code, words="วันจันทร์")
    assert "วันจันทร์" in back.text


def test_a_session_of_one_agency_opens_nothing_of_another(here: Web) -> None:
    visitor = here.visitor()
    visitor.follow(visitor.report())
    cookie = visitor.client.get_cookie(REPORTER.cookie, path="/sealed/main")
    assert cookie is not None

    elsewhere = here.visitor(agency="other")
    elsewhere.client.set_cookie(REPORTER.cookie, cookie.value, path="/sealed/other")

    assert "รหัสติดตาม 16 หลัก" in text(elsewhere.get("report"))


# ---- guessing and flooding ----


@pytest.mark.parametrize("typed", ["", "1234", "1234 5678 9012 3456", "ๆๆๆๆ"])
def test_a_mistyped_code_is_told_at_once_and_costs_no_try(here: Web, typed: str) -> None:
    answer = here.visitor().send("follow", code=typed)

    assert answer.status_code == 422
    assert "รหัสมีตัวเลข 16 หลักค่ะ" in text(answer)
    assert here.rows()["attempts"] == 0


def test_an_unknown_code_and_one_too_many_are_answered_alike(here: Web) -> None:
    right = here.visitor(ANOTHER).report()
    visitor = here.visitor(PHONE)

    answers = [steady(visitor.follow(NOBODYS)) for _ in range(sealed_thread.GUESSES.each)]
    answers.append(steady(visitor.follow(right)))

    assert len(set(answers)) == 1
    assert "ไม่พบเรื่องตามรหัสนี้" in answers[0]
    assert here.visitor(ANOTHER).follow(right).status_code == 303  # somebody else may
    here.later(minutes=15)
    assert visitor.follow(right).status_code == 303


def test_many_addresses_together_are_slowed_down_too(here: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    right = here.visitor().report()
    monkeypatch.setattr(sealed_thread, "GUESSES", Limit(10, 3, sealed_thread.GUESSES.window))

    for number in range(3):
        here.visitor(f"49.228.0.{number}").follow(NOBODYS)

    assert here.visitor(ANOTHER).follow(right).status_code == 404


def test_reports_are_taken_ten_an_hour_from_one_place(here: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_door, "FILING", Limit(2, 200, sealed_door.FILING.window))
    monkeypatch.setattr("bot.sealed.FILING", sealed_door.FILING)
    visitor = here.visitor()
    for _ in range(2):
        visitor.report()

    refused = visitor.send("new", what=WORDS)

    assert refused.status_code == 429
    assert "1205" in text(refused)
    assert WORDS in refused.text
    assert len(here.reports()) == 2
    here.later(hours=1)
    visitor.report()


def test_of_an_address_only_a_salted_hash_is_counted_and_gone_after_its_window(here: Web) -> None:
    visitor = here.visitor(PHONE)
    visitor.follow(visitor.report())
    with db.read(here.engine) as conn:
        counted = [tuple(row) for row in conn.execute(select(attempts)).all()]
    assert counted
    assert PHONE not in str(counted)

    here.later(days=1)
    here.visitor().follow(NOBODYS)

    with db.read(here.engine) as conn:
        assert {row.kind for row in conn.execute(select(attempts))} == {"receipt"}
        assert len(conn.execute(select(day_salts)).all()) == 1


@pytest.mark.parametrize(
    ("peer", "told", "source"),
    [
        (PHONE, "", PHONE),
        (PHONE, ANOTHER, PHONE),  # whoever is not our proxy may write what they like
        ("127.0.0.1", f"10.0.0.1, {ANOTHER}", ANOTHER),
        ("127.0.0.1", f"{ANOTHER}, 10.0.0.1", ""),
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "nonsense", ""),
    ],
)
def test_the_source_is_what_the_proxy_beside_us_has_seen(here: Web, peer: str, told: str, source: str) -> None:
    address = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": told} if told else {})

    with here.app.test_request_context(environ_overrides=address):
        assert sealed_forms.source() == source


# ---- forms that others send ----


def test_a_form_that_was_not_ours_is_refused_and_what_was_typed_stays(here: Web) -> None:
    visitor = here.visitor()
    theirs, mine = here.visitor().form("new"), visitor.form("new")
    nonce, until, _ = mine.split(".")

    for form in ("", "a.b.c", theirs, f"{nonce}.{int(until) + 60}.forged", "ก.ข.ค"):
        answer = visitor.post("new", form=form, what=WORDS)
        assert answer.status_code == 422
        assert "หน้านี้เปิดไว้นาน" in text(answer)
        assert WORDS in answer.text
    assert here.reports() == []
    assert visitor.post("new", form=mine, what=WORDS).status_code == 303


def test_a_form_left_open_for_half_a_day_is_asked_for_again(here: Web) -> None:
    visitor = here.visitor()
    form = visitor.form("new")

    here.later(hours=12)

    assert visitor.post("new", form=form, what=WORDS).status_code == 422


@pytest.mark.parametrize("path", ["follow", "report"])
def test_other_forms_are_guarded_too(here: Web, path: str) -> None:
    visitor = here.visitor()
    code = visitor.report()
    visitor.follow(code)

    answer = visitor.post(path, form="forged", code=code, words="วันจันทร์")

    assert answer.status_code == 422
    assert here.rows()["sealed_messages"] == 0


# ---- what browsers and logs keep ----


def test_no_page_is_kept_by_a_browser_or_tells_where_it_was(here: Web) -> None:
    visitor = here.visitor()
    code = visitor.report()
    answers = [visitor.get(path) for path in ("", "new", "receipt", "follow", "report", "desk", "enter/x")]
    answers += [visitor.follow(code), visitor.get("report"), visitor.post("leave"), visitor.post("new")]

    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text
        assert not re.search(r'(?:src|href)="https?:', answer.text)


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://siang.example.go.th", True), ("http://127.0.0.1:1", False)]
)
def test_cookies_stay_in_the_browser_and_on_these_pages(quick_engine: Engine, public_url: str, secure: bool) -> None:
    with web(quick_engine, *READERS, public_url=public_url) as here:
        visitor = here.visitor()
        answer = visitor.get("new")
        sent = visitor.send("new", what=WORDS) if not secure else answer

    cookies = [line for one in (answer, sent) for line in one.headers.getlist("Set-Cookie")]
    assert cookies
    for cookie in cookies:
        parts = cookie.split("; ")
        assert {"HttpOnly", "SameSite=Strict", "Path=/sealed/main"} <= set(parts)
        assert ("Secure" in parts) == secure


def test_without_cookies_nothing_is_lost_but_the_press_of_a_button(here: Web) -> None:
    visitor = here.visitor()
    form = visitor.form("new")
    visitor.client.delete_cookie(FORM, path="/sealed/main")

    answer = visitor.post("new", form=form, what=WORDS)

    assert "เบราว์เซอร์ไม่รับคุกกี้" in text(answer)
    assert WORDS in answer.text


def test_nothing_of_the_visitor_is_logged(here: Web, caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logged:
        visitor = here.visitor(PHONE)
        code = visitor.report(files=[upload("หลักฐาน.pdf", b"proof")])
        visitor.follow(code)
        visitor.send("report", words="วันจันทร์")
        visitor.follow(NOBODYS)
        visitor.post("new", form="forged", what=WORDS)

    assert logged == []
    assert caplog.text == ""


# ---- evidence ----


def test_a_photo_is_drawn_anew_without_where_and_when_it_was_taken(here: Web) -> None:
    here.visitor().report(files=[upload("IMG_2027 กองช่าง.jpg", photo())])

    [(name, content)] = evidence(here)
    assert name == "ภาพ 1.jpg"
    with Image.open(BytesIO(content)) as kept_one:
        assert (kept_one.format, kept_one.size) == ("JPEG", (30, 40))  # turned upright
        assert dict(kept_one.getexif()) == {}
    assert b"Nokia" not in content


def photo() -> bytes:
    exif, out = Image.Exif(), BytesIO()
    exif[0x0110], exif[0x0112] = "Nokia 3310", 6  # camera; lying on its side
    exif.get_ifd(0x8825)[2] = (17.0, 24.0, 0.0)
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("virus.exe", b"MZ", "เป็นชนิดที่รับไม่ได้ค่ะ"),
        ("no ending", b"words", "เป็นชนิดที่รับไม่ได้ค่ะ"),
        ("empty.pdf", b"", "ว่างเปล่าค่ะ"),
        ("broken.jpg", b"\xff\xd8\xff\xe0 no picture", "เปิดภาพ"),
        ("large.mp4", b"0" * (10 * MIB + 1), "ใหญ่เกิน 10 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_words_stay(
    here: Web, name: str, content: bytes, said: str
) -> None:
    answer = here.visitor().send("new", what=WORDS, files=[upload(name, content)])

    assert answer.status_code == 422
    assert said in text(answer)
    assert name in text(answer)
    assert "ไฟล์แนบต้องเลือกใหม่อีกครั้งค่ะ" in text(answer)
    assert WORDS in answer.text
    assert here.reports() == []


def test_too_many_files_and_too_much_at_once(here: Web) -> None:
    visitor = here.visitor()

    many = visitor.send("new", what=WORDS, files=[upload(f"{n}.pdf", b"1") for n in range(11)])
    much = visitor.send("new", what=WORDS, files=[upload(f"{n}.pdf", b"0" * (7 * MIB)) for n in range(3)])

    assert "ไม่เกิน 10 ไฟล์" in text(many)
    assert "ไฟล์รวมกันใหญ่เกิน 20 MB" in text(much)


def test_a_body_larger_than_anybody_needs_is_not_read(here: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "BODY_LIMIT", 1000)

    answer = here.visitor().send("new", what=WORDS, files=[upload("a.pdf", b"0" * 2000)])

    assert answer.status_code == 413
    assert "ไฟล์ใหญ่เกินไปค่ะ" in text(answer)


def test_a_report_takes_no_more_than_its_share(here: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "REPORT_LIMIT", MIB)
    visitor = here.visitor()
    visitor.follow(visitor.report(files=[upload("a.pdf", b"0" * (MIB // 2))]))

    answer = visitor.send("report", words="อีกไฟล์", files=[upload("b.pdf", b"0" * MIB)])

    assert "รวมกันเกิน 1 MB" in text(answer)
    assert "อีกไฟล์" in answer.text
    assert here.rows()["sealed_messages"] == 0


def test_a_name_of_a_file_is_cut_to_what_screens_show(here: Web) -> None:
    here.visitor().report(files=[upload("C:\\นายช่าง\\ส" + "ก" * 200 + "\u202efdp.pdf", b"proof")])

    [(name, _)] = evidence(here)
    assert len(name) == 80
    assert name.endswith("fdp.pdf")
    assert "\u202e" not in name
