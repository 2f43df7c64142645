"""Who may do what: the roles and their rights, in one table. Pure.

A viewer sees scores and statistics. An officer works on ordinary complaints: of the departments given when invited, of
all when none was given (the duty person of a small office). An integrity officer reads sealed reports, and works on
ordinary ones of the departments given (none: none). An admin may do everything with ordinary complaints and invites;
sealed reports stay closed to admins. A restricted category (staff conduct) is open only to those who were given its
department by name, and to admins: a duty person may be the one complained about.
"""

from collections.abc import Collection

VIEWER, OFFICER, INTEGRITY, ADMIN = "viewer", "officer", "integrity", "admin"

RIGHTS: dict[str, frozenset[str]] = {
    "scores": frozenset({VIEWER, OFFICER, INTEGRITY, ADMIN}),
    "statistics": frozenset({VIEWER, OFFICER, INTEGRITY, ADMIN}),
    "assist": frozenset({OFFICER, INTEGRITY, ADMIN}),
    "cases": frozenset({OFFICER, INTEGRITY, ADMIN}),  # see and work on ordinary complaints
    "file_for": frozenset({OFFICER, INTEGRITY, ADMIN}),  # รับเรื่องแทน
    "confirm_channels": frozenset({OFFICER, ADMIN}),
    "reclassify": frozenset({OFFICER, INTEGRITY, ADMIN}),  # ordinary -> sealed
    "link_group": frozenset({ADMIN}),
    "sealed": frozenset({INTEGRITY}),
}


def may(role: str | None, right: str) -> bool:
    """Has this role (None: a resident) the right, of one kind of case or another?"""
    return role in RIGHTS[right]


def may_see(role: str | None, departments: Collection[str], department: str, restricted: bool = False) -> bool:
    """May somebody in this role, given these departments, see and work on a case of ``department``?"""
    if not may(role, "cases"):
        return False
    if role == ADMIN or department in departments:
        return True
    return role == OFFICER and not departments and not restricted
