"""Every task and every order there is, by name."""

from survey import (
    case_file,
    case_moves,
    case_tasks,
    casework,
    group_orders,
    intake,
    register_orders,
    sealed_orders,
    tracking,
)
from survey.tasks import Order, Task

TASKS: dict[str, Task] = {
    "complaint": intake.TASK,
    **{action: tracking.task(action) for action in ("answer", "add", "reopen")},
    **case_tasks.CASE_TASKS,
    "case_file": case_file.TASK,
}
"""Kind of instrument -> task."""

ORDERS: dict[str, Order] = {
    "track": tracking.track,
    "cancel": tracking.cancel,
    "confirm": tracking.confirm,
    "stars": tracking.stars,
    **{name: casework.listing(name) for name in ("new", "mine", "late", "calls")},
    "case": casework.case,
    "accept": casework.accept,
    "called": casework.called,
    "forward": case_moves.forward,
    "sort": case_moves.sort,
    "merge": case_moves.merge,
    "link_group": group_orders.link,
    "unlink_group": group_orders.unlink,
    "statistics": register_orders.statistics,
    "confirm_month": register_orders.confirm,
    "sealed_desk": sealed_orders.enter,
    "reclassify": sealed_orders.reclassify,
}
"""Command -> order. Also named in ``bot.postback``; typed words for them stand in ``survey/texts``."""
