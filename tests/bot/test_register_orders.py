"""The register's figures in LINE, and the officer's word that a month holds every channel's complaints."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from analysis import complaint_counts, complaints
from bot import complaint_reply
from survey import db, officers, thai, tickets
from survey.complaint import Deed
from survey.settings import Settings
from survey.tickets import Filing
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import judge, words
from tests.survey.conftest import hurry

NOW = datetime(2027, 3, 10, 3, 0, tzinfo=UTC)
FEBRUARY = datetime(2027, 2, 8, 3, 0, tzinfo=UTC)
ROLES = {"ปลัด": "admin", "นภา": "officer", "นายก": "viewer", "ผู้รับเรื่อง": "integrity"}
WHO = ("admin", "officer", "viewer", "integrity", "resident")


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(), sqlite_url, NOW) as bot:
        hurry(bot.engine).dispose()
        for name, role in ROLES.items():
            with db.write(bot.engine) as conn:
                code = officers.invite(conn, bot.settings.keys, "main", role, name, (), NOW)
            heard(bot, name, lambda name=name, code=code: bot.line.say(name, code))  # type: ignore[misc]
        yield bot


def heard(bot: Deployment, who: str, act: Callable[[], object]) -> list[dict[str, Any]]:
    """The messages said to this, which LINE takes."""
    before = len(bot.line.inbox(who))
    act()
    said = [
        {k: v for k, v in message.items() if k not in ("how", "id", "at")}
        for message in bot.line.wait(who, before + 1)[before:]
    ]
    judge(said)
    return said


def read(messages: list[dict[str, Any]]) -> str:
    return "\n".join(text for m in messages for text in (m.get("text"), *words(m.get("contents"))) if text)


def typed(bot: Deployment, who: str, text: str) -> str:
    return read(heard(bot, who, lambda: bot.line.say(who, text)))


def pressed(bot: Deployment, who: str, label: str) -> str:
    return read(heard(bot, who, lambda: bot.line.press(who, label)))


def file(bot: Deployment, count: int, category: str = "road", at: datetime = FEBRUARY, **more: Any) -> list[Any]:
    with db.write(bot.engine) as conn:
        filings = [Filing("ถนนเป็นหลุม", category, **more) for _ in range(count)]
        return [tickets.file(conn, bot.settings.default_agency, filing, at) for filing in filings]


def close(bot: Deployment, filed: list[Any], **more: Any) -> None:
    with db.write(bot.engine) as conn:
        for row in filed:
            deed = Deed("resolve", "officer", words="แล้ว")
            tickets.act(conn, bot.settings.default_agency, row.id, deed, datetime(2027, 2, 12, 3, tzinfo=UTC))
            if more:
                tickets.act(conn, bot.settings.default_agency, row.id, Deed("rate", "complainant", **more), NOW)


def confirmed(bot: Deployment) -> list[str]:
    with db.read(bot.engine) as conn:
        found = complaints.statistics(conn, "main", thai.parse_month("2570-02"), NOW.date())
    return list(found.unconfirmed)


# ---- confirming ----


def test_an_officer_looks_at_the_channels_and_confirms_the_last_month(bot: Deployment) -> None:
    file(bot, 5)
    file(bot, 2, channel="phone")
    file(bot, 1, at=NOW)

    said = typed(bot, "นภา", "ยืนยันช่องทางอื่น")

    assert "เดือน ก.พ. 70 ทะเบียนมีเรื่องร้องเรียน 7 เรื่อง" in said
    for line in ("• LINE 5", "• โทรศัพท์ 2", "• มาด้วยตนเอง 0", "• Facebook 0", "• ศูนย์ดำรงธรรม 1567 0"):
        assert line in said
    assert confirmed(bot) == ["ก.พ. 70"]
    assert "ยืนยันเดือน ก.พ. 70 แล้ว" in pressed(bot, "นภา", "ยืนยันว่าครบทุกช่องทาง")
    assert confirmed(bot) == []
    assert "ยืนยันไว้แล้วเมื่อ 10 มีนาคม 2570 โดย นภา" in typed(bot, "ปลัด", "ยืนยันช่องทางอื่น ก.พ. 70")


def test_an_earlier_month_is_offered_until_it_is_confirmed(bot: Deployment) -> None:
    typed(bot, "นภา", "ยืนยันช่องทางอื่น")

    assert "เดือน ม.ค. 70 ทะเบียน" in pressed(bot, "นภา", "ดูเดือน ม.ค. 70")
    pressed(bot, "นภา", "ยืนยันว่าครบทุกช่องทาง")
    said = typed(bot, "นภา", "ยืนยันช่องทางอื่น")

    assert "ดูเดือน ธ.ค. 69" in said
    assert "ดูเดือน ม.ค. 70" not in said


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("2570-03", "ยังไม่จบ ยืนยันได้ตั้งแต่ 1 เมษายน 2570"),
        ("2570-03:yes", "ยังไม่จบ"),
        ("2570-13:yes", "อ่านเดือนไม่ออก"),
        ("x", "อ่านเดือนไม่ออก"),
    ],
)
def test_a_month_that_is_not_over_or_none_is_not_confirmed(bot: Deployment, argument: str, said: str) -> None:
    assert said in read(heard(bot, "นภา", lambda: bot.line.tap("นภา", f"d|confirm_month|{argument}|")))


def test_who_may_confirm_and_who_may_see_figures(bot: Deployment) -> None:
    """Driven by forged buttons, because others are not even offered them."""
    names = {role: name for name, role in ROLES.items()} | {"resident": "ชาวบ้าน"}
    allowed = {"confirm_month": {"admin", "officer"}, "statistics": {"admin", "officer", "viewer", "integrity"}}
    for command, roles in allowed.items():
        for role in WHO:
            data = f"d|{command}|2570-02{':yes' if command == 'confirm_month' else ''}|"
            said = read(heard(bot, names[role], lambda who=names[role], data=data: bot.line.tap(who, data)))  # type: ignore[misc]
            assert ("เมนูนี้สำหรับเจ้าหน้าที่" not in said) == (role in roles), (command, role)


def test_residents_who_type_the_same_words_confirm_nothing(bot: Deployment) -> None:
    bot.line.say("ชาวบ้าน", "ยืนยันช่องทางอื่น")
    typed(bot, "ชาวบ้าน", "เมนู")

    assert confirmed(bot) == ["ก.พ. 70"]


def test_the_words_are_there_in_english_too(bot: Deployment) -> None:
    heard(bot, "นภา", lambda: bot.line.tap("นภา", "d|language|en|"))

    said = typed(bot, "นภา", "confirm other channels")

    assert "02/2027: the register holds 0 complaints" in said


# ---- the figures ----


def test_the_months_figures_are_one_card_by_the_display_rules(bot: Deployment) -> None:
    close(bot, file(bot, 20), rating=4)
    file(bot, 6, "light")
    file(bot, 2, "waste", channel="phone")
    file(bot, 3, "water", channel="phone")

    [card] = heard(bot, "นายก", lambda: bot.line.say("นายก", "สรุปเรื่องร้องเรียน ก.พ. 70"))

    said = words(card["contents"])
    pairs = dict(pairwise(said))
    assert said[0] == "เรื่องร้องเรียน ก.พ. 70 · เดือนที่ 5 ของปีงบฯ 2570"
    assert complaint_counts.PROVISIONAL in said
    assert pairs["31"] == "เรื่องที่รับ"
    assert pairs["กำลังดำเนินการ"] == "11 (เกินกำหนด 11)"
    assert pairs["ยุติภายในกำหนด"] == "20 จาก 20"
    assert pairs["คะแนนเฉลี่ย (เต็ม 5)"] == "4.00 (20 คน)"
    assert pairs["จำนวนวันจนยุติ"] == "กึ่งกลาง 4.0 · 90% ไม่เกิน 4"
    assert pairs["ไฟฟ้าสาธารณะ"] == "6"
    assert "ขยะ" not in json.dumps(card, ensure_ascii=False)  # 2 and 3: withheld together
    assert pairs["อีก 2 รายการ (มีน้อย)"] == complaint_reply.WITHHELD
    assert complaint_reply.NOT_ITA in said[-1]
    assert "ยืนยันช่องทางอื่น" not in said  # a viewer cannot
    assert "ม.ค. 70" in pressed(bot, "นายก", "ม.ค. 70")


def test_a_month_without_complaints_says_what_must_be_published(bot: Deployment) -> None:
    said = typed(bot, "นภา", "สรุปเรื่องร้องเรียน ก.พ. 70")
    assert complaint_counts.NOT_CONFIRMED in said

    pressed(bot, "นภา", "ยืนยันช่องทางอื่น")
    pressed(bot, "นภา", "ยืนยันว่าครบทุกช่องทาง")

    assert complaint_counts.NONE_AT_ALL in typed(bot, "นภา", "สรุปเรื่องร้องเรียน ก.พ. 70").splitlines()


def test_few_closed_cases_and_ratings_are_told_as_they_are(bot: Deployment) -> None:
    close(bot, file(bot, 3), rating=5)

    pairs = typed(bot, "ปลัด", "สรุปเรื่องร้องเรียน 2570-02").splitlines()

    assert pairs[pairs.index("จำนวนวันจนยุติ") + 1] == "4, 4, 4"
    assert pairs[pairs.index("คะแนนเฉลี่ย (เต็ม 5)") + 1] == "ยังไม่ครบ 5 คน (3 คน)"


def test_many_categories_fit_one_card(bot: Deployment) -> None:
    for category in bot.settings.default_agency.office.rules.categories:
        file(bot, 5, category.id, at=NOW)

    said = typed(bot, "นายก", "สรุปเรื่องร้องเรียน")

    assert "ที่เหลือ" in said
    assert "มี.ค. 70" in said
