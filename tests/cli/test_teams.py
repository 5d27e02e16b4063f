"""Teams from the command line: record, fit, calibrate, show, ask."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sonde.cli.main import main

_YAML = "decider: a\nmembers:\n  - {name: a, corpus: a}\n  - {name: b, corpus: b}\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SONDE_MODEL", raising=False)
    monkeypatch.chdir(tmp_path)
    for name, text in (("a", "The Fram was built by Colin Archer."), ("b", "Larvik is a town.")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.md").write_text(text, encoding="utf-8")
    (tmp_path / "team.yaml").write_text(_YAML, encoding="utf-8")
    return tmp_path


def test_a_gate_is_recorded_fitted_calibrated_and_shown(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["team", "record", "--tasks", "shards:2:3", "--n", "14"]) == 0
    assert "no model is asked, so nothing is paid" in capsys.readouterr().err
    assert main(["gate", "fit"]) == 0
    assert "nothing is promised of it yet" in capsys.readouterr().err
    assert main(["gate", "show", "--svg", "team.svg"]) == 2
    assert "nothing to draw before the gate is calibrated" in capsys.readouterr().err
    calibrate = ["gate", "calibrate", "--tasks", "shards:2:3", "--n", "12"]
    assert main(calibrate) == 2
    assert "smallest alpha that 12 can promise is 0.077" in capsys.readouterr().err
    assert main([*calibrate, "--alpha", "0.2", "-q"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "calibrated: " in told.err or "not put to use" in told.err
    assert main(["gate", "show", "--svg", "team.svg"]) == 0
    shown = capsys.readouterr().out
    assert "alpha   tau   message tokens a task" in shown
    assert "too few tasks for this promise" in shown
    ElementTree.fromstring((place / "team.svg").read_text(encoding="utf-8"))
    assert main(["gate", "show", "--mermaid"]) == 0
    assert capsys.readouterr().out.startswith('graph LR\n  lead(["lead"])')
    assert main(["gate", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 12


def test_a_team_is_asked_and_its_run_is_told(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["ask", "--team", "team.yaml", "--message-budget", "2", "Who built the Fram?"]
    assert main(asked) == 0
    told = capsys.readouterr()
    assert told.out.startswith("Colin Archer")
    assert "says the novelty gate" in told.err
    assert re.search(r"\d+ messages? of \d+ tokens", told.out)
    assert main([*asked, "--format", "json", "-q"]) == 0
    assert json.loads(capsys.readouterr().out)["team"]["gate"] == "novelty"
    assert main(["trace"]) == 0
    trace = capsys.readouterr().out
    assert "a team under the novelty gate, a decides" in trace
    assert "claims     a-0-1" in trace
    assert main(["resume"]) == 2
    assert "is a team's, and cannot go on" in capsys.readouterr().err
    assert main(["runs", "list"]) == 0
    assert "Colin Archer" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["ask", "--gate", "open", "x"], "are for a team; name one"),
        (["ask", "--team", "team.yaml", "--corpus", "a", "x"], "are for one agent"),
        (["ask", "--team", "gone.yaml", "x"], "cannot read the team"),
        (["team", "record", "--tasks", "questions.jsonl"], "name a team: --team FILE.yaml"),
        (["team", "record", "--tasks", "shards", "--team", "team.yaml"], "brings its own team"),
        (["gate", "fit"], "nothing is recorded yet"),
        (["gate", "show"], "cannot read the gate"),
    ],
)
def test_what_is_missing_is_told_with_the_next_step(
    place: Path, capsys: pytest.CaptureFixture[str], argv: list[str], words: str
) -> None:
    assert main(argv) == 2
    assert words in capsys.readouterr().err
