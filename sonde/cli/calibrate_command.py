"""The command `calibrate`: what an agent may promise on questions like those of a suite."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from .options import BaseUrl, Belief, Model, Policy, Quiet


def calibrate(
    suite: Annotated[
        str,
        typer.Argument(metavar="SUITE", help="Questions with their answers: a name, or a path."),
    ],
    *,
    model: Model = None,
    base_url: BaseUrl = None,
    belief: Belief = "stated",
    policy: Policy = "model",
    delta: Annotated[
        float,
        typer.Option("--delta", metavar="D", help="Chance that a promise of the stop is broken."),
    ] = 0.1,
    promise: Annotated[
        Literal["answered", "all"],
        typer.Option(
            "--promise",
            metavar="answered|all",
            help="Of which runs the error is promised: those that reach the confidence, or all.",
        ),
    ] = "answered",
    size: Annotated[
        int | None,
        typer.Option(
            "--size", metavar="N", help="Tasks to draw; all by default.", min=1, show_default=False
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Seed of all draws.")] = 0,
    scorer: Annotated[
        str | None,
        typer.Option(
            "--scorer", metavar="NAME", help="How answers are judged.", show_default=False
        ),
    ] = None,
    max_usd: Annotated[
        float | None,
        typer.Option(
            "--max-usd",
            metavar="USD",
            help="Most dollars of all episodes together.",
            min=0,
            show_default=False,
        ),
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens",
            metavar="N",
            help="Most tokens of all episodes together.",
            min=0,
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="The calibration; else SUITE.calibration.json.",
            show_default=False,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="A page with the reliability diagram.",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Play a suite, and store what may be promised on questions like its own.

    A quarter of the tasks fits temperatures, half proves the stop, a quarter calibrates the set.
    What cannot be promised is refused, with the reason. Use it with `ask --calibration FILE`.
    """
    from .calibrating import CalibrationWishes, calibrate_on

    raise typer.Exit(
        calibrate_on(
            CalibrationWishes(
                suite=suite,
                model=model,
                base_url=base_url,
                belief=belief,
                policy=policy,
                delta=delta,
                promise=promise,
                size=size,
                seed=seed,
                scorer=scorer,
                max_usd=max_usd,
                max_tokens=max_tokens,
                output=output,
                html=html,
                is_quiet=quiet,
            )
        )
    )
