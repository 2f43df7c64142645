"""LINE's own OpenAPI files as a judge: ``check("FlexMessage", message)`` fails with every fault it finds.

The files are read from ../shared/line-openapi (skip when absent). Their polymorphic bases (Message, Action, Event ...)
carry only a ``discriminator``, which JSON Schema ignores; here each becomes "if type is x then it must be an X", and
objects refuse properties that are not described, so a misspelt name is found as well.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

FOLDER = Path(__file__).parents[2] / "shared" / "line-openapi"
Schema = dict[str, Any]


def check(schema_name: str, value: Any, spec: str = "messaging-api") -> None:
    """Assert that ``value`` is a ``schema_name`` of ``spec`` ("messaging-api" or "webhook"); skip without the files."""
    faults = faults_of(schema_name, value, spec)
    assert not faults, f"{schema_name}: " + "; ".join(faults)


def faults_of(schema_name: str, value: Any, spec: str = "messaging-api") -> list[str]:
    """["/contents/body: 'layout' is a required property", ...]"""
    if not (FOLDER / f"{spec}.yml").exists():
        pytest.skip(f"{FOLDER} is not here")
    errors = _validator(schema_name, spec).iter_errors(json.loads(json.dumps(value)))
    return [f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in errors]


@cache
def _validator(schema_name: str, spec: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{schema_name}", "components": {"schemas": _all(spec)}})


@cache
def _all(spec: str) -> Schema:
    schemas: Schema = yaml.safe_load((FOLDER / f"{spec}.yml").read_text("utf-8"))["components"]["schemas"]
    bases = {name for name, schema in schemas.items() if schema.get("discriminator", {}).get("mapping")}
    parents = {
        part["$ref"].rsplit("/", 1)[1]
        for schema in schemas.values()
        for part in schema.get("allOf", [])
        if "$ref" in part
    }
    for name, schema in list(schemas.items()):
        schema = _repoint(schema, bases)
        if name in bases:
            mapping = schema.pop("discriminator")["mapping"]
            schemas[f"{name}__own"] = schema
            schemas[name] = _either(name, mapping)
        else:
            schemas[name] = schema
            if name not in parents and ("properties" in schema or "allOf" in schema):
                schema["unevaluatedProperties"] = False
    return schemas


def _either(name: str, mapping: dict[str, str]) -> Schema:
    """The base as a choice: its own properties, a known type, and what that type asks for."""
    cases = [
        {"if": {"properties": {"type": {"const": kind}}, "required": ["type"]}, "then": {"$ref": reference}}
        for kind, reference in mapping.items()
    ]
    known = {"properties": {"type": {"enum": list(mapping)}}, "required": ["type"]}
    return {"allOf": [{"$ref": f"#/components/schemas/{name}__own"}, known, *cases]}


def _repoint(schema: Schema, bases: set[str]) -> Schema:
    """In ``allOf`` a base means only its own properties, else a subtype would ask for itself for ever."""
    parts = [
        {"$ref": f"{part['$ref']}__own"} if part.get("$ref", "").rsplit("/", 1)[-1] in bases else part
        for part in schema.get("allOf", [])
    ]
    return {**schema, "allOf": parts} if parts else dict(schema)
