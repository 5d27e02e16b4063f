"""The commands that change or move a benchmark run: `sonde bench merge|score|reprice|...`."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from .options import BaseUrl

ImportKind: TypeAlias = Literal["inspect", "csv"]
"""What can be imported."""
_Folder = Annotated[
    str,
    typer.Argument(metavar="DIR|URL", help="Folder or URL of a benchmark run.", show_default=False),
]
_Out = Annotated[
    str, typer.Option("--out", metavar="DIR|URL", help="A new folder or URL.", show_default=False)
]


def merge(
    folders: Annotated[
        list[str],
        typer.Argument(metavar="DIR|URL...", help="Folders or URLs of shards.", show_default=False),
    ],
    *,
    out: _Out,
) -> None:
    """Join shards of one run into a new folder; nothing is run."""
    from .bench_upkeep import merge_folders

    merge_folders(folders, out)


def score(
    folder: _Folder,
    *,
    scorer: Annotated[
        str | None,
        typer.Option(
            "--scorer", metavar="NAME", help="Instead of the run's own.", show_default=False
        ),
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(
            "--judge",
            metavar="MODEL",
            help="Let a chat model compare answers and truths; its price is booked apart.",
            show_default=False,
        ),
    ] = None,
    base_url: BaseUrl = None,
) -> None:
    """Score a run's answers again; no model is asked, unless --judge names one."""
    from .bench_upkeep import score_folder

    if judge is None:
        score_folder(folder, scorer=scorer)
        return
    from .bench_judging import judge_folder

    raise typer.Exit(judge_folder(folder, model=judge, base_url=base_url, scorer=scorer))


def reprice(
    folder: _Folder,
    *,
    prices: Annotated[
        Path | None,
        typer.Option(
            "--prices",
            metavar="FILE",
            help="Prices of your own (TOML), which go before the list prices of today; or a frozen "
            "price book (JSON).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Price a run's calls again, under today's list prices or prices of your own."""
    from .bench_upkeep import reprice_folder

    reprice_folder(folder, prices=prices)


def export(
    folder: _Folder,
    *,
    parquet: Annotated[
        Path | None,
        typer.Option(
            "--parquet",
            metavar="DIR",
            help="Write every table of the warehouse, of this run alone, as a Parquet file.",
            show_default=False,
        ),
    ] = None,
    submission: Annotated[
        Path | None,
        typer.Option(
            "--submission",
            metavar="FILE",
            help="Write the answers as GAIA's leaderboard takes them.",
            show_default=False,
        ),
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option(
            "--agent", metavar="NAME", help="Whose answers, of several.", show_default=False
        ),
    ] = None,
) -> None:
    """Write a run's tables or its answers into files."""
    from .bench_upkeep import export_folder

    export_folder(folder, parquet=parquet, submission=submission, agent=agent)


def import_(
    kind: Annotated[ImportKind, typer.Argument(metavar="inspect|csv", help="What it is.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file.", show_default=False)],
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="A new folder for the run of a log.", show_default=False
        ),
    ] = None,
) -> None:
    """Take in a log of Inspect as a run, or a table of agent, accuracy, cost into the warehouse."""
    from .bench_upkeep import import_file

    import_file(kind, file, out=out)


def add_upkeep_commands(bench_app: typer.Typer) -> None:
    """Add these commands to `sonde bench`."""
    bench_app.command("merge")(merge)
    bench_app.command("score")(score)
    bench_app.command("reprice")(reprice)
    bench_app.command("export")(export)
    bench_app.command("import")(import_)
