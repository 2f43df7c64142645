"""The README's tables say what the program says of itself, and its two commands are the ones that are run."""

import re

from bot.cli import COMMANDS
from survey.settings_names import NAMES
from tests.docs.pages import ROOT, make_words, read, table

README = read(ROOT / "README.md")
MAKEFILE = read(ROOT / "Makefile")


def test_every_setting_is_in_the_table_and_no_other() -> None:
    rows = table(README, "| name | default | meaning |")

    assert rows == [[f"`{s.name}`", f"`{s.default}`" if s.default else "", s.meaning] for s in NAMES]


def test_every_command_is_in_the_table_and_no_other() -> None:
    rows = table(README, "| command | what it does |")

    assert rows == [[f"`siang {name}`", what] for name, what in COMMANDS.items()]


def test_the_two_commands_are_real_and_continuous_integration_runs_the_suite_by_the_same() -> None:
    section = README.split("## Two commands", 1)[1].split("\n## ", 1)[0]
    commands = [words[0] for words in make_words(section)]

    assert commands[:2] == ["demo", "test"]
    assert re.search(r"^make test$", read(ROOT / ".ci" / "run"), re.MULTILINE)
    assert {"demo", "test"} <= set(re.findall(r"^([\w-]+):", MAKEFILE, re.MULTILINE))


def test_the_map_names_rooms_that_exist() -> None:
    section = README.split("## Map of the code", 1)[1].split("```", 2)[1]
    rooms = re.findall(r"(?:^| )([a-z_]+(?:/[a-z_]+)*/)", section, re.MULTILINE)

    assert {"bot/", "survey/", "analysis/", "templates/", "migrations/", "tests/", "bench/", "docs/"} <= set(rooms)
    assert [room for room in rooms if not (ROOT / room).is_dir()] == []


def test_it_says_early_that_this_is_not_the_official_ita() -> None:
    assert "not the official ITA" in README.split("## ", 1)[0]


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "\n## Unreleased\n" in read(ROOT / "CHANGELOG.md")
