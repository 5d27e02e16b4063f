"""The columns of a report's tables: one list for the page, Markdown and CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from .figures_of_run import RunFigures
from .resources import Resource
from .section import Section
from .wording import (
    NONE,
    UNKNOWN,
    amount,
    cop_interval,
    number,
    percent,
    percent_interval,
    plain,
    score_sum,
)

_NOT_TOLD = (NONE, UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One figure of every run."""

    key: str
    """Its name in CSV and in the page's data."""
    head: str
    """Its head."""
    hint: str
    """What it means, in one sentence."""
    value: Callable[[RunFigures], float | None]
    """The figure; None is unknown."""
    told: Callable[[RunFigures], str]
    """The figure in words."""
    note: Callable[[RunFigures], str] = lambda run: ""
    """What stands under it: an interval, a count."""


def result_columns(section: Section) -> list[Column]:
    """Return the columns of accuracy, cost and cost-of-pass."""
    unit = section.resource
    columns = [
        Column(
            key="accuracy",
            head="Accuracy",
            hint="Mean score over all tasks; below, its 95 % interval.",
            value=lambda run: run.accuracy.value,
            told=lambda run: percent(run.accuracy.value),
            note=lambda run: percent_interval(run.accuracy.interval),
        ),
        Column(
            key="passes",
            head="Passed",
            hint="Sum of the scores, of all attempts that were to be made.",
            value=lambda run: run.accuracy.total_score,
            told=lambda run: f"{score_sum(run.accuracy.total_score)}/{run.accuracy.trials}",
            note=lambda run: f"{run.accuracy.broken} broken" if run.accuracy.broken else "",
        ),
        Column(
            key="cost_mean",
            head=f"{_per_task(unit)} mean",
            hint=f"{unit.label}: mean over all attempts.",
            value=lambda run: run.cost.mean,
            told=lambda run: amount(run.cost.mean, unit),
            note=lambda run: (
                "" if run.cost.is_known else f"known for {run.cost.known}/{run.cost.trials}"
            ),
        ),
        _quantile("cost_median", "median", unit, lambda run: run.cost.median),
        _quantile("cost_p95", "p95", unit, lambda run: run.cost.p95),
        Column(
            key="cop_suite",
            head="CoP suite",
            hint="Cost-of-pass: mean cost over pass rate; below, its 95 % bootstrap interval.",
            value=lambda run: run.cop_suite.value,
            told=lambda run: run.cop_suite.told,
            note=lambda run: cop_interval(run.cop_suite, unit),
        ),
        Column(
            key="cop_frontier",
            head="CoP frontier",
            hint="Mean over tasks of each task's own cost of a pass, capped by a person's price if "
            "given; without end while a task has no pass at all.",
            value=lambda run: run.cop_frontier.value,
            told=lambda run: run.cop_frontier.told,
            note=lambda run: (
                f"{run.cop_frontier.unsolved} unsolved"
                if run.cop_frontier.unsolved
                else cop_interval(run.cop_frontier, unit)
            ),
        ),
        Column(
            key="p_frontier",
            head="P(frontier)",
            hint="Share of bootstrap draws of the tasks in which the run is on the staircase.",
            value=lambda run: run.place.probability,
            told=lambda run: plain(run.place.probability),
        ),
        Column(
            key="gap",
            head="Gap",
            hint="Accuracy, in points, that the frontier reaches for the same cost, less its own.",
            value=lambda run: run.place.gap,
            told=lambda run: NONE if run.place.gap is None else f"{100 * run.place.gap:.1f}",
        ),
        Column(
            key="dpfr",
            head="DPFR",
            hint="Distance to the middle of the frontier on normalised axes; less is better.",
            value=lambda run: run.place.dpfr,
            told=lambda run: plain(run.place.dpfr),
        ),
    ]
    return [*columns, *_budgets(section), *_repeats(section)]


def effort_columns(section: Section) -> list[Column]:
    """Return the columns of what a run took; those that no run knows are left out."""
    columns = [
        _mean("tokens", "Tokens", "Mean tokens of an attempt.", lambda r: r.tokens.get("total")),
        *(
            _mean(key, head, f"Mean tokens of an attempt: {said}.", _bucket(key))
            for key, head, said in (
                ("uncached_input", "Input", "prompt tokens not from the provider's cache"),
                ("cache_read", "Cache read", "prompt tokens read from the cache"),
                ("cache_write", "Cache write", "prompt tokens written to the cache"),
                ("output", "Output", "visible completion"),
                ("reasoning", "Reasoning", "hidden reasoning"),
            )
        ),
        _mean(
            "bytes_per_token",
            "Bytes/token",
            "Bytes of text in one token: makes runs with different tokenizers comparable.",
            lambda run: run.bytes_per_token,
        ),
        _mean("steps", "Steps", "Mean actions of an attempt.", lambda run: run.steps),
        _mean("rounds", "Rounds", "Mean decisions of an attempt.", lambda run: run.rounds),
        _mean("wall_median", "Seconds", "Median seconds.", lambda run: run.wall_s.median),
        _mean("wall_p95", "Seconds p95", "95 % take no longer.", lambda run: run.wall_s.p95),
        _mean("cpu_s", "CPU s", "Mean processor seconds of our own.", lambda run: run.cpu_s),
        _share("isr", "ISR", "Share of the required entities obtained.", lambda run: run.isr),
        _share("ise", "ISE", "Required entities obtained per step.", lambda run: run.ise),
        _share(
            "ise_paper",
            "ISE paper",
            "Required entities per step, obtained or not: the formula as WebLeaper prints it.",
            lambda run: run.ise_paper,
        ),
        _usd("usd_total", "List price", "Dollars of the whole run.", lambda run: run.usd.total),
        _usd("billed_usd", "Billed", "Dollars paid for the whole run.", lambda r: r.billed_usd),
        _usd("judge_usd", "Judge", "Dollars of a model judge, apart.", lambda run: run.judge_usd),
        Column(
            key="essentialness",
            head="Essential",
            hint="Share of the frontier's cost-of-pass that would come back without this run.",
            value=lambda run: run.place.essentialness,
            told=lambda run: (
                NONE if run.place.essentialness is None else f"{run.place.essentialness:.1%}"
            ),
        ),
    ]
    return [each for each in columns if _is_told(each, section.runs)]


def _is_told(column: Column, runs: Sequence[RunFigures]) -> bool:
    values = [column.value(run) for run in runs]
    return any(value not in (None, 0, 0.0) for value in values)


def _per_task(unit: Resource) -> str:
    return {"usd": "$/task", "cpu_s": "CPU s/task", "wall_s": "s/task"}.get(
        unit.name, f"{unit.name.capitalize()}/task"
    )


def _quantile(
    key: str, head: str, unit: Resource, value: Callable[[RunFigures], float | None]
) -> Column:
    hint = f"{unit.label}: {'95 % of the attempts take no more' if head == 'p95' else head}."
    return Column(
        key=key, head=head, hint=hint, value=value, told=lambda run: amount(value(run), unit)
    )


def _bucket(key: str) -> Callable[[RunFigures], float | None]:
    return lambda run: run.tokens.get(key)


def _mean(key: str, head: str, hint: str, value: Callable[[RunFigures], float | None]) -> Column:
    return Column(key=key, head=head, hint=hint, value=value, told=lambda run: number(value(run)))


def _share(key: str, head: str, hint: str, value: Callable[[RunFigures], float | None]) -> Column:
    return Column(key=key, head=head, hint=hint, value=value, told=lambda run: plain(value(run)))


def _usd(key: str, head: str, hint: str, value: Callable[[RunFigures], float | None]) -> Column:
    def told(run: RunFigures) -> str:
        found = value(run)
        if found is None:
            return NONE if key == "judge_usd" else UNKNOWN
        return f"${found:,.2f}" if found >= 1 or found == 0 else f"${found:.3g}"

    return Column(key=key, head=head, hint=hint, value=value, told=told)


def _budgets(section: Section) -> list[Column]:
    labels = dict.fromkeys(label for run in section.runs for label in run.at_budget)
    return [
        Column(
            key=f"accuracy_at_{label}",
            head=f"at {label}",
            hint=f"Accuracy where an attempt that took more than {label} counts as wrong.",
            value=lambda run, label=label: run.at_budget.get(label),
            told=lambda run, label=label: percent(run.at_budget.get(label)),
        )
        for label in labels
    ]


def _repeats(section: Section) -> list[Column]:
    most = max((len(run.pass_at) for run in section.runs), default=0)
    if most < 2:
        return []

    def last(values: Sequence[float]) -> float | None:
        return values[most - 1] if len(values) == most else None

    return [
        Column(
            key=f"pass_at_{most}",
            head=f"pass@{most}",
            hint=f"Chance that one of {most} attempts passes, without bias.",
            value=lambda run: last(run.pass_at),
            told=lambda run: percent(last(run.pass_at)),
        ),
        Column(
            key=f"pass_hat_{most}",
            head=f"pass^{most}",
            hint=f"Chance that all of {most} attempts pass, without bias.",
            value=lambda run: last(run.pass_hat),
            told=lambda run: percent(last(run.pass_hat)),
        ),
    ]


def sort_key(value: float | None) -> str:
    """Return a figure as the page sorts it: nothing for an unknown one, `inf` for no end."""
    if value is None or value != value:
        return ""
    return repr(float(value)) if isfinite(value) else "inf"
