"""A belief over a model's candidate answers, with forecasts that are handed in as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from ..records.belief import AnswerBelief
from .belief import Estimates, check_answer, check_query
from .distributions import Floats, checked_distribution, entropies, entropy

NONE_OF_THESE = "none of these"
"""Name of the support entry that stands for every answer that was not named."""
FALLBACK_NOISE = 0.05
"""Chance of an answer without rhyme or reason, once an answer has ruled every candidate out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a model expects one query to bring, if each candidate in turn were the truth.

    Raises:
        ValueError: The rows have different lengths, or a column is no distribution.
    """

    query: str
    """The query in words."""
    likelihood: tuple[tuple[float, ...], ...]
    """P(answer | candidate): a row an answer, a column a support entry."""
    standard_error: float = 0.0
    """Standard error of the gain that follows, where the numbers come from samples; in nats."""

    def __post_init__(self) -> None:
        if not self.likelihood or len({len(row) for row in self.likelihood}) != 1:
            raise ValueError(f"the forecast of {self.query!r} needs rows of one length")
        table = np.asarray(self.likelihood, dtype=np.float64)
        is_right = (np.isfinite(table) & (table >= 0)).all(axis=0)
        is_right &= np.abs(table.sum(axis=0) - 1) <= 1e-6
        for column in np.flatnonzero(~is_right).tolist():
            checked_distribution(table[:, column], name=f"forecast {self.query!r}, entry {column}")
        if not self.standard_error >= 0:
            raise ValueError(f"a standard error must be 0 or more, not {self.standard_error}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelBelief:
    """Candidate answers with a model's probabilities, and what it forecasts of each query.

    The update is Bayes' rule on the forecast, so that the belief after an answer is the one the
    gain was computed with: a model that is asked twice seldom agrees with itself. Where an answer
    has no chance under any candidate, it is weighed as noise and `note` says so.
    """

    support: tuple[str, ...]
    """The candidates, and `none of these` where that has a probability."""
    probs: Floats
    """Their probabilities; they sum to one."""
    forecasts: tuple[Forecast, ...] = ()
    """One forecast a query."""
    asked: tuple[int, ...] = ()
    """Queries answered so far, in order."""
    note: str | None = None
    """What had to be assumed; None where nothing was."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "probs", checked_distribution(self.probs, name="a belief"))
        if len(self.support) != len(self.probs):
            raise ValueError(f"{len(self.probs)} probabilities for {len(self.support)} candidates")
        for forecast in self.forecasts:
            width = len(forecast.likelihood[0])
            if width != len(self.support):
                raise ValueError(
                    f"the forecast of {forecast.query!r} is about {width} candidates, the belief "
                    f"about {len(self.support)}"
                )

    @classmethod
    def of_answers(cls, belief: AnswerBelief, forecasts: Sequence[Forecast] = ()) -> Self:
        """Return the belief that a reasoner stated, with the forecasts of its queries."""
        names = [candidate.text for candidate in belief.candidates]
        chances = [candidate.probability for candidate in belief.candidates]
        if belief.none_of_these > 0 or not names:
            names.append(NONE_OF_THESE)
            chances.append(belief.none_of_these)
        return cls(support=tuple(names), probs=np.array(chances), forecasts=tuple(forecasts))

    @property
    def queries(self) -> Sequence[str]:
        """What the forecasts are about."""
        return [forecast.query for forecast in self.forecasts]

    @property
    def entropy(self) -> float:
        """Entropy of the candidates in nats; `none of these` counts as one."""
        return entropy(self.probs)

    def predictive(self, query: int) -> Floats:
        """Return the forecast probability of each answer to a query."""
        return self._table(query) @ self.probs

    def update(self, query: int, answer: int) -> Self:
        """Return the belief after an answer; this one stays as it is."""
        table = self._table(query)
        check_answer(answer, len(table), query=self.queries[query])
        weights, note = table[answer] * self.probs, self.note
        if not weights.sum() > 0:
            noisy = (1 - FALLBACK_NOISE) * table[answer] + FALLBACK_NOISE / len(table)
            weights = noisy * self.probs
            note = (
                f"answer {answer} to {self.queries[query]!r} has no chance under any candidate, so "
                f"it is taken as noise of probability {FALLBACK_NOISE}"
            )
        return replace(self, probs=weights / weights.sum(), asked=(*self.asked, query), note=note)

    def gains(self, queries: Sequence[int]) -> Estimates:
        """Return the information gains that the forecasts promise."""
        values = np.array([self._gain(query) for query in queries], dtype=np.float64)
        errors = [self.forecasts[query].standard_error for query in queries]
        return Estimates(values=values, standard_errors=np.array(errors, dtype=np.float64))

    def _gain(self, query: int) -> float:
        table = self._table(query)
        return max(0.0, entropy(table @ self.probs) - float(entropies(table, axis=0) @ self.probs))

    def _table(self, query: int) -> Floats:
        check_query(query, self.queries)
        return np.asarray(self.forecasts[query].likelihood, dtype=np.float64)
