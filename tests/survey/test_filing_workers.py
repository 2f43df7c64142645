"""Several workers file at once: every response once, and never a group smaller than it must be."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from random import Random

from sqlalchemy import Engine, select, text

from survey import db, filing, library, rounds
from survey.settings import Settings
from survey.tables import drafts, responses

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CLOSED = 43
GROUP = 5


def close_drafts(engine: Engine, settings: Settings) -> None:
    with db.write(engine) as conn:
        rounds.ensure(conn, library.load(), settings.keys, "main", date(2026, 11, 21))
        common = {"agency_id": "main", "round_id": "eit-2570-1", "instrument_id": "eit-2570", "instrument_version": 1}
        common |= {"mode": "self", "answers": {"notice": "start", "e1": "6"}, "status": "closed"}
        common |= {"begun_on": date(2026, 11, 21), "touched_at": NOW, "completed_on": date(2026, 11, 21)}
        conn.execute(drafts.insert(), [{**common, "id": f"draft-{n}", "respondent": f"p{n}"} for n in range(CLOSED)])


def test_workers_side_by_side_file_everything_once_and_no_group_too_small(
    engine: Engine, settings_factory: Callable[..., Settings]
) -> None:
    settings, words = settings_factory(anonymity_group=GROUP), library.load()
    close_drafts(engine, settings)

    with ThreadPoolExecutor(4) as workers:
        for _ in range(3):
            jobs = [
                workers.submit(filing.file_closed, engine, settings, settings.default_agency, words, NOW, Random(n))
                for n in range(4)
            ]
            for job in jobs:
                job.result()

    with db.read(engine) as conn:
        filed = conn.execute(select(responses.c.id)).all()
        left = conn.execute(select(drafts.c.id)).all()
        groups = Counter(conn.scalars(text("SELECT xmin::text FROM responses"))) if not db.is_sqlite(conn) else {}
    assert (len(filed), len(left)) == (CLOSED - CLOSED % GROUP, CLOSED % GROUP)
    assert all(size % GROUP == 0 for size in groups.values())


def test_a_group_that_lost_a_member_meanwhile_waits(engine: Engine, settings_factory: Callable[..., Settings]) -> None:
    settings = settings_factory(anonymity_group=GROUP)
    close_drafts(engine, settings)

    with db.write(engine) as conn:
        assert filing._still_whole(conn, "main", ["draft-1", "draft-2"])
        assert not filing._still_whole(conn, "main", ["draft-1", "erased meanwhile"])
