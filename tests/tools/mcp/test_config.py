"""The `mcpServers` file: read, filled in, and refused with a reason."""

import json
from pathlib import Path

import pytest

from sonde.records.errors import SetupError
from sonde.tools.mcp.config import read_mcp_config


def write(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "mcp.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_commands_and_addresses_are_read_and_variables_filled_in(tmp_path: Path) -> None:
    servers = {
        "files": {
            "command": "npx",
            "args": ["-y", "server", "${ROOT}/a"],
            "env": {"KEY": "${KEY:-none}"},
            "type": "stdio",
        },
        "far": {"url": "https://e.org/mcp", "headers": {"Authorization": "Bearer ${KEY:-x}"}},
        "off": {"command": "x", "disabled": True},
    }
    path = write(tmp_path, {"mcpServers": servers, "theme": "dark"})
    found = read_mcp_config(path, environ={"ROOT": "/data"})
    assert list(found) == ["files", "far"]
    assert found["files"].args == ("-y", "server", "/data/a")
    assert found["files"].env == {"KEY": "none"}
    assert found["far"].headers == {"Authorization": "Bearer x"}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("{", "no list of MCP servers"),
        ("[]", r"no list of MCP servers \(Input should be an object\)"),
        ({}, "mcpServers"),
        ({"mcpServers": []}, "mcpServers"),
        ({"mcpServers": {"a": {}}}, "give either `command` or `url`"),
        ({"mcpServers": {"a": {"command": "x", "url": "http://x"}}}, "give either"),
        ({"mcpServers": {"a": {"url": "ftp://x"}}}, "must begin with http"),
        ({"mcpServers": {"a b": {"command": "x"}}}, "a server's name has"),
        ({"mcpServers": {"a": {"command": "${NOBODY}"}}}, "needs the variable NOBODY"),
    ],
)
def test_what_is_not_understood_is_told(tmp_path: Path, value: object, why: str) -> None:
    with pytest.raises(SetupError, match=why):
        read_mcp_config(write(tmp_path, value), environ={})


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot read the MCP servers of"):
        read_mcp_config(tmp_path / "none.json", environ={})
