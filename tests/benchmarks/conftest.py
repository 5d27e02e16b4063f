"""Made-up runs: what a runner would have left, without running anything."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from sonde.benchmarks.bench_run import BenchRun
from sonde.records.attempt import Attempt
from sonde.records.stopping import StopReason
from sonde.records.usage import Usage

SUITE = "5" * 64
MakeRun = Callable[..., BenchRun]


def make_run(
    name: str = "agent",
    *,
    scores: Sequence[Sequence[float]] | None = None,
    tasks: int = 40,
    epochs: int = 1,
    accuracy: float = 0.5,
    cost_usd: float | None = 0.01,
    seed: int = 0,
    **more: object,
) -> BenchRun:
    """Return a run; its scores are given, or drawn at an accuracy."""
    rng = np.random.default_rng(seed)
    if scores is None:
        drawn = rng.uniform(size=(tasks, epochs)) < accuracy
        scores = [[float(each) for each in row] for row in drawn]
    ids = [f"t{at:03}" for at in range(len(scores))]
    attempts = [
        _attempt(name, task, epoch, score, cost_usd=_cost(cost_usd, rng), at=at)
        for at, (task, row) in enumerate(zip(ids, scores, strict=True))
        for epoch, score in enumerate(row, start=1)
    ]
    run = BenchRun(
        run_id=f"run-{name}",
        agent=name,
        agent_sha256=name.ljust(64, "0"),
        suite="made-up",
        suite_sha256=SUITE,
        task_ids=tuple(ids),
        epochs=len(scores[0]) if scores else 1,
        price_book="book-2026",
        attempts=tuple(attempts),
    )
    return replace(run, **more)  # pyright: ignore[reportArgumentType] -- fields by name


def _cost(mean: float | None, rng: np.random.Generator) -> float | None:
    return None if mean is None else float(mean * rng.lognormal(0, 0.4))


def _attempt(
    name: str, task: str, epoch: int, score: float, *, cost_usd: float | None, at: int
) -> Attempt:
    total = cost_usd or 0.0
    return Attempt(
        suite_sha256=SUITE,
        task_id=task,
        epoch=epoch,
        agent_sha256=name,
        status="scored",
        level=str(1 + at % 3),
        score=score,
        stop_reason=StopReason.ANSWERED,
        rounds=2 + at % 4,
        steps=3 + at % 5,
        usage=Usage(uncached_input=1000 + at, cache_read=200, output=100, reasoning=50),
        text_bytes=5400,
        cost_usd=cost_usd,
        billed_usd=None if cost_usd is None else cost_usd / 2,
        wall_s=1.0 + at / 10,
        entities_required=4 if at % 2 else None,
        entities_found=3 if at % 2 else None,
        detail={
            "hops": 2 + at % 2,
            "tools": {"search": 2, "open": 1},
            "by_node": {"decide": {"cost_usd": total * 0.8}, "answer": {"cost_usd": total * 0.2}},
            "by_tool": {"search": {"cost_usd": total * 0.6}, "open": {"cost_usd": total * 0.2}},
        },
    )


@pytest.fixture(name="make_run")
def make_run_fixture() -> MakeRun:
    """Return what makes a run."""
    return make_run
