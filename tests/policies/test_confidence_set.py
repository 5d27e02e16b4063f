"""Sets hold the mass that they promise, with the fewest outcomes."""

import random
from math import log

import pytest

from sonde.policies.confidence_set import entropy_nats, highest_mass_set


def test_a_hand_worked_set() -> None:
    assert highest_mass_set([0.2, 0.5, 0.3], alpha=0.25) == [1, 2]
    assert highest_mass_set([0.2, 0.5, 0.3], alpha=0.5) == [1]


def test_ties_go_to_the_lower_index() -> None:
    assert highest_mass_set([0.25] * 4, alpha=0.5) == [0, 1]


def test_no_set_where_all_outcomes_hold_too_little() -> None:
    assert highest_mass_set([0.3, 0.3], alpha=0.1) is None
    assert highest_mass_set([], alpha=0.1) is None


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, float("nan")])
def test_an_error_level_outside_its_range_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha"):
        highest_mass_set([1.0], alpha=alpha)


def test_sets_are_minimal_on_random_beliefs() -> None:
    rng = random.Random(3)
    for _ in range(300):
        weights = [rng.random() for _ in range(rng.randint(1, 12))]
        belief = [w / sum(weights) for w in weights]
        alpha = rng.uniform(0.01, 0.9)
        chosen = highest_mass_set(belief, alpha=alpha)
        assert chosen is not None
        masses = sorted((belief[i] for i in chosen), reverse=True)
        assert sum(masses) >= 1 - alpha - 1e-9
        assert sum(masses[:-1]) < 1 - alpha


def test_entropy_is_zero_when_certain_and_log_n_when_uniform() -> None:
    assert entropy_nats([1.0, 0.0]) == 0.0
    assert entropy_nats([0.2] * 5) == pytest.approx(log(5))
