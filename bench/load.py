"""The load generator: a process of its own, one thread, raw keep-alive sockets, bodies made and signed beforehand.

Closed loop (``rate`` 0): each connection fires its own lane, the next shot when the last is done. Open loop: shots are
due at fixed times whatever the server does, and latency counts from the moment a shot was due, not from when it could
be sent. A shot is done with its HTTP answer; with ``replies`` when its reply has arrived at the local LINE too, which
sends the reply token here as a datagram. Bounded by the number of shots and by time. Linux only (epoll).
"""

import gc
import pickle
import select
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bench.shots import Shot

PATIENCE_S = 5.0
REPLIES_LEAVE_S = 1.0  # those of the warm-up, before anything is measured


@dataclass(frozen=True)
class Plan:
    """``lanes``: one a connection. Open loop: the shots of lane 0 warm up, those of lane 1 come ``rate`` a second."""

    port: int
    lanes: Sequence[Sequence[Shot]]
    connections: int
    seconds: float
    warm_s: float = 0.7
    rate: float = 0.0
    replies: bool = False
    ear: int = -1  # file descriptor of the socket on which the local LINE tells of replies

    def hearing(self, ear: int) -> "Plan":
        """The same, waiting for replies too."""
        return replace(self, replies=True, ear=ear)


@dataclass
class Outcome:
    """``latencies``: seconds, of what was measured after the warm-up; the rest counts everything."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    answers: int = 0
    unreplied: int = 0
    late: list[float] = field(default_factory=list)  # open loop: how late the generator itself was
    cpu: float = 0.0  # of one core

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def lateness(self) -> float:
        """Milliseconds, p99: what the machine, not the server, added."""
        return 1000 * sorted(self.late)[int(0.99 * len(self.late))]

    def quantile(self, part: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies) or [0.0]
        return 1000 * ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def fire(plan: Plan) -> Outcome:
    """Run a plan in a process of its own."""
    command = [sys.executable, "-c", "from bench.load import main; main()"]
    keep = () if plan.ear < 0 else (plan.ear,)
    ran = subprocess.run(command, input=pickle.dumps(plan), capture_output=True, check=False, pass_fds=keep)
    if ran.returncode:
        raise RuntimeError(f"the load generator failed: {ran.stderr.decode()[-2000:]}")
    outcome = pickle.loads(ran.stdout)
    assert isinstance(outcome, Outcome)
    return outcome


@dataclass(eq=False)
class _Connection:
    socket: socket.socket
    lane: deque[Shot]
    shot: Shot | None = None
    since: float = 0.0
    sent: float = 0.0
    answered: bool = False
    replied: bool = False
    buffer: bytes = b""


class Generator:
    """One run."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.outcome = plan, Outcome()
        self.poll = select.epoll()
        self.connections: dict[int, _Connection] = {}
        self.free: list[_Connection] = []
        self.by_token: dict[bytes, _Connection] = {}
        self.measuring_from = self.stop_at = float("inf")
        self.waits_for_replies = plan.replies
        for number in range(plan.connections):
            made = socket.create_connection(("127.0.0.1", plan.port))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = _Connection(made, deque(plan.lanes[number] if not plan.rate else ()))
            self.connections[made.fileno()] = connection
            self.poll.register(made, select.EPOLLIN)
        self.ear = socket.socket(fileno=plan.ear) if plan.ear >= 0 else None
        if self.ear is not None:
            self.ear.setblocking(False)
            self.poll.register(self.ear, select.EPOLLIN)

    def run(self) -> Outcome:
        before = time.process_time()
        begun = time.perf_counter()
        if self.plan.rate:
            self._open_loop()
        else:
            self._closed_loop()
        self.outcome.cpu = (time.process_time() - before) / (time.perf_counter() - begun)
        return self.outcome

    def _closed_loop(self) -> None:
        now = time.perf_counter()
        self.measuring_from = now + self.plan.warm_s
        self.stop_at = self.measuring_from + self.plan.seconds
        for connection in self.connections.values():
            self._next(connection)
        while self._busy():
            self._wait(0.5)
        self.outcome.seconds = min(time.perf_counter(), self.stop_at) - self.measuring_from

    def _open_loop(self) -> None:
        # The way there, as fast as it goes: one person after another, so that nobody is overtaken by himself.
        first = next(iter(self.connections.values()))
        first.lane.extend(self.plan.lanes[0])
        self.waits_for_replies = False
        self._next(first)
        while self._busy():
            self._wait(0.5)
        self.waits_for_replies = self.plan.replies
        time.sleep(REPLIES_LEAVE_S if self.plan.replies else 0)
        shots = deque(self.plan.lanes[1])
        begun = self.measuring_from = time.perf_counter() + 0.05
        self.free = list(self.connections.values())
        number = 0
        while shots or self._busy():
            now = time.perf_counter()
            while shots and self.free and begun + number / self.plan.rate <= now:
                due = begun + number / self.plan.rate
                self.outcome.late.append(now - due)
                self._send(self.free.pop(), shots.popleft(), due)
                number += 1
            wait = begun + number / self.plan.rate - now if shots and self.free else 0.5
            self._wait(max(0.0, wait))
        self.outcome.seconds = time.perf_counter() - begun

    def _busy(self) -> bool:
        return any(c.shot is not None for c in self.connections.values())

    def _wait(self, seconds: float) -> None:
        for number, _ in self.poll.poll(seconds):
            if self.ear is not None and number == self.ear.fileno():
                self._hear()
            else:
                self._receive(self.connections[number])
        self._give_up_on_lost()

    def _give_up_on_lost(self) -> None:
        if not self.waits_for_replies:
            return
        now = time.perf_counter()
        for connection in self.connections.values():
            if connection.shot is not None and connection.answered and now - connection.sent > PATIENCE_S:
                self.outcome.unreplied += 1
                self._done(connection, measured=False)

    def _hear(self) -> None:
        assert self.ear is not None
        while True:
            try:
                token = self.ear.recv(100)
            except BlockingIOError:
                return
            connection = self.by_token.pop(token, None)
            if connection is not None:
                connection.replied = True
                if connection.answered:
                    self._done(connection)

    def _receive(self, connection: _Connection) -> None:
        data = connection.socket.recv(65536)
        if not data:
            raise ConnectionError("the server hung up")
        connection.buffer += data
        head, end, body = connection.buffer.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return
        connection.buffer = b""
        connection.answered = True
        status = int(head[9:12])
        self.outcome.statuses[status] += 1
        if status == 200 and connection.shot is not None:
            self.outcome.answers += connection.shot.answers
        if connection.replied or not self.waits_for_replies or status != 200:
            self._done(connection)

    def _done(self, connection: _Connection, measured: bool = True) -> None:
        now = time.perf_counter()
        assert connection.shot is not None
        if measured and connection.since >= self.measuring_from and now <= self.stop_at:
            self.outcome.latencies.append(now - connection.since)
        self.by_token.pop(connection.shot.token.encode(), None)
        connection.shot = None
        if self.plan.rate and not connection.lane:
            self.free.append(connection)
        else:
            self._next(connection)

    def _next(self, connection: _Connection) -> None:
        now = time.perf_counter()
        if connection.lane and now < self.stop_at:
            self._send(connection, connection.lane.popleft(), now)

    def _send(self, connection: _Connection, shot: Shot, since: float) -> None:
        connection.shot, connection.since, connection.sent = shot, since, time.perf_counter()
        connection.answered = connection.replied = False
        if self.waits_for_replies:
            self.by_token[shot.token.encode()] = connection
        connection.socket.sendall(shot.request)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0


def main() -> None:
    """The process: a plan comes in, an outcome goes out."""
    plan = pickle.loads(sys.stdin.buffer.read())
    gc.disable()
    sys.stdout.buffer.write(pickle.dumps(Generator(plan).run()))
