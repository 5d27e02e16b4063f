"""The runs of a section towards their common frontier."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray

from ...costs.cost_of_pass import essentialness
from ..statistics.bootstrap import weighted_means
from ..statistics.pareto import (
    Point,
    frontier_distance,
    frontier_gap,
    frontier_probability,
    hypervolume,
    middle_of_frontier,
    staircase,
    upper_hull,
)
from .figures_of_run import CostOfPass, Place
from .measuring import measure_cop_frontier
from .resources import Resource
from .sample import Sample

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """What the runs of a section reach together."""

    staircase: tuple[str, ...] = ()
    """Runs on the staircase, the cheapest first."""
    hull: tuple[str, ...] = ()
    """Those on the convex hull."""
    unplaced: tuple[str, ...] = ()
    """Runs of unknown cost: listed, never on the frontier."""
    hypervolume: float | None = None
    """Area between the staircase and the reference, as a share of the whole rectangle."""
    reference: tuple[float, float] | None = None
    """The reference: dearest cost and lowest accuracy."""
    cheapest: float | None = None
    """Least cost above 0: the other end of the normalised axis."""
    middle: str | None = None
    """The run that DPFR measures from."""
    cop_frontier: CostOfPass | None = None
    """Mean over tasks of the cheapest way to pass each, over all placed runs."""


def place_runs(
    sample: Sample, names: Sequence[str], placed: Sequence[int], resource: Resource
) -> tuple[Frontier, dict[str, Place]]:
    """Return the frontier and the place of each run on it.

    Args:
        sample: All runs of the section.
        names: Their names.
        placed: Those whose cost is known; the others are listed and have no place.
        resource: What costs are counted in.
    """
    unplaced = tuple(name for at, name in enumerate(names) if at not in placed)
    if not placed or not sample.judged.any():
        return Frontier(unplaced=unplaced), {}
    cost, accuracy = (t[placed].mean(axis=1) for t in (sample.mean_costs, sample.mean_scores))
    field = _Field(cost, accuracy)
    chance = frontier_probability(sample.cost_draws[:, placed], sample.score_draws[:, placed])
    places = {
        names[run]: Place(
            on_staircase=bool(field.stairs[at]),
            on_hull=bool(field.hull[at]),
            probability=float(chance[at]),
            gap=frontier_gap(float(cost[at]), float(accuracy[at]), cost, accuracy),
            dpfr=frontier_distance(field.points[at], field.points[field.middle]),
            essentialness=essentialness(sample.task_costs[placed], at, human_usd=sample.human_usd),
        )
        for at, run in enumerate(placed)
    }
    order = [(at, placed[at]) for at in sorted(range(len(cost)), key=lambda at: cost[at])]
    cheapest = sample.cheapest(placed)
    frontier = Frontier(
        staircase=tuple(names[run] for at, run in order if field.stairs[at]),
        hull=tuple(names[run] for at, run in order if field.hull[at]),
        unplaced=unplaced,
        hypervolume=field.area,
        reference=(field.scale.dearest, 0.0),
        cheapest=field.scale.cheapest,
        middle=names[placed[field.middle]],
        cop_frontier=measure_cop_frontier(
            cheapest, weighted_means(sample.weights, cheapest), resource
        ),
    )
    return frontier, places


class _Field:
    """Points in the plane, with their frontier."""

    def __init__(self, cost: Floats, accuracy: Floats) -> None:
        self.stairs = staircase(cost, accuracy)
        self.hull = upper_hull(cost, accuracy)
        self.scale = _Scale(cost)
        self.points = [
            Point(self.scale.thrift(float(c)), float(a))
            for c, a in zip(cost, accuracy, strict=True)
        ]
        on_stairs = [p for p, stands in zip(self.points, self.stairs, strict=True) if stands]
        self.middle = self.points.index(middle_of_frontier(on_stairs))
        spent = [1 - point.thrift for point in self.points]
        self.area = hypervolume(spent, accuracy, reference=(1.0, 0.0))


class _Scale:
    """Cost on a logarithmic axis from 0 (the cheapest) to 1 (the dearest).

    The ends are the runs' own least and greatest cost above 0; what costs nothing stands at 0. One
    decade at the least lies between them, so that like costs look alike.
    """

    def __init__(self, costs: Floats) -> None:
        paid = costs[costs > 0]
        self.dearest = float(paid.max()) if len(paid) else 1.0
        self.cheapest = min(float(paid.min()) if len(paid) else 1.0, self.dearest / 10)

    def thrift(self, cost: float) -> float:
        """Return 1 - normalised cost."""
        if cost <= 0:
            return 1.0
        decades = log10(self.dearest / self.cheapest)
        return 1 - log10(max(cost, self.cheapest) / self.cheapest) / decades
