"""The complaints of the demo, played on a whole deployment: each comes as far as its story says."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import simulate_cases
from bot.line import LineClient
from bot.pushes import Sender
from bot.simulate_cases import Stage, Story
from survey import db, officers, rules_file
from survey.privacy import Keys
from survey.settings import Agency, Settings
from survey.tables import complaints
from tests.bot.deployment import Deployment, deployed

OFFICER = "เจ้าหน้าที่นภา"
STATUS = {
    "new": "received",
    "accepted": "in_progress",
    "asked": "in_progress",
    "resolved": "resolved",
    "rated": "resolved",
    "reopened": "in_progress",
    "rejected": "rejected",
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Deployment]:
    path = tmp_path_factory.mktemp("stories") / "siang.db"
    path.write_bytes(sqlite_template.read_bytes())
    keys = Keys("a secret key for tests, long enough to pass")
    agency = Agency("main", "เทศบาลตำบลตัวอย่าง", "test-secret", "test-token")
    with deployed(Settings((agency,), keys, anonymity_group=1), f"sqlite:///{path}") as deployment:
        with db.write(deployment.engine) as conn:
            code = officers.invite(conn, keys, "main", "admin", OFFICER, [], deployment.now)
        deployment.line.say(OFFICER, code)
        deployment.heard(OFFICER)
        yield deployment


@pytest.fixture
def worker(bot: Deployment) -> Iterator[None]:
    """Sends what is pushed, as the worker does."""
    over = threading.Event()
    sender = Sender(bot.engine, bot.settings, bot.site.world.library, LineClient(bot.line.url))

    def send() -> None:
        while not over.is_set():
            if not sender.send_next(bot.now):
                over.wait(0.02)

    thread = threading.Thread(target=send)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.parametrize(
    "story", {s.after: s for s in simulate_cases.stories()}.values(), ids=lambda story: story.after
)
def test_each_story_comes_as_far_as_it_says(story: Story, bot: Deployment, worker: None) -> None:
    stage = Stage(bot.line.url, OFFICER, threading.Event())
    phone = stage.phone(f"ผู้ร้อง {story.words[:30]}")

    ticket = simulate_cases.file(phone, story)
    simulate_cases.work_on(stage, phone, story, ticket)

    with db.read(bot.engine) as conn:
        row = conn.execute(select(complaints).where(complaints.c.ticket == ticket.replace("-", ""))).one()
    assert (row.status, bool(row.question)) == (STATUS[story.after], story.after == "asked")
    assert (row.rating, row.reopened) == (int(story.stars[0]) if story.stars else None, int(bool(story.again)))


def test_whoever_looks_at_the_demo_finds_something_to_do_on_both_phones() -> None:
    afters = [story.after for story in simulate_cases.stories()]

    assert set(afters) == set(STATUS)
    assert "new" in afters[: simulate_cases.ONE_IN]


def test_stories_are_of_categories_that_there_are() -> None:
    titles = {category.title for category in rules_file.default().categories}

    assert [story.category for story in simulate_cases.stories() if story.category not in titles] == []
