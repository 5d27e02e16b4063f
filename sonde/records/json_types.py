"""The shape of JSON, as types."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    JsonValue: TypeAlias = (
        bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
    )
    """Anything that JSON can hold."""
else:  # pydantic can only follow a recursive type that has a name at run time
    from typing_extensions import TypeAliasType

    JsonValue = TypeAliasType(
        "JsonValue",
        bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None,
    )

JsonObject: TypeAlias = Mapping[str, JsonValue]
"""A JSON object."""
