"""sonde as an MCP server, spoken to by the official client."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from sonde.agents.agent import Agent
from sonde.agents.mcp_server import mcp_server
from sonde.models.exact.reading import read_fact_table
from sonde.records.json_types import JsonValue

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


def advice_of(result: CallToolResult) -> dict[str, JsonValue]:
    assert result.structured_content is not None
    return cast(dict[str, JsonValue], result.structured_content)


async def ask(client: Client) -> tuple[list[str], str, str]:
    tools = sorted(tool.name for tool in (await client.list_tools()).tools)
    answer = await client.call_tool("research", {"question": QUESTION})
    found = await client.call_tool("search_corpus", {"query": "Piccard", "limit": 2})
    return tools, text_of(answer), text_of(found)


def check(tools: list[str], answer: str, found: str) -> None:
    assert tools == ["guess", "research", "search_corpus"]
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


def test_guess_finds_an_animal_by_its_own_questions(tmp_path: Path) -> None:
    server = mcp_server(Agent(home=tmp_path / "home", environ={}))
    table = read_fact_table()
    dolphin = table.items.index("bottlenose dolphin")

    async def go() -> tuple[dict[str, str], dict[str, JsonValue]]:
        answers: dict[str, str] = {}
        async with Client(server) as client:
            while True:
                result = await client.call_tool("guess", {"answers": answers})
                advice = advice_of(result)
                if advice["question"] is None:
                    return answers, advice
                column = table.column_of(str(advice["question"]))
                assert column is not None
                value = int(table.cells[dolphin, column])
                answers[str(advice["question"])] = table.columns[column].values[value]

    answers, advice = asyncio.run(go())
    assert advice["item"] == "bottlenose dolphin"
    assert len(answers) <= 12
    assert json.loads(json.dumps(advice["likeliest"]))["bottlenose dolphin"] >= 0.95
    assert advice["gain_nats"] is None


def test_guess_reads_tables_that_are_served_and_no_others(corpus: Path, tmp_path: Path) -> None:
    rows = "name,flies,sings\nlark,yes,yes\nhen,no,no\nkite,yes,no\n"
    (corpus / "birds.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "secret.csv").write_text(rows, encoding="utf-8")
    server = mcp_server(Agent(home=tmp_path / "home", environ={}), tables=[corpus])

    async def go() -> list[CallToolResult]:
        orders: tuple[dict[str, JsonValue], ...] = (
            {"answers": {"flies": "yes"}, "table": "birds.csv"},
            {"answers": {}, "table": "../secret.csv"},
            {"answers": {}, "table": str(tmp_path / "secret.csv")},
            {"answers": {"swims": "no"}, "table": "birds.csv"},
            {"answers": {"flies": "perhaps"}, "table": "birds.csv"},
        )
        async with Client(server) as client:
            return [await client.call_tool("guess", order) for order in orders]

    found, *refused = asyncio.run(go())
    advice = advice_of(found)
    assert advice["question"] == 'Is "sings" true of it? (yes/no)'
    assert advice["options"] == ["no", "yes"]
    assert all(each.is_error for each in refused)
    outside, absolute, question, answer = map(text_of, refused)
    assert "leads out of the files that were given" in outside
    assert "there is no file" in absolute
    assert "has no question 'swims'" in question
    assert "'perhaps' is no answer to 'flies'; give no, yes" in answer


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
