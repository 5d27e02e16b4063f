"""`sonde sql`: questions over all runs."""

from typing import Annotated

import typer

from .options import AsJson


def sql(
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="[SQL]",
            help="A question in DuckDB's SQL, or the name of one that is there: runs, levels, "
            "models, rounds, tools, errors, hardest, lineage. Without one the tables are listed.",
            show_default=False,
        ),
    ] = None,
    *,
    bench: Annotated[
        list[str] | None,
        typer.Option(
            "--bench",
            metavar="DIR|URL",
            help="A benchmark run from elsewhere; those made here are known.",
            show_default=False,
        ),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV.")] = False,
    json_: AsJson = False,
    limit: Annotated[
        int, typer.Option("-n", "--limit", metavar="N", help="Most rows of a table.", min=1)
    ] = 100,
) -> None:
    """Ask the warehouse in SQL; it reads all journals first, and is never changed by a question."""
    from .warehouse_asking import Shape, ask_warehouse

    shape: Shape = "csv" if csv else "json" if json_ else "table"
    ask_warehouse(query, folders=bench or [], shape=shape, limit=limit)
