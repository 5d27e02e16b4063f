"""The smallest set of answers that holds a given share of a belief, and the belief's entropy."""

from collections.abc import Sequence
from math import log


def entropy_nats(probabilities: Sequence[float]) -> float:
    """Return the Shannon entropy of a distribution in nats; zero terms count nothing.

    >>> entropy_nats([0.5, 0.5]) == log(2)
    True
    """
    return max(0.0, -sum(p * log(p) for p in probabilities if p > 0))


def highest_mass_set(probabilities: Sequence[float], *, alpha: float) -> list[int] | None:
    """Return the indices of the fewest outcomes that together hold 1 - alpha, likeliest first.

    Ties go to the lower index. This is the highest-probability set of the stated belief: it covers
    the truth with 1 - alpha only as far as the belief is calibrated.

    Returns:
        The indices, or None where all outcomes together do not hold that much.

    Raises:
        ValueError: `alpha` is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    chosen: list[int] = []
    mass = 0.0
    for index in sorted(range(len(probabilities)), key=lambda i: (-probabilities[i], i)):
        chosen.append(index)
        mass += probabilities[index]
        if mass >= 1 - alpha - 1e-12:
            return chosen
    return None
