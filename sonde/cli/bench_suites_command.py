"""The commands on suites: `sonde bench suites list|show|lint|make`."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from .help_page import show_help_without_command
from .options import AsJson

suites_app = typer.Typer(
    name="suites",
    help="Suites of tasks: those that ship, and your own.",
    invoke_without_command=True,
    callback=show_help_without_command,
)

SuiteName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SUITE", help="Name of a suite that ships, or a path.", show_default=False
    ),
]
Seed: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--seed",
        metavar="N",
        help="Make other tasks of a suite that ships; of a path, draw a sample with --size.",
        min=0,
        show_default=False,
    ),
]
Size: TypeAlias = Annotated[
    int | None,
    typer.Option("--size", metavar="N", help="So many tasks.", min=1, show_default=False),
]


@suites_app.command("list")
def list_suites(*, json_: AsJson = False) -> None:
    """List the suites that ship: name, tasks, what each measures."""
    from .suite_pages import list_shipped

    list_shipped(as_json=json_)


@suites_app.command("show")
def show_suite(
    suite: SuiteName,
    task: Annotated[
        str | None,
        typer.Argument(metavar="[TASK]", help="Show this task whole.", show_default=False),
    ] = None,
    *,
    seed: Seed = None,
    size: Size = None,
    limit: Annotated[
        int, typer.Option("-n", "--limit", metavar="N", help="How many tasks to show.", min=0)
    ] = 10,
    answers: Annotated[bool, typer.Option("--answers", help="Show the truths too.")] = False,
) -> None:
    """Show what a suite holds: its levels, corpus, scorer, and some of its tasks."""
    from .suite_pages import Glimpse, show_loaded

    show_loaded(suite, Glimpse(task=task, seed=seed, size=size, limit=limit, has_answers=answers))


@suites_app.command("lint")
def lint(suite: SuiteName, *, seed: Seed = None, size: Size = None, json_: AsJson = False) -> None:
    """Look for truths that a scorer trips over, duplicates and missing files.

    Ends with 2 where a score would be meaningless.
    """
    from .suite_pages import lint_loaded

    raise typer.Exit(lint_loaded(suite, seed=seed, size=size, as_json=json_))


@suites_app.command("make")
def make_suite(
    suite: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Name of a suite that ships.", show_default=False),
    ],
    *,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="DIR", help="Folder to write; not there yet.", show_default=False
        ),
    ],
    seed: Seed = None,
    size: Size = None,
) -> None:
    """Write a suite that ships into a folder: tasks, attachments, corpus and card."""
    from .suite_pages import make_shipped

    make_shipped(suite, out, seed=seed, size=size)
