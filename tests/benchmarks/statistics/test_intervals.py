"""Intervals against statsmodels, and bounds for attempts that broke."""

# The oracles are untyped:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

import pytest
from statsmodels.stats.proportion import proportion_confint

from sonde.benchmarks.statistics.intervals import clopper_pearson, error_bounds, wilson

CASES = [(0, 1), (1, 1), (0, 165), (88, 165), (164, 165), (165, 165), (3, 7), (120, 500)]


@pytest.mark.parametrize(("passes", "trials"), CASES)
@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_wilson_is_that_of_statsmodels(passes: int, trials: int, level: float) -> None:
    expected = proportion_confint(passes, trials, alpha=1 - level, method="wilson")
    assert wilson(passes, trials, level=level) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("passes", "trials"), CASES)
def test_the_exact_interval_is_that_of_statsmodels(passes: int, trials: int) -> None:
    expected = proportion_confint(passes, trials, alpha=0.05, method="beta")
    assert clopper_pearson(passes, trials) == pytest.approx(expected, abs=1e-9)


def test_broken_attempts_leave_accuracy_between_two_bounds() -> None:
    assert error_bounds(6.0, 2, 10) == (0.6, 0.8)


def test_no_trials_make_no_share() -> None:
    with pytest.raises(ValueError, match="make no share"):
        wilson(0, 0)
