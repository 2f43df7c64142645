"""Sealed reports put straight into a store, for tests of what comes after."""

from collections.abc import Iterable
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy import Engine

from survey import db, sealed
from survey.privacy import Keys, random_id
from survey.sealed_case import Told
from survey.sealed_keys import Sealer

KEY = Fernet.generate_key().decode()


def sealed_report(
    engine: Engine,
    keys: Keys,
    now: datetime,
    words: str = "นายช่างเรียกเงินห้าร้อยบาท",
    *,
    status: str = "",
    excluded: Iterable[str] = (),
    agency_id: str = "main",
) -> str:
    """A report, moved to ``status`` at once when one is given; its id."""
    nonce, sealer = random_id(), Sealer(keys.sealed_keys)
    with db.write(engine) as conn:
        sealed.file(conn, keys, sealer, agency_id, nonce, Told(words), excluded, now)
        row = sealed.get(conn, agency_id, sealed.report_id(keys, agency_id, nonce), lock=True)
        assert row is not None
        if status:
            sealed.set_status(conn, row, status, now)
        return str(row.id)
