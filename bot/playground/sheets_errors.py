"""Google's error answers, as the local Sheets service gives them.

Wordings are Google's own where a recorded answer exists; the shape is always
``{"error": {"code", "message", "status", "details"?}}``.
"""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that is an error. ``code`` is the HTTP status, ``status`` Google's canonical name for it."""

    def __init__(self, code: int, status: str, message: str, details: list[Json] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.details = details

    def body(self) -> Json:
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}


def invalid(message: str) -> ApiError:
    return ApiError(400, "INVALID_ARGUMENT", message)


def not_found() -> ApiError:
    return ApiError(404, "NOT_FOUND", "Requested entity was not found.")


def forbidden() -> ApiError:
    return ApiError(403, "PERMISSION_DENIED", "The caller does not have permission")


def unauthenticated() -> ApiError:
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return ApiError(401, "UNAUTHENTICATED", message)


def unavailable(code: int) -> ApiError:
    if code == 503:
        return ApiError(503, "UNAVAILABLE", "The service is currently unavailable.")
    return ApiError(code, "INTERNAL", "Internal error encountered.")


def cell_limit(limit: int) -> ApiError:
    return invalid(f"This action would increase the number of cells in the workbook above the limit of {limit} cells.")


def quota_exceeded(write: bool, limit: int) -> ApiError:
    """429 as recorded from Google; ``details[0].metadata.quota_limit`` says which meter ran out."""
    word = "Write" if write else "Read"
    message = (
        f"Quota exceeded for quota metric '{word} requests' and limit '{word} requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:100000000000'."
    )
    info: Json = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "consumer": "projects/100000000000",
            "quota_limit": f"{word}RequestsPerMinutePerUser",
            "quota_limit_value": str(limit),
            "quota_location": "global",
            "quota_metric": f"sheets.googleapis.com/{word.lower()}_requests",
            "service": "sheets.googleapis.com",
        },
    }
    return ApiError(429, "RESOURCE_EXHAUSTED", message, [info])
