"""Attachments that can be searched are, and people who can be asked are."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.attachments import searchable
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.suites.writing.xlsx import xlsx

if TYPE_CHECKING:
    from conftest import Bench


def test_workbooks_are_left_out_of_what_is_searched(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx({"One": [["a"]]}))
    (tmp_path / "b.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("text", encoding="utf-8")
    files = [tmp_path / name for name in ("a.xlsx", "b.csv", "c.txt")]
    assert searchable(files) == (files[1], files[2])


def test_each_task_has_a_person_who_can_be_asked(bench: "Bench") -> None:
    folder = bench.suite.parent
    (folder / "things.csv").write_text("thing,Is it red?\nKofa,yes\nLumo,no\n", encoding="utf-8")
    rows = [
        {"id": name, "input": "Which?", "target": name, "files": ["things.csv"]}
        for name in ("Kofa", "Lumo")
    ]
    bench.suite.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "suite.json").write_text('{"answerer": "knows-table"}', encoding="utf-8")
    bench.run([AgentConfig(name="asking", factory="bench_support:asking")])
    found = load_run(bench.folder).attempts
    assert [(a.task_id, a.prediction, a.steps) for a in found] == [
        ("Kofa", "yes", 1),
        ("Lumo", "no", 1),
    ]
