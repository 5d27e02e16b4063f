"""`sonde runs cost`, and the limit of a day on the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pytest

from sonde import Agent, ModelPrice, PriceBook, ScriptedModel
from sonde.costs.day_ledger import DayLedger
from sonde.costs.frozen_book import freeze
from sonde.records.stopping import StopReason

_ANSWER = "<report>read</report><answer>26 August 1953</answer>"
_PRICES = PriceBook(
    book_id="t", prices={"scripted": ModelPrice(input_per_mtok=1000.0, output_per_mtok=1000.0)}
)


class _Outcome(Protocol):
    code: int
    out: str
    err: str


Sonde = Callable[..., _Outcome]
QUESTION = "When was the bathyscaphe Trieste launched?"


def _agent(home: Path, corpus: Path, **environ: str) -> Agent:
    return Agent(
        ScriptedModel([_ANSWER] * 4), corpus=corpus, home=home, prices=_PRICES, environ=environ
    )


def test_costs_are_summed_by_model_day_node_and_tool(
    sonde: Sonde, home: Path, corpus: Path
) -> None:
    result = _agent(home, corpus).run(QUESTION)
    told = json.loads(sonde("runs", "cost", "--json").out)
    assert set(told) == {"model", "day", "node", "tool", "booked_today_usd"}
    for way in ("model", "day", "node", "tool"):
        assert sum(line["cost_usd"] for line in told[way]) == pytest.approx(result.cost_usd)
    assert told["booked_today_usd"] == pytest.approx(result.cost_usd)
    shown = sonde("runs", "cost", result.run_id, "--by", "model")
    assert shown.out.splitlines()[0].split() == [
        "by",
        "model",
        "calls",
        "tokens",
        "list",
        "price",
        "time",
    ]
    assert "in all" in shown.out
    assert "1 run; booked today (UTC), at most: $" in shown.err


def test_a_benchmarks_folder_stands_for_all_of_its_attempts(
    sonde: Sonde, home: Path, corpus: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bench"
    results = [_agent(folder / "agents", corpus).run(QUESTION) for _ in range(2)]
    (folder / "bench.json").write_text("{}", encoding="utf-8")
    told = json.loads(sonde("runs", "cost", folder, "--by", "node", "--json").out)
    spent = sum(result.cost_usd or 0.0 for result in results)
    assert sum(line["cost_usd"] for line in told["node"]) == pytest.approx(spent)
    assert sonde("runs", "cost").out.startswith(f"no runs in {home}")


def test_runs_without_a_model_say_so(sonde: Sonde, corpus: Path) -> None:
    assert "no runs in" in sonde("runs", "cost").out
    sonde("ask", QUESTION, "--corpus", corpus, "-q")
    assert "by model: no model was called" in sonde("runs", "cost").out


def test_calls_are_priced_again_under_a_frozen_book(
    sonde: Sonde, home: Path, corpus: Path, tmp_path: Path
) -> None:
    result = _agent(home, corpus).run(QUESTION)
    cheap = PriceBook(
        book_id="cheap",
        prices={"scripted": ModelPrice(input_per_mtok=100.0, output_per_mtok=100.0)},
    )
    told = json.loads(
        sonde("runs", "cost", "--prices", freeze(cheap, tmp_path), "--by", "model", "--json").out
    )
    assert told["price_book"] == "cheap"
    assert result.cost_usd is not None
    assert told["model"][0]["cost_usd"] == pytest.approx(result.cost_usd / 10)
    shown = sonde("runs", "cost", "--prices", freeze(cheap, tmp_path))
    assert "priced by cheap" in shown.err
    missing = sonde("runs", "cost", "--prices", tmp_path / "no.toml")
    assert missing.code == 2
    assert "there is no file" in missing.err


def test_the_limit_of_a_day_stops_the_next_run(home: Path, corpus: Path) -> None:
    first = _agent(home, corpus).run(QUESTION)
    assert first.stop_reason is StopReason.ANSWERED
    spent = DayLedger(home / "spending.db").spent_usd()
    assert spent == pytest.approx(first.cost_usd)
    second = _agent(home, corpus, SONDE_MAX_USD_PER_DAY=str(spent)).run(QUESTION)
    assert second.stop_reason is StopReason.BUDGET_USD
    assert second.cost_usd == 0.0
    assert DayLedger(home / "spending.db").spent_usd() == pytest.approx(spent)


def test_a_limit_that_is_no_amount_is_told(
    sonde: Sonde, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SONDE_MAX_USD_PER_DAY", "lots")
    outcome = sonde("ask", QUESTION, "--corpus", corpus, "-q")
    assert outcome.code == 2
    assert "SONDE_MAX_USD_PER_DAY='lots' is no amount" in outcome.err
