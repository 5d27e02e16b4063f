"""Tools made for LangChain or LangGraph, passed straight in: told apart by their form alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard, cast

from ..records.errors import ToolError
from ..records.json_types import JsonObject, JsonValue
from ..records.tooling import ToolResult, ToolSpec
from .results import as_result

_LONGEST_RESULT = 20_000


class LangChainLike(Protocol):
    """What of LangChain's `BaseTool` is used."""

    name: str
    """Its name."""
    description: str
    """What it does."""

    async def ainvoke(self, input: Any, /) -> Any:  # noqa: A002 - its name there
        """Call it with its arguments."""
        ...


def is_langchain_tool(given: object) -> TypeGuard[LangChainLike]:
    """Return whether a thing has the form of a LangChain tool."""
    names = ("name", "description", "ainvoke", "args_schema")
    return not isinstance(given, type) and all(hasattr(given, name) for name in names)


@dataclass(frozen=True, slots=True)
class LangChainTool:
    """A LangChain tool as one of ours."""

    given: LangChainLike
    """The tool as it was given."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return ToolSpec(
            name=self.given.name,
            description=self.given.description,
            parameters=_parameters(self.given),
        )

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Call it.

        Raises:
            ToolError: It says that it could not do its work.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            value: object = await self.given.ainvoke(given)
        except Exception as err:
            if type(err).__name__ in ("ToolException", "ValidationError"):  # told to the model
                raise ToolError(str(err)) from err
            raise
        return as_result(_plain(value), max_chars=_LONGEST_RESULT)


def _parameters(given: LangChainLike) -> JsonObject:
    """Return the JSON schema of the arguments that a model gives, without injected ones."""
    schema: object = getattr(given, "tool_call_schema", None)
    if schema is None:
        schema = getattr(given, "args_schema", None)
    if not isinstance(schema, Mapping):
        make = getattr(schema, "model_json_schema", None)
        schema = make() if make is not None else {"type": "object", "properties": {}}
    cleaned = cast(JsonObject, _without_titles(cast(JsonValue, schema)))
    return {key: value for key, value in cleaned.items() if key != "description"}


def _without_titles(value: JsonValue) -> JsonValue:
    """Leave out titles, which repeat the names and cost tokens; a property may be called so."""
    if isinstance(value, list):
        return [_without_titles(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: _without_titles(each)
        for key, each in value.items()
        if key != "title" or not isinstance(each, str)
    }


def _plain(value: object) -> object:
    """Return what a message or an artifact says; anything else as it is."""
    content: object = getattr(value, "content", None)
    return value if content is None else content
