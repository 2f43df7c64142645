"""Google Sheets over HTTP, through gspread's client: a time-out on everything, no retries, answers as values.

Why gspread's low level only: ``Spreadsheet()`` and ``worksheet()`` each cost a read, ``BackOffHTTPClient`` posts
appends again on its own, and a frozen batch must be sent byte for byte, not encoded anew. One client per worker thread.
"""

import json
from collections.abc import Mapping
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

from survey import sheets_answers
from survey.sheets_answers import Answer, Seen
from survey.sheets_plan import METADATA_KEY

GOOGLE = "https://sheets.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
CONNECT_S = 3.05


class CredentialsError(ValueError):
    """The service account key cannot be used. The message is for an operator."""


class SheetsHttp(HTTPClient):
    """gspread's HTTP client with another base address, and time-outs it does not have by itself."""

    def __init__(self, auth: Credentials, base: str, timeout_s: float) -> None:
        super().__init__(auth)
        self._base = base.rstrip("/")
        self.set_timeout((min(CONNECT_S, timeout_s), timeout_s))

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        if self._base and endpoint.startswith(GOOGLE):
            endpoint = self._base + endpoint.removeprefix(GOOGLE)
        return super().request(method, endpoint, *args, **kwargs)


class SheetsClient:
    """One spreadsheet, as one service account sees it. No method raises for what a network can do."""

    def __init__(self, spreadsheet_id: str, key_json: str, base: str = "", timeout_s: float = 20.0) -> None:
        """``key_json``: the key file's text. Raises CredentialsError."""
        try:
            info = json.loads(key_json)
            auth = Credentials.from_service_account_info(info, scopes=SCOPES)  # type: ignore[no-untyped-call]
        except (ValueError, GoogleAuthError, AttributeError):
            raise CredentialsError("the service account key is not a Google service account key in JSON") from None
        self.account: str = auth.service_account_email
        self._http = SheetsHttp(auth, base, timeout_s)
        self._url = SPREADSHEET_URL % spreadsheet_id
        self._update_url = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet_id

    def batch_update(self, payload: str) -> Answer:
        """Send a frozen body as it stands."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = self._call("post", self._update_url, data=payload.encode(), headers=headers)
        if answer.ok and "replies" not in (answer.body or {}):
            return Answer(Seen.UNKNOWN, "200, not an answer to batchUpdate")
        return answer

    def token(self, number: int) -> Answer:
        """The developer metadata under ``number``."""
        return self._call("get", f"{self._url}/developerMetadata/{number}")

    def tokens(self) -> Answer:
        """All developer metadata of ours: ``matchedDeveloperMetadata``."""
        lookup = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": METADATA_KEY}}]}
        return self._call("post", f"{self._url}/developerMetadata:search", json=lookup)

    def tabs(self) -> Answer:
        """The spreadsheet's tabs with their ids, titles and sizes."""
        fields = "sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
        return self._call("get", self._url, params={"fields": fields})

    def columns(self, sheet_id: int, count: int) -> Answer:
        """The first ``count`` columns of a tab, header included, by sheetId: staff may have renamed the tab."""
        area = {"sheetId": sheet_id, "startColumnIndex": 0, "endColumnIndex": count}
        body: Mapping[str, Any] = {
            "dataFilters": [{"gridRange": area}],
            "majorDimension": "ROWS",
            "valueRenderOption": "UNFORMATTED_VALUE",
        }
        return self._call("post", f"{self._url}/values:batchGetByDataFilter", json=body)

    def close(self) -> None:
        self._http.session.close()

    def _call(self, method: str, url: str, **request: Any) -> Answer:
        try:
            response = self._http.request(method, url, **request)
        except APIError as error:
            response = error.response
        except RefreshError as error:
            return Answer(Seen.NOT_SENT if error.retryable else Seen.DENIED, "no access token: the key is refused")
        except (TransportError, requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            return Answer(Seen.NOT_SENT, type(error).__name__)
        except (requests.RequestException, GoogleAuthError) as error:
            # A refused connection looks like a broken one here; "unknown" is the safe reading of both.
            return Answer(Seen.UNKNOWN, type(error).__name__)
        return sheets_answers.read(response.status_code, response.content)
