"""The measures to choose from: ours (``analysis/bank/*.toml``) and an agency's own. Reads files, decides nothing."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from analysis import frame_library, measures_bank
from analysis.frame import Frame
from analysis.measures_bank import BankError, Entry

FOLDER = Path(__file__).parent / "bank"


@cache
def frames() -> dict[int, Frame]:
    """Every fiscal year's frame."""
    return {year: frame_library.load(year) for year in frame_library.years()}


def frame(year: int) -> Frame:
    """The frame of a fiscal year, or of the nearest one that has any."""
    return frames()[min(frames(), key=lambda known: abs(known - year))]


def load(own: Path | None = None, folder: Path = FOLDER) -> tuple[Entry, ...]:
    """The bank with an agency's own entries. Raises BankError naming file, entry and key."""
    ours: list[Entry] = []
    for path in (folder / f"{name}.toml" for name in ("eit", "iit", "oit")):
        entries = measures_bank.build(_table(path), path.name, frames())
        if twice := {one.id for one in ours} & {one.id for one in entries}:
            raise BankError(f"{path.name}: measure {min(twice)}: its id is in another file too; give it another")
        ours += entries
    return measures_bank.merged(ours, measures_bank.build(_table(own), own.name, frames()) if own else ())


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as exc:
        raise BankError(f"{path} cannot be read: {exc.strerror}. Mend `measures` in the agency's file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise BankError(f"{path.name}: cannot be read as TOML in UTF-8: {exc}") from None
