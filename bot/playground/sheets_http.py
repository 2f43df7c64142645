"""The local Sheets on the wire: Google's paths, Google's JSON, Google's errors, and the faults that were asked for.

``create_app(sheets)`` is a Flask app: ``/token`` and ``/v4/spreadsheets/...`` for programs, ``/`` and ``/playground/``
for people and tests (``sheets_page``).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, request

from bot.playground.serve import hang_up, running
from bot.playground.sheets import LocalSheets, Recorded
from bot.playground.sheets_calls import Target, understand
from bot.playground.sheets_errors import (
    ApiError,
    Json,
    cell_limit,
    forbidden,
    invalid,
    not_found,
    quota_exceeded,
    unauthenticated,
    unavailable,
)
from bot.playground.sheets_faults import Fault
from bot.playground.sheets_mask import parse_mask, select
from bot.playground.sheets_page import page
from bot.playground.sheets_values import Params

HTML_503 = (
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Error 503 (Service Unavailable)!!1</title>"
    "<p><b>503.</b> <ins>That's an error.</ins><p>The service is temporarily unavailable. Please try again later."
)
_METHODS = ["GET", "POST", "PUT"]


def create_app(sheets: LocalSheets) -> Flask:
    """The Flask app around ``sheets``; the caller serves it and calls ``sheets.close()`` at the end."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(page(sheets))

    @app.post("/token")
    def token() -> Response:
        fault = sheets.faults.next("token")
        if fault is not None:
            return _broken_answer(sheets, fault, None)
        status, body = sheets.tokens.grant(request.form.to_dict())
        return _json(status, body)

    @app.post("/v4/spreadsheets")
    def create() -> Response:
        error = forbidden()  # a service account owns no storage: people make the spreadsheet and share it
        return _json(error.code, error.body())

    @app.route("/v4/spreadsheets/<path:rest>", methods=_METHODS)
    def call(rest: str) -> Response:
        return _call(sheets, rest)

    return app


@contextmanager
def running_sheets(sheets: LocalSheets, port: int = 0) -> Iterator[str]:
    """Serve ``sheets`` in a thread of this process ; gives the base URL, closes ``sheets`` at the end."""
    with running(create_app(sheets), port=port) as base_url:
        try:
            yield base_url
        finally:
            sheets.close()


def _call(sheets: LocalSheets, rest: str) -> Response:
    try:
        account = sheets.tokens.account(request.headers.get("Authorization"))
        target = understand(request.method, rest)
        params = {key: request.args.getlist(key) for key in request.args}
        record = _record(sheets, target, params, account)
    except ApiError as error:
        return _json(error.code, error.body())
    sheets.faults.stopped.wait(sheets.faults.latency_s)
    fault = sheets.faults.next("write" if target.call.write else "read")
    if fault is None:
        status, body = _perform(sheets, target, record)
        return _told(record, _json(status, body))
    return _told(record, _faulty(sheets, fault, target, record))


def _record(sheets: LocalSheets, target: Target, params: Params, account: str) -> Recorded:
    """Read the body, write the call into the log, and take it off the quota. Raises ``ApiError``."""
    now, write = sheets.clock(), target.call.write
    body = _body()
    record = Recorded(target.call.name, request.method, request.path, params, body, account, now)
    sheets.requests.append(record)
    if not sheets.quota.take(account, write, now):
        sheets.counts["429"] += 1
        record.status = 429
        raise quota_exceeded(write, sheets.quota.limit(write))
    sheets.counts.update([target.call.name, "write" if write else "read"])
    return record


def _perform(sheets: LocalSheets, target: Target, record: Recorded) -> tuple[int, Json]:
    try:
        answer = sheets.perform(target, record.params, record.body)
        if "fields" in record.params:
            answer = select(answer, parse_mask(record.params["fields"][0]))
    except ApiError as error:
        return error.code, error.body()
    record.applied = True
    return 200, answer


def _faulty(sheets: LocalSheets, fault: Fault, target: Target, record: Recorded) -> Response:
    answer: Json | None = None
    if fault.when == "after":
        _, answer = _perform(sheets, target, record)
    if fault.when == "late":
        sheets.perform_late(fault.seconds, lambda: _perform(sheets, target, record))
    return _broken_answer(sheets, fault, answer, write=target.call.write)


def _broken_answer(sheets: LocalSheets, fault: Fault, answer: Json | None, write: bool = True) -> Response:
    """What the client sees of a fault. Status 0 marks a connection that broke."""
    if fault.how == "hang":
        sheets.faults.stopped.wait(fault.seconds)
    if fault.how in ("hang", "reset"):
        hang_up(request.environ)
        return Response(status=503, headers={"X-Playground": "connection broken"})
    if fault.how == "html":
        return Response(HTML_503, 503, content_type="text/html; charset=UTF-8")
    if fault.how == "broken":
        whole = json.dumps(answer or {"spreadsheetId": "?", "replies": [{}]})
        return Response(whole[: len(whole) // 2], 200, content_type="application/json; charset=UTF-8")
    error = _error(sheets, fault.how, write)
    return _json(error.code, error.body())


def _error(sheets: LocalSheets, how: str, write: bool) -> ApiError:
    errors = {"401": unauthenticated, "403": forbidden, "404": not_found}
    if how in errors:
        return errors[how]()
    if how == "429":
        return quota_exceeded(write, sheets.quota.limit(write))
    if how == "cells":
        error = cell_limit(10_000_000)
        return invalid(f"Invalid requests[0].appendCells: {error.message}")
    return unavailable(int(how))


def _body() -> Json:
    raw = request.get_data()
    if not raw:
        return {}
    try:
        body: Any = json.loads(raw, object_hook=_without_nulls)
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {error}") from error
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    return body


def _without_nulls(members: Json) -> Json:
    """In Google's JSON a null member is one that was not given; gspread sends some."""
    if None in members.values():
        return {name: value for name, value in members.items() if value is not None}
    return members


def _told(record: Recorded, response: Response) -> Response:
    record.status = 0 if "X-Playground" in response.headers else response.status_code
    return response


def _json(status: int, body: Json) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type="application/json; charset=UTF-8")
