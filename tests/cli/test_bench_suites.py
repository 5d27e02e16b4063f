"""`sonde bench suites`, as a person uses it."""

import json
from pathlib import Path

import pytest

from sonde.benchmarks.suites.shipped import shipped_suites
from sonde.cli.main import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_list_tells_every_suite_that_ships(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "suites", "list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in shipped_suites())
    assert main(["bench", "suites", "list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told] == sorted(shipped_suites())


def test_make_then_show_then_lint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "suites", "make", "gaia-like", "--out", "mine", "--size", "12"]) == 0
    assert "mine: 12 tasks, " in capsys.readouterr().out
    assert main(["bench", "suites", "show", "mine", "-n", "2"]) == 0
    out = capsys.readouterr().out
    assert "gaia-like: 12 tasks, 12 with a truth, scored by gaia" in out
    assert "10 more; --limit 12" in out
    assert " = " not in out
    assert main(["bench", "suites", "show", "mine", "gaia-like-0001", "--answers"]) == 0
    assert "answer: " in capsys.readouterr().out
    assert main(["bench", "suites", "lint", "mine"]) == 0
    assert "12 tasks, scored by gaia: 0 errors, 0 warnings" in capsys.readouterr().err
    assert main(["bench", "suites", "make", "gaia-like", "--out", "mine"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_lint_ends_with_2_where_a_score_would_be_meaningless(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"id": "a", "input": "How many?", "target": "1,000"}]
    (home / "s.jsonl").write_text("".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["bench", "suites", "lint", "s.jsonl"]) == 2
    told = capsys.readouterr()
    assert "error: a: the truth '1,000' is read as a list" in told.out
    assert main(["bench", "suites", "lint", "s.jsonl", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)[0]["kind"] == "thousands-comma"


def test_a_task_that_is_not_there_is_told_in_one_line(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "s.jsonl").write_text('{"id": "a", "input": "Why?"}', encoding="utf-8")
    assert main(["bench", "suites", "show", "s.jsonl", "b"]) == 2
    assert "has no task 'b'; its first is a" in capsys.readouterr().err
    assert main(["bench", "suites", "show", "s.jsonl", "--answers"]) == 0
    assert "= withheld" in capsys.readouterr().out


def test_a_judge_and_a_scorer_are_not_named_together(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "s.jsonl").write_text('{"id": "a", "input": "Why?", "target": "x"}', encoding="utf-8")
    (home / "corpus.jsonl").write_text(
        '{"doc_id": "d", "title": "T", "text": "Nothing here."}', encoding="utf-8"
    )
    assert main(["bench", "run", "s.jsonl", "--agent", "extractive", "-q", "--out", "run"]) == 0
    assert main(["bench", "score", "run", "--judge", "m", "--scorer", "gaia"]) == 2
    assert "name a scorer or a judge, not both" in capsys.readouterr().err
