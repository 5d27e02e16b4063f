"""pass@k, pass^k and the budget curve, by hand and by enumeration."""

from itertools import combinations

import pytest

from sonde.benchmarks.statistics.repeats import (
    accuracy_at,
    budget_curve,
    pass_at_k,
    pass_hat_k,
)


@pytest.mark.parametrize(("passes", "attempts"), [(0, 4), (1, 4), (3, 5), (5, 5)])
@pytest.mark.parametrize("k", [1, 2, 4])
def test_both_are_shares_of_all_ways_to_choose_k(passes: int, attempts: int, k: int) -> None:
    outcomes = [True] * passes + [False] * (attempts - passes)
    chosen = list(combinations(outcomes, k))
    assert pass_at_k(passes, attempts, k) == pytest.approx(sum(map(any, chosen)) / len(chosen))
    assert pass_hat_k(passes, attempts, k) == pytest.approx(sum(map(all, chosen)) / len(chosen))


def test_more_attempts_than_were_made_say_nothing() -> None:
    with pytest.raises(ValueError, match="say nothing of 5"):
        pass_at_k(1, 4, 5)


def test_a_budget_buys_the_passes_that_cost_no_more() -> None:
    curve = budget_curve([3.0, 1.0, 1.0, 2.0], [1.0, 1.0, 0.0, 1.0])
    assert curve == [(1.0, 0.25), (2.0, 0.5), (3.0, 0.75)]
    assert [accuracy_at(curve, b) for b in (0.5, 1.0, 2.9, 10.0)] == [0.0, 0.25, 0.5, 0.75]
    assert budget_curve([], []) == []
