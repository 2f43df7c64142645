"""What LINE does when a bot calls it: replies, pushes, quota, retry keys, profiles, groups. HTTP is in line_api.

Every method takes the calling channel and raises RefusedError with LINE's status and words.
"""

import re
import time
import uuid
from collections.abc import Sequence
from typing import Any

from bot.playground.line_messages import RefusedError, check_messages, errors
from bot.playground.line_world import USER_ID, Channel, Group, Message, World

RETRY_KEY_SECONDS = 24 * 3600.0
CHAT_ID = re.compile(r"[UCR][0-9a-f]{32}")
Body = dict[str, Any]
SentList = list[dict[str, str]]


class Platform:
    """LINE's side of the Messaging API over one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def reply(self, channel: Channel, body: Body, size: int) -> SentList:
        """Answer an event, free of charge. The token is spent only by a request LINE finds correct."""
        check_messages(body.get("messages"), size)
        token = body.get("replyToken")
        chat = self.world.spend_token(channel, token) if isinstance(token, str) else None
        if chat is None:
            raise RefusedError(400, "Invalid reply token")
        if chat in channel.blocked:
            return [_sent(self.world.new_id()) for _ in body["messages"]]
        return self._show(channel, chat, "reply", body["messages"])

    def push(self, channel: Channel, body: Body, size: int, retry_key: str | None, request_id: str) -> SentList:
        """Send to one person or group; costs one message for each person reached."""
        check_messages(body.get("messages"), size)
        to = body.get("to")
        if not isinstance(to, str) or not CHAT_ID.fullmatch(to):
            raise RefusedError(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
        group = self.world.groups.get(to)
        if to not in self.world.names and (group is None or channel.bot_user_id not in group.bots):
            raise RefusedError(400, "Failed to send messages")
        people = list(group.members) if group else [to]
        reached = people if group else [user for user in people if channel.reaches(user)]
        return self._bill_and_show(channel, "push", [to] if reached else [], reached, body, retry_key, request_id)

    def multicast(self, channel: Channel, body: Body, size: int, retry_key: str | None, request_id: str) -> SentList:
        """Send to up to 500 people; those who blocked the bot cost nothing and see nothing."""
        check_messages(body.get("messages"), size)
        to = body.get("to")
        if not isinstance(to, list) or not 1 <= len(to) <= 500 or not all(USER_ID.fullmatch(str(one)) for one in to):
            raise errors([("to", "Size must be between 1 and 500, each a user ID")])
        reached = [user for user in dict.fromkeys(to) if channel.reaches(user)]
        return self._bill_and_show(channel, "multicast", reached, reached, body, retry_key, request_id)

    def broadcast(self, channel: Channel, body: Body, size: int, retry_key: str | None, request_id: str) -> SentList:
        """Send to every friend."""
        check_messages(body.get("messages"), size)
        reached = sorted(channel.contacts - channel.blocked)
        return self._bill_and_show(channel, "broadcast", reached, reached, body, retry_key, request_id)

    def _bill_and_show(
        self,
        channel: Channel,
        how: str,
        chats: Sequence[str],
        reached: Sequence[str],
        body: Body,
        retry_key: str | None,
        request_id: str,
    ) -> SentList:
        with self.world.changed:
            self._refuse_used_key(channel, retry_key)
            month = self.month()
            used = channel.used.get(month, 0)
            if channel.quota is not None and reached and used + len(reached) > channel.quota:
                raise RefusedError(429, "You have reached your monthly limit.")
            channel.used[month] = used + len(reached)
            sent = [_sent(self.world.new_id()) for _ in body["messages"]]
            for chat in chats:
                sent = self._show(channel, chat, how, body["messages"])
            if retry_key is not None:
                channel.accepted[retry_key] = (self.world.clock(), request_id, sent)
            return sent

    def _refuse_used_key(self, channel: Channel, retry_key: str | None) -> None:
        if retry_key is None:
            return
        try:
            uuid.UUID(retry_key)
        except ValueError:
            raise RefusedError(400, "The retry key is invalid") from None
        while channel.accepted and next(iter(channel.accepted.values()))[0] < self.world.clock() - RETRY_KEY_SECONDS:
            channel.accepted.popitem(last=False)
        if retry_key in channel.accepted:
            _, request_id, sent = channel.accepted[retry_key]
            accepted = {"x-line-accepted-request-id": request_id}
            refusal = RefusedError(409, "The retry key is already accepted", headers=accepted)
            refusal.body["sentMessages"] = sent
            raise refusal

    def _show(self, channel: Channel, chat: str, how: str, messages: Sequence[Message]) -> SentList:
        return [_sent(self.world.add(channel, chat, channel.bot_user_id, how, message).id) for message in messages]

    def month(self) -> str:
        """The month the quota counts in, by Japan's clock, as LINE counts: "2026-11"."""
        return time.strftime("%Y-%m", time.gmtime(self.world.clock() + 9 * 3600))

    def quota(self, channel: Channel) -> Body:
        return {"type": "none"} if channel.quota is None else {"type": "limited", "value": channel.quota}

    def consumption(self, channel: Channel) -> Body:
        return {"totalUsage": channel.used.get(self.month(), 0)}

    def profile(self, channel: Channel, user_id: str) -> Body:
        """Name and language of a friend; 404 for strangers and for those who blocked the bot."""
        if not channel.reaches(user_id):
            raise RefusedError(404, "Not found")
        return {"userId": user_id, "displayName": self.world.names[user_id], "language": "th"}

    def bot_info(self, channel: Channel) -> Body:
        return {
            "userId": channel.bot_user_id,
            "basicId": channel.basic_id,
            "displayName": channel.display_name,
            "chatMode": channel.chat_mode,
            "markAsReadMode": "manual" if channel.chat_mode == "chat" else "auto",
        }

    def start_loading(self, channel: Channel, body: Body) -> None:
        """Show the dots in a chat between two people (not in groups) for 5 to 60 seconds or until a message comes."""
        user, seconds = body.get("chatId"), body.get("loadingSeconds", 20)
        if not isinstance(user, str) or not USER_ID.fullmatch(user):
            raise errors([("chatId", "Must be a user ID")])
        if not isinstance(seconds, int) or not 5 <= seconds <= 60 or seconds % 5:
            raise errors([("loadingSeconds", "Must be a multiple of 5 between 5 and 60")])
        if channel.reaches(user):
            with self.world.changed:
                self.world.chat(channel, user).loading_until = self.world.clock() + seconds
                self.world.touch(channel, user)

    def group(self, channel: Channel, group_id: str) -> Group:
        """The group, when the bot is in it."""
        group = self.world.groups.get(group_id)
        if group is None or channel.bot_user_id not in group.bots:
            raise RefusedError(404, "Not found")
        return group

    def group_member(self, channel: Channel, group_id: str, user_id: str) -> Body:
        if user_id not in self.group(channel, group_id).members:
            raise RefusedError(404, "Not found")
        return {"userId": user_id, "displayName": self.world.names[user_id]}

    def leave_group(self, channel: Channel, group_id: str) -> None:
        self.group(channel, group_id).bots.discard(channel.bot_user_id)

    def set_webhook(self, channel: Channel, endpoint: Any) -> None:
        """LINE wants HTTPS; on this machine plain HTTP is let through."""
        if not isinstance(endpoint, str) or not re.match(r"https?://\S+$", endpoint) or len(endpoint) > 500:
            raise RefusedError(400, "Invalid webhook endpoint URL")
        channel.webhook_url = endpoint


def _sent(message_id: str) -> dict[str, str]:
    return {"id": message_id, "quoteToken": f"q{message_id}"}
