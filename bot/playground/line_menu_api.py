"""The rich menu endpoints of the local LINE: create, picture, default, links to people, aliases."""

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, request

from bot.playground.line_api import answer, json_body
from bot.playground.line_menus import RichMenus, check_menu
from bot.playground.line_messages import RefusedError, errors

if TYPE_CHECKING:
    from bot.playground.line import LocalLine


def add_menus(api: Blueprint, line: "LocalLine") -> None:
    """Put the endpoints on ``api``."""
    _add_making(api, line)
    _add_showing(api, line)
    _add_bulk(api, line)
    _add_aliases(api)


def _menus() -> RichMenus:
    menus: RichMenus = g.channel.menus
    return menus


def _add_making(api: Blueprint, line: "LocalLine") -> None:
    @api.post("/v2/bot/richmenu")
    def create_menu() -> Response:
        return answer({"richMenuId": _menus().create(json_body())})

    @api.post("/v2/bot/richmenu/validate")
    def validate_menu() -> Response:
        if found := check_menu(json_body()):
            raise errors(found)
        return answer({})

    @api.get("/v2/bot/richmenu/list")
    def list_menus() -> Response:
        return answer({"richmenus": [{"richMenuId": key, **menu} for key, menu in _menus().menus.items()]})

    @api.get("/v2/bot/richmenu/<menu_id>")
    def get_menu(menu_id: str) -> Response:
        return answer({"richMenuId": menu_id, **_menus().known(menu_id)})

    @api.delete("/v2/bot/richmenu/<menu_id>")
    def delete_menu(menu_id: str) -> Response:
        _menus().delete(menu_id)
        line.world.touch_all(g.channel)
        return answer({})

    @api.post("/v2/bot/richmenu/<menu_id>/content")
    def upload_picture(menu_id: str) -> Response:
        _menus().upload(menu_id, request.get_data(), request.content_type or "")
        return answer({})

    @api.get("/v2/bot/richmenu/<menu_id>/content")
    def get_picture(menu_id: str) -> Response:
        if menu_id not in _menus().images:
            raise RefusedError(404, "Not found")
        image, content_type = _menus().images[menu_id]
        return Response(image, content_type=content_type)


def _add_showing(api: Blueprint, line: "LocalLine") -> None:
    @api.get("/v2/bot/user/all/richmenu")
    def get_default() -> Response:
        return answer({"richMenuId": _found(_menus().default)})

    @api.post("/v2/bot/user/all/richmenu/<menu_id>")
    def set_default(menu_id: str) -> Response:
        _menus().default = _menus().showable(menu_id)
        line.world.touch_all(g.channel)
        return answer({})

    @api.delete("/v2/bot/user/all/richmenu")
    def clear_default() -> Response:
        _menus().default = None
        line.world.touch_all(g.channel)
        return answer({})

    @api.get("/v2/bot/user/<user_id>/richmenu")
    def get_link(user_id: str) -> Response:
        return answer({"richMenuId": _found(_menus().links.get(user_id))})

    @api.post("/v2/bot/user/<user_id>/richmenu/<menu_id>")
    def link(user_id: str, menu_id: str) -> Response:
        _menus().links[user_id] = _menus().showable(menu_id)
        line.world.touch(g.channel, user_id)
        return answer({})

    @api.delete("/v2/bot/user/<user_id>/richmenu")
    def unlink(user_id: str) -> Response:
        _menus().links.pop(user_id, None)
        line.world.touch(g.channel, user_id)
        return answer({})


def _add_bulk(api: Blueprint, line: "LocalLine") -> None:
    @api.post("/v2/bot/richmenu/bulk/link")
    def link_many() -> Response:
        body = json_body()
        menu_id = _menus().showable(str(body.get("richMenuId")))
        _menus().links.update(dict.fromkeys(body.get("userIds") or (), menu_id))
        line.world.touch_all(g.channel)
        return answer({}, 202)

    @api.post("/v2/bot/richmenu/bulk/unlink")
    def unlink_many() -> Response:
        for user_id in json_body().get("userIds") or ():
            _menus().links.pop(user_id, None)
        line.world.touch_all(g.channel)
        return answer({}, 202)


def _add_aliases(api: Blueprint) -> None:
    @api.post("/v2/bot/richmenu/alias")
    def create_alias() -> Response:
        body = json_body()
        _menus().name(body.get("richMenuAliasId"), body.get("richMenuId"), new=True)
        return answer({})

    @api.get("/v2/bot/richmenu/alias/list")
    def list_aliases() -> Response:
        found = [{"richMenuAliasId": alias, "richMenuId": menu} for alias, menu in _menus().aliases.items()]
        return answer({"aliases": found})

    @api.get("/v2/bot/richmenu/alias/<alias>")
    def get_alias(alias: str) -> Response:
        return answer({"richMenuAliasId": alias, "richMenuId": _found(_menus().aliases.get(alias))})

    @api.post("/v2/bot/richmenu/alias/<alias>")
    def change_alias(alias: str) -> Response:
        _menus().name(alias, json_body().get("richMenuId"), new=False)
        return answer({})

    @api.delete("/v2/bot/richmenu/alias/<alias>")
    def delete_alias(alias: str) -> Response:
        _found(_menus().aliases.pop(alias, None))
        return answer({})


def _found(value: str | None) -> str:
    if value is None:
        raise RefusedError(404, "Not found")
    return value
