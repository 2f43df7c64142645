"""Back in with the receipt code: fifteen minutes, of which no row remains, to read answers, answer, add evidence."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, request

from bot import sealed_files
from bot.sealed_door import AGAIN, FILING, TOO_MANY, TOO_OLD, Door, alert, sealed_rows
from bot.sealed_files import MIB, Sent
from bot.sealed_forms import REPORTER
from survey import db, sealed, sealed_case, sealed_receipt
from survey.attempts import Limit
from survey.sealed_keys import Sealer

GUESSES = Limit(10, 3000, timedelta(minutes=15))
NO_CODE = "รหัสมีตัวเลข 16 หลักค่ะ กรุณาตรวจทีละกลุ่ม กลุ่มละ 4 ตัว"
UNKNOWN = "ไม่พบเรื่องตามรหัสนี้ค่ะ กรุณาตรวจตัวเลขอีกครั้ง หรือรอ 15 นาทีแล้วลองใหม่"
OVER = "หมดเวลา 15 นาทีแล้วค่ะ กรุณาใส่รหัสอีกครั้ง ข้อความที่พิมพ์ไว้ยังอยู่"


def follow(here: Door) -> Response:
    """In with the code. Each try is counted before the code is looked up, and right or wrong costs the same."""
    if request.method == "GET":
        return _ask(here)
    sent = sealed_files.read()
    words = sent.words.get("words", "")  # what was typed when the session ran out
    code = sealed_receipt.read(sent.words.get("code", ""))
    if code is None:
        return _ask(here, NO_CODE, words, 422)
    if here.nonce(sent) is None:
        return _ask(here, TOO_OLD, words, 422)
    allowed = here.takes("receipt", GUESSES)
    with db.read(here.site.engine) as conn:
        report = sealed.by_receipt(conn, here.keys, here.agency.id, code)
    if not allowed or report is None or here.sealer is None:
        return _ask(here, UNKNOWN, words, 404)
    response = _shown(here, here.sealer, report, words) if words else here.to("sealed.thread")
    return here.browser.enter(response, REPORTER, here.agency.id, {"report": report})


def thread(here: Door) -> Response:
    """The conversation of whoever is inside; the time begins anew with each use."""
    inside = here.browser.inside(REPORTER, here.agency.id)
    sent = sealed_files.read() if request.method == "POST" else None
    if inside is None or here.sealer is None:
        return _ask(here, OVER, sent.words.get("words", ""), 403) if sent else _ask(here)
    report = str(inside["report"])
    response = _answered(here, here.sealer, report, sent) if sent else _shown(here, here.sealer, report)
    return here.browser.enter(response, REPORTER, here.agency.id, inside)


def _ask(here: Door, fault: str = "", words: str = "", http_status: int = 200) -> Response:
    return here.page("sealed_follow.html", http_status, fault=fault, words=words)


def _shown(here: Door, by: Sealer, report: str, words: str = "", said: Sequence[str] = ()) -> Response:
    """What the officers have said. The report itself is not shown again: the phone may be somebody else's."""
    with db.read(here.site.engine) as conn:
        row = sealed.get(conn, here.agency.id, report)
        if row is None:
            return _ask(here, UNKNOWN, words, 404)
        messages = [one for one in sealed.messages(conn, by, row) if one.side != sealed_case.NOTE]
        count = len(sealed.files(conn, by, row))
    return here.page(
        "sealed_thread.html",
        422 if said else 200,
        status=row.status,
        messages=messages,
        files=count,
        words=words,
        faults=said,
        sent="sent" in request.args,
    )


def _answered(here: Door, by: Sealer, report: str, sent: Sent) -> Response:
    """Keep words and evidence, or say what is wrong with them."""
    words, nonce = sent.words.get("words", "").strip(), here.nonce(sent)
    if nonce is None:
        sent.faults.append(TOO_OLD)
    if len(words) > sealed_case.LONGEST:
        sent.faults.append(f"ข้อความยาวเกินไปค่ะ ขอไม่เกิน {sealed_case.LONGEST:,} ตัวอักษร")
    if not words and not sent.uploads:
        sent.faults.append("กรุณาพิมพ์ข้อความ หรือเลือกไฟล์ก่อนค่ะ")
    if nonce is not None and not sent.faults and not here.takes("filing", FILING):
        sent.faults.append(TOO_MANY)
    if nonce is None or sent.faults:
        return _shown(here, by, report, words, [*sent.faults, *([AGAIN] if sent.uploads else [])])
    return _kept(here, by, report, words, nonce, sent)


def _kept(here: Door, by: Sealer, report: str, words: str, nonce: str, sent: Sent) -> Response:
    rows = sealed_rows(here, by, report, nonce, sent)
    message = here.keys.mac("sealed-message", here.agency.id, nonce)[:22]
    added = f"(ส่งหลักฐานเพิ่ม {len(rows)} ไฟล์)" if rows else ""
    said = "\n".join(part for part in (words, added) if part)
    full = False
    with db.write(here.site.engine) as conn:
        row = sealed.get(conn, here.agency.id, report, lock=True)
        if row is not None:
            size = sum(one.size for one in sealed.files(conn, by, row))
            full = bool(rows) and size + sum(len(one.content) for one in sent.files) > sealed_files.REPORT_LIMIT
        if row is not None and not full:
            now = here.browser.clock()
            if sealed.say(conn, by, row, sealed_case.REPORTER, said, now, message=message):
                sealed.keep_files(conn, here.agency.id, rows)
                alert(here, by, conn, report)
    if full:
        fault = f"หลักฐานของเรื่องนี้รวมกันเกิน {sealed_files.REPORT_LIMIT // MIB} MB แล้ว จึงรับไฟล์เพิ่มไม่ได้ค่ะ"
        return _shown(here, by, report, words, [fault])
    return here.to("sealed.thread", sent=1)
