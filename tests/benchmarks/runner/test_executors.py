"""Workers in processes of their own, and what becomes of their attempts when one dies."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sonde.benchmarks.executors.choosing import ExecutorName, shares_of
from sonde.benchmarks.executors.executor import pooled
from sonde.benchmarks.executors.procs import ProcessWorker
from sonde.benchmarks.executors.pulse import Pulse, until_silent
from sonde.benchmarks.executors.worker_side import Share
from sonde.benchmarks.runner.agent_config import AgentConfig
from sonde.benchmarks.runner.bench import BenchEnd, Sitting
from sonde.benchmarks.runner.bench_journal import BenchJournal, read_log
from sonde.benchmarks.runner.loading import load_run
from sonde.benchmarks.runner.planning import Wishes, plan_bench
from sonde.benchmarks.runner.spec import AttemptSpec, Key
from sonde.benchmarks.runner.tally import Tally
from sonde.costs.purse import Purse, Sum
from sonde.records.attempt import Attempt
from sonde.records.errors import SetupError

if TYPE_CHECKING:
    from conftest import Bench, MakeConfig


@pytest.fixture
def sitting(suite_file: Path, tmp_path: Path, make_config: "MakeConfig") -> Iterator[Sitting]:
    """A run of at most seven requests at a time, two dollars and a thousand tokens."""
    wishes = Wishes(suite=str(suite_file), max_conn=7, max_usd=2.0, max_tokens=1_000)
    plan = plan_bench(wishes, [make_config()])
    with BenchJournal(
        tmp_path / "journal.jsonl", worker="main", suite_sha256="s", clock=lambda: 0.0
    ) as journal:
        yield Sitting(
            manifest=plan.manifest,
            suite=plan.suite,
            folder=tmp_path,
            worker="main",
            journal=journal,
            purse=Purse(usd=2.0, tokens=1_000, clock=lambda: 0.0),
        )


_PULSE = Pulse(beat_s=0.2, silence_s=10.0)


def _check_worker_lost(bench: "Bench", config: "AgentConfig", executor: ExecutorName) -> None:
    """Run with an agent that ends or stops its worker at task 3; every task ends exactly once."""
    outcome = bench.run([config], executor=executor, max_conn=4, pulse=_PULSE)
    run = load_run(bench.folder)
    assert [a.task_id for a in run.attempts] == list(run.task_ids)
    assert [a.score for a in run.attempts] == [1, 1, 1, 1, 1, 0]
    assert (outcome.made, outcome.tally.done, outcome.tally.errors) == (6, 6, 0)
    lost = {a.task_id for a in run.earlier}
    assert "t3" in lost
    assert {a.status for a in run.earlier} == {"abandoned"}
    assert all(a.run_id for a in run.earlier)
    log = read_log(bench.folder)
    assert not log.in_flight
    assert len(log.finished) == 6 + len(run.earlier)
    assert bench.run([config], executor=executor).made == 0


def test_a_killed_process_loses_nothing(bench: "Bench", make_config: "MakeConfig") -> None:
    _check_worker_lost(bench, make_config(settings={"kills": "3"}), "procs")


def test_a_process_that_is_stopped_but_alive_is_given_up_and_loses_nothing(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    _check_worker_lost(bench, make_config(settings={"stops": "3"}), "procs")


def test_a_worker_is_given_up_after_its_silence_and_not_for_waiting_to_begin() -> None:
    async def ticks_until_silent(signs: Sequence[int], pulse: Pulse) -> int:
        asked = iter(signs)
        count = 0

        def told() -> int:
            nonlocal count
            count += 1
            return next(asked, signs[-1])

        await until_silent(told, pulse)
        return count // 2

    quick = Pulse(silence_s=0.004, begin_s=0.012)
    assert asyncio.run(ticks_until_silent([0, 0], quick)) == 12
    assert asyncio.run(ticks_until_silent([0, 0] * 3 + [1, 1] + [2, 2], quick)) == 3 + 2 + 4


def test_workers_keep_a_limit_of_the_whole_run_together(bench: "Bench") -> None:
    outcome = bench.run(executor="procs", max_tokens=6_000, max_conn=2)
    assert outcome.end is BenchEnd.LIMIT
    run = load_run(bench.folder)
    assert sum(a.usage.total or 0 for a in run.attempts) <= 6_000
    assert bench.run(executor="procs", max_tokens=60_000).end is BenchEnd.FINISHED
    assert [a.score for a in load_run(bench.folder).attempts] == [1, 1, 1, 1, 1, 0]


def test_a_share_is_smaller_by_what_is_used() -> None:
    share = Share(max_conn=4, usd=1.0, tokens=100)
    assert share.less(Sum(tokens=30, usd=0.25)) == Share(max_conn=4, usd=0.75, tokens=70)
    assert share.less(Sum(tokens=300, usd=None)).tokens == 0
    assert Share(max_conn=1).less(Sum(tokens=30)) == Share(max_conn=1)


@pytest.mark.parametrize(
    ("workers", "shares"), [(1, [7]), (2, [4, 3]), (3, [3, 2, 2]), (9, [1] * 7)]
)
def test_workers_together_keep_every_limit_of_the_run(
    sitting: Sitting, workers: int, shares: list[int]
) -> None:
    found = shares_of(sitting, workers)
    assert [each.max_conn for each in found] == shares
    assert sum(each.tokens or 0 for each in found) <= 1_000
    assert sum(each.usd or 0.0 for each in found) == pytest.approx(2.0)


def test_no_workers_are_refused(sitting: Sitting) -> None:
    with pytest.raises(SetupError, match="--workers 1 or more"):
        shares_of(sitting, 0)


def test_what_a_worker_process_cannot_begin_with_is_told(tmp_path: Path) -> None:
    async def try_it() -> None:
        worker = await ProcessWorker.start(tmp_path, "procs-1-1", Share(max_conn=1))
        try:
            await worker.attempt(AttemptSpec(Key("a", "t", 1)))
        finally:
            await worker.aclose()

    with pytest.raises(SetupError, match="holds no benchmark run"):
        asyncio.run(try_it())


def test_a_worker_that_cannot_write_ends_the_run_and_says_why(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    with pytest.raises(SetupError, match="cannot write the journal"):
        bench.run([make_config(settings={"fills": "2"})], executor="procs", max_conn=2)


def test_what_is_under_way_ends_when_one_attempt_cannot_be_made() -> None:
    ended: list[str] = []

    async def make(spec: AttemptSpec) -> Attempt:
        if spec.key.task_id == "t1":
            raise SetupError("the disk is full")
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(spec.key.task_id)
        raise AssertionError("nobody sets the event")

    async def try_it() -> list[str]:
        specs = [AttemptSpec(Key("a", f"t{number}", 1)) for number in range(3)]
        watch = Tally(total=3, clock=lambda: 0.0)
        with pytest.raises(SetupError, match="full"):
            async for _ in pooled(specs, make, slots=3, watch=watch):
                raise AssertionError("no attempt ends")
        return list(ended)  # as it stands when the pool has ended

    assert sorted(asyncio.run(try_it())) == ["t0", "t2"]


def _check_actors_with_homes_of_their_own(bench: "Bench", config: AgentConfig) -> None:
    """Run behind a URL with actors whose home is not the leader's, as on other machines."""
    pytest.importorskip("fsspec")
    from remote_support import sit

    home = bench.folder.parent
    place, outcome = sit(
        (home / "store").as_uri(),
        bench.suite,
        home / "leader",
        agents=[config],
        executor="ray",
        max_conn=4,
    )
    run = load_run(place.folder)
    assert (outcome.made, outcome.tally.errors) == (6, 0)
    assert [a.score for a in run.attempts] == [1, 1, 1, 1, 1, 0]
    own = {path.name for path in place.folder.glob("journal-*") if "~" not in path.name}
    assert own == {"journal-main.jsonl"}  # all else was sent by the actors
    log = read_log(place.folder)
    assert not log.in_flight
    assert all(a.status == "abandoned" for a in run.earlier)


def test_an_actor_of_a_real_cluster_that_is_killed_or_stopped_loses_nothing(
    bench: "Bench", make_config: "MakeConfig"
) -> None:
    ray = pytest.importorskip("ray")
    try:
        _check_worker_lost(bench, make_config(settings={"kills": "3"}), "ray")
        elsewhere = replace(bench, folder=bench.folder.with_name("stopped"))
        _check_worker_lost(elsewhere, make_config(settings={"stops": "3"}), "ray")
        _check_actors_with_homes_of_their_own(bench, make_config(settings={"kills": "3"}))
    finally:
        ray.shutdown()
