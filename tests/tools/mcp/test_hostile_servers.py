"""MCP servers that hang, lie, flood, and change their tools: told in a line, and left behind."""

import asyncio
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sonde.records.errors import SetupError
from sonde.records.tooling import Action, ToolResult
from sonde.tools.mcp.config import McpServer
from sonde.tools.mcp.tools import McpTools, mcp_tools
from sonde.tools.toolbox import Toolbox

pytestmark = pytest.mark.loopback

SERVER = r"""
import json, os, sys, time
vice, note = sys.argv[1:]
open(note, "w").write(str(os.getpid()))
calls = 0

def send(**message):
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()

def tool(name, schema=None, text="what it does"):
    return {"name": name, "description": text, "inputSchema": schema or {"type": "object"}}

TOOLS = {
    "twins": [tool("a b"), tool("a_b"), tool("a.b")],
    "long": [tool("x" * 100 + end) for end in "12"],
    "odd": [tool(""), tool("\u00fcn\u202ei"), tool("a\nb")],
    "big": [tool("t", {"type": "object", "properties": {
        f"p{n}": {"type": "string", "description": "d" * 100} for n in range(500)}}, "D" * 100000)],
    "many": [tool(f"t{n}") for n in range(500)],
    "schemas": [tool("u", {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}},
                           "$defs": {"A": {"$ref": "#/$defs/A"}}}),
                tool("w", {"type": "object", "properties": {"a": {"type": "whatever"}}})],
    "liar": [tool("t", {"type": "text"})],
}
FINE = [{"type": "text", "text": "fine"}]
for line in sys.stdin:
    told = json.loads(line)
    number, method = told.get("id"), told.get("method")
    if method == "initialize":
        if vice == "hangs at once":
            time.sleep(600)
        send(id=number, result={"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                                "serverInfo": {"name": "n", "version": "1"}})
    elif method == "tools/list":
        if vice == "hangs later":
            time.sleep(600)
        if vice == "pages without end":
            send(id=number, result={"tools": [], "nextCursor": "more"})
        else:
            send(id=number, result={"tools": TOOLS.get(vice, [tool("t")])})
    elif method == "tools/call":
        calls += 1
        if vice == "hangs in a call":
            time.sleep(600)
        elif vice == "floods":
            send(id=number, result={"content": [{"type": "text", "text": "y" * 3000000}]})
        elif vice == "changes its tools" and calls > 1:
            send(id=number, error={"code": -32602, "message": "Unknown tool: t"})
        elif vice == "long fault":
            send(id=number, error={"code": -1, "message": "E" * 1000000})
        elif vice == "no list":
            send(id=number, result={"content": "text"})
        elif vice == "unknown part":
            send(id=number, result={"content": [{"type": "hologram"}]})
        elif vice == "asks back":
            send(id=900, method="sampling/createMessage", params={"messages": [], "maxTokens": 1})
            send(id=901, method="roots/list")
            send(id=number, result={"content": FINE})
        elif vice == "another's number":
            send(id=12345, result={"content": []})
            send(id=number, result={"content": FINE})
        elif vice == "half a line":
            sys.stdout.write('{"jsonrpc": "2.0", "id":')
            sys.stdout.flush()
            os._exit(0)
        else:
            send(id=number, result={"content": FINE})
    elif number is not None and method is not None:
        send(id=number, error={"code": -32601, "message": "no such method"})
"""


def connect(vice: str, note: Path, *, patience_s: float = 60.0) -> McpTools:
    server = McpServer(command=sys.executable, args=("-c", SERVER, vice, str(note)))
    return mcp_tools({"bad": server}, patience_s=patience_s)


def call(tools: McpTools, times: int = 1, *, timeout_s: float = 20.0) -> ToolResult:
    """Return what the last of some calls of the first tool gives."""
    box = Toolbox([replace(each, timeout_s=timeout_s) for each in tools.tools])
    action = Action(tool=box.specs[0].name, arguments={})

    async def all_calls() -> list[ToolResult]:
        return [await box.call(action) for _ in range(times)]

    return asyncio.run(all_calls())[-1]


def is_alive(note: Path) -> bool:
    """Return whether the server is there still, a few seconds after it was left."""
    if not note.exists():  # on a slow machine it was ended before it could say so
        return False
    number = int(note.read_text("utf-8"))
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize("vice", ["hangs at once", "hangs later", "pages without end"])
def test_a_server_that_never_tells_its_tools_is_told_and_ended(tmp_path: Path, vice: str) -> None:
    with pytest.raises(SetupError, match=r"'bad' gave no answer within 1\.5 s"):
        connect(vice, tmp_path / "pid", patience_s=1.5)
    assert not is_alive(tmp_path / "pid")


@pytest.mark.parametrize(
    ("vice", "names"),
    [
        ("twins", ["bad__a_b", "bad__a_b_2", "bad__a_b_3"]),
        ("long", [f"bad__{'x' * 59}", f"bad__{'x' * 57}_2"]),
        ("odd", ["bad__tool", "bad___n_i", "bad__a_b"]),
        ("schemas", ["bad__u", "bad__w"]),
        ("big", ["bad__t"]),
    ],
)
def test_tools_have_names_that_models_can_call_and_specs_that_fit_a_prompt(
    tmp_path: Path, vice: str, names: list[str]
) -> None:
    tools = connect(vice, tmp_path / "pid")
    try:
        assert [each.spec.name for each in tools.tools] == names
        for each in tools.tools:
            assert len(each.spec.description) < 1_100
            assert len(json.dumps(dict(each.spec.parameters))) <= 20_000
        assert call(tools).text == "fine"
    finally:
        tools.close()


def test_of_very_many_tools_the_first_are_offered(tmp_path: Path) -> None:
    tools = connect("many", tmp_path / "pid")
    tools.close()
    assert len(tools.tools) == 128


def test_a_server_whose_tools_are_none_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="'bad' cannot be had") as failure:
        connect("liar", tmp_path / "pid")
    assert "\n" not in str(failure.value)
    assert not is_alive(tmp_path / "pid")


@pytest.mark.parametrize(
    ("vice", "times", "said"),
    [
        ("changes its tools", 2, "the MCP server 'bad' failed: Unknown tool: t"),
        ("long fault", 1, "the MCP server 'bad' failed: EEE"),
        ("no list", 1, "the MCP server 'bad' failed: 1 validation error"),
        ("unknown part", 1, "the MCP server 'bad' failed: "),
        ("half a line", 2, "the MCP server 'bad' failed: "),
    ],
)
def test_what_a_server_does_wrong_in_a_call_goes_to_the_model(
    tmp_path: Path, vice: str, times: int, said: str
) -> None:
    tools = connect(vice, tmp_path / "pid")
    try:
        result = call(tools, times)
    finally:
        tools.close()
    assert result.is_error
    assert result.text.startswith(said)
    assert len(result.text) < 600
    assert not is_alive(tmp_path / "pid")


def test_a_call_that_hangs_is_left_and_its_server_ended(tmp_path: Path) -> None:
    tools = connect("hangs in a call", tmp_path / "pid")
    try:
        result = call(tools, timeout_s=0.5)
    finally:
        tools.close()
    assert result.is_error
    assert "gave no result within 0.5 s" in result.text
    assert not is_alive(tmp_path / "pid")


@pytest.mark.parametrize("vice", ["asks back", "another's number"])
def test_what_nobody_asked_for_is_passed_over(tmp_path: Path, vice: str) -> None:
    tools = connect(vice, tmp_path / "pid")
    try:
        assert call(tools).text == "fine"
    finally:
        tools.close()


def test_a_flood_is_cut(tmp_path: Path) -> None:
    tools = connect("floods", tmp_path / "pid")
    try:
        result = call(tools)
    finally:
        tools.close()
    assert not result.is_error
    assert len(result.text) < 21_000
