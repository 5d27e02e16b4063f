"""sonde as an MCP server, spoken to by the official client."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from sonde.agents.agent import Agent
from sonde.agents.mcp_server import mcp_server

pytestmark = pytest.mark.loopback

TEXT = (
    "# Trieste\n\nThe bathyscaphe Trieste was launched on 26 August 1953 near Naples. "
    "It was designed by Auguste Piccard."
)
QUESTION = "When was the bathyscaphe Trieste launched?"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "trieste.md").write_text(TEXT, encoding="utf-8")
    return folder


def text_of(result: CallToolResult) -> str:
    return "".join(block.text for block in result.content if block.type == "text")


async def ask(client: Client) -> tuple[list[str], str, str]:
    tools = sorted(tool.name for tool in (await client.list_tools()).tools)
    answer = await client.call_tool("research", {"question": QUESTION})
    found = await client.call_tool("search_corpus", {"query": "Piccard", "limit": 2})
    return tools, text_of(answer), text_of(found)


def check(tools: list[str], answer: str, found: str) -> None:
    assert tools == ["research", "search_corpus"]
    assert answer.startswith("26 August 1953")
    assert "trieste.md" in answer
    assert "cost $0.0000" in answer
    assert "Auguste Piccard" in found


def test_in_this_process(corpus: Path, tmp_path: Path) -> None:
    server = mcp_server(Agent(corpus=corpus, home=tmp_path / "home", environ={}))

    async def go() -> tuple[list[str], str, str]:
        async with Client(server) as client:
            return await ask(client)

    check(*asyncio.run(go()))


def test_an_empty_question_is_an_error_of_the_tool(corpus: Path, tmp_path: Path) -> None:
    server = mcp_server(Agent(corpus=corpus, home=tmp_path / "home", environ={}))

    async def go() -> CallToolResult:
        async with Client(server) as client:
            return await client.call_tool("research", {"question": " "})

    result = asyncio.run(go())
    assert result.is_error
    assert "the question is empty" in text_of(result)


def test_the_command_over_stdin_and_stdout(corpus: Path, tmp_path: Path) -> None:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "sonde", "mcp", "serve", "--corpus", str(corpus)],
        env={"SONDE_HOME": str(tmp_path / "home")},
    )

    async def go() -> tuple[list[str], str, str]:
        with (tmp_path / "err").open("w") as log:
            async with Client(stdio_client(parameters, errlog=log)) as client:
                return await ask(client)

    check(*asyncio.run(go()))


@pytest.fixture
def address(corpus: Path, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "sonde", "mcp", "serve", "--corpus", str(corpus)]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        env={**os.environ, "SONDE_HOME": str(tmp_path / "home")},
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(10)


def test_the_command_over_http(address: str) -> None:
    async def go() -> tuple[list[str], str, str]:
        async with Client(address) as client:
            return await ask(client)

    check(*asyncio.run(go()))
