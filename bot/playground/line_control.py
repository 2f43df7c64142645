"""The control interface over HTTP: everything a LocalLine can do, for another process and for the chat page.

``POST /playground/api/<verb>`` with a JSON object (``{"user": "สมชาย", "text": "สวัสดี"}``) does what the method of the
same name does and answers ``{"status", "message_id", "event"}``; ``status`` is the bot's HTTP status (0: no answer).
``GET /playground/api/inbox?user=`` · ``state`` · ``counters`` · ``calls`` · ``changes`` only look.
Only JSON from the same origin is taken, so that no other web page can drive it.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from bot.playground.line_api import answer
from bot.playground.line_faults import Fault
from bot.playground.line_views import changes, counters, state
from bot.playground.line_webhooks import Delivered
from bot.playground.line_world import Channel

if TYPE_CHECKING:
    from bot.playground.line import LocalLine

Json = dict[str, Any]
LONG_POLL_SECONDS = 25.0
VERBS: Mapping[str, frozenset[str]] = {
    "follow": frozenset({"user"}),
    "block": frozenset({"user"}),
    "unblock": frozenset({"user"}),
    "say": frozenset({"user", "text", "group"}),
    "sticker": frozenset({"user", "group"}),
    "location": frozenset({"user", "latitude", "longitude", "title", "address", "group"}),
    "voice": frozenset({"user", "seconds", "ready_in", "group"}),
    "video": frozenset({"user", "seconds", "group"}),
    "tap": frozenset({"user", "data", "display_text", "params", "group"}),
    "press": frozenset({"user", "label", "group"}),
    "unsend": frozenset({"user", "message_id", "group"}),
    "invite": frozenset({"group"}),
    "remove_bot": frozenset({"group"}),
    "join": frozenset({"group", "user"}),
    "leave": frozenset({"group", "user"}),
}


class WrongUseError(Exception):
    """The caller asked for something that cannot be done; said in one sentence."""


def create_control(line: "LocalLine") -> Blueprint:
    """The blueprint at /playground/api."""
    control = Blueprint("line_control", __name__, url_prefix="/playground/api")
    control.register_error_handler(WrongUseError, lambda error: answer({"message": str(error)}, 400))
    control.before_request(_same_origin)
    _add_doing(control, line)
    _add_photos(control, line)
    _add_switches(control, line)
    _add_looking(control, line)
    return control


def _same_origin() -> Response | None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        return answer({"message": "another web page may not drive the local LINE"}, 403)
    return None


def _add_doing(control: Blueprint, line: "LocalLine") -> None:
    @control.post(f"/<any({', '.join(VERBS)}):verb>")
    def act(verb: str) -> Response:
        body = _body()
        channel = _channel(line, body.pop("channel", None))
        unknown = body.keys() - VERBS[verb]
        if unknown:
            raise WrongUseError(f"{verb} takes {', '.join(sorted(VERBS[verb]))}, not {', '.join(sorted(unknown))}")
        return _delivered(lambda: getattr(line, verb)(**body, channel=channel))

    @control.post("/group")
    def group() -> Response:
        """``{"name", "members": [...]}``"""
        body = _body()
        return answer({"group": line.create_group(str(body.get("name")), body.get("members") or [])})

    @control.post("/person")
    def person() -> Response:
        """``{"name"}`` -> ``{"user"}``: the LINE id."""
        return answer({"user": line.world.person(str(_body().get("name")))})

    @control.post("/verify")
    def verify() -> Response:
        return answer({"status": line.verify(_channel(line, _body().get("channel")))})

    @control.post("/redeliver")
    def redeliver() -> Response:
        """Deliver every event so far once more, with the same ids."""
        return answer({"statuses": line.redeliver(channel=_channel(line, _body().get("channel")))})


def _add_photos(control: Blueprint, line: "LocalLine") -> None:
    @control.post("/photo")
    def photo() -> Response:
        """``{"user", "content": base64, "mime", "group"}``"""
        body = _body()
        content = _decoded(body.get("content"))
        mime, group, channel = body.get("mime") or "image/jpeg", body.get("group"), _channel(line, body.get("channel"))
        return _delivered(lambda: line.photo(str(body["user"]), content, mime, group, channel))

    @control.post("/photos")
    def photos() -> Response:
        """``{"user", "contents": [base64], "mime"}``: sent at once."""
        body = _body()
        contents, mime = [_decoded(one) for one in body.get("contents") or []], body.get("mime") or "image/jpeg"
        channel = _channel(line, body.get("channel"))
        return _delivered(lambda: line.photos(str(body["user"]), contents, mime, channel)[-1])

    @control.post("/expire")
    def expire() -> Response:
        """``{"message_id"}``: LINE does not have its bytes any more."""
        line.expire(str(_body().get("message_id")))
        return answer({})


def _add_switches(control: Blueprint, line: "LocalLine") -> None:
    @control.post("/faults")
    def faults() -> Response:
        """``{"faults": [{"kind": "slow"|"status"|"drop", "endpoint", "times", "seconds", "status", "after"}]}``"""
        body = _body()
        try:
            wanted = [Fault(**fault) for fault in body.get("faults") or []]
        except TypeError as error:
            raise WrongUseError(str(error)) from None
        line.faults.clear()
        for fault in wanted:
            line.faults.add(fault)
        return answer({"faults": line.faults.listed()})

    @control.post("/settings")
    def settings() -> Response:
        """Any of ``{"latency", "webhook_url", "quota", "chat_mode", "redelivery", "rate_limit"}``"""
        body = _body()
        channel = _channel(line, body.pop("channel", None))
        for name, value in body.items():
            if name in ("webhook_url", "quota", "chat_mode"):
                setattr(channel, name, value)
            elif name in ("latency", "rate_limit"):
                setattr(line, name, value)
            elif name == "redelivery":
                line.webhooks.redelivery = tuple(value)
            else:
                raise WrongUseError(f"there is no setting {name}")
        return answer(state(line))


def _add_looking(control: Blueprint, line: "LocalLine") -> None:
    @control.get("/inbox")
    def inbox() -> Response:
        """``?user=`` or ``?group=``; ``&count=N`` waits up to 25 s for N messages."""
        user, channel = request.args.get("user") or request.args["group"], _channel(line, request.args.get("channel"))
        count = request.args.get("count", 0, type=int)
        with suppress(TimeoutError):
            line.wait(user, count, LONG_POLL_SECONDS, channel)
        return answer({"messages": line.inbox(user, channel)})

    @control.get("/state")
    def the_state() -> Response:
        return answer(state(line))

    @control.get("/counters")
    def the_counters() -> Response:
        return answer(counters(line))

    @control.get("/calls")
    def calls() -> Response:
        """The bot's requests, newest last; ``?path=`` keeps those whose path ends so."""
        return answer({"calls": [call for call in line.calls if call["path"].endswith(request.args.get("path", ""))]})

    @control.get("/changes")
    def the_changes() -> Response:
        """``?users=a,b&since=N``: what changed in these chats after N; waits up to 25 s for something."""
        channel = _channel(line, request.args.get("channel"))
        users = [line.world.person(user) for user in request.args.get("users", "").split(",") if user]
        since, seconds = request.args.get("since", 0, type=int), request.args.get("wait", LONG_POLL_SECONDS, type=float)
        line.world.wait(lambda: any(line.world.chat(channel, user).rev > since for user in users), seconds)
        return answer(changes(line, channel, users, since))


def _decoded(content: object) -> bytes:
    try:
        return base64.b64decode(str(content or ""), validate=True)
    except (binascii.Error, ValueError):
        raise WrongUseError("content must be base64") from None


def _delivered(act: Callable[[], Delivered]) -> Response:
    try:
        sent = act()
    except (LookupError, ValueError, TypeError) as error:
        raise WrongUseError(str(error)) from None
    return answer({"status": sent.status, "message_id": sent.message_id, "event": sent.event})


def _body() -> Json:
    if request.mimetype != "application/json":
        raise WrongUseError("send a JSON object, Content-Type: application/json")
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError:
        raise WrongUseError("the body is not JSON") from None
    if not isinstance(body, dict):
        raise WrongUseError("the body is not a JSON object")
    return body


def _channel(line: "LocalLine", bot_user_id: str | None) -> Channel:
    if not bot_user_id:
        return line.channel
    if bot_user_id not in line.world.channels:
        raise WrongUseError("there is no channel with this bot user id")
    return line.world.channels[bot_user_id]
