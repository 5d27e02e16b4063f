"""The frontier against brute force and moocore."""

# The oracles are untyped:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

import moocore
import numpy as np
import pytest
from numpy.typing import NDArray

from sonde.benchmarks.statistics.bootstrap import task_weights, weighted_means
from sonde.benchmarks.statistics.deploying import sharpe_ratio_at_k
from sonde.benchmarks.statistics.pareto import (
    Point,
    frontier_distance,
    frontier_gap,
    frontier_probability,
    hypervolume,
    middle_of_frontier,
    staircase,
    upper_hull,
)

Floats = NDArray[np.float64]


def _clouds() -> list[tuple[Floats, Floats]]:
    rng = np.random.default_rng(11)
    clouds: list[tuple[Floats, Floats]] = []
    for count in (1, 2, 5, 40, 200):
        clouds.append((rng.uniform(size=count), rng.uniform(size=count)))
    for count in (3, 20, 60):  # many equal points
        clouds.append((np.floor(rng.uniform(0, 5, count)), np.floor(rng.uniform(0, 5, count)) / 4))
    return clouds


@pytest.mark.parametrize(("costs", "accuracies"), _clouds())
def test_the_staircase_is_what_brute_force_and_moocore_find(
    costs: Floats, accuracies: Floats
) -> None:
    points = list(zip(costs, accuracies, strict=True))
    alone = [not any(c <= x and a >= y and (c, a) != (x, y) for c, a in points) for x, y in points]
    assert staircase(costs, accuracies).tolist() == alone
    theirs = moocore.is_nondominated(
        np.column_stack([costs, accuracies]), maximise=[False, True], keep_weakly=True
    )
    assert staircase(costs, accuracies).tolist() == theirs.tolist()


@pytest.mark.parametrize(("costs", "accuracies"), _clouds())
def test_the_hull_lies_on_the_staircase_and_nothing_lies_above_it(
    costs: Floats, accuracies: Floats
) -> None:
    hull = upper_hull(costs, accuracies)
    assert hull.sum() <= staircase(costs, accuracies).sum()
    assert not np.any(hull & ~staircase(costs, accuracies))
    corner = sorted(set(zip(costs[hull], accuracies[hull], strict=True)))
    x, y = np.array(corner).T
    for cost, accuracy in zip(costs, accuracies, strict=True):
        assert accuracy <= np.interp(cost, x, y) + 1e-12 or cost < x[0]


def test_no_point_of_the_hull_can_be_mixed_from_its_neighbours() -> None:
    hull = upper_hull([1.0, 2.0, 3.0, 4.0], [0.1, 0.2, 0.4, 0.5])
    assert hull.tolist() == [True, False, True, True]
    assert upper_hull([1.0, 2.0, 3.0], [0.25, 0.5, 0.75]).tolist() == [True, False, True]


@pytest.mark.parametrize(("costs", "accuracies"), _clouds())
def test_the_hypervolume_is_that_of_moocore(costs: Floats, accuracies: Floats) -> None:
    reference = (float(costs.max()) + 0.1, -0.05)
    theirs = moocore.hypervolume(
        np.column_stack([costs, -accuracies]), ref=[reference[0], -reference[1]]
    )
    assert hypervolume(costs, accuracies, reference=reference) == pytest.approx(theirs, abs=1e-9)


def test_points_beyond_the_reference_add_no_area() -> None:
    assert hypervolume([1.0, 5.0], [0.5, 0.9], reference=(3.0, 0.0)) == 1.0


def test_an_unknown_cost_has_no_place_on_a_frontier() -> None:
    with pytest.raises(ValueError, match="needs a known cost"):
        staircase([1.0, float("nan")], [0.5, 0.6])


def test_the_probability_is_the_share_of_draws_on_the_staircase() -> None:
    rng = np.random.default_rng(12)
    scores = rng.integers(0, 2, size=(6, 80)).astype(float)
    costs = rng.exponential(size=(6, 80))
    weights = task_weights(range(80), rng=rng, draws=700)
    cost, accuracy = weighted_means(weights, costs), weighted_means(weights, scores)
    by_hand = np.mean([staircase(c, a) for c, a in zip(cost, accuracy, strict=True)], axis=0)
    assert frontier_probability(cost, accuracy) == pytest.approx(by_hand)


def test_the_gap_is_what_the_same_money_buys() -> None:
    assert frontier_gap(3.0, 0.4, [1.0, 2.0, 9.0], [0.3, 0.7, 0.9]) == pytest.approx(0.3)
    assert frontier_gap(0.5, 0.4, [1.0], [0.3]) == 0.0


def test_the_reference_stands_half_way_along_the_frontier() -> None:
    frontier = [Point(1.0, 0.0), Point(0.5, 0.5), Point(0.0, 1.0), Point(0.2, 0.5)]
    assert middle_of_frontier(frontier) == Point(0.5, 0.5)
    assert middle_of_frontier(frontier, alpha=0.0) == Point(0.0, 1.0)
    assert middle_of_frontier(frontier, alpha=1.0) == Point(1.0, 0.0)
    assert frontier_distance(Point(0.5, 0.1), Point(0.5, 0.5)) == pytest.approx(0.4)


def test_the_sharpe_ratio_ranks_on_validation_and_pays_on_the_rest() -> None:
    validation, held_out = [0.9, 0.8, 0.1], [0.5, 0.7, 1.0]
    ratio = sharpe_ratio_at_k(validation, held_out, baseline=0.4, k=2)
    assert ratio == pytest.approx(0.3 / np.std([0.5, 0.7], ddof=1))
    assert sharpe_ratio_at_k(validation, held_out, baseline=0.8, k=2) == 0.0
    with pytest.raises(ValueError, match="needs k from 2 to 3"):
        sharpe_ratio_at_k(validation, held_out, baseline=0.4, k=1)
