"""Learn Then Test: a stopping confidence whose error is promised, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

from .distributions import Floats

Population = Literal["all", "answered"]
"""Of which episodes the error is promised: all of them, also those that ran to their end without
reaching the confidence; or only those that reached it, while the others abstain."""

CONFIDENCES: tuple[float, ...] = tuple(float(each) for each in 1 - np.geomspace(1e-9, 0.7, num=120))
"""Stopping confidences that are tested, strictest first: fixed before any data is seen."""
_STARTS: dict[Population, int] = {"all": 1, "answered": 6}
"""Places from which a chain of tests starts. Over all episodes the strictest place is the safest.
Over the answered ones it has too few episodes to prove anything, so there are more, and each has
its share of delta."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingConfidence:
    """A confidence at which an episode may stop, with a promise about its errors.

    With probability 1 - delta over the calibration episodes the error rate of fresh, exchangeable
    episodes is at most alpha.
    """

    value: float
    """Stop as soon as the highest probability reaches this."""
    alpha: float
    """Error rate that is promised."""
    delta: float
    """Chance that the promise is broken."""
    n: int
    """Calibration episodes."""
    errors: int
    """Calibration episodes that ended wrong under this rule."""
    tested: int
    """Calibration episodes that the promise is about."""
    population: Population
    """Of which episodes the error is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A promise that cannot be made from this calibration."""

    reason: str
    """What stands in the way, with the numbers."""
    alpha: float
    """Error rate that was asked for."""
    delta: float
    """Chance of breaking the promise that was allowed."""
    n: int
    """Calibration episodes."""


def stop_lengths(confidences: Floats, threshold: float) -> NDArray[np.int64]:
    """Return the length at which each episode first reaches a confidence, or its last length."""
    reached: NDArray[np.bool_] = np.greater_equal(confidences, threshold)
    lengths: NDArray[np.int64] = reached.argmax(axis=1)
    lengths[~reached.any(axis=1)] = confidences.shape[1] - 1
    return lengths


def error_bound(errors: int, n: int, *, delta: float) -> float:
    """Return the upper Clopper-Pearson bound of an error rate, at confidence 1 - delta.

    >>> round(error_bound(0, 22, delta=0.1), 4)
    0.0994
    """
    if errors >= n:
        return 1.0
    return float(betaincinv(errors + 1, n - errors, 1 - delta))


def learn_then_test(
    confidences: ArrayLike,
    is_right: ArrayLike,
    *,
    alpha: float,
    delta: float,
    population: Population = "all",
    grid: Sequence[float] = CONFIDENCES,
) -> StoppingConfidence | Refusal:
    """Return the lowest confidence whose error rate is proved, or why none is.

    Learn Then Test (arXiv 2110.01052) by fixed-sequence testing with the binomial tail: the
    confidences are tested from strict to loose, and a chain ends at the first that is not proved.

    Args:
        confidences: Highest reported probability: episodes x lengths, by a frozen policy.
        is_right: Whether the likeliest entry was the truth: episodes x lengths.
        alpha: Error rate to promise.
        delta: Chance of breaking the promise.
        population: Of which episodes the error is promised.
        grid: Confidences to test, strictest first; must not be chosen from the same episodes.

    Raises:
        ValueError: `alpha` or `delta` is not between 0 and 1, the grid is not falling, or the two
            arrays do not belong together.
    """
    found, right = _checked(confidences, is_right, alpha=alpha, delta=delta)
    if not grid or list(grid) != sorted(grid, reverse=True):
        raise ValueError("the grid must hold confidences from strict to loose")
    outcomes = [_outcome(found, right, threshold, population) for threshold in grid]
    starts = sorted({len(grid) * start // _STARTS[population] for start in
                     range(_STARTS[population])})  # fmt: skip
    share = delta / len(starts)
    proved: set[int] = set()
    for start in starts:
        for place in range(start, len(grid)):
            errors, tested = outcomes[place]
            if tested == 0 or error_bound(errors, tested, delta=share) > alpha:
                break
            proved.add(place)
    if not proved:
        return _refusal(outcomes, alpha=alpha, delta=delta, share=share, n=len(found))
    errors, tested = outcomes[max(proved)]
    return StoppingConfidence(
        value=float(grid[max(proved)]),
        alpha=alpha,
        delta=delta,
        n=len(found),
        errors=errors,
        tested=tested,
        population=population,
    )


def _outcome(
    confidences: Floats, right: NDArray[np.bool_], threshold: float, population: Population
) -> tuple[int, int]:
    """Return errors and episodes that count under one stopping confidence."""
    lengths = stop_lengths(confidences, threshold)
    rows = np.arange(len(lengths))
    counts = np.ones(len(lengths), dtype=np.bool_)
    if population == "answered":
        counts = confidences[rows, lengths] >= threshold
    is_wrong = ~right[rows, lengths] & counts
    return int(is_wrong.sum()), int(counts.sum())


def _refusal(
    outcomes: Sequence[tuple[int, int]], *, alpha: float, delta: float, share: float, n: int
) -> Refusal:
    least = ceil(log(share) / log(1 - alpha))
    most = max(tested for _, tested in outcomes)
    if most < least:
        reach = (
            "" if most == n else f", and at most {most} of them reach a confidence that is tested"
        )
        reason = (
            f"{n} calibration episodes are too few{reach}: error {alpha} at delta {delta} needs "
            f"at least {least} without a single error"
        )
    else:
        bounds = [
            (error_bound(errors, tested, delta=share), errors, tested)
            for errors, tested in outcomes
            if tested
        ]
        bound, errors, tested = min(bounds)
        reason = (
            f"no stopping confidence was proved to keep the error at {alpha}: over {n} episodes "
            f"the best proof is of {bound:.3f} ({errors} errors in {tested})"
        )
        if bound <= alpha:
            reason += ", and a stricter confidence that is tested before it failed"
    return Refusal(reason=reason, alpha=alpha, delta=delta, n=n)


def _checked(
    confidences: ArrayLike, is_right: ArrayLike, *, alpha: float, delta: float
) -> tuple[Floats, NDArray[np.bool_]]:
    for name, level in (("alpha", alpha), ("delta", delta)):
        if not 0 < level < 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {level}")
    found = np.asarray(confidences, dtype=np.float64)
    right = np.asarray(is_right, dtype=np.bool_)
    if found.ndim != 2 or 0 in found.shape or found.shape != right.shape:
        raise ValueError(f"needs episodes x lengths, not {found.shape} and {right.shape}")
    if not np.isfinite(found).all():
        raise ValueError("a confidence is not a number")
    return found, right
