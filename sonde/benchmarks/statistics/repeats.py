"""Repeated attempts: pass@k, pass^k, and what a budget an attempt buys."""

from collections.abc import Sequence
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class BudgetStep(NamedTuple):
    """A point of the curve of success against budget."""

    budget: float
    """Most that one attempt may take."""
    accuracy: float
    """Mean score, where an attempt that took more counts as 0."""


def pass_at_k(passes: int, attempts: int, k: int) -> float:
    """Return the chance that one of k attempts passes, without bias: 1 - C(n-c, k) / C(n, k).

    Chen et al. 2021 (arXiv 2107.03374), eq. 1.

    Raises:
        ValueError: k is not between 1 and the number of attempts.
    """
    _check(passes, attempts, k)
    return 1 - comb(attempts - passes, k) / comb(attempts, k)


def pass_hat_k(passes: int, attempts: int, k: int) -> float:
    """Return the chance that all of k attempts pass, pass^k, without bias: C(c, k) / C(n, k).

    Yao et al. 2024 (tau-bench, arXiv 2406.12045), section 3.

    Raises:
        ValueError: k is not between 1 and the number of attempts.
    """
    _check(passes, attempts, k)
    return comb(passes, k) / comb(attempts, k)


def budget_curve(
    costs: Sequence[float] | Floats, scores: Sequence[float] | Floats
) -> list[BudgetStep]:
    """Return accuracy against the budget of one attempt, as the steps of a staircase.

    Args:
        costs: What each attempt took.
        scores: Score of each attempt.
    """
    cost, score = np.ravel(np.asarray(costs)), np.ravel(np.asarray(scores))
    order = np.argsort(cost, kind="stable")
    reached = np.cumsum(score[order]) / max(1, len(score))
    is_last = np.append(cost[order][1:] != cost[order][:-1], True) if len(cost) else np.array([])
    return [
        BudgetStep(float(c), float(a))
        for c, a, last in zip(cost[order], reached, is_last, strict=True)
        if last
    ]


def accuracy_at(curve: Sequence[BudgetStep], budget: float) -> float:
    """Return the accuracy that a budget an attempt buys, read from the curve."""
    return max((step.accuracy for step in curve if step.budget <= budget), default=0.0)


def _check(passes: int, attempts: int, k: int) -> None:
    if not 1 <= k <= attempts or not 0 <= passes <= attempts:
        raise ValueError(f"{passes} of {attempts} attempts say nothing of {k}")
