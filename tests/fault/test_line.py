"""LINE and the web process at their worst: everything comes twice and in the wrong order, and the web is killed."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.playground.line_app import running_line
from survey import db, library, rounds, thai
from survey.privacy import Keys
from survey.settings import Settings
from survey.tables import drafts, seen_events
from tests.bot.deployment import Deployment, deployed
from tests.bot.server import serving

pytestmark = pytest.mark.fault
TYPED = ["แบบสอบถาม", "เริ่มตอบ", "เคย", "6", "5", "ไม่เคย", "4", "5", "6", "5", "4", "ไม่เคย"]
PEOPLE = 12


def test_everything_delivered_twice_and_in_any_order_counts_once(
    settings_factory: Callable[..., Settings], database_url: str
) -> None:
    with deployed(settings_factory(), database_url) as bot:
        with ThreadPoolExecutor(6) as crowd:
            list(crowd.map(lambda n: answer(bot, f"คน {n}"), range(PEOPLE)))
        before = stored(bot.engine)
        again = [event for _, event in bot.line.webhooks.sent] * 2
        random.Random(1).shuffle(again)
        with ThreadPoolExecutor(6) as crowd:
            statuses = list(crowd.map(lambda event: bot.line.redeliver([event]), again))

        assert stored(bot.engine) == before
        assert len(before) == PEOPLE
        assert all(status == [200] for status in statuses)


def test_a_web_process_killed_between_commit_and_reply_asks_again(sqlite_url: str, tmp_path: Path) -> None:
    secret_key = "sixteen or more characters"
    engine = db.connect(sqlite_url)
    with db.write(engine) as conn:
        rounds.ensure(conn, library.load(), Keys(secret_key), "main", thai.bangkok_date(datetime.now(UTC)))
    with running_line("s", "t", webhook_timeout=20) as line:
        with serving(sqlite_url, tmp_path, LINE_API_BASE=line.url) as (_, address):
            line.webhook_url = f"{address}/callback"
            line.say("ก", "แบบสอบถาม")
            line.wait("ก", 1)
            line.faults.slow(30, "reply")  # the reply is on its way when the process dies
            assert line.say("ก", "เริ่มตอบ").status == 200
        line.faults.clear()
        heard = len(line.inbox("ก"))
        with serving(sqlite_url, tmp_path, LINE_API_BASE=line.url) as (_, address):
            line.webhook_url = f"{address}/callback"
            line.say("ก", "ฮัลโหล")
            asked = line.wait("ก", heard + 1, timeout=10)[-1]
    with db.read(engine) as conn:
        [draft] = conn.execute(select(drafts)).all()
    engine.dispose()

    assert draft.answers == {"notice": "start"}
    assert heard == 1
    assert "ท่านเคยติดต่อ" in str(asked)


def answer(bot: Deployment, person: str) -> None:
    """One resident types the whole survey, each answer after its question has come."""
    for words in TYPED:
        heard = len(bot.line.inbox(person))
        delivered = bot.line.say(person, words)
        assert delivered.status == 200
        bot.line.wait(person, heard + 1)


def stored(engine: Engine) -> list[tuple[str, object]]:
    """Every draft's answers, and nothing that a duplicate may change: not even when it was last touched."""
    with db.read(engine) as conn:
        rows = conn.execute(select(drafts.c.id, drafts.c.answers, drafts.c.touched_at).order_by(drafts.c.id)).all()
        events = len(conn.execute(select(seen_events.c.key)).all())
    return [(row.id, (row.answers, row.touched_at, events)) for row in rows]
