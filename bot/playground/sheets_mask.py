"""Google field masks: ``sheets.properties,sheets(data.rowData)``, also with slashes, ``*`` for everything.

A parsed mask is a tree of dictionaries; an empty dictionary means "this and all below it".
"""

import re
from typing import Any

from bot.playground.sheets_errors import invalid

Mask = dict[str, Any]
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[*(),]|[./]")


def parse_mask(text: str) -> Mask:
    """Raises ``ApiError`` 400 for an empty or broken mask."""
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != re.sub(r"\s", "", text):
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    mask: Mask = {}
    rest = _paths(tokens, mask)
    if rest:
        raise invalid(f"Error expanding 'fields' parameter: unexpected '{rest[0]}'")
    return {} if "*" in mask else mask


def select(value: Any, mask: Mask) -> Any:
    """The part of an answer that the mask asks for."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: select(value[key], below) for key, below in mask.items() if key in value}


def assign(old: dict[str, Any], new: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """``old`` with the masked fields taken from ``new``; a masked field that ``new`` lacks is cleared."""
    result = dict(old)
    for key, below in mask.items():
        if below and isinstance(old.get(key, {}), dict) and isinstance(new.get(key, {}), dict):
            result[key] = assign(old.get(key) or {}, new.get(key) or {}, below)
            if not result[key]:
                del result[key]
        elif key in new:
            result[key] = new[key]
        else:
            result.pop(key, None)
    return result


def _paths(tokens: list[str], into: Mask) -> list[str]:
    """Read comma-separated paths into ``into`` until ")" or the end; return the tokens not read."""
    while tokens and tokens[0] != ")":
        node = into
        while tokens and tokens[0] not in (",", ")"):
            token, *tokens = tokens
            if token == "(":  # noqa: S105 - a bracket, no password
                tokens = _paths(tokens, node)
                if not tokens:
                    raise invalid("Error expanding 'fields' parameter: a bracket is not closed")
                tokens = tokens[1:]
            elif token not in (".", "/"):
                node = node.setdefault(token, {})
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
    return tokens
