"""What is done to a finished run: merged, scored again, priced again, imported, handed in."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.handing_in import hand_in
from sonde.benchmarks.runner.inspect_log import import_inspect, usage_of
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.manifest import read_manifest
from sonde.benchmarks.runner.merging import merge_runs
from sonde.benchmarks.runner.planning import suite_of
from sonde.benchmarks.runner.prediction import predict, probe_keys, sum_to_come
from sonde.benchmarks.runner.revising import reprice_run, rescore
from sonde.benchmarks.runner.spec import Shard
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.memory.warehouse.taking_in import take_in_bench
from sonde.memory.warehouse.warehouse import Warehouse
from sonde.records.errors import SetupError

if TYPE_CHECKING:
    from conftest import Bench, MakeConfig

_SHARED = os.environ.get("SONDE_SHARED_DATA")
_LOGS = (Path(_SHARED) if _SHARED else Path(__file__).parents[4] / "shared" / "data") / (
    "inspect_logs"
)


def _told(folder: Path) -> list[tuple[object, ...]]:
    """Return what a run is, without what differs from day to day."""
    run = load_run(folder)
    return [
        (a.task_id, a.epoch, a.status, a.prediction, a.score, a.usage, a.cost_usd, a.rounds)
        for a in run.attempts
    ]


def test_two_shards_merged_are_the_run_itself(bench: "Bench", tmp_path: Path) -> None:
    parts = [tmp_path / "one", tmp_path / "two"]
    for number, part in enumerate(parts, start=1):
        bench.run(folder=part, shard=Shard(number, 2), epochs=2)
    merge_runs(parts, tmp_path / "merged")
    bench.run(epochs=2)
    assert _told(tmp_path / "merged") == _told(bench.folder)
    assert len(_told(bench.folder)) == 12
    assert bench.run(folder=tmp_path / "merged", epochs=2).made == 0
    columns = "task_id, epoch, status, score, tokens, cost_usd, is_last"
    tables: list[object] = []
    for folder in (tmp_path / "merged", bench.folder):
        with Warehouse.in_memory() as warehouse:
            take_in_bench(warehouse, folder)
            tables.append(warehouse.ask(f"SELECT {columns} FROM attempts ORDER BY ALL").rows)
            tables.append(warehouse.ask("SELECT count(*), sum(tokens) FROM calls").rows)
    assert tables[:2] == tables[2:]


def test_parts_that_overlap_or_do_not_belong_together_are_refused(
    bench: "Bench", make_config: "MakeConfig", tmp_path: Path
) -> None:
    bench.run()
    bench.run(folder=tmp_path / "same")
    with pytest.raises(SetupError, match="hold the same attempts"):
        merge_runs([bench.folder, tmp_path / "same"], tmp_path / "merged")
    bench.run([make_config(alpha=0.2)], folder=tmp_path / "other")
    with pytest.raises(SetupError, match="another configuration"):
        merge_runs([bench.folder, tmp_path / "other"], tmp_path / "merged")
    with pytest.raises(SetupError, match="two folders or more"):
        merge_runs([bench.folder], tmp_path / "merged")
    assert not (tmp_path / "merged" / "bench.json").exists()


def test_scoring_again_changes_scores_alone(bench: "Bench") -> None:
    bench.run()
    before = load_run(bench.folder)
    suite = suite_of(read_manifest(bench.folder))
    assert rescore(bench.folder, suite, scorer="gaia").changed == 0
    revised = rescore(bench.folder, suite, scorer="f1")
    assert revised.changed == 6
    after = load_run(bench.folder)
    assert [a.detail["scorer"] for a in after.attempts] == ["f1"] * 6
    assert [a.usage for a in after.attempts] == [a.usage for a in before.attempts]
    assert rescore(bench.folder, suite, scorer="gaia").changed == 6
    assert load_run(bench.folder).attempts == before.attempts
    assert bench.run().made == 0


def test_pricing_again_changes_the_list_cost_alone(bench: "Bench") -> None:
    bench.run()
    dear = ModelPrice(input_per_mtok=10.0, output_per_mtok=20.0)
    book = PriceBook(book_id="dear", prices={"scripted": dear})
    before = load_run(bench.folder).attempts[0]
    assert reprice_run(bench.folder, book).changed == 6
    after = load_run(bench.folder).attempts[0]
    assert before.cost_usd is not None
    assert after.cost_usd == pytest.approx(10 * before.cost_usd)
    assert after.billed_usd == before.billed_usd
    assert reprice_run(bench.folder, book).changed == 0
    assert reprice_run(bench.folder, PriceBook(book_id="empty")).changed == 6
    assert load_run(bench.folder).attempts[0].cost_usd is None
    with Warehouse.in_memory() as warehouse:
        take_in_bench(warehouse, bench.folder)
        assert warehouse.ask("SELECT DISTINCT cost_usd FROM attempts").rows == [(None,)]


def test_what_tools_bought_stays_on_the_bill_when_tokens_are_priced_again(bench: "Bench") -> None:
    bench.run([AgentConfig(name="buying", factory="bench_support:buying")], limit=1)
    before = load_run(bench.folder).attempts[0].cost_usd
    assert before is not None
    dear = ModelPrice(input_per_mtok=10.0, output_per_mtok=20.0)
    assert reprice_run(bench.folder, PriceBook(book_id="dear", prices={"scripted": dear})).changed
    after = load_run(bench.folder).attempts[0].cost_usd
    assert before > 0.25
    assert after == pytest.approx(0.25 + 10 * (before - 0.25))


def test_what_tools_bought_at_list_price_is_priced_again(bench: "Bench") -> None:
    config = AgentConfig(name="listed", factory="bench_support:buying", settings={"listed": True})
    bench.run([config], limit=1)
    model = ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)
    costs: list[float] = []
    for usd in (0.5, 2.0):
        book = PriceBook(book_id=f"at {usd}", prices={"scripted": model}, services={"shop": usd})
        assert reprice_run(bench.folder, book).changed == 1
        costs.append(load_run(bench.folder).attempts[0].cost_usd or 0.0)
    assert costs[1] - costs[0] == pytest.approx(1.5)


def test_a_submission_has_one_row_for_each_task(bench: "Bench", tmp_path: Path) -> None:
    bench.run(limit=6)
    path = tmp_path / "submission.jsonl"
    assert hand_in(load_run(bench.folder), path) == 6
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert rows[0] == {
        "task_id": "t1",
        "model_answer": "2",
        "reasoning_trace": "double 1 times",
    }
    assert len(rows) == 6


def test_what_is_to_come_is_predicted_from_what_is_known(bench: "Bench") -> None:
    bench.run(limit=2)
    manifest = read_manifest(bench.folder).model_copy(update={"epochs": 3})
    (told,) = predict(manifest, load_run(bench.folder).attempts)
    assert (told.known, told.to_come) == (2, 4)
    assert told.tokens is not None
    assert (told.tokens.mean, told.tokens.low, told.tokens.high) == (960, 960, 960)
    assert told.calls is not None
    assert told.calls.mean == 8
    assert len(probe_keys(manifest, 2)) == 2


def test_a_sum_to_come_is_as_wide_as_what_it_rests_on() -> None:
    few, many = sum_to_come([1.0, 3.0], 100), sum_to_come([1.0, 3.0] * 20, 100)
    assert few is not None
    assert many is not None
    assert few.mean == many.mean == 200.0
    assert few.high - few.low > 3 * (many.high - many.low)
    assert sum_to_come([1.0, None], 10) is None
    assert sum_to_come([1.0], 10) is None


@pytest.mark.skipif(not _LOGS.is_dir(), reason="needs logs of Inspect; set SONDE_SHARED_DATA")
def test_a_log_of_inspect_becomes_a_run(tmp_path: Path) -> None:
    (path,) = _LOGS.glob("*popularity.json")
    import_inspect(path, tmp_path / "run")
    run = load_run(tmp_path / "run")
    assert (run.agent, run.suite, len(run.task_ids)) == ("openai-gpt-4o-mini", "popularity", 3)
    assert sorted(a.score or 0 for a in run.attempts) == [0.0, 1.0, 1.0]
    assert sum(a.usage.total or 0 for a in run.attempts) == 198
    assert {a.cost_usd for a in run.attempts} == {None}
    price = ModelPrice(input_per_mtok=0.15, output_per_mtok=0.6)
    book = PriceBook(book_id="b", prices={"openai/gpt-4o-mini": price})
    reprice_run(tmp_path / "run", book)
    costs = [a.cost_usd or 0 for a in load_run(tmp_path / "run").attempts]
    assert sum(costs) == pytest.approx((192 * 0.15 + 6 * 0.6) / 1e6)
    with pytest.raises(SetupError, match="holds a run already"):
        import_inspect(path, tmp_path / "run")


def test_cached_tokens_are_counted_once_whether_or_not_they_are_inside_the_input() -> None:
    told = {"output_tokens": 20, "total_tokens": 120, "input_tokens_cache_read": 60}
    inside = usage_of({"input_tokens": 100, **told})
    beside = usage_of({"input_tokens": 40, **told})
    assert inside == beside
    assert inside.total == 120
