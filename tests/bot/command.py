"""The command as an operator runs it, in the folder of an office with a migrated database."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from survey.settings_names import NAMES


def siang(*arguments: object) -> Result:
    """What it says and its exit code. Anything but an exit is a fault of ours."""
    result = CliRunner().invoke(cli, [*map(str, arguments)], prog_name="siang")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def at_office(folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str, agency: str = "") -> None:
    """Nothing is set but the database and what the office says of itself; ``folder`` is the current one."""
    for setting in NAMES:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    if agency:
        (folder / "agency.toml").write_text(agency, encoding="utf-8")
        monkeypatch.setenv("AGENCY_FILE", str(folder / "agency.toml"))
    monkeypatch.chdir(folder)
