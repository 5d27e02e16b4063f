"""C-IP: ask what is expected to leave the smallest conformal set (arXiv 2507.03279)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np

from .belief import Belief, Estimates, posteriors
from .distributions import Floats, TableFloats
from .query_policy import Scores
from .table_scores import TIE, Counts

EmptySets = Literal["full", "literal"]
"""What an empty set counts: as many as the whole support, or nothing."""
Objective = Literal["log of mean", "mean of log"]
"""log E|C| as in the paper, or E log|C|."""

_LEAST = 1e-9
"""Size that stands for zero under the logarithm, for the literal form alone."""


@runtime_checkable
class KnowsSetSizes(Protocol):
    """A belief that can count the sets of all its queries at once."""

    def predictive_table(self) -> Floats:
        """Return the chance of each answer to every query: answers x queries."""
        ...

    def set_sizes(self, threshold: float) -> Counts:
        """Return how many support entries reach a threshold: answers x queries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformalPursuit:
    """Expected size of the conformal set after the answer, by its logarithm.

    The set after k answers holds what has at least `thresholds[k]` of the probability. The literal
    objective is gamed by empty sets: a query that drives every hypothesis below the threshold looks
    best. So an empty set counts as the whole support unless `empty="literal"` asks for the paper's
    form. The score is log|support| minus the objective, so that higher is better; equal scores are
    decided by information gain.

    Raises:
        ValueError: There is no threshold, or one is not a probability.
    """

    thresholds: tuple[float, ...]
    """Least probability of a member, by the number of answers; the last one holds from there on."""
    empty: EmptySets = "full"
    """What an empty set counts."""
    objective: Objective = "log of mean"
    """Which mean is taken."""

    def __post_init__(self) -> None:
        if not self.thresholds or not all(0 <= each <= 1 for each in self.thresholds):
            raise ValueError(f"thresholds must lie between 0 and 1, not {self.thresholds}")

    @property
    def description(self) -> str:
        """The policy and its settings in words."""
        levels = ",".join(repr(float(each)) for each in self.thresholds)
        return f"C-IP, {self.objective}, empty sets {self.empty}, thresholds [{levels}]"

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return log|support| less the expected log set size of each query, in nats."""
        threshold = self.threshold_after(len(belief.asked) + 1)
        if isinstance(belief, KnowsSetSizes):
            chosen = list(queries)
            chances = belief.predictive_table()[:, chosen]
            values = self.values(chances, belief.set_sizes(threshold)[:, chosen], len(belief.probs))
        else:
            values = np.array([self._value(belief, query, threshold) for query in queries])
        gains = belief.gains(queries).values
        return Scores.masked(belief, queries, Estimates.exact(values), tie_gains=gains)

    def threshold_after(self, answers: int) -> float:
        """Return the threshold of a history of so many answers."""
        return self.thresholds[min(answers, len(self.thresholds) - 1)]

    def values(self, chances: TableFloats, sizes: Counts, whole: int) -> Floats:
        """Return the scores for sets of these sizes: answers on the first axis of both."""
        counted = np.where(sizes == 0, whole, sizes) if self.empty == "full" else sizes
        if self.objective == "log of mean":
            expected = np.log(np.maximum((chances * counted).sum(axis=0), _LEAST))
        else:
            expected = (chances * np.log(np.maximum(counted, _LEAST))).sum(axis=0)
        left: Floats = np.log(whole) - expected
        return left

    def _value(self, belief: Belief, query: int, threshold: float) -> float:
        after = posteriors(belief, query)
        sizes = (after >= threshold * (1 - TIE)).sum(axis=1)
        chances = belief.predictive(query)
        return float(self.values(chances[:, None], sizes[:, None], after.shape[1])[0])
