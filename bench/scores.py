"""The scores of a fiscal year with a million responses: ``siang scores`` as an operator runs it, time and peak memory.

Beside it, on the same database: reading every answer into Python and averaging there, which is what a script would do.
Half the responses are drawn from few patterns, as people answer; half have nine independent answers, the worst case
for grouping.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from statistics import fmean
from typing import Any

from sqlalchemy import Engine, text

from bench.place import SIANG, Place, place
from bench.table import Row
from survey import db

MANY, FEW = 1_000_000, 50_000
SECONDS, MEGABYTES = 10.0, 1024.0
FIRST = date(2026, 10, 1)
COLUMNS = "agency_id id round_id kind instrument_id instrument_version completed_on mode household answers".split()
AGREE = ["1", "2", "3", "4", "5", "6", "na"]
LIKELY = [1, 1, 2, 6, 20, 67, 3]


def run(quick: bool = False) -> list[Row]:
    """A row each for SQLite and PostgreSQL (``quick``: SQLite with 50,000 only)."""
    rows = []
    with place() as here:
        for kind in ("sqlite",) if quick else ("sqlite", "postgresql"):
            rows.append(_measure(here, kind, FEW if quick else MANY))
    return rows


def _measure(here: Place, kind: str, count: int) -> Row:
    url = here.database(kind)
    engine = db.connect(url)
    fill(engine, count)
    engine.dispose()
    ours = timed((*SIANG, "scores", "--fiscal-year", "2570", "--format", "json"), url)
    plain = timed((sys.executable, "-m", "bench.scores", url), url)
    return Row(
        f"scores of {count:,} responses, {kind}",
        f"{ours[0]:.1f} s, {ours[1]:.0f} MB",
        f"all read into Python {plain[0]:.1f} s, {plain[1]:.0f} MB",
        ours[0] / plain[0],
        f"< {SECONDS:.0f} s and < {MEGABYTES:.0f} MB",
        ours[0] < SECONDS and ours[1] < MEGABYTES,
    )


def timed(command: tuple[str, ...], url: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a command. Raises RuntimeError when it fails."""
    env = {**os.environ, "DATABASE_URL": url}
    begun = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - begun, usage.ru_maxrss / 1024


def fill(engine: Engine, count: int) -> None:
    names = ", ".join(COLUMNS)
    with db.write(engine) as conn:
        cursor: Any = conn.connection.cursor()
        if engine.dialect.name == "sqlite":
            cursor.executemany(
                f"INSERT INTO responses ({names}) VALUES ({', '.join('?' * len(COLUMNS))})", _rows(count)
            )
            return
        with cursor.copy(f"COPY responses ({names}) FROM STDIN") as out:
            for row in _rows(count):
                out.write_row(row)
        conn.execute(text("ANALYZE responses"))


def _rows(count: int) -> Iterator[tuple[object, ...]]:
    rng = Random(2570)
    usual = [_answers(rng) for _ in range(2000)]
    for number in range(count):
        answers = rng.choice(usual) if number % 2 else _answers(rng)
        day = (FIRST + timedelta(days=rng.randrange(365))).isoformat()
        mode = "self" if rng.random() < 0.9 else "assisted"
        key = f"{rng.getrandbits(88):022x}"
        yield "main", key, "eit-2570-1", "eit", "eit-2570", 1, day, mode, rng.random() < 0.05, answers


def _answers(rng: Random) -> str:
    agree = rng.choices(AGREE, LIKELY, k=7)
    yes_no = [rng.choices(("ever", "never", "na"), weights)[0] for weights in ((1, 96, 3), (60, 37, 3))]
    codes = ("e1", "e2", "e4", "e5", "e6", "e7", "e8", "e3", "e9")
    return json.dumps(dict(zip(codes, [*agree, *yes_no], strict=True)))


def _in_python(url: str) -> float:
    """The baseline: every row through Python, the mean of e1."""
    with db.read(db.connect(url)) as conn:
        found = [row.answers for row in conn.execute(text("SELECT answers FROM responses"))]
    read = [json.loads(answers) if isinstance(answers, str) else answers for answers in found]
    return fmean(20 * (int(value) - 1) for answers in read if (value := answers["e1"]) != "na")


if __name__ == "__main__":
    print(_in_python(sys.argv[1]))
