"""Questions to tables in a process of their own: what it bounds, what it sees, how it ends."""

import os
import sys
from pathlib import Path

import pytest

from sonde.records.errors import ToolError
from sonde.tools.files.table_process import ask_table_apart


@pytest.fixture
def dives(tmp_path: Path) -> Path:
    path = tmp_path / "dives.csv"
    path.write_text("dive,ship\n1,Trieste\n2,Älvin\n", encoding="utf-8")
    return path


def test_a_question_is_answered_as_in_this_process(dives: Path) -> None:
    found = ask_table_apart(dives, "SELECT ship, lpad(dive::VARCHAR, 3, '0') AS no FROM data")
    assert found.columns == ("ship", "no")
    assert found.rows == (("Trieste", "001"), ("Älvin", "002"))
    assert found.tables == ("data (dive BIGINT, ship VARCHAR)",)
    assert not found.is_cut


GROWING = [
    "SELECT repeat('x', 1000000000)",
    "SELECT \"repeat\"('x', 1000000000)",
    "SELECT array_to_string(range(100000000), '')",
    "SELECT list_aggregate(range(100000000), 'string_agg', ',')",
    "WITH a AS (SELECT 'x' AS x)"
    + "".join(f", a{n} AS (SELECT x || x AS x FROM a{n - 1 or ''})" for n in range(1, 33))
    + " SELECT length(x) FROM a32",
]


@pytest.mark.parametrize("sql", GROWING, ids=lambda sql: str(sql)[:40])
def test_a_value_that_grows_is_stopped_by_the_system(dives: Path, sql: str) -> None:
    with pytest.raises(ToolError, match=r"(?i)memory|took over") as failure:
        ask_table_apart(dives, sql, seconds=5.0)
    assert len(str(failure.value)) < 2_000


def test_faults_come_back_in_words(dives: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="one SELECT"):
        ask_table_apart(dives, "DROP TABLE data")
    with pytest.raises(ToolError, match="No such file"):
        ask_table_apart(tmp_path / "missing.csv", "SELECT 1")


def test_the_process_runs_no_code_of_the_folder_that_it_starts_in_and_gets_no_key(
    dives: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "duckdb.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    spy = tmp_path / "site" / "sitecustomize.py"
    spy.parent.mkdir()
    seen = tmp_path / "seen"
    spy.write_text(f"import os; open({str(seen)!r}, 'w').write(' '.join(os.environ))", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOME_API_KEY", "secret")
    monkeypatch.setattr(sys, "path", [str(spy.parent), *sys.path])
    assert ask_table_apart(dives, "SELECT 1").rows == (("1",),)
    assert "SOME_API_KEY" not in seen.read_text(encoding="utf-8")
    assert "SOME_API_KEY" in os.environ
