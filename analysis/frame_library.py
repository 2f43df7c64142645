"""The frames that come with the program (``analysis/frames/2567.toml`` ...). Reads files, decides nothing."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from analysis import frame_file
from analysis.frame import Frame, FrameError

FOLDER = Path(__file__).parent / "frames"


@cache
def years(folder: Path = FOLDER) -> tuple[int, ...]:
    """The fiscal years with a frame, oldest first."""
    return tuple(sorted(int(path.stem) for path in folder.glob("[0-9][0-9][0-9][0-9].toml")))


@cache
def load(year: int, folder: Path = FOLDER) -> Frame:
    """The frame of a fiscal year (Buddhist era). Raises FrameError when there is none or it has a fault."""
    if year not in years(folder):
        raise FrameError(f"There is no ITA frame of fiscal year {year}: add {folder / f'{year}.toml'}.")
    frame = frame_file.build(_table(year, folder, ()), f"{year}.toml")
    if frame.fiscal_year != year:
        raise FrameError(f"{year}.toml: fiscal_year says {frame.fiscal_year}")
    return frame


def _table(year: int, folder: Path, below: tuple[int, ...]) -> dict[str, Any]:
    """The file's table with what it takes over, however far back."""
    path = folder / f"{year}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise FrameError(f"{path.name}: cannot be read as TOML: {exc}") from None
    frame_file.shaped(table, path.name)
    other = table.get("same_as")
    if other is None:
        return table
    if other in (*below, year) or other not in years(folder):
        raise FrameError(f"{path.name}: same_as must be another year with a file, and lead to one that stands alone")
    return frame_file.merged(table, _table(other, folder, (*below, year)))
