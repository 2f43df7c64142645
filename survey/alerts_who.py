"""Who is told of a ticket: those who work on its department, or whoever stands in for them. Pure.

Officers whose departments include it; where there are none, the duty persons (officers without a department); where
there are none either, the admins. Restricted tickets go only to those given the department by name, or to the admins.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from survey.permits import ADMIN, OFFICER, may_see


@dataclass(frozen=True, slots=True)
class Officer:
    """One who works here. ``departments``: those given when invited."""

    id: str
    role: str
    departments: Collection[str] = ()


def told(staff: Sequence[Officer], department: str, restricted: bool) -> list[Officer]:
    """Who is alerted to a ticket of this department, in order of joining; nobody twice."""
    named = [o for o in staff if department in o.departments and may_see(o.role, o.departments, department, restricted)]
    duty = [o for o in staff if o.role == OFFICER and not o.departments and not restricted]
    return named or duty or [o for o in staff if o.role == ADMIN]


def working_on(staff: Sequence[Officer], officer: str | None, department: str, restricted: bool) -> list[Officer]:
    """Whose work a ticket is now: the officer who took it on and may still see it, or all who are told of it."""
    mine = [o for o in staff if o.id == officer and may_see(o.role, o.departments, department, restricted)]
    return mine or told(staff, department, restricted)
