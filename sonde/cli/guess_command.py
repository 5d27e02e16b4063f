"""The command `guess`: twenty questions over a table of facts."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def guess(
    table: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TABLE]",
            help="CSV file: the first column names the items, the others are attributes. "
            "Without one, 87 animals.",
            show_default=False,
        ),
    ] = None,
    *,
    policy: Annotated[
        Literal["gain", "cip", "entropy", "random"],
        typer.Option(
            "--policy",
            metavar="gain|cip|entropy|random",
            help="How the next question is chosen: expected information gain, expected conformal "
            "set size, the answer's entropy, or chance.",
        ),
    ] = "gain",
    noise: Annotated[
        float,
        typer.Option("--noise", metavar="P", help="Chance that an answer is wrong.", min=0),
    ] = 0.03,
    item: Annotated[
        str | None,
        typer.Option(
            "--item",
            metavar="NAME",
            help="Let a simulated answerer who has this item in mind play.",
            show_default=False,
        ),
    ] = None,
    simulate: Annotated[
        int | None,
        typer.Option(
            "--simulate",
            metavar="N",
            help="Play N simulated games under every policy and compare.",
            min=1,
            max=100_000,
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of all luck.", min=0)] = 0,
) -> None:
    """Think of a row of a table: sonde finds it by questions, and says why it asks each.

    Answer yes or no (y, n), or one of the values shown; ? if you do not know, q to stop.
    """
    from .guessing import GuessWishes, play_guess

    wishes = GuessWishes(
        table=table, policy=policy, noise=noise, item=item, simulate=simulate, seed=seed
    )
    raise typer.Exit(play_guess(wishes))
