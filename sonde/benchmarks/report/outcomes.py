"""The attempts of one run as tables of tasks by epochs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...records.attempt import Attempt
from ..bench_run import BenchRun

Floats = NDArray[np.float64]
_BROKEN = ("error", "abandoned")


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """One run over the tasks of a section, in their order. Not a number is unknown."""

    run: BenchRun
    """The run."""
    task_ids: tuple[str, ...]
    """The tasks, in the order of the tables' rows."""

    @cached_property
    def grid(self) -> list[list[Attempt | None]]:
        """Attempts, tasks by epochs; None where one was never made."""
        rows = {task: at for at, task in enumerate(self.task_ids)}
        width = max(1, self.run.epochs)
        grid: list[list[Attempt | None]] = [[None] * width for _ in self.task_ids]
        for attempt in self.run.attempts:
            at = rows.get(attempt.task_id)
            if at is not None and 1 <= attempt.epoch <= width:
                grid[at][attempt.epoch - 1] = attempt
        return grid

    @cached_property
    def attempts(self) -> list[Attempt]:
        """The attempts that were made."""
        return [each for row in self.grid for each in row if each is not None]

    @cached_property
    def scores(self) -> Floats:
        """Score of each attempt; one that broke or was never made counts 0."""
        return self.table(lambda attempt: attempt.score, unknown=0.0)

    @cached_property
    def is_broken(self) -> NDArray[np.bool_]:
        """Which attempts met an error, were abandoned or were never made."""
        return np.array([[_is_broken(each) for each in row] for row in self.grid], dtype=bool)

    @cached_property
    def is_withheld(self) -> NDArray[np.bool_]:
        """Which tasks have attempts that ended and could not be judged."""
        return np.array([any(map(_is_unscored, row)) for row in self.grid], dtype=bool)

    def table(self, value: Callable[[Attempt], float | None], *, unknown: float = np.nan) -> Floats:
        """Return a value of each attempt, tasks by epochs."""
        cells = [[None if each is None else value(each) for each in row] for row in self.grid]
        filled = [[unknown if cell is None else cell for cell in row] for row in cells]
        return np.array(filled, dtype=np.float64)

    def known(self, value: Callable[[Attempt], float | None]) -> list[float]:
        """Return a value of the attempts that were made, as far as it is known."""
        found = (value(each) for each in self.attempts)
        return [each for each in found if each is not None]

    def mean(self, value: Callable[[Attempt], float | None]) -> float | None:
        """Return the mean of a value over the attempts made; None where one is unknown."""
        found = self.known(value)
        return sum(found) / len(found) if found and len(found) == len(self.attempts) else None


def align(runs: Sequence[BenchRun]) -> list[Outcomes]:
    """Return runs of one suite over the tasks that all of them were to do."""
    shared = set(runs[0].task_ids).intersection(*(run.task_ids for run in runs))
    tasks = tuple(task for task in dict.fromkeys(runs[0].task_ids) if task in shared)
    return [Outcomes(run=run, task_ids=tasks) for run in runs]


def cluster_names(outcomes: Sequence[Outcomes]) -> list[str]:
    """Return the cluster of each task; a task without one is a cluster of its own."""
    named: dict[str, str] = {}
    for each in outcomes:
        for attempt in each.attempts:
            if attempt.cluster is not None:
                named[attempt.task_id] = f"cluster {attempt.cluster}"
    return [named.get(task, f"task {task}") for task in outcomes[0].task_ids]


def _is_broken(attempt: Attempt | None) -> bool:
    return attempt is None or attempt.status in _BROKEN


def _is_unscored(attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.status == "unscored"
