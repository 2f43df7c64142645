"""The instruments and words on disk: read once at the start, every file checked, a fault refuses the start."""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from survey import instrument_file
from survey.instrument import Instrument, InstrumentError
from survey.texts import Texts

INSTRUMENTS = Path(__file__).parent / "instruments"
TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Library:
    """All instruments in all languages, and the words of the conversation in each."""

    instruments: Mapping[tuple[str, int, str], Instrument]  # (id, version, language)
    texts: Mapping[str, Texts]  # language -> words; "th" is always there

    def get(self, instrument_id: str, version: int, language: str = "th") -> Instrument:
        """In that language where there is a translation, else in Thai. Raises KeyError for an unknown version."""
        found = self.instruments.get((instrument_id, version, language))
        return found or self.instruments[instrument_id, version, "th"]

    def of_kind(self, kind: str) -> list[Instrument]:
        """Every version of every instrument of a kind, in Thai."""
        return [i for (_, _, language), i in self.instruments.items() if i.kind == kind and language == "th"]

    @property
    def surveys(self) -> list[Instrument]:
        """Every version of every instrument with items to score, in Thai; tasks have none."""
        return [i for (_, _, language), i in self.instruments.items() if language == "th" and i.items]

    def newest(self, kind: str, fiscal_year: int | None = None) -> Instrument:
        """The one to open a round with: that year's, or the latest known before it. Raises KeyError."""
        fitting = [
            i
            for i in self.of_kind(kind)
            if fiscal_year is None or i.fiscal_year is None or i.fiscal_year <= fiscal_year
        ]
        if not fitting:
            raise KeyError(f"no instrument of kind {kind} for fiscal year {fiscal_year}")
        return max(fitting, key=lambda i: (i.fiscal_year or 0, i.version))

    def words(self, language: str) -> Texts:
        return self.texts.get(language) or self.texts["th"]

    @cached_property
    def languages(self) -> dict[str, str]:
        """Language -> its own name, Thai first."""
        return {code: t.name for code, t in sorted(self.texts.items(), key=lambda pair: pair[0] != "th")}


def load(folder: Path = INSTRUMENTS, texts: Path = TEXTS) -> Library:
    """Read and check every file. Raises InstrumentError naming the file, the question and the fault."""
    tables = {path: _read(path) for path in sorted(folder.glob("*.toml"))}
    sources = _sources(tables)
    found: dict[tuple[str, int, str], Instrument] = {}
    for path, table in tables.items():
        if "translates" not in table:
            instrument = _build(path, table, sources)
            if (*instrument.key, "th") in found:
                other = sources[f"{instrument.id}.{instrument.version}"][0].name
                raise InstrumentError(f"{path.name}: {instrument.id}.{instrument.version} is also in {other}")
            found[*instrument.key, "th"] = instrument
    for path, words in tables.items():
        if "translates" in words:
            for instrument in _translate(path, words, sources):
                found[*instrument.key, instrument.language] = instrument
    return Library(found, _load_texts(texts))


def check_file(path: Path) -> Instrument:
    """Check one instrument or language file, which may build on published ones. Raises InstrumentError."""
    table = _read(path)
    around = _neighbours({INSTRUMENTS, path.parent})
    if "translates" in table:
        return _translate(path, table, _sources(around))[0]
    return _build(path, table, _sources(around))


def _neighbours(folders: set[Path]) -> dict[Path, dict[str, Any]]:
    """Every readable file beside the one that is checked; faults of others are not its own."""
    found = {}
    for path in (p for folder in folders for p in folder.glob("*.toml")):
        with suppress(InstrumentError):
            found[path] = _read(path)
    return found


Sources = Mapping[str, tuple[Path, dict[str, Any]]]


def _sources(tables: Mapping[Path, dict[str, Any]]) -> Sources:
    """``id.version`` -> the file that publishes it."""
    return {
        f"{t['id']}.{t['version']}": (path, t)
        for path, t in tables.items()
        if "translates" not in t and "id" in t and "version" in t
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InstrumentError(f"{path.name}: cannot be read: {exc.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InstrumentError(f"{path.name}: is not TOML: {exc}") from None


def _whole(path: Path, table: Mapping[str, Any], sources: Sources) -> dict[str, Any]:
    parent = table.get("extends")
    if parent is None:
        return dict(table)
    if not isinstance(parent, str) or parent not in sources or "extends" in sources[parent][1]:
        raise InstrumentError(f"{path.name}: extends {parent!r}, no complete instrument; write it like eit-2567.1")
    return instrument_file.merged(table, sources[parent][1])


def _build(path: Path, table: Mapping[str, Any], sources: Sources) -> Instrument:
    return instrument_file.build(_whole(path, table, sources), path.name)


def _translate(path: Path, words: Mapping[str, Any], sources: Sources) -> list[Instrument]:
    """The translated instrument, and those that extend it."""
    base = words["translates"]
    if not isinstance(base, str) or base not in sources:
        raise InstrumentError(f"{path.name}: translates {base!r}, which is not here; write it like eit-2567.1")
    found = []
    for source, table in sources.values():
        if base in (f"{table['id']}.{table['version']}", table.get("extends")):
            whole = instrument_file.translated(_whole(source, table, sources), words, path.name)
            instrument = instrument_file.build(whole, path.name)
            found.append(replace(instrument, language=words.get("language", "")))
    return found


def _load_texts(folder: Path) -> dict[str, Texts]:
    base = Texts.build("th", _read(folder / "th.toml"), None)
    others = {path.stem: _read(path) for path in sorted(folder.glob("*.toml")) if path.stem != "th"}
    return {"th": base} | {language: Texts.build(language, table, base) for language, table in others.items()}
