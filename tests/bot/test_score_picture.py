"""The picture after the card: an officer asks, LINE fetches it, and in time it is gone."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from analysis import snapshots
from bot import files, score_picture
from survey import db, officers, thai
from survey.privacy import random_id
from survey.settings import Settings
from survey.tables import responses
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import judge

HTTPS = "https://siang.example"


def answer_many(bot: Deployment, count: int, day: date = date(2026, 11, 20)) -> None:
    """As if ``count`` residents had answered and the worker had counted."""
    answers = dict.fromkeys("e1 e2 e4 e5 e6 e7 e8".split(), "5") | {"e3": "never", "e9": "never"}
    common = {"agency_id": "main", "round_id": "eit-2570-1", "kind": "eit", "instrument_id": "eit-2570"}
    row = {**common, "instrument_version": 1, "completed_on": day, "mode": "self", "answers": answers}
    with db.write(bot.engine) as conn:
        conn.execute(responses.insert(), [{**row, "id": random_id()} for _ in range(count)])
    snapshots.refresh(bot.engine, bot.site.world.library, bot.settings.default_agency, date(2026, 11, 21))


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(public_url=HTTPS), sqlite_url) as deployment:
        yield deployment


def asked(bot: Deployment) -> list[dict[str, Any]]:
    """What a viewer who is registered gets for "สรุป"."""
    with db.write(bot.engine) as conn:
        code = officers.invite(conn, bot.settings.keys, "main", "viewer", "", [], bot.now)
    bot.line.say("ผู้ดู", code)
    known = len(bot.line.wait("ผู้ดู", 1))
    bot.line.say("ผู้ดู", "สรุป")
    heard = bot.line.wait("ผู้ดู", known + 1)[known:]
    return [{name: part for name, part in message.items() if name not in ("at", "how", "id")} for message in heard]


def fetched(bot: Deployment, address: str) -> requests.Response:
    return requests.get(bot.url + urlsplit(address).path, timeout=5)


def test_the_picture_follows_the_card_and_line_can_fetch_it(bot: Deployment) -> None:
    answer_many(bot, 40)

    [card, picture] = asked(bot)

    judge([card, picture])
    assert (card["type"], picture["type"]) == ("flex", "image")
    assert "quickReply" not in card
    assert [item["action"]["label"] for item in picture["quickReply"]["items"]] == ["ต.ค. 69", "สรุปเรื่องร้องเรียน"]
    assert picture["originalContentUrl"].startswith(f"{HTTPS}/files/")
    answer = fetched(bot, picture["previewImageUrl"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Cache-Control"].startswith("private, max-age=")
    assert len(answer.content) < 1_000_000
    assert Image.open(BytesIO(answer.content)).width == 1040
    assert bot.line.billable == 0


def test_the_address_says_nothing_of_who_asked_and_ends_after_three_days(bot: Deployment) -> None:
    answer_many(bot, 40)
    address = asked(bot)[1]["originalContentUrl"]

    named = files.verify(bot.settings.keys, address.rpartition("/")[2], bot.now)

    assert named is not None
    assert (named.kind, named.agency_id, named.name) == ("score", "main", "2569-11")
    bot.now += timedelta(days=3, seconds=-1)
    assert fetched(bot, address).status_code == 200
    bot.now += timedelta(seconds=2)
    assert fetched(bot, address).status_code == 404


@pytest.mark.parametrize("count", [0, 3])
def test_without_a_score_there_is_no_picture(bot: Deployment, count: int) -> None:
    answer_many(bot, count) if count else snapshots.refresh(
        bot.engine, bot.site.world.library, bot.settings.default_agency, date(2026, 11, 21)
    )

    [card] = asked(bot)

    assert card["type"] == "flex"
    assert "quickReply" in card
    address = files.address(bot.settings, "score", "main", "2569-11", bot.now + timedelta(days=1))
    assert fetched(bot, address).status_code == 404


@pytest.mark.parametrize("public_url", ["", "http://siang.example"])
def test_real_line_takes_https_only(
    settings_factory: Callable[..., Settings], sqlite_url: str, public_url: str
) -> None:
    with deployed(settings_factory(), sqlite_url) as bot:
        answer_many(bot, 40)
        period = thai.parse_month("2569-11")
        site = bot.site
        for base, sent in (("", False), ("http://127.0.0.1:1", bool(public_url))):
            site.settings = settings_factory(public_url=public_url, line_api_base=base)
            with db.read(bot.engine) as conn:
                found = score_picture.message(site, conn, bot.settings.default_agency, period, bot.now)
            assert (found is not None) == sent


def test_a_month_without_a_snapshot_has_no_picture(bot: Deployment) -> None:
    agency = bot.settings.default_agency
    with db.read(bot.engine) as conn:
        assert score_picture.message(bot.site, conn, agency, thai.parse_month("2560-01"), bot.now) is None
    assert score_picture.load(bot.site, agency, "2560-01") is None


def test_the_trend_begins_with_the_fiscal_year(bot: Deployment) -> None:
    agency = bot.settings.default_agency
    answer_many(bot, 40)
    alone = score_picture.load(bot.site, agency, "2569-11")
    answer_many(bot, 40, date(2026, 10, 5))
    two = score_picture.load(bot.site, agency, "2569-11")

    assert alone is not None
    assert two is not None
    heights = [Image.open(BytesIO(content)).height for content, _ in (alone, two)]
    assert heights[1] > heights[0] + 200
    assert score_picture.load(bot.site, agency, "2569-11") == two
