"""Tools of real MCP servers, called by name."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sonde.agents.agent import Agent
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import SetupError, ToolError
from sonde.records.events import ToolCalled
from sonde.records.json_types import JsonValue
from sonde.tools.mcp.config import McpServer
from sonde.tools.mcp.tools import McpTools, mcp_tools

pytestmark = pytest.mark.loopback

EVERYTHING = "@modelcontextprotocol/server-everything@2026.8.31"
INSTALL_S = 90
PACKAGES = Path(tempfile.gettempdir()) / f"sonde-test-mcp-{os.getuid()}"
PLAIN = """
from mcp.server.mcpserver import MCPServer
server = MCPServer("plain")

@server.tool()
def add(a: int, b: int = 1) -> int:
    "Add two numbers."
    return a + b

@server.tool()
def fail() -> str:
    "Always fail."
    raise ValueError("as planned")

@server.tool()
def secret() -> str:
    "Tell what of the environment is seen."
    import os
    return ",".join(sorted(name for name in os.environ if name.startswith("SONDE_TEST")))

@server.tool()
def die() -> str:
    "End the server."
    import os
    os._exit(3)

server.run("stdio")
"""


def call(tools: McpTools, name: str, **arguments: JsonValue) -> str:
    tool = next(each for each in tools.tools if each.spec.name == name)
    return asyncio.run(tool.call(arguments)).text


@pytest.fixture(scope="module")
def everything() -> Iterator[McpTools]:
    """Start the reference server of the npm registry, installed once for all sessions."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm is not installed, so the reference server cannot be had")
    program = PACKAGES / "node_modules" / ".bin" / "mcp-server-everything"
    if not program.exists():
        PACKAGES.mkdir(exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", EVERYTHING]
        done = subprocess.run(command, cwd=PACKAGES, capture_output=True, timeout=INSTALL_S)
        if done.returncode or not program.exists():
            pytest.skip("npm could not install the reference server")
    tools = mcp_tools({"everything": McpServer(command="node", args=(str(program),))})
    yield tools
    tools.close()


@pytest.fixture(scope="module")
def plain() -> Iterator[McpTools]:
    server = McpServer(command=sys.executable, args=("-c", PLAIN), env={"SONDE_TEST_GIVEN": "1"})
    os.environ["SONDE_TEST_KEPT"] = "1"
    tools = mcp_tools({"plain": server})
    del os.environ["SONDE_TEST_KEPT"]
    yield tools
    tools.close()


def test_the_reference_server_offers_its_tools_with_schemas(everything: McpTools) -> None:
    specs = {each.spec.name: each.spec for each in everything.tools}
    assert {"everything__echo", "everything__get-sum"} <= specs.keys()
    parameters = json.dumps(specs["everything__get-sum"].parameters)
    assert '"required": ["a", "b"]' in parameters
    assert "$schema" not in parameters


def test_the_reference_servers_results_come_as_text(everything: McpTools) -> None:
    assert call(everything, "everything__echo", message="hello") == "Echo: hello"
    assert "is 5" in call(everything, "everything__get-sum", a=2, b=3)
    assert "[image, image/png, " in call(everything, "everything__get-tiny-image")
    assert "humidity" in call(everything, "everything__get-structured-content", location="New York")


def test_a_wrong_argument_is_told_by_the_server(everything: McpTools) -> None:
    with pytest.raises(ToolError, match="expected number"):
        call(everything, "everything__get-sum", a="x", b=1)


def test_a_tool_is_called_by_name_in_a_run(everything: McpTools, tmp_path: Path) -> None:
    action = {"name": "everything__get-sum", "arguments": {"a": 40, "b": 2}}
    replies = [
        f"<report>Adding.</report><tool_call>{json.dumps(action)}</tool_call>",
        "<report>Added.</report><answer>42</answer>",
    ]
    agent = Agent(ScriptedModel(replies), tools=list(everything.tools), home=tmp_path, environ={})
    result = agent.run("What is 40 + 2?")
    events = read_journal(Home(tmp_path).run(result.run_id).journal).events
    assert result.answer == "42"
    assert [each.tool for each in events if isinstance(each, ToolCalled)] == ["everything__get-sum"]


def test_defaults_errors_and_the_environment_of_a_server_of_our_own(plain: McpTools) -> None:
    assert call(plain, "plain__add", a=2) == "3"
    assert call(plain, "plain__add", a=2, b=None) == "3"
    with pytest.raises(ToolError, match="Error executing tool fail"):
        call(plain, "plain__fail")
    assert call(plain, "plain__secret") == "SONDE_TEST_GIVEN"


def test_one_connection_serves_several_event_loops_at_once(plain: McpTools) -> None:
    tool = next(each for each in plain.tools if each.spec.name == "plain__add")

    async def many() -> list[str]:
        results = await asyncio.gather(*(tool.call({"a": at}) for at in range(5)))
        return [each.text for each in results]

    assert asyncio.run(many()) == asyncio.run(many()) == ["1", "2", "3", "4", "5"]


def test_a_server_that_dies_is_told_to_the_model() -> None:
    tools = mcp_tools({"plain": McpServer(command=sys.executable, args=("-c", PLAIN))})
    try:
        with pytest.raises(ToolError, match="the MCP server 'plain' failed"):
            call(tools, "plain__die")
    finally:
        tools.close()


def test_a_call_after_the_end_is_told() -> None:
    tools = mcp_tools({"plain": McpServer(command=sys.executable, args=("-c", PLAIN))})
    tools.close()
    tools.close()
    with pytest.raises(ToolError, match="is closed"):
        call(tools, "plain__add", a=1)


@pytest.mark.parametrize(
    "server",
    [
        McpServer(command="no-such-program-anywhere"),
        McpServer(command=sys.executable, args=("-c", "print('no protocol')")),
        McpServer(url="http://127.0.0.1:9/mcp"),
    ],
)
def test_a_server_that_cannot_be_had_is_told(server: McpServer) -> None:
    with pytest.raises(SetupError, match="MCP server 'bad' cannot be had"):
        mcp_tools({"bad": server})


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SetupError, match=r"pip install 'sonde\[mcp\]'"):
        mcp_tools({})
