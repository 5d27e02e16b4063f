"""What the suite `experiments` is worth under exact Bayes: each policy, with a task's own patience.

Usage: python scripts/suite_baselines.py [--size 100] [--seed 0]
"""

import argparse
import re
import tempfile
from collections.abc import Callable
from functools import cache
from math import exp
from pathlib import Path
from random import Random

import numpy as np

from sonde.benchmarks.scorers.registry import scorer
from sonde.benchmarks.scorers.score import ANSWER_ALONE
from sonde.benchmarks.suites.asking.person import person_for
from sonde.benchmarks.suites.loading import load_suite
from sonde.benchmarks.suites.suite import Suite, Task
from sonde.memory.home import Home
from sonde.policies.designs import Experiment, death_process, hyperbolic_discounting
from sonde.policies.distributions import Floats
from sonde.policies.table_belief import TableBelief

_MONEY = "hyperbolic-discounting"


def main() -> None:
    """Print a table of policies by environments."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        suite = load_suite("experiments", home=home, size=wishes.size, seed=wishes.seed)
    print("| policy | hyperbolic discounting | death process |")
    print("|---|---|---|")
    for name, choose in _POLICIES.items():
        right = {kind: [_is_right(suite, t, choose) for t in _of(suite, kind)] for kind in _KINDS}
        cells = (f"{sum(each)} of {len(each)} ({np.mean(each):.2f})" for each in right.values())
        print(f"| {name} | {' | '.join(cells)} |")


_KINDS = (_MONEY, "death-process")


def _of(suite: Suite, kind: str) -> list[Task]:
    return [task for task in suite.tasks if task.metadata["kind"] == kind]


@cache
def _experiment(kind: str) -> Experiment:
    return hyperbolic_discounting() if kind == _MONEY else death_process()


def _is_right(suite: Suite, task: Task, choose: Callable[[TableBelief, Random], int]) -> bool:
    kind = str(task.metadata["kind"])
    experiment, rng = _experiment(kind), Random(task.id)
    person = person_for(suite, task)
    if person is None:
        raise LookupError(suite.name)
    belief = experiment.belief()
    for _ in range(int(str(task.metadata["patience"]))):
        query = choose(belief, rng)
        said = person(experiment.table.queries[query])
        belief = belief.update(query, _outcome(kind, said))
    predicted = float(np.asarray(belief.probs) @ _predictions(kind, task, experiment))
    return scorer(suite.scorer)(task, f"{predicted:.3f}", ANSWER_ALONE).value == 1


def _outcome(kind: str, said: str) -> int:
    if kind != _MONEY:
        return int(said)
    return 0 if said.endswith("now") else 1


def _predictions(kind: str, task: Task, experiment: Experiment) -> Floats:
    """Return what each grid point predicts."""
    if kind == _MONEY:
        days = _number(r"crowns in (\d+) days\?", task)
        return np.array([100 / (1 + exp(row[0]) * days) for row in experiment.parameters])
    time = _number(r"by time ([\d.]+) on average", task)
    return 50 * -np.expm1(-experiment.parameters[:, 0] * time)


def _number(pattern: str, task: Task) -> float:
    found = re.search(pattern, task.input)
    if found is None:
        raise LookupError(task.input)
    return float(found[1])


def _random(belief: TableBelief, rng: Random) -> int:
    return rng.randrange(len(belief.table.queries))


def _entropy(belief: TableBelief, rng: Random) -> int:
    del rng
    shares = np.einsum("ahq,h->aq", belief.table.likelihood, np.asarray(belief.probs))
    logs = np.log(np.where(shares > 0, shares, 1.0))
    return int(np.argmax(-(shares * logs).sum(axis=0)))


def _gain(belief: TableBelief, rng: Random) -> int:
    del rng
    gains = belief.gains(list(range(len(belief.table.queries)))).values
    return int(np.argmax(gains))


_POLICIES: dict[str, Callable[[TableBelief, Random], int]] = {
    "random": _random,
    "maximum entropy": _entropy,
    "information gain": _gain,
}

if __name__ == "__main__":
    main()
