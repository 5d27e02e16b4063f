"""Tasks played by a team, one after another, each judged by the suite's rule."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from ...agents.team.result import TeamResult
from ...agents.team.team import Team
from ..scorers.registry import scorer
from ..scorers.score import ANSWER_ALONE
from ..suites.suite import Suite, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One task played by a team."""

    task: Task
    """The task."""
    result: TeamResult
    """What came of it."""
    is_right: bool | None
    """Whether the answer is right; None where the truth is withheld."""


async def play(team: Team, suite: Suite, tasks: Sequence[Task]) -> AsyncIterator[Played]:
    """Yield each task as it was played.

    Raises:
        SetupError: Something must be mended first.
        SuiteError: A task cannot be judged.
    """
    for task in tasks:
        result = await team.arun(task.input)
        yield Played(task=task, result=result, is_right=judge(suite, task, result.answer))


def judge(suite: Suite, task: Task, answer: str | None) -> bool | None:
    """Return whether an answer is right by the suite's rule; None where the truth is withheld."""
    if not task.target:
        return None
    return scorer(suite.scorer)(task, answer, ANSWER_ALONE).value >= 1.0
