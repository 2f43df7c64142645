"""Photos and voice from LINE's message to the stored file, over HTTP; and what cannot be had."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Row, func, select

from bot import attachments
from bot.attachments import Fetcher, RefusedError
from bot.line import LineClient, LineError
from bot.playground.line_media import SAMPLE
from bot.replies import Replies
from survey import db, outbox
from survey.attachments import FETCH, FETCH_AFTER, LARGE, WRONG
from survey.settings import Agency, Settings
from survey.tables import complaint_files, drafts
from survey.tables import outbox as queue
from tests.bot.deployment import Deployment, deployed
from tests.bot.resident import Resident, photo

MIB = 1024 * 1024


@pytest.fixture
def bot(settings_factory: Callable[..., Settings], sqlite_url: str) -> Iterator[Deployment]:
    with deployed(settings_factory(), sqlite_url) as deployment:
        yield deployment


@pytest.fixture
def either(settings_factory: Callable[..., Settings], database_url: str) -> Iterator[Deployment]:
    """On SQLite and on PostgreSQL."""
    with deployed(settings_factory(), database_url) as deployment:
        yield deployment


@pytest.fixture
def resident(bot: Deployment) -> Resident:
    return Resident(bot)


def kept(bot: Deployment) -> list[Row[Any]]:
    with db.read(bot.engine) as conn:
        return list(conn.execute(select(complaint_files).order_by(complaint_files.c.id)).all())


def answers(bot: Deployment) -> dict[str, str | None]:
    with db.read(bot.engine) as conn:
        return dict(conn.execute(select(drafts.c.answers).where(drafts.c.status == "open")).scalar_one())


def fetcher(bot: Deployment) -> Fetcher:
    return Fetcher(bot.engine, bot.settings, bot.site.line, Random(1))


def test_a_photo_is_kept_without_where_it_was_taken_and_goes_with_the_ticket(
    bot: Deployment, resident: Resident
) -> None:
    resident.begins()
    assert "ได้รับภาพแล้ว 1 ภาพ" in resident.sends(photo())

    resident.presses("ส่งภาพครบแล้ว")
    resident.says("1", "ส่งเรื่อง")

    [file] = kept(bot)
    assert (file.kind, file.status, file.source, file.content_type) == ("photo", "ready", "", "image/jpeg")
    assert file.draft is None
    assert file.complaint is not None
    picture = Image.open(io.BytesIO(file.content))
    assert picture.size == (600, 800)
    assert not dict(picture.getexif())


def test_photos_sent_at_once_are_answered_once(either: Deployment) -> None:
    bot, resident = either, Resident(either)
    resident.begins()

    said = resident.sends(*[photo(colour=colour) for colour in ("red", "green", "blue")])

    assert "ได้รับภาพแล้ว 3 ภาพ" in said
    assert [file.status for file in kept(bot)] == ["ready"] * 3


def test_a_sixth_photo_is_not_even_fetched(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    resident.sends(*[photo()] * 5)

    assert "รับได้ไม่เกิน 5 ภาพ" in resident.sends(photo())

    assert len(kept(bot)) == 5
    assert bot.line.call_counts["content 200"] == 5


def test_photos_that_are_chosen_again_are_not_stored_for_nothing(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    for _ in range(3):
        resident.sends(photo(), photo())
        resident.presses("ลบภาพ เลือกใหม่")

    assert kept(bot) == []


def test_a_voice_message_that_line_still_prepares_is_waited_for(bot: Deployment, resident: Resident) -> None:
    resident.says("แจ้งเรื่อง")

    heard = resident.hears(lambda: bot.line.voice(resident.name, seconds=45, ready_in=0.5))

    assert "เป็นเรื่องประเภทใด" in str(heard)
    [file] = kept(bot)
    assert (file.kind, file.status, file.seconds, file.content_type) == ("voice", "ready", 45, "audio/mp4")
    assert file.content == SAMPLE.read_bytes()
    assert bot.line.call_counts["content 202"] >= 1


def test_a_voice_message_of_more_than_two_minutes_is_not_fetched(bot: Deployment, resident: Resident) -> None:
    resident.says("แจ้งเรื่อง")

    said = resident.hears(lambda: bot.line.voice(resident.name, seconds=121))

    assert "ยาวเกิน 2 นาที" in str(said)
    assert kept(bot) == []
    assert bot.line.call_counts["content 200"] == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_photo_that_has_expired_is_asked_for_again(bot: Deployment, resident: Resident, status: int) -> None:
    resident.begins()
    bot.line.faults.fail(status, "content")

    said = resident.sends(photo())

    assert "ภาพนี้หมดอายุแล้วค่ะ" in said
    assert "มีภาพถ่ายไหมคะ" in said
    assert [file.status for file in kept(bot)] == ["refused"]
    assert answers(bot).get("+photos") is None
    assert "ได้รับภาพแล้ว 1 ภาพ" in resident.sends(photo())


def test_what_is_no_picture_is_refused_in_one_sentence(bot: Deployment, resident: Resident) -> None:
    resident.begins()

    assert "เปิดเป็นภาพไม่ได้" in resident.sends(b"%PDF-1.7 not a picture")

    assert kept(bot)[0].content is None


def test_what_is_no_sound_is_asked_for_again(bot: Deployment, resident: Resident) -> None:
    resident.says("แจ้งเรื่อง")

    heard = resident.hears(lambda: bot.line.voice(resident.name, content=b"MZ an attachment"))

    assert "ไฟล์เสียงนี้เปิดไม่ได้ค่ะ" in str(heard)
    assert "ต้องการแจ้งเรื่องอะไร" in str(heard)
    assert "words" not in answers(bot)


def test_a_video_of_40_mb_and_a_file_are_refused_and_never_fetched(bot: Deployment, resident: Resident) -> None:
    resident.begins()

    video = resident.hears(lambda: bot.line.video(resident.name, b"\0" * (40 * MIB)))
    document = resident.hears(lambda: bot.line.media(resident.name, "file", b"%PDF", "application/pdf", name="a.pdf"))

    assert "วิดีโอส่งไม่ได้" in str(video)
    assert "ไฟล์ส่งไม่ได้" in str(document)
    assert not any(call.startswith("content") for call in bot.line.call_counts)


def test_a_photo_from_somewhere_else_than_line_is_not_fetched(bot: Deployment, resident: Resident) -> None:
    """An address of another's choice is nothing for our server to open."""
    resident.begins()
    elsewhere = {"type": "external", "originalContentUrl": f"{bot.url}/healthz", "previewImageUrl": f"{bot.url}/x"}

    heard = resident.hears(lambda: bot.line.media(resident.name, "image", b"", "image/jpeg", contentProvider=elsewhere))

    assert "ข้อนี้ส่งเป็นภาพถ่าย" in str(heard)
    assert kept(bot) == []


def test_line_being_slow_with_photos_keeps_nobody_else_waiting(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    bot.line.faults.slow(2, "content", times=5)
    sent = bot.line.photos(resident.name, [photo()] * 5)

    said = Resident(bot, "มานี").says("แจ้งเรื่อง")

    assert {file.status for file in kept(bot)} == {"waiting"}
    assert [one.status for one in sent] == [200] * 5
    assert "ต้องการแจ้งเรื่องอะไร" in said


def test_when_line_fails_the_person_goes_on_and_the_worker_fetches_the_photo_later(
    bot: Deployment, resident: Resident
) -> None:
    resident.begins()
    bot.line.faults.fail(500, "content", times=2)

    assert "ได้รับภาพแล้ว 1 ภาพ" in resident.sends(photo())

    assert [file.status for file in kept(bot)] == ["waiting"]
    worker, later = fetcher(bot), bot.now + FETCH_AFTER
    assert not worker.fetch_next(bot.now)  # the web process has its chance first
    assert worker.fetch_next(later)  # and fails
    assert not worker.fetch_next(later)
    assert worker.fetch_next(later + timedelta(minutes=1))
    assert [file.status for file in kept(bot)] == ["ready"]
    assert not worker.fetch_next(later + timedelta(hours=1))


def test_when_too_many_photos_wait_the_person_is_answered_and_the_worker_fetches(
    bot: Deployment, resident: Resident
) -> None:
    bot.site.downloads = Replies(threads=0, waiting=0)
    resident.begins()

    assert "ได้รับภาพแล้ว 1 ภาพ" in resident.sends(photo())

    assert [file.status for file in kept(bot)] == ["waiting"]
    assert fetcher(bot).fetch_next(bot.now + FETCH_AFTER)
    assert [file.status for file in kept(bot)] == ["ready"]


def test_what_a_worker_that_died_had_begun_another_does(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    bot.line.faults.drop("content")
    resident.sends(photo())
    now = bot.now + FETCH_AFTER
    assert outbox.claim(bot.engine, now, [FETCH], attachments.LEASE)  # and then it is killed

    assert not fetcher(bot).fetch_next(now)
    assert fetcher(bot).fetch_next(now + attachments.LEASE)

    assert [file.status for file in kept(bot)] == ["ready"]


def test_a_photo_of_a_report_that_was_sent_meanwhile_comes_to_the_ticket(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    bot.line.faults.drop("content")
    resident.sends(photo())
    resident.says("ครบแล้ว", "3", "ส่งเรื่อง")
    [file] = kept(bot)
    assert (file.status, file.draft, file.complaint is None) == ("waiting", None, False)

    assert fetcher(bot).fetch_next(bot.now + FETCH_AFTER)

    assert [(row.status, row.complaint) for row in kept(bot)] == [("ready", file.complaint)]


def test_a_photo_that_line_never_gives_is_given_up(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    bot.line.faults.fail(500, "content", times=None)
    resident.sends(photo())
    worker, now = fetcher(bot), bot.now + FETCH_AFTER

    tries = 0
    while [file.status for file in kept(bot)] == ["waiting"]:
        tries += worker.fetch_next(now)
        now += timedelta(minutes=10)

    assert tries == attachments.TRIES
    assert answers(bot).get("+photos") is None
    with db.read(bot.engine) as conn:
        assert conn.scalar(select(func.count()).select_from(queue).where(queue.c.status == "waiting")) == 0


def test_a_worker_finds_a_photo_gone_and_takes_it_out_of_the_answer(either: Deployment) -> None:
    bot, resident = either, Resident(either)
    resident.begins()
    bot.line.faults.drop("content")
    resident.sends(photo())
    bot.line.faults.fail(410, "content")

    assert fetcher(bot).fetch_next(bot.now + FETCH_AFTER)

    assert [file.status for file in kept(bot)] == ["refused"]
    assert answers(bot).get("+photos") is None


def test_two_who_fetch_the_same_photo_keep_it_once(either: Deployment) -> None:
    bot, resident = either, Resident(either)
    resident.begins()
    bot.line.faults.drop("content")
    resident.sends(photo())
    [file] = kept(bot)
    failed: list[BaseException] = []

    def fetch() -> None:
        try:
            attachments.fetch(bot.engine, bot.site.line, bot.settings.default_agency, file.id)
        except BaseException as exc:  # noqa: BLE001 - shown by the assertion
            failed.append(exc)

    both = [threading.Thread(target=fetch) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert failed == []
    assert [row.status for row in kept(bot)] == ["ready"]
    assert fetcher(bot).fetch_next(bot.now + FETCH_AFTER)  # finds nothing left to do
    assert bot.line.call_counts["content 200"] <= 2


def test_a_photo_that_was_taken_back_meanwhile_stays_away(bot: Deployment, resident: Resident) -> None:
    resident.begins()
    bot.line.faults.slow(0.5, "content")
    sent = bot.line.photo(resident.name, photo())
    bot.line.unsend(resident.name, sent.message_id)
    while not bot.line.call_counts["content 404"] + bot.line.call_counts["content 200"]:
        time.sleep(0.01)

    assert fetcher(bot).fetch_next(bot.now + FETCH_AFTER)

    assert kept(bot) == []
    assert answers(bot).get("+photos") is None


def test_the_queue_of_an_agency_that_is_gone_is_emptied(bot: Deployment) -> None:
    with db.write(bot.engine) as conn:
        outbox.put(conn, "gone", FETCH, "file:x", "x", {"file": "x"}, bot.now)

    assert fetcher(bot).fetch_next(bot.now)
    assert not fetcher(bot).fetch_next(bot.now)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\xff\xf1\x50", "audio/aac"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"#!AMR\n", "audio/amr"),
        (b"OggS\0", "audio/ogg"),
    ],
)
def test_what_phones_record_is_known_by_its_first_bytes(content: bytes, content_type: str) -> None:
    assert attachments.safe_voice(content) == (content, content_type)


@pytest.mark.parametrize("content", [b"", b"\xff", b"<html>", b"RIFF\0\0\0\0AVI "])
def test_what_is_no_recording_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedError, match=WRONG):
        attachments.safe_voice(content)


# ---- a data host that answers as it likes ----


@pytest.fixture
def endless(agency: Agency) -> Iterator[tuple[LineClient, list[int]]]:
    """A data host that gives 64 MB and does not say so before; how many bytes it got rid of.

    Message 1: it does say so. Message 3: it could not prepare the content.
    """
    given = [0]

    class Endless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(202 if self.path.endswith("/3/content") else 200)
            if "/1/" in self.path:
                self.send_header("Content-Length", str(64 * MIB))
            self.end_headers()
            if "/3/" in self.path:
                self.wfile.write(b'{"status":"failed"}')
                return
            with suppress(OSError):
                for _ in range(1024):
                    given[0] += self.wfile.write(b"\0" * 65536)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endless)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield LineClient(data_base=f"http://127.0.0.1:{server.server_port}"), given
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("message_id", "most"), [("1", 8 * MIB), ("2", 16 * MIB)])
def test_what_is_too_large_is_not_read_to_its_end(
    endless: tuple[LineClient, list[int]], agency: Agency, message_id: str, most: int
) -> None:
    client, given = endless

    with pytest.raises(RefusedError, match=LARGE):
        attachments.download(client, agency, message_id, 5 * MIB, time.monotonic() + 10)

    assert given[0] <= most  # the limit, and what the two sockets hold


def test_what_comes_too_slowly_is_left_to_the_worker(endless: tuple[LineClient, list[int]], agency: Agency) -> None:
    with pytest.raises(LineError) as refused:
        attachments.download(endless[0], agency, "2", 100 * MIB, time.monotonic())

    assert not refused.value.permanent


def test_what_line_never_prepares_is_left_and_what_it_failed_at_is_refused(
    bot: Deployment, endless: tuple[LineClient, list[int]], agency: Agency
) -> None:
    sent = bot.line.voice("ก", ready_in=60)
    with pytest.raises(LineError):
        attachments.download(bot.site.line, agency, sent.message_id, MIB, time.monotonic())
    with pytest.raises(RefusedError, match=WRONG):
        attachments.download(endless[0], agency, "3", MIB, time.monotonic())
    with pytest.raises(LineError, match="404"):
        attachments.download(bot.site.line, agency, "123", MIB, time.monotonic())
