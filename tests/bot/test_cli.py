"""The command ``siang`` as an operator meets it: help, exit codes, sentences instead of stack traces."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli import COMMANDS, cli
from survey.settings_names import NAMES

GOOD = {
    "LINE_CHANNEL_SECRET": "0123456789abcdef",
    "LINE_CHANNEL_ACCESS_TOKEN": "token",
    "SECRET_KEY": "sixteen or more characters",
    "AGENCY_NAME": "เทศบาลตำบลตัวอย่าง",
}
INSTRUMENTS = Path(__file__).parents[2] / "survey" / "instruments"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory without .env, an environment without our names."""
    for setting in NAMES:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def siang(*arguments: str, env: dict[str, str] | None = None) -> Result:
    result = CliRunner().invoke(cli, arguments, prog_name="siang", env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def office(empty_folder: Path) -> dict[str, str]:
    """Settings of an office whose database is migrated."""
    env = {**GOOD, "DATABASE_URL": f"sqlite:///{empty_folder / 'siang.db'}"}
    assert siang("migrate", env=env).exit_code == 0
    return env


def all_commands(group: Any = cli, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    ctx, found = click.Context(group), [path]
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        below = (*path, name)
        found += all_commands(command, below) if isinstance(command, click.Group) else [below]
    return found


@pytest.mark.parametrize("path", all_commands(), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    result = siang(*path, "--help")

    assert result.exit_code == 0
    assert result.output.startswith("Usage: siang")
    assert len(result.output.splitlines()) >= 6


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_command_says_of_itself(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)

    assert command is not None
    assert command.get_short_help_str(200) == COMMANDS[name]


def test_help_comes_at_once_and_loads_nothing_heavy() -> None:
    program = "import sys, bot.cli\ntry: bot.cli.cli(['--help'])\nfinally: print(sorted(sys.modules), file=sys.stderr)"
    began = time.monotonic()
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    took = time.monotonic() - began

    assert took < 1.5  # 0.05 s on an idle machine
    assert [m for m in ("sqlalchemy", "flask", "docx", "linebot", "gspread") if f"'{m}'" in ran.stderr] == []


def test_the_web_server_loads_nothing_that_only_others_need() -> None:
    heavy = ("docx", "xlsxwriter", "gspread", "holidays")
    program = f"import sys, bot.cli.web, bot.wsgi\nprint([m for m in {heavy} if m in sys.modules])"

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("arguments", [("nonsense",), ("web", "--port", "0"), ("round", "open"), ("officer", "x")])
def test_wrong_use_is_two(arguments: tuple[str, ...]) -> None:
    assert siang(*arguments).exit_code == 2


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_server_without_settings_names_every_one_that_is_missing(command: str) -> None:
    result = siang(command)

    assert result.exit_code == 2
    assert result.stderr.startswith("siang: 4 settings need mending:\n  - ")
    assert all(f"- {name} is missing" in result.stderr for name in GOOD)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_server_refuses_a_database_that_is_not_migrated(command: str, empty_folder: Path) -> None:
    result = siang(command, env=GOOD)

    assert result.exit_code == 2
    assert result.stderr == "siang: There is no database var/siang.db yet. Run: siang migrate\n"
    assert list(empty_folder.iterdir()) == []


def test_a_server_refuses_another_schema_version(office: dict[str, str], empty_folder: Path) -> None:
    from sqlalchemy import text

    from survey import db

    engine = db.connect(office["DATABASE_URL"])
    with db.write(engine) as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()

    result = siang("web", env=office)

    assert result.exit_code == 2
    assert "schema version 0000" in result.stderr
    assert "Run: siang migrate" in result.stderr


def test_a_port_in_use_is_a_sentence(office: dict[str, str]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = siang("web", "--port", str(taken.getsockname()[1]), env=office)

    assert result.exit_code == 2
    assert "Address already in use. Choose another with --port." in result.stderr


def test_a_database_that_is_down_is_a_sentence_without_the_password() -> None:
    result = siang("round", "list", env={"DATABASE_URL": "postgresql://me:hush@127.0.0.1:1/siang"})

    assert result.exit_code == 2
    assert result.stderr.startswith("siang: The database refused: ")
    assert "hush" not in result.stderr


def test_migrate_needs_no_line_settings_and_may_be_repeated() -> None:
    env = {"SECRET_KEY": GOOD["SECRET_KEY"]}

    first, second = siang("migrate", env=env), siang("migrate", env=env)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Opened round eit-" in first.output
    assert "Opened round satisfaction-" in first.output
    assert "Opened" not in second.output
    assert Path("var/siang.db").exists()


def test_init_writes_settings_that_work_once_they_are_filled_in(empty_folder: Path) -> None:
    result = siang("init")

    assert result.exit_code == 0
    assert stat.S_IMODE((empty_folder / ".env").stat().st_mode) == 0o600
    line = {name: GOOD[name] for name in ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")}
    assert siang("migrate", env=line).exit_code == 0
    assert siang("officer", "list", env=line).exit_code == 0
    assert "CONTACT_KEYS are set." in siang("doctor").output


def test_init_never_overwrites(empty_folder: Path) -> None:
    siang("init")
    before = (empty_folder / ".env").read_text(encoding="utf-8")
    (empty_folder / "agency.toml").write_text("mine", encoding="utf-8")

    result = siang("init")

    assert result.exit_code == 0
    assert (empty_folder / ".env").read_text(encoding="utf-8") == before
    assert (empty_folder / "agency.toml").read_text(encoding="utf-8") == "mine"


def test_every_setting_an_office_may_need_is_explained_in_what_init_writes(empty_folder: Path) -> None:
    siang("init")

    written = (empty_folder / ".env").read_text(encoding="utf-8")

    rare = {"LINE_API_BASE", "SHEETS_API_BASE", "SHEETS_QUOTA_WINDOW_S"}
    assert [s.name for s in NAMES if f"{s.name}=" not in written] == sorted(rare, key=[s.name for s in NAMES].index)


def test_rounds_are_opened_listed_and_closed(office: dict[str, str]) -> None:
    assert siang("round", "close", "eit-2500-1", env=office).exit_code == 2
    opened = siang("round", "open", "eit", "--id", "later", "--from", "2600-02-01", "--to", "2600-03-01", env=office)
    assert (opened.exit_code, "Opened round later" in opened.output) == (0, True)
    twice = siang("round", "open", "eit", "--from", "2600-02-15", env=office)
    assert (twice.exit_code, "close it first" in twice.stderr) == (2, True)
    closed = siang("round", "close", "later", env=office)
    assert (closed.exit_code, "secret is destroyed" in closed.output) == (0, True)

    listed = siang("round", "list", env=office).output.splitlines()

    assert listed[0].split()[:3] == ["later", "closed", "2057-02-01"]
    assert len(listed) == 3


def test_an_unknown_instrument_or_agency_is_told_with_those_that_exist(office: dict[str, str]) -> None:
    unknown = siang("round", "open", "quiz", env=office)
    assert (unknown.exit_code, "eit-2570" in unknown.stderr) == (2, True)
    nobody = siang("round", "list", "--agency", "nobody", env=office)
    assert (nobody.exit_code, "known are main" in nobody.stderr) == (2, True)


def test_an_invitation_is_a_code_and_what_to_do_with_it(office: dict[str, str]) -> None:
    result = siang("officer", "invite", "--name", "ปลัดสมชาย", env=office)

    assert result.exit_code == 0
    [code] = [line.strip() for line in result.output.splitlines() if line.startswith("    ")]
    assert len(code) == 9
    assert "เทศบาลตำบลตัวอย่าง" in result.output
    assert siang("officer", "list", env=office).output == "No officers yet. Run: siang officer invite\n"
    assert siang("officer", "remove", "nobody", env=office).exit_code == 2
    assert siang("officer", "invite", "--department", "x", env=office).exit_code == 2


@pytest.mark.parametrize(
    ("content", "exit_code", "piece"),
    [
        ((INSTRUMENTS / "satisfaction-1.toml").read_bytes(), 0, "scored items: s1, s2, s3, s4"),
        ((INSTRUMENTS / "satisfaction-1.toml").read_bytes().replace(b"score = 25", b"score = 250"), 1, "s1"),
        (b"id = \n", 2, "cannot be read as TOML"),
        (b"\xff\xfe\x00", 2, "cannot be read as TOML"),
    ],
)
def test_a_file_of_questions_is_checked(empty_folder: Path, content: bytes, exit_code: int, piece: str) -> None:
    file = empty_folder / "mine.toml"
    file.write_bytes(content)

    result = siang("instrument", "check", "mine.toml")

    assert (result.exit_code, piece in result.output) == (exit_code, True)
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_is_two() -> None:
    assert siang("instrument", "check", "gone.toml").exit_code == 2


def test_service_points_get_links_and_codes_to_print(office: dict[str, str], empty_folder: Path) -> None:
    (empty_folder / "agency.toml").write_text('[[point]]\nid = "tax"\ntitle = "งานจัดเก็บรายได้"\n', encoding="utf-8")
    env = {**office, "AGENCY_FILE": "agency.toml"}

    assert siang("points", env=env).exit_code == 2  # LINE was never asked for the account's id
    result = siang("points", "--basic-id", "@abc", "--qr", "qr", env=env)

    assert result.exit_code == 0
    assert "https://line.me/R/oaMessage/%40abc/?%E0%B8%9B%E0%B8%A3%E0%B8%B0%E0%B9%80%E0%B8%A1%E0%B8%B4%E0%B8%99%20" in (
        result.output
    )
    assert sorted(file.name for file in (empty_folder / "qr").iterdir()) == ["tax.png", "tax.svg"]


def test_python_m_bot_is_the_same_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot", "round", "list"],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (2, "siang: There is no database var/siang.db yet. Run: siang migrate\n")
