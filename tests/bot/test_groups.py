"""LINE groups: linked by a code after the cost was said, silent otherwise, unlinked by word, by CLI and by leaving."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from bot.cli import cli
from bot.playground.line import LocalLine
from survey import db, groups, officers
from survey.privacy import Keys
from survey.settings import Settings
from survey.tables import complaint_groups, invites
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import judge, words
from tests.survey.conftest import hurry

GROUP = "กองช่าง ทต.ตัวอย่าง"
MEMBERS = [f"ช่าง {n}" for n in range(15)]


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    """The account is in a group of fifteen; an admin and an officer have joined."""
    with deployed(settings_factory(), sqlite_url) as bot:
        hurry(bot.engine).dispose()
        for name, role in (("ปลัด", "admin"), ("นภา", "officer"), ("นายก", "viewer")):
            with db.write(bot.engine) as conn:
                code = officers.invite(conn, bot.settings.keys, "main", role, name, (), bot.now)
            heard(bot, name, lambda name=name, code=code: bot.line.say(name, code))  # type: ignore[misc]
        bot.line.create_group(GROUP, [*MEMBERS, "นภา"][1:])
        heard(bot, GROUP, lambda: bot.line.invite(GROUP))
        yield bot


def heard(bot: Deployment, where: str, act: Callable[[], object]) -> str:
    """What is said to this, in words; whatever it is, LINE takes it."""
    before = len(bot.line.inbox(where))
    act()
    said = bot.line.wait(where, before + 1)[before:]
    judge([{k: v for k, v in message.items() if k not in ("how", "id", "at")} for message in said])
    return "\n".join(text for m in said for text in (m.get("text"), *words(m.get("contents"))) if text)


def code_of(bot: Deployment, button: str = "กองช่าง") -> str:
    """The code an admin gets in the private chat."""
    heard(bot, "ปลัด", lambda: bot.line.say("ปลัด", "เชื่อมกลุ่ม"))
    said = heard(bot, "ปลัด", lambda: bot.line.press("ปลัด", button))
    assert f"ของ{button}\n" in said
    return said.splitlines()[1]


def linked(bot: Deployment) -> list[Any]:
    with db.read(bot.engine) as conn:
        return [(row.department, bot.settings.keys.open_contact(row.contact)) for row in groups.linked(conn, "main")]


def group_id(line: LocalLine) -> str:
    return next(iter(line.world.groups))


def test_a_group_is_linked_after_the_cost_was_said(bot: Deployment) -> None:
    code = code_of(bot)

    said = heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code, GROUP))

    assert "กลุ่มนี้ 15 คน สรุปทุกเช้า ≈ 330 ข้อความ/เดือน เกินแพ็กเกจฟรี 300" in said
    assert linked(bot) == []
    assert "เชื่อมกลุ่มนี้กับกองช่างแล้ว" in heard(bot, GROUP, lambda: bot.line.press("ช่าง 3", "เชื่อมกลุ่มนี้", GROUP))
    assert linked(bot) == [("works", group_id(bot.line))]
    assert "ใช้ไม่ได้" in heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code, GROUP))  # once
    assert bot.line.billable == 0


def test_the_cost_goes_by_the_plan_and_the_members_of_now(bot: Deployment) -> None:
    code = code_of(bot)
    plans = {300: "เกินแพ็กเกจฟรี 300", 310: "เกินแพ็กเกจ 310", 330: "จากแพ็กเกจ 330", None: "แพ็กเกจนี้ไม่จำกัดจำนวน"}
    for quota, said in plans.items():
        bot.line.channel.quota = quota
        bot.now += timedelta(minutes=2)  # LINE is asked again
        cost = heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code.lower(), GROUP))
        assert f"≈ 330 ข้อความ/เดือน {said}" in cost
    del bot.line.world.groups[group_id(bot.line)].members[13:]

    assert "กลุ่มนี้ 13 คน สรุปทุกเช้า ≈ 286" in heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code, GROUP))


def test_on_a_pc_it_is_confirmed_by_typing_and_line_need_not_say_who_it_was(bot: Deployment) -> None:
    code = code_of(bot)
    source = {"type": "group", "groupId": group_id(bot.line)}
    text = {"id": "1", "type": "text", "text": f"ยืนยัน {code}", "quoteToken": "q"}
    event = bot.line.webhooks.event(bot.line.channel, "message", source, group_id(bot.line), message=text)

    assert "เชื่อมกลุ่มนี้กับกองช่างแล้ว" in heard(bot, GROUP, lambda: bot.line.webhooks.send(bot.line.channel, event))
    assert len(linked(bot)) == 1


def test_a_line_that_does_not_count_leaves_the_code_as_it_is(bot: Deployment) -> None:
    code = code_of(bot)
    bot.line.faults.fail(500, "count")

    assert "นับสมาชิกกลุ่มไม่ได้" in heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code, GROUP))
    assert "15 คน" in heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code, GROUP))


def test_a_group_has_one_department_and_changes_it_by_another_code(bot: Deployment) -> None:
    for button in ("กองช่าง", "สำนักปลัด"):
        code = code_of(bot, button)
        heard(bot, GROUP, lambda code=code: bot.line.say("ช่าง 3", f"ยืนยัน {code}", GROUP))  # type: ignore[misc]

    assert [department for department, _ in linked(bot)] == ["clerk"]


def test_a_code_that_is_none_or_is_for_a_person_links_nothing(bot: Deployment) -> None:
    with db.write(bot.engine) as conn:
        personal = officers.invite(conn, bot.settings.keys, "main", "viewer", "รองนายก", (), bot.now)

    for said in ("ABCD-EFGH", "ยืนยัน ABCD-EFGH", personal, f"ยืนยัน {personal}"):
        assert "ใช้ไม่ได้" in heard(bot, GROUP, lambda said=said: bot.line.say("ช่าง 3", said, GROUP))  # type: ignore[misc]
    assert linked(bot) == []
    assert "ลงทะเบียนเป็น" in heard(
        bot, "รองนายก", lambda: bot.line.say("รองนายก", personal)
    )  # still good where it belongs


def test_a_code_ends_after_a_day(bot: Deployment) -> None:
    code = code_of(bot)
    bot.now = bot.now.replace(day=23)

    assert "ใช้ไม่ได้" in heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", code, GROUP))


def test_a_groups_code_makes_nobody_an_officer(bot: Deployment) -> None:
    code = code_of(bot)

    assert "ใช้ไม่ได้" in heard(bot, "ใครก็ได้", lambda: bot.line.say("ใครก็ได้", code))


def test_commands_in_a_group_answer_only_where_to_go(bot: Deployment) -> None:
    for typed in ("เมนู", "สรุป", "เรื่องใหม่", "งานของฉัน", "เรื่อง 4829153", "แจ้งเรื่อง", "ติดตามเรื่อง", "เชื่อมกลุ่ม"):
        said = heard(bot, GROUP, lambda typed=typed: bot.line.say("นภา", typed, GROUP))  # type: ignore[misc]
        assert said == "เปิดในแชตส่วนตัว"


def test_talk_in_a_group_is_not_answered(bot: Deployment) -> None:
    before = len(bot.line.inbox(GROUP))
    for typed in ("วันนี้ใครเข้าเวร", "โทร 081-234-5678", "4829153", "1", "ครับ"):
        bot.line.say("นภา", typed, GROUP)
    bot.line.sticker("นภา", GROUP)
    bot.line.photo("นภา", b"...", group=GROUP)
    heard(bot, "นภา", lambda: bot.line.say("นภา", "เมนู"))  # whatever was to be said is said by now

    assert len(bot.line.inbox(GROUP)) == before


# ---- unlinking ----


def link(bot: Deployment) -> None:
    heard(bot, GROUP, lambda: bot.line.say("ช่าง 3", f"ยืนยัน {code_of(bot)}", GROUP))
    assert len(linked(bot)) == 1


def test_an_officer_unlinks_in_the_group_and_nobody_else(bot: Deployment) -> None:
    link(bot)

    for who in ("ช่าง 3", "นายก"):
        said = heard(bot, GROUP, lambda who=who: bot.line.say(who, "เลิกเชื่อมกลุ่ม", GROUP))  # type: ignore[misc]
        assert "เฉพาะเจ้าหน้าที่" in said
    assert len(linked(bot)) == 1
    assert "เลิกเชื่อมกลุ่มแล้ว" in heard(bot, GROUP, lambda: bot.line.say("นภา", "เลิกเชื่อมกลุ่ม", GROUP))
    assert linked(bot) == []
    assert "ยังไม่มีกลุ่ม" in heard(bot, GROUP, lambda: bot.line.say("นภา", "เลิกเชื่อมกลุ่มค่ะ", GROUP))


def test_a_bot_thrown_out_forgets_how_to_reach_the_group(bot: Deployment) -> None:
    link(bot)

    assert bot.line.remove_bot(GROUP).status == 200

    assert linked(bot) == []
    with db.read(bot.engine) as conn:
        assert conn.scalars(select(complaint_groups.c.contact)).all() == [b""]


def test_an_admin_unlinks_from_the_private_chat(bot: Deployment) -> None:
    assert "ยังไม่มีกลุ่ม" in heard(bot, "ปลัด", lambda: bot.line.say("ปลัด", "เลิกเชื่อมกลุ่ม"))
    link(bot)
    heard(bot, "ปลัด", lambda: bot.line.say("ปลัด", "เชื่อมกลุ่ม"))

    assert "กองช่าง (? คน" in heard(bot, "ปลัด", lambda: bot.line.press("ปลัด", "เลิกเชื่อมกลุ่ม"))
    named = "กองช่าง (? คน เชื่อมเมื่อ 21 พฤศจิกายน 2569)"
    assert "เลิกเชื่อมกลุ่มแล้ว" in heard(bot, "ปลัด", lambda: bot.line.press("ปลัด", named))
    assert linked(bot) == []


def test_only_admins_get_codes_and_unlink_by_button(bot: Deployment) -> None:
    link(bot)
    with db.read(bot.engine) as conn:
        [row] = groups.linked(conn, "main")

    for data in ("link_group|works", "link_group|", "unlink_group|", f"unlink_group|{row.id}"):
        said = heard(bot, "นภา", lambda data=data: bot.line.tap("นภา", f"d|{data}|"))  # type: ignore[misc]
        assert said == "การเชื่อมกลุ่ม LINE ทำได้เฉพาะผู้ดูแลระบบ"
    assert len(linked(bot)) == 1
    with db.read(bot.engine) as conn:
        assert conn.execute(select(invites)).all() == []


# ---- on the command line ----

OFFICE = '[[department]]\nid = "works"\ntitle = "กองช่าง"\n'
SECRET = "sixteen or more characters"


@pytest.fixture
def siang(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    (tmp_path / "agency.toml").write_text(OFFICE, encoding="utf-8")
    for name, value in {"AGENCY_FILE": str(tmp_path / "agency.toml"), "SECRET_KEY": SECRET}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(cli, ["group", *arguments], prog_name="siang")


def test_an_operator_makes_a_code_lists_and_unlinks(siang: Callable[..., Result], sqlite_engine: Engine) -> None:
    assert siang("list").output.startswith("No groups are linked. Run: siang group code")
    code = siang("code", "--department", "works").output.split("\n\n")[1].strip()
    keys, now = Keys(SECRET), datetime.now(UTC)
    with db.write(sqlite_engine) as conn:
        assert groups.link(conn, keys, "main", code, "key", b"sealed", now) == "works"
        [row] = groups.linked(conn, "main")
        groups.counted(conn, "main", row.id, 15)

    listed = siang("list").output.splitlines()[1].split()
    assert listed == [row.id, "works", f"{row.linked_on}", "15", "330"]
    assert siang("unlink", row.id).output == f"Unlinked group {row.id}.\n"
    again = siang("unlink", row.id)
    assert (again.exit_code, "See: siang group list" in again.output) == (2, True)


def test_a_department_that_does_not_exist_is_named(siang: Callable[..., Result]) -> None:
    result = siang("code", "--department", "roads")

    assert result.exit_code == 2
    assert "known are works" in result.output
