"""Information gain that also counts what the next query can still gain."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .belief import Belief, Estimates
from .query_policy import Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAhead:
    """Gain of a query plus the expected best gain of the one that follows it (depth 2).

    A query of the highest gain can leave a belief that no other query splits well; balancing the
    immediate gain against what remains to be gained avoids it. Only the most promising queries are
    looked behind: any other has the lower immediate gain, and keeps that alone as its score.

    Raises:
        ValueError: The balance is negative, or the breadth below 1.
    """

    balance: float = 1.0
    """Weight of the next gain: 0 is plain information gain, 1 the gain of both together."""
    breadth: int = 8
    """How many queries, by immediate gain, are looked behind."""

    def __post_init__(self) -> None:
        if not self.balance >= 0 or self.breadth < 1:
            raise ValueError(
                f"balance must be 0 or more and breadth at least 1, not {self.balance} and "
                f"{self.breadth}"
            )

    @property
    def description(self) -> str:
        """The policy and its settings in words."""
        return f"look-ahead 2, balance {self.balance}, breadth {self.breadth}"

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return the gain of each query in nats, with the gain to come where it was looked at."""
        now = belief.gains(queries)
        plain = Scores.masked(belief, queries, now)
        values = now.values.copy()
        order = np.argsort(-plain.values, kind="stable")[: self.breadth]
        for position in (int(each) for each in order if plain.values[each] > -np.inf):
            values[position] += self.balance * self._next_gain(belief, queries[position], queries)
        looked = Estimates(values=values, standard_errors=now.standard_errors)
        return Scores.masked(belief, queries, looked, tie_gains=now.values)

    def _next_gain(self, belief: Belief, query: int, queries: Sequence[int]) -> float:
        expected = 0.0
        for answer, chance in enumerate(belief.predictive(query)):
            if chance > 0:
                after = belief.update(query, answer)
                rest = [each for each in queries if each not in set(after.asked)]
                gains = after.gains(rest).values if rest else np.zeros(1)
                expected += float(chance) * float(gains.max())
        return expected
