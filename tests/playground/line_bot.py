"""A small bot for the tests of the local LINE and its chat page: sample messages and a server that sends them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import urllib3
from flask import Flask, Response, request

from bot.playground.line import LocalLine
from bot.playground.serve import running

Message = dict[str, Any]
Answers = Callable[[dict[str, Any]], list[Message]]

SCALE = ("เห็นด้วยอย่างยิ่ง", "เห็นด้วย", "ค่อนข้างเห็นด้วย", "ค่อนข้างไม่เห็นด้วย", "ไม่เห็นด้วย", "ไม่เห็นด้วยอย่างยิ่ง", "ไม่ทราบ/ไม่ขอตอบ")


def text(words: str, *chips: str) -> Message:
    """A text message, with chips under it that say their own label."""
    message: Message = {"type": "text", "text": words}
    if chips:
        items = [{"type": "action", "action": {"type": "message", "label": chip, "text": chip}} for chip in chips]
        message["quickReply"] = {"items": items}
    return message


def question(words: str = "เจ้าหน้าที่ปฏิบัติงานตามขั้นตอนและระยะเวลาที่กำหนดไว้", number: int = 3) -> Message:
    """A survey question as the product asks it: bar, question, seven full-width buttons, chips."""
    buttons = [button(label, f"q{number}:{place}") for place, label in enumerate(SCALE)]
    head = {"type": "text", "text": f"ข้อ {number} จาก 9", "size": "sm", "color": "#55635A", "scaling": True}
    asked = {
        "type": "text",
        "text": words,
        "size": "xl",
        "weight": "bold",
        "wrap": True,
        "scaling": True,
        "margin": "lg",
    }
    parts = [head, bar(number * 11), asked, {**vertical(*buttons), "margin": "xl"}]
    chips = [chip("ย้อนกลับ", "back"), chip("ข้าม", "skip"), chip("หยุดพัก", "stop")]
    return {**flex(words, *parts), "quickReply": {"items": chips}}


def flex(alt: str, *parts: Message) -> Message:
    body = {"type": "box", "layout": "vertical", "contents": list(parts)}
    return {"type": "flex", "altText": alt, "contents": {"type": "bubble", "size": "giga", "body": body}}


def vertical(*parts: Message) -> Message:
    return {"type": "box", "layout": "vertical", "spacing": "md", "contents": list(parts)}


def bar(percent: int) -> Message:
    done = {"type": "box", "layout": "vertical", "width": f"{percent}%", "height": "8px", "backgroundColor": "#06A54A"}
    inner = {**done, "cornerRadius": "4px", "contents": []}
    frame = {"type": "box", "layout": "vertical", "height": "8px", "cornerRadius": "4px", "backgroundColor": "#DDE5E0"}
    return {**frame, "margin": "sm", "contents": [inner]}


def button(label: str, data: str) -> Message:
    action = {"type": "postback", "label": label, "data": data}
    return {"type": "button", "style": "secondary", "scaling": True, "action": action}


def chip(label: str, data: str) -> Message:
    return {"type": "action", "action": {"type": "postback", "label": label, "data": data}}


@contextmanager
def running_bot(line: LocalLine, answers: Answers, status: Callable[[], int] = lambda: 200) -> Iterator[list[Message]]:
    """A bot that replies to each event with ``answers(event)``; gives the list of webhook bodies it received."""
    bodies: list[Message] = []
    app, pool = Flask("bot"), urllib3.PoolManager(maxsize=16)
    headers = {"Authorization": f"Bearer {line.channel.token}"}

    @app.post("/callback")
    def callback() -> Response:
        body = request.get_json()
        bodies.append({"signature": request.headers["X-Line-Signature"], "raw": request.get_data(), **body})
        for event in body["events"]:
            if "replyToken" in event and (messages := answers(event)):
                reply = {"replyToken": event["replyToken"], "messages": messages}
                pool.request("POST", f"{line.url}/v2/bot/message/reply", json=reply, headers=headers)
        return Response(status=status())

    with running(app) as url:
        line.webhook_url = f"{url}/callback"
        yield bodies
    pool.clear()
