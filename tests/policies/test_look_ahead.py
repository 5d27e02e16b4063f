"""Looking one query further than the gain."""

from math import log, nan

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.look_ahead import LookAhead
from sonde.policies.query_policy import InformationGain
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief


def _table() -> NDArray[np.float64]:
    """Query 0 is the best alone; 1 and 2 together tell all four apart, 0 with either does not."""
    return np.array([[0.95, 1, 1], [0.95, 1, 0], [0.05, 0, 1], [0.05, 0, 0.0]])


def test_value_is_the_gain_now_and_the_best_gain_next() -> None:
    belief = TableBelief.start(Table.binary([[1, 1], [1, 0], [0, 1], [0, 0]]))
    scores = LookAhead().score(belief, range(2))
    assert scores.values == pytest.approx([2 * log(2), 2 * log(2)])
    assert scores.tie_gains == pytest.approx([log(2), log(2)])


def test_without_weight_on_the_next_gain_it_is_information_gain() -> None:
    belief = TableBelief.start(Table.binary(np.random.default_rng(3).random((9, 7))))
    plain = InformationGain().score(belief, range(7))
    assert LookAhead(balance=0).score(belief, range(7)).values == pytest.approx(plain.values)


def test_queries_that_are_not_looked_behind_keep_their_gain() -> None:
    belief = TableBelief.start(Table.binary(_table()))
    gains = InformationGain().score(belief, range(3)).values
    scores = LookAhead(breadth=1).score(belief, range(3))
    assert scores.values[2] == pytest.approx(gains[2])
    assert scores.values[1] > gains[1]


def test_it_sees_a_pair_that_greed_does_not() -> None:
    """Query 0 halves the belief and leaves three alike; 1 and 2 together tell all four apart."""
    rows = [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]
    belief = TableBelief.start(Table.binary(rows), prior=[1 / 2, 1 / 6, 1 / 6, 1 / 6])
    assert InformationGain().score(belief, range(3)).choice == 0
    scores = LookAhead().score(belief, range(3))
    assert scores.choice == 1
    assert scores.values[1] == pytest.approx(belief.entropy)
    assert scores.values[0] == pytest.approx(log(2) + 0.5 * (log(3) - 2 / 3 * log(2)))


def test_asked_queries_are_neither_scored_nor_looked_behind() -> None:
    belief = TableBelief.start(Table.binary(_table())).update(0, 1)
    scores = LookAhead().score(belief, range(3))
    assert scores.values[0] == -np.inf
    assert scores.choice == 2


def test_the_last_query_has_no_next() -> None:
    belief = TableBelief.start(Table.binary([[1], [0]]))
    assert LookAhead().score(belief, [0]).values == pytest.approx([log(2)])


@pytest.mark.parametrize(("balance", "breadth"), [(-1, 3), (nan, 3), (1, 0)])
def test_settings_out_of_range_are_refused(balance: float, breadth: int) -> None:
    with pytest.raises(ValueError, match="balance must be 0 or more"):
        LookAhead(balance=balance, breadth=breadth)
