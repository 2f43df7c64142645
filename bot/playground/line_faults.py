"""Switches that make the local LINE misbehave: slow, an error status, a dropped connection.

``endpoint`` is the last word of the path that should suffer ("reply", "push", "start", ...); None means all of them.
``after=True`` lets LINE do the work first and spoils only the answer: the caller cannot know, as in real time-outs.
"""

import threading
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["slow", "status", "drop"]


@dataclass
class Fault:
    """One switch. ``times``: how many calls it spoils, None until cleared."""

    kind: Kind
    endpoint: str | None = None
    times: int | None = None
    seconds: float = 0.0
    status: int = 500
    after: bool = False


class Faults:
    """The switches that are on, oldest first; a call suffers the first slow one and the first of the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._on: list[Fault] = []

    def slow(self, seconds: float, endpoint: str | None = None, times: int | None = None) -> None:
        self.add(Fault("slow", endpoint, times, seconds=seconds))

    def fail(
        self, status: int = 500, endpoint: str | None = None, times: int | None = 1, *, after: bool = False
    ) -> None:
        self.add(Fault("status", endpoint, times, status=status, after=after))

    def drop(self, endpoint: str | None = None, times: int | None = 1, *, after: bool = False) -> None:
        self.add(Fault("drop", endpoint, times, after=after))

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._on.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._on.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(fault) for fault in self._on]

    def take(self, endpoint: str) -> list[Fault]:
        """The faults that hit this call; each loses one of its ``times``."""
        if not self._on:
            return []
        with self._lock:
            hit: dict[bool, Fault] = {}
            for fault in self._on:
                if fault.endpoint in (None, endpoint):
                    hit.setdefault(fault.kind == "slow", fault)
            for fault in hit.values():
                if fault.times is not None:
                    fault.times -= 1
            self._on = [fault for fault in self._on if fault.times is None or fault.times > 0]
            return list(hit.values())
