"""``siang ita``: official ITA results. Here: check one, and write the file to fill in; ita_import.py takes them in."""

import json
from pathlib import Path
from typing import Any

import click

from analysis import frame_library, reconcile, reconcile_file
from analysis.frame import FrameError
from analysis.reconcile import Verdict
from bot.cli import context, ita_import, ita_table, ita_template, output
from bot.cli.errors import ToldError


@click.group(short_help="Check and take in official ITA results.")
def command() -> None:
    """Work with official ITA results. Our own survey's scores have no place here."""


for part in (ita_import.take, ita_import.listing, ita_import.show):
    command.add_command(part)


@command.command(short_help="Write an xlsx to fill with an official result.")
@click.option("--fiscal-year", "year", metavar="YYYY", required=True, help="Like 2569 or 2026.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to (default: ita-YYYY.xlsx).")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def template(year: str, out: Path | None, force: bool) -> None:
    """Write an xlsx to fill with the official result of a fiscal year, made from that year's frame.

    It has a row for each number a result may have; leave empty what was not published. A second sheet explains, in
    Thai, how to fill it, and what of the year's frame is not confirmed. Then: siang ita import FILE.

    \b
    Example:  siang ita template --fiscal-year 2569 --out ita-2569.xlsx
    """
    number = context.fiscal_year(year).fiscal_year
    try:
        content = ita_template.workbook(frame_library.load(number))
    except FrameError as exc:
        raise ToldError(str(exc)) from None
    output.write(out or Path(f"ita-{number}.xlsx"), content, force)


@command.command(short_help="Check whether a published result adds up.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For programs: a list with one object for each fiscal year.")
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """Recompute every level of the published result in FILE from the one below, and name possible misprints.

    FILE is an xlsx or csv (UTF-8 or Thai Windows) with the columns fiscal_year, level, instrument, code, title, score
    in its first row. level is item, indicator, instrument or total, and level for the stated grade; any may be missing.
    Digits may be Thai or Arabic.

    Exit code 0: all agrees; 1: something does not; 2: the file cannot be used, and what to mend in which cell.

    \b
    Examples:  siang ita check result-2567.xlsx
               siang ita check result-2567.csv --json
    """
    try:
        found = [(frame_library.load(one.fiscal_year), one) for one in reconcile_file.read(file)]
    except (reconcile_file.ResultFileError, FrameError) as exc:
        raise ToldError(str(exc)) from None
    verdicts = [reconcile.check(frame, result) for frame, result in found]
    if as_json:
        click.echo(json.dumps([public(verdict) for verdict in verdicts], ensure_ascii=False, indent=2))
    else:
        sections = ("\n".join(ita_table.lines(frame, v)) for (frame, _), v in zip(found, verdicts, strict=True))
        click.echo("\n\n".join(sections))
    if not all(verdict.agrees for verdict in verdicts):
        ctx.exit(1)


def public(verdict: Verdict) -> dict[str, Any]:
    """A verdict for programs; scores as numbers with two decimals."""
    return {
        "fiscal_year": verdict.fiscal_year,
        "agrees": verdict.agrees,
        "mismatches": [
            {**one.cell._asdict(), "printed": one.printed / 100, "computed": one.computed / 100}
            for one in verdict.mismatches
        ],
        "proposals": [
            {
                **one.cell._asdict(),
                "from": one.printed / 100,
                "low": one.low / 100,
                "high": one.high / 100,
                "misreading": None if one.misreading is None else one.misreading / 100,
            }
            for one in verdict.proposals
        ],
        "grade": {
            "stated": verdict.grade.stated,
            "computed": verdict.grade.computed,
            "agrees": verdict.grade.agrees,
        },
    }
