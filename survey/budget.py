"""Which paid message may still go out this month, and what a group costs. Pure.

LINE counts a message for each person reached, the office's own broadcasts in the same quota. So a kind of message goes
out only while enough stays for what is more urgent: for alerts the reserve of the rules, for questions and outcomes one
message for each open ticket whose complainant waits in LINE, for reminders one for each open ticket.
"""

from dataclasses import dataclass

ALERT, TELL, LIMIT, DIGEST = "alert", "tell", "limit", "digest"
ORDER = (ALERT, TELL, LIMIT, DIGEST)
"""Urgent alert, question or outcome to the complainant, limit near or over, morning digest."""
PUSH = "push"
"""A row of the queue that says its class in its payload."""
KINDS = (ALERT, PUSH, TELL, DIGEST)
"""Kinds of rows in the queue, the most urgent first."""
MORNINGS = 22
"""Working mornings in a month, at most."""
FREE_PLAN = 300
"""Messages a month of LINE's free plan in Thailand."""
_SHARE = 4  # a backlog may hold back at most a quarter of the quota, or no reminder would ever go out


@dataclass(frozen=True, slots=True)
class Standing:
    """``quota``: messages a month, None without limit. ``used``: counted by LINE, and by us since LINE was asked.

    ``waiting``: open tickets whose complainants wait in LINE. ``open``: all open tickets.
    """

    quota: int | None
    used: int
    reserve: int = 0
    waiting: int = 0
    open: int = 0

    @property
    def left(self) -> int | None:
        """Messages that LINE still takes this month; None: as many as one likes."""
        return None if self.quota is None else max(self.quota - self.used, 0)


def allows(standing: Standing, kind: str, people: int) -> bool:
    """May a message of this kind to so many people go out now?"""
    return standing.left is None or people <= standing.left - kept(standing, kind)


def kept(standing: Standing, kind: str) -> int:
    """Messages that this kind must leave for more urgent ones."""
    share = (standing.quota or 0) // _SHARE
    urgent, answers = standing.reserve, min(standing.waiting, share)
    return {ALERT: 0, TELL: urgent, LIMIT: urgent + answers}.get(kind, urgent + answers + min(standing.open, share))


def a_month(people: int) -> int:
    """Messages a month for a digest to so many people every working morning."""
    return people * MORNINGS


def plan(people: int, quota: int | None) -> str:
    """How the digests of so many people go with the plan's messages: unlimited, within, over, over_free."""
    if quota is None:
        return "unlimited"
    if a_month(people) <= quota:
        return "within"
    return "over_free" if quota == FREE_PLAN else "over"
