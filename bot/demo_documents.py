"""The demo's documents: every kind, made when it is asked for from what the demo holds at that moment.

The answers are the demo's own; the official results, the names and how far the measures have come are made up, in
``templates/demo``. Every page of every document says so (``mark``).
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, render_template, request
from sqlalchemy import Connection, Engine

from analysis import (
    dataset,
    measures,
    measures_library,
    measures_source,
    measures_suggest,
    official_import,
    official_store,
    render,
    report_facts,
    rule_library,
)
from analysis.measure import Measure
from analysis.measures_suggest import Wanted
from analysis.report import Report, ReportError
from analysis.report_facts import Facts
from analysis.report_make import Asked, Maker
from analysis.rule_file import RuleError
from bot.playground.serve import running
from survey import db, library, thai
from survey.library import Library
from survey.settings import Agency, Settings, Signatory

PAGES = Path(__file__).parents[1] / "templates"
SAMPLE = PAGES / "demo"
RESULTS = "ผลสมมติ-ไม่ใช่ผลจริง.csv"
"""The name under which the made-up results are imported, as lists and documents show it."""

KINDS = {
    "monthly": ("สรุปผลสำรวจประจำเดือน", "EIT ภายในของเดือนนี้ สองหน้า"),
    "memo": ("บันทึกข้อความแจ้งผล ITA", "ถึงผู้บริหาร เรื่องเดิม ข้อเท็จจริง ข้อพิจารณา ความเห็น"),
    "analysis": ("การวิเคราะห์ผล ITA", "7 ประเด็น เทียบปีก่อน จุดแข็งจุดอ่อน มาตรการ"),
    "implementation": ("ผลการดำเนินการตามมาตรการ", "ขั้นตอน ผลผลิต ผลลัพธ์ หลักฐาน"),
    "complaints": ("สถิติเรื่องร้องเรียน", "ทั่วไปและการทุจริต ของปีงบประมาณนี้"),
    "participation": ("ผลการมีส่วนร่วมของประชาชน", "ช่องทาง จำนวน ความเห็น การดำเนินการ"),
    "satisfaction": ("ผลสำรวจความพึงพอใจ", "ค่าเฉลี่ย S.D. ร้อยละ การแปลผล ตามจุดบริการ"),
}
"""Kind of document -> how the page calls it, and what is in it."""

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Desk:
    """Where the documents are made."""

    engine: Engine
    library: Library
    agency: Agency


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[str]:
    """The page on this port for as long as the block runs; gives its address. Raises OSError when the port is taken."""
    desk = Desk(db.connect(settings.database_url), library.load(), settings.default_agency)
    try:
        with db.write(desk.engine) as conn:
            seed(conn, desk.agency, datetime.now(UTC))
        with running(create_app(desk), port=port) as address:
            yield address
    finally:
        desk.engine.dispose()


def seed(conn: Connection, agency: Agency, now: datetime) -> None:
    """Give the demo the made-up results and measures, unless it has results or measures of its own."""
    if official_store.imports(conn, agency.id):
        return
    given = replace(official_import.read(SAMPLE / "official-sample.csv"), name=RESULTS)
    official_import.take(conn, agency.id, given, now)
    today = thai.bangkok_date(now)
    year = thai.fiscal_year(today)
    if not measures.of_year(conn, agency.id, year):
        measures.add(conn, agency.id, _measures(conn, agency, year), today)


def create_app(desk: Desk, clock: Clock = lambda: datetime.now(UTC)) -> Flask:
    """The page and the documents behind it."""
    app = Flask("siang_demo_documents", template_folder=str(SAMPLE), static_folder=str(PAGES / "pages" / "static"))

    @app.get("/")
    def index() -> str:
        with db.read(desk.engine) as conn:
            years = [one.fiscal_year for one in official_store.imports(conn, desk.agency.id)]
        mark = facts(desk.agency, date.min).mark
        name = desk.agency.name
        return render_template("documents.html", agency=name, mark=mark, years=years, kinds=KINDS, endings=TYPES)

    @app.get("/<any(arabic, thai):digits>/<kind>.<ending>")
    def document(digits: str, kind: str, ending: str) -> Response:
        if kind not in KINDS or ending not in TYPES:
            abort(404)
        try:
            report = make(desk, kind, "cover" in request.args, digits == "thai", clock())
        except (ReportError, RuleError) as exc:
            return Response(str(exc), 409, mimetype="text/plain")
        response = Response(render.RENDERERS[ending](report), mimetype=TYPES[ending])
        shown = "inline" if ending == "pdf" else "attachment"
        response.headers["Content-Disposition"] = f'{shown}; filename="{report.stem}.{ending}"'
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def make(desk: Desk, kind: str, cover: bool, thai_digits: bool, now: datetime) -> Report:
    """One document of today, or the memo with which it goes. Raises ReportError."""
    today = thai.bangkok_date(now)
    with db.read(desk.engine) as conn:
        year = thai.fiscal_year(today)
        if kind in ("memo", "analysis"):
            year = max((one.fiscal_year for one in official_store.imports(conn, desk.agency.id)), default=year)
        asked = Asked(year, thai.month_of(today), cover=cover, thai_digits=thai_digits)
        maker = Maker(conn, desk.library, desk.agency, facts(desk.agency, today), asked, dataset.levels())
        return maker.make(kind)[-1]


def facts(agency: Agency, today: date) -> Facts:
    """Of the office's file, completed by made-up ones; the mark and the made-up number stand in any case."""
    sample = _sample()
    known = report_facts.of_agency(agency, today, {})
    lacking = {name: text for name, text in sample["facts"].items() if not getattr(known, name)}
    signed = known.signatories or tuple(Signatory(**one) for one in sample["signatory"])
    day = thai.long_date(today)
    return replace(known, **lacking | {"mark": sample["facts"]["mark"], "signatories": signed, "memo_date": day})


def _measures(conn: Connection, agency: Agency, year: int) -> list[Measure]:
    """Those suggested for the made-up result, some of them under way."""
    source = measures_source.of_result(conn, agency.id, year, rule_library.load(), 8)
    if source is None:
        return []
    wanted = Wanted(year, agency.office)
    frames = measures_library.frames()
    found = measures_suggest.suggest(source.weak, measures_library.load(), source.frame, frames, wanted)
    chosen = [one.measure for one in found.chosen]
    steps = _sample()["progress"]
    begun = [
        replace(one, **{**step, "evidence": tuple(step.get("evidence", ()))})
        for one, step in zip(chosen, steps, strict=False)
    ]
    return [*begun, *chosen[len(begun) :]]


def _sample() -> dict[str, Any]:
    return tomllib.loads((SAMPLE / "sample.toml").read_text(encoding="utf-8"))
