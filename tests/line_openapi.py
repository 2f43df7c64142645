"""LINE's own OpenAPI files as a judge: ``check("FlexMessage", message)`` fails with every fault it finds.

The files are read from ../shared/line-openapi (skip when absent). Their polymorphic bases (Message, Action, Event ...)
carry only a ``discriminator``, which JSON Schema ignores; here each becomes "its type says which it must be", and
objects refuse properties that are not described, so a misspelt name is found as well.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

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
def _validator(schema_name: str, spec: str) -> Any:
    judge = extend(Draft202012Validator, {"either": _either})  # type: ignore[no-untyped-call]
    return judge({"$ref": f"#/components/schemas/{schema_name}", "components": {"schemas": _all(spec)}})


@cache
def _all(spec: str) -> Schema:
    described: Schema = yaml.safe_load((FOLDER / f"{spec}.yml").read_text("utf-8"))["components"]["schemas"]
    schemas = {}
    for name in described:
        whole = _whole(described, name)
        mapping = described[name].get("discriminator", {}).get("mapping")
        if mapping:
            schemas[name] = {"either": mapping}
        else:
            schemas[name] = whole | ({"additionalProperties": False} if "properties" in whole else {})
    return schemas


def _whole(described: Schema, name: str) -> Schema:
    """A schema with everything it inherits, in one piece (``unevaluatedProperties`` would do, 100 times slower)."""
    own = described[name]
    whole = {key: value for key, value in own.items() if key not in ("allOf", "discriminator")}
    for part in own.get("allOf", []):
        inherited = _whole(described, part["$ref"].rsplit("/", 1)[1]) if "$ref" in part else part
        whole["properties"] = inherited.get("properties", {}) | whole.get("properties", {})
        whole["required"] = [*inherited.get("required", []), *whole.get("required", [])]
    return whole


def _either(judge: Any, mapping: dict[str, str], value: Any, _: Schema) -> Iterator[ValidationError]:
    """The base as a choice: a known type, and what that type asks for."""
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in mapping:
        yield ValidationError(f"{kind!r} is not one of {list(mapping)}")
        return
    yield from judge.descend(value, {"$ref": mapping[kind]})
