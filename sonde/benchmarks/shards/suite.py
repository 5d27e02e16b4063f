"""The shards world as a suite with a team of its own: `shards`, or `shards:SEED:WORKERS`."""

from dataclasses import dataclass

from ...agents.team.team import Team
from ...records.errors import SuiteError
from ..suites.suite import Suite, Task
from .members import shards_team
from .questions import make_questions
from .world import make_world

NAME = "shards"
_SIZE = 2_000
_SEED, _WORKERS = 0, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardsSuite:
    """Tasks of a world, and the team that answers them."""

    suite: Suite
    """The tasks."""
    team: Team
    """The team, under the novelty rule."""


def is_shards(name: str) -> bool:
    """Return whether a suite's name means this one."""
    return name.partition(":")[0] == NAME


def open_shards(name: str, *, home: str | None = None) -> ShardsSuite:
    """Return the suite of a name, with its team.

    Args:
        name: `shards`, `shards:SEED` or `shards:SEED:WORKERS`.
        home: Where the team's runs stand.

    Raises:
        SuiteError: The name cannot be read.
    """
    seed, workers = _numbers(name)
    world = make_world(seed, n_workers=workers)
    questions = make_questions(world, _SIZE, seed=seed + 1)
    tasks = tuple(
        Task(
            id=f"{NAME}-{seed}-{row}",
            input=questions.text(row),
            target=(f"e{questions.answer[row]}",),
            level=str(questions.hops[row]),
        )
        for row in range(_SIZE)
    )
    return ShardsSuite(
        suite=Suite(name=name, tasks=tasks, scorer="hotpot"),
        team=shards_team(world, questions, home=home),
    )


def _numbers(name: str) -> tuple[int, int]:
    parts = name.split(":")[1:]
    try:
        seed = int(parts[0]) if parts else _SEED
        workers = int(parts[1]) if len(parts) > 1 else _WORKERS
        if len(parts) > 2 or seed < 0 or not 2 <= workers <= 50:
            raise ValueError(name)
    except ValueError as err:
        raise SuiteError(
            f"{name!r} is no shards suite; write shards, shards:SEED or shards:SEED:WORKERS, "
            "with 2 to 50 workers"
        ) from err
    return seed, workers
