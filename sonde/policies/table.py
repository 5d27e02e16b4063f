"""Likelihood tables: how likely each hypothesis gives each answer to each query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike

from .distributions import TableFloats, entropies

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """P(answer | hypothesis, query) for a closed set of hypotheses and queries.

    Raises:
        ValueError: The array does not have three axes, is empty, holds a number outside 0 to 1,
            does not sum to one over the answers, or does not fit the names.
    """

    likelihood: TableFloats
    """Answers x hypotheses x queries; single precision is kept, all else becomes double."""
    hypotheses: tuple[str, ...] = ()
    """Names of the hypotheses; numbers where none are given."""
    queries: tuple[str, ...] = ()
    """Names of the queries; numbers where none are given."""
    row_entropies: TableFloats = field(init=False)
    """Entropy of the answer for each hypothesis and query, in nats."""

    def __post_init__(self) -> None:
        _check_likelihood(self.likelihood)
        _, hypotheses, queries = self.likelihood.shape
        kept = self.likelihood
        if kept.dtype != np.float32:
            kept = kept.astype(np.float64)
        object.__setattr__(self, "likelihood", np.ascontiguousarray(kept))
        object.__setattr__(self, "hypotheses", _names(self.hypotheses, hypotheses, "hypotheses"))
        object.__setattr__(self, "queries", _names(self.queries, queries, "queries"))
        object.__setattr__(self, "row_entropies", entropies(kept, axis=0).astype(kept.dtype))

    @classmethod
    def binary(
        cls,
        matrix: ArrayLike,
        *,
        noise: float = 0.0,
        missing: Literal["refuse", "uniform"] = "refuse",
        hypotheses: Sequence[str] = (),
        queries: Sequence[str] = (),
    ) -> Self:
        """Return the table of yes-or-no queries from the chance of a yes: hypotheses x queries.

        Answer 0 is no, answer 1 is yes.

        Args:
            matrix: Chance of a yes; 0 and 1 for facts.
            noise: Chance that an answer is turned round.
            missing: What a cell that is not a number means: an error, or that a yes and a no are
                as likely.
            hypotheses: Their names.
            queries: Their names.

        Raises:
            ValueError: A cell is missing and that is refused, or the table is not one.
        """
        yes = np.asarray(matrix)
        if yes.dtype != np.float32:
            yes = yes.astype(np.float64)
        gaps = np.isnan(yes)
        if gaps.any() and missing == "refuse":
            row, column = (int(each) for each in np.argwhere(gaps)[0])
            raise ValueError(
                f"{int(gaps.sum())} cells are missing, the first in row {row}, column {column}; "
                "fill them, or let them mean a yes and a no alike: missing='uniform'"
            )
        yes = np.where(gaps, yes.dtype.type(0.5), yes)
        plain = cls(
            likelihood=np.stack([1 - yes, yes]),
            hypotheses=tuple(hypotheses),
            queries=tuple(queries),
        )
        return plain if noise == 0 else plain.with_noise(noise)

    @property
    def answers(self) -> int:
        """How many answers a query has."""
        return self.likelihood.shape[0]

    def with_noise(self, noise: float) -> Self:
        """Return the table in which an answer is replaced, with that chance, by another one.

        All other answers are alike likely to take its place.

        Raises:
            ValueError: The noise is not a probability below one.
        """
        if not 0 <= noise < 1:
            raise ValueError(f"noise must be at least 0 and below 1, not {noise}")
        others = max(1, self.answers - 1)
        mixed = (1 - noise) * self.likelihood + (noise / others) * (1 - self.likelihood)
        return type(self)(
            likelihood=mixed.astype(self.likelihood.dtype),
            hypotheses=self.hypotheses,
            queries=self.queries,
        )

    def twins(self) -> list[tuple[int, ...]]:
        """Return the groups of hypotheses that no query of this table can tell apart."""
        groups: dict[bytes, list[int]] = {}
        for index in range(len(self.hypotheses)):
            groups.setdefault(self.likelihood[:, index, :].tobytes(), []).append(index)
        return [tuple(group) for group in groups.values() if len(group) > 1]


def _check_likelihood(likelihood: TableFloats) -> None:
    if likelihood.ndim != 3 or 0 in likelihood.shape:
        raise ValueError(
            "a table needs answers x hypotheses x queries, none of them empty, "
            f"not shape {likelihood.shape}"
        )
    lowest, highest = float(likelihood.min()), float(likelihood.max())
    if not (np.isfinite(lowest) and np.isfinite(highest)) or lowest < 0 or highest > 1 + _TOLERANCE:
        raise ValueError(f"likelihoods must lie between 0 and 1, not {lowest} to {highest}")
    totals = likelihood.sum(axis=0)
    worst = float(np.abs(totals - 1).max())
    if worst > _TOLERANCE * max(2, likelihood.shape[0]):
        row, column = (int(each) for each in np.argwhere(np.abs(totals - 1) == worst)[0])
        raise ValueError(
            f"the answers of hypothesis {row} to query {column} sum to {totals[row, column]:.6g}, "
            "not to 1"
        )


def _names(given: tuple[str, ...], count: int, what: str) -> tuple[str, ...]:
    if given and len(given) != count:
        raise ValueError(f"{len(given)} names for {count} {what}")
    return given or tuple(str(number) for number in range(count))
