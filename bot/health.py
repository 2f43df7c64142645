"""Health for machines: ``/healthz`` (the process lives) and ``/readyz`` (everything it needs is there)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.site import Site
from survey import db, schema
from survey.schema import SchemaError
from survey.tables import mirrors, outbox, sheet_batches, workers

SILENT = timedelta(seconds=60)  # a worker that has not been heard for so long is gone
OFTEN = 5  # attempts after which somebody should know
BEHIND = timedelta(minutes=15)  # what should have left so long ago and has not

Finding = tuple[bool, str]


def make_blueprint(site: Site) -> Blueprint:
    """The routes ``/healthz`` and ``/readyz``."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @blueprint.get("/readyz")
    def readyz() -> tuple[Response, int]:
        site.replies.submit(site.line.warm_up)
        checks = {name: _checked(check, site) for name, check in _CHECKS.items()}
        ok = all(check["ok"] for check in checks.values())
        return jsonify({"ok": ok, "checks": checks}), 200 if ok else 503

    return blueprint


def _checked(check: Callable[[Site], Finding], site: Site) -> dict[str, Any]:
    try:
        ok, detail = check(site)
    except (SQLAlchemyError, SchemaError) as exc:
        ok, detail = False, str(exc) if isinstance(exc, SchemaError) else f"database: {type(exc).__name__}"
    return {"ok": ok, "detail": detail}


def _database(site: Site) -> Finding:
    with db.read(site.engine) as conn:
        conn.execute(select(1))
    return True, site.engine.dialect.name


def _schema(site: Site) -> Finding:
    schema.check(site.engine)
    return True, f"version {schema.wanted()}"


def _worker(site: Site) -> Finding:
    with db.read(site.engine) as conn:
        beat = conn.scalar(select(workers.c.beat_at).order_by(workers.c.beat_at.desc()).limit(1))
    if beat is None:
        return False, "no worker has ever run; start: siang worker"
    silent = datetime.now(UTC) - beat
    if silent > SILENT:
        return False, f"no worker for {int(silent.total_seconds())} s; start: siang worker"
    return True, f"heard {int(silent.total_seconds())} s ago"


def _outbox(site: Site) -> Finding:
    """Not ok when nobody works on it. What LINE or Google refuses is only told: it must not take the webhook down."""
    late = datetime.now(UTC) - BEHIND
    with db.read(site.engine) as conn:
        waiting = conn.scalar(select(func.count()).select_from(outbox).where(outbox.c.status == "waiting"))
        overdue = (outbox.c.status == "waiting", outbox.c.due_at < late)
        behind = conn.scalar(select(func.count()).select_from(outbox).where(*overdue))
        batches = (sheet_batches.c.status == "waiting", sheet_batches.c.due_at < late)
        behind_sheets = conn.scalar(select(func.count()).select_from(sheet_batches).where(*batches))
        again = (outbox.c.status == "waiting", outbox.c.attempts >= OFTEN)
        retried = conn.scalar(select(func.count()).select_from(outbox).where(*again))
        paused = conn.scalar(select(func.count()).select_from(mirrors).where(mirrors.c.paused_reason != ""))
    total = (behind or 0) + (behind_sheets or 0)
    if total:
        return False, f"{total} effects should have left 15 minutes ago; see: siang doctor"
    troubles = [f"{retried} tried again and again"] if retried else []
    troubles += [f"{paused} sheets paused; see: siang doctor"] if paused else []
    return True, ", ".join([f"{waiting} waiting", *troubles])


_CHECKS: dict[str, Callable[[Site], Finding]] = {
    "database": _database,
    "schema": _schema,
    "worker": _worker,
    "outbox": _outbox,
}
