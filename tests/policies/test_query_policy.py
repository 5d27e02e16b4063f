"""Policies rank queries: ties, masks, costs, and what each is drawn to."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, nan

import numpy as np
import pytest

from sonde.policies.belief import Belief, Estimates
from sonde.policies.query_policy import (
    InformationGain,
    MaximumEntropy,
    PerCost,
    QueryPolicy,
    RandomQuery,
    Scores,
)
from sonde.policies.table import Table
from sonde.policies.table_belief import TableBelief


def _belief() -> TableBelief:
    """Query 0 is a coin, 1 splits evenly, 2 unevenly, 3 is as good as 1."""
    return TableBelief.start(
        Table.binary([[0.5, 1, 1, 0], [0.5, 1, 0, 1], [0.5, 0, 0, 0], [0.5, 0, 0, 1]])
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fixed:
    """A policy that returns the scores it was given."""

    values: tuple[float, ...]

    @property
    def description(self) -> str:
        return "fixed"

    def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
        estimates = Estimates.exact(np.array(self.values))
        return Scores.masked(belief, queries, estimates, tie_gains=np.zeros(len(queries)))


def test_gain_is_not_drawn_to_noise_and_entropy_is() -> None:
    scores = InformationGain().score(_belief(), range(4))
    assert scores.values == pytest.approx([0, log(2), 0.5623351, log(2)])
    assert scores.choice == 1
    by_entropy = MaximumEntropy().score(_belief(), range(4))
    assert by_entropy.values == pytest.approx([log(2), log(2), 0.5623351, log(2)])
    coin_first = MaximumEntropy().score(_belief(), [0, 2])
    assert coin_first.choice == 0


def test_equal_scores_go_to_the_higher_gain_and_then_to_the_lower_number() -> None:
    """All of 0, 1 and 3 have the entropy of a coin; 1 and 3 tell something, and 1 comes first."""
    assert MaximumEntropy().score(_belief(), [3, 0, 1]).choice == 1


def test_rounding_does_not_decide_between_equal_scores() -> None:
    scores = _Fixed(values=(0.3, 0.1 + 0.2)).score(_belief(), [0, 1])
    assert scores.choice == 0


def test_asked_queries_are_masked() -> None:
    belief = _belief().update(1, 1)
    scores = InformationGain().score(belief, range(4))
    assert scores.values[1] == -inf
    assert scores.choice == 2
    done = belief.update(0, 0).update(2, 1).update(3, 0)
    everything = InformationGain().score(done, range(4))
    assert everything.best is None
    assert everything.choice is None


def test_an_experiment_may_be_made_again() -> None:
    belief = TableBelief.start(Table.binary([[0.9, 0.5], [0.1, 0.5]])).update(0, 1)
    for policy in (InformationGain(may_repeat=True), MaximumEntropy(may_repeat=True)):
        assert policy.score(belief, range(2)).values[0] > 0
        assert policy.description.endswith(", repeats allowed")
    assert InformationGain(may_repeat=True).score(belief, range(2)).choice == 0


def test_no_query_is_no_choice() -> None:
    assert InformationGain().score(_belief(), []).choice is None


def test_random_queries_are_all_chosen_and_follow_the_seed() -> None:
    def choices(seed: int) -> list[int | None]:
        policy = RandomQuery(rng=np.random.default_rng(seed))
        return [policy.score(_belief(), range(4)).choice for _ in range(60)]

    assert set(choices(1)) == {0, 1, 2, 3}
    assert choices(1) == choices(1)


def test_a_cost_turns_the_choice_round() -> None:
    policy = PerCost(inner=InformationGain(), costs={1: 10, 2: 1, 3: 20, 0: 1}, unit="tokens")
    scores = policy.score(_belief(), range(4))
    assert scores.choice == 2
    assert scores.values[1] == pytest.approx(log(2) / 10)
    assert policy.description.startswith("information gain per tokens [0:1,1:10")


def test_standard_errors_are_divided_by_the_cost_too() -> None:
    estimates = Estimates(values=np.array([1.0]), standard_errors=np.array([0.5]))

    class Noisy(_Fixed):
        def score(self, belief: Belief, queries: Sequence[int]) -> Scores:
            return Scores.masked(belief, queries, estimates)

    found = PerCost(inner=Noisy(values=()), costs={0: 4.0}, unit="USD").score(_belief(), [0])
    assert found.standard_errors[0] == pytest.approx(0.125)


def test_an_unknown_cost_is_not_taken_for_nothing() -> None:
    policy = PerCost(inner=InformationGain(), costs={0: 1.0}, unit="USD")
    with pytest.raises(ValueError, match="cost of query '2' is unknown"):
        policy.score(_belief(), [0, 2])


@pytest.mark.parametrize("cost", [0.0, -1.0, nan, inf])
def test_a_cost_must_be_above_zero(cost: float) -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        PerCost(inner=InformationGain(), costs={0: cost}, unit="USD")


def test_a_score_that_is_not_a_number_is_refused() -> None:
    policy: QueryPolicy = _Fixed(values=(0.1, nan))
    with pytest.raises(ValueError, match="score of query '3' is not a number"):
        policy.score(_belief(), [0, 3])
