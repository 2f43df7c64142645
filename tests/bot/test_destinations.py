"""Which account belongs to which agency: learnt from LINE once, remembered, and never given away twice."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.destinations import Destinations, learn, stored
from bot.line import LineClient, LineError
from survey.settings import Agency, Settings

ACCOUNTS = {"north": "U" + "1" * 32, "south": "U" + "2" * 32}


@dataclass
class FakeLine(LineClient):
    """Knows who each channel is; counts how often it was asked."""

    accounts: dict[str, str] = field(default_factory=lambda: dict(ACCOUNTS))
    asked: Counter[str] = field(default_factory=Counter)

    def bot_info(self, agency: Agency) -> dict[str, Any]:
        self.asked[agency.id] += 1
        if agency.id not in self.accounts:
            raise LineError(401, permanent=True)
        return {"userId": self.accounts[agency.id], "basicId": f"@{agency.id}", "chatMode": "chat"}


NORTH = Agency("north", "อบต.เหนือ", "s1", "t1")
SOUTH = Agency("south", "อบต.ใต้", "s2", "t2")


@pytest.fixture
def settings(settings_factory: Callable[..., Settings]) -> Settings:
    return settings_factory(agencies=(NORTH, SOUTH))


def test_a_body_is_accepted_by_its_own_agency_only(engine: Engine, settings: Settings) -> None:
    destinations = Destinations(engine, settings, FakeLine())

    taken = [destinations.accepts(a, ACCOUNTS[b]) for a in (NORTH, SOUTH) for b in ("north", "south")]

    assert taken == [True, False, False, True]


def test_line_is_asked_once_for_each_channel_however_many_bodies_come(engine: Engine, settings: Settings) -> None:
    line = FakeLine()
    destinations = Destinations(engine, settings, line)
    for _ in range(5):
        destinations.accepts(NORTH, ACCOUNTS["south"])
        destinations.accepts(NORTH, "U" + "9" * 32)

    assert line.asked == {"north": 1, "south": 1}


def test_what_one_process_learnt_the_next_one_knows(engine: Engine, settings: Settings) -> None:
    for agency in (NORTH, SOUTH):
        assert learn(engine, FakeLine(), agency)
    offline = FakeLine(accounts={})

    assert not Destinations(engine, settings, offline).accepts(NORTH, ACCOUNTS["south"])
    assert offline.asked == {}
    assert stored(engine) == {account: agency for agency, account in ACCOUNTS.items()}


def test_while_line_does_not_say_whose_it_is_a_signed_body_is_believed(engine: Engine, settings: Settings) -> None:
    assert Destinations(engine, settings, FakeLine(accounts={})).accepts(NORTH, ACCOUNTS["south"])


def test_one_agency_alone_asks_nobody(engine: Engine, settings_factory: Callable[..., Settings]) -> None:
    line = FakeLine()

    assert Destinations(engine, settings_factory(agencies=(NORTH,)), line).accepts(NORTH, "U" + "9" * 32)
    assert line.asked == {}


def test_two_agencies_cannot_share_one_account(engine: Engine) -> None:
    line = FakeLine(accounts=dict.fromkeys(ACCOUNTS, ACCOUNTS["north"]))

    assert [learn(engine, line, agency) for agency in (NORTH, SOUTH)] == [True, False]
    assert stored(engine) == {ACCOUNTS["north"]: "north"}


def test_an_agency_that_changed_its_account_is_known_by_the_new_one(engine: Engine) -> None:
    learn(engine, FakeLine(), NORTH)

    assert learn(engine, FakeLine(accounts={"north": "U" + "3" * 32}), NORTH)

    assert stored(engine) == {"U" + "3" * 32: "north"}
