"""The page on which anybody reports corruption: no login, no script, nothing of the visitor kept or logged.

/sealed/<agency>            what is promised and what is not, and the channels outside the office
/sealed/<agency>/new        the report
/sealed/<agency>/receipt    its code, shown right after sending and never again
/sealed/<agency>/follow     back in with the code: read answers, answer, add evidence (bot/sealed_thread.py)
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from bot import sealed_files, sealed_thread
from bot.sealed_door import (
    AGAIN,
    FILING,
    TOO_MANY,
    TOO_OLD,
    Door,
    alert,
    door,
    sealed_rows,
    too_large,
    unkept,
    unreadable,
)
from bot.sealed_files import Sent
from bot.sealed_forms import RECEIPT, REPORTER, Clock
from bot.site import Site
from survey import db, sealed, sealed_receipt, thai
from survey.sealed_case import faults, told
from survey.sealed_keys import SealedError, Sealer

Readers = Mapping[str, str]
"""The integrity officers: id -> name."""


def make_blueprint(site: Site, clock: Clock) -> Blueprint:
    """The routes of the reporter."""
    blueprint = Blueprint("sealed", __name__, url_prefix="/sealed/<agency_id>")
    blueprint.after_request(unkept)
    for name, shown in _FILTERS.items():
        blueprint.add_app_template_filter(shown, name)
    blueprint.register_error_handler(RequestEntityTooLarge, too_large)
    blueprint.register_error_handler(SealedError, unreadable)

    @blueprint.get("")
    def start(agency_id: str) -> Response:
        return _start(door(site, clock, agency_id))

    @blueprint.route("/new", methods=["GET", "POST"])
    def new(agency_id: str) -> Response:
        return _new(door(site, clock, agency_id))

    @blueprint.get("/receipt")
    def receipt(agency_id: str) -> Response:
        here = door(site, clock, agency_id)
        kept = here.browser.inside(RECEIPT, agency_id)
        return here.page("sealed_receipt.html", code=sealed_receipt.shown(kept["code"]) if kept else "")

    @blueprint.route("/follow", methods=["GET", "POST"])
    def follow(agency_id: str) -> Response:
        return sealed_thread.follow(door(site, clock, agency_id))

    @blueprint.route("/report", methods=["GET", "POST"])
    def thread(agency_id: str) -> Response:
        return sealed_thread.thread(door(site, clock, agency_id))

    @blueprint.post("/leave")
    def leave(agency_id: str) -> Response:
        here = door(site, clock, agency_id)
        return here.browser.leave(here.page("sealed_left.html"), agency_id, RECEIPT, REPORTER)

    return blueprint


def _month(key: str) -> str:
    """``2027-02`` as people write it."""
    return thai.parse_month(key).label


def _size(count: int) -> str:
    mib = sealed_files.MIB
    return f"{count / mib:.1f} MB" if count >= mib else f"{max(count // 1024, 1)} KB"


_FILTERS: Mapping[str, Callable[[Any], str]] = {"thai": thai.long_date, "month": _month, "size": _size}


def readers(here: Door) -> Readers:
    """Empty while the office cannot take reports."""
    with db.read(here.site.engine) as conn:
        found = sealed.readers(conn, here.agency.id)
    return {row.id: row.name for row in found} if here.sealer and len(found) >= sealed.READERS else {}


def _start(here: Door) -> Response:
    return here.page("sealed.html", open=bool(readers(here)), follows=here.sealer is not None)


def _new(here: Door) -> Response:
    who = readers(here)
    if here.sealer is None or not who:
        return _start(here)
    if request.method == "GET":
        return _form(here, who, Sent({}))
    sent = sealed_files.read()
    nonce, without = here.nonce(sent), sent.words.get("without", "")
    contactable = sent.words.get("who_am_i") == "contact"
    wrong = faults(sent.words, contactable)
    if nonce is None:
        sent.faults.append(TOO_OLD)
    if without and without not in who:
        sent.faults.append("รายชื่อผู้รับเรื่องเพิ่งเปลี่ยน กรุณาเลือกอีกครั้งค่ะ")
    if nonce is None or wrong or sent.faults:
        return _form(here, who, sent, wrong, 422)
    if not here.takes("filing", FILING):
        sent.faults.append(TOO_MANY)
        return _form(here, who, sent, {}, 429)
    code = _file(here, here.sealer, nonce, sent, contactable, [without] if without else [])
    return here.browser.enter(here.to("sealed.receipt"), RECEIPT, here.agency.id, {"code": code})


def _form(
    here: Door, who: Readers, sent: Sent, wrong: Mapping[str, str] | None = None, http_status: int = 200
) -> Response:
    """The form with what was typed; files cannot be given back to a browser."""
    said = [*sent.faults, *([AGAIN] if http_status != 200 and sent.uploads else [])]
    return here.page("sealed_form.html", http_status, readers=who, words=sent.words, wrong=wrong or {}, faults=said)


def _file(here: Door, by: Sealer, nonce: str, sent: Sent, contactable: bool, excluded: Sequence[str]) -> str:
    """Keep the report and its files, alert those who may read it; its code."""
    report = sealed.report_id(here.keys, here.agency.id, nonce)
    rows, now = sealed_rows(here, by, report, nonce, sent), here.browser.clock()
    with db.write(here.site.engine) as conn:
        code, is_new = sealed.file(
            conn, here.keys, by, here.agency.id, nonce, told(sent.words, contactable), excluded, now
        )
        if is_new:
            sealed.keep_files(conn, here.agency.id, rows)
            alert(here, by, conn, report)
    return code
