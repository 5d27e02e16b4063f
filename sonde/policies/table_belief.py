"""Exact Bayes over a likelihood table."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from .belief import Estimates, check_answer, check_queries, check_query
from .distributions import (
    Floats,
    checked_distribution,
    entropy,
    logarithms,
    normalised,
)
from .table import Table
from .table_scores import (
    Counts,
    gains_by_products,
    gains_of_reports,
    predictive_table,
    set_sizes,
)

FALLBACK_NOISE = 0.05
"""Chance of a wrong answer that is assumed once the answers contradict each other: one in twenty,
the smallest that a handful of answers could have shown."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableBelief:
    """A belief over the hypotheses of a table, by exact Bayes in log space.

    Where answers contradict each other, so that no hypothesis is left, the table is softened by
    `FALLBACK_NOISE`, all answers are weighed anew, and `note` says so.
    """

    table: Table
    """Likelihoods, as they are in use now."""
    log_prior: Floats
    """Logarithm of the prior."""
    log_weights: Floats
    """Logarithm of the exact posterior, up to a constant."""
    exponents: tuple[float, ...] = (1.0,)
    """Power to which the exact posterior is raised before it is reported, by the number of answers;
    the last one holds from there on. 1 is exact, above 1 over-confident."""
    history: tuple[tuple[int, int], ...] = ()
    """Queries and answers so far."""
    note: str | None = None
    """What had to be assumed; None where nothing was."""
    probs: Floats = field(init=False)
    """Probability of each hypothesis, as reported."""

    def __post_init__(self) -> None:
        if not self.exponents or min(self.exponents) <= 0:
            raise ValueError(f"exponents must be above 0, not {self.exponents}")
        object.__setattr__(self, "probs", normalised(self.exponent * self.log_weights))

    @classmethod
    def start(
        cls, table: Table, *, prior: ArrayLike | None = None, exponents: Sequence[float] = (1.0,)
    ) -> Self:
        """Return the belief before the first answer; without a prior all hypotheses are alike.

        Raises:
            ValueError: The prior is no distribution over the table's hypotheses.
        """
        count = len(table.hypotheses)
        if prior is None:
            prior = np.full(count, 1 / count)
        chances = checked_distribution(prior, name="prior")
        if len(chances) != count:
            raise ValueError(f"a prior of {len(chances)} entries for {count} hypotheses")
        weights = logarithms(chances)
        return cls(table=table, log_prior=weights, log_weights=weights, exponents=tuple(exponents))

    @property
    def support(self) -> Sequence[str]:
        """Names of the hypotheses."""
        return self.table.hypotheses

    @property
    def queries(self) -> Sequence[str]:
        """Names of the queries."""
        return self.table.queries

    @property
    def asked(self) -> Sequence[int]:
        """Queries answered so far, in order."""
        return [query for query, _ in self.history]

    @property
    def exponent(self) -> float:
        """The power of the present number of answers."""
        return self._exponent_after(0)

    @property
    def next_exponent(self) -> float:
        """The power after one more answer."""
        return self._exponent_after(1)

    @property
    def entropy(self) -> float:
        """Entropy of the reported probabilities in nats."""
        return entropy(self.probs)

    def predictive(self, query: int) -> Floats:
        """Return the probability of each answer to a query."""
        check_query(query, self.queries)
        chances = self.table.likelihood[:, :, query].astype(np.float64) @ self.probs
        return chances / chances.sum()

    def update(self, query: int, answer: int) -> Self:
        """Return the belief after an answer; this one stays as it is."""
        check_query(query, self.queries)
        check_answer(answer, self.table.answers, query=self.queries[query])
        history = (*self.history, (query, answer))
        weights = self.log_weights + logarithms(self.table.likelihood[answer, :, query])
        if weights.max() == -np.inf:
            return self._softened(history)
        return replace(self, log_weights=weights - weights.max(), history=history)

    def posteriors(self, query: int) -> Floats:
        """Return the reported probabilities after each answer, a row an answer.

        An answer that no hypothesis gives leaves its row as it is now.
        """
        check_query(query, self.queries)
        weights = self.log_weights + logarithms(self.table.likelihood[:, :, query])
        weights[weights.max(axis=1) == -np.inf] = self.log_weights
        return normalised(self.next_exponent * weights)

    def gains(self, queries: Sequence[int]) -> Estimates:
        """Return the expected information gains, exactly."""
        check_queries(queries, self.queries)
        if self.exponent == 1.0 and self.next_exponent == 1.0:
            gains = gains_by_products(self.table, self.probs)
        else:
            gains = gains_of_reports(
                self.table,
                self.log_weights,
                exponent=self.exponent,
                next_exponent=self.next_exponent,
            )
        return Estimates.exact(gains[list(queries)].astype(np.float64))

    def predictive_table(self) -> Floats:
        """Return the chance of each answer to every query: answers x queries."""
        return predictive_table(self.table, self.probs).astype(np.float64)

    def set_sizes(self, threshold: float) -> Counts:
        """Return how many hypotheses reach a threshold after each answer: answers x queries."""
        return set_sizes(
            self.table, self.log_weights, next_exponent=self.next_exponent, threshold=threshold
        )

    def tempered(self, temperatures: Sequence[float]) -> Self:
        """Return this belief with reports divided by a temperature for each number of answers.

        Raises:
            ValueError: There is none, or one is not above zero.
        """
        if not temperatures or min(temperatures) <= 0:
            raise ValueError(f"temperatures must be above 0, not {list(temperatures)}")
        length = max(len(temperatures), len(self.exponents))
        pairs = (
            (self.exponents[min(k, len(self.exponents) - 1)],
             temperatures[min(k, len(temperatures) - 1)])
            for k in range(length)
        )  # fmt: skip
        return replace(self, exponents=tuple(power / heat for power, heat in pairs))

    def _exponent_after(self, more: int) -> float:
        return self.exponents[min(len(self.history) + more, len(self.exponents) - 1)]

    def _softened(self, history: tuple[tuple[int, int], ...]) -> Self:
        table = self.table.with_noise(FALLBACK_NOISE)
        weights = self.log_prior.copy()
        for query, answer in history:
            weights += logarithms(table.likelihood[answer, :, query])
        note = (
            f"the answers contradict each other at answer {len(history)} "
            f"({self.queries[history[-1][0]]!r}): no hypothesis fits all of them, so each answer "
            f"is now taken as wrong with probability {FALLBACK_NOISE}"
        )
        return replace(
            self,
            table=table,
            log_weights=weights - weights.max(),
            history=history,
            note=note,
        )
