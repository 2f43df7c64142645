"""What ``siang doctor`` says of the sealed track: are reports taken, can they be read, is the audit log whole."""

from collections.abc import Iterator

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Engine, select

from bot.doctor_report import Line, finding, note, ok
from survey import audit, db, sealed
from survey.settings import Agency, Settings
from survey.tables import sealed_reports


def check_sealed(settings: Settings, engine: Engine, agency: Agency) -> Iterator[Line]:
    keys, name = settings.keys, agency.id
    c = sealed_reports.c
    with db.read(engine) as conn:
        mine = (c.agency_id == name, c.content.is_not(None))
        stored = [bytes(token) for token in conn.scalars(select(c.content).where(*mine))]
        readers = len(sealed.readers(conn, name))
        fault = audit.fault(conn, keys, name) if keys.secret_key else ""
    if keys.sealed_keys:
        yield from _check_readers(name, readers)
        yield from _check_keys(name, keys.sealed_keys, stored)
    elif stored:
        mend = "Put the keys back that were there."
        yield finding(f"{name}: SEALED_KEYS is empty, and {len(stored)} stored reports cannot be opened.", mend)
    elif readers:
        mend = "Run: siang keys new"
        yield finding(f"{name}: there are integrity officers, but no SEALED_KEYS; no report is taken.", mend)
    else:
        yield note(f"{name}: no SEALED_KEYS: residents are led to the NACC instead of a sealed page of yours.")
    if fault:
        yield finding(f"{name}: the audit log is broken: {fault}.", "Run: siang audit verify")


def _check_readers(name: str, readers: int) -> Iterator[Line]:
    if readers < sealed.READERS:
        mend = "Run: siang officer invite --role integrity"
        yield finding(f"{name}: {readers} of {sealed.READERS} integrity officers; no sealed report is taken.", mend)
    else:
        yield ok(f"{name}: sealed reports are taken; {readers} integrity officers read them.")


def _check_keys(name: str, keys: tuple[str, ...], stored: list[bytes]) -> Iterator[Line]:
    """Is everything opened, and which keys are still needed?"""
    left, opened = list(stored), []
    for key in keys:
        lost = [token for token in left if not _opens(key, token)]
        opened.append(len(left) - len(lost))
        left = lost
    if left:
        mend = "Put the older key back behind the others."
        yield finding(f"{name}: no key of SEALED_KEYS opens {len(left)} of {len(stored)} sealed reports.", mend)
    elif sum(opened[1:]):
        yield note(f"{name}: {sum(opened[1:])} sealed reports still need an older key.", "Run: siang keys rotate")
    for number, count in enumerate(opened[1:], 2):
        if not count and stored and not left:
            mend = "After `siang keys rotate` it can be left out."
            yield note(f"{name}: key number {number} of SEALED_KEYS opens none of the stored reports.", mend)


def _opens(key: str, token: bytes) -> bool:
    try:
        Fernet(key).decrypt(token)
    except InvalidToken:
        return False
    return True
