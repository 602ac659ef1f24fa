"""The part of JSON Schema that constrained answers use: check a value, make a minimal one.

Known words: type, enum, const, anyOf, oneOf, $ref into $defs, properties, required,
additionalProperties: false, items, minItems, maxItems, minLength, maxLength, minimum, maximum.
Others are left to the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def misfit(value: Any, schema: Schema) -> str | None:
    """Why `value` does not fit `schema`, as `place: reason`; None if it fits."""
    return _misfit(value, schema, schema, "$")


def minimal(schema: Schema) -> Any:
    """The smallest value that fits `schema`; used where no answer is canned."""
    return _minimal(schema, schema)


def _resolve(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _types(schema: Schema) -> list[str]:
    given = schema.get("type")
    return given if isinstance(given, list) else [] if given is None else [given]


def _is_type(value: Any, name: str) -> bool:
    # True is an int for Python and not for JSON.
    if isinstance(value, bool) and name != "boolean":
        return False
    return isinstance(value, _TYPES[name])


def _misfit(value: Any, schema: Schema, root: Schema, place: str) -> str | None:
    schema = _resolve(schema, root)
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        reasons = [_misfit(value, choice, root, place) for choice in choices]
        return None if None in reasons else reasons[0]
    if "const" in schema and value != schema["const"]:
        return f"{place}: not the constant"
    if "enum" in schema and value not in schema["enum"]:
        return f"{place}: none of the allowed values"
    types = _types(schema)
    if types and not any(_is_type(value, name) for name in types):
        return f"{place}: not of type {' or '.join(types)}"
    if isinstance(value, dict):
        return _object_misfit(value, schema, root, place)
    if isinstance(value, list):
        return _array_misfit(value, schema, root, place)
    return _scalar_misfit(value, schema, place)


def _object_misfit(value: dict[str, Any], schema: Schema, root: Schema, place: str) -> str | None:
    for name in schema.get("required", ()):
        if name not in value:
            return f"{place}.{name}: missing"
    properties = schema.get("properties", {})
    for name, item in value.items():
        if name not in properties:
            if schema.get("additionalProperties") is False:
                return f"{place}.{name}: not allowed"
            continue
        reason = _misfit(item, properties[name], root, f"{place}.{name}")
        if reason:
            return reason
    return None


def _array_misfit(value: list[Any], schema: Schema, root: Schema, place: str) -> str | None:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        return f"{place}: {len(value)} items"
    for index, item in enumerate(value):
        reason = _misfit(item, schema.get("items", {}), root, f"{place}[{index}]")
        if reason:
            return reason
    return None


def _scalar_misfit(value: Any, schema: Schema, place: str) -> str | None:
    size, low, high = value, "minimum", "maximum"
    if isinstance(value, str):
        size, low, high = len(value), "minLength", "maxLength"
    elif value is None or isinstance(value, bool):
        return None
    if size < schema.get(low, size) or size > schema.get(high, size):
        return f"{place}: too short, too long or out of range"
    return None


def _minimal(schema: Schema, root: Schema) -> Any:
    schema = _resolve(schema, root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return _minimal(choices[0], root)
    kind = (_types(schema) or ["object"])[0]
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _minimal(properties[name], root) for name in schema.get("required", ())}
    if kind == "array":
        return [_minimal(schema.get("items", {}), root) for _ in range(schema.get("minItems", 0))]
    if kind == "string":
        return "x" * schema.get("minLength", 0)
    if kind in ("integer", "number"):
        return schema.get("minimum", min(0, schema.get("maximum", 0)))
    return False if kind == "boolean" else None
