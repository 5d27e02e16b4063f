"""Weighted samples agree with the exact belief, and say how sure their gains are."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.particle_belief import FALLBACK_NOISE, ParticleBelief, Particles
from sonde.policies.query_policy import InformationGain
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief

_DOSES = np.array([-1.5, -0.5, 0.5, 1.5])


def _logistic(particles: Particles, query: int) -> NDArray[np.float64]:
    """Return the chance of a response to a dose, for each threshold."""
    yes = 1 / (1 + np.exp(-4 * (_DOSES[query] - particles[:, 0])))
    return np.stack([1 - yes, yes])


def _belief(count: int, seed: int = 0) -> ParticleBelief:
    particles = np.random.default_rng(seed).normal(size=count)
    return ParticleBelief.start(particles, _logistic, queries=[f"dose {d}" for d in _DOSES])


def test_particles_on_the_hypotheses_are_the_exact_belief() -> None:
    matrix = np.random.default_rng(1).random((6, 3))
    exact = TableBelief.start(Table.binary(matrix)).update(1, 0)

    def chance(particles: Particles, query: int) -> NDArray[np.float64]:
        yes = matrix[particles[:, 0].astype(np.int64), query]
        return np.stack([1 - yes, yes])

    belief = ParticleBelief.start(np.arange(6.0), chance, queries=["a", "b", "c"]).update(1, 0)
    assert belief.probs == pytest.approx(exact.probs)
    assert belief.entropy == pytest.approx(exact.entropy)
    assert belief.predictive(2) == pytest.approx(exact.predictive(2))
    assert belief.gains(range(3)).values == pytest.approx(exact.gains(range(3)).values)


def test_the_standard_error_of_a_gain_is_what_repeated_samples_scatter_by() -> None:
    repeated = np.array([_belief(200, seed).gains([1]).values[0] for seed in range(400)])
    stated = np.mean([_belief(200, seed).gains([1]).standard_errors[0] for seed in range(400)])
    assert stated == pytest.approx(repeated.std(), rel=0.15)
    exact = _belief(200_000, 1).gains([1]).values[0]
    assert abs(repeated.mean() - exact) < 1 / 400 + 3 * repeated.std() / 20  # bias, then luck


def test_equal_weights_count_all_particles_and_one_weight_counts_one() -> None:
    belief = _belief(50)
    assert belief.effective_size == pytest.approx(50)
    lone = ParticleBelief.start([0.0, 1.0], _logistic, queries=["a"], weights=[1, 0])
    assert lone.effective_size == pytest.approx(1)


def test_resampling_equals_the_weights_and_keeps_the_mean() -> None:
    belief = _belief(4000).update(0, 1).update(1, 1)
    mean = belief.probs @ belief.particles[:, 0]
    fresh = belief.resampled(np.random.default_rng(3))
    assert belief.effective_size < 2000
    assert fresh.effective_size == pytest.approx(4000)
    assert fresh.particles[:, 0].mean() == pytest.approx(mean, abs=0.02)
    assert fresh.asked == (0, 1)


def test_nothing_is_resampled_while_enough_particles_count() -> None:
    belief = _belief(100)
    assert belief.resampled(np.random.default_rng(0)) is belief


def test_the_policy_asks_near_the_middle_and_hands_the_error_on() -> None:
    scores = InformationGain().score(_belief(500).update(1, 1), range(4))
    assert scores.choice == 0
    assert (scores.standard_errors > 0).all()
    assert scores.values[1] == -np.inf


def test_an_answer_that_no_particle_gives_is_noise_and_is_told() -> None:
    def sure(particles: Particles, query: int) -> NDArray[np.float64]:
        yes = np.full(len(particles), 1.0 - query)
        return np.stack([1 - yes, yes])

    belief = ParticleBelief.start([0.0, 1.0], sure, queries=["q", "r"]).update(0, 0)
    assert belief.note is not None
    assert f"noise of probability {FALLBACK_NOISE}" in belief.note
    assert belief.probs == pytest.approx([0.5, 0.5])


def test_what_is_no_sample_or_no_likelihood_is_refused() -> None:
    with pytest.raises(ValueError, match="rows of finite numbers"):
        ParticleBelief.start([], _logistic, queries=["a"])
    with pytest.raises(ValueError, match="at least one query"):
        ParticleBelief.start([1.0], _logistic, queries=[])
    with pytest.raises(ValueError, match="particle weights must sum to 1"):
        ParticleBelief.start([1.0, 2.0], _logistic, queries=["a"], weights=[0.5, 0.4])
    with pytest.raises(ValueError, match="1 weights for 2 particles"):
        ParticleBelief.start([1.0, 2.0], _logistic, queries=["a"], weights=[1.0])
    with pytest.raises(ValueError, match="answers x 2 particles"):
        ParticleBelief.start([1.0, 2.0], lambda p, q: [[1.0]], queries=["a"]).predictive(0)
    with pytest.raises(ValueError, match="no probability"):
        ParticleBelief.start([1.0], lambda p, q: [[np.nan]], queries=["a"]).predictive(0)
    with pytest.raises(ValueError, match="query 9 is unknown"):
        _belief(3).predictive(9)
    with pytest.raises(ValueError, match="a share"):
        _belief(3).resampled(np.random.default_rng(0), least_share=0)
    with pytest.raises(ValueError, match=r"must sum to 1 for each particle; one is off by 0\.1"):
        ParticleBelief.start([1.0], lambda p, q: [[0.5], [0.4]], queries=["a"]).gains([0])
