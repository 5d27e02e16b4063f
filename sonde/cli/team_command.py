"""The commands on teams: `team record`."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from .help_page import show_help_without_command
from .options import Quiet

team_app = typer.Typer(
    name="team",
    help="Teams of agents.",
    invoke_without_command=True,
    callback=show_help_without_command,
)

TeamPath: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--team",
        metavar="FILE.yaml",
        help="The team; the suite `shards` brings its own.",
        show_default=False,
    ),
]
SuiteName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--tasks", metavar="SUITE", help="Suite by name or path; shards[:SEED[:WORKERS]] too."
    ),
]
Yes: TypeAlias = Annotated[
    bool, typer.Option("-y", "--yes", help="Spend without asking; the price is still told.")
]


@team_app.command("record")
def record(
    *,
    tasks: SuiteName,
    n: Annotated[int, typer.Option("--n", metavar="N", help="Tasks to play.", min=1)] = 100,
    team: TeamPath = None,
    gate: Annotated[
        str, typer.Option("--gate", metavar="NAME", help="Gate to record under.")
    ] = "open",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the recording here; into the home by default.",
            show_default=False,
        ),
    ] = None,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Play tasks with everybody hearing everything, for `gate fit` to learn from."""
    from .team_recording import record_team

    record_team(suite_name=tasks, size=n, team=team, gate=gate, output=output, yes=yes, quiet=quiet)
