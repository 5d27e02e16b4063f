"""Experiments worth making: exact expected information gains of two classic designs."""

import numpy as np
import pytest

from sonde.policies.designs import Experiment, death_process, hyperbolic_discounting
from sonde.policies.distributions import entropies, entropy
from sonde.policies.query_policy import InformationGain
from sonde.policies.rehearsal import (
    GameScores,
    by_chance,
    by_entropy,
    by_gain,
    draw_answers,
    rehearse,
)


@pytest.fixture(scope="module")
def discounting() -> Experiment:
    return hyperbolic_discounting(rates=41, scales=25)


@pytest.fixture(scope="module")
def death() -> Experiment:
    return death_process()


def test_the_best_first_count_of_the_death_process(death: Experiment) -> None:
    scores = InformationGain().score(death.belief(), range(len(death.designs)))
    assert scores.best is not None
    assert scores.values[scores.best] == pytest.approx(1.270, abs=0.005)
    assert death.designs[scores.best, 0] == pytest.approx(1.76, abs=0.02)


def test_counts_at_one_time_have_the_mean_of_a_binomial(death: Experiment) -> None:
    counts = np.arange(51)
    means = np.einsum("a,ahq->hq", counts, death.table.likelihood)
    expected = 50 * (1 - np.exp(-death.parameters * death.designs[:, 0]))
    assert means == pytest.approx(expected, abs=1e-8)


def test_counting_tells_the_rate_of_infection(death: Experiment) -> None:
    belief = death.belief()
    truth = 320
    answers = draw_answers(death.table, np.array([truth]), np.random.default_rng(3), times=5)[0]
    for count in range(5):
        query = InformationGain(may_repeat=True).score(belief, range(len(death.designs))).choice
        assert query is not None
        belief = belief.update(query, int(answers[query, count]))
    mean = belief.probs @ death.parameters[:, 0]
    assert mean == pytest.approx(death.parameters[truth, 0], abs=0.25)
    assert belief.entropy < entropy(death.prior) - 1.2


def test_a_fair_offer_is_a_coin_and_a_poor_one_is_refused(discounting: Experiment) -> None:
    """At k = exp(-4.25), 100 in 70 days are worth 50 now."""
    rate = np.exp(discounting.parameters[:, 0])
    design = int(np.flatnonzero((discounting.designs == [50, 60]).all(axis=1))[0])
    worth = 100 / (1 + rate * 60)
    accepts = discounting.table.likelihood[1, :, design]
    assert ((accepts > 0.5) == (worth > 50)).all()
    assert accepts.min() >= 0.01
    assert accepts.max() <= 0.99


def _information(experiment: Experiment, score: GameScores, *, games: int) -> float:
    """Return the mean nats learned about the parameters in ten designs."""
    rng = np.random.default_rng(0)
    truths = rng.choice(len(experiment.prior), p=experiment.prior, size=games)
    answers = draw_answers(experiment.table, truths, rng, times=10)
    played = rehearse(experiment.table, score, answers, rounds=10, prior=experiment.prior)
    return float(entropy(experiment.prior) - entropies(played.probs[:, -1]).mean())


def test_ten_offers_by_gain_tell_more_than_by_entropy_or_chance(discounting: Experiment) -> None:
    assert _information(discounting, by_gain, games=300) >= 2.9
    assert _information(discounting, by_entropy, games=300) <= 2.75
    chance = by_chance(np.random.default_rng(1))
    assert _information(discounting, chance, games=100) <= 0.9
