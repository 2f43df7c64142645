"""Scores as JSON: the contract of ``siang scores --format json``, and the exact form kept in snapshots. Pure."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from analysis.display import half_up
from analysis.intervals import Interval
from analysis.scores import Change, IndicatorScore, ItemScore, Measured, Score, Scores
from analysis.withholding import Reason

Json = dict[str, Any]


def public(scores: Scores, agency_id: str) -> Json:
    """For programs: rounded half up to two decimals, null where withheld or unavailable."""
    eit = scores.kind == "eit"
    return {
        "agency": agency_id,
        "period": scores.period,
        "as_of": scores.as_of.isoformat(),
        "official": False,
        "group": scores.group,
        "n": scores.measured.n,
        "eit": {
            "self": _rounded(scores.headline.value) if eit else None,
            "assisted": _rounded(scores.assisted.value) if eit else None,
        },
        "indicators": [{"number": i.number, "title": i.title, **_public(i.score)} for i in scores.measured.indicators],
        "items": [
            {"code": i.code, **_public(i.score), "withheld": i.score.withheld is not None}
            for i in scores.measured.items
        ],
    }


def flat(scores: Scores) -> list[Json]:
    """The same numbers a row each, for csv: ``level`` overall, indicator or item."""
    measured = scores.measured
    rows: list[tuple[str, object, str, Score]] = [("overall", scores.kind, "", measured.overall)]
    rows += [("indicator", i.number, i.title, i.score) for i in measured.indicators]
    rows += [("item", i.code, "", i.score) for i in measured.items]
    return [
        {"level": level, "code": code, "title": title, **_public(score), "withheld": score.withheld is not None}
        for level, code, title, score in rows
    ]


def dump(scores: Scores) -> Json:
    """Exact, for ``load``: fractions as text, nothing that is withheld."""
    measured = scores.measured
    return {
        "kind": scores.kind,
        "period": scores.period,
        "as_of": scores.as_of.isoformat(),
        "group": scores.group,
        "n": measured.n,
        "household": measured.household,
        "overall": _dump(measured.overall),
        "headline": _dump(scores.headline),
        "assisted": _dump(scores.assisted),
        "indicators": [[i.number, i.title, _dump(i.score)] for i in measured.indicators],
        "items": [[i.code, i.indicator, _dump(i.score)] for i in measured.items],
    }


def load(body: Mapping[str, Any]) -> Scores:
    """What ``dump`` wrote."""
    measured = Measured(
        body["n"],
        body["household"],
        _load(body["overall"]),
        tuple(IndicatorScore(number, title, _load(score)) for number, title, score in body["indicators"]),
        tuple(ItemScore(code, indicator, _load(score)) for code, indicator, score in body["items"]),
    )
    day = date.fromisoformat(body["as_of"])
    headline, assisted = _load(body["headline"]), _load(body["assisted"])
    return Scores(body["kind"], body["period"], day, body["group"], measured, headline, assisted)


def _public(score: Score) -> Json:
    return {
        "score": _rounded(score.value),
        "n": score.n,
        "missing": score.missing,
        "low": _rounded(score.interval.low) if score.interval else None,
        "high": _rounded(score.interval.high) if score.interval else None,
        "change": _rounded(score.change.value) if score.change else None,
    }


def _rounded(number: Fraction | float | None) -> float | None:
    return None if number is None else float(half_up(number))


def _dump(score: Score) -> Json:
    known: Json = {"n": score.n, "missing": score.missing}
    if score.withheld:
        return {"withheld": score.withheld.value}
    if score.value is not None and score.interval is not None:
        known |= {"value": str(score.value), "interval": [score.interval.low, score.interval.high]}
    if score.change:
        interval = score.change.interval
        known["change"] = [str(score.change.value), interval.low, interval.high, score.change.n]
    return known


def _load(body: Mapping[str, Any]) -> Score:
    if "withheld" in body:
        return Score(None, None, withheld=Reason(body["withheld"]))
    if "value" not in body:
        return Score(body["n"], body["missing"])
    change = None
    if "change" in body:
        value, low, high, n = body["change"]
        change = Change(Fraction(value), Interval(low, high), n)
    return Score(body["n"], body["missing"], Fraction(body["value"]), Interval(*body["interval"]), change)
