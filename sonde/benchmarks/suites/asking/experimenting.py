"""A laboratory that carries out the experiments an agent asks for.

The two environments of `policies/designs.py` with the same constants (a test compares), drawn from
directly and without scipy: hyperbolic discounting, and the death process. The outcome depends on
the task, the design and the number of the experiment alone.
"""

import math
import random
import re
from collections.abc import Callable, Mapping

from ....records.errors import SuiteError
from ..suite import Task

DELAYED_REWARD = 100.0
"""What is offered for later, in every design."""
POPULATION = 50
"""Animals of a herd."""
_LAPSE = 0.01
"""Chance of an answer at random, on either side."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def laboratory(task: Task) -> Callable[[str], str]:
    """Return who carries out the experiments of a task.

    Raises:
        SuiteError: The task does not tell which environment it is, or its parameters.
    """
    name = task.metadata.get("environment")
    environment = _ENVIRONMENTS.get(name) if isinstance(name, str) else None
    if environment is None:
        raise SuiteError(f"task {task.id!r}: environment must be one of {', '.join(_ENVIRONMENTS)}")
    hidden = {key: _parameter(task, key) for key in environment.parameters}
    done = 0

    def answer(question: str) -> str:
        nonlocal done
        design = environment.design(question)
        if design is None:
            return f"That is no experiment. {environment.how}"
        done += 1
        drawn = random.Random(f"{task.metadata.get('draws')} {done} {design}")
        return environment.outcome(hidden, design, drawn)

    return answer


class _Discounting:
    """Less money now, or 100 later."""

    parameters = ("discount", "scale")
    how = "Name an amount now, from 5 to 95, and a delay in days: 60 now or 100 in 30 days?"

    def design(self, question: str) -> tuple[float, ...] | None:
        found = [float(each) for each in _NUMBER.findall(question)]
        if len(found) == 3 and found[1] == DELAYED_REWARD:
            found = [found[0], found[2]]
        if len(found) != 2 or not 5 <= found[0] <= 95 or not 1 <= found[1] <= 730:
            return None
        return tuple(found)

    def outcome(
        self, hidden: Mapping[str, float], design: tuple[float, ...], rng: random.Random
    ) -> str:
        now, days = design
        later = DELAYED_REWARD / (1 + hidden["discount"] * days)
        normal = 0.5 * (1 + math.erf((later - now) / hidden["scale"] / math.sqrt(2)))
        chance = _LAPSE + (1 - 2 * _LAPSE) * normal
        return f"{DELAYED_REWARD:g} in {days:g} days" if rng.random() < chance else f"{now:g} now"


class _DeathProcess:
    """How many of 50 are infected by a time."""

    parameters = ("rate",)
    how = "Name a time above 0 and up to 2, such as: count at time 0.8"

    def design(self, question: str) -> tuple[float, ...] | None:
        found = [float(each) for each in _NUMBER.findall(question)]
        return tuple(found) if len(found) == 1 and 0 < found[0] <= 2 else None

    def outcome(
        self, hidden: Mapping[str, float], design: tuple[float, ...], rng: random.Random
    ) -> str:
        chance = -math.expm1(-hidden["rate"] * design[0])
        return str(sum(rng.random() < chance for _ in range(POPULATION)))


_ENVIRONMENTS: Mapping[str, _Discounting | _DeathProcess] = {
    "hyperbolic-discounting": _Discounting(),
    "death-process": _DeathProcess(),
}


def _parameter(task: Task, name: str) -> float:
    value = task.metadata.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SuiteError(f"task {task.id!r} does not tell its {name}")
    return float(value)
