"""Reading the JSON schema of a tool's arguments: in words, and as types."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Union

from ..records.json_types import JsonObject, JsonValue

_PLAIN: Mapping[str, object] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "object": dict[str, Any],
    "null": None,
}


def as_object(value: JsonValue) -> JsonObject:
    """Return a value that is an object, and an empty one for any other."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: JsonValue) -> list[JsonValue]:
    """Return a value that is a list, and an empty one for any other."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return list(value)


def describe_parameters(schema: JsonObject) -> str:
    """Return the parameters of a JSON schema in words, on one line.

    >>> describe_parameters({"properties": {"limit": {"type": "integer"}}, "required": ["limit"]})
    'limit (integer, required)'
    """
    required = as_list(schema.get("required"))
    named = as_object(schema.get("$defs"))
    parts = [
        f"{name} ({_describe(as_object(part), named)}{', required' if name in required else ''})"
        for name, part in as_object(schema.get("properties")).items()
    ]
    return ", ".join(parts) or "no arguments"


def type_of(schema: JsonObject) -> object:
    """Return the type that a JSON schema describes, as an annotation.

    Told apart are plain types, enumerations, and unions and lists of these. A reference, a
    pattern or a bound is left to the tool itself, and so is what an object holds.
    """
    choices = _choices(schema)
    if choices and all(isinstance(choice, str | int | None) for choice in choices):
        return Literal[tuple(choices)]
    options = _options(schema)
    if options:
        return Union[tuple(type_of(option) for option in options)]  # noqa: UP007 (built here)
    if schema.get("type") == "array":
        return list.__class_getitem__(type_of(as_object(schema.get("items"))))
    named = schema.get("type")
    return _PLAIN.get(named, Any) if isinstance(named, str) else Any


def _describe(schema: JsonObject, named: JsonObject) -> str:
    reference = schema.get("$ref")
    if isinstance(reference, str):  # told without its parts: a type may hold itself
        target = as_object(named.get(reference.rsplit("/", 1)[-1]))
        return _describe({key: target[key] for key in ("enum", "type") if key in target}, {})
    choices = _choices(schema)
    if choices:
        return "one of " + ", ".join(repr(choice) for choice in choices)
    options = _options(schema)
    if options:
        return " or ".join(_describe(option, named) for option in options)
    if schema.get("type") == "array":
        return f"array of {_describe(as_object(schema.get('items')), named)}"
    plain = schema.get("type")
    return plain if isinstance(plain, str) else "anything"


def _choices(schema: JsonObject) -> list[JsonValue]:
    return [schema["const"]] if "const" in schema else as_list(schema.get("enum"))


def _options(schema: JsonObject) -> list[JsonObject]:
    options = as_list(schema.get("anyOf")) or as_list(schema.get("oneOf"))
    if options:
        return [as_object(option) for option in options]
    return [{**schema, "type": named} for named in as_list(schema.get("type"))]
