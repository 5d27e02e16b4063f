"""Open connections to MCP servers, in a thread of their own: any event loop may call them."""

import asyncio
import threading
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from os import devnull
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ...records.errors import SetupError, ToolError
from ...records.extras import install_hint
from ...records.json_types import JsonObject
from .config import McpServer

if TYPE_CHECKING:
    from mcp import Client
    from mcp.types import CallToolResult, Tool

_HTTP_PATIENCE_S = 60.0
_MOST_TOOLS = 128
_LONGEST_FAULT = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A tool that a server offers."""

    server: str
    """The server's name."""
    tool: "Tool"
    """The tool as the server tells it."""


class McpConnections:
    """Servers that were started or connected to, until `close`."""

    def __init__(self, servers: Mapping[str, McpServer], *, patience_s: float = 60.0) -> None:
        """Connect to all servers, and ask each what it offers.

        Args:
            servers: The servers by name.
            patience_s: How long each may take to tell its tools, and all to end.

        Raises:
            SetupError: The package is missing, or a server cannot be had.
        """
        if find_spec("mcp") is None:
            raise SetupError(f"MCP servers need: {install_hint('mcp')}")
        self._patience_s = patience_s
        self._clients: dict[str, Client] = {}
        self._loop = asyncio.new_event_loop()
        self._is_over = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._serve, name="sonde-mcp", daemon=True)
        self._thread.start()
        self.tools: list[Listed] = []
        try:
            for name, server in servers.items():
                self.tools += self._wait(self._connect(name, server), f"MCP server {name!r}")
        except BaseException:
            self.close()
            raise

    async def call(self, server: str, tool: str, arguments: JsonObject) -> "CallToolResult":
        """Call a tool from any event loop.

        Raises:
            ToolError: The server does not answer, or refuses the call.
        """
        client = self._clients.get(server)
        if client is None or self._loop.is_closed():
            raise ToolError(f"the connection to the MCP server {server!r} is closed")

        async def deed() -> "CallToolResult":
            return await client.call_tool(tool, dict(arguments))

        future = asyncio.run_coroutine_threadsafe(deed(), self._loop)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            future.cancel()
            raise
        except Exception as err:
            raise ToolError(f"the MCP server {server!r} failed: {_words(err)}") from err

    def close(self) -> None:
        """End all connections; servers that were started are ended too."""
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._is_over.set)
        self._thread.join(self._patience_s)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_over())
        self._loop.close()

    async def _until_over(self) -> None:
        await self._is_over.wait()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _wait(self, ready: Coroutine[None, None, Sequence[Listed]], what: str) -> Sequence[Listed]:
        future: Future[Sequence[Listed]] = asyncio.run_coroutine_threadsafe(ready, self._loop)
        try:
            return future.result(self._patience_s)
        except TimeoutError as err:
            future.cancel()
            raise SetupError(f"{what} gave no answer within {self._patience_s:g} s") from err
        except SetupError:
            raise
        except Exception as err:
            raise SetupError(f"{what} cannot be had: {_words(err)}") from err

    async def _connect(self, name: str, server: McpServer) -> tuple[Listed, ...]:
        """Open one connection in a task that also closes it, as its library asks."""
        ready: asyncio.Future[tuple[Listed, ...]] = self._loop.create_future()

        async def live() -> None:
            try:
                async with AsyncExitStack() as stack:
                    client = await stack.enter_async_context(await _client(server, stack))
                    found = await _all_tools(client)
                    self._clients[name] = client
                    ready.set_result(tuple(Listed(name, tool) for tool in found))
                    await self._is_over.wait()
            except BaseException as err:
                if ready.done():
                    raise
                ready.set_exception(err)

        task = self._loop.create_task(live())
        self._tasks.append(task)
        try:
            return await ready
        except asyncio.CancelledError:
            task.cancel()  # else a server that was started and hangs would outlive us
            raise


async def _client(
    server: McpServer, stack: AsyncExitStack
) -> "AbstractAsyncContextManager[Client]":
    from mcp import Client, StdioServerParameters
    from mcp.client.stdio import stdio_client
    from mcp.client.streamable_http import streamable_http_client

    if server.url is not None:
        import httpx2  # comes with mcp

        http = await stack.enter_async_context(
            httpx2.AsyncClient(headers=dict(server.headers), timeout=_HTTP_PATIENCE_S)
        )
        return Client(streamable_http_client(server.url, http_client=http))
    silent = stack.enter_context(Path(devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - it is one
    parameters = StdioServerParameters(
        command=server.command or "", args=list(server.args), env=dict(server.env), cwd=server.cwd
    )
    return Client(stdio_client(parameters, errlog=silent))


async def _all_tools(client: "Client") -> "list[Tool]":
    found: list[Tool] = []
    cursor: str | None = None
    while True:
        page = await client.list_tools(cursor=cursor)
        found.extend(page.tools)
        cursor = page.next_cursor
        if cursor is None or len(found) >= _MOST_TOOLS:
            return found[:_MOST_TOOLS]


def _words(err: BaseException) -> str:
    """Return what went wrong in a line; of a group of errors, the first."""
    while isinstance(err, BaseExceptionGroup):
        err = cast("BaseExceptionGroup[BaseException]", err).exceptions[0]
    said = " ".join(str(err).split()) or type(err).__name__
    return said if len(said) <= _LONGEST_FAULT else f"{said[:_LONGEST_FAULT]}…"
