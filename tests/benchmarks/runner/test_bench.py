"""A run from its plan to its end, in one process."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench import BenchEnd
from sonde.benchmarks.runner.bench_journal import BenchJournal
from sonde.benchmarks.runner.loading import load_run, load_runs
from sonde.benchmarks.runner.remaining import key_of
from sonde.benchmarks.runner.spec import AttemptSpec, Shard
from sonde.records.errors import SetupError
from sonde.records.stopping import StopReason

if TYPE_CHECKING:
    from conftest import Bench, MakeConfig


def test_every_task_is_attempted_and_scored(bench: "Bench") -> None:
    outcome = bench.run()
    run = load_run(bench.folder)
    assert outcome.end is BenchEnd.FINISHED
    assert [a.task_id for a in run.attempts] == list(run.task_ids)
    assert [a.score for a in run.attempts] == [1, 1, 1, 1, 1, 0]
    first = run.attempts[0]
    assert (first.prediction, first.stop_reason, first.level) == ("2", StopReason.ANSWERED, "2")
    assert (first.rounds, first.steps, first.usage.total) == (2, 1, 240)
    assert first.cost_usd == pytest.approx(2 * (100 * 1 + 20 * 2) / 1e6)
    assert first.detail["calls"] == 2
    assert first.detail["tools"] == {"double": 1}


def test_a_finished_run_started_again_does_nothing(bench: "Bench") -> None:
    bench.run()
    journal = (bench.folder / "journal-main.jsonl").read_bytes()
    again = bench.run()
    assert (again.made, again.tally.done, again.tally.total) == (0, 6, 6)
    assert (bench.folder / "journal-main.jsonl").read_bytes() == journal


def test_a_task_that_two_machines_made_is_told_once_and_paid_twice(bench: "Bench") -> None:
    """As where one that was thought to be gone had ended an attempt and not yet sent it."""
    tokens = bench.run().tally.tokens
    first = load_run(bench.folder).attempts[0]
    spec = AttemptSpec(key_of(first), retry=1)
    with BenchJournal(
        bench.folder / "journal-other.jsonl",
        worker="other",
        suite_sha256=first.suite_sha256,
        clock=lambda: 0.0,
    ) as journal:
        journal.start(spec)
        journal.finish(spec, replace(first, retry=1, score=0.0))

    again = bench.run()

    assert (again.made, again.tally.done, again.tally.pooled.score) == (0, 6, 4)
    assert tokens is not None
    assert first.usage.total == 240
    assert again.tally.tokens == tokens + 240
    run = load_run(bench.folder)
    assert [a.score for a in run.attempts] == [0, 1, 1, 1, 1, 0]
    assert len(run.earlier) == 1


def test_more_tasks_repetitions_and_agents_are_added_to_what_is_there(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    assert bench.run(limit=2).made == 2
    assert bench.run(limit=4).made == 2
    assert bench.run(limit=3).made == 0
    assert bench.run(limit=4, epochs=2).made == 4
    other = make_config("other", instructions="Be brief.")
    assert bench.run([make_config(), other], limit=4, epochs=2).made == 8
    clever, brief = load_runs(bench.folder)
    assert (clever.agent, brief.agent) == ("clever", "other")
    assert [(a.task_id, a.epoch) for a in brief.attempts] == [
        (f"t{n}", epoch) for n in range(1, 5) for epoch in (1, 2)
    ]
    with pytest.raises(SetupError, match="several agents: clever, other"):
        load_run(bench.folder)
    assert load_run(bench.folder, "other") == brief


def test_infrastructure_errors_are_no_answers_and_are_made_again(
    bench: "Bench", make_config: "MakeConfig", monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = make_config(settings={"fails": "2 4"})
    first = bench.run([broken])
    run = load_run(bench.folder)
    failed = [a for a in run.attempts if a.status == "error"]
    assert [a.task_id for a in failed] == ["t2", "t4"]
    assert failed[0].score is None
    assert "no route" in (failed[0].error or "")
    assert (first.tally.done, first.tally.errors) == (4, 2)
    assert len(run.task_ids) == 6
    again = bench.run([broken])
    assert again.made == 2
    run = load_run(bench.folder)
    assert [(a.task_id, a.retry) for a in run.earlier] == [("t2", 0), ("t4", 0)]
    assert [a.retry for a in run.attempts if a.status == "error"] == [1, 1]


def test_a_run_in_which_everything_fails_is_stopped(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    broken = make_config(settings={"fails": "1 2 3 4 5 6"})
    outcome = bench.run([broken], epochs=4, max_conn=2)
    assert outcome.end is BenchEnd.HOPELESS
    assert 8 <= outcome.made <= 10  # eight, and what was under way by then
    assert "no route" in outcome.tally.last_error


def test_shards_never_overlap_and_together_are_the_whole(bench: "Bench") -> None:
    made = [bench.run(shard=Shard(n, 3)).made for n in (1, 2, 3)]
    assert sum(made) == 6
    assert [a.score for a in load_run(bench.folder).attempts] == [1, 1, 1, 1, 1, 0]
    assert bench.run().made == 0


def test_another_suite_or_another_agent_of_the_same_name_is_refused(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    bench.run()
    with pytest.raises(SetupError, match="another configuration or other limits"):
        bench.run([make_config(instructions="Be brief.")])
    with pytest.raises(SetupError, match="another configuration or other limits"):
        bench.run(task_timeout_s=5.0)
    bench.suite.write_text('{"id": "t1", "input": "What is twice 1?", "target": "2"}\n', "utf-8")
    with pytest.raises(SetupError, match="a run of another suite"):
        bench.run()


@pytest.mark.parametrize("own", [{}, {"budget": {"tokens": 100_000}}])
def test_a_limit_of_the_run_is_kept_and_can_be_raised(
    own: dict[str, object], bench: "Bench", make_config: "MakeConfig"
) -> None:
    agents = [make_config(**own)]
    outcome = bench.run(agents, max_tokens=6_000, max_conn=3)
    assert outcome.end is BenchEnd.LIMIT
    before = load_run(bench.folder).attempts
    assert sum(a.usage.total or 0 for a in before) <= 6_000
    cut = {a.task_id for a in before if a.stop_reason is StopReason.BUDGET_TOKENS}
    assert cut
    assert all(a.status == "scored" for a in before)  # on the last answer that it had
    again = bench.run(agents, max_tokens=20_000, max_conn=3)
    assert again.made == 6 - (len(before) - len(cut))
    after = load_run(bench.folder).attempts
    assert [a.stop_reason for a in after] == [StopReason.ANSWERED] * 6


@pytest.mark.parametrize("at_a_time", [1, 6])
def test_what_tools_buy_is_asked_of_the_limit_of_the_run_before(
    at_a_time: int, bench: "Bench"
) -> None:
    agent = AgentConfig(name="buying", factory="bench_support:buying", settings={"tells": True})
    outcome = bench.run([agent], max_usd=0.6, max_conn=at_a_time)
    assert outcome.end is BenchEnd.LIMIT
    costs = [a.cost_usd or 0 for a in load_run(bench.folder).attempts]
    assert sum(cost > 0.25 for cost in costs) == 2
    assert sum(costs) <= 0.6


def test_what_a_tool_buys_without_notice_counts_for_the_next_attempt(bench: "Bench") -> None:
    agent = AgentConfig(name="buying", factory="bench_support:buying")
    assert bench.run([agent], max_usd=0.6, max_conn=1).end is BenchEnd.LIMIT
    costs = [a.cost_usd or 0 for a in load_run(bench.folder).attempts]
    assert sum(cost > 0.25 for cost in costs) == 3  # the third passed the limit unannounced


def test_a_limit_of_its_own_is_a_verdict_on_the_agent(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    one_round = make_config(budget={"rounds": 1})
    bench.run([one_round])
    assert [a.stop_reason for a in load_run(bench.folder).attempts] == [
        StopReason.BUDGET_ROUNDS
    ] * 6
    assert bench.run([one_round]).made == 0


def test_a_limit_in_dollars_needs_a_known_price_before_the_first_attempt(bench: "Bench") -> None:
    model = AgentConfig(name="m", model="openai:nobody-sells-this", base_url="http://127.0.0.1:9")
    with pytest.raises(SetupError, match="no price is known for model 'nobody-sells-this'"):
        bench.run([model], max_usd=1.0)
    assert not load_run(bench.folder).attempts
