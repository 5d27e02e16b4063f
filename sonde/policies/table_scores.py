"""Scores of all queries of a table at once, for one game or for many: products of matrices.

Every function takes weights with the hypotheses on the last axis and returns the queries there, so
that a single belief (a vector) and a rehearsal of many games (a matrix) run through the same lines.
"""

import numpy as np
from numpy.typing import NDArray

from .distributions import (
    Floats,
    TableFloats,
    entropies,
    entropy_terms,
    normalised,
    scaled_exponentials,
)
from .table import Table

Counts = NDArray[np.int64]

TIE = 1e-9
"""Relative slack with which a probability counts as reaching a threshold: rounding, no more."""


def predictive_table(table: Table, probabilities: Floats) -> TableFloats:
    """Return the chance of each answer to every query: answers first, queries last."""
    weights = probabilities.astype(table.likelihood.dtype, copy=False)
    later = [weights @ table.likelihood[answer] for answer in range(1, table.answers)]
    first = np.maximum(1 - sum(later), 0) if later else np.ones_like(weights @ table.likelihood[0])
    return np.stack([first, *later])


def gains_by_products(table: Table, probabilities: Floats) -> Floats:
    """Return the mutual information of hypothesis and answer for every query, in nats.

    I = H(p L) - p H(L): one product with each answer's likelihoods but the first, and one with the
    answers' entropies. No posterior is formed.
    """
    weights = probabilities.astype(table.likelihood.dtype, copy=False)
    answer = entropies(predictive_table(table, probabilities), axis=0)
    return np.maximum(answer - weights @ table.row_entropies, 0.0)


def gains_of_reports(
    table: Table, log_weights: Floats, *, exponent: float, next_exponent: float
) -> Floats:
    """Return the expected fall of the entropy of *reported* probabilities, in nats.

    What is reported is p^exponent, scaled, for exact log weights log p: an over-confident source
    has an exponent above one, and a temperature divides it. The entropy after an answer needs three
    products an answer, since H(r) = log Z - (sum v log v) / Z for weights v with sum Z.
    """
    if exponent == 1.0 and next_exponent == 1.0:
        return gains_by_products(table, normalised(log_weights))
    now = normalised(exponent * log_weights)
    answers = predictive_table(table, now)
    base = scaled_exponentials(next_exponent * log_weights)
    left = np.zeros(answers.shape[1:])
    for chance, likelihood in zip(answers, table.likelihood, strict=True):
        powers = likelihood.astype(np.float64) ** next_exponent
        total = base @ powers
        inner: Floats = entropy_terms(base) @ powers + base @ entropy_terms(powers)
        safe = np.maximum(total, np.finfo(np.float64).tiny)
        left += chance * (np.log(safe) + inner / safe)
    gains: Floats = entropies(now)[..., None] - left
    return gains


def set_sizes(
    table: Table, log_weights: Floats, *, next_exponent: float, threshold: float
) -> Counts:
    """Return how many hypotheses reach a threshold after each answer to every query.

    Shape: answers x (games x) queries. Only hypotheses with a weight of at least the threshold
    times the smallest total can reach it, so the others are left out first; that is exact, since no
    likelihood exceeds one.
    """
    rows = np.atleast_2d(scaled_exponentials(next_exponent * log_weights))
    sizes = np.empty((table.answers, len(rows), len(table.queries)), dtype=np.int64)
    for answer, likelihood in enumerate(table.likelihood):
        powers = likelihood.astype(np.float64, copy=False)
        powers = powers if next_exponent == 1.0 else powers**next_exponent
        bars = threshold * (1 - TIE) * (rows @ powers)
        for game, (row, bar) in enumerate(zip(rows, bars, strict=True)):
            kept = np.flatnonzero(row >= bar.min())
            reached = row[kept, None] * powers[kept] >= bar
            sizes[answer, game] = np.count_nonzero(reached, axis=0)
    return sizes.reshape(table.answers, *log_weights.shape[:-1], len(table.queries))
