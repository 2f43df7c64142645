"""The real gspread, turned to the local Sheets, with Google's description checking every call both ways.

The subject in the credentials keeps google-auth from asking Google, in a thread of its own, about regional boundaries
of the account: nothing here may leave this machine.
"""

from typing import Any
from urllib.parse import unquote, urlsplit

import gspread
from google.oauth2.service_account import Credentials
from requests import Response

from bot.playground.sheets_auth import EMAIL, service_account_info
from tests.google_discovery import check_request, check_response

GOOGLE = "https://sheets.googleapis.com"


def open_client(base_url: str, timeout_s: float = 5.0, email: str = EMAIL, info: Any = None) -> gspread.Client:
    """A gspread client of the service at ``base_url``; close it with ``client.http_client.session.close()``."""

    class LocalHTTPClient(gspread.HTTPClient):
        def request(self, method: str, endpoint: str, **kwargs: Any) -> Response:  # type: ignore[override]
            call = f"{method.upper()} {unquote(urlsplit(endpoint).path)}"
            check_request(call, kwargs.get("json"), kwargs.get("params"))
            response = super().request(method, endpoint.replace(GOOGLE, base_url), **kwargs)
            if response.text.endswith("}") and "fields" not in (kwargs.get("params") or {}):
                check_response(call, response.json())
            return response

    credentials = Credentials.from_service_account_info(  # type: ignore[no-untyped-call]
        info or service_account_info(base_url, email),
        scopes=["https://www.googleapis.com/auth/spreadsheets"],
        subject=email,
    )
    client = gspread.Client(auth=credentials, http_client=LocalHTTPClient)
    client.set_timeout(timeout_s)
    return client
