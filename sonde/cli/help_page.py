"""A group of commands named without one of them shows its help."""

import typer

from .exits import ExitCode
from .screen import write_out


def show_help_without_command(context: typer.Context) -> None:
    """Show the help of a group where no command of it is named."""
    if context.invoked_subcommand is None:
        write_out(context.get_help())
        raise typer.Exit(ExitCode.USAGE)
