"""Tools of MCP servers as tools of ours."""

import json
import os
import re
from collections.abc import Mapping, Sequence
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
_LONGEST_SCHEMA = 20_000
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class McpTool:
    """One tool of a server; it is called `SERVER__TOOL`."""

    name: str
    """What it is called by here."""
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
        schema = cast(JsonObject, tool.input_schema)
        told = {key: value for key, value in schema.items() if key != "$schema"}
        description = (tool.description or tool.title or tool.name)[:_LONGEST_DESCRIPTION]
        if len(json.dumps(told)) > _LONGEST_SCHEMA:  # it would fill the prompt of every round
            told = {"type": "object"}
            description += " (Its arguments are too many to be told here.)"
        return ToolSpec(name=self.name, description=description, parameters=told)

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
    config: str | Path | Mapping[str, McpServer],
    *,
    environ: Mapping[str, str] | None = None,
    patience_s: float = 60.0,
) -> McpTools:
    """Connect to the servers of a file in `mcpServers` form, and return their tools.

    Args:
        config: The file, or servers by name.
        environ: What `${NAME}` in the file stands for; the process's own by default.
        patience_s: How long a server may take to tell its tools.

    Raises:
        SetupError: The package is missing, the file is not understood, or a server cannot be had.
    """
    if isinstance(config, str | Path):
        config = read_mcp_config(Path(config), environ=os.environ if environ is None else environ)
    connections = McpConnections(config, patience_s=patience_s)
    names = _names(connections.tools)
    tools = tuple(
        McpTool(name=name, listed=each, connections=connections)
        for name, each in zip(names, connections.tools, strict=True)
    )
    return McpTools(tools, connections)


def _names(listed: Sequence[Listed]) -> list[str]:
    """Return names as models can call them, all different: `SERVER__TOOL`, `SERVER__TOOL_2`."""
    names: list[str] = []
    for each in listed:
        whole = f"{each.server}__{_NOT_IN_NAMES.sub('_', each.tool.name) or 'tool'}"
        name, number = whole[:_LONGEST_NAME], 2
        while name in names:
            ending = f"_{number}"
            name, number = f"{whole[: _LONGEST_NAME - len(ending)]}{ending}", number + 1
        names.append(name)
    return names


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
