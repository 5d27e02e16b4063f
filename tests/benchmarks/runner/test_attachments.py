"""Attachments that can be searched are, and people who can be asked are."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.attachments import searchable
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.suites.writing.xlsx import packed, xlsx
from sonde.records.errors import SetupError

if TYPE_CHECKING:
    from conftest import Bench


def test_what_a_corpus_reads_is_taken_as_it_is(tmp_path: Path) -> None:
    contents = {
        "b.csv": b"a,b\n1,2\n",
        "c.xlsx": xlsx({"One": [["a", "b"], ["x, y", 2]]}),
        "d.zip": packed({"text.txt": b"text"}),
    }
    files = [tmp_path / name for name in contents]
    for file in files:
        file.write_bytes(contents[file.name])
    assert searchable(files, folder=tmp_path / "notes") == tuple(files)
    assert not (tmp_path / "notes").exists()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "could not be read here"),
        ("a.zip", b"PK\x03\x04 broken", "is broken"),
        ("a.xlsx", b"PK\x03\x04 broken", "is broken"),
    ],
)
def test_a_note_stands_for_what_cannot_be_read(
    name: str, data: bytes, told: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    (note,) = searchable([file], folder=tmp_path / "notes")
    assert note.read_text("utf-8").startswith(f"The attachment {name} {told}")
    assert searchable([file], folder=tmp_path / "notes") == (note,)


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


def test_the_exact_reasoner_takes_the_table_of_each_task(bench: "Bench") -> None:
    folder = bench.suite.parent
    rows: list[dict[str, object]] = []
    for number, things in enumerate((("Kofa", "Lumo"), ("Besk", "Trond"))):
        table = "".join(f"{name},{'yes' if n else 'no'}\n" for n, name in enumerate(things))
        (folder / f"{number}.csv").write_text("thing,Is it red?\n" + table, encoding="utf-8")
        files = [f"{number}.csv"]
        for thing in things:
            rows.append({"id": thing, "input": "Which?", "target": thing, "files": files})
    bench.suite.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "suite.json").write_text('{"answerer": "knows-table"}', encoding="utf-8")
    bench.run([AgentConfig(name="exact", model="exact")])
    found = load_run(bench.folder).attempts
    assert [(a.prediction, a.score, a.steps) for a in found] == [
        ("Kofa", 1.0, 1),
        ("Lumo", 1.0, 1),
        ("Besk", 1.0, 1),
        ("Trond", 1.0, 1),
    ]


def test_the_exact_reasoner_needs_a_table(bench: "Bench") -> None:
    with pytest.raises(SetupError, match="reasons over a CSV table that the task has attached"):
        bench.run([AgentConfig(name="exact", model="exact")])
