"""The commands on finished benchmark runs: `sonde bench report|pareto|compare|check`."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

ReportFormat: TypeAlias = Literal["html", "md", "json", "csv"]
"""How a report is written."""
Against: TypeAlias = Literal["usd", "tokens", "steps", "rounds", "cpu_s", "wall_s"]
"""What accuracy is set against."""

_Runs = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN...",
        help="Folders or URLs of benchmark runs; DIR:AGENT names one agent of a folder.",
        show_default=False,
    ),
]
_Against = Annotated[
    Against | None,
    typer.Option(
        "--against",
        metavar="usd|tokens|steps|rounds|cpu_s|wall_s",
        help="What accuracy is set against: dollars, or what tells free runs apart.",
        show_default=False,
    ),
]
_HumanUsd = Annotated[
    float | None,
    typer.Option(
        "--human-usd",
        metavar="USD",
        help="What a person asks for a task; caps the frontier cost-of-pass.",
        min=0,
        show_default=False,
    ),
]
_Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the bootstrap.")]


def add_report_commands(bench: typer.Typer) -> None:
    """Add the commands to `sonde bench`."""
    bench.command("report")(report)
    bench.command("pareto")(pareto)
    bench.command("compare")(compare)
    bench.command("check")(check)


def report(
    runs: _Runs,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write the report here.", show_default=False
        ),
    ] = None,
    format_: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            metavar="html|md|json|csv",
            help="How it is written: md, or what FILE's name ends in.",
            show_default=False,
        ),
    ] = None,
    against: _Against = None,
    human_usd: _HumanUsd = None,
    at: Annotated[
        list[float] | None,
        typer.Option(
            "--at",
            metavar="BUDGET",
            help="Tell accuracy at this budget of an attempt; may be given again.",
            min=0,
            show_default=False,
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline",
            metavar="NAME",
            help="Compare all others with this agent or run, instead of all pairs.",
            show_default=False,
        ),
    ] = None,
    seed: _Seed = 0,
) -> None:
    """Report on runs: accuracy against cost, the frontier, comparisons, what each took."""
    from ..benchmarks.report.section import ReportOptions
    from .bench_reporting import write_report

    options = ReportOptions(
        resource=against,
        human_usd=human_usd,
        budgets=tuple(at or ()),
        baseline=baseline,
        seed=seed,
    )
    write_report(runs, options, output=output, format_=format_)


def pareto(
    runs: _Runs, *, against: _Against = None, human_usd: _HumanUsd = None, seed: _Seed = 0
) -> None:
    """Show which runs stand on the Pareto frontier, and how surely."""
    from ..benchmarks.report.section import ReportOptions
    from .bench_reporting import show_pareto

    show_pareto(runs, ReportOptions(resource=against, human_usd=human_usd, seed=seed))


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="The run in use: DIR or DIR:AGENT.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The new run: DIR or DIR:AGENT.")],
    *,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 3 where B is significantly worse than A.")
    ] = False,
    alpha: Annotated[
        float,
        typer.Option(
            "--alpha", metavar="P", help="Level of the gate's one-sided test.", min=1e-6, max=0.5
        ),
    ] = 0.05,
    against: _Against = None,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    seed: _Seed = 0,
) -> None:
    """Compare two runs task by task: B less A, its interval, and whether chance explains it.

    Exit codes: 0, or with --gate 3 where B is significantly worse.
    """
    from .bench_reporting import compare_two

    raise typer.Exit(
        compare_two(a, b, is_gate=gate, alpha=alpha, resource=against, as_json=json_, seed=seed)
    )


def check(
    table: Annotated[
        Path,
        typer.Argument(
            metavar="CSV",
            help="A published table with accuracy, and cost or cost-of-pass.",
            show_default=False,
        ),
    ],
    *,
    tasks: Annotated[
        int | None,
        typer.Option(
            "--tasks",
            metavar="N",
            help="Tasks of the suite: flags accuracies that are no k/N.",
            min=1,
            show_default=False,
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Check a published table: figures that do not follow from each other, costs that are 0."""
    from .bench_checking import check_published

    check_published(table, tasks=tasks, as_json=json_)
