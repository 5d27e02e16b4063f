"""The stability index, its standard error, and when a certificate is stale."""

from math import log, nan

import numpy as np
import pytest

from sonde.policies.drift import measure_drift


def test_the_index_by_hand() -> None:
    """Two bins: half and half before; one in four and three in four after."""
    before = [0.0, 1.0] * 5000
    after = [0.0, 1.0, 1.0, 1.0] * 5000
    found = measure_drift(before, after, bins=2)
    assert found.psi == pytest.approx(0.25 * log(1.5) + 0.25 * log(2), abs=1e-3)


def test_the_index_is_the_sum_of_both_divergences() -> None:
    rng = np.random.default_rng(1)
    before, after = rng.normal(size=900), rng.normal(0.3, 1.2, size=900)
    edges = np.quantile(before, [0.25, 0.5, 0.75])
    shares = [
        (np.bincount(np.searchsorted(edges, scores, side="right"), minlength=4) + 0.5) / 902
        for scores in (before, after)
    ]
    forth = (shares[0] * np.log(shares[0] / shares[1])).sum()
    back = (shares[1] * np.log(shares[1] / shares[0])).sum()
    assert measure_drift(before, after, bins=4).psi == pytest.approx(forth + back)


@pytest.mark.parametrize("power", [1.0, 1.5, 2.5])
def test_the_standard_error_is_what_repeated_samples_scatter_by(power: float) -> None:
    rng = np.random.default_rng(7)
    found = [measure_drift(rng.random(300), rng.random(200) ** power) for _ in range(400)]
    scatter = np.std([each.psi for each in found])
    assert np.mean([each.standard_error for each in found]) == pytest.approx(scatter, rel=0.2)


def test_an_unchanged_population_is_called_stale_in_at_most_one_of_twenty() -> None:
    rng = np.random.default_rng(2)
    small = [measure_drift(rng.random(100), rng.random(15)) for _ in range(500)]
    assert (
        np.mean([each.psi > each.threshold for each in small]) > 0.5
    )  # the index alone cries wolf
    assert np.mean([each.is_stale for each in small]) <= 0.07


def test_a_moved_population_is_stale_and_told() -> None:
    rng = np.random.default_rng(3)
    found = measure_drift(rng.random(300), rng.random(300) * 0.5)
    assert found.is_stale
    assert "is past 0.25 (300 run-time scores against 300 of calibration)" in found.reason
    assert "no drift is proved" in measure_drift(rng.random(300), rng.random(300)).reason


def test_equal_scores_everywhere_are_no_drift() -> None:
    found = measure_drift([0.5] * 40, [0.5] * 40)
    assert found.psi == pytest.approx(0)
    assert not found.is_stale


def test_samples_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(ValueError, match="scores at run time"):
        measure_drift([0.5], [])
    with pytest.raises(ValueError, match="score at calibration is not a number"):
        measure_drift([nan], [0.5])
    with pytest.raises(ValueError, match="at least two bins"):
        measure_drift([0.5], [0.5], bins=1)
