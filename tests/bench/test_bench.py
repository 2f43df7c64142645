"""The bench itself works: its generator counts right, its table is a table, its quick parts run. No time is judged."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import mirror, table
from bench.load import Plan, fire
from bench.people import local_line
from bench.place import baseline, place, siang_web, stored_answers
from bench.shots import WALK, Residents
from bench.table import Row

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the load generator needs epoll")


def test_a_walk_stores_nine_answers_and_its_thanks_end_it() -> None:
    """Closed loop, with replies: every event is answered, every answer stored, every reply arrives."""
    with place() as here, local_line() as people:
        url = here.database("sqlite")
        with siang_web(here, url, people.line.url) as server:
            lanes = people.residents().lanes(2, 2 * len(WALK))
            outcome = fire(Plan(server.port, lanes, 2, 30.0, 0.0).hearing(people.ear.fileno()))

        assert dict(outcome.statuses) == {200: 2 * len(WALK)}
        assert stored_answers(url) == outcome.answers == 18
        assert outcome.unreplied == 0
        assert len(outcome.latencies) == 2 * len(WALK)


def test_at_a_fixed_rate_every_shot_is_fired_and_the_bare_limit_answers() -> None:
    before, shots = Residents().crowd(5, 50)
    with place() as here, baseline(here, "bench.bare:create", here.empty_database("sqlite")) as bare:
        outcome = fire(Plan(bare.port, (before, shots), 8, 0.0, rate=200.0))

    assert outcome.statuses[200] == len(before) + 50
    assert len(outcome.latencies) == len(outcome.late) == 50


def test_residents_take_turns_and_none_is_ahead_of_himself() -> None:
    before, shots = Residents().crowd(5, 100)

    bodies = [shot.request.partition(b"\r\n\r\n")[2] for shot in (*before, *shots)]

    assert len(set(bodies)) == len(bodies)
    for person in {body.partition(b'"userId":"')[2][:33] for body in bodies}:
        moments = [body.partition(b'"timestamp":')[2][:13] for body in bodies if person in body]
        assert moments == sorted(moments)


def test_the_mirror_part_copies_its_rows_within_the_quota() -> None:
    [row] = mirror.run(quick=True)

    assert "1,200 in" in row.value
    assert "4 writes" in row.value


def test_the_table_shows_value_baseline_ratio_and_what_was_missed() -> None:
    rows = [Row("ก้าว", "500/s", "2,000/s", 0.25, "≥ 0.5", False), Row("b", "1 s")]

    head, _, first, second = table.text(rows).splitlines()

    assert head.split() == ["what", "Siang", "beside", "ratio", "goal"]
    assert first.split() == ["ก้าว", "500/s", "2,000/s", "0.25", "≥", "0.5", "MISSED"]
    assert second.split() == ["b", "1", "s"]
    assert table.markdown(rows).splitlines()[2] == "| ก้าว | 500/s | 2,000/s | 0.25 | ≥ 0.5 | MISSED |"


def test_the_command_prints_one_table_and_refuses_an_unknown_part() -> None:
    ran = _bench("--quick", "reconcile")
    refused = _bench("speed")

    assert "check of 100 published cells" in ran.stdout, ran.stderr
    assert refused.returncode == 2
    assert "no such part: speed" in refused.stderr


def _bench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=120)
