"""From a JSON schema to checked arguments, for tools that are no decorated functions.

What is checked: presence, types, enumerations, and unions and lists of these. A reference, a
pattern or a bound is left to the tool itself, which knows it better.
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any, Literal

from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import ToolSpec
from .arguments import Argument, Arguments

_PLAIN: Mapping[str, object] = {
    "string": str,
    "integer": int,
    "number": int | float,
    "boolean": bool,
    "object": dict[str, Any],
    "null": None,
}


def arguments_of_spec(spec: ToolSpec) -> Arguments:
    """Return what a tool takes by its JSON schema.

    A name that the schema does not list is refused, since it is nearly always misspelt; a schema
    that lists none, or has `additionalProperties` or `patternProperties`, lets all names through.
    """
    properties = _as_object(spec.parameters.get("properties"))
    required = _as_list(spec.parameters.get("required"))
    allows_others = (
        not properties and spec.parameters.get("additionalProperties") is not False
        or bool(spec.parameters.get("additionalProperties"))
        or "patternProperties" in spec.parameters
    )
    arguments = {
        name: Argument(
            type=_type_of(_as_object(schema)), default=... if name in required else None
        )
        for name, schema in properties.items()
    }
    return Arguments(spec.name, arguments, allows_others=allows_others)


def _type_of(schema: JsonObject) -> Any:  # noqa: ANN401
    choices = _as_list(schema.get("enum")) or [schema[key] for key in ("const",) if key in schema]
    if choices:
        return Literal[tuple(choices)]
    options = _as_list(schema.get("anyOf")) or _as_list(schema.get("oneOf"))
    if options:
        return reduce(or_, [_type_of(_as_object(option)) for option in options])
    named = schema.get("type")
    if isinstance(named, list):
        return reduce(or_, [_type_of({**schema, "type": each}) for each in named])
    if named == "array":
        return list[_type_of(_as_object(schema.get("items")))]
    return _PLAIN.get(named, Any) if isinstance(named, str) else Any
