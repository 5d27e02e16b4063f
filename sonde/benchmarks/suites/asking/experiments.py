"""The suite `experiments`: choose experiments, learn a hidden parameter, predict."""

import math
import random
from pathlib import Path

from ....records.json_types import JsonObject
from ..folder import NewTask, write_suite
from .experimenting import DELAYED_REWARD, POPULATION

SIZE = 40
"""Tasks of the suite as it ships."""
_CHOICES, _HERDS = 10, 3
"""Experiments of a task: so few that it matters which."""
_DELAYS = (14, 30, 60, 90, 120)
_TIMES = (0.5, 1.0, 1.5)
_WITHIN_MONEY, _WITHIN_COUNT = 4.0, 2.0
"""How far off a prediction may be."""


def write_experiments(folder: Path, seed: int, size: int) -> None:
    """Write the suite into a folder."""
    rng = random.Random(f"experiments {seed}")
    makers = (_discounting, _death_process)
    tasks = [makers[number % 2](rng, f"experiments-{number + 1:04}") for number in range(size)]
    write_suite(folder, name="experiments", scorer="numeric", tasks=tasks, answerer="laboratory")


def _discounting(rng: random.Random, task_id: str) -> NewTask:
    discount = math.exp(min(max(rng.gauss(-4.25, 0.5), -6.25), -2.25))
    scale = min(max(abs(rng.gauss(0, 2)), 0.05), 7.0)
    days = rng.choice(_DELAYS)
    truth = DELAYED_REWARD / (1 + discount * days)
    return _task(
        task_id,
        (
            f"Somebody weighs less money now against {DELAYED_REWARD:g} crowns later. Put such "
            "choices to them, one at a time, in the form '60 now or 100 in 30 days?', with 5 to 95 "
            f"crowns now and delays of 1 to 730 days. They answer {_CHOICES} questions; seldom, "
            "they answer at random. Their value of a later reward falls hyperbolically: 100 crowns "
            "in d days are worth 100 / (1 + k d) crowns now to them. How many crowns now are worth "
            f"as much to them as {DELAYED_REWARD:g} crowns in {days} days? Give a number; it may "
            f"be off by {_WITHIN_MONEY:g}."
        ),
        truth,
        {
            "environment": "hyperbolic-discounting",
            "discount": discount,
            "scale": scale,
            "tolerance": _WITHIN_MONEY,
            "patience": _CHOICES,
            "draws": rng.getrandbits(48),
        },
    )


def _death_process(rng: random.Random, task_id: str) -> NewTask:
    rate = next(r for r in iter(lambda: rng.gauss(1, 1), None) if 0.05 < r < 2)
    time = rng.choice(_TIMES)
    truth = POPULATION * -math.expm1(-rate * time)
    return _task(
        task_id,
        (
            f"An infection spreads through herds of {POPULATION} animals: by time t each animal is "
            "infected with the chance 1 - exp(-r t). You may watch herds, one after the other, "
            "each of them once: ask 'count at time 0.8', with a time above 0 and up to 2, and you "
            f"are told how many of that herd are infected by then. You may watch {_HERDS} herds."
            f" How many of {POPULATION} animals are infected by time {time:g} on average? Give a "
            f"number; it may be off by {_WITHIN_COUNT:g}."
        ),
        truth,
        {
            "environment": "death-process",
            "rate": rate,
            "tolerance": _WITHIN_COUNT,
            "patience": _HERDS,
            "draws": rng.getrandbits(48),
        },
    )


def _task(task_id: str, question: str, truth: float, hidden: JsonObject) -> NewTask:
    return NewTask(
        id=task_id,
        input=question,
        target=(f"{truth:.2f}",),
        metadata={"kind": hidden["environment"], **hidden},
    )
