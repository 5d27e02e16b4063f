"""Tools of MCP servers as tools of ours."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ...records.errors import ToolError
from ...records.json_types import JsonObject
from ...records.tooling import ToolResult, ToolSpec
from ..results import cut_middle
from .config import McpServer, read_mcp_config
from .connections import Listed, McpConnections

if TYPE_CHECKING:
    from mcp.types import CallToolResult, ContentBlock

_LONGEST_RESULT = 20_000
_LONGEST_DESCRIPTION = 1_000
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class McpTool:
    """One tool of a server; it is called `SERVER__TOOL`."""

    listed: Listed
    """The tool, as its server tells it."""
    connections: McpConnections
    """What reaches the server."""
    timeout_s: float = 120.0
    """How long a call may take."""

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        tool = self.listed.tool
        plain = "".join(char if char.isalnum() or char in "_-" else "_" for char in tool.name)
        schema = cast(JsonObject, tool.input_schema)
        return ToolSpec(
            name=f"{self.listed.server}__{plain}"[:_LONGEST_NAME],
            description=(tool.description or tool.title or tool.name)[:_LONGEST_DESCRIPTION],
            parameters={k: v for k, v in schema.items() if k != "$schema"},
        )

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Call it.

        Raises:
            ToolError: The server does not answer, or tells of a failure.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        result = await self.connections.call(self.listed.server, self.listed.tool.name, given)
        text = cut_middle(_text(result), max_chars=_LONGEST_RESULT)
        if result.is_error:
            raise ToolError(text)
        return ToolResult(text=text)


@dataclass(frozen=True, slots=True)
class McpTools:
    """The tools of some servers, and the connections that they live on."""

    tools: tuple[McpTool, ...]
    """The tools."""
    connections: McpConnections
    """The connections; `close` ends them."""

    def close(self) -> None:
        """End the connections, and the servers that were started."""
        self.connections.close()


def mcp_tools(
    config: str | Path | Mapping[str, McpServer], *, environ: Mapping[str, str] | None = None
) -> McpTools:
    """Connect to the servers of a file in `mcpServers` form, and return their tools.

    Args:
        config: The file, or servers by name.
        environ: What `${NAME}` in the file stands for; the process's own by default.

    Raises:
        SetupError: The package is missing, the file is not understood, or a server cannot be had.
    """
    if isinstance(config, str | Path):
        config = read_mcp_config(Path(config), environ=os.environ if environ is None else environ)
    connections = McpConnections(config)
    tools = tuple(McpTool(listed=each, connections=connections) for each in connections.tools)
    return McpTools(tools, connections)


def _text(result: "CallToolResult") -> str:
    """Return all texts of a result; what is no text is named with its kind and size."""
    parts = [_block(block) for block in result.content]
    if not parts and result.structured_content is not None:
        parts.append(json.dumps(result.structured_content, ensure_ascii=False))
    return "\n".join(parts) or "done, no result"


def _block(block: "ContentBlock") -> str:
    match block.type:
        case "text":
            return block.text
        case "image" | "audio":
            return f"[{block.type}, {block.mime_type}, {len(block.data) * 3 // 4} bytes]"
        case "resource":
            text = getattr(block.resource, "text", None)
            return text if isinstance(text, str) else f"[resource {block.resource.uri}]"
        case "resource_link":
            return f"[link {block.name}: {block.uri}]"
