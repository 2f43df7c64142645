"""A local LINE that behaves like LINE: people with phones on one side, the Messaging API on the other.

``LocalLine`` is what tests, the bench, simulations and the chat page hold in their hands::

    with running_line(secret, token) as line:   # from bot.playground.line_app; the API is at line.url
        line.webhook_url = bot_url + "/callback"
        line.follow("สมชาย")                     # each of these posts a signed webhook and waits for its answer
        line.press("สมชาย", "เริ่มตอบ")            # taps the button or chip with this label
        line.wait("สมชาย", count=2)              # the bot's replies come a moment after its 200

People and groups are named by LINE ids or by any other name, which then is the name in their profile.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any

from bot.playground.line_faults import Faults
from bot.playground.line_media import Media
from bot.playground.line_platform import Platform
from bot.playground.line_reading import find_action
from bot.playground.line_webhooks import Delivered, Event, Webhooks
from bot.playground.line_world import Channel, Message, World, user_id_of

CALLS_KEPT = 5_000
DEFAULT_BOT = user_id_of("siang")


class LocalLine(Media):
    """One local LINE with one or more channels. See the module for its use.

    ``redelivery``: seconds to wait before each further try of a webhook that was not answered 2xx; () never retries.
    ``latency``: seconds every API call takes. ``clock``: gives seconds since 1970; expiry and quota follow it.
    ``calls``: the bot's requests, newest last: method, path, status, body, retry_key, channel, request_id, at (ms);
    ``call_counts``: how many by "endpoint status", e.g. "reply 200".
    """

    def __init__(
        self,
        channel_secret: str = "local-secret",  # noqa: S107 - a secret of this machine's playground only
        access_token: str = "local-token",  # noqa: S107
        webhook_url: str = "",
        *,
        bot_user_id: str = DEFAULT_BOT,
        display_name: str = "เทศบาลตัวอย่าง",
        chat_mode: str = "bot",
        quota: int | None = 300,
        clock: Callable[[], float] = time.time,
        webhook_timeout: float = 2.0,
        redelivery: Sequence[float] = (),
        latency: float = 0.0,
        rate_limit: int = 2000,
    ) -> None:
        self.world = World(clock)
        self.platform = Platform(self.world)
        self.webhooks = Webhooks(self.world, webhook_timeout, redelivery)
        self.faults = Faults()
        self.calls: deque[dict[str, Any]] = deque(maxlen=CALLS_KEPT)
        self.call_counts: Counter[str] = Counter()
        self.latency = latency
        self.rate_limit = rate_limit
        self.url = ""
        self.channel = self.add_channel(channel_secret, access_token, webhook_url, bot_user_id, display_name)
        self.channel.chat_mode = chat_mode
        self.channel.quota = quota

    def add_channel(
        self, secret: str, token: str, webhook_url: str, bot_user_id: str, display_name: str = "เทศบาลตัวอย่าง"
    ) -> Channel:
        """One more Official Account on this LINE; pass it as ``channel=`` below."""
        channel = Channel(secret, token, webhook_url, bot_user_id, display_name)
        self.world.channels[bot_user_id] = channel
        return channel

    @property
    def webhook_url(self) -> str:
        return self.channel.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str) -> None:
        self.channel.webhook_url = url

    @property
    def billable(self) -> int:
        """People reached by paid messages since the start, all channels. Replies cost nothing."""
        return sum(channel.billable for channel in self.world.channels.values())

    def inbox(self, user: str, channel: Channel | None = None) -> list[Message]:
        """What the bot sent to this person or group, oldest first; with ``how`` (reply, push), ``id``, ``at``."""
        return self.world.received(channel or self.channel, self._chat(user))

    def wait(self, user: str, count: int, timeout: float = 20.0, channel: Channel | None = None) -> list[Message]:
        """The inbox as soon as it holds ``count`` messages; TimeoutError after ``timeout`` seconds."""
        chat = self.world.chat(channel or self.channel, self._chat(user))
        if not self.world.wait(lambda: chat.received >= count, timeout):
            raise TimeoutError(f"{chat.received} of {count} messages came within {timeout} s")
        return self.inbox(user, channel)

    def follow(self, user: str, channel: Channel | None = None) -> Delivered:
        """Add the bot as a friend, or unblock it."""
        channel, user_id = channel or self.channel, self.world.person(user)
        unblocked = user_id in channel.blocked
        channel.blocked.discard(user_id)
        channel.contacts.add(user_id)
        self.world.touch(channel, user_id)
        return self._emit(channel, "follow", user_id, follow={"isUnblocked": unblocked})

    unblock = follow

    def block(self, user: str, channel: Channel | None = None) -> Delivered:
        """Block the bot (LINE calls it unfollow)."""
        channel, user_id = channel or self.channel, self.world.person(user)
        channel.blocked.add(user_id)
        self.world.touch(channel, user_id)
        return self._emit(channel, "unfollow", user_id, token=False)

    def say(self, user: str, text: str, group: str | None = None, channel: Channel | None = None) -> Delivered:
        """Type a text and send it."""
        return self._send(user, {"type": "text", "text": text}, group, channel)

    def tap(
        self,
        user: str,
        data: str,
        display_text: str | None = None,
        params: dict[str, str] | None = None,
        group: str | None = None,
        channel: Channel | None = None,
    ) -> Delivered:
        """Press something with a postback. ``display_text`` is shown in the chat and not sent, as at LINE."""
        channel, user_id = channel or self.channel, self.world.person(user)
        if display_text:
            shown = {"type": "text", "text": display_text}
            self.world.add(channel, self._chat(group) if group else user_id, user_id, "said", shown)
        postback: dict[str, Any] = {"data": data} if params is None else {"data": data, "params": params}
        return self._emit(channel, "postback", user_id, group, postback=postback)

    def press(self, user: str, label: str, group: str | None = None, channel: Channel | None = None) -> Delivered:
        """Press the button or chip with this label in what the bot sent last; LookupError when there is none."""
        action = find_action(self.inbox(group or user, channel), label)
        if action is None:
            raise LookupError(f"no button {label!r} in the chat")
        if action["type"] == "postback":
            return self.tap(user, action["data"], action.get("displayText"), group=group, channel=channel)
        if action["type"] == "message":
            return self.say(user, action["text"], group, channel)
        raise LookupError(f"{label!r} is a {action['type']} action and sends nothing")

    def unsend(self, user: str, message_id: str, group: str | None = None, channel: Channel | None = None) -> Delivered:
        """Take a sent message back; its content is gone from LINE too."""
        channel, user_id = channel or self.channel, self.world.person(user)
        chat_id = self._chat(group) if group else user_id
        with self.world.changed:
            for entry in self.world.chat(channel, chat_id).entries:
                if entry.id == message_id and entry.sender == user_id:
                    entry.unsent, entry.message = True, {"type": "unsent"}
                    self.world.touch(channel, chat_id, entry)
        self.expire(message_id)
        return self._emit(channel, "unsend", user_id, group, token=False, unsend={"messageId": message_id})

    def redeliver(self, events: Sequence[Event] | None = None, channel: Channel | None = None) -> list[int | None]:
        """Deliver events again, one body each, in the order given (default: all so far): same ids, isRedelivery."""
        channel = channel or self.channel
        chosen = [event for owner, event in list(self.webhooks.sent) if owner is channel] if events is None else events
        return [self.webhooks.resend(channel, [event]) for event in chosen]

    def verify(self, channel: Channel | None = None) -> int:
        """Press the console's Verify button: an empty list of events; the bot's status."""
        channel = channel or self.channel
        return self.webhooks.post(channel, b'{"destination":"%s","events":[]}' % channel.bot_user_id.encode())

    def close(self) -> None:
        """Plan no more redeliveries, hang up, and let go whoever waits for a message."""
        self.webhooks.close()
        self.world.close()
