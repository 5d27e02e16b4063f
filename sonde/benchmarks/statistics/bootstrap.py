"""The bootstrap over tasks: whole clusters are drawn, with their tasks and all repetitions.

Cost and score of an attempt stay together, and so do the epochs of a task. All runs of a report are
looked at through the same draws, so that what they share cancels in a comparison.
"""

from collections.abc import Hashable, Sequence
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from .intervals import LEVEL, Interval

Floats = NDArray[np.float64]
DRAWS = 10_000
"""Draws of an interval: the Monte Carlo error of a 2.5 % tail is then 0.16 % of the draws."""


def task_weights(
    clusters: Sequence[Hashable], *, rng: np.random.Generator, draws: int = DRAWS
) -> Floats:
    """Return how often each task is drawn: draws by tasks.

    Args:
        clusters: Cluster of each task; tasks of one cluster are drawn together.
        rng: Source of chance.
        draws: How many times the suite is drawn anew.
    """
    numbers = {name: at for at, name in enumerate(dict.fromkeys(clusters))}
    member = np.array([numbers[name] for name in clusters])
    count = len(numbers)
    counts = rng.multinomial(count, np.full(count, 1 / count), size=draws)
    return counts[:, member].astype(np.float64)


def weighted_means(weights: Floats, per_task: Floats) -> Floats:
    """Return the mean of each draw.

    Args:
        weights: Draws by tasks.
        per_task: One value a task (tasks), or one for each run and task (runs by tasks). Infinite
            values make the mean of every draw that holds them infinite.

    Returns:
        Draws, or draws by runs.
    """
    is_endless = np.isinf(per_task)
    finite = np.where(is_endless, 0.0, per_task)
    sizes = np.maximum(weights.sum(axis=1), 1)  # 1 where there is no task at all
    means = (weights @ finite.T) / (sizes if per_task.ndim == 1 else sizes[:, None])
    if is_endless.any():
        means[weights @ is_endless.T.astype(np.float64) > 0] = np.inf
    return means


def ratio_draws(cost: Floats, rate: Floats) -> Floats:
    """Return the suite cost-of-pass of each draw: mean cost over mean score, infinity at none.

    Args:
        cost: Mean cost of each draw.
        rate: Mean score of each draw.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate > 0, cost / rate, np.inf)


def percentile_interval(draws: Floats, *, level: float = LEVEL) -> Interval:
    """Return the percentile interval; infinite draws are kept, and can make a bound infinite.

    The bounds are order statistics, never a mean of two draws of which one is infinite.
    """
    ordered = np.sort(draws)
    if not len(ordered) or isnan(ordered[-1]):
        return Interval(nan, nan)
    tail = (1 - level) / 2
    last = len(ordered) - 1
    low, high = ordered[int(np.floor(tail * last))], ordered[int(np.ceil((1 - tail) * last))]
    return Interval(float(low), float(high))
