"""`sonde sql`, as a person uses it."""

import json
from pathlib import Path

import pytest

from sonde.cli.main import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))


def test_tables_are_listed_and_questions_answered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql"]) == 0
    assert "policy_events" in capsys.readouterr().out
    assert main(["sql", "SELECT 1 AS one, NULL AS nothing"]) == 0
    assert "unknown" in capsys.readouterr().out
    assert main(["sql", "SELECT 1 AS one, NULL AS nothing", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"one": 1, "nothing": None}]
    assert main(["sql", "SELECT 1 AS one, 'a,b' AS two", "--csv"]) == 0
    assert capsys.readouterr().out == 'one,two\n1,"a,b"\n'


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("DROP TABLE runs", "read-only"),
        ("SELECT * FROM read_csv('/etc/hosts')", "disabled"),
        ("COPY runs TO '/tmp/never.csv'", "disabled"),
        ("SET enable_external_access = true", "refuses"),
        ("SELEKT", "syntax error"),
        ("SELECT a b c FROM runs", "(line 1, column 12, at 'c FROM runs')"),
        ("SELECT 1,\n  FROM FROM runs", "(line 2, column 8, at 'FROM runs')"),
    ],
)
def test_a_question_changes_nothing_and_reads_nothing_else(
    capsys: pytest.CaptureFixture[str], query: str, complaint: str
) -> None:
    assert main(["sql", query]) == 2
    assert complaint in capsys.readouterr().err
