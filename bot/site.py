"""What the web process works with, made once: settings, the database, the words, LINE, replies and files on the way."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from bot.destinations import Destinations
from bot.line import LineClient
from bot.replies import Replies
from survey.settings import Settings
from survey.visitor import World

DOWNLOADS = 8  # photos at once, of at most 20 MB each


@dataclass
class Site:
    """Opens no connection and starts no thread by itself, so that a server may fork after it was made."""

    settings: Settings
    engine: Engine
    world: World
    line: LineClient
    replies: Replies = field(default_factory=Replies)
    downloads: Replies = field(default_factory=lambda: Replies(threads=DOWNLOADS, name="file"))

    def __post_init__(self) -> None:
        self.destinations = Destinations(self.engine, self.settings, self.line)
