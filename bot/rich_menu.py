"""The rich menu for residents: six tiles under the chat, put on a channel through LINE's API.

It stays folded until the chat bar is tapped. Open it would cover half of every question each time somebody comes back
to the chat; the greeting shows the same choices as a bubble. A rich menu is never changed at LINE, only replaced: ours
are known by their name, and others that the office made by hand are left alone.
"""

from pathlib import Path
from typing import Any

from bot import postback
from bot.line import LineClient, LineError
from survey.events import Do
from survey.settings import Agency

NAME = "siang: residents"
PICTURE = Path(__file__).parents[1] / "templates" / "line" / "menu.png"  # drawn from menu.html beside it
WIDTH, HEIGHT = 2500, 1686
COLUMNS, ROWS = (0, 833, 1667, WIDTH), (0, 843, HEIGHT)
TILES = (
    ("ติชมบริการวันนี้", "rate"),
    ("แบบสอบถามประจำปี", "survey"),
    ("แจ้งเรื่อง", "report"),
    ("ติดตามเรื่อง", "track"),
    ("โทรหาเจ้าหน้าที่", "call"),
    ("ช่วยเหลือ", "help"),
)


def menu() -> dict[str, Any]:
    """The menu as LINE takes it: 3 columns, 2 rows. No ``displayText``, as on every button of ours."""
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": False,
        "name": NAME,
        "chatBarText": "เมนู",
        "areas": [_area(place, *tile) for place, tile in enumerate(TILES)],
    }


def install(line: LineClient, agency: Agency) -> str:
    """Show the menu to everybody on the agency's channel in place of our earlier one; its id. Raises LineError."""
    wanted = menu()
    line.post(agency, "/v2/bot/richmenu/validate", wanted)
    before = _ours(line, agency)
    menu_id = str(line.post(agency, "/v2/bot/richmenu", wanted)["richMenuId"])
    try:
        line.upload(agency, f"/v2/bot/richmenu/{menu_id}/content", PICTURE.read_bytes(), "image/png")
        line.post(agency, f"/v2/bot/user/all/richmenu/{menu_id}")
    except LineError:
        line.delete(agency, f"/v2/bot/richmenu/{menu_id}")
        raise
    _delete(line, agency, before)
    return menu_id


def remove(line: LineClient, agency: Agency) -> int:
    """Take our menus off the agency's channel; how many there were. Raises LineError."""
    ours = _ours(line, agency)
    _delete(line, agency, ours)
    return len(ours)


def _area(place: int, label: str, command: str) -> dict[str, Any]:
    column, row = place % 3, place // 3
    x, y = COLUMNS[column], ROWS[row]
    action = {"type": "postback", "label": label, "data": postback.encode(Do(command)), "inputOption": "closeRichMenu"}
    return {
        "bounds": {"x": x, "y": y, "width": COLUMNS[column + 1] - x, "height": ROWS[row + 1] - y},
        "action": action,
    }


def _ours(line: LineClient, agency: Agency) -> list[str]:
    menus = line.get(agency, "/v2/bot/richmenu/list").get("richmenus", [])
    return [known["richMenuId"] for known in menus if known.get("name") == NAME]


def _delete(line: LineClient, agency: Agency, menu_ids: list[str]) -> None:
    for menu_id in menu_ids:
        line.delete(agency, f"/v2/bot/richmenu/{menu_id}")
