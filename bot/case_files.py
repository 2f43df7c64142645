"""Photos and voice of complaints for those who were shown the ticket: at signed addresses that end after a day.

A card shows thumbnails, which open the picture as it is kept. LINE fetches them from outside, so the address is all the
proof there is: it goes to the officer at work only, and never into a group, an e-mail or the sheet.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot import files, pictures
from bot.case_card import Address
from bot.site import Site
from survey import db
from survey.settings import Agency, Settings
from survey.tables import complaint_files

KIND = "case"
OPEN_FOR = timedelta(days=1)
SMALL = "small"
EDGE = 360  # pixels of a thumbnail


def addresses(settings: Settings, agency: Agency, now: datetime) -> Address:
    """Where each file of a ticket may be fetched from now on."""
    until = now + OPEN_FOR
    return lambda name: files.address(settings, KIND, agency.id, name, until)


def load(site: Site, agency: Agency, name: str) -> tuple[bytes, str] | None:
    """The file, or its thumbnail (``id/small``); None: it is gone, not fetched yet, or was refused."""
    file_id, _, size = name.partition("/")
    c = complaint_files.c
    mine = (c.agency_id == agency.id, c.id == file_id, c.status == "ready", c.complaint.is_not(None))
    with db.read(site.engine) as conn:
        row = conn.execute(select(c.content, c.content_type).where(*mine)).first()
    if row is None or row.content is None:
        return None
    if size == SMALL:
        return pictures.redrawn(row.content, EDGE), pictures.MIME  # what is kept was made by us, so it opens
    return bytes(row.content), row.content_type
