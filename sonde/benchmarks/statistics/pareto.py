"""The Pareto frontier of accuracy against cost, and how sure a place on it is."""

from itertools import pairwise
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Point(NamedTuple):
    """A place in the plane of normalised cost and accuracy; both better when higher."""

    thrift: float
    """1 - normalised cost."""
    accuracy: float
    """Normalised accuracy."""


def staircase(costs: ArrayLike, accuracies: ArrayLike) -> Mask:
    """Return which points no other dominates: no dearer, no worse, and better in one.

    Points that are equal in both stay together.

    Args:
        costs: Cost of each point, known and finite; less is better.
        accuracies: Accuracy of each point; more is better.
    """
    cost, accuracy = _columns(costs, accuracies)
    return _undominated(cost[None, :], accuracy[None, :])[0]


def upper_hull(costs: ArrayLike, accuracies: ArrayLike) -> Mask:
    """Return which points of the staircase stand on the convex hull.

    The frontier of those who may toss a coin between two agents for each task: it never holds
    more points than the staircase.
    """
    cost, accuracy = _columns(costs, accuracies)
    mask = staircase(cost, accuracy)
    kept: list[int] = []
    for at in sorted(np.flatnonzero(mask), key=lambda i: (cost[i], i)):
        if kept and cost[kept[-1]] == cost[at]:
            continue  # equal in both: one stands for all, and they are joined below
        while len(kept) >= 2 and _is_below(cost, accuracy, kept[-2], kept[-1], int(at)):
            kept.pop()
        kept.append(int(at))
    places = {(cost[i], accuracy[i]) for i in kept}
    return np.array([(c, a) in places for c, a in zip(cost, accuracy, strict=True)], dtype=bool)


def frontier_probability(costs: Floats, accuracies: Floats) -> Floats:
    """Return for each run the share of draws in which it stands on the staircase.

    Args:
        costs: Mean cost, draws by runs.
        accuracies: Mean score in the same draws.
    """
    return np.mean(_undominated(costs, accuracies), axis=0)


def hypervolume(
    costs: ArrayLike, accuracies: ArrayLike, *, reference: tuple[float, float]
) -> float:
    """Return the area between the staircase and a reference point (Zitzler and Thiele 1999).

    Args:
        costs: Cost of each point, on the axis that the area is wanted on (take logs before).
        accuracies: Accuracy of each point.
        reference: The dearest cost and the lowest accuracy; points beyond it add nothing.
    """
    cost, accuracy = _columns(costs, accuracies)
    dearest, lowest = reference
    area, height = 0.0, lowest
    mask = staircase(cost, accuracy)
    for at in sorted(np.flatnonzero(mask), key=lambda i: (cost[i], -accuracy[i])):
        if cost[at] < dearest and accuracy[at] > height:
            area += (dearest - float(cost[at])) * (float(accuracy[at]) - height)
            height = float(accuracy[at])
    return area


def frontier_gap(cost: float, accuracy: float, costs: ArrayLike, accuracies: ArrayLike) -> float:
    """Return the accuracy that the frontier reaches for the same cost, less one's own."""
    others, reached = _columns(costs, accuracies)
    affordable = reached[others <= cost]
    return float(affordable.max()) - accuracy if len(affordable) else 0.0


def middle_of_frontier(frontier: list[Point], *, alpha: float = 0.5) -> Point:
    """Return the frontier point nearest to a share of its length, walked from the most accurate.

    Distance to the frontier's reference, DPFR of Rampisela et al. (WWW 2025), with accuracy for
    relevance and thrift for fairness.

    Args:
        frontier: Points of the frontier, in any order; at least one.
        alpha: Share of the length; one half weighs both ends alike.
    """
    best: dict[float, Point] = {}
    for point in frontier:
        held = best.get(point.accuracy)
        best[point.accuracy] = point if held is None else max(held, point)
    walk = sorted(best.values(), key=lambda p: -p.accuracy)
    lengths = [0.0]
    for before, after in pairwise(walk):
        step = hypot(before.thrift - after.thrift, before.accuracy - after.accuracy)
        lengths.append(lengths[-1] + step)
    wanted = alpha * lengths[-1]
    return walk[min(range(len(walk)), key=lambda at: abs(lengths[at] - wanted))]


def frontier_distance(point: Point, reference: Point) -> float:
    """Return the Euclidean distance of a point to the frontier's reference; less is better."""
    return hypot(point.thrift - reference.thrift, point.accuracy - reference.accuracy)


def _columns(costs: ArrayLike, accuracies: ArrayLike) -> tuple[Floats, Floats]:
    cost = np.asarray(costs, dtype=np.float64)
    accuracy = np.asarray(accuracies, dtype=np.float64)
    if cost.shape != accuracy.shape or np.isnan(cost).any() or np.isnan(accuracy).any():
        raise ValueError("a frontier needs a known cost and a known accuracy for every point")
    return cost, accuracy


def _undominated(costs: Floats, accuracies: Floats) -> Mask:
    """Return, for each row, which columns no other column of the row dominates.

    Walked from the cheapest, of equal cost the most accurate first: whoever beats all before stands
    on the staircase, and so does whoever equals the last that did.
    """
    order = np.lexsort((-accuracies, costs), axis=1)
    cost = np.take_along_axis(costs, order, axis=1)
    accuracy = np.take_along_axis(accuracies, order, axis=1)
    before = np.full_like(accuracy, -np.inf)
    before[:, 1:] = np.maximum.accumulate(accuracy, axis=1)[:, :-1]
    places = np.arange(int(costs.shape[1]))
    last = np.maximum.accumulate(np.where(accuracy > before, places, 0), axis=1)
    stands = (cost == np.take_along_axis(cost, last, axis=1)) & (
        accuracy == np.take_along_axis(accuracy, last, axis=1)
    )
    found = np.empty_like(stands)
    np.put_along_axis(found, order, stands, axis=1)
    return found


def _is_below(cost: Floats, accuracy: Floats, a: int, b: int, c: int) -> bool:
    """Return whether b lies on or under the line from a to c."""
    rise = (accuracy[b] - accuracy[a]) * (cost[c] - cost[a])
    return bool(rise <= (accuracy[c] - accuracy[a]) * (cost[b] - cost[a]))
