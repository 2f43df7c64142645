"""The local LINE of the bench: it knows the reply tokens of shots that were signed beforehand, and tells of each reply.

It runs in the bench's own process, which does nothing else while the load generator works.
"""

import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from flask import Response, g

from bench.shots import BOT, SECRET, TOKEN, Residents
from bot.playground.line import LocalLine
from bot.playground.line_app import create_app
from bot.playground.serve import running

NO_LIMIT = 10**9


@dataclass
class People:
    """``ear``: the generator's end; a datagram with the reply token comes out of it for each reply LINE accepted."""

    line: LocalLine
    ear: socket.socket

    def residents(self, first: int = 0) -> Residents:
        return Residents(lambda user: self.line.world.issue_token(self.line.channel, user), first)


@contextmanager
def local_line(latency_s: float = 0.0) -> Iterator[People]:
    """A local LINE that takes ``latency_s`` for every call."""
    line = LocalLine(SECRET, TOKEN, bot_user_id=BOT, latency=latency_s, rate_limit=NO_LIMIT)
    app = create_app(line)
    mouth, ear = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    mouth.setblocking(False)

    @app.after_request
    def tell(response: Response) -> Response:
        if g.get("endpoint") == "reply" and response.status_code == 200:
            with suppress(OSError):  # nobody listens in this run, or it is over while a late reply comes in
                mouth.send(g.body["replyToken"].encode())
        return response

    gc.disable()  # LINE remembers every bubble; looking through them all would halt it for 100 ms again and again
    try:
        with running(app) as url, mouth, ear:
            line.url = url
            yield People(line, ear)
            line.close()
    finally:
        gc.enable()
