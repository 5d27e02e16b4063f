"""From a function's signature to checked arguments."""

import inspect
from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import get_type_hints

from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from ..records.errors import SetupError
from .arguments import Argument, Arguments

_UNSUPPORTED = {
    Parameter.POSITIONAL_ONLY: "is positional-only; remove the '/'",
    Parameter.VAR_POSITIONAL: "takes any number of values; make it one argument: a list",
    Parameter.VAR_KEYWORD: "takes any names; name every argument, or take one dict",
}


def arguments_of(
    fn: Callable[..., object], *, tool: str, descriptions: Mapping[str, str]
) -> Arguments:
    """Return what a function takes.

    Args:
        fn: The function.
        tool: The tool's name, for messages.
        descriptions: What is to be said of an argument, by its name.

    Raises:
        SetupError: The signature cannot be told to a model; the message says how to mend it.
    """
    parameters = _parameters(fn, tool=tool)
    hints = _hints(fn, tool=tool)
    checked = {
        name: Argument(
            type=_type_of(parameter, hints, tool=tool),
            default=... if parameter.default is Parameter.empty else parameter.default,
            description=descriptions.get(name),
        )
        for name, parameter in parameters.items()
    }
    try:
        return Arguments(tool, checked)
    except (PydanticSchemaGenerationError, PydanticUserError) as err:
        raise SetupError(
            f"tool {tool!r}: a type of its arguments has no JSON form ({_first_line(err)}); use "
            "str, int, float, bool, list, dict, Literal, an Enum, a dataclass or a pydantic model"
        ) from err


def _parameters(fn: Callable[..., object], *, tool: str) -> Mapping[str, Parameter]:
    try:
        return inspect.signature(fn).parameters
    except ValueError as err:
        raise SetupError(
            f"tool {tool!r}: Python does not tell what {fn!r} takes; write a function around it"
        ) from err


def _hints(fn: Callable[..., object], *, tool: str) -> Mapping[str, object]:
    annotated = fn if inspect.isroutine(fn) else type(fn).__call__
    try:
        return get_type_hints(annotated, include_extras=True)
    except NameError as err:
        raise SetupError(
            f"tool {tool!r}: the type {err.name!r} of an argument is not known where the function "
            "is defined; define or import it at the top of the module"
        ) from err


def _type_of(parameter: Parameter, hints: Mapping[str, object], *, tool: str) -> object:
    fault = _UNSUPPORTED.get(parameter.kind)
    if fault:
        raise SetupError(f"tool {tool!r}: argument {parameter.name!r} {fault}")
    if parameter.name in hints:
        return hints[parameter.name]
    if parameter.name in ("self", "cls"):
        raise SetupError(
            f"tool {tool!r} is a method; wrap the bound one instead: tool(some_object.{tool})"
        )
    raise SetupError(
        f"tool {tool!r}: argument {parameter.name!r} has no type; annotate it, for example "
        f"{parameter.name}: str"
    )


def _first_line(err: Exception) -> str:
    return str(err).splitlines()[0]
