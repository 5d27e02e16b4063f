"""A benchmark run that a limit has stopped says which limits hold it."""

import json
from pathlib import Path

import pytest

from sonde.benchmarks.runner.manifest import Manifest
from sonde.benchmarks.runner.tally import Tally
from sonde.cli.bench_limits import limits_in_words
from sonde.cli.exits import ExitCode
from sonde.cli.main import main


def test_only_limits_that_are_set_are_told_and_an_unknown_price_is_not_nothing() -> None:
    tally = Tally(total=3, clock=lambda: 0.0, tokens=1200, cost_usd=None)
    both = Manifest.model_construct(max_usd=2.0, max_tokens=1500)
    told = limits_in_words(both, tally, {})
    assert "an unknown amount of the $2.00 of the run" in told
    assert "1,200 of the 1,500 tokens of the run" in told
    assert "day" not in told
    assert limits_in_words(Manifest.model_construct(), tally, {}) == ""


def test_a_run_that_the_limit_of_the_day_stops_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SONDE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("SONDE_MAX_USD_PER_DAY", "")  # which the command sets, is restored
    suite = tmp_path / "one.jsonl"
    suite.write_text(json.dumps({"id": "a", "input": "Who?", "target": "x"}), encoding="utf-8")
    run = ["bench", "run", str(suite), "--agent", "workspace", "--model", "gpt-4o-mini"]
    out = ["--out", str(tmp_path / "run"), "--max-usd-per-day", "0"]
    assert main([*run, *out]) == ExitCode.BUDGET
    said = capsys.readouterr()
    assert "0 of 1 done" in said.out
    assert "used are $0.00 of the $0.00 of this day by UTC" in said.err
    assert "raise the limit" in said.err
