"""Baseline (b), the bot of the tutorials: the SDK's handler, a row in the Google Sheet for each answer, a reply.

Written as the README files of line-bot-sdk and gspread show it: everything happens inside the webhook, one client a
reply, no queue, no retry. Only the addresses are other ones, and the credentials class, because Google's own asks a
further Google host in the background. The sheet is opened once at the start.
"""

import json
import os
from typing import Any

import gspread
from flask import Flask, Response, abort, request
from linebot.v3 import WebhookHandler
from linebot.v3.exceptions import InvalidSignatureError
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.webhooks import MessageEvent, TextMessageContent

from bench.shots import SECRET, TOKEN
from survey.sheets_client import ServiceAccount


class LocalHttp(gspread.HTTPClient):
    """gspread against another base address."""

    def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> Any:
        local = endpoint.replace("https://sheets.googleapis.com", os.environ["BENCH_SHEETS_URL"])
        return super().request(method, local, *args, **options)


def create() -> Flask:
    """The application of one process."""
    credentials = ServiceAccount(json.loads(os.environ["BENCH_SHEETS_KEY"]))
    sheet = gspread.Client(credentials, http_client=LocalHttp).open_by_key("bench").sheet1
    app, handler = Flask("tutorial"), WebhookHandler(SECRET)
    configuration = Configuration(access_token=TOKEN, host=os.environ["BENCH_LINE_URL"])

    @app.post("/callback")
    def callback() -> Response:
        try:
            handler.handle(request.get_data(as_text=True), request.headers["X-Line-Signature"])
        except InvalidSignatureError:
            abort(400)
        return Response("OK")

    @handler.add(MessageEvent, message=TextMessageContent)  # type: ignore[untyped-decorator]
    def handle_message(event: MessageEvent) -> None:
        sheet.append_row([event.source.user_id, event.timestamp, event.message.text])
        with ApiClient(configuration) as api_client:
            answer = ReplyMessageRequest(reply_token=event.reply_token, messages=[TextMessage(text="ขอบคุณค่ะ")])
            MessagingApi(api_client).reply_message_with_http_info(answer)

    return app
