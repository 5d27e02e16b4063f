"""Attachments that can be searched are, and people who can be asked are."""

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.runner import attachments
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.attachments import searchable
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.suites.writing.xlsx import xlsx
from sonde.records.errors import SetupError

if TYPE_CHECKING:
    from conftest import Bench


def archive(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def copies(tmp_path: Path, name: str, data: bytes) -> dict[str, str]:
    """Return what stands for an attachment, by name."""
    file = tmp_path / name
    file.write_bytes(data)
    (copy,) = searchable([file], folder=tmp_path / "copies")
    assert searchable([file], folder=tmp_path / "copies") == (copy,)
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(copy.iterdir())}


def test_what_a_corpus_reads_is_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "b.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert searchable([file], folder=tmp_path / "copies") == (file,)
    assert not (tmp_path / "copies").exists()


def test_a_workbook_becomes_a_table_for_each_sheet(tmp_path: Path) -> None:
    book = xlsx({"One": [["a", "b"], ["x, y", 2]], "Two/2": [["c"]]})
    assert copies(tmp_path, "book.xlsx", book) == {
        "001-book-One.csv": 'a,b\n"x, y",2\n',
        "002-book-Two-2.csv": "c\n",
    }


def test_an_archive_is_unpacked_and_stays_in_its_folder(tmp_path: Path) -> None:
    data = archive(**{"../../out.txt": b"text", "folder/n.csv": b"a\n1\n", "..\\w.txt": b"w"})
    assert copies(tmp_path, "all.zip", data) == {
        "001-out.txt": "text",
        "002-n.csv": "a\n1\n",
        "003-w.txt": "w",
    }
    assert not (tmp_path.parent / "out.txt").exists()


def test_an_archive_that_grows_too_large_is_left_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_UNPACKED_BYTES", 1_000)
    data = archive(**{"huge.txt": b"x" * 5_000, "small.txt": b"y"})
    assert copies(tmp_path, "all.zip", data) == {"002-small.txt": "y"}


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
    (note,) = copies(tmp_path, name, data).values()
    assert note.startswith(f"The attachment {name} {told}")


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
