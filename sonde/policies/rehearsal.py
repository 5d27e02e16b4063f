"""Many games over one table played side by side: for calibration, comparison and tests.

A rehearsal gives what playing the same games one belief at a time gives, in far less time, since
every score is one product of matrices for all games.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .conformal_pursuit import ConformalPursuit
from .distributions import Floats, checked_distribution, entropies, logarithms, normalised
from .query_policy import TIE_NATS
from .table import Table
from .table_scores import gains_of_reports, predictive_table, set_sizes

Labels = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: two properties are worked out once
class Games:
    """The state of all games after the same number of answers."""

    table: Table
    """Likelihoods that the beliefs use."""
    log_weights: Floats
    """Logarithms of the exact posteriors, up to a constant: games x hypotheses."""
    answered: int
    """Answers so far."""
    exponent: float
    """Power of the reports now."""
    next_exponent: float
    """Power of the reports after one more answer."""

    @cached_property
    def probs(self) -> Floats:
        """Reported probabilities: games x hypotheses."""
        return normalised(self.exponent * self.log_weights)

    @cached_property
    def gains(self) -> Floats:
        """Expected information gains: games x queries."""
        return gains_of_reports(
            self.table,
            self.log_weights,
            exponent=self.exponent,
            next_exponent=self.next_exponent,
        )


GameScores = Callable[[Games], Floats]
"""Scores of all queries in all games, higher is better: games x queries."""


def by_gain(games: Games) -> Floats:
    """Score by information gain."""
    return games.gains


def by_entropy(games: Games) -> Floats:
    """Score by the entropy of the answer."""
    return entropies(predictive_table(games.table, games.probs), axis=0)


def by_uneven_entropy(scale: float) -> GameScores:
    """Score by the one-step reward of Uncertainty of Thoughts."""

    def score(games: Games) -> Floats:
        chances = predictive_table(games.table, games.probs)
        split = chances.max(axis=0) - chances.min(axis=0)
        rewards: Floats = entropies(chances, axis=0) / (1 + split / scale)
        return rewards

    return score


def by_chance(rng: np.random.Generator) -> GameScores:
    """Score at random."""
    return lambda games: rng.random((len(games.log_weights), len(games.table.queries)))


def by_set_size(pursuit: ConformalPursuit) -> GameScores:
    """Score by expected log set size, as C-IP does."""

    def score(games: Games) -> Floats:
        sizes = set_sizes(
            games.table,
            games.log_weights,
            next_exponent=games.next_exponent,
            threshold=pursuit.threshold_after(games.answered + 1),
        )
        chances = predictive_table(games.table, games.probs)
        return pursuit.values(chances, sizes, games.log_weights.shape[1])

    return score


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rehearsal:
    """All games from the first answer to the last."""

    log_weights: Floats
    """Logarithms of the exact posteriors, up to a constant: games x lengths x hypotheses."""
    probs: Floats
    """Reported probabilities: games x lengths x hypotheses; length 0 is before any answer."""
    queries: Labels
    """Queries in the order they were asked: games x rounds."""

    @property
    def confidences(self) -> Floats:
        """Highest reported probability: games x lengths."""
        return self.probs.max(axis=2)

    def true_probs(self, truths: Labels) -> Floats:
        """Return the reported probability of the truth: games x lengths."""
        return np.take_along_axis(self.probs, truths[:, None, None], axis=2)[:, :, 0]

    def is_right(self, truths: Labels) -> NDArray[np.bool_]:
        """Return whether the likeliest hypothesis is the truth: games x lengths."""
        return self.probs.argmax(axis=2) == truths[:, None]


def draw_answers(
    table: Table, truths: Labels, rng: np.random.Generator, *, times: int | None = None
) -> Labels:
    """Return answers to every query for each truth, drawn from a table.

    Args:
        table: Where the chances of the answers come from.
        truths: The true hypothesis of each game.
        rng: Where the luck comes from.
        times: Draw that many answers to each query, for games that may ask again.

    Returns:
        Games x queries; with `times`, games x queries x times.
    """
    if times is not None:
        drawn = [draw_answers(table, truths, rng) for _ in range(times)]
        return np.stack(drawn, axis=2)
    edges = np.cumsum(table.likelihood[:, truths, :].astype(np.float64), axis=0)
    luck = rng.random(edges.shape[1:])
    return np.minimum((luck >= edges).sum(axis=0), table.answers - 1)


def rehearse(
    table: Table,
    score: GameScores,
    answers: Labels,
    *,
    rounds: int,
    prior: ArrayLike | None = None,
    exponents: Sequence[float] = (1.0,),
) -> Rehearsal:
    """Play all games for a number of rounds.

    Args:
        table: Likelihoods that the beliefs use; the answers may come from elsewhere.
        score: What ranks the queries; equal scores go to the higher gain, then the lower number.
        answers: The answer that each game's world gives to each query: games x queries, and no
            query is asked twice; or games x queries x rounds, and a query may be asked again.
        rounds: Queries asked in each game.
        prior: Chance of each hypothesis; all alike where it is left out.
        exponents: Power of the reports by the number of answers; the last one holds from there on.

    Raises:
        ValueError: There are more rounds than queries, the answers do not fit the table, or they
            rule every hypothesis out.
    """
    _check_answers(answers, table, rounds)
    weights = np.tile(_log_prior(table, prior), (len(answers), 1))
    was_asked = np.zeros(answers.shape[:2], dtype=np.bool_)
    everyone = np.arange(len(answers))
    steps, queries = [weights], np.empty((len(answers), rounds), dtype=np.int64)
    for answered in range(rounds):
        games = Games(
            table=table,
            log_weights=weights,
            answered=answered,
            exponent=_at(exponents, answered),
            next_exponent=_at(exponents, answered + 1),
        )
        chosen = _best(score(games), games, was_asked)
        was_asked[everyone, chosen] = answers.ndim == 2
        queries[:, answered] = chosen
        replies = answers if answers.ndim == 2 else answers[:, :, answered]
        given = table.likelihood[replies[everyone, chosen], :, chosen]
        weights = _consistent(weights + logarithms(given))
        steps.append(weights)
    powers = np.array([_at(exponents, length) for length in range(rounds + 1)])
    log_weights = np.stack(steps, axis=1)
    return Rehearsal(
        log_weights=log_weights,
        probs=normalised(powers[None, :, None] * log_weights),
        queries=queries,
    )


def _check_answers(answers: Labels, table: Table, rounds: int) -> None:
    if answers.ndim not in (2, 3) or answers.shape[1] != len(table.queries):
        raise ValueError(f"answers to {len(table.queries)} queries needed, not {answers.shape}")
    most = len(table.queries) if answers.ndim == 2 else answers.shape[2]
    if not 0 <= rounds <= most:
        raise ValueError(f"{rounds} rounds where {most} can be answered")


def _log_prior(table: Table, prior: ArrayLike | None) -> Floats:
    count = len(table.hypotheses)
    chances = np.full(count, 1 / count) if prior is None else prior
    found = checked_distribution(chances, name="prior")
    if len(found) != count:
        raise ValueError(f"a prior of {len(found)} entries for {count} hypotheses")
    return logarithms(found)


def _at(exponents: Sequence[float], answered: int) -> float:
    return exponents[min(answered, len(exponents) - 1)]


def _best(scores: Floats, games: Games, was_asked: NDArray[np.bool_]) -> Labels:
    values = np.where(was_asked, -np.inf, scores)
    is_top = values >= values.max(axis=1, keepdims=True) - TIE_NATS
    if (is_top.sum(axis=1) > 1).any():
        gains = np.where(is_top, games.gains, -np.inf)
        is_top = gains >= gains.max(axis=1, keepdims=True) - TIE_NATS
    return is_top.argmax(axis=1)


def _consistent(weights: Floats) -> Floats:
    top = weights.max(axis=1, keepdims=True)
    lost = np.flatnonzero(top[:, 0] == -np.inf)
    if lost.size:
        raise ValueError(
            f"the answers of game {int(lost[0])} rule every hypothesis out; give the table noise"
        )
    return weights - top
