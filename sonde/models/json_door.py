"""JSON from outside: read it without trusting its shape."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from ..records.json_types import JsonObject, JsonValue


def parse_json(data: bytes | str) -> JsonValue:
    """Return what a JSON text says.

    Raises:
        ValueError: It is no JSON, or nested deeper than Python can follow.
    """
    try:
        return cast(JsonValue, json.loads(data))
    except RecursionError as err:
        raise ValueError("the JSON is nested too deep") from err


def as_object(value: JsonValue) -> JsonObject:
    """Return an object as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: JsonValue) -> Sequence[JsonValue]:
    """Return a list as it is, and anything else as an empty one."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def as_text(value: JsonValue) -> str:
    """Return a text as it is, and anything else as an empty one."""
    return value if isinstance(value, str) else ""


def as_count(value: JsonValue) -> int | None:
    """Return a whole number that is not negative, and None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value >= 0 and value == value // 1 else None
