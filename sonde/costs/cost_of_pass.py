"""Cost-of-pass: what one right answer costs, arXiv 2504.13359 (Erol et al., 2025).

Two figures go by that name, and they differ. `suite_cost_of_pass` divides the mean cost of a suite
by its pass rate (the use of "Efficient Agents", arXiv 2508.02694). `frontier_cost_of_pass` takes
the cheapest way to pass each task and averages over tasks (the paper's own V of eq. 4).
Whoever never passes pays without end: infinity is kept, never dropped.
"""

from math import inf, isinf, isnan

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def suite_cost_of_pass(costs_usd: ArrayLike, scores: ArrayLike) -> float:
    """Return mean cost over mean score: the ratio of means.

    Args:
        costs_usd: Dollars of each attempt; not a number is unknown.
        scores: Score of each attempt from 0 to 1, in the same shape.

    Returns:
        Dollars a pass; infinity where nothing passed; not a number where a cost is unknown.
    """
    cost, rate = float(np.mean(np.asarray(costs_usd))), float(np.mean(np.asarray(scores)))
    if isnan(cost):
        return cost
    return inf if rate == 0 else cost / rate


def task_costs_of_pass(costs_usd: ArrayLike, scores: ArrayLike) -> Floats:
    """Return C/R of each task, from its attempts on the last axis; v(m, p) of the paper's eq. 2.

    Returns:
        Dollars a pass, without the last axis; infinity where no attempt passed.
    """
    cost = np.mean(np.asarray(costs_usd, dtype=np.float64), axis=-1)
    rate = np.mean(np.asarray(scores, dtype=np.float64), axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(rate > 0, cost / rate, np.where(np.isnan(cost), np.nan, inf))


def cheapest_way(task_costs: ArrayLike, *, human_usd: float | None = None) -> Floats:
    """Return the least cost-of-pass of each task over a family of agents.

    Args:
        task_costs: Costs-of-pass, agents by tasks.
        human_usd: What a person asks for a task; it caps every task. None: no person at hand.
    """
    least = np.min(np.atleast_2d(np.asarray(task_costs, dtype=np.float64)), axis=0)
    return least if human_usd is None else np.minimum(least, human_usd)


def frontier_cost_of_pass(task_costs: ArrayLike, *, human_usd: float | None = None) -> float:
    """Return the mean over tasks of the cheapest way to pass each; V of the paper's eq. 4.

    Args:
        task_costs: Costs-of-pass, agents by tasks, or of one agent by task.
        human_usd: What a person asks for a task. With it no task is without a way.

    Returns:
        Dollars a task; infinity where a task has no way.
    """
    return float(np.mean(cheapest_way(task_costs, human_usd=human_usd)))


def essentialness(task_costs: ArrayLike, agent: int, *, human_usd: float | None = None) -> float:
    """Return the share of the frontier's cost that would come back without one agent.

    (V(M without g) - V(M)) / V(M without g), section 4 of the paper: 0 for an agent that is
    cheapest nowhere, 1 where only it can pass some task and no person stands by.
    """
    family = np.atleast_2d(np.asarray(task_costs, dtype=np.float64))
    with_all = frontier_cost_of_pass(family, human_usd=human_usd)
    rest = np.delete(family, agent, axis=0)
    if not len(rest):
        without = inf if human_usd is None else human_usd
    else:
        without = frontier_cost_of_pass(rest, human_usd=human_usd)
    if isinf(without):
        return 0.0 if isinf(with_all) else 1.0
    return (without - with_all) / without if without else 0.0
