"""A finished run of one agent over one suite: what the report reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..records.attempt import Attempt
from ..records.json_types import JsonObject, JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchRun:
    """One agent over one suite, with all of its attempts."""

    run_id: str
    """Id of the run."""
    agent: str
    """Name of the agent's configuration, for people."""
    agent_sha256: str
    """Digest of the configuration."""
    config: JsonObject = field(default_factory=dict[str, JsonValue])
    """The configuration: model, policy, memory, tools, budget, team."""
    suite: str
    """Name of the suite."""
    suite_sha256: str
    """Content of the suite."""
    task_ids: Sequence[str]
    """Every task that was to be run: the denominator, whatever became of it."""
    epochs: int = 1
    """Repetitions of each task."""
    seed: int | None = None
    """Seed of the run."""
    price_book: str | None = None
    """Id of the book that costs are told by; None where no model was paid."""
    human_usd: float | None = None
    """What a person would ask for a task, where the evaluator gave it."""
    attempts: tuple[Attempt, ...] = ()
    """The last attempt of each task and epoch."""
    earlier: tuple[Attempt, ...] = ()
    """Attempts that were made again: abandoned or met an error; what they took was spent too."""
    is_simulation: bool = False
    """Whether a simulated reasoner stood in for a model; told wherever the figures appear."""
    warnings: tuple[str, ...] = ()
    """What a reader of its figures should know."""
