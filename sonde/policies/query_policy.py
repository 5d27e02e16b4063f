"""What is worth asking: the protocol of query policies, and the plain ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from .belief import Belief, Estimates, predictives
from .distributions import Floats, entropy

TIE_NATS = 1e-9
"""Scores closer than this are equal: rounding of sums, no difference worth a query."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """How much each query promises; higher is better, minus infinity for one already asked."""

    queries: tuple[int, ...]
    """The queries that were scored, in the order given."""
    values: Floats
    """Their scores, in nats (or nats per unit of cost)."""
    standard_errors: Floats
    """Standard error of each score: zero where it is exact."""
    tie_gains: Floats
    """Information gains in nats, which decide between equal scores."""

    @property
    def best(self) -> int | None:
        """Position of the best query: by score, then by gain, then the lowest query number.

        None where every query was asked before, or none was given.
        """
        top = self.values.max(initial=-np.inf)
        if top == -np.inf:
            return None
        equal = np.flatnonzero(self.values >= top - TIE_NATS)
        if equal.size > 1:
            gains = self.tie_gains[equal]
            equal = equal[gains >= gains.max() - TIE_NATS]
        positions: list[int] = equal.tolist()
        return min(positions, key=self.queries.__getitem__)

    @property
    def choice(self) -> int | None:
        """Number of the best query; None where there is none."""
        best = self.best
        return None if best is None else self.queries[best]

    @classmethod
    def masked(
        cls,
        belief: Belief,
        queries: Sequence[int],
        estimates: Estimates,
        *,
        tie_gains: Floats | None = None,
        may_repeat: bool = False,
    ) -> Self:
        """Return scores in which the queries that were asked before count minus infinity.

        Args:
            belief: What knows which queries were asked.
            queries: The queries that were scored.
            estimates: Their scores.
            tie_gains: Information gains that decide ties; the scores themselves where left out.
            may_repeat: Whether a query may be asked again, as an experiment may.

        Raises:
            ValueError: A score is not a number.
        """
        if np.isnan(estimates.values).any():
            position = int(np.flatnonzero(np.isnan(estimates.values))[0])
            name = belief.queries[queries[position]]
            raise ValueError(f"the score of query {name!r} is not a number")
        values = estimates.values
        closed = frozenset[int]() if may_repeat else frozenset(belief.asked)
        if closed:
            values = np.where([query in closed for query in queries], -np.inf, values)
        return cls(
            queries=tuple(queries),
            values=values,
            standard_errors=estimates.standard_errors,
            tie_gains=estimates.values if tie_gains is None else tie_gains,
        )


class QueryPolicy(Protocol):
    """A way to rank queries under a belief."""

    @property
    def description(self) -> str:
        """The policy and its settings in words; part of a certificate's fingerprint."""
        ...

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return the score of each query."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationGain:
    """Expected fall of the belief's entropy: the default."""

    may_repeat: bool = False
    """Whether a query may be asked again, as an experiment may."""

    @property
    def description(self) -> str:
        """The policy in words."""
        return "information gain" + _repeats(self.may_repeat)

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return the expected information gain of each query in nats."""
        gains = belief.gains(queries)
        return Scores.masked(belief, queries, gains, may_repeat=self.may_repeat)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumEntropy:
    """Entropy of the answer, whatever it says about the support.

    Equal to the information gain where answers are certain given the truth; where they are noisy it
    is drawn to queries whose answers are mere noise.
    """

    may_repeat: bool = False
    """Whether a query may be asked again, as an experiment may."""

    @property
    def description(self) -> str:
        """The policy in words."""
        return "maximum predictive entropy" + _repeats(self.may_repeat)

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return the entropy of each query's predicted answer in nats."""
        values = np.array([entropy(chances) for chances in predictives(belief, queries)])
        gains = belief.gains(queries).values
        return Scores.masked(
            belief,
            queries,
            Estimates.exact(values),
            tie_gains=gains,
            may_repeat=self.may_repeat,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RandomQuery:
    """Any query that was not asked yet, all alike."""

    rng: np.random.Generator
    """Where the luck comes from."""

    @property
    def description(self) -> str:
        """The policy in words."""
        return "random"

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return random scores between 0 and 1; they measure nothing."""
        values = self.rng.random(len(queries))
        return Scores.masked(belief, queries, Estimates.exact(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class PerCost:
    """Another policy's score, divided by what the query costs.

    Raises:
        ValueError: A cost is not above zero.
    """

    inner: QueryPolicy
    """The policy that says what a query is worth."""
    costs: Mapping[int, float]
    """Cost of each query, in any one unit: tokens, dollars, seconds."""
    unit: str
    """Name of that unit."""

    def __post_init__(self) -> None:
        for query, cost in self.costs.items():
            if not (np.isfinite(cost) and cost > 0):
                raise ValueError(f"the cost of query {query} must be above 0, not {cost}")

    @property
    def description(self) -> str:
        """The policy in words."""
        prices = ",".join(f"{query}:{self.costs[query]!r}" for query in sorted(self.costs))
        return f"{self.inner.description} per {self.unit} [{prices}]"

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        """Return the inner score of each query per unit of its cost.

        Raises:
            ValueError: The cost of a query is not known.
        """
        inner = self.inner.score(belief, queries)
        prices = np.array([self._price(query, belief.queries) for query in queries])
        return Scores(
            queries=inner.queries,
            values=inner.values / prices,
            standard_errors=inner.standard_errors / prices,
            tie_gains=inner.tie_gains,
        )

    def _price(self, query: int, names: Sequence[str]) -> float:
        cost = self.costs.get(query)
        if cost is None:
            raise ValueError(f"the cost of query {names[query]!r} is unknown; give one")
        return cost


def _repeats(may_repeat: bool) -> str:
    return ", repeats allowed" if may_repeat else ""
