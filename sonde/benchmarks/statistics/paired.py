"""Two runs over the same tasks: which is better, and could it be chance?"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .bootstrap import DRAWS, percentile_interval, task_weights, weighted_means
from .intervals import LEVEL, Interval

Floats = NDArray[np.float64]
_EXACT_CLUSTERS = 12
"""Up to so many clusters that differ, all 4,096 flips are counted; beyond, they are sampled."""
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest:
    """A paired comparison of B with A."""

    gain: float
    """Mean score of B less that of A."""
    interval: Interval
    """Interval of the gain: bootstrap over the tasks, both runs through the same draws."""
    p_two_sided: float
    """Chance of a difference as large, either way, between equals."""
    p_worse: float
    """Chance of a loss of B as large between equals: one-sided, for a gate."""
    a_only: int
    """Tasks that A passes and B does not (n10)."""
    b_only: int
    """Tasks that B passes and A does not (n01)."""
    tasks: int
    """Tasks compared."""
    method: str
    """The test: `exact McNemar` or `sign-flip permutation`."""


class PValues(NamedTuple):
    """What a test says of a difference."""

    two_sided: float
    """Chance of one as large, either way, between equals."""
    worse: float
    """Chance of a loss as large between equals."""


class PairedRuns:
    """Runs over the same tasks, looked at through the same draws and the same flips of signs.

    Both are linear in the runs, so that any number of pairs costs two matrix products.
    """

    def __init__(
        self,
        scores: Sequence[Floats],
        *,
        clusters: Sequence[Hashable],
        rng: np.random.Generator,
        draws: int = DRAWS,
        weights: Floats | None = None,
    ) -> None:
        """Take the scores in.

        Args:
            scores: Of each run, tasks by epochs; the runs may differ in epochs.
            clusters: Cluster of each task.
            rng: Source of chance.
            draws: Draws of the bootstrap and of the permutation.
            weights: The bootstrap's draws, where they are made already.
        """
        self._weights = weights
        self._scores = scores
        self._clusters = clusters
        self._draws = draws
        self._rng = rng
        self._per_task = np.array([each.mean(axis=1) for each in scores])
        self._sums = np.array([cluster_sums(each, clusters) for each in self._per_task])

    @cached_property
    def weights(self) -> Floats:
        """How often each task is drawn, draws by tasks."""
        if self._weights is not None:
            return self._weights
        return task_weights(self._clusters, rng=self._rng, draws=self._draws)

    @cached_property
    def means(self) -> Floats:
        """Mean score, draws by runs."""
        return weighted_means(self.weights, self._per_task)

    @cached_property
    def _flipped(self) -> Floats:
        """Sum of the scores with one sign for each cluster, draws by runs."""
        signs = self._rng.integers(0, 2, size=(self._draws, self._sums.shape[1]), dtype=np.int8)
        return (2.0 * signs - 1.0) @ self._sums.T

    def compare(self, a: int, b: int, *, level: float = LEVEL) -> PairedTest:
        """Compare run B with run A, both by their place.

        One attempt a task, right or wrong, no clusters: the exact test of McNemar. Graded scores,
        repetitions or clusters: the signs of the clusters' differences are flipped.
        """
        mean_a, mean_b = self._per_task[a], self._per_task[b]
        a_only = int(np.sum((mean_a >= 1) & (mean_b < 1)))
        b_only = int(np.sum((mean_b >= 1) & (mean_a < 1)))
        is_exact = self.is_binary(a, b)
        found = mcnemar(a_only, b_only) if is_exact else self._permuted(a, b)
        return PairedTest(
            gain=float((mean_b - mean_a).mean()),
            interval=percentile_interval(self.means[:, b] - self.means[:, a], level=level),
            p_two_sided=found.two_sided,
            p_worse=found.worse,
            a_only=a_only,
            b_only=b_only,
            tasks=len(mean_a),
            method="exact McNemar" if is_exact else "sign-flip permutation",
        )

    def is_binary(self, a: int, b: int) -> bool:
        """Return whether two runs have one attempt a task, right or wrong, and no clusters."""
        both = (self._scores[a], self._scores[b])
        if len(set(self._clusters)) < len(self._clusters):
            return False
        return all(each.shape[1] == 1 and np.isin(each, (0.0, 1.0)).all() for each in both)

    def cluster_differences(self, a: int, b: int) -> Floats:
        """Return the sum of B's scores less A's over each cluster."""
        return self._sums[b] - self._sums[a]

    def _permuted(self, a: int, b: int) -> PValues:
        differences = self.cluster_differences(a, b)
        if np.count_nonzero(np.abs(differences) > _ROUNDING) <= _EXACT_CLUSTERS:
            return sign_flip_exact(differences)
        flips = self._flipped[:, b] - self._flipped[:, a]
        return _tail_shares(flips, float(differences.sum()), added=1)


def mcnemar(a_only: int, b_only: int) -> PValues:
    """Return the exact test of McNemar: a sign test of the discordant pairs.

    Args:
        a_only: Tasks that only A passes.
        b_only: Tasks that only B passes.
    """
    pairs = a_only + b_only
    smaller = sum(comb(pairs, k) for k in range(min(a_only, b_only) + 1))
    as_bad = sum(comb(pairs, k) for k in range(b_only + 1))
    return PValues(min(1.0, 2 * smaller / 2**pairs), as_bad / 2**pairs)


def sign_flip_exact(differences: Floats) -> PValues:
    """Return the sign-flip permutation test with every flip counted; for few differences."""
    moved = differences[np.abs(differences) > _ROUNDING]
    signs = np.array(list(product((-1.0, 1.0), repeat=len(moved))))
    return _tail_shares(signs @ moved, float(moved.sum()), added=0)


def cluster_sums(per_task: Floats, clusters: Sequence[Hashable]) -> Floats:
    """Return the sum of a value over the tasks of each cluster."""
    numbers = {name: at for at, name in enumerate(dict.fromkeys(clusters))}
    sums = np.zeros(len(numbers))
    np.add.at(sums, [numbers[name] for name in clusters], per_task)
    return sums


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number by Holm's step-down method (1979)."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, at in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[at]))
        adjusted[at] = highest
    return adjusted


def _tail_shares(sums: Floats, observed: float, *, added: int) -> PValues:
    """Return the shares of flips that go as far.

    Of sampled flips the observed one counts as one more ((k + 1) / (n + 1), Phipson and Smyth
    2010), so that p is never 0.
    """
    as_far = int(np.sum(np.abs(sums) >= abs(observed) - _ROUNDING))
    as_low = int(np.sum(sums <= observed + _ROUNDING))
    total = len(sums) + added
    return PValues((as_far + added) / total, (as_low + added) / total)
