"""A suite with the team that plays it, from what the command line names; and what it will cost."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from ..agents.team.team import Team
from ..agents.team.team_file import open_team
from ..benchmarks.shards.suite import is_shards, open_shards
from ..benchmarks.suites.loading import load_suite
from ..benchmarks.suites.suite import Suite, Task
from ..records.errors import SetupError
from .exits import Interrupted
from .figures import count, dollars, seconds
from .screen import say

_EVERY = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A suite with the team that plays it."""

    suite: Suite
    """The suite."""
    team: Team
    """The team."""


def open_played(suite_name: str, team: Path | None) -> Played:
    """Return a suite and its team.

    Raises:
        SetupError: There is no team, or it cannot be opened.
        SuiteError: There is no such suite.
    """
    if is_shards(suite_name):
        if team is not None:
            raise SetupError("the suite shards brings its own team; leave --team out")
        shards = open_shards(suite_name)
        return Played(suite=shards.suite, team=shards.team)
    if team is None:
        raise SetupError(f"who plays {suite_name!r}? name a team: --team FILE.yaml")
    return Played(suite=load_suite(suite_name), team=open_team(team, environ=os.environ))


@dataclass(slots=True)
class Spending:
    """Tells the price of a row of tasks before it is paid, and how far it is."""

    total: int
    """Tasks to play."""
    runs: int
    """Runs of the team that this takes."""
    is_quiet: bool
    """Whether only the price is told."""
    clock: Callable[[], float]
    """Seconds, from any zero."""
    kept: str
    """What is there of the tasks played so far if the person says no."""
    is_agreed: bool
    """Whether nobody need be asked."""
    done: int = 0
    """Tasks played."""
    cost_usd: float | None = 0.0
    """Price so far; None is unknown."""
    start: float = 0.0
    """When the first task began."""

    def __post_init__(self) -> None:
        self.start = self.clock()
        runs = count(self.runs, "run")
        self._tell(f"{count(self.total, 'task')}, {runs} of the team; the first tells the price")

    def note(self, cost_usd: float | None) -> None:
        """Take in one task; after the first, tell the price of all and ask where there is one.

        Raises:
            Interrupted: The person said no.
        """
        self.done += 1
        known = self.cost_usd is not None and cost_usd is not None
        self.cost_usd = (self.cost_usd or 0.0) + (cost_usd or 0.0) if known else None
        if self.done == 1:
            self._ask()
        elif self.done % _EVERY == 0:
            self._tell(f"{self.done} of {self.total}")

    def _ask(self) -> None:
        left = self.total - 1
        took = seconds((self.clock() - self.start) * left)
        if self.cost_usd == 0:
            self._tell(f"no model is asked, so nothing is paid; about {took} to go")
            return
        if self.cost_usd is None:
            price = "costs an unknown amount, since a model has no known price"
        else:
            price = f"would cost about {dollars(self.cost_usd * left)} more at {took}"
        say(f"the first task took {self._so_far()}; the other {left:,} {price}")
        if not self.is_agreed and left and not typer.confirm("go on?", err=True):
            raise Interrupted(f"stopped; {self.kept}")

    def _so_far(self) -> str:
        return "an unknown amount" if self.cost_usd is None else dollars(self.cost_usd)

    def _tell(self, line: str) -> None:
        if not self.is_quiet:
            say(line)


def chosen_tasks(suite: Suite, size: int, *, without: Sequence[str] | frozenset[str]) -> list[Task]:
    """Return the first tasks of a suite that were not played yet.

    Raises:
        SetupError: None is left.
    """
    left = [task for task in suite.tasks if task.id not in without]
    if not left:
        raise SetupError(
            f"all {len(suite.tasks)} tasks of {suite.name} were recorded; a gate must be "
            "calibrated on others: record fewer, or give another suite"
        )
    return left[:size]
