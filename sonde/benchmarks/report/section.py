"""The part of a report on one suite: its runs, their frontier and their comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import numpy as np

from ..bench_run import BenchRun
from ..statistics.bootstrap import DRAWS
from ..statistics.deploying import sharpe_ratio_at_k
from .contrasts import Contrast, Contraster, adjusted
from .figures_of_run import RunFigures
from .frontier import Frontier, place_runs
from .outcomes import align
from .resources import RESOURCES, Resource, choose_resource
from .run_figures import measure_run
from .sample import Sample, take_sample
from .warnings import warnings_of

MOST_COMPARED = 12
"""Runs whose pairs are compared: more would leave Holm's adjustment no power."""
_MOST_TRIED = 5  # configurations of SharpeRatio@k


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """What a reader may choose."""

    resource: str | None = None
    """What accuracy is drawn against; None for dollars, or what tells the runs apart."""
    human_usd: float | None = None
    """What a person asks for a task; None takes what the runs state."""
    budgets: tuple[float, ...] = ()
    """Budgets of one attempt at which accuracy is told."""
    baseline: str | None = None
    """Name or id of the run that the others are compared with; None compares all pairs."""
    draws: int = DRAWS
    """Draws of the bootstrap."""
    seed: int = 0
    """Its seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpe:
    """The risk of deploying the best of k configurations, chosen on half of the tasks."""

    k: int
    """Configurations tried out."""
    ratio: float
    """SharpeRatio@k; may be infinite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """All runs over the same tasks."""

    suite: str
    """Name of the suite."""
    suite_sha256: str
    """Its content."""
    tasks: int
    """Tasks that every run was to do."""
    judged: int
    """Those of which the answer is known."""
    clusters: int
    """Clusters that the judged tasks form; as many as tasks where each stands alone."""
    resource: Resource
    """What accuracy is drawn against."""
    human_usd: float | None
    """A person's price of a task."""
    runs: tuple[RunFigures, ...]
    """The runs, the most accurate first."""
    frontier: Frontier
    """What they reach together."""
    contrasts: tuple[Contrast, ...]
    """Comparisons in pairs."""
    sharpe: tuple[Sharpe, ...] = ()
    """The risk of picking by a validation split."""
    sharpe_baseline: str | None = None
    """The run that it is measured from: the baseline, or the first that was given."""
    warnings: tuple[str, ...] = field(default=())
    """What a reader should know."""


def make_section(runs: Sequence[BenchRun], options: ReportOptions) -> Section:
    """Return the section of runs that were to do the same tasks of one suite."""
    outcomes, names = align(runs), unique_names(runs)
    resource = RESOURCES[options.resource] if options.resource else choose_resource(outcomes)
    rng = np.random.default_rng(options.seed)
    human_usd = _human_usd(runs, options) if resource.name == "usd" else None
    sample = take_sample(
        outcomes, resource=resource, rng=rng, draws=options.draws, human_usd=human_usd
    )
    figures = [
        measure_run(each, name, sample, at, resource=resource, budgets=options.budgets)
        for at, (each, name) in enumerate(zip(outcomes, names, strict=True))
    ]
    known = [at for at, each in enumerate(figures) if each.cost.is_known]
    frontier, places = place_runs(sample, names, known, resource)
    figures = [
        replace(each, place=places[each.name]) if each.name in places else each for each in figures
    ]
    judged = int(sample.judged.sum())
    contraster = Contraster(sample, names, resource=resource, rng=rng)
    contrasts = _contrasts(contraster, figures, options) if judged else []
    base = _baseline(figures, options.baseline) or 0
    sharpe = _sharpe(sample, outcomes[0].task_ids, baseline=base)
    first = runs[0]
    return Section(
        suite=first.suite,
        suite_sha256=first.suite_sha256,
        tasks=len(outcomes[0].task_ids),
        judged=judged,
        clusters=sample.cluster_count,
        resource=resource,
        human_usd=human_usd,
        runs=tuple(sorted(figures, key=_by_accuracy)),
        frontier=frontier,
        contrasts=tuple(contrasts),
        sharpe=sharpe,
        sharpe_baseline=names[base] if sharpe else None,
        warnings=tuple(
            warnings_of(outcomes, figures, resource, judged=judged, clusters=sample.cluster_count)
        ),
    )


def size_in_words(section: Section) -> str:
    """Return how many tasks there are, and how many draws of chance they amount to."""
    tasks = f"{section.tasks} task{'s' if section.tasks != 1 else ''}"
    if section.clusters == section.judged:
        return tasks
    return f"{tasks} in {section.clusters} clusters, which are drawn and tested as wholes"


def unique_names(runs: Sequence[BenchRun]) -> list[str]:
    """Return a name for each run: its agent, with its id where two are alike."""
    agents = [run.agent for run in runs]
    return [
        run.agent if agents.count(run.agent) == 1 else f"{run.agent} · {run.run_id}" for run in runs
    ]


def _contrasts(
    contraster: Contraster, figures: Sequence[RunFigures], options: ReportOptions
) -> list[Contrast]:
    base = _baseline(figures, options.baseline)
    if base is not None:
        others = [at for at in range(len(figures)) if at != base]
        return adjusted([contraster.contrast(base, at) for at in others])
    chosen = sorted(range(len(figures)), key=lambda at: _by_interest(figures[at]))[:MOST_COMPARED]
    chosen.sort(key=lambda at: _by_accuracy(figures[at]))
    return contraster.all_pairs(chosen)


def _baseline(figures: Sequence[RunFigures], wanted: str | None) -> int | None:
    for at, each in enumerate(figures):
        if wanted and wanted in (each.name, each.run_id):
            return at
    return None


def _sharpe(sample: Sample, tasks: Sequence[str], *, baseline: int) -> tuple[Sharpe, ...]:
    """Return the ratio for k = 2.. on halves of the tasks, split by a digest of their ids."""
    scores = sample.mean_scores
    if len(scores) < 3:
        return ()
    digests = np.array([sha256(task.encode()).digest()[0] % 2 == 0 for task in tasks], dtype=bool)
    in_validation = digests[sample.judged]
    if in_validation.all() or not in_validation.any():
        return ()
    validation = scores[:, in_validation].mean(axis=1).tolist()
    held_out = scores[:, ~in_validation].mean(axis=1).tolist()
    return tuple(
        Sharpe(k=k, ratio=sharpe_ratio_at_k(validation, held_out, baseline=held_out[baseline], k=k))
        for k in range(2, min(_MOST_TRIED, len(scores)) + 1)
    )


def _human_usd(runs: Sequence[BenchRun], options: ReportOptions) -> float | None:
    stated = {run.human_usd for run in runs}
    if options.human_usd is not None:
        return options.human_usd
    return stated.pop() if len(stated) == 1 else None


def _by_accuracy(figures: RunFigures) -> tuple[float, float, str]:
    cost = figures.cost.mean
    return (-(figures.accuracy.value or 0.0), float("inf") if cost is None else cost, figures.name)


def _by_interest(figures: RunFigures) -> tuple[bool, float, float, str]:
    return (not figures.place.on_staircase, *_by_accuracy(figures))
