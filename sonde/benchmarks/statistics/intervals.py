"""Intervals for a pass rate, and what is known of it when some attempts broke."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from scipy.special import betaincinv

LEVEL = 0.95
"""Coverage of an interval where nobody says otherwise."""


class Interval(NamedTuple):
    """Two bounds."""

    low: float
    """The lower."""
    high: float
    """The upper; may be infinite."""


def wilson(passes: float, trials: int, *, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval for a proportion (Wilson 1927, eq. 4).

    Raises:
        ValueError: There are no trials, or more passes than trials.
    """
    _check(passes, trials)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = passes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    low = 0.0 if passes == 0 else max(0.0, centre - half)
    high = 1.0 if passes == trials else min(1.0, centre + half)
    return Interval(low, high)


def clopper_pearson(passes: int, trials: int, *, level: float = LEVEL) -> Interval:
    """Return the exact interval of Clopper and Pearson (1934), which never covers too seldom.

    Raises:
        ValueError: There are no trials, or more passes than trials.
    """
    _check(passes, trials)
    tail = (1 - level) / 2
    low = 0.0 if passes == 0 else float(betaincinv(passes, trials - passes + 1, tail))
    high = 1.0 if passes == trials else float(betaincinv(passes + 1, trials - passes, 1 - tail))
    return Interval(low, high)


def error_bounds(total_score: float, broken: int, trials: int) -> Interval:
    """Return the accuracy if all broken attempts were wrong, and if all were right.

    An attempt that met a failure of the infrastructure is no wrong answer; what it would have been
    is unknown, and the truth lies between these two.

    Args:
        total_score: Sum of the scores of the attempts that came to an end.
        broken: Attempts that broke, or were never made.
        trials: All that were to be made: the denominator.
    """
    _check(total_score + broken, trials)
    return Interval(total_score / trials, (total_score + broken) / trials)


def _check(passes: float, trials: int) -> None:
    if trials < 1 or not -1e-9 <= passes <= trials + 1e-9:
        raise ValueError(f"{passes} passes in {trials} trials make no share")
