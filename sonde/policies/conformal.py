"""Split conformal sets: thresholds with the exact rank, by history length or at the stop."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .distributions import Floats
from .table_scores import TIE

_ROUNDING = 1e-9
"""What 0.29 * 100 lacks of 29 in floating point must not cost a rank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetThreshold:
    """The least probability of a member of a conformal set, and what it was found from.

    A set {y : p(y) >= value} holds the truth with probability at least 1 - alpha for a fresh
    episode that is exchangeable with the n calibration episodes.
    """

    value: float
    """Least probability of a member; 0 keeps the whole support."""
    alpha: float
    """Share of sets that may miss the truth."""
    n: int
    """Calibration episodes."""
    tie_share: float = 1.0
    """Chance with which an entry exactly at the threshold is kept where ties are drawn for, so that
    the coverage is 1 - alpha and not above it."""

    @property
    def is_vacuous(self) -> bool:
        """Whether there were too few episodes to leave anything out: n < 1/alpha - 1."""
        return conformal_rank(self.n, alpha=self.alpha) < 1

    @property
    def note(self) -> str | None:
        """What had to be assumed; None where nothing was."""
        if not self.is_vacuous:
            return None
        least = least_episodes(self.alpha)
        return (
            f"{self.n} calibration episodes are too few for alpha {self.alpha}: "
            f"the set is the whole support until there are {least}"
        )

    @classmethod
    def fit(cls, true_probs: ArrayLike, *, alpha: float) -> Self:
        """Return the floor(alpha (n + 1))-th smallest probability of the truth, or 0 if rank 0.

        This is eq. (3) of C-IP (arXiv 2507.03279) with the score -p, that is with the finite-sample
        rank; a plain quantile under-covers where n is small.

        Args:
            true_probs: Probability that was given to the truth, one per calibration episode.
            alpha: Share of sets that may miss the truth.

        Raises:
            ValueError: `alpha` is not between 0 and 1, or an entry is not a probability.
        """
        scores = _checked_scores(true_probs)
        rank = conformal_rank(len(scores), alpha=alpha)
        value = float(np.partition(scores, rank - 1)[rank - 1]) if rank else 0.0
        share = _tie_share(scores, value, alpha=alpha) if rank else 1.0
        return cls(value=value, alpha=alpha, n=len(scores), tie_share=share)

    def members(
        self,
        probabilities: ArrayLike,
        *,
        empty: Literal["keep", "full", "top"] = "keep",
        tie_rng: np.random.Generator | None = None,
    ) -> list[int]:
        """Return the indices that reach the threshold, likeliest first.

        Args:
            probabilities: The belief.
            empty: What to return in place of an empty set: nothing credible, everything, or the
                likeliest. The last two only enlarge the set, so the promise still holds.
            tie_rng: Where given, entries exactly at the threshold are drawn for. Beliefs with few
                distinct values tie often, and their sets then cover more than they need to.
        """
        chances = np.asarray(probabilities, dtype=np.float64)
        order = np.argsort(-chances, kind="stable")
        inside: list[int] = order[self.contains(chances, tie_rng=tie_rng)[order]].tolist()
        if inside or empty == "keep":
            return inside
        kept: list[int] = order.tolist() if empty == "full" else order[:1].tolist()
        return kept

    def contains(
        self, probabilities: ArrayLike, *, tie_rng: np.random.Generator | None = None
    ) -> NDArray[np.bool_]:
        """Return whether entries of these probabilities are members, in an array of any shape."""
        chances = np.asarray(probabilities, dtype=np.float64)
        is_inside: NDArray[np.bool_] = np.greater_equal(chances, self.value * (1 - TIE))
        if tie_rng is not None:
            is_inside &= ~_ties(chances, self.value) | (
                tie_rng.random(chances.shape) < self.tie_share
            )
        return is_inside


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthThresholds:
    """One conformal threshold for each number of answers; the last one holds from there on.

    Each promises coverage over episodes *of that length*: it is not a promise at a length that the
    episode itself chose, so a rule that stops when a set becomes small breaks it. For the stop,
    calibrate at the stop.
    """

    by_length: tuple[SetThreshold, ...]
    """Thresholds, from no answer on."""

    @classmethod
    def fit(cls, true_probs: ArrayLike, *, alpha: float) -> Self:
        """Return thresholds from the probabilities of the truth: episodes x lengths.

        Raises:
            ValueError: The array has not two axes, or a column cannot be calibrated on.
        """
        scores = np.asarray(true_probs, dtype=np.float64)
        if scores.ndim != 2 or scores.shape[1] == 0:
            raise ValueError(f"needs episodes x lengths, not shape {scores.shape}")
        return cls(by_length=tuple(SetThreshold.fit(each, alpha=alpha) for each in scores.T))

    @property
    def values(self) -> tuple[float, ...]:
        """The bare thresholds, as C-IP takes them."""
        return tuple(each.value for each in self.by_length)

    def at(self, length: int) -> SetThreshold:
        """Return the threshold of a history of so many answers."""
        return self.by_length[min(length, len(self.by_length) - 1)]


def conformal_rank(n: int, *, alpha: float) -> int:
    """Return floor(alpha (n + 1)): how many of n calibration scores may lie below a set.

    >>> conformal_rank(36, alpha=0.1), conformal_rank(8, alpha=0.1), conformal_rank(9, alpha=0.1)
    (3, 0, 1)

    Raises:
        ValueError: `alpha` is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    return floor(alpha * (n + 1) + _ROUNDING)


def least_episodes(alpha: float) -> int:
    """Return the fewest calibration episodes with which a set can leave anything out."""
    n = max(0, floor(1 / alpha) - 2)
    while conformal_rank(n, alpha=alpha) < 1:
        n += 1
    return n


def check_units(units: Sequence[Hashable]) -> None:
    """Refuse calibration episodes that were drawn twice: they make n look larger than it is.

    Raises:
        ValueError: A unit stands there more than once.
    """
    seen: set[Hashable] = set()
    for unit in units:
        if unit in seen:
            raise ValueError(
                f"calibration unit {unit!r} stands there more than once; "
                "use each case once, and never resample with replacement"
            )
        seen.add(unit)


def _ties(scores: Floats, value: float) -> NDArray[np.bool_]:
    return np.abs(scores - value) <= TIE * value


def _tie_share(scores: Floats, value: float, *, alpha: float) -> float:
    """Return the chance that the smoothed p-value of an entry at the threshold exceeds alpha.

    That p-value is (below + U (equal + 1)) / (n + 1) with U uniform (Vovk et al. 2005, sect. 2.2).
    """
    equal = int(_ties(scores, value).sum())
    below = int((scores < value).sum()) - int((_ties(scores, value) & (scores < value)).sum())
    return float(np.clip(1 - (alpha * (len(scores) + 1) - below) / (equal + 1), 0, 1))


def _checked_scores(true_probs: ArrayLike) -> Floats:
    scores = np.asarray(true_probs, dtype=np.float64)
    if scores.ndim != 1:
        raise ValueError(f"needs one probability an episode, not shape {scores.shape}")
    if not (np.isfinite(scores).all() and (scores >= 0).all() and (scores <= 1 + 1e-9).all()):
        raise ValueError("the probability of a truth must lie between 0 and 1")
    return scores
