"""``siang report``: finished Thai documents: docx to edit, pdf to publish, xlsx of the numbers."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis import dataset, official_store, render, report_facts
from analysis.frame import FrameError
from analysis.report import KINDS, OF_THE_RESULT, Report, ReportError
from analysis.report_facts import Facts, MissingFactsError
from analysis.report_levels import Levels, LevelsError
from analysis.report_make import Asked, Maker
from analysis.rule_file import RuleError
from bot.cli import complaints, context
from bot.cli.errors import FindingError, ToldError
from survey import db, thai
from survey.settings import Agency, Signatory
from survey.settings_read import read_date
from survey.thai import Period

ALL = "all"
OF_A_YEARS_RESULT = ("memo", "analysis")
WITH_COMMENTS = ("participation", "satisfaction")
ENDINGS = ("docx", "pdf", "xlsx")
F = TypeVar("F", bound=Callable[..., object])


def facts_options(function: F) -> F:
    """What no data hold; the office file may give it as well."""
    for name, words in (
        ("mark", "Printed on every page, like ฉบับร่าง."),
        ("memo-date", "Date of the memo, like 2026-11-21; - leaves dots to fill by hand."),
        ("memo-number", "Number of the memo, after memo_prefix; - leaves dots to fill by hand."),
        ("to", "Whom the memo addresses (default: the head's position)."),
        ("office", "The memo's line ส่วนราชการ."),
        ("head-acting", "Printed below the head's position, like รักษาราชการแทน ..."),
        ("head-position", "Position of the head of the agency."),
        ("head", "Name of the head of the agency."),
    ):
        function = click.option(f"--{name}", metavar="TEXT", default="", help=words)(function)
    many = "NAME|POSITION or NAME|POSITION|ACTING; once for each, who prepared it first."
    return click.option("--signatory", "signatories", multiple=True, metavar="TEXT", help=many)(function)


@click.command(short_help="Make finished Thai documents: docx, pdf and xlsx.")
@click.argument("kind", type=click.Choice([*KINDS, ALL]))
@click.option("--fiscal-year", "year", metavar="YYYY", help="Like 2570 or 2027 (default: see below).")
@click.option("--month", metavar="YYYY-MM", help="Of monthly or complaints, like 2570-02.")
@click.option("--quarter", metavar="PERIOD", help="Of complaints, like 2570-q1.")
@click.option("--half", metavar="PERIOD", help="Of complaints, like 2570-h1.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="reports",
    show_default=True,
    help="The folder; made when it is not there.",
)
@click.option("--thai-digits", is_flag=True, help="Print Thai digits, but for codes and addresses.")
@click.option("--cover", is_flag=True, help="Add a memo to the head with which the document goes.")
@click.option("--annex", is_flag=True, help="Add our own survey as a marked annex (memo, analysis, implementation).")
@click.option(
    "--levels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Cut-offs of the satisfaction report, a TOML file.",
)
@click.option("--force", is_flag=True, help="Write over files that are there, edited or not.")
@facts_options
@context.agency_option
def command(kind: str, out: Path, agency_id: str | None, levels: Path | None, force: bool, **given: Any) -> None:
    """Make a document, or all of them, each as KIND-PERIOD.docx (to edit), .pdf (to publish) and .xlsx (its numbers).

    \b
    monthly         our own EIT of a month (default: this month)
    memo            announces an official result to the head     these two: of the result of --fiscal-year
    analysis        the official result, seven issues, measures  (default: the newest that was imported)
    implementation  how the year's measures were carried out
    complaints      both tracks; also with --month, --quarter or --half
    participation   what residents took part in
    satisfaction    n, mean, S.D., percent, interpretation
    all             every one of them; of what cannot be made it says why, and exits with 1

    Names, positions, signatories and the memo's number come from [report] and [[signatory]] of the agency file or from
    options; all that is missing is asked for at once. Files that are there are left alone without --force.

    \b
    Examples:  siang report monthly --month 2570-02 --out documents
               siang report analysis --fiscal-year 2569 --cover --memo-number 12 --memo-date 2026-11-21
               siang report all --fiscal-year 2570 --thai-digits
    """
    with _told():
        work = context.deployment()
        agency = work.agency(agency_id)
        facts = report_facts.of_agency(agency, context.today(), _facts(given))
        report_facts.check(facts, KINDS if kind == ALL else (kind,), cover=given["cover"])
        made, failed = _make(work, agency, facts, (kind, given, dataset.levels(levels)))
        work.engine.dispose()
        if failed and kind != ALL:
            raise ToldError(f"{failed[kind]}.")
        _write(made, out, force)
    _remind({one.kind for one in made})
    if failed:
        lines = [f"{name}: {why}." for name, why in failed.items()]
        raise FindingError("\n  - ".join(["Not every document could be made:", *lines]))


def _make(
    work: context.Deployment, agency: Agency, facts: Facts, wish: tuple[str, dict[str, Any], Levels]
) -> tuple[list[Report], dict[str, str]]:
    """The documents, and of those that cannot be made why. ``wish``: kind, options, cut-offs."""
    kind, given, levels = wish
    made: list[Report] = []
    failed: dict[str, str] = {}
    makers: dict[Asked, Maker] = {}
    with db.read(work.engine) as conn:
        years = [one.fiscal_year for one in official_store.imports(conn, agency.id)]
        asked = {one: _asked(kind, one, given, years) for one in (KINDS if kind == ALL else (kind,))}
        with _progress(asked, "Reading") as steps:
            for one in steps:
                blank = Maker(conn, work.library, agency, facts, asked[one], levels)
                try:
                    made += makers.setdefault(asked[one], blank).make(one)
                except ReportError as exc:
                    failed[one] = str(exc)
    return made, failed


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    """The options as attributes of Facts. Raises click.BadParameter."""
    names = ("head", "head_position", "head_acting", "office", "to", "memo_number", "memo_date", "mark")
    found: dict[str, Any] = {name: given[name].strip() for name in names}
    found["memo_number"] = thai.arabic_digits(found["memo_number"])
    day = found["memo_date"]
    if day and day != report_facts.BY_HAND:
        known = read_date(thai.arabic_digits(day))
        if known is None:
            raise click.BadParameter(f"{day!r} is no day; write it like 2026-11-21", param_hint="--memo-date")
        found["memo_date"] = thai.long_date(known)
    return found | {"signatories": tuple(map(_signatory, given["signatories"]))}


def _signatory(text: str) -> Signatory:
    parts = [part.strip() for part in text.split("|")]
    if not (2 <= len(parts) <= 3 and parts[0] and parts[1]):
        raise click.BadParameter(
            f"{text!r}: write it as NAME|POSITION, or as NAME|POSITION|ACTING", param_hint="--signatory"
        )
    return Signatory(*parts)


def _asked(which: str, kind: str, given: dict[str, Any], imported: list[int]) -> Asked:
    """What to make of one kind. ``which``: the kind that was asked for, or all. ``imported``: years with a result."""
    today = context.today()
    parts = complaints.period_of(given["month"], given["quarter"], given["half"], None)
    month = parts if parts and parts.is_month else None
    year = context.fiscal_year(given["year"]).fiscal_year if given["year"] else None
    if parts and year and parts.fiscal_year != year:
        raise click.UsageError(f"{parts.key} is not in fiscal year {year}.")
    if parts and (kind not in ("monthly", "complaints") or (kind == "monthly" and not month)) and which != ALL:
        raise click.UsageError(f"{kind} takes no --month, --quarter or --half, but for monthly --month.")
    if given["annex"] and which not in (*OF_THE_RESULT, ALL):
        raise click.UsageError(f"{which} is made of our own data already; --annex is for {', '.join(OF_THE_RESULT)}.")
    wanted = year or (parts.fiscal_year if parts else thai.fiscal_year(today))
    if kind in OF_A_YEARS_RESULT and (year is None or which == ALL) and wanted not in imported:
        wanted = max((one for one in imported if one <= wanted), default=wanted)
    return Asked(
        wanted,
        month or _month(wanted, thai.month_of(today)),
        parts if which == "complaints" else None,
        given["cover"],
        given["annex"] and kind in OF_THE_RESULT,
        given["thai_digits"],
    )


def _month(year: int, now: Period) -> Period:
    """This month, or the last one of a fiscal year that is over."""
    return now if now.fiscal_year == year else thai.months_of(year)[-1]


def _write(reports: list[Report], out: Path, force: bool) -> None:
    """Write all, or, when files are there already, none."""
    names = [f"{one.stem}.{ending}" for one in reports for ending in ENDINGS]
    there = [name for name in names if (out / name).exists()]
    if there and not force:
        many = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise ToldError(
            f"{out / there[0]}{many} is there already, and somebody may have edited it. "
            f"Give another --out, or --force to write over it."
        )
    written = []
    try:
        with _progress(reports, "Writing") as steps:
            for one in steps:
                written.append(render.write(one, out))
    except OSError as exc:
        raise ToldError(
            f"{out} cannot be written: {exc.strerror}. Close the files elsewhere, or give another --out."
        ) from None
    for paths in written:
        click.echo(f"Wrote {paths[0].with_suffix('')}.{'|'.join(path.suffix[1:] for path in paths)}")


def _remind(kinds: set[str]) -> None:
    """What a person must still do before these are published."""
    if kinds & set(WITH_COMMENTS):
        click.echo("Read every comment in it, and take out what could point at somebody, before you publish.", err=True)


def _progress(things: Any, label: str) -> Any:
    return click.progressbar(things, label=label, file=sys.stderr, item_show_func=_name)


def _name(thing: object) -> str:
    return thing.stem if isinstance(thing, Report) else str(thing or "")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except MissingFactsError as exc:
        raise ToldError(f"{exc}") from None
    except (ReportError, FrameError, RuleError, LevelsError) as exc:
        raise ToldError(f"{exc}.") from None
