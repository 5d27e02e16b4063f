"""Every suite that ships, with the solver that checks it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sonde.benchmarks.scorers.registry import scorer
from sonde.benchmarks.scorers.score import ANSWER_ALONE
from sonde.benchmarks.suites.suite import Suite, Task

from .asking import experiment_solver, table_solver
from .corpus_facts import Facts
from .gaia_attachments import answer_with
from .gaia_questions import answer
from .leaps import leaps_solver
from .shards import shards_solver


@dataclass(frozen=True)
class Disagreement:
    """A task whose solver says something else than its generator."""

    task_id: str
    question: str
    truth: tuple[str, ...]
    solved: str


def disagreements(name: str, suite: Suite) -> Iterator[Disagreement]:
    """Yield the tasks of a suite on which generator and solver differ."""
    solve = SOLVERS[name](suite)
    judge = scorer(suite.scorer)
    for task in suite.tasks:
        try:
            solved = solve(task)
        except (LookupError, ValueError) as err:
            solved = f"{type(err).__name__}: {err}"
        if judge(task, solved, ANSWER_ALONE).value < 1:
            yield Disagreement(task.id, task.input, task.target, solved)


def _gaia_like(suite: Suite) -> Callable[[Task], str]:
    facts = Facts.read(Path(suite.corpus[0]))
    return lambda task: (
        answer_with(facts, task.input, task.files[0]) if task.files else answer(facts, task.input)
    )


SOLVERS: Mapping[str, Callable[[Suite], Callable[[Task], str]]] = {
    "clarify": table_solver,
    "experiments": experiment_solver,
    "gaia-like": _gaia_like,
    "shards": shards_solver,
    "twenty-questions": table_solver,
    "web-leaps": leaps_solver,
}
"""For each suite that ships, what reads it and returns a function from tasks to answers."""
