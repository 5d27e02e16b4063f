"""The command `providers`: where an agent can search, what each needs, and whether it answers."""

from typing import Annotated

import typer

from .options import AsJson


def providers(
    *,
    names: Annotated[
        str,
        typer.Option(
            "--search", metavar="NAME,...", help="Which ones; all that are configured by default."
        ),
    ] = "all",
    is_tried: Annotated[
        bool, typer.Option("--test", help="Ask each one that is configured a question.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """List the search providers: whether each is configured, its price, and with --test its answer.

    Exit codes: 0, and 5 where one that was tested does not answer.
    """
    from .provider_table import show_providers

    raise typer.Exit(show_providers(names, is_tried=is_tried, as_json=json_))
