"""LINE's Messaging API: one pooled client per channel, a time-out on every call, errors that carry the decision.

The SDK is imported with the first call, not with this module: it takes 0.8 s and 60 MB. Messages are plain dicts and go
through ``ApiClient.call_api`` (the SDK's models cost 2.5 ms a message and drop fields of dicts silently).
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import quote

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from survey.settings import Agency

API = "https://api.line.me"
DATA = "https://api-data.line.me"  # takes and gives files
REPLY_TIMEOUT_S = 2.0
PUSH_TIMEOUT_S = 10.0
CONTENT_TIMEOUT_S = 5.0  # for each piece that is read
CONNECTIONS = 64  # as many as there are threads that reply
_PERMANENT = range(400, 500)
_TRY_LATER = (408, 429)


class LineError(Exception):
    """LINE refused or did not answer. ``permanent``: trying again cannot help (blocked, bad request)."""

    def __init__(self, status: int | None, permanent: bool) -> None:
        super().__init__(f"LINE answered {status}" if status else "LINE did not answer")
        self.status = status
        self.permanent = permanent


class LineClient:
    """All channels of a deployment. ``api_base`` empty: LINE's own; ``data_base`` empty: the data host beside it."""

    def __init__(self, api_base: str = "", data_base: str = "") -> None:
        self._api = api_base.rstrip("/") or API
        self._data = data_base.rstrip("/") or (DATA if self._api == API else self._api)
        self._clients: dict[tuple[str, str], Any] = {}
        self._guard = threading.Lock()

    def reply(self, agency: Agency, reply_token: str, messages: list[dict[str, Any]]) -> None:
        """Answer for free. A token works once and for a minute: there is no second try. Raises LineError."""
        body = {"replyToken": reply_token, "messages": messages}
        self._call(agency, "POST", "/v2/bot/message/reply", body, REPLY_TIMEOUT_S)

    def push(self, agency: Agency, user_id: str, messages: list[dict[str, Any]], retry_key: str) -> None:
        """Send a paid message; the retry key makes trying again safe (409: accepted before). Raises LineError."""
        body = {"to": user_id, "messages": messages}
        try:
            self._call(agency, "POST", "/v2/bot/message/push", body, PUSH_TIMEOUT_S, {"X-Line-Retry-Key": retry_key})
        except LineError as exc:
            if exc.status != 409:
                raise

    def bot_info(self, agency: Agency) -> dict[str, Any]:
        """Who the channel is: userId, basicId, displayName, chatMode. Raises LineError."""
        return _object(self._call(agency, "GET", "/v2/bot/info", None, REPLY_TIMEOUT_S))  # a webhook may wait for it

    def get(self, agency: Agency, path: str) -> dict[str, Any]:
        """A GET that answers with JSON. Raises LineError."""
        return _object(self._call(agency, "GET", path, None, PUSH_TIMEOUT_S))

    def post(self, agency: Agency, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A POST that answers with JSON. Raises LineError."""
        return _object(self._call(agency, "POST", path, body, PUSH_TIMEOUT_S))

    def delete(self, agency: Agency, path: str) -> None:
        """Raises LineError."""
        self._call(agency, "DELETE", path, None, PUSH_TIMEOUT_S)

    def upload(self, agency: Agency, path: str, content: bytes, content_type: str) -> None:
        """Send a file to the data host. Raises LineError."""
        self._call(agency, "POST", path, content, PUSH_TIMEOUT_S, {"Content-Type": content_type}, self._data)

    @contextmanager
    def content(self, agency: Agency, message_id: str) -> Iterator[BaseHTTPResponse]:
        """A photo or voice message on the data host, to be read piece by piece (status 202: LINE still prepares it).

        What is not read by the end is not downloaded. Raises LineError, while it is read too.
        """
        client = self._client(agency, self._data)
        headers: dict[str, str] = {**client.default_headers}
        client.update_params_for_auth(headers, [], ["Bearer"], f"/v2/bot/message/{message_id}/content", "GET", None)
        with _refusals():
            response = client.request(
                "GET",
                f"{self._data}/v2/bot/message/{quote(message_id, safe='')}/content",
                headers=headers,
                _preload_content=False,
                _request_timeout=(REPLY_TIMEOUT_S, CONTENT_TIMEOUT_S),
            )
            try:
                yield response
            finally:
                response.close()

    def prepared(self, agency: Agency, message_id: str) -> str:
        """How far LINE is with a voice message: processing, succeeded or failed. Raises LineError."""
        path = f"/v2/bot/message/{quote(message_id, safe='')}/content/transcoding"
        return str(_object(self._call(agency, "GET", path, None, REPLY_TIMEOUT_S, host=self._data)).get("status"))

    def warm_up(self) -> None:
        """Import the SDK before the first reply needs it."""
        _sdk()

    def _call(
        self,
        agency: Agency,
        method: str,
        path: str,
        body: Any,
        timeout_s: float,
        headers: dict[str, str] | None = None,
        host: str = "",
    ) -> Any:
        sent = {"Accept": "application/json", **({"Content-Type": "application/json"} if body is not None else {})}
        client = self._client(agency, host or self._api)
        with _refusals():
            return client.call_api(
                path,
                method,
                header_params={**sent, **(headers or {})},
                body=body,
                response_types_map={str(code): "object" for code in (200, 201, 202)},
                auth_settings=["Bearer"],
                _return_http_data_only=True,
                _request_timeout=timeout_s,
            )

    def _client(self, agency: Agency, host: str) -> Any:
        """One pooled client per channel and host: the SDK ignores a host given with a call."""
        with self._guard:
            if (agency.id, host) not in self._clients:
                sdk = _sdk()
                configuration = sdk.Configuration(host=host, access_token=agency.channel_access_token)
                configuration.connection_pool_maxsize = CONNECTIONS
                configuration.retries = False
                self._clients[agency.id, host] = sdk.ApiClient(configuration)
            return self._clients[agency.id, host]


@contextmanager
def _refusals() -> Iterator[None]:
    """Whatever the SDK or the network raises, as a LineError."""
    from linebot.v3.messaging.exceptions import ApiException  # noqa: PLC0415 - see above

    try:
        yield
    except ApiException as exc:
        permanent = exc.status in _PERMANENT and exc.status not in _TRY_LATER
        raise LineError(exc.status, permanent) from None
    except (HTTPError, OSError, ValueError, LookupError):  # the last two: an answer in no readable encoding
        raise LineError(None, permanent=False) from None


def _object(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {}


@cache
def _sdk() -> Any:
    """The SDK, on first use. All that is loaded by then stays for good: left to the garbage collector, its 200,000
    objects would be looked through again and again, and each time every request would stand still for 100 ms."""
    from linebot.v3 import messaging  # noqa: PLC0415 - see above

    gc.freeze()
    return messaging
