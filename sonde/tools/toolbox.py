"""The tools of one agent: they are called by name, and every failure is told to the model."""

import asyncio
import difflib
import logging
from collections.abc import Sequence
from typing import Protocol, cast

from ..records.errors import SetupError, SondeError, ToolError
from ..records.json_types import JsonObject
from ..records.tooling import Action, Purchase, ToolKind, ToolResult, ToolSpec
from .arguments import Arguments, arguments_of_spec
from .decorator import FunctionTool
from .results import cut_middle
from .tool import Tool

_log = logging.getLogger(__name__)
_PERSON_TIMEOUT_S = 3_600.0
_LONGEST_FAULT = 2_000


class BoundedTool(Protocol):
    """A tool that has a time limit of its own; the toolbox's default is not for it."""

    @property
    def timeout_s(self) -> float:
        """How long a call may take."""
        ...


class BuyingTool(Protocol):
    """A tool that buys from somebody else's service."""

    def worst_purchases(self, arguments: JsonObject) -> Sequence[Purchase]:
        """Return the most that a call can buy."""
        ...


class Toolbox:
    """The tools of one agent.

    Args:
        tools: The tools; their names are all different.
        timeout_s: How long a call may take of a tool that has no `timeout_s` of its own. A tool
            that asks a person may take an hour.

    Raises:
        SetupError: Two tools have one name.
    """

    def __init__(self, tools: Sequence[Tool], *, timeout_s: float = 60.0) -> None:
        self._tools: dict[str, Tool] = {}
        self._arguments: dict[str, Arguments] = {}
        self._timeout_s = timeout_s
        for tool in tools:
            self._add(tool)

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        """What the tools offer, in the order in which they were given."""
        return tuple(tool.spec for tool in self._tools.values())

    def worst_purchases(self, action: Action) -> Sequence[Purchase]:
        """Return the most that a call can buy; nothing for a tool that buys nothing."""
        tool = self._tools.get(action.tool)
        if not hasattr(tool, "worst_purchases"):
            return ()
        return cast(BuyingTool, tool).worst_purchases(action.arguments)

    async def call(self, action: Action) -> ToolResult:
        """Call a tool; whatever goes wrong in it comes back as a result that says so.

        Raises:
            SondeError: The tool ran into something that is not the model's to mend: a budget that
                is spent, a model that does not answer, a setting that is missing.
        """
        tool = self._tools.get(action.tool)
        if tool is None:
            return _failure(self._unknown(action.tool))
        try:
            return await self._bounded_call(tool, action)
        except ToolError as err:
            return _failure(str(err))
        except SondeError:
            raise
        except Exception as err:  # noqa: BLE001 (a tool is code of the user's: its bug must not end the run)
            _log.info("tool %r failed", action.tool, exc_info=err)
            return _failure(
                f"{action.tool} broke down: {type(err).__name__}: {err}\n"
                "This is a fault in the tool. Try other arguments, or go another way."
            )

    def _add(self, tool: Tool) -> None:
        spec = tool.spec
        if spec.name in self._tools:
            raise SetupError(
                f"two tools are called {spec.name!r}; rename one: @tool(name='another_name')"
            )
        self._tools[spec.name] = tool

    async def _bounded_call(self, tool: Tool, action: Action) -> ToolResult:
        arguments = self._checked(tool, action)
        limit_s = self._limit_s(tool)
        clock = asyncio.timeout(limit_s)
        try:
            async with clock:
                return await tool.call(arguments)
        except TimeoutError as err:
            if not clock.expired():
                raise  # the tool's own
            raise ToolError(
                f"{action.tool} gave no result within {limit_s:g} s; ask for less"
            ) from err

    def _checked(self, tool: Tool, action: Action) -> JsonObject:
        if isinstance(tool, FunctionTool):  # which checks its arguments itself
            return action.arguments
        if action.tool not in self._arguments:  # made when first needed: it takes a millisecond
            self._arguments[action.tool] = arguments_of_spec(tool.spec)
        known = self._arguments[action.tool]
        return cast(JsonObject, known.check(action.arguments))  # types of JSON only, see type_of

    def _limit_s(self, tool: Tool) -> float:
        if hasattr(tool, "timeout_s"):  # isinstance of a protocol takes longer than most calls
            return cast(BoundedTool, tool).timeout_s
        return _PERSON_TIMEOUT_S if tool.spec.kind is ToolKind.ASK else self._timeout_s

    def _unknown(self, name: str) -> str:
        near = difflib.get_close_matches(name, self._tools, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        return f"there is no tool {name!r}{hint} The tools are: {', '.join(self._tools) or 'none'}"


def _failure(text: str) -> ToolResult:
    return ToolResult(text=cut_middle(text, max_chars=_LONGEST_FAULT), is_error=True)
