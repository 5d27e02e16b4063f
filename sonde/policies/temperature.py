"""Calibration of reported probabilities: a temperature for each history length, or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .distributions import Floats, logarithms, normalised

_RANGE = (log(0.02), log(50.0))
"""Temperatures that are considered: past these a report says nothing, or all."""
_STEPS = 48
"""Halvings of the golden section: the range shrinks to a millionth of a per cent."""
_LEAST_LOG_PROB = -60.0
"""What a probability of zero counts as: a truth ruled out must cost a lot, not everything."""
PRIOR_EPISODES = 20.0
"""Weight of the pooled temperature, in episodes: with as many of one length both count alike."""


class Calibrator(Protocol):
    """A correction of reported probabilities that was fitted on finished episodes."""

    def apply(self, probabilities: ArrayLike, *, length: int) -> Floats:
        """Return the corrected probabilities of a history of so many answers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """No correction."""

    def apply(self, probabilities: ArrayLike, *, length: int) -> Floats:
        """Return the probabilities as they are."""
        del length  # they are right at any length, or wrong at all
        return np.asarray(probabilities, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureByLength:
    """One temperature for each number of answers; the last one holds from there on.

    A report p becomes p^(1/T), scaled to one. A temperature never changes which entry is likeliest.
    Fit it on histories that the policy in use made itself: on random histories a policy that seeks
    what the model is wrong about looks calibrated, and is not.

    Raises:
        ValueError: There is no temperature, or one is not above zero.
    """

    temperatures: tuple[float, ...]
    """Temperatures, from no answer on: above 1 softens an over-confident report."""
    pooled: float
    """The temperature of all lengths together, towards which each was drawn."""
    n: int
    """Episodes that it was fitted on."""

    def __post_init__(self) -> None:
        if not self.temperatures or not all(0 < each < inf for each in self.temperatures):
            raise ValueError(f"temperatures must be above 0, not {self.temperatures}")

    @classmethod
    def fit(
        cls,
        log_probs: ArrayLike,
        truths: NDArray[np.int64],
        *,
        sizes: NDArray[np.int64] | None = None,
        prior_episodes: float = PRIOR_EPISODES,
    ) -> Self:
        """Return the temperatures of least log loss, each drawn towards the pooled one.

        Minimised for each length: the mean log loss, plus half the squared difference of log T from
        the pooled log T times `prior_episodes` / n.

        Args:
            log_probs: Logarithms of the reports, up to a constant: episodes x lengths x support.
            truths: Index of the truth, one per episode.
            sizes: Entries of each report, episodes x lengths, where reports differ in them: what
                lies beyond is padding. All are entries where it is left out.
            prior_episodes: Weight of the pooled temperature, in episodes.

        Raises:
            ValueError: There are no episodes, the shapes do not fit, or an entry is not a number.
        """
        scores = _checked_log_probs(log_probs, truths)
        if sizes is not None:
            places = np.arange(int(scores.shape[2]))
            scores[places >= sizes[..., None]] = -np.inf
        n = len(scores)
        everything = scores.reshape(-1, scores.shape[2])
        pooled = _golden(_loss(everything, np.repeat(truths, scores.shape[1])))
        weight = prior_episodes / n
        logs = [
            _golden(_drawn(_loss(scores[:, length], truths), towards=pooled, weight=weight))
            for length in range(scores.shape[1])
        ]
        return cls(temperatures=tuple(exp(each) for each in logs), pooled=exp(pooled), n=n)

    def apply(self, probabilities: ArrayLike, *, length: int) -> Floats:
        """Return the probabilities at the temperature of that length."""
        return normalised(logarithms(probabilities) / self.at(length))

    def at(self, length: int) -> float:
        """Return the temperature of a history of so many answers."""
        return self.temperatures[min(length, len(self.temperatures) - 1)]


def expected_calibration_error(
    confidences: ArrayLike, is_right: Sequence[bool] | NDArray[np.bool_], *, bins: int = 10
) -> float:
    """Return the mean gap of confidence and frequency over bins of equal width.

    Raises:
        ValueError: There are no pairs, or the two do not belong together.
    """
    found = np.asarray(confidences, dtype=np.float64)
    right = np.asarray(is_right, dtype=np.float64)
    if found.ndim != 1 or found.shape != right.shape or not found.size:
        raise ValueError(f"needs pairs, not {found.shape} confidences and {right.shape} outcomes")
    places = np.clip((found * bins).astype(np.int64), 0, bins - 1)
    gaps = np.bincount(places, weights=found - right, minlength=bins)
    return float(np.abs(gaps).sum() / found.size)


def _loss(log_probs: Floats, truths: NDArray[np.int64]) -> Callable[[float], float]:
    """Return the mean log loss as a function of log T."""
    shifted = log_probs - log_probs.max(axis=1, keepdims=True)
    of_truth = shifted[np.arange(len(truths)), truths]

    def loss(log_temperature: float) -> float:
        cold = exp(-log_temperature)
        totals = np.log(np.exp(shifted * cold).sum(axis=1))
        return float((totals - of_truth * cold).mean())

    return loss


def _drawn(
    loss: Callable[[float], float], *, towards: float, weight: float
) -> Callable[[float], float]:
    return lambda place: loss(place) + 0.5 * weight * (place - towards) ** 2


def _golden(cost: Callable[[float], float]) -> float:
    """Return where a cost with one valley is least, by golden section."""
    ratio = (sqrt(5) - 1) / 2
    low, high = _RANGE
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = cost(left), cost(right)
    for _ in range(_STEPS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = cost(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = cost(right)
    return (low + high) / 2


def _checked_log_probs(log_probs: ArrayLike, truths: NDArray[np.int64]) -> Floats:
    scores = np.asarray(log_probs, dtype=np.float64)
    if scores.ndim != 3 or 0 in scores.shape or len(truths) != len(scores):
        raise ValueError(
            f"needs episodes x lengths x support with one truth an episode, not {scores.shape} "
            f"with {len(truths)} truths"
        )
    if np.isnan(scores).any() or (scores == np.inf).any():
        raise ValueError("a log probability is not a number")
    top = scores.max(axis=2, keepdims=True)
    if (top == -np.inf).any():
        raise ValueError("a report gives no entry any probability")
    if truths.min() < 0 or truths.max() >= scores.shape[2]:
        raise ValueError(f"a truth lies outside the support of {scores.shape[2]}")
    return np.maximum(scores - top, _LEAST_LOG_PROB)
