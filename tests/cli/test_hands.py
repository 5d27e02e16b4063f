"""Tools that a person asks for on the command line."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from .conftest import ModelServer, Sonde

DIVES = "dive,depth_m\n1,120\n2,10935\n"


def call(name: str, **arguments: str) -> str:
    action = json.dumps({"name": name, "arguments": arguments})
    return f"<report>Working.</report><tool_call>{action}</tool_call>"


def ask(
    sonde: "Sonde", server: "ModelServer", replies: list[str], *options: str | Path
) -> tuple[int, str, str]:
    server.replies = [*replies]
    return sonde("ask", "How deep?", "-m", "tiny", "--base-url", server.url, *options)


@pytest.mark.parametrize("name", ["dives.csv", "dives.parquet"])
def test_a_table_that_was_given_is_asked_in_sql(
    sonde: "Sonde",
    model_server: "ModelServer",
    tmp_path: Path,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    path, text = tmp_path / name, tmp_path / "text.csv"
    text.write_text(DIVES, encoding="utf-8")
    if name.endswith(".parquet"):
        duckdb.execute(f"COPY (SELECT * FROM read_csv('{text}')) TO '{path}'")
    else:
        text.rename(path)
    query = call("query_table", file=name, sql="SELECT max(depth_m) FROM data")
    answer = "<report>Done.</report><answer>10935 m [e1]</answer>"
    code, out, err = ask(sonde, model_server, [query, answer], "-f", path)
    assert code == 0, err
    assert "10935 m" in out
    assert name in out


def test_python_is_offered_where_it_was_asked_for(
    sonde: "Sonde", model_server: "ModelServer", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    replies = [call("python", code="6 * 7"), "<report>Done.</report><answer>42</answer>"]
    code, out, err = ask(sonde, model_server, replies, "--python")
    assert (code, "42" in out) == (0, True)
    assert "python 6 * 7" in err


def test_a_file_of_mcp_servers_that_is_none_is_refused(
    sonde: "Sonde", model_server: "ModelServer", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    code, _, err = ask(sonde, model_server, [], "--mcp-config", tmp_path / "none.json")
    assert code == 2
    assert "cannot read the MCP servers of" in err
