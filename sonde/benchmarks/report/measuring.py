"""From the attempts of one run to its figures, apart from its place among others."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from ...costs.cost_of_pass import (
    frontier_cost_of_pass,
    suite_cost_of_pass,
)
from ...records.attempt import Attempt
from ..statistics.bootstrap import percentile_interval
from ..statistics.intervals import error_bounds, wilson
from ..statistics.repeats import BudgetStep, budget_curve, pass_at_k, pass_hat_k
from .figures_of_run import Accuracy, CostOfPass, Group, Spread
from .outcomes import Outcomes
from .resources import Resource

Floats = NDArray[np.float64]
Value = Callable[[Attempt], float | None]
_BUCKETS = ("uncached_input", "cache_read", "cache_write", "output", "reasoning")


def measure_accuracy(
    outcomes: Outcomes, judged: NDArray[np.bool_], draws: Floats, *, clusters: int
) -> Accuracy:
    """Return accuracy over the judged tasks.

    Where all scores are 0, or all 1, every draw of the bootstrap is alike and says nothing of
    chance: then the interval is Wilson's, with one trial a cluster.

    Args:
        outcomes: The run.
        judged: Which tasks could be judged.
        draws: Mean score of each draw of the bootstrap.
        clusters: How many clusters the judged tasks form; as many as tasks where none does.
    """
    scores = outcomes.scores[judged]
    if not scores.size:
        return Accuracy(value=None)
    total, trials = float(scores.sum()), scores.size
    broken = int(outcomes.is_broken[judged].sum())
    is_plain = scores.shape[1] == 1 and bool(np.isin(scores, (0.0, 1.0)).all())
    if is_plain and clusters == len(scores):
        interval, method = wilson(total, trials), "Wilson"
    elif total in (0.0, trials):
        interval, method = wilson(clusters * total / trials, clusters), "Wilson over clusters"
    else:
        interval = percentile_interval(draws)
        method = "bootstrap over tasks"
    return Accuracy(
        value=total / trials,
        interval=interval,
        method=method,
        total_score=total,
        trials=trials,
        broken=broken,
        bounds=error_bounds(total, broken, trials),
    )


def measure_spread(outcomes: Outcomes, value: Value) -> Spread:
    """Return how an amount is spread over the attempts."""
    found = np.array(outcomes.known(value), dtype=np.float64)
    trials = len(outcomes.task_ids) * max(1, outcomes.run.epochs)
    if not len(found):
        return Spread(known=0, trials=trials)
    p25, median, p75, p95 = (float(each) for each in np.percentile(found, [25, 50, 75, 95]))
    is_whole = len(found) == trials
    return Spread(
        known=len(found),
        trials=trials,
        mean=float(found.mean()) if is_whole else None,
        median=median,
        p25=p25,
        p75=p75,
        p95=p95,
        total=float(found.sum()) if is_whole else None,
    )


def measure_cop_suite(
    costs: Floats, scores: Floats, draws: Floats, resource: Resource
) -> CostOfPass:
    """Return mean cost over pass rate, with its interval.

    Args:
        costs: Tasks by epochs; not a number is unknown.
        scores: Tasks by epochs.
        draws: Cost-of-pass of each draw of the bootstrap.
        resource: What the costs are counted in.
    """
    if not costs.size or np.isnan(costs).any():
        return CostOfPass(value=None)
    value = suite_cost_of_pass(costs, scores)
    interval = percentile_interval(draws)
    if value == inf:
        told = f"> {resource.told(float(costs.sum()))} (0/{scores.size})"
        return CostOfPass(value=value, interval=interval, told=told)
    return CostOfPass(value=value, interval=interval, told=resource.told(value))


def measure_cop_frontier(task_costs: Floats, draws: Floats, resource: Resource) -> CostOfPass:
    """Return the mean over tasks of the cheapest way to pass each.

    Args:
        task_costs: Cheapest cost-of-pass of each task, capped by a person's price if there is one.
        draws: Its mean in each draw of the bootstrap.
        resource: What the costs are counted in.
    """
    if not task_costs.size or np.isnan(task_costs).any():
        return CostOfPass(value=None)
    value = frontier_cost_of_pass(task_costs)
    never = int(np.isinf(task_costs).sum())
    return CostOfPass(
        value=value,
        interval=percentile_interval(draws),
        told="∞" if never else resource.told(value),
        unsolved=f"{never}/{len(task_costs)}" if never else "",
    )


def measure_groups(
    outcomes: Outcomes, label: Callable[[Attempt], str | None], resource: Resource
) -> tuple[Group, ...]:
    """Return the parts of the suite by a label of its attempts."""
    parts: defaultdict[str, list[Attempt]] = defaultdict(list)
    for attempt in outcomes.attempts:
        name = label(attempt)
        if name is not None and attempt.status != "unscored":
            parts[name].append(attempt)
    return tuple(_group(name, parts[name], resource) for name in sorted(parts, key=_natural))


def _group(label: str, attempts: Sequence[Attempt], resource: Resource) -> Group:
    total = sum(attempt.score or 0.0 for attempt in attempts)
    costs = [resource.of(attempt) for attempt in attempts]
    known = [cost for cost in costs if cost is not None]
    tasks = len({attempt.task_id for attempt in attempts})
    return Group(
        label=label,
        trials=len(attempts),
        accuracy=total / len(attempts),
        interval=wilson(tasks * total / len(attempts), tasks),
        cost=sum(known) / len(known) if len(known) == len(costs) else None,
    )


def measure_tokens(outcomes: Outcomes) -> dict[str, float | None]:
    """Return mean tokens by bucket, and in all."""
    means = {name: outcomes.mean(lambda a, n=name: getattr(a.usage, n)) for name in _BUCKETS}
    return {**means, "total": outcomes.mean(lambda attempt: attempt.usage.total)}


def measure_repeats(scores: Floats) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return pass@k and pass^k for k up to the epochs; both empty where there is one."""
    epochs = scores.shape[1]
    if epochs < 2 or not scores.size:
        return (), ()
    passes = [int(each) for each in (scores >= 1).sum(axis=1)]
    ks = range(1, epochs + 1)
    return (
        tuple(float(np.mean([pass_at_k(c, epochs, k) for c in passes])) for k in ks),
        tuple(float(np.mean([pass_hat_k(c, epochs, k) for c in passes])) for k in ks),
    )


def measure_curve(costs: Floats, scores: Floats) -> tuple[BudgetStep, ...]:
    """Return accuracy against the budget of one attempt; empty where a cost is unknown."""
    if not costs.size or np.isnan(costs).any():
        return ()
    return tuple(budget_curve(costs, scores))


def isr_of(attempt: Attempt) -> float | None:
    """Return the share of the required entities that an attempt obtained, |R n O| / |R|."""
    if not attempt.entities_required or attempt.entities_found is None:
        return None
    return attempt.entities_found / attempt.entities_required


def ise_of(attempt: Attempt) -> float | None:
    """Return the required entities that an attempt obtained per step, n / T."""
    if not attempt.steps or attempt.entities_found is None or not attempt.entities_required:
        return None
    return attempt.entities_found / attempt.steps


def ise_paper_of(attempt: Attempt) -> float | None:
    """Return the required entities per step, obtained or not, |R| / T."""
    if not attempt.steps or not attempt.entities_required:
        return None
    return attempt.entities_required / attempt.steps


def mean_of_known(amounts: Sequence[float]) -> float | None:
    """Return the mean of what is known; None where nothing is."""
    return sum(amounts) / len(amounts) if amounts else None


def measure_parts(outcomes: Outcomes, key: str, amount: str) -> dict[str, float]:
    """Return the mean of an amount by the parts that the attempts' details tell.

    Args:
        outcomes: The run.
        key: Name of the table in the details, `by_node` or `by_tool`.
        amount: Name of the amount in it.
    """
    sums: dict[str, float] = {}
    for attempt in outcomes.attempts:
        table = attempt.detail.get(key)
        for name, line in table.items() if isinstance(table, Mapping) else ():
            told = line.get(amount) if isinstance(line, Mapping) else None
            if isinstance(told, int | float):
                sums[name] = sums.get(name, 0.0) + told
    count = max(1, len(outcomes.attempts))
    return {name: total / count for name, total in _largest_first(sums)}


def measure_tool_uses(outcomes: Outcomes) -> dict[str, float]:
    """Return the mean uses of each tool."""
    sums: dict[str, float] = {}
    for attempt in outcomes.attempts:
        table = attempt.detail.get("tools")
        for name, uses in table.items() if isinstance(table, Mapping) else ():
            if isinstance(uses, int | float):
                sums[name] = sums.get(name, 0.0) + uses
    count = max(1, len(outcomes.attempts))
    return {name: total / count for name, total in _largest_first(sums)}


def _largest_first(sums: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _natural(label: str) -> tuple[int, str]:
    return (int(label), "") if label.isdecimal() else (10**9, label)
