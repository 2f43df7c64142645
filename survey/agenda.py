"""Every task and every order there is, by name."""

from survey.tasks import Order, Task

TASKS: dict[str, Task] = {}
"""Kind of instrument -> task."""

ORDERS: dict[str, Order] = {}
"""Command -> order. Also named in ``bot.postback``; typed words for them stand in ``survey/texts``."""
