"""`@tool`: from a function with type hints and a docstring to a tool."""

import asyncio
import inspect
import re
from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Generic, ParamSpec, TypeVar, overload

from ..records.errors import SetupError, ToolError
from ..records.json_types import JsonObject
from ..records.tooling import ToolKind, ToolResult, ToolSpec
from .arguments import Arguments
from .docstring import read_docstring
from .results import SHORTEST_CAP, as_result
from .signature import arguments_of
from .worker_thread import in_thread

P = ParamSpec("P")
R = TypeVar("R")

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what providers accept as the name of a function


class FunctionTool(Generic[P, R]):
    """A function as a tool; called directly it is still the function."""

    __name__: str

    def __init__(
        self,
        fn: Callable[P, R],
        *,
        spec: ToolSpec,
        arguments: Arguments,
        timeout_s: float,
        max_result_chars: int,
    ) -> None:
        update_wrapper(self, fn)
        self._fn = fn
        self._by_name: Callable[..., object] = fn
        self._spec = spec
        self._arguments = arguments
        self._timeout_s = timeout_s
        self._max_result_chars = max_result_chars

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._fn(*args, **kwargs)

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        return self._spec

    @property
    def timeout_s(self) -> float:
        """How long a call may take."""
        return self._timeout_s

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Check the arguments, call the function and return its value as a result.

        Raises:
            ToolError: The arguments do not fit, the time ran out, or the function says so.
        """
        deed = partial(self._by_name, **self._arguments.check(arguments))
        clock = asyncio.timeout(self._timeout_s)
        try:
            async with clock:
                value = await self._value(deed)
        except TimeoutError as err:
            if not clock.expired():
                raise  # the function's own
            raise ToolError(
                f"{self._spec.name} gave no result within {self._timeout_s:g} s; ask for less"
            ) from err
        return as_result(value, max_chars=self._max_result_chars)

    async def _value(self, deed: Callable[[], object]) -> object:
        is_async = inspect.iscoroutinefunction(self._fn)
        value = deed() if is_async else await in_thread(deed)
        return await value if inspect.isawaitable(value) else value


@overload
def tool(fn: Callable[P, R], /) -> FunctionTool[P, R]: ...


@overload
def tool(
    *,
    name: str | None = None,
    description: str | None = None,
    timeout_s: float = 30.0,
    max_result_chars: int = 20_000,
    kind: ToolKind = ToolKind.OTHER,
) -> Callable[[Callable[P, R]], FunctionTool[P, R]]: ...


def tool(
    fn: Callable[P, R] | None = None,
    /,
    *,
    name: str | None = None,
    description: str | None = None,
    timeout_s: float = 30.0,
    max_result_chars: int = 20_000,
    kind: ToolKind = ToolKind.OTHER,
) -> FunctionTool[P, R] | Callable[[Callable[P, R]], FunctionTool[P, R]]:
    """Make a tool of a function, as `@tool` or as `@tool(...)`.

    The model reads the first paragraph of the docstring and its entries under `Args:`; the type
    hints become the JSON schema. The value comes back as text: a `str` or a `ToolResult` as it
    is, anything else as JSON. To tell the model of a failure, raise `ToolError`.

    A plain function runs in a thread of its own, so that a slow one holds up nothing else. When
    its time is out the model is told and the run goes on, but a thread cannot be killed: the
    function runs on unseen. One that waits for long should be `async`: it is cancelled.

    Args:
        fn: The function, plain or async.
        name: Name of the tool; the function's own where left out.
        description: What it does, for the model; the docstring's where left out.
        timeout_s: How long a call may take.
        max_result_chars: How long a result may be; of a longer one the middle is cut, and marked.
        kind: What it is for.

    Raises:
        SetupError: The function cannot be a tool; the message says what to change.
    """

    def make(fn: Callable[P, R]) -> FunctionTool[P, R]:
        if not callable(fn):
            raise SetupError(f"{fn!r} is no function; options have names: @tool(name='search')")
        named = name or getattr(fn, "__name__", type(fn).__name__)
        _check_options(named, timeout_s=timeout_s, max_result_chars=max_result_chars)
        _check_function(fn, tool=named)
        text = read_docstring(fn.__doc__)
        arguments = arguments_of(fn, tool=named, descriptions=text.arguments)
        spec = ToolSpec(
            name=named,
            description=_description(description or text.summary, tool=named),
            parameters=arguments.schema,
            kind=kind,
        )
        return FunctionTool(
            fn,
            spec=spec,
            arguments=arguments,
            timeout_s=timeout_s,
            max_result_chars=max_result_chars,
        )

    return make if fn is None else make(fn)


def _check_options(tool: str, *, timeout_s: float, max_result_chars: int) -> None:
    if not _NAME.fullmatch(tool):
        raise SetupError(
            f"a tool's name is 1 to 64 letters, digits, '_' or '-', not {tool!r}; give one: "
            "@tool(name=...)"
        )
    if not 0 < timeout_s < float("inf"):
        raise SetupError(f"tool {tool!r}: timeout_s must be above 0 and finite, not {timeout_s}")
    if max_result_chars < SHORTEST_CAP:
        raise SetupError(
            f"tool {tool!r}: max_result_chars must be {SHORTEST_CAP} or more, "
            f"not {max_result_chars}"
        )


def _check_function(fn: Callable[..., object], *, tool: str) -> None:
    if inspect.isgeneratorfunction(fn) or inspect.isasyncgenfunction(fn):
        raise SetupError(f"tool {tool!r} yields its values; return them together, as a list")


def _description(text: str, *, tool: str) -> str:
    if not text.strip():
        raise SetupError(
            f"tool {tool!r} does not say what it does; write a docstring, or give "
            "@tool(description=...)"
        )
    return text.strip()
