"""Cards of tickets: whatever stands in them LINE takes them, they say in words what colours say, and photos open."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from bot import case_card, case_files
from bot.case_card import BYTES, nowhere
from bot.messages import Message, to_line
from survey import db, officers, tickets
from survey.events import Button, Card, Do, Link, Media, Prompt
from survey.settings import Agency, Settings
from survey.tables import complaint_files
from survey.tickets import Filing
from tests.bot.deployment import Deployment, deployed
from tests.bot.judge import actions, graphemes, judge, words
from tests.bot.test_message_limits import anything, buttons, dos, label, links, several

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
opens = st.builds(Button, label, dos)
media = st.builds(Media, st.sampled_from(["photo", "after", "voice"]), st.text("abc123-_", min_size=1), label)
cards = st.builds(
    Card,
    ticket=st.just("482-9151"),
    title=anything,
    status=anything,
    colour=st.sampled_from(["new", "open", "done", "closed", "?"]),
    urgent=st.sampled_from(["", "เรื่องด่วน"]),
    due=st.sampled_from(["", "เกินกำหนด 3 วัน"]),
    due_colour=st.sampled_from(["", "near", "late"]),
    words=anything,
    place=anything,
    place_on_map=st.one_of(st.none(), st.builds(Button, label, links)),
    lines=st.lists(anything, max_size=9).map(tuple),
    media=st.lists(media, max_size=11).map(tuple),
    history=st.lists(anything, max_size=8).map(tuple),
    buttons=several(opens, 1, 10),
)


def in_a_list(card: Card) -> Card:
    """Lists have few buttons for each: open it, or call and tick off."""
    return replace(card, buttons=card.buttons[:2])


PHRASES = st.one_of(st.just(""), anything)


def address(name: str) -> str:
    return f"https://example.go.th/files/{'x' * 180}{len(name)}"


@settings(
    max_examples=25,
    deadline=None,
    phases=set(Phase) - {Phase.shrink},  # cards are large
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.one_of(
        st.builds(Prompt, st.just("case"), PHRASES, cards=cards.map(lambda one: (one,)), quick=several(opens, 0, 9)),
        st.builds(
            Prompt,
            st.sampled_from(["cases", "calls"]),
            anything,
            cards=st.lists(cards.map(in_a_list), min_size=1, max_size=8).map(tuple),
            buttons=several(buttons, 0, 2),
        ),
    ),
    st.sampled_from([address, nowhere]),
)
def test_line_takes_a_card_whatever_stands_in_it(prompt: Prompt, where: case_card.Address) -> None:
    judge(to_line([prompt], where))


def card(**more: Any) -> Card:
    values: dict[str, Any] = {
        "ticket": "482-9151",
        "title": "ถนน ทางเท้า สะพาน",
        "status": "กำลังดำเนินการ",
        "colour": "open",
        "urgent": "เรื่องด่วน",
        "due": "เกินกำหนด 3 วัน",
        "due_colour": "late",
        "words": "หลุมหน้าบ้านนายสมชาย",
        "place": "หน้าวัด",
        "lines": ("ผู้รับเรื่อง: นภา",),
        "history": ("10:32 นภา รับเรื่อง",),
        "buttons": (Button("แก้ไขแล้ว แจ้งผล", Do("resolve", "c1")), Button("ถามผู้ร้อง", Do("ask", "c1"))),
    }
    return Card(**{**values, **more})


def shown(kind: str, *some: Card, where: case_card.Address = nowhere, text: str = "") -> Message:
    [message] = to_line([Prompt(kind, text, cards=some)], where)
    judge([message])
    return message


def test_a_card_says_status_and_days_in_words_beside_their_colours() -> None:
    texts = words(shown("case", card())["contents"])

    assert texts[:2] == ["482-9151", "กำลังดำเนินการ"]
    assert {"เรื่องด่วน", "เกินกำหนด 3 วัน", "ถนน ทางเท้า สะพาน", "หลุมหน้าบ้านนายสมชาย", "10:32 นภา รับเรื่อง"} <= set(texts)


@pytest.mark.parametrize("kind", ["case", "cases", "calls"])
def test_the_notification_names_the_ticket_and_nothing_personal(kind: str) -> None:
    alt = shown(kind, card(place="0812345678 คุณสมศรี"))["altText"]

    assert "482-9151 · ถนน ทางเท้า สะพาน · กำลังดำเนินการ · เกินกำหนด 3 วัน" in alt
    assert not any(secret in alt for secret in ("สมชาย", "0812345678", "สมศรี", "นภา"))


def test_a_line_of_a_list_opens_its_ticket_and_says_what_it_is_about() -> None:
    message = shown("cases", card(buttons=(Button("เปิดเรื่อง", Do("case", "c1")),)))

    assert [action["data"] for action in actions(message)] == ["d|case|c1|"]
    assert {"482-9151", "หลุมหน้าบ้านนายสมชาย", "หน้าวัด"} <= set(words(message["contents"]))


def test_a_call_dials_and_is_ticked_off() -> None:
    dial = Button("โทร 0812345678", Link("tel:0812345678"))
    message = shown("calls", card(buttons=(dial, Button("โทรแล้ว", Do("called", "c1")))))

    assert [action.get("uri", action.get("data")) for action in actions(message)] == ["tel:0812345678", "d|called|c1|"]


def test_without_an_address_it_is_said_how_many_photos_there_are_and_with_one_they_are_shown() -> None:
    photos = tuple(Media("photo", f"p{n}", "ภาพจากผู้ร้อง") for n in range(4))
    with_photos = card(media=(*photos, Media("voice", "v1", "ฟังเสียง (45 วินาที)")))

    said = shown("case", with_photos)
    seen = shown("case", with_photos, where=lambda name: f"https://example.go.th/{name}")

    assert {"ภาพจากผู้ร้อง (4)", "ฟังเสียง (45 วินาที)"} <= set(words(said["contents"]))
    assert '"image"' not in json.dumps(said)
    links = {action["uri"] for action in actions(seen) if action["type"] == "uri"}
    assert links == {f"https://example.go.th/{name}" for name in ("p0", "p1", "p2", "p3", "v1")}
    assert json.dumps(seen).count("/small") == 4


def test_buttons_stand_in_pairs_except_those_with_long_words() -> None:
    labels = ("รับเรื่องนี้", "บันทึกภายใน", "ไม่รับดำเนินการ", "เปลี่ยนหมวด", "รวมเรื่องซ้ำ")
    parts = shown("case", card(buttons=tuple(Button(label, Do(label, "c1")) for label in labels)))["contents"]["body"]

    rows = [[action["label"] for action in actions({"type": "flex", "contents": part})] for part in parts["contents"]]

    wanted = [["รับเรื่องนี้"], ["บันทึกภายใน", "เปลี่ยนหมวด"], ["รวมเรื่องซ้ำ"], ["ไม่รับดำเนินการ"]]
    assert [row for row in rows if row] == wanted


def test_a_long_story_loses_its_oldest_history_and_never_a_button() -> None:
    long = card(words="น้ำ" * 900, history=tuple(f"{n} " + "ท่อ" * 90 for n in range(8)), lines=("ก" * 300,) * 8)

    message = shown("case", long)

    assert len(json.dumps(message["contents"]["body"]["contents"], ensure_ascii=False).encode()) <= BYTES
    assert [action["label"] for action in actions(message)] == ["แก้ไขแล้ว แจ้งผล", "ถามผู้ร้อง"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_chip_is_short_enough_to_be_read_whole(language: str, bot: Deployment) -> None:
    texts = bot.site.world.library.words(language)

    chips = ["resume", "menu_new", "menu_mine", "menu_late", "menu_calls", "menu_file_for"]
    buttons_ = [
        "accept",
        "resolve",
        "ask",
        "note",
        "forward",
        "sort",
        "reject",
        "merge",
        "reclassify",
        "called",
        "open",
    ]
    assert all(graphemes(texts(chip)) <= 20 for chip in (*chips, *(f"case_{name}" for name in buttons_)))


# ---- photos ----


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(), sqlite_url, NOW) as deployment:
        object.__setattr__(deployment.site.settings, "public_url", deployment.url)
        yield deployment


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "#445566").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def ticket(bot: Deployment) -> str:
    """A ticket with a photo, a voice message, and a photo that was not fetched."""
    agency = bot.settings.default_agency
    kept = {"agency_id": agency.id, "added_on": date(2026, 11, 21)}
    files = (
        {"id": "p1", "kind": "photo", "status": "ready", "content_type": "image/jpeg", "content": picture()},
        {"id": "v1", "kind": "voice", "status": "ready", "content_type": "audio/mp4", "content": b"voice"},
        {"id": "w1", "kind": "photo", "status": "waiting", "content_type": "", "content": None},
    )
    with db.write(bot.engine) as conn:
        row = tickets.file(conn, agency, Filing("หลุม", "road"), NOW)
        for one in files:
            conn.execute(complaint_files.insert().values(**kept, **one, complaint=row.id))
        conn.execute(complaint_files.insert().values(**kept, **{**files[0], "id": "d1"}, draft="a draft"))
        return str(row.ticket)


def fetched(bot: Deployment, name: str, now: datetime = NOW) -> requests.Response:
    where = case_files.addresses(bot.site.settings, bot.settings.default_agency, now)(name)
    return requests.get(where, timeout=5)


def test_an_officer_sees_the_photos_of_a_case_as_thumbnails_that_open(bot: Deployment, ticket: str) -> None:
    with db.write(bot.engine) as conn:
        code = officers.invite(conn, bot.settings.keys, "main", "officer", "นภา", (), NOW)
    bot.line.say("นภา", code)
    bot.heard("นภา", 1)
    bot.line.say("นภา", f"เรื่อง {ticket}")
    sent = bot.heard("นภา", 2)[-1]

    images = [part["url"] for part in parts(sent) if part.get("type") == "image"]
    small = Image.open(io.BytesIO(requests.get(images[0], timeout=5).content))
    opened = [action["uri"] for action in actions(sent) if "/files/" in action.get("uri", "")]

    assert len(images) == 1
    assert max(small.size) == case_files.EDGE
    assert requests.get(opened[0], timeout=5).content == picture()
    assert requests.get(opened[1], timeout=5).content == b"voice"


@pytest.mark.parametrize("name", ["w1", "w1/small", "d1", "none"])
def test_what_was_not_fetched_or_belongs_to_no_ticket_yet_is_not_served(
    bot: Deployment, ticket: str, name: str
) -> None:
    assert fetched(bot, name).status_code == 404


def test_an_address_ends_after_a_day_and_opens_no_other_agencys_file(bot: Deployment, ticket: str) -> None:
    assert fetched(bot, "p1").status_code == 200
    assert fetched(bot, "p1", NOW - timedelta(days=1)).status_code == 404
    foreign = case_files.addresses(bot.site.settings, Agency("other", "อบต.อื่น"), NOW)("p1")
    assert requests.get(foreign, timeout=5).status_code == 404


def test_a_photo_that_was_taken_back_is_gone_at_its_address_too(bot: Deployment, ticket: str) -> None:
    with db.write(bot.engine) as conn:
        conn.execute(complaint_files.delete().where(complaint_files.c.id == "p1"))

    assert fetched(bot, "p1").status_code == 404
    with db.read(bot.engine) as conn:
        assert conn.scalars(select(complaint_files.c.id).order_by(complaint_files.c.id)).all() == ["d1", "v1", "w1"]


def parts(part: Any) -> Iterator[dict[str, Any]]:
    """Everything in a message that is a component."""
    if isinstance(part, list):
        for inner in part:
            yield from parts(inner)
    elif isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from parts(inner)
