"""The command `sonde`: its commands, and how each ends. Light, so that `--help` is quick."""

import io
import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from .. import __version__
from .ask_command import ask, resume
from .bench_command import bench_app
from .bench_report_command import add_report_commands
from .bench_upkeep_command import add_upkeep_commands
from .calibrate_command import calibrate
from .exits import ExitCode, OutputClosed, failure_of
from .gate_command import gate_app
from .guess_command import guess
from .help_page import show_help_without_command
from .index_command import index_app
from .mcp_command import mcp_app
from .providers_command import providers
from .reader_command import train_reader
from .runs_command import runs_app, trace
from .screen import say
from .sql_command import sql
from .team_command import team_app
from .upkeep_command import config_app, doctor

app = typer.Typer(
    name="sonde",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(ask)
app.command()(resume)
app.add_typer(runs_app)
app.command()(trace)
app.add_typer(index_app)
add_report_commands(bench_app)
add_upkeep_commands(bench_app)
app.add_typer(team_app)
app.add_typer(gate_app)
app.command()(guess)
app.command()(calibrate)
app.add_typer(bench_app)
app.command()(sql)
app.command("train-reader")(train_reader)
app.command()(doctor)
app.command()(providers)
app.add_typer(mcp_app)
app.add_typer(config_app)


def _show_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"sonde {__version__}")
        raise typer.Exit


@app.callback()
def sonde(
    context: typer.Context,
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Show the traceback of a bug.")
    ] = False,
) -> None:
    """Answers with citations, their confidence, and their price."""
    show_help_without_command(context)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; every failure is one line on stderr."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    _tolerate_odd_characters()
    _hush_libraries()
    try:
        code = int(app(args=arguments, prog_name="sonde", standalone_mode=False) or 0)
        if code == ExitCode.INTERRUPTED:  # typer makes this of an interrupt that nobody took
            say("sonde: stopped")
        return code
    except OutputClosed:
        return ExitCode.BROKEN_PIPE
    except typer.Abort:
        say("sonde: stopped; nothing was changed")
        return ExitCode.INTERRUPTED
    except Exception as err:
        failure = failure_of(err)
        if failure.is_bug and {"-v", "--verbose"} & set(arguments):
            raise
        say(failure.line)
        return failure.code


def _tolerate_odd_characters() -> None:
    """Let stdout print what its encoding lacks, rather than fail on it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _hush_libraries() -> None:
    """Keep what a library logs (of a broken PDF, say) off the terminal."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
