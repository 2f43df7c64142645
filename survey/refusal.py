"""A photo or a voice message that cannot be had: said to whoever has just sent it, and asked for again."""

from datetime import datetime

from sqlalchemy import Connection

from survey import attachments, conversation, prompts
from survey.tasks import Prompts
from survey.visitor import Inbound, Visitor, World


def refuse(conn: Connection, inbound: Inbound, world: World, file_id: str, why: str, now: datetime) -> Prompts | None:
    """One sentence why (``attachments.GONE`` ...), and the question again; None: somebody else has settled the file."""
    row = attachments.refuse(conn, inbound.agency.id, file_id)
    if row is None:
        return None
    visitor = Visitor(conn, inbound, world, now)
    said = prompts.say(world.library.words(visitor.language), f"{row.kind}_{why}")
    here = visitor.situation()
    if here.draft is None or here.draft.draft != row.draft or here.draft.status != "open":
        return (said,)
    return conversation.ask(here.draft, said)
