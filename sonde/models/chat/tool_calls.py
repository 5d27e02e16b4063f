"""Tool calls as a model writes them, as actions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ...records.json_types import JsonObject, JsonValue
from ...records.tooling import Action
from .tolerant_json import lenient_values, strict_values

_NAME_KEYS = ("name", "tool", "tool_name", "function_name")
_ARGUMENT_KEYS = ("arguments", "args", "parameters", "input")


class Calls(NamedTuple):
    """The tool calls of one block."""

    actions: tuple[Action, ...]
    """The calls that could be read, in order."""
    problems: tuple[str, ...]
    """What is wrong with the others."""


def read_calls(values: Sequence[JsonValue], *, is_whole: bool, tools: Collection[str]) -> Calls:
    """Return the calls that JSON values stand for.

    Args:
        values: What was read between the tags.
        is_whole: Whether everything that looked like JSON was read.
        tools: Names of the tools that there are.
    """
    actions: list[Action] = []
    problems: list[str] = []
    if not is_whole:
        problems.append('the JSON in <tool_call> cannot be read; escape quotes inside texts as \\"')
    elif not values:
        problems.append('<tool_call> holds no JSON object {"name": ..., "arguments": {...}}')
    for value in _flat(values):
        call = _read_call(value)
        checked = check_tool(call, tools) if isinstance(call, Action) else Calls((), (call,))
        actions += checked.actions
        problems += checked.problems
    return Calls(tuple(actions), tuple(problems))


def check_tool(action: Action, tools: Collection[str]) -> Calls:
    """Return a call under the tool's own name, or what is wrong where there is no such tool."""
    name = action.tool.strip().removeprefix("functions.")
    if name in tools:
        return Calls((replace(action, tool=name),), ())
    names = ", ".join(sorted(tools)) or "none"
    return Calls((), (f"there is no tool {name[:80]!r}; the tools are: {names}",))


def _flat(values: Sequence[JsonValue]) -> list[JsonValue]:
    """Return the values, those of a list in its place."""
    flat: list[JsonValue] = []
    for value in values:
        if isinstance(value, Sequence) and not isinstance(value, str):
            flat += value
        else:
            flat.append(value)
    return flat


def _read_call(value: JsonValue) -> Action | str:
    if not isinstance(value, Mapping):
        return "a tool call is a JSON object, not a list or a bare value"
    inner = value.get("function")
    if isinstance(inner, Mapping):
        value = inner
    name = next((value[key] for key in (*_NAME_KEYS, "function") if key in value), None)
    if not isinstance(name, str) or not name.strip():
        return 'a tool call lacks its "name"'
    arguments = _read_arguments(value)
    if arguments is None:
        return f'the call of {name[:80]!r} lacks "arguments", a JSON object'
    return Action(tool=name.strip(), arguments=arguments)


def _read_arguments(call: JsonObject) -> JsonObject | None:
    key = next((key for key in _ARGUMENT_KEYS if key in call), None)
    if key is None:
        return None
    arguments = call[key]
    if arguments is None:
        return {}
    if isinstance(arguments, str):
        return _object_in(arguments)
    return arguments if isinstance(arguments, Mapping) else None


def _object_in(text: str) -> JsonObject | None:
    """Return the one object that a text holds: some models put their arguments into a text."""
    found = strict_values(text)
    if not found.values or not found.is_whole:
        found = lenient_values(text)
    if not found.is_whole or len(found.values) != 1:
        return None
    value = found.values[0]
    return value if isinstance(value, Mapping) else None
