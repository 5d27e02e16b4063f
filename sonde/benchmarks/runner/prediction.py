"""What a run will take, from the attempts that are known: calls, tokens, dollars, seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from ...records.attempt import Attempt
from .manifest import Manifest
from .spec import Key

_Z = 1.96  # two sides, 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A sum that is still to come."""

    mean: float
    """What is expected."""
    low: float
    """The lower bound of a 95 % interval."""
    high: float
    """The upper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What is left of one agent's run; None is unknown, or not known enough."""

    agent: str
    """Name of the agent."""
    known: int
    """Attempts that it rests on."""
    to_come: int
    """Attempts that are still to be made."""
    calls: Guess | None
    """Model calls."""
    tokens: Guess | None
    """Tokens."""
    cost_usd: Guess | None
    """Dollars."""
    wall_s: float | None
    """Seconds, with as many attempts at a time as the run allows."""


def predict(manifest: Manifest, attempts: Sequence[Attempt]) -> tuple[Prediction, ...]:
    """Return what is left of a run, agent by agent.

    Args:
        manifest: The run.
        attempts: Attempts of these agents that have ended, at whatever tasks of the suite.
    """
    return tuple(
        _of_agent(manifest, number, [a for a in attempts if a.agent_sha256 == agent.sha256])
        for number, agent in enumerate(manifest.agents)
    )


def sum_to_come(known: Sequence[float | int | None], to_come: int) -> Guess | None:
    """Return the sum of so many further draws: a prediction interval by the normal law.

    Its variance is that of the sum itself and that of the mean it rests on,
    `s^2 (m + m^2 / n)` for m draws to come after n known ones. Unknown with fewer than two known
    values, or where one of them is unknown.

    >>> sum_to_come([2.0, 2.0, 2.0], 10)
    Guess(mean=20.0, low=20.0, high=20.0)
    """
    values = [float(each) for each in known if each is not None]
    if len(values) < len(known) or len(values) < 2:
        return None
    mean = fmean(values) * to_come
    spread = _Z * stdev(values) * sqrt(to_come + to_come**2 / len(values))
    return Guess(mean=mean, low=max(0.0, mean - spread), high=mean + spread)


def probe_keys(manifest: Manifest, count: int) -> frozenset[Key]:
    """Return a handful of attempts for each agent, at tasks evenly spread over the suite."""
    tasks = [task.id for task in manifest.suite.tasks]
    step = max(1, len(tasks) // max(1, count))
    chosen = tasks[step // 2 :: step][:count]
    return frozenset(Key(agent.sha256, task, 1) for agent in manifest.agents for task in chosen)


def _of_agent(manifest: Manifest, number: int, ended: Sequence[Attempt]) -> Prediction:
    agent = manifest.agents[number]
    known = [attempt for attempt in ended if attempt.status in ("scored", "unscored")]
    done = {(attempt.task_id, attempt.epoch) for attempt in known}
    keys = [key for key in manifest.keys if key.agent_sha256 == agent.sha256]
    to_come = sum((key.task_id, key.epoch) not in done for key in keys)
    wall = sum_to_come([attempt.wall_s for attempt in known], to_come)
    return Prediction(
        agent=agent.name,
        known=len(known),
        to_come=to_come,
        calls=sum_to_come([_calls(attempt) for attempt in known], to_come),
        tokens=sum_to_come([attempt.usage.total for attempt in known], to_come),
        cost_usd=sum_to_come([attempt.cost_usd for attempt in known], to_come),
        wall_s=None if wall is None else wall.mean / manifest.max_conn,
    )


def _calls(attempt: Attempt) -> int | None:
    calls = attempt.detail.get("calls")
    return calls if isinstance(calls, int) else None
