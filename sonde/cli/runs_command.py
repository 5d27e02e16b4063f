"""The commands on stored runs: `runs list|show|export|rm` and `trace`."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from .help_page import show_help_without_command
from .options import AsJson, MaybeRunId, OutFile, OutFormat, RunId

CostKey: TypeAlias = Literal["model", "day", "node", "tool"]
"""What costs are summed by."""

runs_app = typer.Typer(
    name="runs",
    help="Stored runs.",
    invoke_without_command=True,
    callback=show_help_without_command,
)


@runs_app.command("list")
def list_runs(
    *,
    limit: Annotated[
        int, typer.Option("-n", "--limit", metavar="N", help="How many, latest first.", min=1)
    ] = 20,
    json_: AsJson = False,
) -> None:
    """List runs: id, when, state, question, answer, cost."""
    from .stored_runs import list_stored

    list_stored(limit, as_json=json_)


@runs_app.command("show")
def show_run(run: MaybeRunId = None, *, output: OutFile = None, format_: OutFormat = None) -> None:
    """Show the result of a run again."""
    from .request import ScreenWishes
    from .stored_runs import show_stored

    show_stored(run, ScreenWishes(output=output, format=format_))


@runs_app.command("cost")
def cost_of_runs(
    runs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[RUN...]",
            help="Ids of runs, or folders of benchmark runs; all stored runs by default.",
            show_default=False,
        ),
    ] = None,
    *,
    by: Annotated[
        CostKey | None,
        typer.Option(
            "--by",
            metavar="model|day|node|tool",
            help="One table instead of all four.",
            show_default=False,
        ),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(
            "--prices",
            metavar="FILE",
            help="Price calls and purchases again: prices of your own (TOML), before the list "
            "prices of today; or a frozen price book (.json). Nothing stored is changed.",
            show_default=False,
        ),
    ] = None,
    json_: AsJson = False,
) -> None:
    """Sum what stored runs cost at list price: by model or seller, day, node and tool."""
    from .runs_cost import tell_cost

    tell_cost(runs or [], by=by, prices=prices, as_json=json_)


@runs_app.command("export")
def export_run(
    run: RunId,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="A .zip or .tar.gz to write.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
) -> None:
    """Pack the journal and the evidence of a run into one file."""
    from .archive import export_stored

    export_stored(run, output, may_replace=force)


@runs_app.command("rm")
def remove_runs(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="RUN...", help="Ids of runs.", show_default=False)
    ] = None,
    *,
    older_than: Annotated[
        float | None,
        typer.Option(
            "--older-than",
            metavar="DAYS",
            help="All runs that began more than DAYS ago.",
            min=0,
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete runs, with their journals and evidence."""
    from .removal import remove_stored

    remove_stored(runs or [], older_than_days=older_than, is_confirmed=yes)


def trace(
    run: MaybeRunId = None,
    *,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Write a page instead of text.", show_default=False
        ),
    ] = None,
) -> None:
    """Tell the rounds of a run: what was searched, found, believed and decided."""
    from .tracing import trace_stored

    trace_stored(run, html=html)
