"""What the sealed pages of reporters and of integrity officers share: pages that nobody keeps, forms, tries counted."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from flask import Response, abort, make_response, redirect, render_template, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import RequestEntityTooLarge

from bot import sealed_files
from bot.sealed_files import Sent
from bot.sealed_forms import FORM, FORM_LIVES, Browser, Clock, source
from bot.site import Site
from survey import attempts, db, sealed, sealed_alert, sealed_desk
from survey.attempts import Limit
from survey.privacy import Keys
from survey.sealed_case import LONGEST, QUESTIONS, REASONS, STATUSES
from survey.sealed_keys import SealedError, Sealer, sealer
from survey.settings import Agency

log = structlog.get_logger(__name__)
FILING = Limit(10, 200, timedelta(hours=1))
TOO_MANY = "มีการส่งจากที่นี่หลายครั้งเกินไป กรุณาลองใหม่ภายหลังค่ะ หากเร่งด่วน โทร ป.ป.ช. 1205"
AGAIN = "ไฟล์แนบต้องเลือกใหม่อีกครั้งค่ะ เพราะเบราว์เซอร์ไม่จำไฟล์ไว้ให้"
TOO_OLD = "หน้านี้เปิดไว้นาน หรือเบราว์เซอร์ไม่รับคุกกี้ กรุณากดส่งอีกครั้งค่ะ ข้อความที่พิมพ์ไว้ยังอยู่"


@dataclass(frozen=True)
class Door:
    """One agency's sealed pages in one request. ``sealer`` None: this deployment takes no reports."""

    site: Site
    browser: Browser
    agency: Agency
    sealer: Sealer | None

    @property
    def keys(self) -> Keys:
        return self.site.settings.keys

    def page(self, template: str, http_status: int = 200, **values: Any) -> Response:
        """A page with a fresh form in it."""
        field, cookie = self.browser.form(self.agency.id)
        given = {"agency": self.agency, "form": field, **_WORDS, **values}
        response = make_response(render_template(template, **given), http_status)
        return self.browser.remember(response, self.agency.id, FORM, cookie, FORM_LIVES)

    def to(self, endpoint: str, **values: Any) -> Response:
        return make_response(redirect(url_for(endpoint, agency_id=self.agency.id, **values), 303))

    def nonce(self, sent: Sent) -> str | None:
        """The nonce of the form that was sent; None: not ours, or too old."""
        return self.browser.nonce(self.agency.id, sent.words.get("form", ""))

    def takes(self, kind: str, limit: Limit) -> bool:
        """Count a try of the visitor; False when it is one too many."""
        with db.write(self.site.engine) as conn:
            return attempts.take(conn, self.keys, self.agency.id, kind, source(), limit, self.browser.clock())


_WORDS: dict[str, object] = {
    "limits": sealed_files,
    "longest": LONGEST,
    "statuses": STATUSES,
    "questions": QUESTIONS,
    "reasons": REASONS,
}


def door(site: Site, clock: Clock, agency_id: str) -> Door:
    """Aborts with 404 for an unknown agency."""
    agency = site.settings.agency(agency_id)
    if agency is None:
        abort(404)
    return Door(site, Browser(site.settings, clock), agency, sealer(site.settings.keys))


def unkept(response: Response) -> Response:
    """No browser and no proxy keeps a copy."""
    response.headers["Cache-Control"] = "no-store"
    return response


def too_large(_: RequestEntityTooLarge) -> Response:
    return make_response(render_template("sealed_large.html", limits=sealed_files), 413)


def unreadable(_: SealedError) -> Response:
    """A key is missing; which report it was stays out of the log."""
    log.error("sealed.unreadable", reason="no key in SEALED_KEYS opens what is stored")
    return make_response(render_template("sealed_unreadable.html"), 500)


def alert(here: Door, by: Sealer, conn: Connection, report: str) -> None:
    """Tell those who may know of the report."""
    row = sealed.get(conn, here.agency.id, report)
    if row is not None:
        sealed_alert.tell(conn, here.agency.id, sealed_desk.who_may_know(conn, by, row), here.browser.clock())


def sealed_rows(here: Door, by: Sealer, report: str, nonce: str, sent: Sent) -> list[dict[str, Any]]:
    """The files of a form, encrypted; the same form again gives the same ids."""
    names = (here.keys.mac("sealed-file", here.agency.id, nonce, str(n))[:22] for n in range(len(sent.files)))
    return [sealed.sealed_file(by, report, one, name) for one, name in zip(sent.files, names, strict=True)]
