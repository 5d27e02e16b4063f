"""C-IP by hand, its empty sets, and its two ways of counting."""

from math import log, nan

import numpy as np
import pytest

from sonde.policies.conformal_pursuit import ConformalPursuit, EmptySets
from sonde.policies.model_belief import Forecast, ModelBelief
from sonde.policies.query_policy import InformationGain
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief

_FOUR = [[1, 1], [1, 0], [0, 0], [0, 0]]


def _score(empty: EmptySets, threshold: float) -> list[float]:
    belief = TableBelief.start(Table.binary(_FOUR))
    policy = ConformalPursuit(thresholds=(threshold,), empty=empty)
    return policy.score(belief, [0, 1]).values.tolist()


def test_sets_are_counted_after_each_answer() -> None:
    """At 0.4: an even split leaves two of two; an uneven one leaves the one, or none of three."""
    assert _score("full", 0.4) == pytest.approx([log(4 / 2), log(4 / (0.25 * 1 + 0.75 * 4))])
    assert _score("literal", 0.4) == pytest.approx([log(4 / 2), log(4 / 0.25)])


def test_the_literal_form_prefers_the_query_that_empties_its_sets() -> None:
    belief = TableBelief.start(Table.binary(_FOUR))
    literal = ConformalPursuit(thresholds=(0.4,), empty="literal")
    assert literal.score(belief, [0, 1]).choice == 1
    assert ConformalPursuit(thresholds=(0.4,)).score(belief, [0, 1]).choice == 0


def test_the_mean_of_logs_differs_from_the_log_of_the_mean() -> None:
    belief = TableBelief.start(Table.binary(_FOUR))
    policy = ConformalPursuit(thresholds=(0.2,), objective="mean of log")
    assert policy.score(belief, [1]).values == pytest.approx([log(4) - 0.75 * log(3)])
    assert _score("full", 0.2)[1] == pytest.approx(log(4) - log(0.25 + 0.75 * 3))


def test_a_threshold_of_zero_leaves_the_choice_to_the_gain() -> None:
    belief = TableBelief.start(Table.binary(np.random.default_rng(5).random((9, 6))))
    scores = ConformalPursuit(thresholds=(0.0,)).score(belief, range(6))
    assert scores.values == pytest.approx(np.zeros(6))
    assert scores.choice == InformationGain().score(belief, range(6)).choice


def test_thresholds_go_by_the_number_of_answers() -> None:
    policy = ConformalPursuit(thresholds=(0.1, 0.2, 0.3))
    assert [policy.threshold_after(k) for k in (0, 1, 2, 9)] == [0.1, 0.2, 0.3, 0.3]


def test_any_belief_is_scored_as_a_table_would_be() -> None:
    """The same numbers through the general protocol and through the counts of a table."""
    rng = np.random.default_rng(7)
    matrix = rng.random((6, 4))
    chances = rng.dirichlet(np.ones(6))
    forecasts = tuple(
        Forecast(query=str(q), likelihood=(tuple(1 - matrix[:, q]), tuple(matrix[:, q])))
        for q in range(4)
    )
    general = ModelBelief(support=tuple("abcdef"), probs=chances, forecasts=forecasts)
    table = TableBelief.start(Table.binary(matrix), prior=chances)
    policy = ConformalPursuit(thresholds=(0.17,))
    found = policy.score(general, range(4)).values
    assert found == pytest.approx(policy.score(table, range(4)).values)


@pytest.mark.parametrize("exponent", [1.0, 2.5])
def test_pruned_counts_equal_counts_of_posteriors(exponent: float) -> None:
    rng = np.random.default_rng(9)
    raw = np.moveaxis(rng.dirichlet(np.full(3, 0.4), size=(40, 8)), 2, 0)
    belief = TableBelief.start(
        Table(likelihood=raw), prior=rng.dirichlet(np.full(40, 0.2)), exponents=(exponent,)
    )
    for threshold in (1e-6, 0.01, 0.1, 0.4):
        counted = belief.set_sizes(threshold)
        for query in range(8):
            expected = (belief.posteriors(query) >= threshold).sum(axis=1)
            assert counted[:, query].tolist() == expected.tolist()


@pytest.mark.parametrize("thresholds", [(), (1.2,), (nan,), (-0.1,)])
def test_thresholds_must_be_probabilities(thresholds: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="thresholds must lie between 0 and 1"):
        ConformalPursuit(thresholds=thresholds)


def test_the_description_names_every_setting() -> None:
    words = ConformalPursuit(thresholds=(0.25,), empty="literal").description
    assert words == "C-IP, log of mean, empty sets literal, thresholds [0.25]"
