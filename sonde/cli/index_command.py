"""The commands on corpus indexes: `index add` and `index stats`."""

from pathlib import Path
from typing import Annotated

import typer

from .help_page import show_help_without_command
from .options import AsJson, Quiet

index_app = typer.Typer(
    name="index",
    help="Indexes of documents.",
    invoke_without_command=True,
    callback=show_help_without_command,
)

_Paths = Annotated[list[str], typer.Argument(metavar="PATH...", help="Folders and files.")]


@index_app.command("add")
def add(paths: _Paths, *, quiet: Quiet = False, json_: AsJson = False) -> None:
    """Index documents, or bring their index up to date; `ask` does the same by itself."""
    from .indexing import index_paths

    index_paths([Path(each) for each in paths], is_quiet=quiet, as_json=json_)


@index_app.command("stats")
def stats(paths: _Paths, *, json_: AsJson = False) -> None:
    """Tell what the index of these paths holds, after bringing it up to date."""
    from .indexing import index_paths

    index_paths([Path(each) for each in paths], is_quiet=True, as_json=json_)
