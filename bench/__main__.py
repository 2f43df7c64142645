"""``python -m bench [--quick] [names...]``: one table of what was measured, each figure beside its baseline."""

import argparse
import importlib
import logging
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

import psutil
import structlog

from bench import table
from bench.table import Row

PARTS = {
    "webhook": "webhook to commit and to reply, beside the bare limit, SQLite and PostgreSQL",
    "tutorial": "beside the tutorial bot that writes to the sheet inside the webhook",
    "overload": "bounded replies: what is dropped when LINE hangs",
    "start": "start to first answer, memory of a worker process",
    "mirror": "rows a minute to the sheet within the quota",
    "scores": "the scores of a million responses",
    "documents": "all documents of an agency, and the picture of a month",
    "complaints": "filed to the officer's phone, suggested categories, statistics of a large register",
    "reconcile": "whether a published result adds up, and what would mend it",
    "coverage": "how often the 95 % interval holds the truth",
}


def main(arguments: list[str]) -> int:
    """0: every goal reached; 1: something fell short (and says so)."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="; ".join(f"{n}: {w}" for n, w in PARTS.items()))
    parser.add_argument("--quick", action="store_true", help="small and SQLite only, to see that the bench works")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    begun, rows = time.monotonic(), []
    for name in asked.names or PARTS:
        print(f"... {name}", file=sys.stderr, flush=True)
        run = cast(Callable[[bool], list[Row]], importlib.import_module(f"bench.{name}").run)
        rows += run(asked.quick)
    print(_machine(time.monotonic() - begun))
    print(table.markdown(rows) if asked.markdown else table.text(rows))
    return int(any(row.ok is False for row in rows))


def _machine(seconds: float) -> str:
    cores, busy = psutil.cpu_count() or 0, psutil.getloadavg()[0]
    day = datetime.now(UTC).date()
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{day} · {cores} cores, {memory:.0f} GB, Python {platform.python_version()}, {platform.system()} · "
        f"took {seconds:.0f} s, load average at the end {busy:.1f}\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
