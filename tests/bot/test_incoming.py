"""What LINE posts, as events: each on its own, in order, never more than the databases can hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import incoming
from bot.incoming import Incoming
from survey.events import Attached, Do, Event, Follow, Located, Other, Say, Tap, Unfollow, Unsend
from tests.line_openapi import check

USER = "U" + "1" * 32


def raw(kind: str, at: int = 1, **about: Any) -> dict[str, Any]:
    """One event as LINE posts it; two kinds cannot be answered."""
    answerable = {} if kind in ("unfollow", "unsend") else {"replyToken": "token"}
    return {
        "type": kind,
        "mode": "active",
        "timestamp": at,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": f"event-{at}",
        "deliveryContext": {"isRedelivery": False},
        **answerable,
        **about,
    }


def message(kind: str = "text", **about: Any) -> dict[str, Any]:
    quotable = {} if kind in ("audio", "file", "location") else {"quoteToken": "q"}
    return raw("message", message={"id": "7", "type": kind, **quotable, **about})


def read(*events: object) -> list[Incoming]:
    return incoming.read({"destination": USER, "events": list(events)})


@pytest.mark.parametrize(
    ("posted", "meant"),
    [
        (message(text="3 ครับ"), Say("3 ครับ")),
        (message("sticker", packageId="1", stickerId="2", stickerResourceType="STATIC"), Other("sticker")),
        (message("image", contentProvider={"type": "line"}), Attached("image", "7", "7")),
        (
            message("image", contentProvider={"type": "line"}, imageSet={"id": "set", "index": 2, "total": 3}),
            Attached("image", "7", "7", 0, "set", 3),
        ),
        (message("image", contentProvider={"type": "line"}, imageSet={"id": "set"}), Attached("image", "7", "7")),
        (message("image", contentProvider={"type": "external"}), Other("image")),
        (message("audio", contentProvider={"type": "line"}, duration=45_900), Attached("audio", "7", "7", 45)),
        (message("audio", contentProvider={"type": "line"}), Attached("audio", "7", "7")),
        (message("video", contentProvider={"type": "line"}, duration=10), Other("video")),
        (message("file", fileName="a.pdf", fileSize=40_000_000), Other("file")),
        (
            message("location", title="วัดโพธิ์ชัย", address="อุดรธานี", latitude=17.4, longitude=102),
            Located(17.4, 102.0, "วัดโพธิ์ชัย อุดรธานี"),
        ),
        (message("location", latitude=17.4, longitude=102.8), Located(17.4, 102.8)),
        (raw("postback", postback={"data": "t|draft|3|1"}), Tap("draft", 3, 1)),
        (raw("postback", postback={"data": "d|rate|tax|"}), Do("rate", "tax")),
        (raw("follow", follow={"isUnblocked": False}), Follow()),
        (raw("unfollow"), Unfollow()),
        (raw("unsend", unsend={"messageId": "7"}), Unsend("7")),
    ],
)
def test_each_kind_of_event_is_read(posted: dict[str, Any], meant: Event) -> None:
    check("CallbackRequest", {"destination": USER, "events": [posted]}, "webhook")

    [found] = read(posted)

    assert found.event == meant
    assert (found.id, found.user_id, found.at, found.group) == ("event-1", USER, 1, False)
    assert found.reply_token == posted.get("replyToken", "")
    assert found.message_id == ("7" if posted["type"] in ("message", "unsend") else "")


def test_events_come_out_in_the_order_in_which_they_happened() -> None:
    assert [found.at for found in read(raw("follow", 3), raw("follow", 1), raw("follow", 2))] == [1, 2, 3]


def test_what_cannot_be_read_or_is_unknown_costs_no_neighbour() -> None:
    odd = [
        None,
        7,
        {},
        raw("message"),
        raw("hologram"),
        raw("postback", postback={"data": "somebody else's"}),
        raw("follow", timestamp="soon"),
        raw("follow", timestamp=float("inf")),
        {**raw("follow"), "source": {"type": "user"}},
        {**raw("follow"), "source": None},
        {**raw("follow"), "mode": "standby"},  # another module of the account has the floor
        message("hologram"),
        message("location", latitude="north", longitude=2),
        message("image"),
        message("image", contentProvider={"type": "line"}, id="../../elsewhere"),
        message("image", contentProvider={"type": "line"}, id="7" * 65),
        message("audio", contentProvider={"type": "line"}, duration="long"),
    ]

    assert [found.event for found in read(*odd, message(text="ก"), *odd)] == [Say("ก")]


def test_a_body_without_a_list_of_events_holds_none() -> None:
    nothing: list[object] = [None, "x", {}, []]
    for events in nothing:
        assert incoming.read({"events": events}) == []
    assert incoming.read({}) == []


def test_an_event_in_a_group_says_so() -> None:
    [found] = read({**raw("follow"), "source": {"type": "group", "groupId": "C1", "userId": USER}})

    assert found.group


def test_nul_and_half_characters_which_postgresql_refuses_are_taken_out() -> None:
    [found] = read(message(text="a\0ก\ud83d😀"))

    assert found.event == Say("aก?😀")


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)
names = st.sampled_from("type mode timestamp source webhookEventId replyToken message postback unsend".split())


@given(st.sampled_from("message postback follow unsend".split()), st.dictionaries(names, json_values))
def test_no_event_makes_the_reader_fail(kind: str, changed: dict[str, Any]) -> None:
    events = read({**raw(kind), **changed}, raw("follow", 5))

    assert Follow() in [found.event for found in events]
