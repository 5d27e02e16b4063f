"""The commands on gates: `gate fit`, `gate calibrate`, `gate show`."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from .help_page import show_help_without_command
from .options import AsJson, Quiet
from .team_command import SuiteName, TeamPath, Yes

gate_app = typer.Typer(
    name="gate",
    help="Gates: who hears what in a team.",
    invoke_without_command=True,
    callback=show_help_without_command,
)

GatePath: TypeAlias = Annotated[Path, typer.Argument(metavar="[GATE]", help="The gate's file.")]
_GATE = Path("gate.json")


@gate_app.command("fit")
def fit(
    recording: Annotated[
        Path | None,
        typer.Argument(
            metavar="[RECORDING]",
            help="What `team record` wrote; the latest by default.",
            show_default=False,
        ),
    ] = None,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Write the gate here.")
    ] = _GATE,
    quiet: Quiet = False,
) -> None:
    """Learn a gate from recorded runs; nothing is played and nothing is spent."""
    from .gate_learning import fit_gate_file

    fit_gate_file(recording, output=output, quiet=quiet)


@gate_app.command("calibrate")
def calibrate(
    gate: GatePath = _GATE,
    *,
    tasks: SuiteName,
    n: Annotated[int, typer.Option("--n", metavar="N", help="Tasks to play.", min=1)] = 300,
    alpha: Annotated[
        float,
        typer.Option(
            "--alpha", metavar="A", help="Share of tasks that may be lost against the open team."
        ),
    ] = 0.02,
    team: TeamPath = None,
    yes: Yes = False,
    quiet: Quiet = False,
) -> None:
    """Find the confidence under which the team goes back to full communication."""
    from .gate_learning import calibrate_gate_file

    calibrate_gate_file(
        gate, suite_name=tasks, size=n, alpha=alpha, team=team, yes=yes, quiet=quiet
    )


@gate_app.command("show")
def show(
    gate: GatePath = _GATE,
    *,
    svg: Annotated[
        Path | None,
        typer.Option(
            "--svg", metavar="FILE", help="Draw the team before and after.", show_default=False
        ),
    ] = None,
    mermaid: Annotated[
        bool, typer.Option("--mermaid", help="Write the team under the gate as a mermaid graph.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Show a gate: its promise, its figures, its weights in words, alpha against tokens."""
    from .gate_showing import show_gate_file

    show_gate_file(gate, svg=svg, mermaid=mermaid, as_json=json_)
