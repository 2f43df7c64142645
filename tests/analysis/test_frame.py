"""The ITA frame reproduces what municipalities published, to two decimals."""

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from analysis import frame
from analysis.display import half_up
from analysis.frame import Frame

DATA = Path(__file__).parents[1] / "data"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads((DATA / "worked-totals.json").read_text("utf-8"), parse_float=Decimal)
}


def load(year: int) -> Frame:
    return frame.parse((Path(frame.__file__).parent / "frames" / f"{year}.toml").read_text("utf-8"))


def rows(name: str, level: str) -> list[dict[str, str]]:
    with (DATA / "published" / name).open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["level"] == level]


def two(scores: dict[Any, Fraction]) -> dict[Any, str]:
    return {key: str(half_up(score)) for key, score in scores.items()}


def phrathaen() -> dict[tuple[str, str], Fraction]:
    items = {(row["instrument"], row["code"]): Fraction(row["score"]) for row in rows("phrathaen-2567.csv", "item")}
    return items | {("EIT2", "e8"): Fraction(100)}  # misprinted as 98.10, see tests/data/README.md


def test_published_items_give_the_published_indicators_instruments_total_and_level() -> None:
    year = load(2567)

    parts = year.parts(phrathaen())
    instruments = year.of_instruments(parts)
    total = year.total(instruments)

    assert two(year.combined(parts)) == {
        int(row["code"]): row["score"] for row in rows("phrathaen-2567.csv", "indicator")
    }
    assert two(instruments) == {row["code"]: row["score"] for row in rows("phrathaen-2567.csv", "instrument")}
    assert str(half_up(total)) == "99.60"
    assert year.level(total, instruments) == "ผ่านดีเยี่ยม"


def test_the_misprint_as_printed_does_not_add_up() -> None:
    parts = load(2567).parts(phrathaen() | {("EIT2", "e8"): Fraction("98.10")})

    assert str(half_up(load(2567).combined(parts)[8])) != "99.68"


@pytest.mark.parametrize("case", [case for case in CASES.values() if "indicators" in case], ids=lambda case: case["id"])
def test_published_indicators_give_the_published_totals(case: dict[str, Any]) -> None:
    year = load(2566 if "2566" in case["id"] else 2567)
    parts = year.from_indicators(dict(enumerate(map(Fraction, case["indicators"]), 1)))
    found = year.of_instruments(parts)
    found["EIT"] = frame.mean([found["EIT1"], found["EIT2"]])
    found["total"] = year.total(found)

    expected = {key: f"{score:.2f}" for key, score in case["expect"].items() if key != "level"}
    assert two({key: found[key] for key in expected}) == expected
    level = year.level(found["total"], {i.code: found[i.code] for i in year.instruments})
    assert level == case["expect"].get("level", level)


@pytest.mark.parametrize(
    ("total", "lowest", "level"),
    [("96", "94", "ผ่านดี"), ("90", "85", "ผ่านดี"), ("84.99", "84", "ต้องปรับปรุง"), ("69", "60", "ต้องปรับปรุงโดยด่วน")],
)
def test_levels_ask_for_the_total_and_for_every_instrument(total: str, lowest: str, level: str) -> None:
    assert load(2567).level(Fraction(total), {"IIT": Fraction(100), "OIT": Fraction(lowest)}) == level


def test_an_indicator_without_all_its_items_is_left_out() -> None:
    year = load(2567)

    assert year.parts({("EIT1", "e1"): Fraction(100)}) == {}
    assert load(2566).parts(phrathaen()) == {}


def test_what_is_not_verified_says_so() -> None:
    assert {i.number: i.verified for i in load(2567).indicators}[9] is False
    assert load(2567).verified
    assert load(2566).source
