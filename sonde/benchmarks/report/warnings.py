"""What a reader of a section should know before the figures."""

from collections.abc import Iterator, Sequence

from .figures_of_run import RunFigures
from .outcomes import Outcomes
from .resources import Resource

_FEW = 30  # tasks or clusters below which an interval is wider than most differences


def warnings_of(
    outcomes: Sequence[Outcomes],
    figures: Sequence[RunFigures],
    resource: Resource,
    *,
    judged: int,
    clusters: int,
) -> list[str]:
    """Return warnings, the gravest first; each is one sentence."""
    found = [
        *_simulations(figures),
        *_unknown_costs(figures, resource),
        *_broken(figures),
        *_made_again(outcomes, figures),
        *_books(figures, resource),
        *_subsets(outcomes),
        *_estimates(outcomes),
        *_few(judged, len(outcomes[0].task_ids), clusters),
        *(
            f"{run.name}: {said}"
            for run, o in zip(figures, outcomes, strict=True)
            for said in o.run.warnings
        ),
    ]
    return list(dict.fromkeys(found))


def _simulations(figures: Sequence[RunFigures]) -> Iterator[str]:
    names = [each.name for each in figures if each.is_simulation]
    if names:
        yield (
            f"Simulation: a simulated reasoner stood in for a model in {_listed(names)}; "
            "these figures say nothing of a real model."
        )


def _unknown_costs(figures: Sequence[RunFigures], resource: Resource) -> Iterator[str]:
    for each in figures:
        if not each.cost.is_known:
            yield (
                f"Cost unknown ({resource.name}): {each.name} tells it for {each.cost.known} of "
                f"{each.cost.trials} attempts; it is listed and never on the frontier."
            )


def _broken(figures: Sequence[RunFigures]) -> Iterator[str]:
    for each in figures:
        accuracy = each.accuracy
        if accuracy.broken and accuracy.bounds:
            low, high = accuracy.bounds
            yield (
                f"Broken attempts: {accuracy.broken} of {accuracy.trials} of {each.name} met an "
                f"error or were never made and count as wrong; had they ended, its accuracy "
                f"would lie between {low:.1%} and {high:.1%}."
            )


def _made_again(outcomes: Sequence[Outcomes], figures: Sequence[RunFigures]) -> Iterator[str]:
    for each, told in zip(outcomes, figures, strict=True):
        if count := len(each.run.earlier):
            yield (
                f"Made again: {count} attempt{'s' if count > 1 else ''} of {told.name}, after an "
                "error or a broken-off run; what was lost is in what was billed, and not in the "
                "cost a task."
            )


def _books(figures: Sequence[RunFigures], resource: Resource) -> Iterator[str]:
    books = sorted({each.price_book for each in figures if each.price_book})
    if resource.name == "usd" and len(books) > 1:
        yield (
            f"Price books: the runs are priced by {_listed(books)}; "
            "re-price them under one book before you compare their costs."
        )


def _subsets(outcomes: Sequence[Outcomes]) -> Iterator[str]:
    shared = len(outcomes[0].task_ids)
    widest = max(len(each.run.task_ids) for each in outcomes)
    if widest > shared:
        yield (
            f"Different tasks: the runs share {shared} tasks and are told on these; "
            f"the largest was to do {widest}."
        )


def _estimates(outcomes: Sequence[Outcomes]) -> Iterator[str]:
    if any(attempt.usage.is_estimate for each in outcomes for attempt in each.attempts):
        yield "Estimated tokens: some counts are sonde's own, where a provider told none."


def _few(judged: int, tasks: int, clusters: int) -> Iterator[str]:
    if judged < tasks:
        yield f"Answers withheld: {tasks - judged} of {tasks} tasks could not be judged."
    if 0 < judged < _FEW:
        yield f"Few tasks: with {judged}, only large differences can be told from chance."
    elif 0 < clusters < _FEW:
        yield (
            f"Few clusters: the {judged} tasks form {clusters}, so only large differences can be "
            "told from chance."
        )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:4])
    return shown if len(names) <= 4 else f"{shown} and {len(names) - 4} more"
