"""Reward of Uncertainty of Thoughts (arXiv 2402.03271) with look-ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .belief import Belief, Estimates, information_gains
from .distributions import Floats, entropy
from .query_policy import Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyOfThoughts:
    """Entropy of the answer, discounted where it splits unevenly, summed along a tree of queries.

    The reward of one query is H / (1 + |p1 - p2| / scale) for answers of chance p1 and p2 (the
    paper's R_u, in nats); with more than two answers the largest and the smallest chance stand for
    p1 and p2. A path's reward is the sum along it; a query is worth the mean over its answers of
    what follows, and of the best queries that can follow the mean is taken.

    Raises:
        ValueError: Scale, depth or breadth are out of range.
    """

    scale: float = 0.4
    """The paper's lambda: a smaller one discounts uneven splits more."""
    depth: int = 1
    """Queries looked ahead, this one among them; the paper uses 3."""
    breadth: int = 3
    """Queries followed at each deeper step; the paper uses 3."""

    def __post_init__(self) -> None:
        if self.scale <= 0 or self.depth < 1 or self.breadth < 1:
            raise ValueError(
                "scale must be above 0, depth and breadth at least 1, not "
                f"{self.scale}, {self.depth} and {self.breadth}"
            )

    @property
    def description(self) -> str:
        """The policy and its settings in words."""
        return f"UoT reward, scale {self.scale}, depth {self.depth}, breadth {self.breadth}"

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return the expected reward of each query in nats."""
        values = np.array([self._expected(belief, query, queries, self.depth) for query in queries])
        gains = information_gains(belief, queries).values
        return Scores.masked(belief, queries, Estimates.exact(values), tie_gains=gains)

    def _expected(
        self, belief: Belief, query: int, queries: Sequence[int], depth: int
    ) -> float:  # fmt: skip
        chances = belief.predictive(query)
        reward = self._reward(chances)
        if depth == 1:
            return reward
        later = sum(
            chance * self._after(belief.update(query, answer), queries, depth - 1)
            for answer, chance in enumerate(chances)
            if chance > 0
        )
        return reward + float(later)

    def _after(self, belief: Belief, queries: Sequence[int], depth: int) -> float:
        rest = [query for query in queries if query not in set(belief.asked)]
        if not rest:
            return 0.0
        rewards = np.array([self._reward(belief.predictive(query)) for query in rest])
        followed: list[int] = np.argsort(-rewards, kind="stable")[: self.breadth].tolist()
        if depth == 1:
            return float(rewards[followed].mean())
        paths = [self._expected(belief, rest[each], queries, depth) for each in followed]
        return float(np.mean(paths))

    def _reward(self, chances: Floats) -> float:
        spread = float(chances.max() - chances.min())
        return entropy(chances) / (1 + spread / self.scale)
