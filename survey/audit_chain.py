"""The audit log as a chain: each entry holds the hash of the one before, so that a change is noticed. Pure."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

START = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored."""

    agency_id: str
    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    reason: str
    previous: str
    hash: str = ""


def digest(entry: Entry) -> str:
    """SHA-256 over the whole entry and the hash before it, written in one way only."""
    said = asdict(entry) | {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    del said["hash"]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_fault(entries: Iterable[Entry], head: tuple[int, str]) -> str:
    """What is wrong with a log that should be ``head[0]`` entries long and end in ``head[1]``; empty: nothing is."""
    number, last = 0, START
    for entry in entries:
        number += 1
        if entry.number != number:
            return f"entry {number} is missing"
        if entry.previous != last:
            return f"entry {number} does not follow on entry {number - 1}"
        if entry.hash != digest(entry):
            return f"entry {number} was changed"
        last = entry.hash
    if number < head[0]:
        return f"entry {number + 1} is missing: the log ended with entry {head[0]}"
    if (number, last) != head:
        return f"entry {head[0] + 1} was not written by Siang" if number > head[0] else f"entry {number} was changed"
    return ""
