"""The arguments of a tool: checked and coerced, and every fault told so that it can be mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails

from ..records.errors import ToolError
from ..records.json_types import JsonObject, JsonValue

_MOST_FAULTS = 8
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """One argument that a tool takes."""

    type: object
    """Its type, as an annotation."""
    default: object = ...
    """Its default; `...` where it is required."""
    description: str | None = None
    """What it means, for the model."""

    def field_called(self, name: str) -> FieldInfo:
        """Return it as a field of a pydantic model, under the name that the caller knows."""
        if self.description is None:  # None would hide the description of an Annotated type
            return FieldInfo(default=self.default, alias=name)
        return FieldInfo(default=self.default, alias=name, description=self.description)


class _LeanSchema(GenerateJsonSchema):
    """A JSON schema without titles, which repeat the names and cost tokens in every prompt."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 (as inherited)

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


class Arguments:
    """All arguments of one tool."""

    def __init__(
        self, tool: str, arguments: Mapping[str, Argument], *, allows_others: bool = False
    ) -> None:
        # Fields are numbered and the names are aliases: an argument may be called `json` or `_x`.
        self._names = {f"argument{at}": name for at, name in enumerate(arguments)}
        fields: dict[str, Any] = {
            field: (arguments[name].type, arguments[name].field_called(name))
            for field, name in self._names.items()
        }
        config = ConfigDict(
            extra="allow" if allows_others else "forbid", coerce_numbers_to_str=True
        )
        self._tool = tool
        self._model: type[BaseModel] = create_model("Arguments", __config__=config, **fields)

    @property
    def schema(self) -> JsonObject:
        """The JSON schema of the arguments."""
        schema = self._model.model_json_schema(schema_generator=_LeanSchema)
        return {key: value for key, value in schema.items() if key != "title"}

    def check(self, arguments: JsonObject) -> dict[str, object]:
        """Return the arguments that were given, each as its type asks for.

        Raises:
            ToolError: One is missing, unknown or of a wrong type; the message says which and why.
        """
        try:
            checked = self._model.model_validate(dict(arguments))
        except ValidationError as err:
            raise ToolError(self._explain(err)) from err
        given = {
            name: getattr(checked, field)
            for field, name in self._names.items()
            if field in checked.model_fields_set
        }
        return given | (checked.model_extra or {})

    def _explain(self, err: ValidationError) -> str:
        faults = [_fault(detail) for detail in err.errors(include_url=False)]
        lines = [f"{self._tool} was not called; mend its arguments:", *faults[:_MOST_FAULTS]]
        if len(faults) > _MOST_FAULTS:
            lines.append(f"- and {len(faults) - _MOST_FAULTS} more")
        return "\n".join([*lines, f"It takes {describe_parameters(self.schema)}."])


def describe_parameters(schema: JsonObject) -> str:
    """Return the parameters of a JSON schema in words, on one line.

    >>> describe_parameters({"properties": {"limit": {"type": "integer"}}, "required": ["limit"]})
    'limit (integer, required)'
    """
    properties = _as_object(schema.get("properties"))
    required = _as_list(schema.get("required"))
    parts = [
        f"{name} ({_describe_type(_as_object(part))}{', required' if name in required else ''})"
        for name, part in properties.items()
    ]
    return ", ".join(parts) or "no arguments"


def _describe_type(schema: JsonObject) -> str:
    choices = _as_list(schema.get("enum"))
    if choices:
        return "one of " + ", ".join(repr(choice) for choice in choices)
    options = _as_list(schema.get("anyOf"))
    if options:
        return " or ".join(_describe_type(_as_object(option)) for option in options)
    if schema.get("type") == "array":
        return f"array of {_describe_type(_as_object(schema.get('items')))}"
    named = schema.get("type")
    return named if isinstance(named, str) else "object" if "$ref" in schema else "anything"


def _fault(detail: ErrorDetails) -> str:
    place = "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in detail["loc"]
    ).lstrip(".")
    if detail["type"] == "missing":
        return f"- {place}: missing, and it is required"
    if detail["type"] == "extra_forbidden":
        return f"- {place}: there is no such argument; leave it out"
    value = repr(detail["input"])
    if len(value) > _LONGEST_VALUE:
        value = value[:_LONGEST_VALUE] + "…"
    return f"- {place or 'arguments'}: {detail['msg']}; got {value}"


def _as_object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _as_list(value: JsonValue) -> list[JsonValue]:
    return cast(list[JsonValue], value) if isinstance(value, list) else []
