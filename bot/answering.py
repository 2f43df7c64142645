"""What is done after the commit of an event: its photos are fetched, its reply goes out. Nothing here may block a 200.

A reply waits for the photo it is about, so that one that cannot be had is said at once and for free. Photos have
threads of their own: however slow LINE gives them, everybody else is answered. What is not fetched here, a worker
fetches (``bot.attachments``).
"""

from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import attachments, case_files, complaint_reply, group_reply, messages, score_reply
from bot.attachments import RefusedError
from bot.incoming import Incoming
from bot.line import LineError
from bot.site import Site
from survey import db, refusal
from survey.events import Prompt
from survey.visitor import Inbound

log = structlog.get_logger(__name__)


def answer(site: Site, inbound: Inbound, event: Incoming, prompts: tuple[Prompt, ...], now: datetime) -> None:
    """Fetch what the prompts name, then say them. Returns at once."""
    files = [prompt.text for prompt in prompts if prompt.kind == "fetch"]
    said = tuple(prompt for prompt in prompts if prompt.kind != "fetch")
    if files and site.downloads.submit(lambda: _fetch(site, inbound, event, files, said, now)):
        return
    if said and event.reply_token:
        site.replies.submit(lambda: _reply(site, inbound, event, said, now))


def _fetch(
    site: Site, inbound: Inbound, event: Incoming, files: list[str], said: tuple[Prompt, ...], now: datetime
) -> None:
    for file_id in files:
        said = _fetched(site, inbound, file_id, now) or said
    if said and event.reply_token:
        _reply(site, inbound, event, said, now)


def _fetched(site: Site, inbound: Inbound, file_id: str, now: datetime) -> tuple[Prompt, ...] | None:
    """What is to be said instead, when the file cannot be had."""
    try:
        attachments.fetch(site.engine, site.line, inbound.agency, file_id)
    except RefusedError as exc:
        log.info("file.refused", agency=inbound.agency.id, file=file_id, why=exc.why)
        with db.write(site.engine) as conn:
            return refusal.refuse(conn, inbound, site.world, file_id, exc.why, now)
    except LineError as exc:
        log.warning("file.later", agency=inbound.agency.id, file=file_id, status=exc.status)
    except SQLAlchemyError as exc:
        log.warning("file.later", agency=inbound.agency.id, file=file_id, error=type(exc).__name__)
    return None


def _reply(site: Site, inbound: Inbound, event: Incoming, prompts: tuple[Prompt, ...], now: datetime) -> None:
    agency, first = inbound.agency, prompts[0]
    if first.kind == "scores":
        sent = score_reply.answer(site, agency, first, now)
    elif first.kind == "group":
        sent = group_reply.answer(site, agency, first, event.chat, now)
    elif first.kind == "statistics":
        sent = complaint_reply.answer(site, agency, first, now)
    else:
        sent = messages.to_line(prompts, case_files.addresses(site.settings, agency, now))
    site.line.reply(agency, event.reply_token, sent)
