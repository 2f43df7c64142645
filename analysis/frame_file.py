"""From the tables of a frame's TOML file to a Frame. Pure: reading files is analysis/frame_library.py's job.

``same_as = 2567`` takes everything over from another year and replaces what is given: of the indicators, issues, scales
and documents those with the same number or name, of everything else the whole. What is taken over counts as unverified
unless the file says ``verified = true``. So a year of which little is known is a short file. A fault names itself:
``2568.toml: indicator 9: title is missing``. What must hold between the entries is checked by analysis/frame_rules.py.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from analysis import frame_rules
from analysis.frame import (
    ITEMS,
    SUB_INDICATORS,
    Frame,
    FrameError,
    IndicatorFrame,
    InstrumentFrame,
    Issue,
    Item,
    Level,
    Option,
    Publication,
    Scale,
    SubIndicator,
    family,
)

Table = Mapping[str, Any]
T = TypeVar("T")

AVERAGES = {ITEMS: (ITEMS,), SUB_INDICATORS: (SUB_INDICATORS,), "either": (ITEMS, SUB_INDICATORS)}
_LISTS = {"instrument": "code", "indicator": "number", "level": "name", "issue": "number", "alternative": "name"}
_TABLES = ("scale", "publication")
_TOP = {*_LISTS, *_TABLES, "scale_of", "texts"}
_TOP |= set("fiscal_year same_as verified name source doubts oit_average reversed".split())
_FIELDS = {
    "instrument": {"code", "title", "weight", "indicators", "part_of"},
    "indicator": {"number", "title", "items", "sub_indicators"},
    "sub_indicators": {"code", "title", "items"},
    "level": {"name", "total_min", "every_instrument_min"},
    "issue": {"number", "title", "items"},
    "scale": {"options"},
    "publication": {"item"},
    "option": {"score", "label"},
    "alternative": {"name", "indicator"},
}


def shaped(table: Table, where: str) -> Table:
    """The table itself. Raises FrameError when an entry is no table or lacks the number or name it is known by."""
    for name, key in _LISTS.items():
        given = table.get(name, [])
        if not isinstance(given, list) or not all(isinstance(entry, dict) and key in entry for entry in given):
            raise FrameError(f"{where}: write each {name} as [[{name}]] with its {key}")
    for name in (*_TABLES, "scale_of", "texts"):
        given = table.get(name, {})
        inner = given.values() if isinstance(given, dict) else [given]
        if not all(isinstance(one, dict if name in _TABLES else str) for one in inner):
            raise FrameError(f"{where}: write {name} as a TOML table, one entry under each name")
    return table


def merged(table: Table, other: Table) -> dict[str, Any]:
    """The table with what it takes over from ``other``."""
    doubted = {} if table.get("verified") is True else {"verified": False}
    result = {**other, **table}
    for name, key in _LISTS.items():
        given = {entry[key]: entry for entry in table.get(name, ())}
        taken = {entry[key]: {**entry, **doubted} for entry in other.get(name, ())}
        whole = given and name not in ("indicator", "issue")
        result[name] = list((given if whole else {**taken, **given}).values())
    for name in _TABLES:
        taken = {code: {**entry, **doubted} for code, entry in other.get(name, {}).items()}
        result[name] = {**taken, **table.get(name, {})}
    return result


def build(table: Table, where: str) -> Frame:
    """The frame. Raises FrameError naming the file (``where``), the entry and the fault."""
    frame = _build(table, where)
    frame_rules.check(frame, where)
    return frame


def _build(table: Table, where: str) -> Frame:
    _known(table, _TOP, where)
    sure = _get(table, "verified", bool, where)
    average = _get(table, "oit_average", str, where)
    if average not in AVERAGES:
        raise FrameError(f"{where}: oit_average must be one of {', '.join(AVERAGES)}, not {average!r}")
    indicators = tuple(_indicator(e, sure, at) for e, at in _entries(table, "indicator", where))
    others = [(_alternative(table, entry, at), at) for entry, at in _entries(table, "alternative", where)]
    return Frame(
        fiscal_year=_get(table, "fiscal_year", int, where),
        name=table.get("name", ""),
        verified=sure,
        source=_get(table, "source", str, where),
        taken_from=None if sure else table.get("same_as"),
        doubts=tuple(_texts(table, "doubts", where)),
        averages=AVERAGES[average],
        instruments=tuple(_instrument(e, sure, at) for e, at in _entries(table, "instrument", where)),
        indicators=indicators,
        items=_items(table, indicators, sure, where),
        scales={s: _scale(s, e, sure, f"{where}: scale {s}") for s, e in _get(table, "scale", dict, where).items()},
        levels=tuple(_level(e, sure, at) for e, at in _entries(table, "level", where)),
        issues=tuple(_issue(e, sure, at) for e, at in _entries(table, "issue", where)),
        publications={
            kind: _publication(kind, e, sure, f"{where}: publication {kind}")
            for kind, e in table.get("publication", {}).items()
        },
        alternatives=tuple(build(other, at) for other, at in others),
    )


def _alternative(table: Table, entry: Table, where: str) -> dict[str, Any]:
    """The year's table with the indicators of one alternative in place of its own."""
    _known(entry, _FIELDS["alternative"] | {"verified"}, where)
    given = shaped({"indicator": _get(entry, "indicator", list, where)}, where)
    plain = {key: value for key, value in table.items() if key != "alternative"}
    return {**merged(given, plain), "name": entry["name"]}


def _instrument(entry: Table, sure: bool, where: str) -> InstrumentFrame:
    return InstrumentFrame(
        _get(entry, "code", str, where),
        _get(entry, "title", str, where),
        _fraction(entry, "weight", where),
        tuple(_get(entry, "indicators", list, where)),
        entry.get("part_of"),
        entry.get("verified", sure),
    )


def _indicator(entry: Table, sure: bool, where: str) -> IndicatorFrame:
    subs = tuple(_sub_indicator(e, sure, at) for e, at in _entries(entry, "sub_indicators", where))
    items = [code for sub in subs for code in sub.items] if subs else _texts(entry, "items", where)
    return IndicatorFrame(
        _get(entry, "number", int, where),
        _get(entry, "title", str, where),
        tuple(items),
        subs,
        entry.get("verified", sure),
    )


def _sub_indicator(entry: Table, sure: bool, where: str) -> SubIndicator:
    code, title = _get(entry, "code", str, where), _get(entry, "title", str, where)
    return SubIndicator(code, title, tuple(_texts(entry, "items", where)), entry.get("verified", sure))


def _items(table: Table, indicators: Sequence[IndicatorFrame], sure: bool, where: str) -> dict[str, Item]:
    texts, scale_of = table.get("texts", {}), _get(table, "scale_of", dict, where)
    turned = _texts(table, "reversed", where)
    found = {}
    for indicator in indicators:
        for code in indicator.items:
            if code in found or code[:1] not in ("i", "e", "o"):
                raise FrameError(
                    f"{where}: indicator {indicator.number}: {code!r} is given twice or is no code like e1, i3, o24"
                )
            scale = scale_of.get(code) or scale_of.get(family(code))
            if scale is None:
                raise FrameError(f"{where}: scale_of says nothing of {code} or {family(code)}")
            found[code] = Item(code, texts.get(code, ""), scale, code in turned, sure and code in texts)
    for name, codes in (("texts", texts), ("reversed", turned)):
        if unknown := set(codes) - found.keys():
            raise FrameError(f"{where}: {name}: no indicator has the item {min(unknown)}")
    return found


def _scale(name: str, entry: Table, sure: bool, where: str) -> Scale:
    _known(entry, _FIELDS["scale"] | {"verified"}, where)
    options = _get(entry, "options", list, where)
    for option in options:
        _known(option, _FIELDS["option"], where)
    return Scale(
        name,
        tuple(Option(_get(o, "score", int, where), o.get("label", "")) for o in options),
        entry.get("verified", sure),
    )


def _level(entry: Table, sure: bool, where: str) -> Level:
    least = None if "every_instrument_min" not in entry else _fraction(entry, "every_instrument_min", where)
    return Level(
        _get(entry, "name", str, where), _fraction(entry, "total_min", where), least, entry.get("verified", sure)
    )


def _issue(entry: Table, sure: bool, where: str) -> Issue:
    number, title = _get(entry, "number", int, where), _get(entry, "title", str, where)
    return Issue(number, title, tuple(_texts(entry, "items", where)), entry.get("verified", sure))


def _publication(kind: str, entry: Table, sure: bool, where: str) -> Publication:
    _known(entry, _FIELDS["publication"] | {"verified"}, where)
    return Publication(kind, _get(entry, "item", str, where), entry.get("verified", sure))


def _entries(table: Table, name: str, where: str) -> list[tuple[Table, str]]:
    """The entries of a list of tables, each with words that say which one it is."""
    found = []
    for position, entry in enumerate(table.get(name, ()), 1):
        title = next((str(entry[key]) for key in ("number", "code", "name") if key in entry), f"no. {position}")
        at = f"{where}: {name.removesuffix('s')} {title}"
        _known(entry, _FIELDS[name] | {"verified"}, at)
        found.append((entry, at))
    return found


def _known(table: Table, fields: set[str], where: str) -> None:
    if unknown := set(table) - fields:
        raise FrameError(f"{where}: {min(unknown)!r} is no field here; there are {', '.join(sorted(fields))}")


def _get(table: Table, key: str, kind: type[T], where: str) -> T:
    if key not in table:
        raise FrameError(f"{where}: {key} is missing")
    value = table[key]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise FrameError(f"{where}: {key} must be a TOML {kind.__name__}, not {value!r}")
    return value


def _texts(table: Table, key: str, where: str) -> list[str]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise FrameError(f"{where}: {key} must be a list of texts, not {value!r}")
    return value


def _fraction(table: Table, key: str, where: str) -> Fraction:
    """Exact numbers only: 85 or "0.15", never 0.15."""
    value = table.get(key)
    try:
        if isinstance(value, str | int) and not isinstance(value, bool):
            return Fraction(value)
    except ValueError:
        pass
    raise FrameError(f'{where}: {key} must be a whole number or a decimal in quotes like "0.15", not {value!r}')
