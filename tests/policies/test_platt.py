"""Platt scaling finds a logistic curve that was put in."""

from math import nan

import numpy as np
import pytest

from sonde.policies.platt import Platt


def test_the_curve_that_was_put_in_is_found() -> None:
    """Two outcomes whose reported log odds are three times the true ones."""
    rng = np.random.default_rng(0)
    odds = rng.normal(size=6000)
    chance = 1 / (1 + np.exp(-odds))
    truths = (rng.random(6000) >= chance).astype(np.int64)
    reported = 1 / (1 + np.exp(-3 * odds))
    found = Platt.fit(np.stack([reported, 1 - reported], axis=1), truths)
    assert found.slope == pytest.approx(1 / 3, rel=0.06)
    assert found.shift == pytest.approx(0, abs=1e-6)
    assert found.apply([0.9, 0.1], length=3)[0] == pytest.approx(1 / (1 + 9 ** (-1 / 3)), abs=0.01)


def test_scaled_probabilities_sum_to_one_and_keep_their_order() -> None:
    found = Platt(slope=0.4, shift=-1.0, n=10).apply([0.0, 0.1, 0.2, 0.7], length=0)
    assert found.sum() == pytest.approx(1)
    assert np.argsort(found).tolist() == [0, 1, 2, 3]


def test_certain_reports_stay_finite() -> None:
    reports = np.array([[1.0, 0.0]] * 20)
    found = Platt.fit(reports, np.array([0] * 15 + [1] * 5))
    assert found.apply([1.0, 0.0], length=0)[0] == pytest.approx(16 / 22, abs=0.02)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="episodes x support"):
        Platt.fit(np.zeros((0, 3)), np.zeros(0, dtype=np.int64))
    with pytest.raises(ValueError, match="episodes x support"):
        Platt.fit([[0.5, 0.5]], np.array([0, 1]))
    with pytest.raises(ValueError, match="not a number"):
        Platt.fit([[0.5, nan]], np.array([0]))
    for truth in (-1, 2):
        with pytest.raises(ValueError, match="outside the support of 2"):
            Platt.fit([[0.5, 0.5]], np.array([truth]))
