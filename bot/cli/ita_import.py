"""``siang ita import | list | show``: official results enter here and nowhere else, from what a person copied."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from analysis import frame_library, official_import, official_store
from analysis.frame import Frame, FrameError
from analysis.official import Official, OfficialScore
from analysis.official_import import GRADE, Difference, Taken, Value
from analysis.reconcile_file import ResultFileError
from analysis.reconcile_tree import TOTAL
from bot.cli import columns, context, ita_table
from bot.cli.errors import ToldError
from survey import db, thai

MOST = 40  # faults or changes told one by one
NOTHING = "–"


@click.command(name="import", short_help="Take in an official result from a file.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@context.agency_option
def take(file: Path, agency_id: str | None) -> None:
    """Take in the official ITA result in FILE, as the NACC published it: xlsx (siang ita template) or csv.

    Parts of a result are welcome: only totals, only indicators. A year that was imported before is replaced, after
    saying what changes. Numbers that do not add up are taken in with a warning, for that is what was published.
    When a cell cannot be used, all faults are told and nothing is taken in.

    \b
    Examples:  siang ita import ita-2569.xlsx
               siang ita import result-2568.csv
    """
    work = context.deployment()
    agency = work.agency(agency_id)
    try:
        given = official_import.read(file)
    except ResultFileError as exc:
        raise ToldError(_all(exc.faults)) from None
    except FrameError as exc:
        raise ToldError(str(exc)) from None
    with db.write(work.engine) as conn:
        taken = official_import.take(conn, agency.id, given, context.now())
    work.engine.dispose()
    for one in taken:
        click.echo("\n".join(_said(one)))


@click.command(name="list", short_help="List the official results that were imported.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@context.agency_option
def listing(as_json: bool, agency_id: str | None) -> None:
    """List the imported years: total, grade, whether the numbers fit each other, and from which file.

    \b
    Example:  siang ita list
    """
    found = _officials(agency_id)
    if as_json:
        click.echo(json.dumps([_summary(one) for one in found], ensure_ascii=False, indent=2))
    elif not found:
        click.echo("No official result has been imported. Begin with: siang ita template --fiscal-year 2569")
    else:
        click.echo("\n".join(_table(found)))


@click.command(short_help="Show an imported official result and whether it adds up.")
@click.argument("year", metavar="YEAR")
@click.option("--json", "as_json", is_flag=True, help="For programs: also each score, computed ones marked.")
@context.agency_option
def show(year: str, as_json: bool, agency_id: str | None) -> None:
    """Show the imported official result of a fiscal year, like 2569, and check it as siang ita check does.

    \b
    Example:  siang ita show 2567
    """
    wanted = context.fiscal_year(year, "YEAR").fiscal_year
    found = {one.fiscal_year: one for one in _officials(agency_id)}
    if wanted not in found:
        known = ", ".join(map(str, found)) or "none"
        raise ToldError(f"No official result of fiscal year {wanted} has been imported (imported: {known}).")
    one = found[wanted]
    if as_json:
        click.echo(json.dumps(_summary(one) | {"scores": list(_scores(one))}, ensure_ascii=False, indent=2))
        return
    click.echo("\n".join(_page(one)))


def _officials(agency_id: str | None) -> tuple[Official, ...]:
    work = context.deployment()
    agency = work.agency(agency_id)
    try:
        with db.read(work.engine) as conn:
            return official_store.read_all(conn, agency.id)
    except FrameError as exc:
        raise ToldError(str(exc)) from None
    finally:
        work.engine.dispose()


def _all(faults: tuple[str, ...]) -> str:
    """Each fault on a line of its own."""
    told = "\n  - ".join(faults[:MOST])
    if len(faults) == 1:
        return told
    rest = f"\n  - and {len(faults) - MOST} more." if len(faults) > MOST else ""
    return f"Nothing was imported; {len(faults)} places need mending:\n  - {told}{rest}"


def _said(taken: Taken) -> Iterator[str]:
    year = taken.fiscal_year
    how = "replaced the one there was" if taken.replaced else "new"
    yield f"Fiscal year {year}: imported {taken.count} official scores ({how})."
    if taken.replaced:
        yield f"  {len(taken.differences)} changed:" if taken.differences else "  Nothing changed."
        frame = frame_library.load(year)
        rows = [_difference(frame, one) for one in taken.differences[:MOST]]
        yield from (f"    {line}" for line in columns.lines(rows, right=(3, 5))) if rows else ()
        if len(taken.differences) > MOST:
            yield f"    and {len(taken.differences) - MOST} more"
    verdict = taken.verdict
    if verdict.agrees:
        yield (
            "  The numbers fit each other." if verdict.comparisons else "  There is one level only: nothing to compare."
        )
        return
    faults = f"{len(verdict.mismatches)} numbers do" if len(verdict.mismatches) != 1 else "1 number does"
    what = f"{faults} not fit those below" if verdict.mismatches else "the stated grade is not the one the rule gives"
    yield f"  Warning: {what}. It is kept as it was published. Details: siang ita show {year}"


def _difference(frame: Frame, one: Difference) -> tuple[str, ...]:
    level, code, title = ("ระดับผล", "", "") if one.cell == GRADE else ita_table.name(frame, one.cell)
    return level, code, columns.cut(title, 32), _value(one.before), "->", _value(one.now)


def _value(value: Value | None) -> str:
    if value is None:
        return NOTHING
    return ita_table.score(value) if isinstance(value, int) else value


def _table(found: tuple[Official, ...]) -> Iterator[str]:
    rows = [("ปีงบประมาณ", "คะแนนรวม", "ระดับผล", "ตัวเลข", "นำเข้าเมื่อ", "จากไฟล์")]
    for one in found:
        agrees = "สอดคล้องกัน" if one.agrees else f"ไม่สอดคล้อง {len(one.verdict.mismatches)} ช่อง"
        day = thai.long_date(one.imported_on) if one.imported_on else ""
        rows.append((str(one.fiscal_year), _shown(one.total), _grade(one), agrees, day, one.file))
    yield from columns.lines(rows, right=(1,))
    yield "ผล ITA อย่างเป็นทางการ นำเข้าจากผลที่ ป.ป.ช. เผยแพร่ · (คำนวณ) คือไม่ได้เผยแพร่ แต่คำนวณได้จากที่เผยแพร่"


def _page(one: Official) -> Iterator[str]:
    day = thai.long_date(one.imported_on) if one.imported_on else ""
    yield f"ผล ITA อย่างเป็นทางการ ปีงบประมาณ {one.fiscal_year} · นำเข้าจาก {one.file} เมื่อ {day}"
    yield f"คะแนนรวม {_shown(one.total)} · ระดับผล {_grade(one)}"
    yield ""
    rows = [("", "", "", "คะแนน")]
    rows += [
        (*ita_table.name(one.frame, cell), _shown(one.scores.get(cell))) for cell in one.places if cell in one.scores
    ]
    yield from columns.lines(rows, right=(3,))
    yield ""
    yield from ita_table.lines(one.frame, one.verdict)


def _grade(one: Official) -> str:
    if one.grade:
        return one.grade if one.stated else f"{one.grade} (ตามเกณฑ์ ไม่ได้ระบุไว้)"
    return "บอกไม่ได้ (ตัวเลขไม่พอ)"


def _shown(score: OfficialScore | None) -> str:
    return NOTHING if score is None else f"{score.shown}{' (คำนวณ)' if score.computed else ''}"


def _summary(one: Official) -> dict[str, Any]:
    total = one.scores.get(TOTAL)
    return {
        "fiscal_year": one.fiscal_year,
        "official": True,
        "total": None if total is None else float(total.shown),
        "grade": one.grade or None,
        "grade_stated": one.stated,
        "agrees": one.agrees,
        "mismatches": len(one.verdict.mismatches),
        "imported_on": one.imported_on.isoformat() if one.imported_on else None,
        "file": one.file,
    }


def _scores(one: Official) -> Iterator[dict[str, Any]]:
    for cell, score in ((cell, one.scores[cell]) for cell in one.places if cell in one.scores):
        yield {**cell._asdict(), "title": one.title(cell), "score": float(score.shown), "computed": score.computed}
