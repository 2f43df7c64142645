"""From the tables of an instrument's TOML file to an Instrument. Pure: reading files is survey/library.py's job.

``extends`` takes everything over from another instrument and replaces only the fields given; a language file gives the
words and nothing else, so that a translation can never change a scale.
"""

from collections.abc import Mapping
from typing import Any

from survey.instrument import OPEN_KINDS, Indicator, Instrument, InstrumentError, Option, Question, check

Table = Mapping[str, Any]

_FIELDS = {
    "id": str,
    "version": int,
    "kind": str,
    "title": str,
    "notice": str,
    "thanks": str,
    "fiscal_year": int,
    "verified": bool,
    "source": str,
    "minutes": int,
    "extends": str,
    "immediate": bool,
    "review": str,
    "send": str,
    "scales": dict,
    "indicator": list,
    "question": list,
}
_QUESTION_FIELDS = {
    "id": str,
    "kind": str,
    "text": str,
    "scale": str,
    "ask_if": dict,
    "item_code": str,
    "indicator": int,
    "echo": bool,
    "private": bool,
    "personal": bool,
    "ends": list,
    "hint": str,
    "max_length": int,
    "needed": bool,
    "short": str,
}
_OPTION_FIELDS = {"value": str, "label": str, "score": int, "missing": bool, "words": list}
_INDICATOR_FIELDS = {"number": int, "title": str}
_KINDS = ("screening", "item", "choice", "offer", "category", "sealed", *OPEN_KINDS)
_TITLES = ("title", "notice", "thanks", "review", "send")
_WORDS = {"language", "translates", *_TITLES, "scales", "indicator", "question"}


def merged(table: Table, parent: Table | None) -> dict[str, Any]:
    """The table with what it takes over from the instrument it ``extends``."""
    return {**(parent or {}), **table}


def build(table: Table, where: str) -> Instrument:
    """The instrument in Thai. Raises InstrumentError naming the file, the question and the fault."""
    _check_fields(table, _FIELDS, where)
    for name in ("id", "version", "kind", "title", "notice", "thanks", "question"):
        if name not in table:
            raise InstrumentError(f"{where}: {name} is missing")
    scales = {name: _options(options, f"{where}: scale {name}") for name, options in table.get("scales", {}).items()}
    questions = (_notice(table), *(_question(q, scales, where) for q in _tables(table, "question", where)))
    check(questions, where)
    indicators = tuple(_indicator(i, where) for i in _tables(table, "indicator", where))
    _check_indicators(questions, {i.number for i in indicators}, where)
    return Instrument(
        id=table["id"],
        version=table["version"],
        kind=table["kind"],
        title=table["title"],
        notice=table["notice"].strip(),
        thanks=table["thanks"],
        questions=questions,
        indicators=indicators,
        fiscal_year=table.get("fiscal_year"),
        verified=table.get("verified", False),
        source=table.get("source", ""),
        minutes=table.get("minutes", 1),
        immediate=table.get("immediate", False),
        review=table.get("review", ""),
        send=table.get("send", ""),
    )


def translated(table: Table, words: Table, where: str) -> dict[str, Any]:
    """The instrument's table with the words of a language file. Raises InstrumentError for words that fit nothing."""
    known = {
        "scales": table.get("scales", {}),
        "indicator": [str(i["number"]) for i in table.get("indicator", ())],
        "question": [q["id"] for q in table["question"]],
    }
    _check_words(words, known, where)
    scales = {
        name: [{**o, "words": [], "label": _word(words, where, "scales", name, o["value"])} for o in options]
        for name, options in known["scales"].items()
    }
    indicators = [
        {**i, "title": _word(words, where, "indicator", str(i["number"]))} for i in table.get("indicator", ())
    ]
    questions = [_translated_question(q, words, where) for q in table["question"]]
    given = {name: words[name] for name in _TITLES if name in words}
    return {**table, **given, "scales": scales, "indicator": indicators, "question": questions}


def _check_words(words: Table, known: Mapping[str, Any], where: str) -> None:
    if not isinstance(words.get("language"), str) or not words["language"]:
        raise InstrumentError(f"{where}: language is missing")
    for name, value in words.items():
        if name not in _WORDS:
            raise InstrumentError(f"{where}: {name!r} is no field of a language file")
        for entry in value if name in known and isinstance(value, Mapping) else ():
            if entry not in known[name]:
                raise InstrumentError(f"{where}: {name}.{entry} translates nothing: the instrument has no such {name}")
    for scale, options in known["scales"].items():
        for value in words.get("scales", {}).get(scale, ()):
            if value not in [o["value"] for o in options]:
                raise InstrumentError(f"{where}: scales.{scale}.{value} translates nothing: no such option")


def _notice(table: Table) -> Question:
    """Starting is the first answer: who asks, what for, what is kept. Its button's words come from the texts."""
    return Question("notice", "notice", table["notice"].strip(), (Option("start", "", number="1"),), echo=False)


def _translated_question(question: Table, words: Table, where: str) -> dict[str, Any]:
    text = _word(words, where, "question", question["id"], "text")
    given = words["question"][question["id"]]
    return {**question, "text": text, "hint": given.get("hint", ""), "short": given.get("short", "")}


def _word(words: Table, where: str, *path: str) -> str:
    found: Any = words
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    if not isinstance(found, str):
        raise InstrumentError(f"{where}: {'.'.join(path)} has no translation")
    return found


def _question(table: Table, scales: Mapping[str, tuple[Option, ...]], where: str) -> Question:
    name = f"{where}: {table.get('id', 'a question without id')}"
    _check_fields(table, _QUESTION_FIELDS, name)
    for needed in ("id", "kind", "text"):
        if needed not in table:
            raise InstrumentError(f"{name}: {needed} is missing")
    if table["kind"] not in _KINDS:
        raise InstrumentError(f"{name}: kind {table['kind']!r} is not one of {', '.join(_KINDS)}")
    scale = table.get("scale")
    if scale is not None and scale not in scales:
        raise InstrumentError(f"{name}: scale {scale!r} is not in the file")
    known = {field: table[field] for field in _QUESTION_FIELDS if field in table and field not in ("scale", "ask_if")}
    known["ends"] = _texts(table.get("ends", ()), f"{name}: ends")
    conditions = tuple(
        (other, _texts(values, f"{name}: ask_if {other}")) for other, values in table.get("ask_if", {}).items()
    )
    return Question(options=scales[scale] if scale else (), ask_if=conditions, **known)


def _indicator(table: Table, where: str) -> Indicator:
    _check_fields(table, _INDICATOR_FIELDS, f"{where}: indicator")
    if "number" not in table or "title" not in table:
        raise InstrumentError(f"{where}: an indicator needs a number and a title")
    return Indicator(table["number"], table["title"])


def _options(tables: Any, where: str) -> tuple[Option, ...]:
    found = _tables({"option": tables}, "option", where)
    for position, table in enumerate(found, 1):
        _check_fields(table, _OPTION_FIELDS, f"{where}: option {position}")
        for needed in ("value", "label"):
            if needed not in table:
                raise InstrumentError(f"{where}: option {position} has no {needed}")
    numeric = all(o["value"].isdigit() or o.get("missing") for o in found)
    return tuple(_option(table, position, numeric, where) for position, table in enumerate(found, 1))


def _option(table: Table, position: int, numeric: bool, where: str) -> Option:
    """A scale of numbers is typed by its numbers, its missing option by 0; any other by position."""
    number = ("0" if table.get("missing") else table["value"]) if numeric else str(position)
    words = _texts(table.get("words", ()), f"{where}: {table['value']}: words")
    return Option(table["value"], table["label"], table.get("score"), table.get("missing", False), words, number)


def _tables(table: Table, name: str, where: str) -> list[Table]:
    found = table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise InstrumentError(f"{where}: every {name} must be a table")
    return found


def _texts(values: Any, where: str) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or not all(isinstance(value, str) for value in values):
        raise InstrumentError(f"{where} must be a list of texts")
    return tuple(values)


def _check_fields(table: Table, known: Mapping[str, type], where: str) -> None:
    for name, value in table.items():
        if name not in known:
            raise InstrumentError(f"{where}: {name!r} is no field here")
        if not isinstance(value, known[name]) or (known[name] is int and isinstance(value, bool)):
            raise InstrumentError(f"{where}: {name} must be {known[name].__name__}, not {type(value).__name__}")


def _check_indicators(questions: tuple[Question, ...], numbers: set[int], where: str) -> None:
    codes: set[str] = set()
    for question in questions:
        if question.kind == "item" and (question.item_code is None or question.indicator not in numbers):
            raise InstrumentError(f"{where}: {question.id} is an item without an item_code or a known indicator")
        if question.item_code in codes:
            raise InstrumentError(f"{where}: {question.id}: item code {question.item_code} is there twice")
        codes |= {question.item_code} if question.item_code else set()
