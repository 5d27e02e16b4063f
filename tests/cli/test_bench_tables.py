"""A model agent of `sonde bench run` asks the tables of its task in SQL."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.cli.main import main

if TYPE_CHECKING:
    from conftest import ModelServer

pytestmark = pytest.mark.loopback


def test_a_tasks_table_is_asked_in_sql(
    model_server: "ModelServer",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    monkeypatch.chdir(tmp_path)
    rows = "ship,crew\nAlvin,3\nTrieste,2\nKaiko,0\n"
    (tmp_path / "ships.csv").write_text(rows, encoding="utf-8")
    task = {"id": "a", "input": "How many crew?", "target": "5", "files": ["ships.csv"]}
    (tmp_path / "ships.jsonl").write_text(json.dumps(task) + "\n", encoding="utf-8")
    order = {"file": "ships.csv", "sql": "SELECT sum(crew) AS total FROM data"}
    call = json.dumps({"name": "query_table", "arguments": order})
    model_server.replies = [
        f"<report>Summing.</report><tool_call>{call}</tool_call>",
        "<report>The table says 5.</report><answer>5</answer>",
    ]
    options = ["-m", "openai:small", "--base-url", model_server.url, "-q"]
    assert main(["bench", "run", "ships.jsonl", "--agent", "workspace", *options]) == 0
    capsys.readouterr()
    found = [
        json.loads(line)
        for file in (tmp_path / "bench" / "ships" / "agents").rglob("journal.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    (returned,) = [each for each in found if each.get("type") == "tool.returned"]
    assert (returned["tool"], returned["is_error"]) == ("query_table", False)
