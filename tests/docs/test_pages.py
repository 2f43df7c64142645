"""What the pages tell a reader to run, open or copy works: commands, make targets, links, pictures, examples."""

import re
import tomllib
from pathlib import Path

import click
import pytest

from bot.cli import cli
from survey import library, settings_load
from tests.docs.pages import PAGES, ROOT, anchors, blocks, links, make_words, name, read, siang_arguments

PICTURES = sorted((ROOT / "docs" / "pictures").glob("*"))
EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=name)
MOST_BYTES = 250_000


def fault(arguments: list[str]) -> str:
    """What click would say to these arguments; empty when it would run them. Nothing is run, no file is looked for."""
    command: click.Command = cli
    context = click.Context(command, info_name="siang")
    try:
        while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
            found_name, found, arguments = command.resolve_command(context, arguments)
            assert found is not None
            command = found
            context = click.Context(command, parent=context, info_name=found_name)
        options, left, _ = command.make_parser(context).parse_args(args=list(arguments))
        for parameter in command.get_params(context):
            given = options.get(parameter.name or "")
            if isinstance(given, str) and not isinstance(parameter.type, click.Path):
                parameter.type_cast_value(context, given)
    except click.UsageError as exc:
        return exc.format_message()
    return f"too much: {left}" if left else ""


@EACH_PAGE
def test_every_siang_command_on_a_page_is_one_that_siang_takes(page: Path) -> None:
    wrong = {" ".join(words): said for words in siang_arguments(read(page)) if (said := fault(words))}

    assert not wrong


def test_the_pages_show_many_commands_and_a_wrong_one_is_noticed() -> None:
    shown = [words for page in PAGES for words in siang_arguments(read(page))]

    assert len(shown) > 60
    assert siang_arguments("```sh\ncd x && sudo -u me /opt/siang/.venv/bin/siang web --port 1 # why\n```") == [
        ["web", "--port", "1"]
    ]
    assert fault(["wbe"]).startswith("No such command")
    assert fault(["web", "--prot", "1"]).startswith("No such option")
    assert "king" in fault(["officer", "invite", "--role", "king"])
    assert fault(["officer", "invite", "--role", "admin"]) == ""


@EACH_PAGE
def test_every_make_target_and_variable_on_a_page_is_in_the_makefile(page: Path) -> None:
    makefile = read(ROOT / "Makefile")
    targets = set(re.findall(r"^([\w./-]+):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^(?:export )?([A-Z]+) [?:]?=", makefile, re.MULTILINE))
    words = [word for line in make_words(read(page)) for word in line]

    assert [w for w in words if "=" not in w and w not in targets] == []
    assert [w for w in words if "=" in w and w.split("=")[0] not in variables] == []


@EACH_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for link in links(read(page)):
        place, _, anchor = link.partition("#")
        if place.startswith("https://"):
            continue
        target = (page.parent / place).resolve() if place else page
        known = anchors(read(target)) if anchor and target.suffix == ".md" and target.exists() else {anchor}
        if not target.exists() or anchor not in known:
            lost.append(link)

    assert lost == []


def test_every_page_of_the_documentation_is_reached_from_the_readme() -> None:
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        near = [(page.parent / link.partition("#")[0]).resolve() for link in links(read(page))]
        found = [inside for place in near for inside in (sorted(place.glob("*.md")) if place.is_dir() else [place])]
        ahead += [place for place in found if place.suffix == ".md" and place not in reached and place.exists()]

    assert [name(page) for page in PAGES if page not in reached and page.name != "CHANGELOG.md"] == []


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_small_is_shown_and_can_be_taken_again(picture: Path) -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(read(page)) if link.endswith(".png")}

    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size < MOST_BYTES
    assert picture in shown
    assert f'"{picture.stem}"' in read(ROOT / "docs" / "take_pictures.py")


@pytest.mark.parametrize("page", [page for page in PAGES if "```toml" in read(page)], ids=name)
def test_every_toml_example_can_be_read(page: Path) -> None:
    assert all(tomllib.loads(block.text) for block in blocks(read(page)) if block.language == "toml")


def test_the_example_of_an_instrument_is_one_that_the_program_takes(tmp_path: Path) -> None:
    [example] = [b.text for b in blocks(read(ROOT / "docs" / "instruments.md")) if b.language == "toml"]
    file = tmp_path / "example.toml"
    file.write_text(example, encoding="utf-8")

    found = library.check_file(file)

    assert [question.id for question in found.items] == ["s1"]


def test_the_example_of_several_agencies_is_one_that_the_program_takes(tmp_path: Path) -> None:
    [example] = [b.text for b in blocks(read(ROOT / "docs" / "settings.md")) if b.language == "toml"]
    (tmp_path / "agencies.toml").write_text(example, encoding="utf-8")
    (tmp_path / "nong.toml").write_text('phone = "042-000-111"\n', encoding="utf-8")

    settings = settings_load.load(frozenset(), environ={"AGENCIES_FILE": "agencies.toml"}, folder=tmp_path)

    assert [agency.id for agency in settings.agencies] == ["dong", "nong"]
    assert settings.agencies[1].office.phone == "042-000-111"
