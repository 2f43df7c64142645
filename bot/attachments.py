"""Photos and voice messages fetched from LINE, made safe to keep, and kept with their draft or ticket.

The web process fetches at once, after the commit and beside the replies; the worker takes up what it left: LINE was
slow or away, or the process died. A file is kept once, whoever is quicker (``survey.attachments.keep``). No network
call happens in a transaction, and no more than the limit is ever read.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom

import structlog
from sqlalchemy import Engine
from urllib3 import BaseHTTPResponse

from bot import pictures
from bot.line import LineClient, LineError
from bot.pictures import PictureError
from survey import attachments, db, outbox
from survey.attachments import FETCH, GONE, LARGE, WRONG
from survey.settings import Agency, Settings

log = structlog.get_logger(__name__)
LIMITS = {"photo": 20 * 1024 * 1024, "voice": 5 * 1024 * 1024}  # bytes; two minutes of speech are 2 MB
PIECE = 64 * 1024
PATIENCE_S = 20.0  # for a file that comes slowly, or that LINE still prepares: the reply waits for it
LEASE = timedelta(minutes=3)
TRIES = 12  # in about an hour and a half
_GONE = (400, 404, 410)  # LINE does not have it, or not any more
_SOUNDS = {b"#!AMR": "audio/amr", b"OggS": "audio/ogg", b"ID3": "audio/mpeg", b"caff": "audio/x-caf"}


class RefusedError(Exception):
    """The file can never be had. ``why``: ``survey.attachments.GONE``, ``WRONG`` or ``LARGE``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def fetch(engine: Engine, line: LineClient, agency: Agency, file_id: str, patience_s: float = PATIENCE_S) -> None:
    """Fetch and keep a file, unless somebody else has. Raises LineError (try again later), RefusedError (never)."""
    with db.read(engine) as conn:
        file = attachments.waiting(conn, agency.id, file_id)
    if file is None:
        return
    try:
        content = download(line, agency, file.source, LIMITS[file.kind], time.monotonic() + patience_s)
    except LineError as exc:
        if exc.status in _GONE:
            raise RefusedError(GONE) from None
        raise
    content, content_type = _safe_photo(content) if file.kind == "photo" else safe_voice(content)
    with db.write(engine) as conn:
        attachments.keep(conn, agency.id, file_id, content, content_type)


def download(line: LineClient, agency: Agency, message_id: str, limit: int, until: float) -> bytes:
    """The bytes of a message; ``until`` by the monotonic clock. Raises LineError, RefusedError."""
    while True:
        with line.content(agency, message_id) as response:
            if response.status != 202:
                return _read(response, limit, until)
        state = line.prepared(agency, message_id)
        if state == "failed":
            raise RefusedError(WRONG)
        if time.monotonic() > until:
            raise LineError(202, permanent=False)
        if state != "succeeded":
            time.sleep(1.0)


def _read(response: BaseHTTPResponse, limit: int, until: float) -> bytes:
    """At most ``limit`` bytes; one that says beforehand that it is larger is not read at all."""
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limit:
        raise RefusedError(LARGE)
    held = bytearray()
    for piece in response.stream(PIECE):
        held += piece
        if len(held) > limit:
            raise RefusedError(LARGE)
        if time.monotonic() > until:
            raise LineError(None, permanent=False)
    return bytes(held)


def _safe_photo(content: bytes) -> tuple[bytes, str]:
    try:
        return pictures.redrawn(content), pictures.MIME
    except PictureError as exc:
        raise RefusedError(LARGE if exc.large else WRONG) from None


def safe_voice(content: bytes) -> tuple[bytes, str]:
    """A sound that phones record, known by its first bytes."""
    if content[4:8] == b"ftyp":
        return content, "audio/mp4"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return content, "audio/wav"
    if content[:1] == b"\xff" and content[1:2] and content[1] & 0xE0 == 0xE0:  # a frame of MPEG audio or of AAC
        return content, "audio/aac" if content[1] & 0x06 == 0 else "audio/mpeg"
    for mark, content_type in _SOUNDS.items():
        if content.startswith(mark):
            return content, content_type
    raise RefusedError(WRONG)


@dataclass
class Fetcher:
    """The worker's part: files that the web process did not get."""

    engine: Engine
    settings: Settings
    line: LineClient
    rng: Random = field(default_factory=SystemRandom)

    def fetch_next(self, now: datetime) -> bool:
        """Fetch the file that is due longest; False when none was."""
        item = outbox.claim(self.engine, now, [FETCH], LEASE)
        if item is None:
            return False
        agency, file_id = self.settings.agency(item.agency_id), item.payload["file"]
        try:
            if agency is not None:
                fetch(self.engine, self.line, agency, file_id)
        except RefusedError as exc:
            self._refuse(item.agency_id, file_id, exc.why)
        except LineError as exc:
            if not outbox.fail(self.engine, item, now, f"LINE {exc.status}", self.rng, tries=TRIES):
                return True
            self._refuse(item.agency_id, file_id, GONE)
        outbox.done(self.engine, item)
        return True

    def _refuse(self, agency_id: str, file_id: str, why: str) -> None:
        """Nobody is told: the right to reply has ended, and the next question says how many photos there are."""
        with db.write(self.engine) as conn:
            attachments.refuse(conn, agency_id, file_id)
        log.warning("file.refused", agency=agency_id, file=file_id, why=why)
