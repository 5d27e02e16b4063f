"""The commands on benchmarks: `sonde bench ...`."""

from typing import Annotated, Literal, TypeAlias

import typer

from .bench_suites_command import suites_app
from .help_page import show_help_without_command
from .options import MaxUsdPerDay, Quiet

bench_app = typer.Typer(
    name="bench",
    help="Benchmarks: run agents over suites of tasks.",
    invoke_without_command=True,
    callback=show_help_without_command,
)
bench_app.add_typer(suites_app)

ExecutorName: TypeAlias = Literal["local", "procs", "ray"]
"""Executors by name."""
ShardOf: TypeAlias = Annotated[
    str | None,
    typer.Option("--shard", metavar="i/n", help="Run the i-th of n parts.", show_default=False),
]
Executor: TypeAlias = Annotated[
    ExecutorName,
    typer.Option(
        "--executor",
        metavar="local|procs|ray",
        help="Where attempts are made: in this process, in processes, in a Ray cluster.",
    ),
]
Workers: TypeAlias = Annotated[
    int,
    typer.Option(
        "--workers", metavar="N", help="Workers of procs and ray; they share --max-conn.", min=1
    ),
]
BenchFolder: TypeAlias = Annotated[
    str,
    typer.Argument(metavar="DIR|URL", help="Folder or URL of a benchmark run.", show_default=False),
]


@bench_app.command("run")
def run_suite(
    suite: Annotated[
        str, typer.Argument(metavar="SUITE", help="Name of a suite that ships, or a path.")
    ],
    *,
    agent: Annotated[
        list[str],
        typer.Option(
            "--agent",
            metavar="NAME|FILE",
            help="extractive; exact, over the table of each task; workspace, react, resum or auto "
            "with --model; or a YAML file. May be given again.",
            show_default=False,
        ),
    ],
    model: Annotated[
        str | None,
        typer.Option(
            "-m", "--model", metavar="NAME", help="Model of built-in agents.", show_default=False
        ),
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(
            "--base-url",
            metavar="URL",
            help="Address of an OpenAI-compatible server; else OPENAI_BASE_URL, else OpenAI.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(
            "--out",
            metavar="DIR|URL",
            help="Folder of the run, or a URL such as s3://BUCKET/RUN; one that holds the same run "
            "is gone on with.",
            show_default="bench/SUITE",
        ),
    ] = None,
    epochs: Annotated[
        int, typer.Option("--epochs", metavar="N", help="Repetitions of each task.", min=1)
    ] = 1,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", help="Only the first N tasks.", min=1, show_default=False
        ),
    ] = None,
    max_conn: Annotated[
        int,
        typer.Option("--max-conn", metavar="N", help="Attempts at a time, of all workers.", min=1),
    ] = 16,
    max_usd: Annotated[
        float | None,
        typer.Option(
            "--max-usd", metavar="USD", help="Most dollars of the run.", min=0, show_default=False
        ),
    ] = None,
    max_usd_per_day: MaxUsdPerDay = None,
    max_tokens: Annotated[
        int | None,
        typer.Option(
            "--max-tokens", metavar="N", help="Most tokens of the run.", min=0, show_default=False
        ),
    ] = None,
    max_usd_per_task: Annotated[
        float | None,
        typer.Option(
            "--max-usd-per-task",
            metavar="USD",
            help="Most dollars of an attempt.",
            min=0,
            show_default=False,
        ),
    ] = None,
    task_timeout: Annotated[
        float | None,
        typer.Option(
            "--task-timeout",
            metavar="SECONDS",
            help="Most seconds of an attempt.",
            min=0,
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            metavar="N",
            help="Sampling seed; repetition n is asked with seed + n - 1.",
            show_default=False,
        ),
    ] = None,
    suite_seed: Annotated[
        int | None,
        typer.Option(
            "--suite-seed",
            metavar="N",
            help="Make other tasks of a suite that ships.",
            show_default=False,
        ),
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(
            "--size", metavar="N", help="Make so many of them.", min=1, show_default=False
        ),
    ] = None,
    scorer: Annotated[
        str | None,
        typer.Option(
            "--scorer", metavar="NAME", help="Instead of the suite's own.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Say what the run would take, from attempts that are known or from --probe tasks.",
        ),
    ] = False,
    probe: Annotated[
        int,
        typer.Option(
            "--probe",
            metavar="N",
            help="Tasks that a dry run makes where too few are known; they count in the run.",
            min=0,
        ),
    ] = 3,
    human_usd: Annotated[
        float | None,
        typer.Option(
            "--human-usd",
            metavar="USD",
            help="What a person would ask for a task, for the report.",
            min=0,
            show_default=False,
        ),
    ] = None,
    shard: ShardOf = None,
    executor: Executor = "local",
    workers: Workers = 2,
    quiet: Quiet = False,
) -> None:
    """Run agents over a suite; what an earlier run in DIR has done is not done again."""
    from ..benchmarks.runner.planning import Wishes
    from .bench_running import BenchScreen, limit_the_day, run_bench_command

    wishes = Wishes(
        suite=suite,
        suite_seed=suite_seed,
        suite_size=size,
        scorer=scorer,
        epochs=epochs,
        limit=limit,
        max_conn=max_conn,
        max_usd=max_usd,
        max_tokens=max_tokens,
        max_usd_per_task=max_usd_per_task,
        task_timeout_s=task_timeout,
        seed=seed,
        human_usd=human_usd,
    )
    limit_the_day(max_usd_per_day)
    screen = BenchScreen(
        out=out,
        shard=shard,
        executor=executor,
        workers=workers,
        is_quiet=quiet,
        probe=probe if dry_run else None,
    )
    raise typer.Exit(
        run_bench_command(wishes, agent, model=model, base_url=base_url, screen=screen)
    )


@bench_app.command("resume")
def resume_bench(
    folder: BenchFolder,
    *,
    max_usd_per_day: MaxUsdPerDay = None,
    shard: ShardOf = None,
    executor: Executor = "local",
    workers: Workers = 2,
    quiet: Quiet = False,
) -> None:
    """Go on with a run: what is missing, was broken off or met an error is made again."""
    from .bench_running import BenchScreen, limit_the_day, resume_bench_command

    limit_the_day(max_usd_per_day)
    screen = BenchScreen(
        out=folder, shard=shard, executor=executor, workers=workers, is_quiet=quiet
    )
    raise typer.Exit(resume_bench_command(folder, screen=screen))
