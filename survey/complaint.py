"""The life of a complaint: its statuses, what may be done in which, by whom, and the number people quote. Pure.

    received -> in_progress -> resolved | rejected      resolved -> in_progress (reopened)
    received | in_progress -> cancelled (by the complainant) | merged (into another ticket)

``status`` is the work's. Whether the complainant has heard of the outcome is another thing: ``delivery``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

RECEIVED, IN_PROGRESS, RESOLVED, REJECTED = "received", "in_progress", "resolved", "rejected"
CANCELLED, MERGED = "cancelled", "merged"
STATUSES = (RECEIVED, IN_PROGRESS, RESOLVED, REJECTED, CANCELLED, MERGED)
OPEN = frozenset({RECEIVED, IN_PROGRESS})
CLOSED = frozenset(STATUSES) - OPEN

STATUS_TITLES = {
    RECEIVED: "รับเรื่องแล้ว",
    IN_PROGRESS: "กำลังดำเนินการ",
    RESOLVED: "แก้ไขแล้ว",
    REJECTED: "ไม่รับดำเนินการ",
    CANCELLED: "ผู้แจ้งยกเลิก",
    MERGED: "รวมกับเรื่องอื่น",
}
CHANNELS = {
    "line": "LINE",
    "phone": "โทรศัพท์",
    "walk_in": "มาด้วยตนเอง",
    "letter": "หนังสือ/จดหมาย",
    "facebook": "Facebook",
    "1567": "ศูนย์ดำรงธรรม 1567",
    "other": "ช่องทางอื่น",
}
TELL_BY = ("line", "phone", "none")
"""How the complainant wants to hear the outcome."""

COMPLAINANT, OFFICER, SYSTEM = "complainant", "officer", "system"
"""Who did something."""

# What can be done, in which status, and the status after it (None: stays).
_RULES: Mapping[str, tuple[frozenset[str], str | None]] = {
    "accept": (frozenset({RECEIVED}), IN_PROGRESS),
    "forward": (OPEN, RECEIVED),  # the other department accepts anew
    "sort": (OPEN, None),  # another category, the same department's work
    "ask": (OPEN, None),
    "answer": (OPEN, None),
    "note": (frozenset(STATUSES), None),
    "add": (OPEN, None),  # the complainant adds words or a photo
    "resolve": (OPEN, RESOLVED),
    "reject": (OPEN, REJECTED),
    "reopen": (frozenset({RESOLVED}), IN_PROGRESS),
    "confirm": (frozenset({RESOLVED}), None),  # the complainant's word: really mended
    "rate": (frozenset({RESOLVED}), None),
    "cancel": (OPEN, CANCELLED),
    "merge": (OPEN, MERGED),
    "release": (frozenset({IN_PROGRESS}), RECEIVED),  # who worked on it has left: somebody else accepts
}
ACTIONS = ("receive", *_RULES, "told", "unreached", "called", "unsend", "erase", "forget")
"""Everything that makes a row of history; those that are not in the rules change no status."""


class CaseError(Exception):
    """The action does not fit the case as it stands. ``phrase`` names a text, ``values`` fill it in."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(phrase)
        self.phrase = phrase
        self.values_ = values


@dataclass(frozen=True, slots=True)
class Case:
    """What the rules look at of a ticket."""

    ticket: str
    status: str
    category: str
    department: str
    officer: str | None = None
    question: str = ""
    reopened: int = 0
    confirmed: bool | None = None
    rating: int | None = None
    merged_into: str | None = None
    delivery: str = "none"
    tell_by: str = "none"


@dataclass(frozen=True, slots=True)
class Deed:
    """One action. ``by``: complainant, officer, system; ``officer``: who. ``words``: question, reason, answer, note.

    ``to``: the department of a forward, the ticket id of a merge, the category of a sort. ``rating`` 1-5.
    """

    action: str
    by: str
    officer: str | None = None
    words: str = ""
    to: str = ""
    rating: int | None = None
    message_id: str | None = None
    category: str = ""  # of a forward that also sorts anew
    follower: bool = False  # done by one whose ticket was merged into this one: another person than its complainant


def apply(case: Case, deed: Deed) -> Case:
    """The case after the deed. Raises CaseError: "case_taken", "case_closed", "case_words", "case_same" ..."""
    allowed, after = _RULES[deed.action]
    if case.status not in allowed:
        raise _unfitting(case, deed)
    if deed.action in ("ask", "reject", "resolve", "note", "answer") and not deed.words.strip():
        raise CaseError("case_words")
    done = replace(case, status=after or case.status)
    effect = _EFFECTS.get(deed.action)
    return effect(done, deed) if effect else done


def fits(action: str, status: str) -> bool:
    """May this be done to a ticket in this status, by somebody who may do it at all?"""
    return status in _RULES[action][0]


def told(case: Case) -> bool:
    """Is there an outcome that the complainant wants to hear?"""
    return case.status in (RESOLVED, REJECTED) and case.tell_by != "none"


def _unfitting(case: Case, deed: Deed) -> CaseError:
    if deed.action == "accept" and case.status == IN_PROGRESS:
        return CaseError("case_taken", ticket=shown(case.ticket))
    return CaseError("case_moved", ticket=shown(case.ticket), status=STATUS_TITLES[case.status])


def _forward(case: Case, deed: Deed) -> Case:
    if deed.to == case.department:
        raise CaseError("case_same")
    return replace(case, department=deed.to, category=deed.category or case.category, officer=None, question="")


def _outcome(case: Case, deed: Deed) -> Case:
    delivery = {"line": "waiting", "phone": "call"}.get(case.tell_by, "none")
    return replace(case, officer=deed.officer or case.officer, question="", delivery=delivery)


def _reopen(case: Case, _: Deed) -> Case:
    return replace(case, reopened=case.reopened + 1, confirmed=False, rating=None, delivery="none")


def _answer(case: Case, _: Deed) -> Case:
    if not case.question:
        raise CaseError("case_not_asked")
    return replace(case, question="")


def _rate(case: Case, deed: Deed) -> Case:
    if deed.rating not in range(1, 6):
        raise CaseError("case_rating")
    return replace(case, rating=deed.rating)


def _merge(case: Case, deed: Deed) -> Case:
    return replace(case, merged_into=deed.to, question="", delivery="none")


_EFFECTS: Mapping[str, Callable[[Case, Deed], Case]] = {
    "accept": lambda case, deed: replace(case, officer=deed.officer),
    "forward": _forward,
    "sort": lambda case, deed: replace(case, category=deed.to),
    "ask": lambda case, deed: replace(case, question=deed.words),
    "answer": _answer,
    "resolve": _outcome,
    "reject": _outcome,
    "reopen": _reopen,
    "confirm": lambda case, _: replace(case, confirmed=True),
    "rate": _rate,
    "cancel": lambda case, _: replace(case, question=""),
    "merge": _merge,
    "release": lambda case, _: replace(case, officer=None),
}

# ---- the number people quote ----

DIGITS = 7
# Damm's quasigroup: the check digit finds every single wrong digit and every two neighbours swapped.
_DAMM = (
    "0317598642 7092154863 4206871359 1750983426 6123045978 3674209581 5869720134 8945362017 9438617205 2581436790"
).split()


def ticket_number(number: int) -> str:
    """Six digits and their check digit for a number from 0 to 999,999."""
    plain = f"{number:06d}"
    return plain + str(_check(plain))


def is_ticket(digits: str) -> bool:
    """Seven digits whose last fits the others."""
    return len(digits) == DIGITS and digits.isascii() and digits.isdigit() and _check(digits) == 0


def shown(ticket: str) -> str:
    """``482-9153``: how a ticket is printed and read out."""
    return f"{ticket[:3]}-{ticket[3:]}"


def read_ticket(typed: str) -> str | None:
    """The ticket meant by what somebody typed, with or without dash, ``#`` and spaces, Arabic digits; None: is none."""
    digits = typed.strip().lstrip("#").replace("-", "").replace(" ", "")
    return digits if is_ticket(digits) else None


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    return interim
