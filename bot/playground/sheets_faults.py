"""Fault switches of the local Sheets service: when a call fails, and how the client sees it.

Two axes that combine freely. *When*: ``before`` (nothing is applied), ``after`` (applied, but the client is told it
failed), ``late`` (told now, applied some seconds later). *How* the client sees it: an HTTP status (``500``, ``503``,
``401``, ``403``, ``404``, ``429``), ``html`` (503 with an HTML page), ``broken`` (200 and half a JSON body), ``reset``
(the connection breaks), ``hang`` (silence, then the connection breaks), ``cells`` (the 10,000,000-cell error).
"""

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

When = Literal["before", "after", "late"]
How = Literal["500", "503", "401", "403", "404", "429", "html", "broken", "reset", "hang", "cells"]
On = Literal["write", "read", "any", "token"]
LATE_S, HANG_S = 2.0, 30.0


@dataclass(frozen=True, slots=True)
class Fault:
    """``times`` None: until cleared. ``seconds``: how late, or how long the silence."""

    when: When
    how: How
    times: int | None = 1
    seconds: float = 0.0
    on: On = "write"

    def __post_init__(self) -> None:
        if self.when not in get_args(When) or self.how not in get_args(How) or self.on not in get_args(On):
            raise ValueError(f"no such fault: when={self.when} how={self.how} on={self.on}")
        if self.when != "before" and self.how in ("401", "403", "404", "429", "cells"):
            raise ValueError(f"{self.how} means that nothing was applied: use it with when='before'")


class Faults:
    """Faults to come, oldest first, then chance. All methods may be called from any thread while the service runs."""

    def __init__(self) -> None:
        self.latency_s = 0.0
        self.stopped = threading.Event()  # ends every silence and wait when the service stops
        self._queue: list[Fault] = []
        self._chances: dict[str, float] = {}
        self._late_s, self._hang_s = LATE_S, HANG_S
        self._chance_on: On = "write"
        self._random = random.Random(0)  # noqa: S311 - repeatable chance is the point
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._queue.append(fault)

    def before(self, how: How = "503", *, times: int | None = 1, on: On = "write") -> None:
        self.add(Fault("before", how, times, on=on))

    def after(self, how: How = "503", *, times: int | None = 1, on: On = "write") -> None:
        self.add(Fault("after", how, times, on=on))

    def late(self, how: How = "503", *, seconds: float = LATE_S, times: int | None = 1) -> None:
        self.add(Fault("late", how, times, seconds))

    def hang(self, *, seconds: float = HANG_S, when: When = "before", times: int | None = 1, on: On = "write") -> None:
        self.add(Fault(when, "hang", times, seconds, on))

    def chaos(
        self,
        chances: Mapping[str, float],
        seed: int = 0,
        *,
        late_s: float = LATE_S,
        hang_s: float = 3.0,
        on: On = "write",
    ) -> None:
        """Faults by chance: ``{"before": 0.1, "after": 0.1, "late": 0.05, "hang": 0.02, "429": 0.05}``.

        The client sees before, after and late faults as a 503, HTML, broken body or reset in turn of the dice; a hang
        is applied or not by a coin. The same seed and order of calls give the same faults.
        """
        unknown = set(chances) - {"before", "after", "late", "hang", "429"}
        if unknown or sum(chances.values()) > 1:
            raise ValueError(f"chances must be of before, after, late, hang, 429 and add up to at most 1: {chances}")
        with self._lock:
            self._chances = dict(chances)
            self._late_s, self._hang_s, self._chance_on = late_s, hang_s, on
            self._random = random.Random(seed)  # noqa: S311

    def clear(self) -> None:
        with self._lock:
            self._queue.clear()
            self._chances = {}

    def pending(self) -> list[Fault]:
        with self._lock:
            return list(self._queue)

    def next(self, kind: On) -> Fault | None:
        """The fault that the call at hand meets, if any. ``kind``: write, read or token."""
        with self._lock:
            for index, fault in enumerate(self._queue):
                if fault.on == kind or (fault.on == "any" and kind != "token"):
                    self._use_up(index, fault)
                    return fault
            met = self._chance_on == kind or (self._chance_on == "any" and kind != "token")
            return self._by_chance() if met and self._chances else None

    def _use_up(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._queue[index]
        else:
            self._queue[index] = Fault(fault.when, fault.how, fault.times - 1, fault.seconds, fault.on)

    def _by_chance(self) -> Fault | None:
        dice = self._random.random()
        unclear: tuple[How, ...] = ("503", "html", "broken", "reset")
        how = self._random.choice(unclear)
        coin = self._random.random() < 0.5
        for name, chance in self._chances.items():
            if dice < chance:
                if name == "429":
                    return Fault("before", "429")
                if name == "hang":
                    return Fault("after" if coin else "before", "hang", 1, self._hang_s)
                when: When = "before" if name == "before" else "after" if name == "after" else "late"
                return Fault(when, how, 1, self._late_s)
            dice -= chance
        return None


class Quota:
    """Google's per-minute meters, one pair for each service account. ``clock`` in seconds; windows do not slide."""

    def __init__(self, writes: int = 60, reads: int = 60, window_s: float = 60.0) -> None:
        self.writes, self.reads, self.window_s = writes, reads, window_s
        self._used: dict[tuple[str, bool], tuple[int, int]] = {}
        self._lock = threading.Lock()

    def take(self, account: str, write: bool, now: float) -> bool:
        """Count one call; False when this window's allowance is used up."""
        window = int(now // self.window_s)
        with self._lock:
            seen, used = self._used.get((account, write), (window, 0))
            used = used if seen == window else 0
            if used >= self.limit(write):
                return False
            self._used[account, write] = (window, used + 1)
            return True

    def limit(self, write: bool) -> int:
        return self.writes if write else self.reads

    def used(self, write: bool, now: float) -> int:
        """Calls counted in the present window, of the account that made the most."""
        window = int(now // self.window_s)
        with self._lock:
            return max((n for (_, w), (seen, n) in self._used.items() if w == write and seen == window), default=0)
