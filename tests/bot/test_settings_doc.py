"""The settings page says what the program does: every name, its default, its meaning; every key of the office file."""

import re
import tomllib
from pathlib import Path

from survey import rules_file, settings_load, settings_office
from survey.settings_names import NAMES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_table_names_every_setting_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| (?:`(.+?)`)? ?\| (.+) \|$", PAGE, re.MULTILINE)

    assert rows == [(setting.name, setting.default, setting.meaning) for setting in NAMES]


def test_every_key_of_the_office_file_is_on_the_page() -> None:
    keys = {"name", "phone", "hours", "address", "service_users"}
    keys |= {key for table in settings_office.TABLES.values() for key in table}

    assert [key for key in sorted(keys) if f"`{key}" not in PAGE] == []
    assert [name for name in settings_office.TABLES if f"[{name}]" not in PAGE] == []


def test_every_key_of_the_complaint_rules_is_on_the_page_with_what_is_usual() -> None:
    usual, table = rules_file.default(), tomllib.loads(rules_file.DEFAULT.read_text(encoding="utf-8"))
    section = PAGE.split("## Complaint rules")[1].split("\n## ")[0]
    keys = {*rules_file._NUMBERS, *rules_file._OTHERS, *(key for category in table["category"] for key in category)}

    assert [key for key in sorted(keys) if f"`{key}`" not in section and f"[{key}]" not in section] == []
    for name in rules_file._NUMBERS:
        assert f"| `{name}` | `{getattr(usual, name)}` |" in section


def test_the_office_file_that_init_writes_is_one_the_program_takes() -> None:
    environ = {
        "LINE_CHANNEL_SECRET": "s",
        "LINE_CHANNEL_ACCESS_TOKEN": "t",
        "SECRET_KEY": "sixteen or more characters",
        "AGENCY_FILE": "agency.toml",
    }

    office = settings_load.load(environ=environ, folder=ROOT / "templates").default_agency.office

    owned = sorted(code for department in office.departments for code in department.owns)
    assert owned == [f"e{number}" for number in range(1, 10)]
    assert {point.kind for point in office.points} == {"counter", "project", "online"}
