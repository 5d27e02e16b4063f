"""A run's folder as the report reads it."""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from ...records.attempt import Attempt
from ...records.errors import SetupError
from ..bench_run import BenchRun
from .bench_journal import BenchLog, read_log
from .manifest import Manifest, read_manifest
from .member_calls import member_runs
from .places import agents_home
from .remaining import left_under_way

_RANK = {"abandoned": 0, "error": 1, "unscored": 2, "scored": 2}


def load_runs(folder: str | Path) -> tuple[BenchRun, ...]:
    """Return the runs of a folder, one for each agent, whether or not they are finished.

    Raises:
        SetupError: The folder holds no benchmark run, or cannot be read.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    log = read_log(path)
    attempts = [*log.finished.values(), *_in_flight(log, agents_home(path))]
    by_agent: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        by_agent[attempt.agent_sha256].append(attempt)
    return tuple(
        _run(manifest, number, by_agent[agent.sha256])
        for number, agent in enumerate(manifest.agents)
    )


def load_run(folder: str | Path, agent: str | None = None) -> BenchRun:
    """Return the run of one agent.

    Args:
        folder: Folder of the run.
        agent: Name of the agent; None where the folder holds one alone.

    Raises:
        SetupError: There is no such run, or more than one.
    """
    runs = load_runs(folder)
    named = [run for run in runs if agent is None or run.agent == agent]
    if len(named) == 1:
        return named[0]
    names = ", ".join(run.agent for run in runs)
    if agent is not None:
        raise SetupError(f"{folder} holds no agent {agent!r}; it holds {names}")
    raise SetupError(f"{folder} holds several agents: {names}; name one")


def _run(manifest: Manifest, number: int, attempts: list[Attempt]) -> BenchRun:
    agent = manifest.agents[number]
    entries = {task.id: task for task in manifest.suite.tasks}
    last: dict[tuple[str, int], Attempt] = {}
    earlier: list[Attempt] = []
    for attempt in sorted(attempts, key=lambda each: (_RANK[each.status], each.retry)):
        entry = entries.get(attempt.task_id)
        if entry is None or not 1 <= attempt.epoch <= manifest.epochs:
            continue
        place = (attempt.task_id, attempt.epoch)
        if place in last:
            earlier.append(last[place])
        last[place] = replace(attempt, level=entry.level, cluster=entry.cluster)
    order = {task.id: place for place, task in enumerate(manifest.suite.tasks)}
    return BenchRun(
        run_id=manifest.bench_id
        if len(manifest.agents) == 1
        else f"{manifest.bench_id}/{agent.name}",
        agent=agent.name,
        agent_sha256=agent.sha256,
        config=agent.model_dump(mode="json", exclude_defaults=True),
        suite=manifest.suite.name,
        suite_sha256=manifest.suite.sha256,
        task_ids=tuple(order),
        epochs=manifest.epochs,
        seed=manifest.seed,
        price_book=manifest.price_book if agent.is_priced else None,
        human_usd=manifest.human_usd,
        attempts=tuple(sorted(last.values(), key=lambda each: (order[each.task_id], each.epoch))),
        earlier=tuple(earlier),
        is_simulation=agent.is_simulation,
        warnings=manifest.warnings,
    )


def _in_flight(log: BenchLog, home: Path) -> list[Attempt]:
    """Return what is under way, or was when its process died, with what its calls took."""
    return [
        left_under_way(log, started, member_runs(log.events(attempt_id), home))
        for attempt_id, started in log.in_flight.items()
    ]
