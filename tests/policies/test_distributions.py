"""Distributions are checked before anything is computed from them."""

from math import log, nan

import numpy as np
import pytest

from sonde.policies.distributions import checked_distribution, entropies, entropy, normalised


def test_a_distribution_is_returned_with_a_sum_of_exactly_one() -> None:
    found = checked_distribution([0.2, 0.3, 0.5 + 5e-7], name="belief")
    assert found.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.5, 0.4], "sum to 1, not 0.9"),
        ([0.5, nan, 0.5], "entry 1 is nan"),
        ([1.5, -0.5], "entry 1 is -0.5"),
        ([], "at least one entry"),
        ([[1.0]], "at least one entry in one row"),
    ],
)
def test_what_is_no_distribution_is_refused_with_its_value(values: object, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        checked_distribution(np.asarray(values), name="belief")
    assert str(caught.value).startswith("belief")


def test_entropy_is_zero_when_certain_and_log_n_when_uniform() -> None:
    assert entropy(np.array([0.0, 1.0])) == 0
    assert entropy(np.full(7, 1 / 7)) == pytest.approx(log(7))
    table = np.array([[0.5, 1.0], [0.5, 0.0]])
    assert entropies(table, axis=0) == pytest.approx([log(2), 0])


def test_scaling_survives_weights_far_below_the_smallest_number() -> None:
    assert normalised(np.array([-5000.0, -5000.0 + log(3), -np.inf])) == pytest.approx(
        [0.25, 0.75, 0]
    )
