"""Made-up answers for the tests of scores: tallies without a database, and filed responses with one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Engine

from analysis.counts import Block, Pattern, Tally, of_patterns
from survey import db, library
from survey.instrument import Instrument
from survey.library import Library
from survey.privacy import random_id
from survey.tables import responses

FEB = date(2027, 2, 14)  # ก.พ. 70
ITEMS = {"e1": "6", "e2": "5", "e3": "never", "e4": "6", "e5": "4", "e6": "6", "e7": "5", "e8": "5", "e9": "ever"}
CODES = tuple(ITEMS)


@cache
def instruments() -> Library:
    return library.load()


def eit() -> Instrument:
    return instruments().get("eit-2570", 1)


def block(patterns: Iterable[Pattern], codes: Sequence[str] = ("e1", "e2", "e3"), number: int = 6) -> Block:
    """The block of these responses to the items of one indicator."""
    counted = Counter(patterns)
    return Block(number, "ตัวชี้วัด", tuple(codes), dict(counted), (counted.total(),) * len(codes))


def tally(people: Sequence[Mapping[str, int | None]], household: int = 0) -> Tally:
    """The tally of EIT responses, each {item code: score or None}; items not named are missing."""
    groups = {6: CODES[:3], 7: CODES[3:6], 8: CODES[6:]}
    counted = {n: dict(Counter(tuple(p.get(c) for c in codes) for p in people)) for n, codes in groups.items()}
    return of_patterns(eit(), len(people), household, counted)


def alike(n: int, score: int = 80, **others: int | None) -> Tally:
    """The tally of ``n`` people who give every item ``score``, but for the ``others`` named."""
    return tally([{**dict.fromkeys(CODES, score), **others}] * n)


def file(engine: Engine, *answers: Mapping[str, str | None], **columns: Any) -> None:
    """File responses as the worker does; ``columns`` change what all of them have in common."""
    common = {
        "agency_id": "main",
        "round_id": "eit-2570-1",
        "kind": "eit",
        "instrument_id": "eit-2570",
        "instrument_version": 1,
        "completed_on": FEB,
        "mode": "self",
        "household": False,
    }
    rows = [{**common, **columns, "id": random_id(), "answers": dict(one)} for one in answers]
    with db.write(engine) as conn:
        conn.execute(responses.insert(), rows)


def file_points(engine: Engine, n: int, point: str | None, value: str = "4", **columns: Any) -> None:
    """``n`` satisfaction responses about a service point, every item answered ``value``."""
    answers = dict.fromkeys(("s1", "s2", "s3", "s4"), value)
    kind = {"kind": "satisfaction", "instrument_id": "satisfaction-1", "round_id": "satisfaction"}
    file(engine, *[answers] * n, service_point=point, **{**kind, **columns})


def crowd(n: int, seed: int = 1) -> list[dict[str, str | None]]:
    """EIT answers as they come: mostly good, some missing."""
    rng = Random(seed)
    agree, weights = ["2", "4", "5", "6", "na", None], [1, 2, 5, 10, 1, 1]
    found: list[dict[str, str | None]] = []
    for _ in range(n):
        one: dict[str, str | None] = {code: rng.choices(agree, weights)[0] for code in CODES}
        one |= {"e3": rng.choices(["never", "ever", "na"], [18, 1, 1])[0], "e9": rng.choice(["ever", "never"])}
        found.append(one)
    return found
