"""The answer to "สรุป": the month's scores as a card and a picture, from the snapshot that the worker made."""

from datetime import datetime

from bot import card, flex, score_picture
from bot.messages import Message, to_line
from bot.site import Site
from survey import db, prompts, thai
from survey.events import Button, Do, Prompt
from survey.settings import Agency
from survey.thai import Period


def answer(site: Site, agency: Agency, asked: Prompt, now: datetime) -> list[Message]:
    """The card of the month named in ``asked.text`` (empty: this month), or a sentence that says why there is none."""
    texts = site.world.library.words(asked.language)
    this_month = thai.month_of(thai.bangkok_date(now))
    try:
        period = thai.parse_month(asked.text) if asked.text else this_month
    except ValueError:
        return to_line([prompts.say(texts, "bad_month")])
    with db.read(site.engine) as conn:
        message = card.of_month(conn, site.world.library, agency, period)
        picture = score_picture.message(site, conn, agency, period, now)
    if message is None:
        [message] = to_line([prompts.say(texts, "no_scores", period=period.label)])
    messages = [message, picture] if picture else [message]
    complaints = _chip(Button(texts("menu_statistics"), Do("statistics", period.key)))
    months = [_chip(Button(month.label, Do("summary", month.key))) for month in _nearby(period, this_month)]
    messages[-1]["quickReply"] = {"items": [*months, complaints]}
    return messages


def _nearby(period: Period, this_month: Period) -> list[Period]:
    """The month before, and the way back to this one."""
    return [period.previous(), *([this_month] if period != this_month else [])]


def _chip(button: Button) -> dict[str, object]:
    return {"type": "action", "action": flex.action(button, flex.CHIP_LIMIT)}
