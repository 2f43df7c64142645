"""What the local LINE refuses in messages: LINE's limits, the ones in no schema included."""

from typing import Any

import pytest

from bot.playground.line_messages import RefusedError, check_messages
from tests.line_openapi import check
from tests.playground.line_bot import button, chip, flex, question, text

Message = dict[str, Any]


def refusal(message: Message, size: int = 100) -> dict[str, Any]:
    """The error body for a request with this message."""
    with pytest.raises(RefusedError) as refused:
        check_messages([message], size)
    assert refused.value.status == 400
    return refused.value.body


def where(message: Message) -> str:
    return str(refusal(message)["details"][0]["property"])


def with_part(part: Message) -> Message:
    return flex("x", part)


def test_a_question_of_ours_is_accepted_by_line_and_its_schema() -> None:
    message = question()

    check_messages([message], 4000)

    check("FlexMessage", message)


@pytest.mark.parametrize("count", [0, 6])
def test_a_call_carries_one_to_five_messages(count: int) -> None:
    with pytest.raises(RefusedError, match="1 error"):
        check_messages([text("x")] * count, 100)


def test_text_is_counted_in_utf16_units() -> None:
    check_messages([text("ก" * 5000), text("😀" * 2500)], 100)

    assert where(text("ก" * 5001)) == "messages[0].text"
    assert where(text("😀" * 2500 + "x")) == "messages[0].text"


def test_labels_of_chips_are_counted_as_readers_count() -> None:
    check_messages([text("x", "น้ำ" * 8)], 100)  # 24 code points and more, 16 grapheme clusters

    assert where(text("x", "ก" * 21)) == "messages[0].quickReply.items[0].action.label"


def test_there_are_at_most_thirteen_chips() -> None:
    assert where(text("x", *"กขคงจฉชซฌญฎฏฐฑ")) == "messages[0].quickReply.items"


def test_postback_data_is_at_most_300_long() -> None:
    items = {"items": [chip("ตอบ", "x" * 301)]}

    assert where({**text("x"), "quickReply": items}) == "messages[0].quickReply.items[0].action.data"


def test_alternative_text_is_required_and_short() -> None:
    assert where({**question(), "altText": ""}) == "messages[0].altText"
    assert where({**question(), "altText": "ก" * 1501}) == "messages[0].altText"


@pytest.mark.parametrize(
    ("part", "pointer"),
    [
        ({"type": "zzz"}, "/body/contents/0"),
        ({"type": "text", "text": "x", "colour": "#000000"}, "/body/contents/0/colour"),
        ({"type": "text", "text": ""}, "/body/contents/0/text"),
        ({"type": "text", "text": "x", "size": "huge"}, "/body/contents/0/size"),
        ({"type": "text", "text": "x", "color": "green"}, "/body/contents/0/color"),
        ({"type": "icon", "url": "https://x.test/a.png"}, "/body/contents/0"),
        ({"type": "box", "layout": "sideways", "contents": []}, "/body/contents/0/layout"),
        ({"type": "box", "layout": "vertical"}, "/body/contents/0/contents"),
        ({"type": "button"}, "/body/contents/0/action"),
        (button("", "x"), "/body/contents/0/action/label"),
        ({"type": "image", "url": "http://x.test/a.png"}, "/body/contents/0/url"),
        ({**button("x", "x"), "action": {"type": "uri", "label": "x", "uri": "/page"}}, "/body/contents/0/action/uri"),
        (
            {**button("x", "x"), "action": {"type": "uri", "label": "x", "uri": "https://x.test/ก"}},
            "/body/contents/0/action/uri",
        ),
        ({**button("x", "x"), "action": {"type": "camera", "label": "x"}}, "/body/contents/0/action/type"),
    ],
)
def test_flex_faults_are_named_by_json_pointer(part: Message, pointer: str) -> None:
    body = refusal(with_part(part))

    assert body["message"] == "A message (messages[0]) in the request body is invalid"
    assert body["details"][0]["property"] == pointer


def test_pictures_of_this_machine_may_come_without_tls() -> None:
    check_messages([with_part({"type": "image", "url": "http://127.0.0.1:8000/a.png"})], 100)


def test_a_bubble_is_at_most_30_kb_and_a_carousel_has_12() -> None:
    heavy = with_part({"type": "text", "text": "ก" * 11_000})
    many = {**question(), "contents": {"type": "carousel", "contents": [question()["contents"]] * 13}}

    assert "30720 bytes" in refusal(heavy, size=40_000)["details"][0]["message"]
    assert refusal(many)["details"][0]["property"] == "/contents"


def test_templates_are_checked_too() -> None:
    yes = {"type": "message", "label": "ใช่", "text": "ใช่"}
    good = {"type": "template", "altText": "x", "template": {"type": "confirm", "text": "ยืนยัน", "actions": [yes, yes]}}
    bad = {**good, "template": {"type": "confirm", "text": "ยืนยัน", "actions": [yes]}}

    check_messages([good], 100)

    check("TemplateMessage", good)
    assert where(bad) == "/actions"
