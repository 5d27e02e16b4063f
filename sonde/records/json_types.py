"""The shape of JSON, as types."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from typing_extensions import TypeAliasType

JsonValue = TypeAliasType(
    "JsonValue", "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)
"""Anything that JSON can hold."""
JsonObject: TypeAlias = Mapping[str, JsonValue]
"""A JSON object."""
