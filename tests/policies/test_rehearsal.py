"""Games side by side go exactly as games played one belief at a time."""

import numpy as np
import pytest

from sonde.policies.conformal_pursuit import ConformalPursuit
from sonde.policies.query_policy import InformationGain, MaximumEntropy, QueryPolicy
from sonde.policies.rehearsal import (
    GameScores,
    by_chance,
    by_entropy,
    by_gain,
    by_set_size,
    by_uneven_entropy,
    draw_answers,
    rehearse,
)
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief
from sonde.policies.uncertainty_of_thoughts import UncertaintyOfThoughts

_PURSUIT = ConformalPursuit(thresholds=(0.0, 0.05, 0.1, 0.2))


@pytest.mark.parametrize("exponent", [1.0, 2.0])
@pytest.mark.parametrize(
    ("score", "policy"),
    [
        (by_gain, InformationGain()),
        (by_entropy, MaximumEntropy()),
        (by_uneven_entropy(0.4), UncertaintyOfThoughts()),
        (by_set_size(_PURSUIT), _PURSUIT),
    ],
)
def test_a_rehearsal_is_the_policy_itself(
    score: GameScores, policy: QueryPolicy, exponent: float
) -> None:
    rng = np.random.default_rng(2)
    table = Table.binary(rng.random((9, 7)))
    truths = rng.integers(9, size=12)
    answers = draw_answers(table, truths, rng)
    prior = rng.dirichlet(np.ones(9))
    games = rehearse(table, score, answers, rounds=5, prior=prior, exponents=(exponent,))
    for game, given in enumerate(answers):
        belief = TableBelief.start(table, prior=prior, exponents=(exponent,))
        for length in range(5):
            query = policy.score(belief, range(7)).choice
            assert query is not None
            assert query == games.queries[game, length]
            belief = belief.update(query, int(given[query]))
            assert games.probs[game, length + 1] == pytest.approx(belief.probs)


def test_no_query_is_asked_twice() -> None:
    table = Table.binary(np.random.default_rng(1).random((5, 6)))
    answers = np.zeros((20, 6), dtype=np.int64)
    games = rehearse(table, by_chance(np.random.default_rng(0)), answers, rounds=6)
    assert (np.sort(games.queries, axis=1) == np.arange(6)).all()


def test_a_query_may_be_asked_again_where_it_is_answered_anew() -> None:
    table = Table.binary([[0.9, 0.5], [0.1, 0.5]])
    answers = np.array([[[1, 0, 1], [0, 0, 0]]])
    games = rehearse(table, by_gain, answers, rounds=3)
    assert games.queries.tolist() == [[0, 0, 0]]
    assert games.probs[0, :, 0] == pytest.approx([0.5, 0.9, 0.5, 0.9])
    drawn = draw_answers(table, np.zeros(5, dtype=np.int64), np.random.default_rng(0), times=4)
    assert drawn.shape == (5, 2, 4)


def test_drawn_answers_have_the_chances_of_the_table() -> None:
    likelihood = np.array([[[0.2], [0.0]], [[0.5], [0.0]], [[0.3], [1.0]]])
    truths = np.repeat([0, 1], 20_000)
    answers = draw_answers(Table(likelihood=likelihood), truths, np.random.default_rng(4))
    shares = np.bincount(answers[:20_000, 0], minlength=3) / 20_000
    assert shares == pytest.approx([0.2, 0.5, 0.3], abs=0.015)
    assert (answers[20_000:] == 2).all()


def test_readings_of_a_rehearsal_belong_to_the_truth() -> None:
    table = Table.binary([[1], [0]], noise=0.1)
    games = rehearse(table, by_gain, np.array([[1], [1]]), rounds=1)
    truths = np.array([0, 1])
    assert games.true_probs(truths)[:, 1] == pytest.approx([0.9, 0.1])
    assert games.confidences[:, 1] == pytest.approx([0.9, 0.9])
    assert games.is_right(truths)[:, 1].tolist() == [True, False]


def test_what_does_not_fit_is_refused() -> None:
    table = Table.binary([[1, 1], [1, 0]])
    answers = np.zeros((1, 2), dtype=np.int64)
    with pytest.raises(ValueError, match="3 rounds where 2 can be answered"):
        rehearse(table, by_gain, answers, rounds=3)
    with pytest.raises(ValueError, match="answers to 2 queries needed"):
        rehearse(table, by_gain, answers[:, :1], rounds=1)
    with pytest.raises(ValueError, match="3 entries for 2 hypotheses"):
        rehearse(table, by_gain, answers, rounds=1, prior=[0.5, 0.25, 0.25])
    with pytest.raises(ValueError, match="game 0 rule every hypothesis out; give the table noise"):
        rehearse(table, by_gain, answers, rounds=2)
