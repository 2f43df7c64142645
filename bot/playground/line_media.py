"""What people send besides words: photos, voice, video, files, places, stickers. A base of LocalLine.

The bot gets only an event; the bytes wait here until it fetches them by the message's id, or until they expire.
"""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from bot.playground.line_groups import Groups
from bot.playground.line_webhooks import Delivered
from bot.playground.line_world import Channel, Message

SAMPLE = Path(__file__).parents[2] / "templates" / "playground" / "line" / "sample.m4a"
SAMPLE_SECONDS = 3
PLACE = {"title": "ที่ตั้ง", "address": "ถนนราชดำเนิน กรุงเทพมหานคร"}


class Media(Groups):
    """Sending what is not text."""

    _sets = count(1)

    def sticker(self, user: str, group: str | None = None, channel: Channel | None = None) -> Delivered:
        sticker = {"type": "sticker", "packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC"}
        return self._send(user, sticker, group, channel)

    def photo(
        self,
        user: str,
        content: bytes,
        mime: str = "image/jpeg",
        group: str | None = None,
        channel: Channel | None = None,
    ) -> Delivered:
        """Send a picture; the bot downloads it by the message id."""
        return self.media(user, "image", content, mime, group=group, channel=channel)

    def photos(
        self, user: str, contents: Sequence[bytes], mime: str = "image/jpeg", channel: Channel | None = None
    ) -> list[Delivered]:
        """Choose several pictures and send them at once: an event each, which name their set."""
        name, total = f"set{next(self._sets)}", len(contents)
        sets = [{"id": name, "index": number, "total": total} for number in range(1, total + 1)]
        return [
            self.media(user, "image", content, mime, channel=channel, imageSet=one)
            for content, one in zip(contents, sets, strict=True)
        ]

    def voice(
        self,
        user: str,
        seconds: int = SAMPLE_SECONDS,
        content: bytes = b"",
        mime: str = "audio/x-m4a",
        ready_in: float = 0.0,
        group: str | None = None,
        channel: Channel | None = None,
    ) -> Delivered:
        """Speak a message (a sample unless ``content`` is given); LINE prepares it for ``ready_in`` seconds."""
        sound, length = content or SAMPLE.read_bytes(), seconds * 1000
        return self.media(user, "audio", sound, mime, group, channel, ready_in=ready_in, duration=length)

    def video(
        self,
        user: str,
        content: bytes = b"",
        seconds: int = 10,
        group: str | None = None,
        channel: Channel | None = None,
    ) -> Delivered:
        return self.media(user, "video", content, "video/mp4", group=group, channel=channel, duration=seconds * 1000)

    def media(
        self,
        user: str,
        kind: str,
        content: bytes,
        mime: str,
        group: str | None = None,
        channel: Channel | None = None,
        name: str = "",
        ready_in: float = 0.0,
        **about: Any,
    ) -> Delivered:
        """Send an image, video, audio or file (``kind``) with its bytes; ``about``: more that the event says."""
        message: Message = {"contentProvider": {"type": "line"}, **about}
        if kind in ("video", "audio"):
            message.setdefault("duration", 3000)
        if kind == "file":
            message = {"fileName": name or "file.bin", "fileSize": len(content)}
        message_id = self.world.new_id()
        self.world.content[message_id] = (content, mime)
        self.world.ready_at[message_id] = self.world.clock() + ready_in
        return self._send(user, {"type": kind, **message}, group, channel, message_id)

    def location(
        self,
        user: str,
        latitude: float = 13.7563,
        longitude: float = 100.5018,
        title: str = PLACE["title"],
        address: str = PLACE["address"],
        group: str | None = None,
        channel: Channel | None = None,
    ) -> Delivered:
        """Send a place on the map; LINE leaves out what it has no words for."""
        words = {name: value for name, value in (("title", title), ("address", address)) if value}
        place = {"type": "location", **words, "latitude": latitude, "longitude": longitude}
        return self._send(user, place, group, channel)

    def expire(self, message_id: str) -> None:
        """LINE keeps the bytes of a message for some time only."""
        self.world.content.pop(message_id, None)
        self.world.ready_at.pop(message_id, None)

    def _send(
        self, user: str, message: Message, group: str | None, channel: Channel | None, message_id: str = ""
    ) -> Delivered:
        channel, user_id = channel or self.channel, self.world.person(user)
        if group is None:
            if user_id in channel.blocked:
                raise ValueError("this person has blocked the bot: LINE shows them no way to write to it")
            channel.contacts.add(user_id)
        entry = self.world.add(channel, self._chat(group) if group else user_id, user_id, "said", message, message_id)
        content = {"id": entry.id, "quoteToken": f"q{entry.id}", **message}
        if message["type"] in ("audio", "file", "location"):
            del content["quoteToken"]
        return self._emit(channel, "message", user_id, group, message=content)
