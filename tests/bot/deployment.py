"""A whole deployment on this machine: the real web application, the real SDK, a local LINE, all over HTTP."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from bot.app import create_app
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from bot.playground.serve import running
from bot.site import Site
from survey import db, filing, rounds, thai
from survey.settings import Settings


@dataclass
class Deployment:
    """``line`` is where the people are; ``now`` is the clock of the web process."""

    app: Flask
    line: LocalLine
    settings: Settings
    url: str
    now: datetime

    @property
    def site(self) -> Site:
        site: Site = self.app.extensions["siang"]
        return site

    @property
    def engine(self) -> Engine:
        return self.site.engine

    def file(self) -> int:
        """What the worker does: cut the link between people and answers."""
        agency = self.settings.default_agency
        return filing.file_closed(self.engine, self.settings, agency, self.site.world.library, self.now, Random(1))

    def heard(self, person: str, count: int = 1) -> list[dict[str, Any]]:
        """The newest messages of the bot to a person, when at least ``count`` have come."""
        return self.line.wait(person, count)


@contextmanager
def deployed(settings: Settings, database_url: str, now: datetime | None = None) -> Iterator[Deployment]:
    """The application and a local LINE that know each other; the current rounds are open."""
    agency = settings.default_agency
    with ExitStack() as stack:
        line = stack.enter_context(running_line(agency.channel_secret, agency.channel_access_token))
        settings = replace(settings, database_url=database_url, line_api_base=line.url)
        holder: list[Deployment] = []
        app = create_app(settings, clock=lambda: holder[0].now)
        url = stack.enter_context(running(app))
        line.webhook_url = f"{url}/callback"
        deployment = Deployment(app, line, settings, url, now or datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
        holder.append(deployment)
        with db.write(deployment.engine) as conn:
            today = thai.bangkok_date(deployment.now)
            rounds.ensure(conn, deployment.site.world.library, settings.keys, agency.id, today)
        yield deployment
        deployment.engine.dispose()
