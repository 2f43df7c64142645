"""Every finished document of one agency as an operator makes them, and the picture of a month as LINE fetches it.

Beside the set: the same documents one command at a time, as somebody does who does not know ``all``. Beside the
picture: the same drawn within the process, which is quicker and leaves the process larger for good.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import chdir
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from subprocess import run as command_of

import psutil

from analysis import charts, snapshots, typeset
from analysis.report import KINDS
from analysis.scores import Scores
from bench.place import SIANG, Place, place
from bench.scores import fill, timed
from bench.table import Row
from bot import demo_documents
from survey import db, library, thai
from survey.settings import Agency

PEOPLE = 1000
SET_S, SET_MB, PICTURE_MS, GROWN_MB = 3.0, 300.0, 150.0, 10.0
YEAR, MONTH = 2570, "2570-02"
OFFICE = """
name = "เทศบาลตำบลตัวอย่าง"
[report]
head = "นายตัวอย่าง ใจดี"
head_position = "นายกเทศมนตรีตำบลตัวอย่าง"
office = "สำนักปลัดเทศบาล"
[[signatory]]
name = "นางสาวตัวอย่าง ขยันยิ่ง"
position = "นักวิเคราะห์นโยบายและแผน"
"""


def run(quick: bool = False) -> list[Row]:
    """The set, the picture, and what the picture leaves behind."""
    with place() as here:
        return [_set(here, 1 if quick else 3), _picture(here, 5 if quick else 30), _left_behind(here)]


def _set(here: Place, times: int) -> Row:
    url = _filled(here)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("agency.toml").write_text(OFFICE, encoding="utf-8")
        Path(".env").write_text("AGENCY_FILE=agency.toml\n", encoding="utf-8")
        common = ("--month", MONTH, "--fiscal-year", str(YEAR), "--memo-number", "1", "--memo-date", "2027-03-01")
        ours = [timed((*SIANG, "report", "all", *common, "--force"), url) for _ in range(times)]
        single = [timed((*SIANG, "report", kind, *_of(kind, common), "--force"), url) for kind in KINDS]
        files = list(Path("reports").iterdir())
    if len(files) < 3 * len(KINDS):
        raise RuntimeError(f"only {len(files)} files were made")
    seconds, megabytes = median(one[0] for one in ours), max(one[1] for one in ours)
    each = sum(one[0] for one in single)
    return Row(
        f"all {len(KINDS)} documents of an agency, {len(files)} files, {PEOPLE:,} responses",
        f"{seconds:.1f} s, {megabytes:.0f} MB",
        f"one command each {each:.1f} s, {max(one[1] for one in single):.0f} MB",
        seconds / each,
        f"< {SET_S:.0f} s and < {SET_MB:.0f} MB",
        seconds < SET_S and megabytes < SET_MB,
    )


def _of(kind: str, common: tuple[str, ...]) -> tuple[str, ...]:
    """The options a kind takes when it is asked for alone."""
    given = common if kind == "monthly" else common[2:]
    return (*given[:-6], "--fiscal-year", str(YEAR - 1), *given[-4:]) if kind in ("memo", "analysis") else given


def _picture(here: Place, times: int) -> Row:
    scores = _scores(here)
    drawn = charts.score_card_png(*_card(scores))
    apart = _times(lambda: charts.score_card_png(*_card(scores)), times)
    within = _times(lambda: typeset.png("card", _plain(scores), charts.PPI), times)
    middle = median(apart)
    return Row(
        f"picture of a month for LINE, {len(drawn) / 1000:.0f} KB",
        f"{middle:.0f} ms, slowest {max(apart):.0f}",
        f"within the process {median(within):.0f} ms",
        middle / median(within),
        f"< {PICTURE_MS:.0f} ms",
        middle < PICTURE_MS and len(drawn) < 1_000_000,
    )


def _left_behind(here: Place) -> Row:
    url = _filled(here)
    grown = {way: _growth(way, url) for way in ("apart", "within")}
    return Row(
        "memory a process keeps after ten pictures",
        f"{grown['apart']:.1f} MB",
        f"drawn within it {grown['within']:.1f} MB",
        grown["apart"] / grown["within"],
        f"< {GROWN_MB:.0f} MB",
        grown["apart"] < GROWN_MB,
    )


def _growth(way: str, url: str) -> float:
    said = command_of((sys.executable, "-m", "bench.documents", way, url), capture_output=True, text=True, check=True)
    return float(said.stdout)


def _filled(here: Place) -> str:
    """A database with a year's responses, two official results and the measures after them."""
    url = here.database("sqlite")
    engine = db.connect(url)
    fill(engine, PEOPLE)
    agency = Agency("main", "เทศบาลตำบลตัวอย่าง")
    with db.write(engine) as conn:
        demo_documents.seed(conn, agency, datetime(2027, 3, 1, tzinfo=UTC))
    snapshots.refresh(engine, library.load(), agency, date(2027, 3, 1))
    engine.dispose()
    return url


def _scores(here: Place) -> Scores:
    return _read(_filled(here))


def _read(url: str) -> Scores:
    engine = db.connect(url)
    with db.read(engine) as conn:
        found = snapshots.read(conn, "main", "eit", thai.parse_month(MONTH))
    engine.dispose()
    if found is None:
        raise RuntimeError("the worker has counted nothing")
    return found[0]


def _card(scores: Scores) -> tuple[str, Scores, list[tuple[thai.Period, Scores]], thai.Period]:
    month = thai.parse_month(MONTH)
    return "เทศบาลตำบลตัวอย่าง", scores, [(month.previous(), scores)], month


def _plain(scores: Scores) -> dict[str, object]:
    agency, this, earlier, month = _card(scores)
    return charts.plain(agency, this, [*earlier, (month, this)], month)


def _times(work: Callable[[], object], count: int) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _ in range(count):
        begun = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - begun))
    return found


def _grown(way: str, url: str) -> float:
    """Megabytes this process is larger after ten pictures."""
    scores, process = _read(url), psutil.Process()
    before = process.memory_info().rss
    for _ in range(10):
        if way == "apart":
            charts.score_card_png(*_card(scores))
        else:
            typeset.png("card", _plain(scores), charts.PPI)
    return (process.memory_info().rss - before) / 1e6


if __name__ == "__main__":
    print(_grown(*sys.argv[1:]))
