"""line-bot-sdk talks to the local LINE exactly as to the real one, content and rich menus included."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    CreateRichMenuAliasRequest,
    FlexMessage,
    MessagingApi,
    MessagingApiBlob,
    PushMessageRequest,
    ReplyMessageRequest,
    RichMenuRequest,
    ShowLoadingAnimationRequest,
    TextMessage,
)

from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from tests.line_openapi import check
from tests.playground.line_bot import question

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
AREA = {"bounds": {"x": 0, "y": 0, "width": 2500, "height": 1686}}
MENU = {
    "size": {"width": 2500, "height": 1686},
    "selected": True,
    "name": "เมนูหลัก",
    "chatBarText": "เมนู",
    "areas": [{**AREA, "action": {"type": "message", "label": "แจ้งเรื่อง", "text": "แจ้งเรื่อง"}}],
}


@pytest.fixture
def line() -> Iterator[LocalLine]:
    with running_line(access_token="token") as line:
        yield line


@pytest.fixture
def client(line: LocalLine) -> Iterator[ApiClient]:
    client = ApiClient(Configuration(host=line.url, access_token="token"))
    yield client
    client.rest_client.pool_manager.clear()


def test_a_reply_and_a_push_arrive(line: LocalLine, client: ApiClient) -> None:
    api = MessagingApi(client)
    token = line.follow("สมศรี").reply_token
    user = line.world.person("สมศรี")

    replied = api.reply_message(
        ReplyMessageRequest(reply_token=token, messages=[TextMessage(text="ค่ะ"), FlexMessage.from_dict(question())])
    )
    key = str(uuid.uuid4())
    api.push_message(PushMessageRequest(to=user, messages=[TextMessage(text="แจ้ง")]), x_line_retry_key=key)
    with pytest.raises(ApiException) as twice:
        api.push_message(PushMessageRequest(to=user, messages=[TextMessage(text="แจ้ง")]), x_line_retry_key=key)

    inbox = line.inbox("สมศรี")
    assert [(m["type"], m["how"]) for m in inbox] == [("text", "reply"), ("flex", "reply"), ("text", "push")]
    assert [sent.id for sent in replied.sent_messages] == [m["id"] for m in inbox[:2]]
    assert inbox[1]["contents"] == question()["contents"]
    assert twice.value.status == 409
    assert twice.value.headers["x-line-accepted-request-id"]
    assert api.get_profile(user).display_name == "สมศรี"
    assert api.get_message_quota_consumption().total_usage == 1
    assert api.get_bot_info().chat_mode == "bot"


def test_the_loading_animation_lasts_until_a_message_comes(line: LocalLine, client: ApiClient) -> None:
    api, token = MessagingApi(client), line.follow("สมศรี").reply_token
    user = line.world.person("สมศรี")

    api.show_loading_animation(ShowLoadingAnimationRequest(chat_id=user, loading_seconds=5))
    assert line.world.chat(line.channel, user).loading_until > line.world.clock()
    api.reply_message(ReplyMessageRequest(reply_token=token, messages=[TextMessage(text="ค่ะ")]))

    assert line.world.chat(line.channel, user).loading_until == 0
    with pytest.raises(ApiException):
        api.show_loading_animation(ShowLoadingAnimationRequest(chat_id="C" + "0" * 32, loading_seconds=5))


def test_a_photo_is_downloaded_by_its_message_id(line: LocalLine, client: ApiClient) -> None:
    sent = line.photo("สมศรี", PNG, "image/png")
    blob = MessagingApiBlob(client)

    assert bytes(blob.get_message_content(sent.message_id)) == PNG
    assert blob.get_message_content_transcoding_by_message_id(sent.message_id).status == "succeeded"


def test_a_rich_menu_is_made_shown_and_removed(line: LocalLine, client: ApiClient) -> None:
    api, blob = MessagingApi(client), MessagingApiBlob(client)
    user = line.world.person("สมศรี")
    menu_id = api.create_rich_menu(RichMenuRequest.from_dict(MENU)).rich_menu_id

    with pytest.raises(ApiException):
        api.set_default_rich_menu(menu_id)  # no picture yet
    blob.set_rich_menu_image(menu_id, body=PNG, _headers={"Content-Type": "image/png"})
    api.set_default_rich_menu(menu_id)
    api.link_rich_menu_id_to_user(user, menu_id)
    api.create_rich_menu_alias(CreateRichMenuAliasRequest(rich_menu_alias_id="main", rich_menu_id=menu_id))

    assert api.get_default_rich_menu_id().rich_menu_id == menu_id
    assert api.get_rich_menu_alias("main").rich_menu_id == menu_id
    [listed] = api.get_rich_menu_list().richmenus
    check("RichMenuResponse", {"richMenuId": menu_id, **MENU})
    assert listed.chat_bar_text == "เมนู"
    assert line.channel.menus.shown_to(user) == menu_id
    api.delete_rich_menu(menu_id)
    assert line.channel.menus.shown_to(user) is None


def test_sixty_four_slow_replies_run_side_by_side(line: LocalLine, client: ApiClient) -> None:
    line.latency = 0.1
    tokens = [line.say(f"คนที่ {number}", "สวัสดี").reply_token for number in range(64)]
    api = MessagingApi(client)

    def reply(token: str) -> Any:
        return api.reply_message(ReplyMessageRequest(reply_token=token, messages=[TextMessage(text="ค่ะ")]))

    began = monotonic()
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(reply, tokens))

    assert len(answers) == 64
    assert monotonic() - began < 64 * 0.1 / 3
