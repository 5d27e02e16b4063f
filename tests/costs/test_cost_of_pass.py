"""Cost-of-pass, by hand and at its limits."""

from math import inf, isnan, nan

import numpy as np
import pytest

from sonde.costs.cost_of_pass import (
    cheapest_way,
    essentialness,
    frontier_cost_of_pass,
    suite_cost_of_pass,
    task_costs_of_pass,
)


def test_the_suite_figure_is_mean_cost_over_pass_rate() -> None:
    assert suite_cost_of_pass([[1.0], [3.0]], [[1.0], [0.0]]) == 4.0


def test_whoever_never_passes_pays_without_end_even_for_nothing() -> None:
    assert suite_cost_of_pass([0.0, 0.0], [0.0, 0.0]) == inf


def test_an_unknown_cost_makes_the_figure_unknown() -> None:
    assert isnan(suite_cost_of_pass([1.0, nan], [1.0, 1.0]))
    assert isnan(suite_cost_of_pass([1.0, nan], [0.0, 0.0]))
    assert isnan(task_costs_of_pass([[1.0, nan]], [[0.0, 0.0]])[0])


def test_the_two_figures_differ_as_ratio_of_means_and_mean_of_ratios_do() -> None:
    costs, scores = [[1.0, 1.0], [4.0, 4.0]], [[1.0, 1.0], [1.0, 0.0]]
    assert suite_cost_of_pass(costs, scores) == pytest.approx(2.5 / 0.75)
    assert frontier_cost_of_pass(task_costs_of_pass(costs, scores)) == pytest.approx((1 + 8) / 2)


def test_the_frontier_takes_the_cheapest_way_and_a_person_caps_it() -> None:
    family = [[1.0, inf, 9.0], [2.0, inf, 3.0]]
    assert frontier_cost_of_pass(family) == inf
    assert cheapest_way(family, human_usd=5.0).tolist() == [1.0, 5.0, 3.0]
    assert frontier_cost_of_pass(family, human_usd=5.0) == 3.0


def test_an_agent_is_essential_where_nobody_else_passes() -> None:
    family = [[1.0, inf], [2.0, 4.0]]
    assert essentialness(family, 1) == 1.0
    assert essentialness(family, 0) == pytest.approx((3.0 - 2.5) / 3.0)
    assert essentialness([[1.0, 1.0]], 0, human_usd=2.0) == 0.5
    assert essentialness([[3.0], [1.0]], 0) == 0.0


def test_another_agent_never_makes_the_frontier_dearer() -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        family = rng.exponential(size=(4, 12))
        assert frontier_cost_of_pass(family) <= frontier_cost_of_pass(family[:-1])
