"""Google Sheets over HTTP, through gspread's client: a time-out on everything, no retries, answers as values.

Why gspread's low level only: ``Spreadsheet()`` and ``worksheet()`` each cost a read, ``BackOffHTTPClient`` posts
appends again on its own, and a frozen batch must be sent byte for byte, not encoded anew. One client per worker thread.
"""

import json
from collections.abc import Mapping
from typing import Any

import requests
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.oauth2.service_account import Credentials as KeyFile
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


class ServiceAccount(Credentials):  # type: ignore[misc, unused-ignore]
    """A service account that fetches access tokens and nothing else.

    Google's own class also asks iamcredentials.googleapis.com, in a background thread with retries, for regions the
    account is bound to; offices need not open their firewall for that, and a test may not call anybody.
    """

    def __init__(self, key: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._key = KeyFile.from_service_account_info(key, scopes=SCOPES)  # type: ignore[no-untyped-call]
        self.email: str = self._key.service_account_email

    def refresh(self, request: Any) -> None:
        self._key.refresh(request)
        self.token, self.expiry = self._key.token, self._key.expiry


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
            auth = ServiceAccount(json.loads(key_json))
        except (ValueError, GoogleAuthError, AttributeError, TypeError):
            raise CredentialsError("the service account key is not a Google service account key in JSON") from None
        self.account = auth.email
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
        """The spreadsheet's title, and its tabs with their ids, titles and sizes."""
        fields = "properties.title,sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))"
        return self._call("get", self._url, params={"fields": fields})

    def content(self, sheet_id: int, columns: int) -> Answer:
        """The whole top row and the first ``columns`` columns of a tab; it must have as many.

        By sheetId: staff may have renamed it. ``sheets_answers.content`` takes the answer apart.
        """
        top = {"sheetId": sheet_id, "startRowIndex": 0, "endRowIndex": 1}
        body = {"sheetId": sheet_id, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": columns}
        request: Mapping[str, Any] = {
            "dataFilters": [{"gridRange": top}, {"gridRange": body}],
            "majorDimension": "ROWS",
            "valueRenderOption": "UNFORMATTED_VALUE",
        }
        return self._call("post", f"{self._url}/values:batchGetByDataFilter", json=request)

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
