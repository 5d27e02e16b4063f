"""A folder in GAIA's own shape is run from its files to a submission."""

import asyncio
import io
import json
import zipfile
from pathlib import Path

import pytest

from sonde.benchmarks.executors.choosing import executor_maker
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench import run_bench
from sonde.benchmarks.runner.handing_in import hand_in
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.planning import Wishes, plan_bench
from sonde.benchmarks.suites.writing.pdf import pdf
from sonde.benchmarks.suites.writing.xlsx import xlsx

_FACT = "The Kofa Bridge was designed by Mira Tarvel."


def attachments() -> dict[str, bytes]:
    """Return the same fact in eight formats."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("fact.txt", _FACT)
    return {
        "a.txt": _FACT.encode(),
        "b.md": f"# Bridges\n\n{_FACT}\n".encode(),
        "c.html": f"<!doctype html><html><body><p>{_FACT}</p></body></html>".encode(),
        "d.json": json.dumps({"fact": _FACT}).encode(),
        "e.csv": f"number,fact\n1,{_FACT}\n".encode(),
        "f.pdf": pdf([_FACT]),
        "g.xlsx": xlsx({"Facts": [["fact"], [_FACT]]}),
        "h.zip": archive.getvalue(),
    }


@pytest.fixture
def gaia(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A validation split with answers, and a test split without."""
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    for split, answer in (("validation", "Mira Tarvel"), ("test", "?")):
        folder = tmp_path / "2023" / split
        folder.mkdir(parents=True)
        rows: list[dict[str, object]] = []
        for number, (name, data) in enumerate(attachments().items()):
            file = f"{split}-{name}"
            (folder / file).write_bytes(data)
            rows.append(
                {
                    "task_id": f"{split}-{number}",
                    "Question": "Who designed the Kofa Bridge?",
                    "Level": number % 3 + 1,
                    "Final answer": answer,
                    "file_name": file,
                    "Annotator Metadata": {"Steps": "1. Read the file."},
                }
            )
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / "metadata.jsonl").write_text(text, encoding="utf-8")
    return tmp_path / "2023"


def run(split: Path, folder: Path) -> None:
    plan = plan_bench(Wishes(suite=str(split)), [AgentConfig(name="extractive")])
    maker = executor_maker("local", workers=1)
    asyncio.run(run_bench(plan.manifest, plan.suite, folder, make_executor=maker))


def test_a_split_with_answers_is_scored_by_level(gaia: Path, tmp_path: Path) -> None:
    run(gaia / "validation", tmp_path / "run")
    found = load_run(tmp_path / "run")
    assert {a.status for a in found.attempts} == {"scored"}
    assert [a.level for a in found.attempts] == ["1", "2", "3", "1", "2", "3", "1", "2"]
    assert [a.is_correct for a in found.attempts] == [True] * 8


def test_a_split_without_answers_is_handed_in(gaia: Path, tmp_path: Path) -> None:
    run(gaia / "test", tmp_path / "run")
    found = load_run(tmp_path / "run")
    assert {a.status for a in found.attempts} == {"unscored"}
    path = tmp_path / "submission.jsonl"
    assert hand_in(found, path) == 8
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [row["task_id"] for row in rows] == [f"test-{n}" for n in range(8)]
    assert all(set(row) == {"task_id", "model_answer", "reasoning_trace"} for row in rows)
    assert rows[0]["model_answer"] == "Mira Tarvel"
