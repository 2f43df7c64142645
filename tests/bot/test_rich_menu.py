"""The rich menu: taken by LINE, drawn as its tiles say, in place of the earlier one, and each tile does its work."""

import re
import struct
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from bot import postback, rich_menu
from bot.cli import cli
from bot.line import LineClient, LineError
from bot.playground.line import LocalLine
from bot.playground.line_app import running_line
from survey import library
from survey.events import Do
from survey.settings import Agency, Settings
from survey.settings_names import NAMES
from tests.bot.deployment import Deployment, deployed
from tests.line_openapi import check


@pytest.fixture
def line(agency: Agency) -> Iterator[LocalLine]:
    with running_line(agency.channel_secret, agency.channel_access_token) as line:
        yield line


@pytest.fixture
def client(line: LocalLine) -> LineClient:
    return LineClient(line.url)


def shown_name(line: LocalLine) -> str | None:
    """The name of the menu that everybody sees."""
    shown = line.channel.menus.default
    return None if shown is None else str(line.channel.menus.menus[shown]["name"])


def test_line_and_its_schema_take_the_menu() -> None:
    menu = rich_menu.menu()

    check("RichMenuRequest", menu)
    assert menu["chatBarText"] == "เมนู"
    assert [postback.decode(area["action"]["data"]) for area in menu["areas"]] == [
        Do(command) for command in ("rate", "survey", "report", "track", "call", "help")
    ]
    assert "displayText" not in str(menu)


def test_the_tiles_cover_the_picture_without_overlap() -> None:
    bounds = [area["bounds"] for area in rich_menu.menu()["areas"]]

    assert sum(b["width"] * b["height"] for b in bounds) == rich_menu.WIDTH * rich_menu.HEIGHT
    assert {(b["x"] + b["width"], b["y"] + b["height"]) for b in bounds} >= {(2500, 1686), (833, 843), (1667, 1686)}
    assert len({(b["x"], b["y"]) for b in bounds}) == 6


def test_the_picture_is_what_line_asks_for() -> None:
    picture = rich_menu.PICTURE.read_bytes()

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (2500, 1686)
    assert len(picture) < 1024 * 1024


def test_the_words_drawn_are_the_words_of_the_menu() -> None:
    texts = library.load().words("th")
    drawn = rich_menu.PICTURE.with_suffix(".html").read_text("utf-8")
    tiles = re.findall(r"<b>(.+?)</b>(?:<small>(.+?)</small>)?", drawn)

    labels = [f"{label.replace('<br>', '')} {minutes}".strip() for label, minutes in tiles]

    assert labels == [texts(f"menu_{command}") for _, command in rich_menu.TILES]
    assert [label.split(" (")[0] for label in labels] == [label for label, _ in rich_menu.TILES]


def test_everybody_sees_the_menu_and_an_earlier_one_of_ours_is_gone(
    line: LocalLine, client: LineClient, agency: Agency
) -> None:
    by_hand = line.channel.menus.create({**rich_menu.menu(), "name": "made by hand"})
    first = rich_menu.install(client, agency)

    second = rich_menu.install(client, agency)

    assert first != second
    assert list(line.channel.menus.menus) == [by_hand, second]
    assert line.channel.menus.shown_to("U1") == second
    assert line.channel.menus.images[second][0] == rich_menu.PICTURE.read_bytes()


@pytest.mark.parametrize("endpoint", ["validate", "content", "richmenu"])
def test_when_line_fails_the_earlier_menu_stays_and_no_half_one_is_left(
    line: LocalLine, client: LineClient, agency: Agency, endpoint: str
) -> None:
    before = rich_menu.install(client, agency)
    line.faults.fail(500, endpoint)

    with pytest.raises(LineError):
        rich_menu.install(client, agency)

    assert list(line.channel.menus.menus) == [before]
    assert line.channel.menus.default == before


def test_each_tile_is_answered(settings_factory: Callable[..., Settings], sqlite_url: str) -> None:
    with deployed(settings_factory(), sqlite_url) as bot:
        heard = [_answer(bot, area["action"]["data"]) for area in rich_menu.menu()["areas"]]

    assert "จุดใด" in heard[0]
    assert "แบบสอบถามความเห็น" in heard[1]
    assert "191" in heard[2]
    assert "ยังไม่มีเรื่อง" in heard[3]
    assert "042-000-111" in heard[4]
    assert "วิธีใช้" in heard[5]


def _answer(bot: Deployment, tile: str) -> str:
    """What the first bubble says to it."""
    before = len(bot.line.inbox("ก"))
    bot.line.tap("ก", tile)
    return str(bot.line.wait("ก", before + 1)[before]["altText"])


@pytest.fixture
def siang(
    line: LocalLine, agency: Agency, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """The command in a folder of its own, its settings leading to the local LINE."""
    for setting in NAMES:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("office"))
    env = {
        "LINE_CHANNEL_SECRET": agency.channel_secret,
        "LINE_CHANNEL_ACCESS_TOKEN": agency.channel_access_token,
        "LINE_API_BASE": line.url,
        "AGENCY_NAME": agency.name,
    }
    return lambda *arguments, **more: CliRunner().invoke(cli, arguments, prog_name="siang", env={**env, **more})


def test_the_command_puts_the_menu_there_and_takes_it_off(line: LocalLine, siang: Callable[..., Result]) -> None:
    put = siang("menu")
    assert (put.exit_code, shown_name(line)) == (0, rich_menu.NAME)
    assert "shows the menu now" in put.output

    off = siang("menu", "--remove")
    assert (off.exit_code, shown_name(line)) == (0, None)
    assert siang("menu", "--remove").output == "There was no menu of ours.\n"


def test_the_command_says_what_to_mend(siang: Callable[..., Result]) -> None:
    wrong = siang("menu", LINE_CHANNEL_ACCESS_TOKEN="expired-token")
    nobody = siang("menu", "--agency", "nowhere")

    assert (wrong.exit_code, wrong.output.strip()) == (
        1,
        "siang: LINE does not know the access token. Check LINE_CHANNEL_ACCESS_TOKEN.",
    )
    assert nobody.exit_code == 2
    assert "known are main" in nobody.output
