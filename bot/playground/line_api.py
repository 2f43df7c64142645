"""The Messaging API of the local LINE, at the paths line-bot-sdk calls, for both of LINE's hosts.

Each request passes the same gate: bearer token, rate limit, fault switches; each answer carries ``x-line-request-id``
and is kept in ``line.calls``. What the endpoints do is in line_platform; rich menus are in line_menu_api.
"""

import json
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, request
from werkzeug.exceptions import HTTPException

from bot.playground.line_faults import Fault
from bot.playground.line_messages import RefusedError, check_messages
from bot.playground.serve import hang_up

if TYPE_CHECKING:
    from bot.playground.line import LocalLine

BODY_MAX = 2 * 1024 * 1024
Json = dict[str, Any]
NO_TOKEN = "Authorization header required. Must follow the scheme, 'Authorization: Bearer <ACCESS TOKEN>'"  # noqa: S105
BAD_TOKEN = "Authentication failed. Confirm that the access token in the authorization header is valid."  # noqa: S105


class Gate:
    """What stands before and after every endpoint of one local LINE; keeps its log of calls."""

    def __init__(self, line: "LocalLine") -> None:
        self.line = line
        self._second: tuple[int, Counter[str]] = (0, Counter())

    def enter(self) -> Response | None:
        """Refuse or spoil the call before its endpoint sees it; None lets it in."""
        g.request_id = str(uuid.uuid4())
        g.endpoint = endpoint_of(request.path)
        g.faults = self.line.faults.take(g.endpoint)
        if self.line.latency:
            time.sleep(self.line.latency)
        spoiled = spoil([fault for fault in g.faults if not fault.after])
        if spoiled is not None:
            return spoiled
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise RefusedError(401, NO_TOKEN)
        channel = self.line.world.channel_of_token(token)
        if channel is None:
            raise RefusedError(401, BAD_TOKEN)
        g.channel = channel
        self._limit_rate(f"{channel.bot_user_id} {g.endpoint}")
        return None

    def leave(self, response: Response) -> Response:
        """Spoil the answer if a switch says so, name the request, note the call."""
        spoiled = spoil([fault for fault in g.faults if fault.after])
        response = response if spoiled is None else spoiled
        response.headers["x-line-request-id"] = g.request_id
        self.line.call_counts[f"{g.endpoint} {response.status_code}"] += 1
        self.line.calls.append(
            {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "body": g.get("body"),
                "retry_key": request.headers.get("X-Line-Retry-Key"),
                "channel": g.channel.bot_user_id if "channel" in g else None,
                "request_id": g.request_id,
                "at": self.line.world.now_ms(),
            }
        )
        return response

    def _limit_rate(self, who: str) -> None:
        second = int(self.line.world.clock())
        if self._second[0] != second:
            self._second = (second, Counter())
        self._second[1][who] += 1
        if self._second[1][who] > self.line.rate_limit:
            raise RefusedError(429, "The API rate limit has been exceeded. Try again later.")


def endpoint_of(path: str) -> str:
    """The last word of a path that is no id: "/v2/bot/profile/U12…" -> "profile"; what fault switches go by."""
    words = [word for word in path.split("/") if word and len(word) < 30 and not word.isdigit()]
    return words[-1] if words else ""


def spoil(faults: list[Fault]) -> Response | None:
    """Carry out the switches; the answer to give instead, or None."""
    spoiled = None
    for fault in faults:
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        elif fault.kind == "drop":
            hang_up(request.environ)
            spoiled = Response(status=500)
        else:
            words = (
                "The API rate limit has been exceeded. Try again later." if fault.status == 429 else "Internal error"
            )
            spoiled = answer({"message": words}, fault.status)
    return spoiled


def answer(body: Json, status: int = 200) -> Response:
    """A JSON answer as LINE writes it."""
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json")


def json_body() -> Json:
    """The request's JSON object, or LINE's refusal; kept for the log of calls."""
    if not (request.content_type or "").startswith("application/json"):
        raise RefusedError(415, f"The content type, {request.content_type}, is not supported")
    raw = request.get_data(cache=False)
    if len(raw) > BODY_MAX:
        raise RefusedError(413, "Request Entity Too Large")
    try:
        body = json.loads(raw)
    except ValueError:
        raise RefusedError(400, "The request body could not be parsed as JSON (line: -, column: -)") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "The request body could not be parsed as JSON (line: -, column: -)")
    g.body, g.size = body, len(raw)
    return body


def create_api(line: "LocalLine") -> Blueprint:
    """The endpoints of the Messaging API over ``line``, behind their gate."""
    api, gate = Blueprint("line_api", __name__), Gate(line)
    api.before_request(gate.enter)
    api.after_request(gate.leave)
    _add_sending(api, line)
    _add_reading(api, line)
    _add_groups(api, line)
    _add_webhook(api, line)
    return api


def refuse(error: Exception) -> Response:
    """LINE's error body for its own refusals, unknown paths and wrong methods."""
    if isinstance(error, RefusedError):
        response = answer(error.body, error.status)
        response.headers.update(error.headers)
        return response
    status = error.code or 500 if isinstance(error, HTTPException) else 500
    return answer({"message": "Not found" if status == 404 else "Method not allowed"}, status)


def _add_sending(api: Blueprint, line: "LocalLine") -> None:
    platform = line.platform

    @api.post("/v2/bot/message/reply")
    def reply() -> Response:
        return answer({"sentMessages": platform.reply(g.channel, json_body(), g.size)})

    @api.post("/v2/bot/message/<any(push, multicast, broadcast):how>")
    def send(how: str) -> Response:
        body, key = json_body(), request.headers.get("X-Line-Retry-Key")
        sent = getattr(platform, how)(g.channel, body, g.size, key, g.request_id)
        return answer({"sentMessages": sent} if how == "push" else {})

    @api.post("/v2/bot/message/validate/<any(reply, push, multicast, narrowcast, broadcast):how>")
    def validate(how: str) -> Response:  # noqa: ARG001 - the same checks for each way of sending
        check_messages(json_body().get("messages"), g.size)
        return answer({})

    @api.post("/v2/bot/chat/loading/start")
    def loading() -> Response:
        platform.start_loading(g.channel, json_body())
        return answer({}, 202)


def _add_reading(api: Blueprint, line: "LocalLine") -> None:
    platform = line.platform

    @api.get("/v2/bot/message/quota")
    def quota() -> Response:
        return answer(platform.quota(g.channel))

    @api.get("/v2/bot/message/quota/consumption")
    def consumption() -> Response:
        return answer(platform.consumption(g.channel))

    @api.get("/v2/bot/profile/<user_id>")
    def profile(user_id: str) -> Response:
        return answer(platform.profile(g.channel, user_id))

    @api.get("/v2/bot/info")
    def info() -> Response:
        return answer(platform.bot_info(g.channel))


def _add_groups(api: Blueprint, line: "LocalLine") -> None:
    platform = line.platform

    @api.get("/v2/bot/group/<group_id>/summary")
    def summary(group_id: str) -> Response:
        group = platform.group(g.channel, group_id)
        return answer({"groupId": group.id, "groupName": group.name})

    @api.get("/v2/bot/group/<group_id>/members/count")
    def count(group_id: str) -> Response:
        return answer({"count": len(platform.group(g.channel, group_id).members)})

    @api.get("/v2/bot/group/<group_id>/member/<user_id>")
    def member(group_id: str, user_id: str) -> Response:
        return answer(platform.group_member(g.channel, group_id, user_id))

    @api.post("/v2/bot/group/<group_id>/leave")
    def leave(group_id: str) -> Response:
        platform.leave_group(g.channel, group_id)
        return answer({})


def _add_webhook(api: Blueprint, line: "LocalLine") -> None:
    @api.get("/v2/bot/channel/webhook/endpoint")
    def endpoint() -> Response:
        return answer({"endpoint": g.channel.webhook_url, "active": g.channel.webhook_active})

    @api.put("/v2/bot/channel/webhook/endpoint")
    def set_endpoint() -> Response:
        line.platform.set_webhook(g.channel, json_body().get("endpoint"))
        return answer({})

    @api.post("/v2/bot/channel/webhook/test")
    def test() -> Response:
        body = json_body() if request.content_length else {}
        if not (body.get("endpoint") or g.channel.webhook_url):
            raise RefusedError(404, "Webhook endpoint is not set")
        empty = b'{"destination":"%s","events":[]}' % g.channel.bot_user_id.encode()
        status = line.webhooks.post(g.channel, empty, url=body.get("endpoint") or "")
        reason = "OK" if 200 <= status < 300 else "ERROR_STATUS_CODE" if status else "COULD_NOT_CONNECT"
        at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(line.world.clock()))
        result = {"success": reason == "OK", "timestamp": at, "statusCode": status, "reason": reason}
        return answer({**result, "detail": str(status)})
