"""`sonde bench run` and `resume`, as a person uses them."""

import json
from pathlib import Path

import pytest

from sonde.cli.main import main


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite of two tasks with a corpus beside it, and a home."""
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "dives.jsonl"
    rows = [
        {"id": "a", "input": "Who designed the Trieste?", "target": "Auguste Piccard"},
        {"id": "b", "input": "In which year was Alvin commissioned?", "target": "1964"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    documents = tmp_path / "corpus"
    documents.mkdir()
    (documents / "trieste.md").write_text(
        "# Trieste\n\nThe bathyscaphe Trieste was designed by Auguste Piccard.", encoding="utf-8"
    )
    (documents / "alvin.md").write_text(
        "# Alvin\n\nThe submersible Alvin was commissioned in 1964.", encoding="utf-8"
    )
    return path


def test_run_then_run_again_then_resume(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "run", str(suite), "--agent", "extractive", "--limit", "1"]) == 0
    first = capsys.readouterr()
    assert "bench/dives: 1 of 1 done · accuracy" in first.out
    assert "no model tokens" in first.out
    assert main(["bench", "run", str(suite), "--agent", "extractive"]) == 0
    assert "bench/dives: 2 of 2 done" in capsys.readouterr().out
    assert main(["bench", "resume", "bench/dives"]) == 0
    assert "nothing to do; 2 of 2 done" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "no-such", "--agent", "extractive"], "there is no suite and no file 'no-such'"),
        (["run", "dives.jsonl", "--agent", "mini"], "no agent 'mini'"),
        (["run", "dives.jsonl", "--agent", "extractive", "--shard", "3/2"], "is no shard"),
        (["resume", "nowhere"], "holds no benchmark run; begin one: sonde bench run"),
    ],
)
def test_what_must_be_mended_is_told_in_one_line(
    suite: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert suite.is_file()
    assert main(["bench", *arguments]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1
    assert complaint in told[0]
