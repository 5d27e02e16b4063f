"""All figures of one run, measured over the tasks that could be judged."""

from collections.abc import Sequence

from ...records.attempt import Attempt
from ...records.unknown import add_known
from ..statistics.repeats import accuracy_at
from .figures_of_run import RunFigures
from .measuring import (
    Value,
    ise_of,
    ise_paper_of,
    isr_of,
    mean_of_known,
    measure_accuracy,
    measure_cop_frontier,
    measure_cop_suite,
    measure_curve,
    measure_groups,
    measure_parts,
    measure_repeats,
    measure_spread,
    measure_tokens,
    measure_tool_uses,
)
from .outcomes import Outcomes
from .resources import RESOURCES, Resource
from .sample import Sample

_NOT_TOLD = ("name", "folder")  # the name stands beside; a folder is this machine's own


def measure_run(
    outcomes: Outcomes,
    name: str,
    sample: Sample,
    at: int,
    *,
    resource: Resource,
    budgets: Sequence[float] = (),
) -> RunFigures:
    """Return all figures of a run but its place on the frontier.

    Args:
        outcomes: The run.
        name: Its name in the report.
        sample: All runs of the section.
        at: Which of them it is.
        resource: What costs are counted in.
        budgets: Budgets of one attempt at which accuracy is told.
    """
    run, costs, scores = outcomes.run, sample.costs[at], sample.scores[at]
    cost = measure_spread(outcomes, resource.of)
    curve = measure_curve(costs, scores)
    pass_at, pass_hat = measure_repeats(scores)
    amount = "cost_usd" if resource.name == "usd" else "tokens"
    return RunFigures(
        name=name,
        run_id=run.run_id,
        agent_sha256=run.agent_sha256,
        config={key: value for key, value in run.config.items() if key not in _NOT_TOLD},
        epochs=run.epochs,
        seed=run.seed,
        price_book=run.price_book,
        is_simulation=run.is_simulation,
        accuracy=measure_accuracy(
            outcomes,
            sample.judged,
            sample.score_draws[:, at],
            clusters=sample.cluster_count,
        ),
        cost=cost,
        usd=measure_spread(outcomes, RESOURCES["usd"].of),
        billed_usd=add_known(*(each.billed_usd for each in (*outcomes.attempts, *run.earlier))),
        judge_usd=_sum_of_known(outcomes, lambda attempt: attempt.judge_usd),
        cop_suite=measure_cop_suite(costs, scores, sample.cop_suite_draws[:, at], resource),
        cop_frontier=measure_cop_frontier(
            sample.task_costs[at], sample.cop_frontier_draws[:, at], resource
        ),
        tokens=measure_tokens(outcomes),
        bytes_per_token=_bytes_per_token(outcomes),
        steps=outcomes.mean(lambda attempt: attempt.steps),
        rounds=outcomes.mean(lambda attempt: attempt.rounds),
        wall_s=measure_spread(outcomes, lambda attempt: attempt.wall_s),
        cpu_s=outcomes.mean(lambda attempt: attempt.cpu_s),
        isr=mean_of_known(outcomes.known(isr_of)),
        ise=mean_of_known(outcomes.known(ise_of)),
        ise_paper=mean_of_known(outcomes.known(ise_paper_of)),
        pass_at=pass_at,
        pass_hat=pass_hat,
        levels=measure_groups(outcomes, lambda attempt: attempt.level, resource),
        hops=measure_groups(outcomes, _hops, resource),
        by_node=measure_parts(outcomes, "by_node", amount) if cost.is_known else {},
        by_tool=measure_parts(outcomes, "by_tool", amount) if cost.is_known else {},
        tool_uses=measure_tool_uses(outcomes),
        curve=curve,
        at_budget={resource.told(each): accuracy_at(curve, each) for each in budgets if curve},
        stops=_stops(outcomes),
    )


def _hops(attempt: Attempt) -> str | None:
    hops = attempt.detail.get("hops")
    return str(hops) if isinstance(hops, int | str) else None


def _bytes_per_token(outcomes: Outcomes) -> float | None:
    pairs = [(a.text_bytes, a.usage.total) for a in outcomes.attempts]
    known = [(text, tokens) for text, tokens in pairs if text and tokens]
    if not known or len(known) < len(pairs):
        return None
    return sum(text for text, _ in known) / sum(tokens for _, tokens in known)


def _sum_of_known(outcomes: Outcomes, value: Value) -> float | None:
    known = outcomes.known(value)
    return sum(known) if known else None


def _stops(outcomes: Outcomes) -> dict[str, int]:
    counts: dict[str, int] = {}
    for attempt in outcomes.attempts:
        reason = str(attempt.stop_reason) if attempt.stop_reason else attempt.status
        counts[reason] = counts.get(reason, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
