"""From what an evaluator asks for to the manifest of a run."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ...costs.price_book import default_book
from ...costs.service_prices import service_book
from ...memory.home import Home
from ...records.errors import SetupError
from ..suites.loading import load_older, load_suite
from ..suites.suite import Suite
from .agent_config import AgentConfig
from .manifest import Manifest, SuiteEntry, TaskEntry, new_bench_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What an evaluator asks for."""

    suite: str
    """Name or path of the suite."""
    suite_seed: int | None = None
    """Seed that a suite which ships is made from."""
    suite_size: int | None = None
    """Size that it is made with."""
    scorer: str | None = None
    """Scorer, where it is not the suite's own."""
    epochs: int = 1
    """Repetitions of each task."""
    limit: int | None = None
    """Only the first tasks."""
    max_conn: int = 16
    """Attempts at a time."""
    max_usd: float | None = None
    """Most dollars of the whole run."""
    max_tokens: int | None = None
    """Most tokens of the whole run."""
    max_usd_per_task: float | None = None
    """Most dollars of an attempt."""
    task_timeout_s: float | None = None
    """Most seconds of an attempt."""
    seed: int | None = None
    """Sampling seed of agents that have none of their own."""
    human_usd: float | None = None
    """What a person would ask for a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be run."""

    manifest: Manifest
    """The run."""
    suite: Suite
    """The suite, whole."""


def plan_bench(wishes: Wishes, agents: Sequence[AgentConfig]) -> Plan:
    """Return the plan of a run.

    Raises:
        SuiteError: The suite cannot be read.
        SetupError: A limit makes no sense.
    """
    if wishes.limit is not None and wishes.limit < 1:
        raise SetupError(f"a limit of {wishes.limit} tasks leaves nothing to run; give 1 or more")
    suite = load_suite(
        wishes.suite, seed=wishes.suite_seed, size=wishes.suite_size, scorer=wishes.scorer
    )
    limited = tuple(
        agent.limited(usd=wishes.max_usd_per_task, seconds=wishes.task_timeout_s, seed=wishes.seed)
        for agent in agents
    )
    path = Path(wishes.suite).expanduser()
    entry = SuiteEntry(
        ref=str(path.absolute()) if path.exists() else wishes.suite,
        seed=wishes.suite_seed,
        size=wishes.suite_size,
        name=suite.name,
        sha256=suite.content_sha256,
        scorer=suite.scorer,
        tasks=tuple(
            TaskEntry(id=task.id, level=task.level, cluster=task.cluster)
            for task in suite.tasks[: wishes.limit]
        ),
    )
    manifest = Manifest(
        bench_id=new_bench_id(),
        created_at=datetime.now(UTC),
        suite=entry,
        agents=limited,
        epochs=wishes.epochs,
        seed=wishes.seed,
        max_conn=wishes.max_conn,
        max_usd=wishes.max_usd,
        max_tokens=wishes.max_tokens,
        human_usd=wishes.human_usd,
        price_book=price_book_id(limited, os.environ),
    )
    return Plan(manifest=manifest, suite=suite)


def suite_of(manifest: Manifest) -> Suite:
    """Return the suite of a run, read again.

    Raises:
        SuiteError: It cannot be read any more.
        SetupError: It has changed.
    """
    entry = manifest.suite
    suite = load_suite(entry.ref, seed=entry.seed, size=entry.size, scorer=entry.scorer)
    if suite.content_sha256 == entry.sha256:
        return suite
    older = load_older(entry.ref, entry.sha256, seed=entry.seed, size=entry.size)
    if older is None:
        raise SetupError(
            f"the suite {entry.ref} has changed since the run began (content "
            f"{suite.content_sha256[:8]}, not {entry.sha256[:8]}); restore it to go on"
        )
    return replace(older, scorer=entry.scorer)


def price_book_id(agents: Sequence[AgentConfig], environ: Mapping[str, str]) -> str | None:
    """Return the id of the book that a run is priced by; None where nothing is paid."""
    if not any(agent.is_priced for agent in agents):
        return None
    own = Home.of(environ).prices
    if not any(agent.asks_model for agent in agents):
        return service_book(own).book_id
    today = datetime.now(UTC).date()
    return default_book(on=today, overrides=own if own.exists() else None).book_id
