"""Slots: exact where they are independent, and where factors tie them."""

from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.policies.belief import posteriors
from sonde.policies.factored_belief import FactoredBelief
from sonde.policies.query_policy import InformationGain
from sonde.policies.slots import Factor, Slot
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief

_LN2 = log(2)


def _yes_no(count: int) -> list[Slot]:
    return [Slot(name=f"s{number}", values=("no", "yes")) for number in range(count)]


def _eight_animals() -> NDArray[np.int64]:
    """Eight rows of six attributes; three attributes would do."""
    return np.array(
        [[a, b, c, a ^ b, b ^ c, a & c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    )


def test_independent_slots_sum_their_weighted_entropies() -> None:
    slots = [
        Slot(name="city", values=("Oslo", "Rome"), weight=2),
        Slot(name="day", values=("Mon", "Tue", "Wed")),
    ]
    belief = FactoredBelief.start(slots, priors=[[0.5, 0.5], [1, 0, 0]])
    assert belief.entropy == pytest.approx(2 * _LN2)
    assert belief.gains([0, 1]).values == pytest.approx([2 * _LN2, 0])
    assert belief.update(0, 1).entropy == pytest.approx(0)
    assert belief.support[0] == "Oslo, Mon"


def test_support_and_probabilities_go_together_whatever_slots_are_tied() -> None:
    rng = np.random.default_rng(4)
    slots = [Slot(name=str(n), values=tuple("abc"[:size])) for n, size in enumerate((2, 3, 2))]
    factor = Factor(slots=(2, 0), table=rng.random((2, 2)))
    priors = [rng.dirichlet(np.ones(size)) for size in (2, 3, 2)]
    belief = FactoredBelief.start(slots, priors=priors, factors=[factor])
    joint = np.einsum("i,j,k,ki->ijk", *priors, factor.table)
    assert belief.probs == pytest.approx(joint.ravel() / joint.sum())
    assert len(belief.support) == 12
    assert belief.marginals[1] == pytest.approx(priors[1])


def test_tied_slots_count_their_joint_entropy_once() -> None:
    same = Factor(slots=(0, 1), table=np.eye(2))
    belief = FactoredBelief.start(_yes_no(2), factors=[same])
    assert belief.entropy == pytest.approx(_LN2)
    assert belief.summed_entropy == pytest.approx(2 * _LN2)
    assert belief.update(0, 1).marginals[1] == pytest.approx([0, 1])


def test_gain_equals_the_fall_of_the_entropy_over_the_answers() -> None:
    rng = np.random.default_rng(8)
    factor = Factor(slots=(0, 1), table=rng.random((2, 2)))
    belief = FactoredBelief.start(_yes_no(3), factors=[factor], noise=0.15)
    for query in range(3):
        left = sum(
            chance * belief.update(query, answer).entropy
            for answer, chance in enumerate(belief.predictive(query))
        )
        assert belief.gains([query]).values[0] == pytest.approx(belief.entropy - left)


def test_dependency_factors_close_the_gap_to_the_joint_belief() -> None:
    """Six attributes of eight animals look like five bits and more; they are three."""
    rows = _eight_animals()
    free = FactoredBelief.start(_yes_no(6), priors=[[1 - p, p] for p in rows.mean(axis=0)])
    factor = Factor.of_rows(range(6), rows, sizes=[2] * 6)
    tied = FactoredBelief.start(_yes_no(6), factors=[factor])
    table = TableBelief.start(Table.binary(rows))
    assert free.entropy / _LN2 == pytest.approx(5.811, abs=1e-3)
    assert tied.entropy / _LN2 == pytest.approx(3)
    assert tied.gains(range(6)).values == pytest.approx(table.gains(range(6)).values)
    assert _mean_queries(tied, rows) == 3


def test_slots_taken_for_independent_go_on_asking_what_is_known() -> None:
    rows = _eight_animals()
    free = FactoredBelief.start(_yes_no(6), priors=[[1 - p, p] for p in rows.mean(axis=0)])
    assert _mean_queries(free, rows) == 6


def _mean_queries(start: FactoredBelief, rows: NDArray[np.int64]) -> float:
    """Return how many slots are asked on average until no slot is open."""
    counts: list[int] = []
    for row in rows:
        belief = start
        while belief.entropy > 1e-9:
            query = InformationGain().score(belief, range(len(row))).choice
            assert query is not None
            belief = belief.update(query, int(row[query]))
        counts.append(len(belief.asked))
    return float(np.mean(counts))


def test_posteriors_leave_an_impossible_answer_alone() -> None:
    belief = FactoredBelief.start(_yes_no(1), priors=[[1, 0]])
    assert posteriors(belief, 0).tolist() == [[1, 0], [1, 0]]


def test_contradictory_answers_fall_back_on_noise_and_say_so() -> None:
    same = Factor(slots=(0, 1), table=np.eye(2))
    belief = FactoredBelief.start(_yes_no(2), factors=[same]).update(0, 1).update(1, 0)
    assert belief.note is not None
    assert "contradict each other at 's1'" in belief.note
    assert belief.probs == pytest.approx([0.5, 0, 0, 0.5])


def test_a_joint_that_is_too_large_is_refused_but_independent_slots_are_not() -> None:
    belief = FactoredBelief.start(_yes_no(85))
    assert belief.entropy == pytest.approx(85 * _LN2)
    with pytest.raises(ValueError, match="too many to enumerate"):
        _ = belief.probs
    with pytest.raises(ValueError, match="too many to enumerate"):
        Factor.of_rows(range(85), np.zeros((1, 85), dtype=np.int64), sizes=[2] * 85)


def test_slots_of_one_group_need_one_weight() -> None:
    slots = [Slot(name="a", values=("x", "y"), weight=2), Slot(name="b", values=("x", "y"))]
    with pytest.raises(ValueError, match="tied, so they need one weight"):
        FactoredBelief.start(slots, factors=[Factor(slots=(0, 1), table=np.eye(2))])


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        FactoredBelief.start([])
    with pytest.raises(ValueError, match="needs values, each once"):
        Slot(name="a", values=("x", "x"))
    with pytest.raises(ValueError, match="weight of slot 'a'"):
        Slot(name="a", values=("x",), weight=-1)
    with pytest.raises(ValueError, match="does not fit"):
        FactoredBelief.start(_yes_no(2), factors=[Factor(slots=(0, 2), table=np.eye(2))])
    with pytest.raises(ValueError, match="not all of them 0"):
        Factor(slots=(0, 1), table=np.zeros((2, 2)))
    with pytest.raises(ValueError, match="axes for the slots"):
        Factor(slots=(0,), table=np.eye(2))
    with pytest.raises(ValueError, match="value that its slot does not have"):
        Factor.of_rows([0], [[2]], sizes=[2])
    with pytest.raises(ValueError, match="prior of slot 's0' must sum to 1"):
        FactoredBelief.start(_yes_no(1), priors=[[0.5, 0.4]])
    with pytest.raises(ValueError, match="2 probabilities for the values"):
        FactoredBelief.start([Slot(name="a", values=("x",))], priors=[[0.5, 0.5]])
    with pytest.raises(ValueError, match="leave nothing possible"):
        FactoredBelief.start(
            _yes_no(2), priors=[[1, 0], [0, 1]], factors=[Factor(slots=(0, 1), table=np.eye(2))]
        )
    with pytest.raises(ValueError, match="noise must be"):
        FactoredBelief.start(_yes_no(1), noise=1.0)
    with pytest.raises(ValueError, match="is unknown"):
        FactoredBelief.start(_yes_no(1)).update(0, 2)
