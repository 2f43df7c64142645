"""What a group hears when a code is typed in it: how many messages a month it would cost, and the way to confirm."""

from datetime import datetime

import structlog

from bot import quota
from bot.line import LineError
from bot.messages import Message, to_line
from bot.site import Site
from survey import budget, prompts
from survey.events import Button, Do, Prompt
from survey.settings import Agency

log = structlog.get_logger(__name__)


def answer(site: Site, agency: Agency, asked: Prompt, group: str, now: datetime) -> list[Message]:
    """``asked.text`` is the code, ``asked.title`` the department; ``group`` is LINE's id. Nothing is linked yet."""
    texts = site.world.library.words(asked.language)
    try:
        members = int(site.line.get(agency, f"/v2/bot/group/{group}/members/count")["count"])
    except (LineError, KeyError) as exc:
        log.warning("group.uncounted", agency=agency.id, error=type(exc).__name__)
        return to_line([prompts.say(texts, "group_unknown")])
    standing = quota.standing(site.engine, site.line, agency, now)
    plan = texts(f"group_cost_{budget.plan(members, standing.quota)}", quota=standing.quota) if standing else ""
    cost = texts("group_cost", members=members, month=budget.a_month(members), plan=plan).rstrip()
    ask = texts("group_ask", department=asked.title, code=asked.text)
    button = Button(texts("group_confirm"), Do("link_group", asked.text))
    said = (cost, texts("group_cost_urgent", members=members), ask)
    return to_line([prompts.plain(texts, "\n\n".join(said), button)])
