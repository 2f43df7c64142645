"""The grid page and its small JSON API: look at the sheet while it fills, act as staff, switch faults on and off.

Everything under ``/playground/api`` is for this page and for tests; programs use Google's paths. Writes from another
web page are refused by their Origin, and the page runs under a strict Content-Security-Policy.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request, send_from_directory

from bot.playground.sheets_errors import ApiError, Json
from bot.playground.sheets_faults import Fault
from bot.playground.sheets_view import grid_view

if TYPE_CHECKING:
    from bot.playground.sheets import LocalSheets

FILES = Path(__file__).parents[2] / "templates" / "playground" / "sheets"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)

REFUSALS = {
    "You can't remove all the sheets": "ลบแท็บสุดท้ายไม่ได้ ต้องเหลืออย่างน้อยหนึ่งแท็บ",
    "A sheet with the name": "มีแท็บชื่อนี้อยู่แล้ว กรุณาใช้ชื่ออื่น",
    "Sheet name cannot be empty": "ชื่อแท็บต้องมี 1 ถึง 100 ตัวอักษร",
    "Sorry, it is not possible to delete all": "ลบไม่ได้ ต้องเหลือแถวที่ไม่ใช่หัวตารางอย่างน้อยหนึ่งแถว",
}


def page(sheets: "LocalSheets") -> Blueprint:
    """Everything that is for people: the page, its files, its API."""
    blueprint = Blueprint("sheets_page", __name__)

    @blueprint.before_request
    def same_origin() -> Response | None:
        origin = request.headers.get("Origin")
        if request.method != "GET" and origin not in (None, request.host_url.rstrip("/")):
            return _answer({"error": "คำสั่งนี้มาจากหน้าเว็บอื่น จึงไม่ทำให้"}, 403)
        return None

    @blueprint.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CSP
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        return response

    @blueprint.get("/")
    def index() -> Response:
        return send_from_directory(FILES, "index.html")

    @blueprint.get("/assets/<name>")
    def asset(name: str) -> Response:
        return send_from_directory(FILES, name)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return _answer({"ok": True})

    _grid_api(blueprint, sheets)
    _fault_api(blueprint, sheets)
    return blueprint


def _grid_api(blueprint: Blueprint, sheets: "LocalSheets") -> None:
    @blueprint.get("/playground/api/books")
    def books() -> Response:
        return _answer({"books": [{"id": book.spreadsheet_id, "title": book.title} for book in sheets.books()]})

    @blueprint.post("/playground/api/books")
    def create() -> Response:
        body = _body()
        sheets.create_spreadsheet(str(body["id"]), str(body.get("title") or body["id"]))
        return _answer({"ok": True})

    @blueprint.get("/playground/api/books/<spreadsheet_id>/grid")
    def grid(spreadsheet_id: str) -> Response:
        """One window of one tab; 304 while nothing that the page shows has changed."""
        try:
            book = sheets.book(spreadsheet_id)
        except ApiError as error:
            return _answer(error.body(), error.code)
        view = grid_view(book, *(request.args.get(name, type=int) for name in ("tab", "start", "count")))
        return _unless_seen(view | {"meters": _meters(sheets)})

    @blueprint.post("/playground/api/books/<spreadsheet_id>/staff")
    def staff(spreadsheet_id: str) -> Response:
        """``{"action": "edit_cell"|"sort_tab"|..., "tab": sheetId, ...}``: the methods of ``Staff`` by name."""
        body = _body()
        try:
            _staff_actions(sheets, spreadsheet_id, body)[body.get("action", "")]()
        except ApiError as error:
            return _answer({"error": _in_thai(error.message), "google": error.message}, 400)
        except (AttributeError, KeyError, TypeError) as error:
            return _answer({"error": f"missing, unknown or of the wrong type: {error}"}, 400)
        return _answer({"ok": True})


def _staff_actions(sheets: "LocalSheets", book: str, body: Json) -> dict[str, Callable[[], None]]:
    staff = sheets.staff
    return {
        "edit_cell": lambda: staff.edit_cell(book, body["tab"], body["cell"], body["text"]),
        "rename_tab": lambda: staff.rename_tab(book, body["tab"], body["title"]),
        "delete_tab": lambda: staff.delete_tab(book, body["tab"]),
        "sort_tab": lambda: staff.sort_tab(book, body["tab"], body["column"], bool(body.get("descending"))),
        "delete_rows": lambda: staff.delete_rows(book, body["tab"], body["start"], body.get("count", 1)),
        "add_column": lambda: staff.add_column(book, body["tab"], body["at"], body.get("header", "")),
    }


def _in_thai(message: str) -> str:
    return next((thai for start, thai in REFUSALS.items() if message.startswith(start)), f"ทำไม่ได้: {message}")


def _fault_api(blueprint: Blueprint, sheets: "LocalSheets") -> None:
    @blueprint.post("/playground/api/faults")
    def add_fault() -> Response:
        """``{"when", "how", "times", "seconds", "on"}`` as in ``Fault``."""
        body = _body()
        known = {name: body[name] for name in ("times", "seconds", "on") if name in body}
        try:
            sheets.faults.add(Fault(body["when"], body["how"], **known))
        except (KeyError, TypeError, ValueError) as error:
            return _answer({"error": str(error)}, 400)
        return _answer({"ok": True})

    @blueprint.delete("/playground/api/faults")
    def clear_faults() -> Response:
        sheets.faults.clear()
        return _answer({"ok": True})

    @blueprint.post("/playground/api/chaos")
    def chaos() -> Response:
        """``{"chances": {"before": 0.1, ...}, "seed": 1, "late_s": 2, "hang_s": 3}``."""
        body = _body()
        known = {name: body[name] for name in ("seed", "late_s", "hang_s", "on") if name in body}
        try:
            sheets.faults.chaos(body.get("chances", {}), **known)
        except ValueError as error:
            return _answer({"error": str(error)}, 400)
        return _answer({"ok": True})

    @blueprint.post("/playground/api/settings")
    def settings() -> Response:
        """``{"latency_s", "writes_per_minute", "reads_per_minute", "quota_window_s"}``, each optional."""
        body = _body()
        sheets.faults.latency_s = float(body.get("latency_s", sheets.faults.latency_s))
        sheets.quota.writes = int(body.get("writes_per_minute", sheets.quota.writes))
        sheets.quota.reads = int(body.get("reads_per_minute", sheets.quota.reads))
        sheets.quota.window_s = float(body.get("quota_window_s", sheets.quota.window_s))
        return _answer({"ok": True})

    @blueprint.get("/playground/api/status")
    def status() -> Response:
        return _answer({"counts": dict(sheets.counts), "meters": _meters(sheets)})


def _meters(sheets: "LocalSheets") -> Json:
    now, quota = sheets.clock(), sheets.quota
    return {
        "writes": [quota.used(True, now), quota.writes],
        "reads": [quota.used(False, now), quota.reads],
        "window_s": quota.window_s,
        "faults": [
            {"when": each.when, "how": each.how, "times": each.times, "seconds": each.seconds}
            for each in sheets.faults.pending()
        ],
    }


def _unless_seen(body: Json) -> Response:
    response = _answer(body)
    tag = hashlib.sha256(response.get_data()).hexdigest()[:24]
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return Response(status=304)
    response.headers["ETag"] = f'"{tag}"'
    return response


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _answer(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
