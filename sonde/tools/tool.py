"""What every tool is: a spec, and a deed that takes checked arguments."""

from typing import Protocol

from ..records.json_types import JsonObject
from ..records.tooling import ToolResult, ToolSpec


class Tool(Protocol):
    """Anything an agent can do."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        ...

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Do it.

        Raises:
            ToolError: It could not be done; the message is for the model to read.
        """
        ...
