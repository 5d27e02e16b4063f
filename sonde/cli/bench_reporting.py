"""`bench report`, `bench pareto` and `bench compare`."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

from ..benchmarks.bench_run import BenchRun
from ..benchmarks.remote.place import BenchPlace, bench_place
from ..benchmarks.remote.store import is_url
from ..benchmarks.report.contrasts import Contrast, Ratio, compare_runs
from ..benchmarks.report.report import Report, make_report
from ..benchmarks.report.resources import RESOURCES
from ..benchmarks.report.section import ReportOptions, Section
from ..benchmarks.report.wording import (
    amount,
    p_value,
    percent,
    percent_interval,
    plain,
    points,
)
from ..benchmarks.runner.loading import load_runs
from ..memory.home import Home
from ..records.errors import SetupError
from .exits import ExitCode
from .printable import shortened
from .screen import check_can_write, say, write_file, write_out

_BY_SUFFIX = {".html": "html", ".htm": "html", ".json": "json", ".csv": "csv", ".md": "md"}
_GAP = "  "
_LONGEST_NAME = 40


def write_report(
    names: Sequence[str], options: ReportOptions, *, output: Path | None, format_: str | None
) -> None:
    """Write the report of runs into a file, or to stdout.

    Raises:
        SetupError: A run or the file cannot be used.
        SuiteError: The runs cannot be reported on together.
    """
    if output is not None:
        check_can_write(output)
    write = _writer(format_ or _format_of(output))
    text = write(make_report(read_runs(names), options))
    if output is None:
        write_out(text)
        return
    write_file(output, text)
    say(f"the report is in {output}")


def _format_of(output: Path | None) -> str:
    if output is None or not output.suffix:
        return "md"
    found = _BY_SUFFIX.get(output.suffix.lower())
    if found is None:
        raise SetupError(
            f"no report is written as {output.suffix!r}; end {output.name!r} in "
            f"{', '.join(sorted(_BY_SUFFIX))}, or name a --format"
        )
    return found


def show_pareto(names: Sequence[str], options: ReportOptions) -> None:
    """Write the runs of each suite with their place towards the frontier."""
    report = make_report(read_runs(names), options)
    blocks = [_pareto_block(section) for section in report.sections]
    write_out("\n\n".join(blocks))
    for said in report.warnings:
        say(f"note: {said}")


def compare_two(
    a: str,
    b: str,
    *,
    is_gate: bool,
    alpha: float,
    resource: str | None,
    as_json: bool,
    seed: int,
) -> ExitCode:
    """Compare two runs, and return 3 where B is significantly worse and a gate is wanted.

    Raises:
        SetupError: A name means no run, or several.
        SuiteError: They did not run the same tasks.
    """
    run_a, run_b = read_run(a), read_run(b)
    contrast = compare_runs(run_a, run_b, resource=resource, seed=seed)
    if run_a.agent == run_b.agent:  # told apart by where they stand
        contrast = replace(contrast, a=_placed(a, run_a), b=_placed(b, run_b))
    is_worse = contrast.is_regression(alpha)
    if as_json:
        told = {**asdict(contrast), "alpha": alpha, "is_regression": is_worse}
        write_out(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        write_out("\n".join(_contrast_lines(contrast, alpha=alpha, is_worse=is_worse)))
    return ExitCode.REGRESSION if is_gate and is_worse else ExitCode.ANSWERED


def read_runs(names: Sequence[str]) -> list[BenchRun]:
    """Return the runs that are meant by folders, or by FOLDER:AGENT.

    Raises:
        SetupError: A name means no run.
    """
    return [run for name in names for run in _meant(name)]


def read_run(name: str) -> BenchRun:
    """Return the one run that a name means.

    Raises:
        SetupError: It means none, or several.
    """
    found = _meant(name)
    if len(found) == 1:
        return found[0]
    agents = ", ".join(f"{name}:{run.agent}" for run in found)
    raise SetupError(f"{name!r} holds {len(found)} runs; write one of {agents}")


def _placed(name: str, run: BenchRun) -> str:
    """Return FOLDER/AGENT of a run that a name means."""
    meant = _split(name)
    return f"{meant.place.name.rstrip('/')}/{run.agent}"


class _Meant(NamedTuple):
    """What a name means: a place of runs, and one agent of it or all."""

    place: BenchPlace
    agent: str | None


def _split(name: str) -> _Meant:
    """Return what DIR, DIR:AGENT, URL or URL:AGENT means.

    Raises:
        SetupError: There is no such folder, or the URL cannot be read.
    """
    home = Home.of(os.environ)
    if Path(name).is_dir():
        return _Meant(bench_place(name, home), None)
    head, slash, tail = name.rpartition("/")
    last, colon, agent = tail.partition(":")
    if is_url(name):
        return _Meant(bench_place(f"{head}{slash}{last}", home), agent if colon else None)
    folder, colon, agent = name.rpartition(":")
    if not colon or not Path(folder).is_dir():
        raise SetupError(f"no folder {name!r} of a benchmark run; see `sonde bench run --help`")
    return _Meant(bench_place(folder, home), agent)


def _meant(name: str) -> Sequence[BenchRun]:
    place, agent = _split(name)
    place.manifest()
    runs = load_runs(place.folder)
    found = [run for run in runs if agent is None or run.agent == agent]
    if not found:
        agents = ", ".join(run.agent for run in runs)
        raise SetupError(f"{place.name!r} holds no agent {agent!r}; there are: {agents}")
    return found


def _writer(format_: str) -> Callable[[Report], str]:
    if format_ == "html":
        from ..benchmarks.report.html_page import as_html  # reads plotly's script

        return as_html
    from ..benchmarks.report.plain_formats import as_csv, as_json, as_markdown

    writers: Mapping[str, Callable[[Report], str]] = {"json": as_json, "csv": as_csv}
    return writers.get(format_, as_markdown)


def _pareto_block(section: Section) -> str:
    unit = section.resource
    head = ["", "run", "accuracy", "95 %", unit.name + "/task", "cost-of-pass", "P(frontier)"]
    rows = [
        [
            "*" if run.place.on_staircase else "?" if run.place.probability is None else "",
            shortened(run.name, _LONGEST_NAME),
            percent(run.accuracy.value),
            percent_interval(run.accuracy.interval),
            amount(run.cost.mean, unit),
            run.cop_suite.told,
            plain(run.place.probability),
        ]
        for run in section.runs
    ]
    lines = _columns([head, *rows])
    legend = "* on the Pareto staircase"
    if section.frontier.unplaced:
        legend += "   ? cost unknown, never on the frontier"
    return "\n".join([f"{section.suite}: {section.tasks} tasks", *lines, legend])


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        _GAP.join(
            cell.ljust(width) if at < 2 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _contrast_lines(contrast: Contrast, *, alpha: float, is_worse: bool) -> list[str]:
    low, high = contrast.interval
    unit = RESOURCES[contrast.resource]
    lines = [
        f"A  {percent(contrast.accuracy_a):>8}  {contrast.a}",
        f"B  {percent(contrast.accuracy_b):>8}  {contrast.b}",
        f"B - A  {points(contrast.gain)} points (95 %: {points(low)} to {points(high)}) "
        f"on {contrast.tasks} tasks",
        f"p {_equals(contrast.p)} two-sided, {_equals(contrast.p_worse)} for a loss "
        f"({contrast.method}); A alone passes {contrast.a_only}, B alone {contrast.b_only}",
    ]
    if contrast.detectable is None and not any(contrast.interval):
        lines.append("they score alike on every task, so nothing tells how large a loss would show")
    elif contrast.detectable is None:
        lines.append("too few tasks: even the loss of all of them could pass unseen")
    else:
        lines.append(
            f"a loss of {100 * contrast.detectable:.1f} points would be found four times in five "
            "at 0.05"
        )
    for ratio, what in (
        (contrast.cost_ratio, f"{unit.name} a task"),
        (contrast.cop_ratio, "cost-of-pass"),
    ):
        if ratio is not None:
            lines.append(f"B / A  {_ratio(ratio)} in {what}")
    verdict = "B is worse" if is_worse else "no significant loss"
    return [*lines, f"{verdict} at {alpha:g}, one-sided"]


def _equals(p: float) -> str:
    told = p_value(p)
    return told.replace("<", "< ") if told.startswith("<") else f"= {told}"


def _ratio(ratio: Ratio) -> str:
    low, high = ratio.interval
    return f"{ratio.value:.2f} (95 %: {low:.2f} to {high:.2f})"
