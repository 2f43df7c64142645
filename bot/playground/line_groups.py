"""The groups of the local LINE: a base of LocalLine, so that a reader of line.py sees the one-to-one chat first."""

import hashlib
from collections.abc import Sequence
from typing import Any

from bot.playground.line_webhooks import Delivered, Webhooks
from bot.playground.line_world import Channel, Group, World


class Groups:
    """Making groups, inviting the bot, people coming and going."""

    world: World
    webhooks: Webhooks
    channel: Channel

    def create_group(self, name: str, members: Sequence[str]) -> str:
        """A group of people, still without the bot; its LINE id (the name works too)."""
        group_id = group_id_of(name)
        with self.world.changed:
            self.world.groups[group_id] = Group(group_id, name, [self.world.person(member) for member in members])
        return group_id

    def invite(self, group: str, channel: Channel | None = None) -> Delivered:
        """Take the bot into the group (a join event). LINE lets only one Official Account into a group."""
        channel, held = channel or self.channel, self._group(group)
        if held.bots - {channel.bot_user_id}:
            raise ValueError("another Official Account is in this group already")
        held.bots.add(channel.bot_user_id)
        return self._emit(channel, "join", None, group)

    def remove_bot(self, group: str, channel: Channel | None = None) -> Delivered:
        """Throw the bot out of the group (a leave event)."""
        channel = channel or self.channel
        self._group(group).bots.discard(channel.bot_user_id)
        return self._emit(channel, "leave", None, group, token=False)

    def join(self, group: str, user: str, channel: Channel | None = None) -> Delivered:
        """Somebody comes into the group."""
        user_id, held = self.world.person(user), self._group(group)
        if user_id not in held.members:
            held.members.append(user_id)
        joined = {"members": [{"type": "user", "userId": user_id}]}
        return self._emit(channel or self.channel, "memberJoined", None, group, joined=joined)

    def leave(self, group: str, user: str, channel: Channel | None = None) -> Delivered:
        """Somebody leaves the group."""
        user_id = self.world.person(user)
        self._group(group).members.remove(user_id)
        left = {"members": [{"type": "user", "userId": user_id}]}
        return self._emit(channel or self.channel, "memberLeft", None, group, token=False, left=left)

    def _group(self, name: str) -> Group:
        held = self.world.groups.get(self._chat(name))
        if held is None:
            raise LookupError(f"there is no group {name!r}")
        return held

    def _chat(self, name: str) -> str:
        """The chat id for the name or id of a group or a person."""
        for group_id in (name, group_id_of(name)):
            if group_id in self.world.groups:
                return group_id
        return self.world.person(name)

    def _emit(
        self,
        channel: Channel,
        kind: str,
        user_id: str | None,
        group: str | None = None,
        token: bool = True,
        **rest: Any,
    ) -> Delivered:
        """Send one event from a person, a group, or a person in a group."""
        if group is None:
            chat, source = user_id or "", {"type": "user", "userId": user_id or ""}
        else:
            chat = self._chat(group)
            source = {"type": "group", "groupId": chat, **({"userId": user_id} if user_id else {})}
        event = self.webhooks.event(channel, kind, source, chat if token else None, **rest)
        if group is not None and kind != "leave" and channel.bot_user_id not in self._group(group).bots:
            return Delivered(event, None)
        return Delivered(event, self.webhooks.send(channel, event))


def group_id_of(name: str) -> str:
    """The LINE id that belongs to a group's name: ``C`` and 32 hex digits."""
    return "C" + hashlib.sha256(name.encode()).hexdigest()[:32]
