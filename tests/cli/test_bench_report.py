"""`sonde bench report|pareto|compare|check`, over folders such as a runner leaves."""

import csv
import io
import json
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench_journal import BenchJournal
from sonde.benchmarks.runner.manifest import Manifest, SuiteEntry, TaskEntry, write_manifest
from sonde.benchmarks.runner.spec import AttemptSpec, Key
from sonde.cli.main import main
from sonde.records.attempt import Attempt

_SHA = "7" * 64


def _write_run(folder: Path, scores: dict[str, Sequence[float]], *, sha256: str = _SHA) -> Path:
    """Write a finished run of agents over as many tasks as each has scores."""
    agents = tuple(AgentConfig(name=name, instructions=name) for name in scores)
    tasks = tuple(TaskEntry(id=f"t{at}") for at in range(max(map(len, scores.values()))))
    suite = SuiteEntry(ref="x", name="tiny", sha256=sha256, scorer="gaia", tasks=tasks)
    folder.mkdir()
    write_manifest(
        folder,
        Manifest(bench_id="b1", created_at=datetime.now(UTC), suite=suite, agents=agents),
    )
    path = folder / "journal-main.jsonl"
    with BenchJournal(path, worker="main", suite_sha256=sha256, clock=lambda: 0.0) as journal:
        for agent in agents:
            for at, score in enumerate(scores[agent.name]):
                spec = AttemptSpec(Key(agent.sha256, f"t{at}", 1))
                journal.start(spec)
                journal.finish(spec, _attempt(agent, at, score, sha256))
    return folder


def _attempt(agent: AgentConfig, at: int, score: float, sha256: str) -> Attempt:
    return Attempt(
        suite_sha256=sha256,
        task_id=f"t{at}",
        epoch=1,
        agent_sha256=agent.sha256,
        status="scored",
        score=score,
        cost_usd=0.01 * len(agent.name),
    )


@pytest.fixture
def run(tmp_path: Path) -> Path:
    good, bad = [1.0] * 30 + [0.0] * 10, [1.0] * 12 + [0.0] * 28
    return _write_run(tmp_path / "run", {"good": good, "weak": bad, "equal": good[::-1]})


def test_a_report_goes_to_stdout_as_markdown(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "report", str(run)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# Accuracy against cost\n\n## tiny\n")
    assert "| good | 75.0 % (59.8–85.8) | 30/40 | $0.0400 |" in out


def test_a_file_is_written_in_the_form_that_its_name_ends_in(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    assert main(["bench", "report", str(run), "-o", str(page), "--at", "0.02"]) == 0
    assert f"the report is in {page}" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    table = tmp_path / "report.csv"
    assert main(["bench", "report", f"{run}:good", "-o", str(table)]) == 0
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["run"] for row in rows] == ["good"]
    assert main(["bench", "report", str(run), "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["sections"][0]["runs"]) == 3


def test_pareto_marks_what_stands_on_the_frontier(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "pareto", str(run)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "tiny: 40 tasks"
    marks = {line[3:].split()[0]: line[0] for line in lines[2:5]}
    assert marks == {"good": "*", "equal": " ", "weak": " "}


def test_compare_gates_on_a_significant_loss(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = [f"{run}:good", f"{run}:weak"]
    assert main(["bench", "compare", *pair]) == 0
    out = capsys.readouterr().out
    assert "−45.0 points" in out
    assert "A alone passes 18, B alone 0" in out
    assert out.splitlines()[-1] == "B is worse at 0.05, one-sided"
    assert main(["bench", "compare", *pair, "--gate"]) == 3
    assert main(["bench", "compare", *reversed(pair), "--gate"]) == 0
    assert main(["bench", "compare", *pair, "--gate", "--alpha", "1e-6"]) == 0


def test_the_same_agent_in_two_folders_is_told_apart_by_its_folder(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    shutil.copytree(run, other)
    assert main(["bench", "compare", f"{run}:good", f"{other}:good"]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first.endswith(f"{run}/good")
    assert second.endswith(f"{other}/good")


def test_compare_as_json_says_whether_it_is_a_regression(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "compare", f"{run}:good", f"{run}:weak", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["is_regression"] is True
    assert (told["a_only"], told["b_only"], told["tasks"]) == (18, 0, 40)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "nowhere"], "no folder 'nowhere' of a benchmark run"),
        (["compare", "{run}", "{run}:good"], "holds 3 runs; write one of"),
        (["compare", "{run}:good", "{run}:zebra"], "no agent 'zebra'; there are: good, weak"),
        (["report", "{run}", "--baseline", "zebra"], "no run 'zebra' to compare with"),
        (["report", "{run}", "-o", "{run}"], "is a folder; name a file in it"),
        (["check", "{run}/none.csv"], "cannot read the table"),
    ],
)
def test_what_must_be_mended_is_told_in_one_line(
    run: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["bench", *(each.format(run=run) for each in arguments)]) == 2
    told = capsys.readouterr().err.strip().splitlines()
    assert len(told) == 1
    assert said in told[0]


def test_runs_of_different_suites_are_not_compared(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = _write_run(tmp_path / "other", {"good": [1.0] * 5}, sha256="8" * 64)
    assert main(["bench", "compare", f"{run}:good", str(other)]) == 2
    assert "only runs of the same tasks can be compared" in capsys.readouterr().err


def test_check_lists_what_does_not_follow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    table.write_text(
        "model,accuracy_pct,cost_usd,cost_of_pass\nok,50,0.1,0.2\noff,50,0.1,0.9\nfree,50.1,0,\n",
        encoding="utf-8",
    )
    assert main(["bench", "check", str(table), "--tasks", "10"]) == 0
    out = capsys.readouterr().out
    assert "cost-of-pass follows from cost and accuracy in 1 of 2" in out
    assert "accuracy: free: 50.1 % of 10 tasks is 5.01, no whole number" in out
    assert "frontier: 2 points: ok, off" in out
    assert main(["bench", "check", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unknown_cost"] == ["free"]
