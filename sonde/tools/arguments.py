"""The arguments of a tool: checked and coerced, and every fault told so that it can be mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails

from ..records.errors import ToolError
from ..records.json_types import JsonObject
from ..records.tooling import ToolSpec
from .json_schema import as_list, as_object, describe_parameters, type_of

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

    def field_called(self, name: str) -> object:
        """Return it as a field of a pydantic model, under the name that the caller knows."""
        if self.description is None:  # None would hide the description of an Annotated type
            return Field(self.default, alias=name)
        return Field(self.default, alias=name, description=self.description)


class _LeanSchema(GenerateJsonSchema):
    """A JSON schema without titles, which repeat the names and cost tokens in every prompt."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012 (as inherited)

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


class Arguments:
    """All arguments of one tool."""

    def __init__(
        self,
        tool: str,
        arguments: Mapping[str, Argument],
        *,
        schema: JsonObject | None = None,
        allows_others: bool = False,
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
        self.schema: JsonObject = _lean_schema(self._model) if schema is None else schema
        """The JSON schema of the arguments."""

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


def _lean_schema(model: type[BaseModel]) -> JsonObject:
    schema = model.model_json_schema(schema_generator=_LeanSchema)
    return {key: value for key, value in schema.items() if key != "title"}


def arguments_of_spec(spec: ToolSpec) -> Arguments:
    """Return what a tool takes by its JSON schema.

    A name that the schema does not list is refused, since it is nearly always misspelt; a schema
    that lists no names, or speaks of additional ones, lets all names through.
    """
    properties = as_object(spec.parameters.get("properties"))
    required = as_list(spec.parameters.get("required"))
    others = spec.parameters.get("additionalProperties", not properties)
    return Arguments(
        spec.name,
        {
            name: Argument(
                type=type_of(as_object(schema)), default=... if name in required else None
            )
            for name, schema in properties.items()
        },
        schema=spec.parameters,
        allows_others=others is not False or "patternProperties" in spec.parameters,
    )


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
