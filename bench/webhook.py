"""Webhook to commit and webhook to reply, beside the bare limit, on both databases.

Siang and the bare limit run at the same time as servers of their own and take turns under fire, so that whatever else
the machine does hits both. After each database the answers in the store are counted: an answer that was acknowledged
and is not there stops the bench.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.load import Outcome, Plan, fire
from bench.people import People, local_line
from bench.place import Place, Server, baseline, place, siang_web, stored_answers
from bench.shots import Residents
from bench.table import Row

DATABASES = {"SQLite": "sqlite", "PostgreSQL": "postgresql"}
LATENCIES_S = (0.0, 0.1)  # of the local LINE
OFFERED = 250.0
POOL = 64  # connections of the open loop
WARM_S = 0.3  # after a warm-up of its own, for each turn
OFFERED_TURNS = 3
PEOPLE = 50  # who answer at the same time in the open loop
QUARTER, HALF = 0.25, 0.5
P99_MS = 50.0


@dataclass
class Pair:
    """Siang and the bare limit side by side, and how much of each stage is measured."""

    siang: Server
    bare: Server
    seconds: float
    turns: int
    people: People | None = None
    acknowledged: int = 0

    def __post_init__(self) -> None:
        self.residents = self.people.residents() if self.people else Residents()

    def closed(self, connections: int) -> tuple[Outcome, Outcome]:
        """Both at full speed on so many connections, in turns; each one's turns added up."""
        made: tuple[list[Outcome], list[Outcome]] = ([], [])
        for _ in range(self.turns):
            for server, outcomes in ((self.bare, made[1]), (self.siang, made[0])):
                lanes = self.residents.lanes(connections, round(3500 * self.seconds))
                outcomes.append(self._fire(server, Plan(server.port, lanes, connections, self.seconds, WARM_S)))
        return _together(made[0]), _together(made[1])

    def offered(self) -> tuple[Outcome, Outcome]:
        """Both at 250 events a second, whatever they answer; of Siang's turns the middle one, by its p99."""
        bare = self._offer(self.bare)
        siang = sorted((self._offer(self.siang) for _ in range(OFFERED_TURNS)), key=lambda turn: turn.quantile(0.99))
        return siang[OFFERED_TURNS // 2], bare

    def _offer(self, server: Server) -> Outcome:
        lanes = self.residents.crowd(PEOPLE, round(OFFERED * 2 * self.seconds))
        return self._fire(server, Plan(server.port, lanes, POOL, 0, rate=OFFERED))

    def _fire(self, server: Server, plan: Plan) -> Outcome:
        outcome = fire(plan.hearing(self.people.ear.fileno()) if self.people else plan)
        if set(outcome.statuses) != {200}:
            raise RuntimeError(f"a server under load answered {dict(outcome.statuses)}")
        if server is self.siang:
            self.acknowledged += outcome.answers
        return outcome


def run(quick: bool = False) -> list[Row]:
    """All stages; ``quick``: to commit on SQLite only, half a second each."""
    rows = []
    with place() as here:
        for name, kind in list(DATABASES.items())[: 1 if quick else 2]:
            rows += _to_commit(here, name, kind, quick)
            for latency in LATENCIES_S[: 0 if quick else 2]:
                rows += _to_reply(here, name, kind, latency, quick)
    return rows


def _to_commit(here: Place, name: str, kind: str, quick: bool) -> list[Row]:
    """Events without a reply token: nothing follows the commit."""
    with _pair(here, kind, quick) as pair:
        return _stages(pair, f"webhook to commit, {name}", judged=True)


def _to_reply(here: Place, name: str, kind: str, latency: float, quick: bool) -> list[Row]:
    with local_line(latency) as people, _pair(here, kind, quick, people) as pair:
        return _stages(pair, f"webhook to reply, LINE {1000 * latency:.0f} ms, {name}", judged=latency == 0)


@contextmanager
def _pair(here: Place, kind: str, quick: bool, people: People | None = None) -> Iterator[Pair]:
    url, line_url = here.database(kind), people.line.url if people else "http://127.0.0.1:9"
    with (
        siang_web(here, url, line_url) as siang,
        baseline(here, "bench.bare:create", here.empty_database(kind), line_url) as bare,
    ):
        pair = Pair(siang, bare, 0.5 if quick else 1.5, 1 if quick else 2, people)
        pair.acknowledged = warm_up(siang, pair.residents, people).answers
        warm_up(bare, pair.residents, people)
        yield pair
        if (stored := stored_answers(url)) != pair.acknowledged:
            raise RuntimeError(f"{pair.acknowledged} answers were acknowledged, {stored} are stored")


def _stages(pair: Pair, name: str, judged: bool) -> list[Row]:
    rows = []
    for connections in (1, 16) if judged else (16,):
        siang, bare = pair.closed(connections)
        ratio = siang.rate / bare.rate
        goal = f"≥ {QUARTER} of (a), better {HALF}" if judged else ""
        what = f"{name}, {connections} connection{'s' if connections > 1 else ''}"
        rows.append(Row(what, told(siang), told(bare), ratio, goal, ratio >= QUARTER if judged else None))
    siang, bare = pair.offered()
    p99 = siang.quantile(0.99)
    what = f"{name}, {OFFERED:.0f}/s offered"
    # With a slow LINE its own time is in every figure; the bot's part is what is left.
    allowed = P99_MS + 1000 * (pair.people.line.latency if pair.people else 0.0)
    goal = f"p99 < {allowed:.0f} ms"
    rows.append(Row(what, told(siang), told(bare), siang.quantile(0.5) / bare.quantile(0.5), goal, p99 < allowed))
    return rows


def warm_up(server: Server, residents: Residents, people: People | None = None) -> Outcome:
    """A few residents, so that everything is imported, connected and compiled before anything is measured."""
    plan = Plan(server.port, residents.lanes(4, 260), 4, 10.0)
    return fire(plan.hearing(people.ear.fileno()) if people else plan)


def told(outcome: Outcome) -> str:
    """An outcome in a cell of the table."""
    lost = f", {outcome.unreplied} without reply" if outcome.unreplied else ""
    late = f", fired up to {outcome.lateness:.0f} ms late" if outcome.late else ""
    return f"{outcome.rate:,.0f}/s p50 {outcome.quantile(0.5):.1f} p99 {outcome.quantile(0.99):.1f} ms{lost}{late}"


def _together(outcomes: list[Outcome]) -> Outcome:
    whole = Outcome()
    for one in outcomes:
        whole.latencies += one.latencies
        whole.seconds += one.seconds
        whole.unreplied += one.unreplied
        whole.cpu = max(whole.cpu, one.cpu)
    return whole
