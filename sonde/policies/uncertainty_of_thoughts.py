"""Reward of Uncertainty of Thoughts (arXiv 2402.03271) with look-ahead."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .belief import Belief, Estimates, predictives
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
        values = [
            self._expected(belief, query, chances, queries, depth=self.depth)
            for query, chances in zip(queries, predictives(belief, queries), strict=True)
        ]
        gains = belief.gains(queries).values
        return Scores.masked(belief, queries, Estimates.exact(np.array(values)), tie_gains=gains)

    def _expected(
        self, belief: Belief, query: int, chances: Floats, queries: Sequence[int], *, depth: int
    ) -> float:
        reward = self._reward(chances)
        if depth == 1:
            return reward
        later = sum(
            chance * self._after(belief.update(query, answer), queries, depth=depth - 1)
            for answer, chance in enumerate(chances)
            if chance > 0
        )
        return reward + float(later)

    def _after(self, belief: Belief, queries: Sequence[int], *, depth: int) -> float:
        asked = frozenset(belief.asked)
        rest = [query for query in queries if query not in asked]
        if not rest:
            return 0.0
        chances = predictives(belief, rest)
        rewards = [self._reward(each) for each in chances]
        followed = sorted(range(len(rest)), key=lambda place: -rewards[place])[: self.breadth]
        paths = [
            self._expected(belief, rest[each], chances[each], queries, depth=depth)
            for each in followed
        ]
        return float(np.mean(paths))

    def _reward(self, chances: Floats) -> float:
        spread = float(chances.max() - chances.min())
        return entropy(chances) / (1 + spread / self.scale)
