"""The photos of an answer in one text: the keyed hash of each message, in order. Pure.

A photo sent together with others carries a mark of that batch (``hash.batch``), one that was too many only the mark
(``.batch``), so that it is known when the whole batch has come and can be answered once.
"""

LIMIT = 5


def ids(value: str | None) -> tuple[str, ...]:
    """The photos kept, in the order in which they came."""
    names = (token.partition(".")[0] for token in (value or "").split())
    return tuple(name for name in names if name)


def add(value: str | None, message_id: str, batch: str = "") -> str:
    """With one more; one that is too many leaves only the mark of its batch."""
    kept = message_id if has_room(value) else ""
    token = f"{kept}.{batch}" if batch else kept
    return " ".join((*(value or "").split(), token)).strip()


def has_room(value: str | None) -> bool:
    return len(ids(value)) < LIMIT


def without(value: str | None, message_id: str) -> str:
    return " ".join(token for token in (value or "").split() if token.partition(".")[0] != message_id)


def arrived(value: str | None, batch: str) -> int:
    """How many of a batch have come, those that were too many with them."""
    return sum(token.partition(".")[2] == batch for token in (value or "").split())


def overflowed(value: str | None, batch: str) -> bool:
    """Were there too many in the batch?"""
    return f".{batch}" in (value or "").split()
