"""The command that teaches the reader: `train-reader`."""

from pathlib import Path
from typing import Annotated

import typer

from .options import Quiet


def train_reader(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Questions in SQuAD's JSON format.")
    ],
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where the weights go.")
    ] = Path("reader.npz"),
    limit: Annotated[
        int,
        typer.Option("--limit", metavar="N", help="Most questions; of more, a sample.", min=1),
    ] = 12_000,
    passes: Annotated[
        int, typer.Option("--passes", metavar="N", help="Passes over the questions.", min=1)
    ] = 4,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of the training.")] = 0,
    quiet: Quiet = False,
) -> None:
    """Teach the offline reader your own questions; SONDE_READER=FILE puts the result into use.

    One article in five is left out; on it the reader is measured before and after.
    """
    from .reader_training import train

    train(files, output=output, limit=limit, passes=passes, seed=seed, is_quiet=quiet)
