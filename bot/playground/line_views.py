"""What outsiders may see of a LocalLine, as plain JSON values: state, counters, and what changed in a chat."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.playground.line_world import Channel, Entry

if TYPE_CHECKING:
    from bot.playground.line import LocalLine

Json = dict[str, Any]


def state(line: "LocalLine") -> Json:
    """Channels, people, groups, and the switches."""
    with line.world.changed:
        channels = [
            {
                "bot_user_id": channel.bot_user_id,
                "name": channel.display_name,
                "webhook_url": channel.webhook_url,
                "chat_mode": channel.chat_mode,
                "quota": channel.quota,
                "billable": channel.billable,
                "friends": len(channel.contacts - channel.blocked),
            }
            for channel in line.world.channels.values()
        ]
        people = [{"user": user, "name": name} for user, name in list(line.world.names.items())[:1000]]
        groups = [
            {"group": group.id, "name": group.name, "members": group.members} for group in line.world.groups.values()
        ]
    return {
        "channels": channels,
        "people": people,
        "groups": groups,
        "faults": line.faults.listed(),
        "latency": line.latency,
        "redelivery": list(line.webhooks.redelivery),
    }


def counters(line: "LocalLine") -> Json:
    """Numbers only: people reached by paid messages, API calls by "endpoint status", webhooks posted and failed."""
    return {
        "billable": line.billable,
        "calls": dict(line.call_counts),
        "webhooks": {
            "posted": line.webhooks.posted,
            "failed": line.webhooks.failed,
            "redeliveries_planned": line.webhooks.redeliveries_planned,
        },
    }


def changes(line: "LocalLine", channel: Channel, users: Sequence[str], since: int) -> Json:
    """The chats of ``users`` that changed after revision ``since``, with their new or changed lines."""
    with line.world.changed:
        chats = {user: _chat(line, channel, user, since) for user in users}
        newest = max([since, *(line.world.chat(channel, user).rev for user in users)])
    return {
        "rev": newest,
        "bot": {"name": channel.display_name, "id": channel.basic_id},
        "chats": {user: chat for user, chat in chats.items() if chat is not None},
    }


def _chat(line: "LocalLine", channel: Channel, user: str, since: int) -> Json | None:
    chat = line.world.chat(channel, user)
    if since and chat.rev <= since:
        return None
    menu_id = channel.menus.shown_to(user)
    return {
        "name": line.world.names[user],
        "friend": user in channel.contacts,
        "blocked": user in channel.blocked,
        "loading": max(0.0, round(chat.loading_until - line.world.clock(), 1)),
        "menu": None if menu_id is None else {"id": menu_id, **channel.menus.menus[menu_id]},
        "entries": [_entry(entry, channel) for entry in chat.entries if entry.rev > since],
    }


def _entry(entry: Entry, channel: Channel) -> Json:
    return {
        "id": entry.id,
        "mine": entry.sender != channel.bot_user_id,
        "how": entry.how,
        "at": entry.at,
        "unsent": entry.unsent,
        "message": entry.message,
    }
