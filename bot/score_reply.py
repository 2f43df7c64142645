"""The answer to "สรุป": the month's scores as a card, from the snapshot that the worker made."""

from datetime import datetime

from bot.messages import Message, to_line
from bot.site import Site
from survey import prompts, thai
from survey.events import Prompt
from survey.settings import Agency


def answer(site: Site, agency: Agency, asked: Prompt, now: datetime) -> list[Message]:
    """The card of the month named in ``asked.text`` (empty: this month), or a sentence that says why there is none."""
    texts = site.world.library.words(asked.language)
    try:
        period = thai.parse_month(asked.text) if asked.text else thai.month_of(thai.bangkok_date(now))
    except ValueError:
        return to_line([prompts.say(texts, "bad_month")])
    return to_line([prompts.say(texts, "no_scores", period=period.label)])
