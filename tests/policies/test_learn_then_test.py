"""Learn Then Test proves a stopping confidence, keeps it, or refuses."""

from math import nan

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.learn_then_test import (
    CONFIDENCES,
    Population,
    Refusal,
    StoppingConfidence,
    error_bound,
    learn_then_test,
    stop_lengths,
)

Run = tuple[NDArray[np.float64], NDArray[np.bool_]]


def _runs(count: int, rng: np.random.Generator, *, skill: float = 1.0) -> Run:
    """Return calibrated confidences that rise over eight answers, at different speeds."""
    speed = rng.exponential(skill, size=count)
    confidence = 1 - 0.8 * np.exp(-speed[:, None] * np.arange(9) / 2)
    luck = rng.random(count)[:, None]
    return confidence, luck < confidence


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    assert error_bound(0, 22, delta=0.1) == pytest.approx(1 - 0.1 ** (1 / 22))
    assert error_bound(5, 5, delta=0.1) == 1
    upper = error_bound(3, 50, delta=0.05)
    tail = sum(
        np.prod([(50 - i) / (i + 1) for i in range(k)]) * upper**k * (1 - upper) ** (50 - k)
        for k in range(4)
    )
    assert tail == pytest.approx(0.05)


def test_an_episode_stops_where_it_first_reaches_the_confidence_or_at_its_end() -> None:
    confidences = np.array([[0.1, 0.8, 0.4], [0.1, 0.2, 0.3], [0.9, 0.1, 0.1]])
    assert stop_lengths(confidences, 0.8).tolist() == [1, 2, 0]


def test_the_loosest_proved_confidence_is_returned_with_its_counts() -> None:
    confidences, right = _runs(2000, np.random.default_rng(0))
    found = learn_then_test(confidences, right, alpha=0.25, delta=0.1)
    assert isinstance(found, StoppingConfidence)
    assert error_bound(found.errors, found.tested, delta=0.1) <= 0.25
    lengths = stop_lengths(confidences, found.value)
    assert found.errors == (~right[np.arange(2000), lengths]).sum()
    looser = [value for value in CONFIDENCES if value < found.value]
    assert looser
    lengths = stop_lengths(confidences, looser[0])
    errors = int((~right[np.arange(2000), lengths]).sum())
    assert error_bound(errors, 2000, delta=0.1) > 0.25


@pytest.mark.parametrize(("population", "alpha"), [("all", 0.25), ("answered", 0.12)])
def test_the_promise_is_broken_no_more_often_than_delta(
    population: Population, alpha: float
) -> None:
    """Over 200 calibrations, with the error rate taken from a large fresh sample."""
    rng = np.random.default_rng(5)
    fresh, truth = _runs(20_000, rng)
    broken = made = 0
    for _ in range(200):
        confidences, right = _runs(250, rng)
        found = learn_then_test(confidences, right, alpha=alpha, delta=0.1, population=population)
        if isinstance(found, Refusal):
            continue
        made += 1
        lengths = stop_lengths(fresh, found.value)
        rows = np.arange(len(fresh))
        counted = np.ones(len(fresh), dtype=np.bool_)
        if population == "answered":
            counted = fresh[rows, lengths] >= found.value
        broken += (~truth[rows, lengths])[counted].mean() > alpha
    assert made > 100
    assert broken <= 0.1 * 200


def test_what_cannot_be_kept_is_refused_with_the_reason() -> None:
    confidences, right = _runs(400, np.random.default_rng(1))
    found = learn_then_test(confidences, right, alpha=0.02, delta=0.1)
    assert isinstance(found, Refusal)
    assert found.reason.startswith("no stopping confidence was proved to keep the error at 0.02")
    assert "the best proof is of 0.225 (79 errors in 400)" in found.reason


def test_too_few_episodes_are_refused_by_number() -> None:
    found = learn_then_test(np.ones((10, 1)), np.ones((10, 1)), alpha=0.1, delta=0.1)
    assert isinstance(found, Refusal)
    assert "10 calibration episodes are too few" in found.reason
    assert "at least 22 without a single error" in found.reason
    enough = learn_then_test(np.ones((22, 1)), np.ones((22, 1)), alpha=0.1, delta=0.1)
    assert isinstance(enough, StoppingConfidence)


def test_only_the_answered_may_be_promised_where_all_cannot() -> None:
    """Half of the episodes learn nothing; the other half is nearly certain."""
    confidences = np.repeat([[0.5, 0.55], [0.5, 0.99]], 300, axis=0)
    right = np.repeat([[False, False], [True, True]], 300, axis=0)
    assert isinstance(learn_then_test(confidences, right, alpha=0.1, delta=0.1), Refusal)
    found = learn_then_test(confidences, right, alpha=0.1, delta=0.1, population="answered")
    assert isinstance(found, StoppingConfidence)
    assert (found.errors, found.tested) == (0, 300)
    assert 0.55 < found.value <= 0.99


@pytest.mark.parametrize(("alpha", "delta"), [(0, 0.1), (0.1, 1), (nan, 0.1), (0.1, nan)])
def test_levels_outside_their_range_are_refused(alpha: float, delta: float) -> None:
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        learn_then_test(np.ones((30, 1)), np.ones((30, 1)), alpha=alpha, delta=delta)


def test_what_does_not_fit_is_refused() -> None:
    ones = np.ones((30, 1))
    with pytest.raises(ValueError, match="episodes x lengths"):
        learn_then_test(ones, np.ones((30, 2)), alpha=0.1, delta=0.1)
    with pytest.raises(ValueError, match="episodes x lengths"):
        learn_then_test(np.ones((0, 1)), np.ones((0, 1)), alpha=0.1, delta=0.1)
    with pytest.raises(ValueError, match="not a number"):
        learn_then_test(ones * nan, ones, alpha=0.1, delta=0.1)
    with pytest.raises(ValueError, match="from strict to loose"):
        learn_then_test(ones, ones, alpha=0.1, delta=0.1, grid=[0.5, 0.9])


def test_a_refusal_says_how_few_reach_a_confidence_that_is_tested() -> None:
    confidences = np.repeat([[0.1], [0.9]], [90, 10], axis=0)
    found = learn_then_test(
        confidences, np.ones((100, 1)), alpha=0.1, delta=0.1, population="answered"
    )
    assert isinstance(found, Refusal)
    assert "at most 10 of them reach a confidence that is tested" in found.reason


def test_a_refusal_does_not_deny_a_proof_that_came_too_late() -> None:
    """Ten runs grow sure of something wrong: the strictest confidences fail before looser ones."""
    confidences = np.repeat([[0.8, 0.8], [0.8, 1 - 1e-10]], [90, 10], axis=0)
    right = np.repeat([[True, True], [True, False]], [90, 10], axis=0)
    found = learn_then_test(confidences, right, alpha=0.05, delta=0.1)
    assert isinstance(found, Refusal)
    assert "the best proof is of 0.023 (0 errors in 100)" in found.reason
    assert found.reason.endswith("a stricter confidence that is tested before it failed")
