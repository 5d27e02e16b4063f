"""How small a difference a comparison could have found: power and minimum detectable effect."""

from functools import lru_cache
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln, xlog1py, xlogy

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
ALPHA = 0.05
"""Nominal rate of false alarms."""
POWER = 0.8
"""Chance of finding an effect at which it is called detectable (Cohen's convention)."""
_ROUNDING = 1e-9
_STEPS = 30  # of the bisection: 2 ** -30 is far below what a share of tasks can show


def mcnemar_power(
    loss: float, *, tasks: int, discordance: float, alpha: float = ALPHA, sides: int = 1
) -> float:
    """Return the chance that the exact test of McNemar finds a loss.

    Counted out: the discordant pairs are binomial, and so is A's part of them.

    Args:
        loss: True loss of B: share of tasks that only A passes less the share that only B passes.
        tasks: Tasks compared.
        discordance: Share of tasks on which the two disagree, both ways together.
        alpha: Level of the test.
        sides: 1 for a gate against losses, 2 for a difference either way.
    """
    share = max(discordance, abs(loss))
    if share <= 0:
        return 0.0
    a_part = (share + loss) / 2 / share
    total = np.arange(tasks + 1)
    least = np.array(_critical(tasks, alpha, sides))
    found = _at_least(least, total, a_part)
    if sides == 2:
        found = found + _at_least(least, total, 1 - a_part)
    return float(np.sum(_binomial(total, tasks, share) * found))


def mcnemar_detectable(
    *,
    tasks: int,
    discordance: float,
    alpha: float = ALPHA,
    power: float = POWER,
    sides: int = 1,
) -> float | None:
    """Return the smallest true loss that the exact test finds with the given power.

    Returns:
        A share of the tasks; None where not even a loss of all of them would be found.
    """

    def reached(loss: float) -> bool:
        found = mcnemar_power(loss, tasks=tasks, discordance=discordance, alpha=alpha, sides=sides)
        return found >= power

    if not reached(1.0):
        return None
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def mean_detectable(
    cluster_differences: Floats,
    *,
    tasks: int,
    alpha: float = ALPHA,
    power: float = POWER,
    sides: int = 1,
) -> float | None:
    """Return the smallest true loss of a mean score that is found with the given power.

    By the normal limit of the sign-flip test: with n clusters whose sums spread by s, a total loss
    D is found if D = z_alpha sqrt(n s^2 + D^2 / n) + z_power s sqrt(n). The loss itself widens the
    flips' spread, which is why D stands on both sides; without that it is the usual
    (z_alpha + z_power) times the clustered standard error. Half a step of the flips is added, since
    sums of a few values are coarse and the test counts ties against itself.

    Args:
        cluster_differences: Sum of the differences of each cluster.
        tasks: Tasks compared.
        alpha: Level of the test.
        power: Chance of finding it.
        sides: 1 or 2.

    Returns:
        A share; None where so few clusters can show nothing, or where no cluster differs and
        nothing tells how far losses would spread.
    """
    count = len(cluster_differences)
    if count < 2 or not np.any(np.abs(cluster_differences) > _ROUNDING):
        return None
    normal = NormalDist()
    z_alpha, z_power = normal.inv_cdf(1 - alpha / sides), normal.inv_cdf(power)
    spread = float(np.std(cluster_differences, ddof=1)) * sqrt(count)
    left = 1 - z_alpha**2 / count
    if left <= 0:
        return None
    part = z_power * spread
    root = sqrt(part**2 - left * (part**2 - (z_alpha * spread) ** 2))
    return ((part + root) / left + _half_step(cluster_differences)) / tasks


def _half_step(differences: Floats) -> float:
    """Return the smallest difference that there is: a flip moves the sum by twice as much."""
    return float(np.abs(differences[np.abs(differences) > _ROUNDING]).min())


@lru_cache(maxsize=64)
def _critical(tasks: int, alpha: float, sides: int) -> tuple[int, ...]:
    """Return, for 0..tasks discordant pairs, the least number of A's that is significant."""
    total = np.arange(tasks + 1)
    low, high = np.zeros_like(total), total + 1  # significant at `high`, not at `low`
    while np.any(high - low > 1):
        middle = (low + high) // 2
        is_rare = _at_least(middle, total, 0.5) <= alpha / sides
        high = np.where(is_rare & (middle > low), middle, high)
        low = np.where(is_rare, low, middle)
    return tuple(int(each) for each in high)


def _at_least(least: Counts, total: Counts, share: float) -> Floats:
    """Return P(X >= least) of binomials; 0 where there are fewer trials than that."""
    within = np.clip(least, 1, np.maximum(total, 1))
    tail = betainc(within, np.maximum(total - within + 1, 1), share)
    return np.where(least > total, 0.0, np.where(least <= 0, 1.0, tail))


def _binomial(count: Counts, total: int, share: float) -> Floats:
    ways = gammaln(total + 1) - gammaln(count + 1) - gammaln(total - count + 1)
    return np.exp(ways + xlogy(count, share) + xlog1py(total - count, -share))
