"""`sonde bench run` and `resume`, as a person uses them."""

from pathlib import Path

import pytest

from sonde.cli.main import main


def test_run_then_run_again_then_resume(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "run", str(suite), "--agent", "extractive", "--limit", "1"]) == 0
    first = capsys.readouterr()
    assert "bench/dives: 1 of 1 done · accuracy" in first.out
    assert "no model tokens" in first.out
    assert main(["bench", "run", str(suite), "--agent", "extractive"]) == 0
    assert "bench/dives: 2 of 2 done" in capsys.readouterr().out
    assert main(["bench", "resume", "bench/dives"]) == 0
    assert "nothing to do; 2 of 2 done" in capsys.readouterr().out


def test_each_of_several_agents_is_told_by_itself_and_what_is_pooled_is_named_so(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_round = tmp_path / "one-round.yaml"
    one_round.write_text("name: one-round\nbudget: {rounds: 1}\n", encoding="utf-8")
    command = ["bench", "run", str(suite), "--agent", "extractive", "--agent", str(one_round)]
    assert main(command) == 0
    told = capsys.readouterr()
    whole, *agents = told.out.splitlines()
    assert "4 of 4 done · pooled accuracy" in whole
    assert [line.split(" done")[0] for line in agents] == ["  extractive: 2", "  one-round: 2"]
    assert all(" · accuracy " in line for line in agents)
    assert told.err.splitlines()[0] == "0 of 4 done"


def test_another_scorer_than_the_runs_own_is_refused_with_the_next_step(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["bench", "run", str(suite), "--agent", "extractive", "--limit", "1", "-q"]
    assert main(command) == 0
    assert main([*command, "--scorer", "hotpot"]) == 2
    assert "sonde bench score bench/dives --scorer hotpot" in capsys.readouterr().err
    assert main(["bench", "score", "bench/dives", "--scorer", "hotpot"]) == 0
    assert main([*command, "--scorer", "hotpot"]) == 0


def test_a_dry_run_makes_a_handful_that_counts(
    suite: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "run", str(suite), "--agent", "extractive", "--dry-run", "-q"]) == 0
    assert "extractive: 0 attempts to come, nothing to pay" in capsys.readouterr().out
    command = ["bench", "run", str(suite), "--agent", "extractive", "--epochs", "3", "--dry-run"]
    assert main(command) == 0
    told = capsys.readouterr()
    assert "extractive: 4 attempts to come: 0 calls · tokens unknown · $0.00" in told.out
    assert "from 2 attempts" in told.out


def test_what_was_run_can_be_scored_exported_and_asked(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bench", "run", str(suite), "--agent", "extractive", "-q"])
    capsys.readouterr()
    assert main(["bench", "score", "bench/dives", "--scorer", "hotpot"]) == 0
    assert "scored by hotpot; 2 of 2 attempts changed" in capsys.readouterr().out
    submission = tmp_path / "submission.jsonl"
    arguments = ["--parquet", str(tmp_path / "tables"), "--submission", str(submission)]
    assert main(["bench", "export", "bench/dives", *arguments]) == 0
    assert "2 of 2 tasks have an answer" in capsys.readouterr().out
    assert (tmp_path / "tables" / "attempts.parquet").is_file()
    assert main(["bench", "reprice", "bench/dives"]) == 0
    assert "0 of 2 attempts changed" in capsys.readouterr().out
    assert main(["sql", "SELECT count(*) AS n FROM attempts", "--csv"]) == 0
    assert capsys.readouterr().out == "n\n2\n"


def test_a_table_that_others_published_is_taken_in_with_unknown_costs(
    suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "board.csv"
    table.write_text("model,accuracy_pct,cost_usd\na,50.0,1.5\nb,40.0,0\n", encoding="utf-8")
    assert main(["bench", "import", "csv", str(table)]) == 0
    assert "2 rows, 1 of unknown cost" in capsys.readouterr().out
    assert main(["bench", "import", "csv", str(table)]) == 0
    capsys.readouterr()
    assert main(["sql", "SELECT agent, accuracy, cost_usd FROM runs ORDER BY 1", "--csv"]) == 0
    assert capsys.readouterr().out == "agent,accuracy,cost_usd\na,0.5,1.5\nb,0.4,\n"


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
