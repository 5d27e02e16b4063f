"""Comparisons of two runs over the tasks that both were to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from ...records.errors import SuiteError
from ..bench_run import BenchRun
from ..statistics.bootstrap import DRAWS, percentile_interval
from ..statistics.intervals import Interval
from ..statistics.paired import PairedRuns, holm
from ..statistics.power import ALPHA, mcnemar_detectable, mean_detectable
from .outcomes import align
from .resources import RESOURCES, Resource, choose_resource
from .sample import Sample, take_sample

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Cost of B over that of A."""

    value: float
    """The ratio of the means."""
    interval: Interval
    """Its 95 % interval: bootstrap over the tasks, on the logarithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Run B against run A."""

    a: str
    """Name of A, the one compared with."""
    b: str
    """Name of B."""
    accuracy_a: float
    """Mean score of A."""
    accuracy_b: float
    """Mean score of B."""
    gain: float
    """Mean score of B less that of A."""
    interval: Interval
    """95 % interval of the gain."""
    p: float
    """Two-sided p of the gain."""
    p_holm: float
    """The same, adjusted by Holm for all comparisons shown with it."""
    p_worse: float
    """One-sided p of a loss, for a gate."""
    a_only: int
    """Tasks that only A passes (n10)."""
    b_only: int
    """Tasks that only B passes (n01)."""
    tasks: int
    """Tasks compared."""
    method: str
    """The test."""
    detectable: float | None
    """Loss that a one-sided test at 5 % finds four times in five; None: none would be."""
    resource: str
    """What the costs are counted in."""
    cost_ratio: Ratio | None = None
    """Cost of B over that of A; None where one is unknown or nothing."""
    cop_ratio: Ratio | None = None
    """Suite cost-of-pass of B over that of A; None where one is unknown, nothing or without end."""

    def is_regression(self, alpha: float = ALPHA) -> bool:
        """Return whether B is worse than A at a level, one-sided."""
        return self.gain < 0 and self.p_worse <= alpha


class Contraster:
    """Compares runs of one section, all through the same draws."""

    def __init__(
        self,
        sample: Sample,
        names: Sequence[str],
        *,
        resource: Resource,
        rng: np.random.Generator,
    ) -> None:
        """Take the runs in.

        Args:
            sample: All runs of the section.
            names: Their names.
            resource: What costs are counted in.
            rng: Source of chance, for permutations.
        """
        self._names = names
        self._resource = resource
        self._sample = sample
        self._paired = PairedRuns(
            sample.scores,
            clusters=sample.clusters,
            rng=rng,
            draws=len(sample.weights),
            weights=sample.weights,
        )

    def contrast(self, a: int, b: int) -> Contrast:
        """Compare run B with run A, both by their place; Holm's p is that of one comparison."""
        test = self._paired.compare(a, b)
        return Contrast(
            a=self._names[a],
            b=self._names[b],
            accuracy_a=float(self._sample.mean_scores[a].mean()),
            accuracy_b=float(self._sample.mean_scores[b].mean()),
            gain=test.gain,
            interval=test.interval,
            p=test.p_two_sided,
            p_holm=test.p_two_sided,
            p_worse=test.p_worse,
            a_only=test.a_only,
            b_only=test.b_only,
            tasks=test.tasks,
            method=test.method,
            detectable=self._detectable(a, b, tasks=test.tasks),
            resource=self._resource.name,
            cost_ratio=self._cost_ratio(a, b),
            cop_ratio=self._cop_ratio(a, b),
        )

    def all_pairs(self, places: Sequence[int]) -> list[Contrast]:
        """Compare every pair of some runs, with Holm's adjustment over all of them."""
        pairs = [(a, b) for at, a in enumerate(places) for b in places[at + 1 :]]
        return adjusted([self.contrast(a, b) for a, b in pairs])

    def _detectable(self, a: int, b: int, *, tasks: int) -> float | None:
        if self._paired.is_binary(a, b):
            scores = self._sample.mean_scores
            disagree = float(np.count_nonzero(scores[a] - scores[b])) / tasks
            return mcnemar_detectable(tasks=tasks, discordance=disagree)
        return mean_detectable(self._paired.cluster_differences(a, b), tasks=tasks)

    def _cost_ratio(self, a: int, b: int) -> Ratio | None:
        costs, draws = self._sample.mean_costs, self._sample.cost_draws
        return _ratio(float(costs[b].mean()), float(costs[a].mean()), draws[:, b], draws[:, a])

    def _cop_ratio(self, a: int, b: int) -> Ratio | None:
        pair, sample = [a, b], self._sample
        cost, rate = sample.mean_costs[pair].mean(axis=1), sample.mean_scores[pair].mean(axis=1)
        draws = sample.cop_suite_draws
        if not rate.all() or not np.isfinite(draws[:, pair]).all():
            return None
        cop = cost / rate
        return _ratio(float(cop[1]), float(cop[0]), draws[:, b], draws[:, a])


def adjusted(contrasts: Sequence[Contrast]) -> list[Contrast]:
    """Return comparisons with Holm's adjustment over all of them."""
    return [
        replace(each, p_holm=p)
        for each, p in zip(contrasts, holm([each.p for each in contrasts]), strict=True)
    ]


def compare_runs(
    a: BenchRun, b: BenchRun, *, resource: str | None = None, seed: int = 0, draws: int = DRAWS
) -> Contrast:
    """Compare run B with run A over the tasks that both were to do.

    Args:
        a: The run compared with: the one in use.
        b: The new one.
        resource: What costs are counted in; None for dollars, or what tells the two apart.
        seed: Of the bootstrap and the permutation.
        draws: Of both.

    Raises:
        SuiteError: They ran different suites, share no task, or nothing could be judged.
    """
    if a.suite_sha256 != b.suite_sha256:
        raise SuiteError(
            f"{a.agent!r} ran {a.suite} ({a.suite_sha256[:12]}) and {b.agent!r} ran {b.suite} "
            f"({b.suite_sha256[:12]}): only runs of the same tasks can be compared; "
            "run both on one suite"
        )
    outcomes = align([a, b])
    chosen = RESOURCES[resource] if resource else choose_resource(outcomes)
    rng = np.random.default_rng(seed)
    sample = take_sample(outcomes, resource=chosen, rng=rng, draws=draws)
    if not sample.judged.any():
        raise SuiteError(
            f"{a.agent!r} and {b.agent!r} share no task that was judged; "
            "run both on the same tasks, of a suite with answers"
        )
    names = [a.agent, b.agent] if a.agent != b.agent else [a.run_id, b.run_id]
    return Contraster(sample, names, resource=chosen, rng=rng).contrast(0, 1)


def _ratio(b: float, a: float, draws_b: Floats, draws_a: Floats) -> Ratio | None:
    if not (isfinite(a) and isfinite(b) and a > 0 and b > 0):
        return None
    with np.errstate(divide="ignore"):
        low, high = percentile_interval(np.log(draws_b) - np.log(draws_a))
    return Ratio(value=b / a, interval=Interval(float(np.exp(low)), float(np.exp(high))))
