"""The reward of Uncertainty of Thoughts, alone and along a path."""

from math import log

import numpy as np
import pytest

from sonde.policies.query_policy import InformationGain
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief
from sonde.policies.uncertainty_of_thoughts import UncertaintyOfThoughts


def _rows() -> TableBelief:
    return TableBelief.start(Table.binary([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 0]]))


def test_one_step_discounts_an_uneven_split() -> None:
    scores = UncertaintyOfThoughts().score(_rows(), range(3))
    uneven = -0.25 * log(0.25) - 0.75 * log(0.75)
    assert scores.values == pytest.approx([log(2), log(2), uneven / (1 + 0.5 / 0.4)])


def test_deeper_rewards_add_what_follows() -> None:
    """After query 0 the other two are left: 1 splits evenly, 2 evenly or not at all."""
    shallow = UncertaintyOfThoughts().score(_rows(), range(3)).values[0]
    deep = UncertaintyOfThoughts(depth=2, breadth=1).score(_rows(), range(3)).values[0]
    assert deep == pytest.approx(shallow + log(2))
    mean = UncertaintyOfThoughts(depth=2, breadth=2).score(_rows(), range(3)).values[0]
    assert mean == pytest.approx(shallow + 0.5 * log(2) + 0.5 * 0.5 * log(2))


def test_looking_past_the_last_query_adds_nothing() -> None:
    policy = UncertaintyOfThoughts(depth=5)
    assert policy.score(_rows(), [0]).values[0] == pytest.approx(log(2))


def test_one_step_chooses_as_gain_does_where_answers_are_certain() -> None:
    rng = np.random.default_rng(6)
    for _ in range(25):
        belief = TableBelief.start(Table.binary(rng.integers(2, size=(11, 9))))
        by_reward = UncertaintyOfThoughts().score(belief, range(9)).choice
        assert by_reward == InformationGain().score(belief, range(9)).choice


@pytest.mark.parametrize(("scale", "depth", "breadth"), [(0, 1, 1), (0.4, 0, 1), (0.4, 1, 0)])
def test_settings_out_of_range_are_refused(scale: float, depth: int, breadth: int) -> None:
    with pytest.raises(ValueError, match="scale must be above 0"):
        UncertaintyOfThoughts(scale=scale, depth=depth, breadth=breadth)
