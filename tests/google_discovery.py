"""Google's own description of the Sheets API as a judge of requests and answers.

``google-api-python-client`` ships ``sheets.v4.json``. Its schemas become JSON Schema with unknown properties refused,
so a misspelt field fails here instead of being ignored (or refused) by Google:

    check_request("POST /v4/spreadsheets/abc:batchUpdate", body)      # or the method's id: "spreadsheets.batchUpdate"
    check_response("spreadsheets.batchUpdate", answer)
    check("CellData", {"userEnteredValue": {"stringValue": "ก"}})

A failure is a ``GoogleWouldRefuse`` that says where and what.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
from jsonschema import Draft202012Validator

ONE_OF = {"Request": (1, 1), "Response": (0, 1), "ExtendedValue": (0, 1), "DataFilter": (1, 1)}  # unions, by hand


class GoogleWouldRefuse(AssertionError):  # noqa: N818 - reads as what it says
    """A request or an answer that does not fit Google's description."""


def check(schema_name: str, value: Any) -> None:
    """``value`` must be a ``schema_name`` of the discovery document, e.g. ``"ValueRange"``."""
    error = next(iter(sorted(_validator(schema_name).iter_errors(value), key=lambda e: len(e.path))), None)
    if error is not None:
        raise GoogleWouldRefuse(f"{schema_name}: {error.json_path}: {error.message[:500]}")


def check_request(method_path: str, body: Any = None, params: Mapping[str, Any] | None = None) -> None:
    """A request's body and query parameters. ``method_path``: a method id, or verb and path as on the wire."""
    method = find_method(method_path)
    if "request" in method:
        check(method["request"]["$ref"], _without_nulls(body or {}))
    elif body:
        raise GoogleWouldRefuse(f"{method['id']} takes no body")
    known = {name for name, each in method["parameters"].items() if each["location"] == "query"}
    if unknown := set(params or {}) - known - set(document()["parameters"]):
        raise GoogleWouldRefuse(f"{method['id']} has no query parameter {sorted(unknown)}")
    for name, given in (params or {}).items():
        allowed = method["parameters"].get(name, {}).get("enum")
        for one in given if isinstance(given, list) else [given]:
            if allowed and one is not None and str(one) not in allowed:
                raise GoogleWouldRefuse(f"{method['id']}: {name}={one} is none of {allowed}")


def _without_nulls(value: Any) -> Any:
    """In Google's JSON a null member is one that was not given; gspread sends some. Nulls in lists stay."""
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def check_response(method_path: str, answer: Any) -> None:
    check(find_method(method_path)["response"]["$ref"], answer)


def find_method(method_path: str) -> dict[str, Any]:
    """The discovery entry of ``"spreadsheets.values.get"`` or ``"GET /v4/spreadsheets/x/values/A1"``."""
    verb, _, path = method_path.partition(" ")
    for name, method in methods().items():
        if method_path in (name, f"sheets.{name}"):
            return method
        if verb == method["httpMethod"] and _path_pattern(method["flatPath"]).fullmatch(path):
            return method
    raise GoogleWouldRefuse(f"the Sheets API has no {method_path}")


@cache
def document() -> dict[str, Any]:
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    loaded: dict[str, Any] = json.loads((folder / "sheets.v4.json").read_text(encoding="utf-8"))
    return loaded


@cache
def methods() -> dict[str, dict[str, Any]]:
    """Method id without the leading ``sheets.`` -> its entry; longer paths first, so that ``:append`` is no range."""
    found: dict[str, dict[str, Any]] = {}

    def walk(resources: dict[str, Any]) -> None:
        for resource in resources.values():
            for method in resource.get("methods", {}).values():
                found[method["id"].removeprefix("sheets.")] = method
            walk(resource.get("resources", {}))

    walk(document()["resources"])
    return dict(sorted(found.items(), key=lambda item: (-item[1]["flatPath"].count(":"), -len(item[1]["flatPath"]))))


@cache
def _validator(schema_name: str) -> Draft202012Validator:
    if schema_name not in document()["schemas"]:
        raise GoogleWouldRefuse(f"the Sheets API has no schema {schema_name}")
    return Draft202012Validator({"$ref": f"#/$defs/{schema_name}", "$defs": _definitions()})


@cache
def _definitions() -> dict[str, Any]:
    return {name: _json_schema(schema, name) for name, schema in document()["schemas"].items()}


def _json_schema(schema: dict[str, Any], name: str = "") -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kind = schema.get("type")
    if kind == "any":
        return {}
    if kind == "array":
        return {"type": "array", "items": _json_schema(schema["items"])}
    if kind == "object":
        return _object(schema, name)
    if "enum" in schema:
        return {"enum": schema["enum"]}
    if schema.get("format") == "int32":
        return {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
    return {"type": kind}


def _object(schema: dict[str, Any], name: str) -> dict[str, Any]:
    more = schema.get("additionalProperties")
    converted: dict[str, Any] = {
        "type": "object",
        "properties": {key: _json_schema(each) for key, each in schema.get("properties", {}).items()},
        "additionalProperties": _json_schema(more) if more else False,
    }
    if name in ONE_OF:
        converted["minProperties"], converted["maxProperties"] = ONE_OF[name]
    return converted


@cache
def _path_pattern(flat_path: str) -> re.Pattern[str]:
    """The path as on the wire; an id holds no slash or colon, a range may hold anything."""
    pattern = re.escape("/" + flat_path).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(re.sub(r"{(\w+)}", lambda m: ".+" if m[1] == "range" else "[^/:]+", pattern), re.DOTALL)
