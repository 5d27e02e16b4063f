"""What is held likely, and what a question would do to it: the protocol of all beliefs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self, runtime_checkable

import numpy as np

from .distributions import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimates:
    """One number a query, in nats, and how well it is known."""

    values: Floats
    """The numbers, in the order of the queries they were asked for."""
    standard_errors: Floats
    """Standard error of each: zero where it was computed and not estimated."""

    @classmethod
    def exact(cls, values: Floats) -> Self:
        """Return numbers that carry no sampling error."""
        return cls(values=values, standard_errors=np.zeros_like(values))


class Belief(Protocol):
    """A distribution over a finite support, with questions that can be put to the world.

    Queries and answers are numbered: query 3 is `queries[3]`, and its answers are numbered from 0.
    """

    @property
    def support(self) -> Sequence[str]:
        """What may be true, one name each."""
        ...

    @property
    def queries(self) -> Sequence[str]:
        """What may be asked, one name each."""
        ...

    @property
    def asked(self) -> Sequence[int]:
        """Queries answered so far, in order."""
        ...

    @property
    def probs(self) -> Floats:
        """Probability of each entry of the support; sums to one."""
        ...

    @property
    def entropy(self) -> float:
        """Uncertainty in nats."""
        ...

    def predictive(self, query: int) -> Floats:
        """Return the probability of each answer to a query."""
        ...

    def update(self, query: int, answer: int) -> Self:
        """Return the belief after an answer; this one stays as it is."""
        ...

    def gains(self, queries: Sequence[int]) -> Estimates:
        """Return the expected fall of the entropy for each query, in nats."""
        ...


@runtime_checkable
class KnowsPosteriors(Protocol):
    """A belief that can tell all its next states of one query at once."""

    def posteriors(self, query: int) -> Floats:
        """Return the probabilities after each answer: a row an answer, a column a support entry."""
        ...


@runtime_checkable
class KnowsPredictives(Protocol):
    """A belief that can predict the answers to all its queries at once."""

    def predictive_table(self) -> Floats:
        """Return the chance of each answer to every query: answers x queries."""
        ...


def gains_by_updates(belief: Belief, queries: Sequence[int]) -> Estimates:
    """Return the expected information gains by one update an answer, for want of a shorter way.

    The gain of query q is H(b) - sum_a P(a) H(b | q = a).
    """
    return Estimates.exact(np.array([_gain_by_updates(belief, query) for query in queries]))


def predictives(belief: Belief, queries: Sequence[int]) -> list[Floats]:
    """Return the chances of the answers to each query; beliefs with a shorter way take it."""
    if isinstance(belief, KnowsPredictives):
        check_queries(queries, belief.queries)
        return list(belief.predictive_table().T[list(queries)])
    return [belief.predictive(query) for query in queries]


def posteriors(belief: Belief, query: int) -> Floats:
    """Return the probabilities after each answer; an impossible answer leaves them as they are."""
    if isinstance(belief, KnowsPosteriors):
        return belief.posteriors(query)
    return np.stack(
        [
            belief.update(query, answer).probs if chance > 0 else belief.probs
            for answer, chance in enumerate(belief.predictive(query))
        ]
    )


def check_query(query: int, names: Sequence[str]) -> None:
    """Refuse a query that the belief does not know.

    Raises:
        ValueError: There is no query of that number.
    """
    if not 0 <= query < len(names):
        raise ValueError(
            f"query {query} is unknown: this belief knows {len(names)}, numbered from 0"
        )


def check_queries(queries: Sequence[int], names: Sequence[str]) -> None:
    """Refuse queries of which the belief does not know one.

    Raises:
        ValueError: There is no query of one of these numbers.
    """
    if queries:
        check_query(min(queries), names)
        check_query(max(queries), names)


def check_answer(answer: int, count: int, *, query: str) -> None:
    """Refuse an answer that the query does not have.

    Raises:
        ValueError: There is no answer of that number.
    """
    if not 0 <= answer < count:
        raise ValueError(f"answer {answer} to {query!r} is unknown: it has {count}, from 0")


def _gain_by_updates(belief: Belief, query: int) -> float:
    left = sum(
        chance * belief.update(query, answer).entropy
        for answer, chance in enumerate(belief.predictive(query))
        if chance > 0
    )
    return belief.entropy - float(left)
