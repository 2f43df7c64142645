""" "สรุป": who gets the card, who does not, and what it says."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from analysis import snapshots
from survey import db, officers
from survey.privacy import random_id
from survey.settings import Settings
from survey.tables import responses
from tests.bot.deployment import Deployment, deployed


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(), sqlite_url) as deployment:
        answer_many(deployment, 40, "5")
        yield deployment


def answer_many(bot: Deployment, count: int, value: str) -> None:
    """As if ``count`` residents had answered this month and the worker had counted."""
    answers = dict.fromkeys("e1 e2 e4 e5 e6 e7 e8".split(), value) | {"e3": "never", "e9": "never"}
    common = {"agency_id": "main", "round_id": "eit-2570-1", "kind": "eit", "instrument_id": "eit-2570"}
    row = {**common, "instrument_version": 1, "completed_on": date(2026, 11, 20), "mode": "self", "answers": answers}
    with db.write(bot.engine) as conn:
        conn.execute(responses.insert(), [{**row, "id": random_id()} for _ in range(count)])
    snapshots.refresh(bot.engine, bot.site.world.library, bot.settings.default_agency, date(2026, 11, 21))


def register(bot: Deployment, person: str, role: str) -> None:
    with db.write(bot.engine) as conn:
        code = officers.invite(conn, bot.settings.keys, "main", role, "", [], bot.now)
    ask(bot, person, code)


def ask(bot: Deployment, person: str, words: str) -> dict[str, Any]:
    """The bot's last message after somebody typed."""
    count = len(bot.line.inbox(person))
    bot.line.say(person, words)
    return bot.line.wait(person, count + 1)[-1]


@pytest.mark.parametrize("words", ["สรุป", "สรุปค่ะ", "สรุป พ.ย. 69", "สรุป ๒๕๖๙-๑๑", "summary 2026-11"])
def test_a_viewer_gets_the_months_card(bot: Deployment, words: str) -> None:
    register(bot, "ผู้ดู", "viewer")

    card = ask(bot, "ผู้ดู", words)

    said = json.dumps(card, ensure_ascii=False)
    assert "พ.ย. 69 · เดือนที่ 2 ของปีงบฯ 2570" in said
    assert "ไม่ใช่ผล ITA อย่างเป็นทางการ" in said
    assert "กองช่าง" in said  # e9 is the weakest item, and the department that owns it
    assert bot.line.billable == 0


def test_a_resident_gets_help_and_no_numbers(bot: Deployment) -> None:
    ask(bot, "ประชาชน", "สวัสดี")

    said = json.dumps(ask(bot, "ประชาชน", "สรุป"), ensure_ascii=False)

    assert "วิธีใช้" in said
    assert "คะแนน" not in said


def test_an_officer_who_was_removed_gets_no_numbers_any_more(bot: Deployment) -> None:
    register(bot, "ผู้ดู", "viewer")
    with db.write(bot.engine) as conn:
        [officer] = officers.listing(conn, "main")
        officers.remove(conn, "main", officer.id, date(2026, 11, 21))

    assert "พ.ย. 69" not in json.dumps(ask(bot, "ผู้ดู", "สรุป"), ensure_ascii=False)


def test_a_month_without_a_snapshot_and_a_month_nobody_can_read_are_told_apart(bot: Deployment) -> None:
    register(bot, "ผู้ดู", "viewer")

    assert ask(bot, "ผู้ดู", "สรุป ม.ค. 60")["text"] == "ยังไม่มีคะแนนของ ม.ค. 60"
    assert "อ่านเดือนไม่ออก" in ask(bot, "ผู้ดู", "สรุป เมื่อวาน")["text"]


def test_a_chip_leads_to_the_month_before_and_back(bot: Deployment) -> None:
    register(bot, "ผู้ดู", "viewer")
    ask(bot, "ผู้ดู", "สรุป")

    bot.line.press("ผู้ดู", "ต.ค. 69")
    earlier = bot.line.wait("ผู้ดู", 3)[-1]

    assert "ต.ค. 69 · เดือนที่ 1" in json.dumps(earlier, ensure_ascii=False)
    chips = [item["action"]["label"] for item in earlier["quickReply"]["items"]]
    assert chips == ["ก.ย. 69", "พ.ย. 69", "สรุปเรื่องร้องเรียน"]
