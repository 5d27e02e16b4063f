"""The tasks that could be judged, and the draws that all runs are looked at through."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...costs.cost_of_pass import cheapest_way, task_costs_of_pass
from ..statistics.bootstrap import ratio_draws, task_weights, weighted_means
from .outcomes import Outcomes, cluster_names
from .resources import Resource

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Runs by judged tasks, and their means in each draw of the bootstrap. NaN is unknown."""

    judged: NDArray[np.bool_]
    """Which tasks of the section could be judged."""
    clusters: Sequence[str]
    """Cluster of each judged task."""
    costs: Sequence[Floats]
    """Cost of each attempt: for each run, tasks by epochs."""
    scores: Sequence[Floats]
    """Score of each attempt: for each run, tasks by epochs."""
    weights: Floats
    """How often each judged task is drawn, draws by tasks."""
    human_usd: float | None
    """A person's price of a task; caps what a pass costs."""

    @cached_property
    def cluster_count(self) -> int:
        """How many clusters are drawn; fewer than tasks where some are drawn together."""
        return len(set(self.clusters))

    @cached_property
    def mean_costs(self) -> Floats:
        """Mean cost of each task, runs by tasks."""
        return np.array([each.mean(axis=1) for each in self.costs])

    @cached_property
    def mean_scores(self) -> Floats:
        """Mean score of each task, runs by tasks."""
        return np.array([each.mean(axis=1) for each in self.scores])

    @cached_property
    def task_costs(self) -> Floats:
        """Cost-of-pass of each task, capped by a person's price, runs by tasks."""
        pairs = zip(self.costs, self.scores, strict=True)
        found = np.array([task_costs_of_pass(cost, score) for cost, score in pairs])
        return found if self.human_usd is None else np.minimum(found, self.human_usd)

    @cached_property
    def cost_draws(self) -> Floats:
        """Mean cost, draws by runs."""
        return weighted_means(self.weights, self.mean_costs)

    @cached_property
    def score_draws(self) -> Floats:
        """Mean score, draws by runs."""
        return weighted_means(self.weights, self.mean_scores)

    @cached_property
    def cop_suite_draws(self) -> Floats:
        """Suite cost-of-pass, draws by runs."""
        return ratio_draws(self.cost_draws, self.score_draws)

    @cached_property
    def cop_frontier_draws(self) -> Floats:
        """Frontier cost-of-pass of each run alone, draws by runs."""
        return weighted_means(self.weights, self.task_costs)

    def cheapest(self, runs: Sequence[int]) -> Floats:
        """Return the cheapest way of some runs to pass each task."""
        return cheapest_way(self.task_costs[list(runs)], human_usd=self.human_usd)


def take_sample(
    outcomes: Sequence[Outcomes],
    *,
    resource: Resource,
    rng: np.random.Generator,
    draws: int,
    human_usd: float | None = None,
) -> Sample:
    """Return the sample of runs over the same tasks."""
    judged = ~np.any([each.is_withheld for each in outcomes], axis=0)
    clusters = [c for c, kept in zip(cluster_names(outcomes), judged, strict=True) if kept]
    return Sample(
        judged=judged,
        clusters=clusters,
        costs=[each.table(resource.of)[judged] for each in outcomes],
        scores=[each.scores[judged] for each in outcomes],
        weights=(
            task_weights(clusters, rng=rng, draws=draws) if clusters else np.zeros((draws, 0))
        ),
        human_usd=human_usd,
    )
