"""Evidence on its way in: read in memory only, within limits, photos without what cameras write into them.

Nothing of an upload touches the disk before it is encrypted. What is over a limit is read and thrown away, so that the
words of the same form are kept and the person is told in one sentence.
"""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import PurePath
from typing import IO

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import parse_form_data

from bot import pictures
from bot.pictures import PictureError
from survey.sealed import Evidence

MIB = 1024 * 1024
FILE_LIMIT = 10 * MIB
TOTAL_LIMIT = 20 * MIB
FILES = 10
BODY_LIMIT = 200 * MIB
FORM_LIMIT = 256 * 1024  # of the words
REPORT_LIMIT = 60 * MIB  # of all files of a report
SIDE = 3000  # pixels; a page of text stays readable
PICTURES = frozenset("jpg jpeg jfif png webp gif bmp tif tiff".split())
OTHERS = frozenset(
    "pdf doc docx odt xls xlsx ods csv ppt pptx txt rtf mp3 m4a aac amr wav ogg opus mp4 mov 3gp webm avi".split()
)


class FileError(Exception):
    """A file cannot be taken. The message is for the person who sent it, in Thai."""


@dataclass
class Sent:
    """A form as it came: ``words`` by field; ``files`` as they will be kept; ``faults``, one sentence each.

    ``uploads``: were any files chosen?
    """

    words: dict[str, str]
    uploads: bool = False
    files: list[Evidence] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class _Room:
    """How much of a body is kept."""

    def __init__(self) -> None:
        self.left = TOTAL_LIMIT
        self.over = False


class _Part(BytesIO):
    """One file in memory; what does not fit is thrown away, and that is remembered."""

    def __init__(self, room: _Room) -> None:
        super().__init__()
        self._room, self.over = room, False

    def write(self, data: object) -> int:
        size = len(data)  # type: ignore[arg-type]
        if self.tell() + size > FILE_LIMIT:
            self.over = True
        elif self._room.left < size:
            self._room.over = True
        else:
            self._room.left -= size
            return super().write(data)  # type: ignore[arg-type]
        return size


def read() -> Sent:
    """The form of the request at hand. Raises RequestEntityTooLarge over ``BODY_LIMIT``."""
    room = _Room()

    def part(*_: object, **__: object) -> IO[bytes]:
        return _Part(room)

    _, words, files = parse_form_data(
        request.environ,
        stream_factory=part,
        max_form_memory_size=FORM_LIMIT,
        max_content_length=BODY_LIMIT,
        max_form_parts=100,
    )
    sent = Sent({name: value.replace("\0", "").replace("\r\n", "\n") for name, value in words.items()})
    uploads = [one for one in files.getlist("files") if one.filename]
    sent.uploads = bool(uploads)
    if len(uploads) > FILES:
        sent.faults.append(f"ส่งได้ครั้งละไม่เกิน {FILES} ไฟล์ค่ะ ที่เหลือส่งเพิ่มภายหลังได้ด้วยรหัสติดตาม")
    elif room.over:
        limit = TOTAL_LIMIT // MIB
        sent.faults.append(f"ไฟล์รวมกันใหญ่เกิน {limit} MB ค่ะ กรุณาแบ่งส่ง ที่เหลือส่งเพิ่มภายหลังได้ด้วยรหัสติดตาม")
    else:
        for number, upload in enumerate(uploads, 1):
            _take(sent, upload, number)
    return sent


def _take(sent: Sent, upload: FileStorage, number: int) -> None:
    name = _name(upload.filename or "")
    try:
        if getattr(upload.stream, "over", False):
            raise FileError(f"ไฟล์ “{name}” ใหญ่เกิน {FILE_LIMIT // MIB} MB จึงรับไม่ได้ค่ะ")
        upload.stream.seek(0)
        sent.files.append(evidence(name, upload.stream.read(), number))
    except FileError as exc:
        sent.faults.append(str(exc))


def evidence(name: str, content: bytes, number: int) -> Evidence:
    """A file as it will be kept: a picture as a new JPEG, a document as it is. Raises FileError."""
    if not content:
        raise FileError(f"ไฟล์ “{name}” ว่างเปล่าค่ะ")
    ending = PurePath(name).suffix.lower().lstrip(".")
    try:
        return Evidence(f"ภาพ {number}.jpg", pictures.MIME, pictures.redrawn(content, SIDE))
    except PictureError as exc:
        if exc.large:
            raise FileError(f"ภาพ “{name}” ใหญ่เกินไปค่ะ กรุณาย่อภาพหรือจับภาพหน้าจอแล้วส่งใหม่") from None
    if ending in PICTURES:
        raise FileError(f"เปิดภาพ “{name}” ไม่ได้ค่ะ ไฟล์อาจเสียหาย กรุณาส่งใหม่")
    if ending not in OTHERS:
        raise FileError(f"ไฟล์ “{name}” เป็นชนิดที่รับไม่ได้ค่ะ รับภาพ (JPEG, PNG) PDF เอกสาร เสียง และวิดีโอ")
    return Evidence(name, "application/octet-stream", content)


def _name(typed: str) -> str:
    """The last part of a file's name, without what no screen shows."""
    last = PurePath(typed.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[-80:] or "ไฟล์"
