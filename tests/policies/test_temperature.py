"""Temperatures find the over-confidence put in, and lean on the pool where data is thin."""

from math import nan

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.temperature import Identity, TemperatureByLength, expected_calibration_error


def _episodes(
    count: int, heats: tuple[float, ...], seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return reports that are over-confident by these temperatures, and the truths."""
    rng = np.random.default_rng(seed)
    truths = np.zeros(count, dtype=np.int64)
    logs = np.empty((count, len(heats), 4))
    for episode in range(count):
        belief = rng.dirichlet(np.full(4, 0.7))
        truths[episode] = rng.choice(4, p=belief)
        for length, heat in enumerate(heats):
            logs[episode, length] = heat * np.log(belief)
    return logs, truths


def test_the_temperature_is_the_over_confidence_that_was_put_in() -> None:
    logs, truths = _episodes(4000, (1.0, 3.0, 0.4))
    found = TemperatureByLength.fit(logs, truths, prior_episodes=0)
    assert found.temperatures == pytest.approx((1.0, 3.0, 0.4), rel=0.08)
    assert found.n == 4000


def test_a_few_episodes_stay_near_the_pooled_temperature() -> None:
    logs, truths = _episodes(15, (3.0,) * 12)
    alone = TemperatureByLength.fit(logs[:, :, :], truths, prior_episodes=0)
    assert alone.temperatures == pytest.approx((alone.pooled,) * 12, rel=1e-4)
    logs[:, 4] *= np.linspace(0.3, 2.5, 15)[:, None]
    free = TemperatureByLength.fit(logs, truths, prior_episodes=0)
    drawn = TemperatureByLength.fit(logs, truths)
    assert abs(drawn.at(4) - drawn.pooled) < abs(free.at(4) - free.pooled)


def test_applying_a_temperature_keeps_the_order_and_mends_the_confidence() -> None:
    logs, truths = _episodes(3000, (3.0,))
    sharp = np.exp(logs[:, 0]) / np.exp(logs[:, 0]).sum(axis=1, keepdims=True)
    found = TemperatureByLength.fit(logs, truths)
    mild = found.apply(sharp, length=0)
    assert (mild.argmax(axis=1) == sharp.argmax(axis=1)).all()
    right = sharp.argmax(axis=1) == truths
    assert expected_calibration_error(sharp.max(axis=1), right) > 0.1
    assert expected_calibration_error(mild.max(axis=1), right) < 0.03


def test_lengths_past_the_last_take_the_last() -> None:
    found = TemperatureByLength(temperatures=(1.0, 2.0), pooled=1.5, n=9)
    assert found.at(5) == 2.0
    assert found.apply([0.2, 0.8], length=5) == pytest.approx([1 / 3, 2 / 3])


def test_a_truth_that_was_ruled_out_costs_much_but_not_everything() -> None:
    logs = np.log(np.full((50, 1, 2), 0.5))
    logs[:, 0, 0] = 0.0
    logs[:, 0, 1] = -np.inf
    truths = np.array([0] * 45 + [1] * 5)
    found = TemperatureByLength.fit(logs, truths)
    assert found.at(0) == pytest.approx(60 / np.log(9), rel=0.05)


def test_identity_leaves_everything_as_it_is() -> None:
    assert Identity().apply([0.3, 0.7], length=4).tolist() == [0.3, 0.7]


def test_calibration_error_by_hand() -> None:
    assert expected_calibration_error([0.95, 0.95, 0.15], [True, False, False]) == pytest.approx(
        (abs(0.95 * 2 - 1) + 0.15) / 3
    )


def test_what_does_not_fit_is_refused() -> None:
    truths = np.array([0])
    with pytest.raises(ValueError, match="episodes x lengths x support"):
        TemperatureByLength.fit(np.zeros((1, 2)), truths)
    with pytest.raises(ValueError, match="episodes x lengths x support"):
        TemperatureByLength.fit(np.zeros((0, 2, 2)), truths[:0])
    with pytest.raises(ValueError, match="with 1 truths"):
        TemperatureByLength.fit(np.zeros((2, 1, 2)), truths)
    with pytest.raises(ValueError, match="not a number"):
        TemperatureByLength.fit(np.full((1, 1, 2), nan), truths)
    with pytest.raises(ValueError, match="outside the support of 2"):
        TemperatureByLength.fit(np.zeros((1, 1, 2)), np.array([2]))
    with pytest.raises(ValueError, match="needs pairs"):
        expected_calibration_error([], [])


def test_what_lies_beyond_a_report_is_no_entry_of_it() -> None:
    logs = np.log(np.array([[[0.98, 0.02, 1.0]]] * 20 + [[[0.02, 0.98, 1.0]]] * 14))
    truths, sizes = np.zeros(34, dtype=np.int64), np.full((34, 1), 2, dtype=np.int64)
    narrow = TemperatureByLength.fit(logs[:, :, :2], truths)
    assert TemperatureByLength.fit(logs, truths, sizes=sizes) == narrow


@pytest.mark.parametrize("heats", [(), (0.0,), (-1.0,), (float("inf"),), (nan,)])
def test_no_temperature_is_at_or_below_zero(heats: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        TemperatureByLength(temperatures=heats, pooled=1.0, n=1)


def test_a_report_without_any_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="no entry any probability"):
        TemperatureByLength.fit(np.full((2, 1, 2), -np.inf), np.zeros(2, dtype=np.int64))
