"""The whole report: a section for each suite."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...records.errors import SetupError, SuiteError
from ..bench_run import BenchRun
from .resources import RESOURCES
from .section import ReportOptions, Section, make_section


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What benchmark runs came to."""

    sections: tuple[Section, ...]
    """One for each suite, in the order in which they were given."""
    options: ReportOptions
    """What the reader chose."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """All warnings, each with its suite where there is more than one."""
        if len(self.sections) == 1:
            return self.sections[0].warnings
        return tuple(f"{s.suite}: {said}" for s in self.sections for said in s.warnings)


def make_report(runs: Sequence[BenchRun], options: ReportOptions | None = None) -> Report:
    """Return the report of runs; those of one suite stand together, on the tasks they share.

    Raises:
        SuiteError: There are no runs, or runs of one suite share no task.
        SetupError: An option names what is not there.
    """
    options = options or ReportOptions()
    if not runs:
        raise SuiteError("a report needs at least one run; make one: sonde bench run SUITE")
    _check(runs, options)
    groups = _by_suite(runs)
    for group in groups.values():
        if not set(group[0].task_ids).intersection(*(run.task_ids for run in group)):
            raise SuiteError(
                f"the runs of {group[0].suite} share no task; report on them one by one"
            )
    return Report(
        sections=tuple(make_section(group, options) for group in groups.values()),
        options=options,
    )


def _check(runs: Sequence[BenchRun], options: ReportOptions) -> None:
    if options.resource is not None and options.resource not in RESOURCES:
        raise SetupError(f"no resource {options.resource!r}; there are: {', '.join(RESOURCES)}")
    wanted = options.baseline
    if wanted is not None and not any(wanted in (run.agent, run.run_id) for run in runs):
        names = ", ".join(run.agent for run in runs)
        raise SetupError(f"no run {wanted!r} to compare with; there are: {names}")
    for group in _by_suite(runs).values():
        alike = [run.run_id for run in group if run.agent == wanted]
        if len(alike) > 1:
            ids = ", ".join(alike)
            raise SetupError(
                f"{len(alike)} runs of {wanted!r} on {group[0].suite}; name one: {ids}"
            )


def _by_suite(runs: Sequence[BenchRun]) -> dict[str, list[BenchRun]]:
    groups: dict[str, list[BenchRun]] = {}
    for run in runs:
        groups.setdefault(run.suite_sha256, []).append(run)
    return groups
