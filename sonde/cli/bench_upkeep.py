"""What `sonde bench merge`, `score`, `reprice`, `export` and `import` do and say."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ..benchmarks.remote.place import BenchPlace, bench_place
from ..benchmarks.report.published import read_table
from ..benchmarks.runner.handing_in import hand_in
from ..benchmarks.runner.inspect_log import import_inspect
from ..benchmarks.runner.loading import load_run, load_runs
from ..benchmarks.runner.merging import merge_runs
from ..benchmarks.runner.planning import suite_of
from ..benchmarks.runner.revising import reprice_run, rescore
from ..memory.home import Home
from ..memory.warehouse.bench_list import remember_bench
from ..memory.warehouse.published import PublishedFigure, take_in_figures
from ..memory.warehouse.taking_in import take_in_bench
from ..memory.warehouse.warehouse import Warehouse, export_parquet
from ..records.errors import SetupError
from .figures import count, dollars
from .price_choice import book_named
from .screen import write_out


def merge_folders(names: Sequence[str], out: str) -> None:
    """Join shards into a new folder.

    Raises:
        SetupError: They do not belong together, or a folder cannot be used.
    """
    home = Home.of(os.environ)
    place = bench_place(out, home)
    merge_runs([_brought(name).folder for name in names], place.folder)
    place.push()
    remember_bench(home, place.folder)
    for run in load_runs(place.folder):
        there = f"{len(run.attempts):,} of {len(run.task_ids) * run.epochs:,} attempts"
        write_out(f"{place}: {run.agent}: {there}")


def score_folder(name: str, *, scorer: str | None) -> None:
    """Score a run's answers again.

    Raises:
        SetupError: The run cannot be read.
        SuiteError: The scorer cannot judge a task.
    """
    place = _brought(name)
    manifest = place.manifest()
    by = scorer or manifest.suite.scorer
    revised = rescore(place.folder, suite_of(manifest), scorer=by)
    place.push()
    changed = f"{revised.changed:,} of {count(revised.attempts, 'attempt')} changed"
    write_out(f"{place}: scored by {by}; {changed}")


def reprice_folder(name: str, *, prices: Path | None) -> None:
    """Price a run's calls again.

    Raises:
        SetupError: The run or the prices cannot be read.
    """
    book = book_named(prices)
    place = _brought(name)
    revised = reprice_run(place.folder, book)
    place.push()
    changed = f"{revised.changed:,} of {count(revised.attempts, 'attempt')} changed"
    write_out(f"{place}: priced by {book.book_id}; {changed}")
    for run in load_runs(place.folder):
        costs = [attempt.cost_usd for attempt in (*run.attempts, *run.earlier)]
        known = [cost for cost in costs if cost is not None]
        unknown = len(costs) - len(known)
        rest = f", and {count(unknown, 'attempt')} of unknown cost" if unknown else ""
        write_out(f"{run.agent}: {dollars(sum(known))}{rest}")


def export_folder(
    name: str, *, parquet: Path | None, submission: Path | None, agent: str | None
) -> None:
    """Write a run's tables or its answers into files.

    Raises:
        SetupError: The run cannot be read, or a file cannot be written.
    """
    if parquet is None and submission is None:
        raise SetupError("nothing to export; name --parquet DIR or --submission FILE")
    folder = _brought(name).folder
    if parquet is not None:
        with Warehouse.in_memory() as warehouse:
            take_in_bench(warehouse, folder)
            files = export_parquet(warehouse, parquet)
        write_out(f"{parquet}: {', '.join(path.name for path in files)}")
    if submission is not None:
        run = load_run(folder, agent)
        answers = hand_in(run, submission)
        write_out(f"{submission}: {answers:,} of {len(run.task_ids):,} tasks have an answer")


def _brought(name: str) -> BenchPlace:
    """Return the place of a run that is there.

    Raises:
        SetupError: There is none.
    """
    place = bench_place(name, Home.of(os.environ))
    place.manifest()
    return place


def import_file(kind: Literal["inspect", "csv"], file: Path, *, out: Path | None) -> None:
    """Take in a log of Inspect as a run, or a table into the warehouse.

    Raises:
        SetupError: The file cannot be read, or a folder cannot be used.
        SuiteError: The table lacks a column.
    """
    home = Home.of(os.environ)
    if kind == "inspect":
        folder = out or Path("bench") / file.stem
        manifest = import_inspect(file, folder)
        remember_bench(home, folder)
        tasks = count(len(manifest.suite.tasks), "task")
        write_out(f"{folder}: {manifest.agents[0].name} over {manifest.suite.name}, {tasks}")
        write_out(f"a log has no prices; give them: sonde bench reprice {folder}")
        return
    rows = [
        PublishedFigure(
            agent=row.name, accuracy=row.accuracy, cost_usd=row.cost_usd, tasks=row.tasks
        )
        for row in read_table(file)
    ]
    with Warehouse(home.warehouse) as warehouse:
        take_in_figures(warehouse, file, rows)
    unknown = sum(row.cost_usd is None for row in rows)
    write_out(f"{file.name}: {count(len(rows), 'row')}, {unknown} of unknown cost")
