"""The bootstrap over tasks against scipy, with clusters and infinities."""

# The oracles are untyped:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

from math import inf, sqrt

import numpy as np
import pytest
from scipy import stats

from sonde.benchmarks.statistics.bootstrap import (
    percentile_interval,
    ratio_draws,
    task_weights,
    weighted_means,
)


def test_the_interval_of_a_mean_is_that_of_scipy_within_chance() -> None:
    values = np.random.default_rng(1).exponential(size=80)
    weights = task_weights(range(80), rng=np.random.default_rng(2), draws=20_000)
    ours = percentile_interval(weighted_means(weights, values))
    theirs = stats.bootstrap(
        (values,),
        np.mean,
        n_resamples=20_000,
        method="percentile",
        rng=np.random.default_rng(3),
    ).confidence_interval
    error = 0.03 * values.std() / sqrt(80) * 3  # 3 standard errors of a 2.5 % quantile
    assert ours.low == pytest.approx(theirs.low, abs=error)
    assert ours.high == pytest.approx(theirs.high, abs=error)


def test_the_spread_of_draws_is_the_standard_error() -> None:
    values = np.random.default_rng(4).normal(size=200)
    weights = task_weights(range(200), rng=np.random.default_rng(5), draws=20_000)
    spread = weighted_means(weights, values).std()
    assert spread == pytest.approx(values.std() / sqrt(200), rel=0.03)


def test_tasks_of_a_cluster_are_drawn_together() -> None:
    weights = task_weights(["a", "b", "a", "c"], rng=np.random.default_rng(0), draws=500)
    assert np.array_equal(weights[:, 0], weights[:, 2])
    assert set(weights[:, [0, 1, 3]].sum(axis=1)) == {3.0}


def test_clusters_widen_the_interval_as_the_design_effect_says() -> None:
    per_cluster = np.random.default_rng(6).normal(size=40)
    values = np.repeat(per_cluster, 5)
    draws = [
        weighted_means(task_weights(c, rng=np.random.default_rng(7), draws=8_000), values).std()
        for c in (range(200), np.repeat(np.arange(40), 5).tolist())
    ]
    assert draws[1] / draws[0] == pytest.approx(sqrt(5), rel=0.05)


def test_infinite_values_stay_in_the_draws_that_hold_them() -> None:
    weights = np.array([[2.0, 0.0], [1.0, 1.0], [0.0, 2.0]])
    assert weighted_means(weights, np.array([1.0, inf])).tolist() == [1.0, inf, inf]
    two_runs = weighted_means(weights, np.array([[1.0, inf], [2.0, 4.0]]))
    assert two_runs.tolist() == [[1.0, 2.0], [inf, 3.0], [inf, 4.0]]


def test_draws_without_a_pass_cost_without_end_and_reach_the_upper_bound() -> None:
    scores, costs = np.zeros(30), np.full(30, 2.0)
    scores[0] = 1.0
    weights = task_weights(range(30), rng=np.random.default_rng(8), draws=4_000)
    draws = ratio_draws(weighted_means(weights, costs), weighted_means(weights, scores))
    assert np.mean(np.isinf(draws)) == pytest.approx((29 / 30) ** 30, abs=0.03)
    assert percentile_interval(draws).high == inf
    assert np.isfinite(percentile_interval(draws).low)


def test_the_interval_covers_the_truth_at_its_nominal_rate() -> None:
    rng, hits = np.random.default_rng(9), 0
    for _ in range(400):
        values = rng.binomial(1, 0.6, size=100).astype(float)
        weights = task_weights(range(100), rng=rng, draws=400)
        low, high = percentile_interval(weighted_means(weights, values))
        hits += low <= 0.6 <= high
    assert 0.90 <= hits / 400 <= 0.985
