"""The data host of the local LINE: the bytes of what people sent, as long as they are kept and once they are ready."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from bot.playground.line_api import answer
from bot.playground.line_messages import RefusedError

if TYPE_CHECKING:
    from bot.playground.line import LocalLine


def add_content(api: Blueprint, line: "LocalLine") -> None:
    """The content endpoints, behind the same gate as the others."""

    def prepared(message_id: str) -> bool:
        return line.world.ready_at.get(message_id, 0.0) <= line.world.clock()

    @api.get("/v2/bot/message/<message_id>/content")
    @api.get("/v2/bot/message/<message_id>/content/preview")
    def content(message_id: str) -> Response:
        held = line.world.content.get(message_id)
        if held is None:
            raise RefusedError(404, "Not found")
        return Response(held[0], content_type=held[1]) if prepared(message_id) else Response(status=202)

    @api.get("/v2/bot/message/<message_id>/content/transcoding")
    def transcoding(message_id: str) -> Response:
        there = message_id in line.world.content
        return answer({"status": ("succeeded" if prepared(message_id) else "processing") if there else "failed"})
