"""Integrity officers read and answer here, never in LINE.

/sealed/<agency>/enter/<token>     the one-time link of the chat: a button, so that a preview does not use it up
/sealed/<agency>/desk              number, month and status of each report; content only after a reason
/sealed/<agency>/desk/<report>     the reason, then the report: answer, note, status, evidence
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, request, send_file
from sqlalchemy import Connection, Row
from werkzeug.exceptions import RequestEntityTooLarge

from bot import sealed_files
from bot.sealed_door import TOO_OLD, Door, door, too_large, unkept, unreadable
from bot.sealed_files import Sent
from bot.sealed_forms import DESK, Clock
from bot.site import Site
from survey import audit, db, sealed_case, sealed_desk
from survey.sealed_case import CaseError
from survey.sealed_desk import NoAccessError
from survey.sealed_keys import SealedError

Deed = Callable[[Connection, Row[Any]], None]
"""What is done to a locked report. Raises CaseError."""


def make_blueprint(site: Site, clock: Clock) -> Blueprint:
    """The routes of integrity officers."""
    blueprint = Blueprint("sealed_staff", __name__, url_prefix="/sealed/<agency_id>")
    blueprint.after_request(unkept)
    blueprint.register_error_handler(RequestEntityTooLarge, too_large)
    blueprint.register_error_handler(NoAccessError, lambda _: _out(site, clock))
    blueprint.register_error_handler(SealedError, unreadable)

    @blueprint.route("/enter/<token>", methods=["GET", "POST"])
    def enter(agency_id: str, token: str) -> Response:
        return _enter(door(site, clock, agency_id), token)

    @blueprint.get("/desk")
    def desk(agency_id: str) -> Response:
        return _list(Desk(door(site, clock, agency_id)))

    @blueprint.get("/desk/<report>")
    def report(agency_id: str, report: str) -> Response:
        return _report(Desk(door(site, clock, agency_id)), report)

    @blueprint.post("/desk/<report>/open")
    def open_(agency_id: str, report: str) -> Response:
        return _open(Desk(door(site, clock, agency_id)), report)

    @blueprint.post("/desk/<report>/<what>")
    def act(agency_id: str, report: str, what: str) -> Response:
        return _act(Desk(door(site, clock, agency_id)), report, what)

    @blueprint.get("/desk/<report>/file/<file_id>")
    def file(agency_id: str, report: str, file_id: str) -> Response:
        return _file(Desk(door(site, clock, agency_id)), report, file_id)

    @blueprint.post("/out")
    def out(agency_id: str) -> Response:
        here = door(site, clock, agency_id)
        return here.browser.leave(here.page("sealed_out.html", why="left"), agency_id, DESK)

    return blueprint


class Desk:
    """One request of an officer who is inside. Raises NoAccessError for everybody else."""

    def __init__(self, here: Door) -> None:
        inside = here.browser.inside(DESK, here.agency.id)
        if inside is None or here.sealer is None:
            raise NoAccessError
        self.here, self.sealer, self.agency_id = here, here.sealer, here.agency.id
        self.officer, self.opened = str(inside["officer"]), str(inside["opened"])

    def found(self, conn: Connection, report: str, *, lock: bool = False) -> Row[Any]:
        """The report, if this officer may know of it; 404 otherwise, as for one that is not there."""
        row = sealed_desk.report(conn, self.sealer, self.agency_id, self.officer, report, lock=lock)
        if row is None:
            abort(404)
        return row

    def stay(self, response: Response, opened: str | None = None) -> Response:
        """Go on with the session; ``opened``: the one report that lies open."""
        values = {"officer": self.officer, "opened": self.opened if opened is None else opened}
        return self.here.browser.enter(response, DESK, self.agency_id, values)


def _enter(here: Door, token: str) -> Response:
    """GET shows a button and changes nothing; only POST uses the link up."""
    if request.method == "GET":
        return here.page("sealed_enter.html")
    sent = sealed_files.read()
    if here.nonce(sent) is None:
        return here.page("sealed_enter.html", 422, fault=TOO_OLD)
    with db.write(here.site.engine) as conn:
        officer = sealed_desk.use_link(conn, here.keys, here.agency.id, token, here.browser.clock())
    return here.browser.enter(here.to("sealed_staff.desk"), DESK, here.agency.id, {"officer": officer, "opened": ""})


def _list(desk: Desk) -> Response:
    with db.read(desk.here.site.engine) as conn:
        me = sealed_desk.at_work(conn, desk.agency_id, desk.officer)
        found = sealed_desk.listing(conn, desk.sealer, desk.agency_id, desk.officer)
    return desk.stay(desk.here.page("sealed_desk.html", me=me.name, reports=found), opened="")


def _report(desk: Desk, report: str, fault: str = "", sent: Sent | None = None) -> Response:
    """The report when it lies open, else the question why it is to be opened."""
    with db.read(desk.here.site.engine) as conn:
        row = desk.found(conn, report)
        number = sealed_case.number(row.id)
        if desk.opened != report:
            return desk.stay(
                desk.here.page("sealed_reason.html", 422 if fault else 200, row=row, number=number, fault=fault)
            )
        opened = sealed_desk.opened(conn, desk.sealer, row)
        names = audit.names(conn, desk.agency_id)
    words = sent.words if sent else {}
    page = desk.here.page(
        "sealed_report.html", 422 if fault else 200, report=opened, number=number, names=names, fault=fault, words=words
    )
    return desk.stay(page)


def _open(desk: Desk, report: str) -> Response:
    """Write the opening down, then show."""
    sent = sealed_files.read()
    if desk.here.nonce(sent) is None:
        return _report(desk, report, TOO_OLD)
    try:
        with db.write(desk.here.site.engine) as conn:
            row = desk.found(conn, report, lock=True)
            reason, now = sent.words.get("reason", ""), desk.here.browser.clock()
            sealed_desk.note_opening(conn, desk.here.keys, row, desk.officer, reason, now)
    except CaseError as exc:
        return _report(desk, report, str(exc))
    return desk.stay(desk.here.to("sealed_staff.report", report=report), opened=report)


def _act(desk: Desk, report: str, what: str) -> Response:
    """Answer, note, or change the status of the report that lies open."""
    sent = sealed_files.read()
    nonce = desk.here.nonce(sent)
    if what not in ("answer", "note", "status"):
        abort(404)
    if desk.opened != report or nonce is None:
        return _report(desk, report, TOO_OLD, sent)
    try:
        with db.write(desk.here.site.engine) as conn:
            _deed(desk, what, nonce, sent)(conn, desk.found(conn, report, lock=True))
    except CaseError as exc:
        return _report(desk, report, str(exc), sent)
    return desk.stay(desk.here.to("sealed_staff.report", report=report))


def _deed(desk: Desk, what: str, nonce: str, sent: Sent) -> Deed:
    words, now, keys = sent.words.get("words", ""), desk.here.browser.clock(), desk.here.keys
    if len(words) > sealed_case.LONGEST:
        raise CaseError(f"ข้อความยาวเกินไป ขอไม่เกิน {sealed_case.LONGEST:,} ตัวอักษร")
    if what == "status":
        revision = sent.words.get("revision", "")
        wanted = (sent.words.get("status", ""), words, int(revision) if revision.isdecimal() else 0)
        return lambda conn, row: sealed_desk.move(conn, keys, desk.sealer, row, desk.officer, wanted, now)
    message = keys.mac("sealed-message", desk.agency_id, nonce)[:22]
    return lambda conn, row: sealed_desk.speak(
        conn, keys, desk.sealer, row, desk.officer, words, what == "note", now, message
    )


def _file(desk: Desk, report: str, file_id: str) -> Response:
    """A picture to look at, anything else to save; written down before it is given out."""
    if desk.opened != report:
        return _report(desk, report)
    with db.write(desk.here.site.engine) as conn:
        row = desk.found(conn, report)
        now = desk.here.browser.clock()
        found = sealed_desk.download(conn, desk.here.keys, desk.sealer, row, desk.officer, file_id, now)
    if found is None:
        abort(404)
    file, content = found
    picture = file.content_type == "image/jpeg"
    kind = "image/jpeg" if picture else "application/octet-stream"
    response = send_file(BytesIO(content), kind, as_attachment=not picture, download_name=file.name, etag=False)
    return desk.stay(response)


def _out(site: Site, clock: Clock) -> Response:
    """Not inside, or not any more: why is not said."""
    agency_id = str((request.view_args or {}).get("agency_id", ""))
    here = door(site, clock, agency_id)
    return here.browser.leave(here.page("sealed_out.html", 403, why="ended"), agency_id, DESK)
