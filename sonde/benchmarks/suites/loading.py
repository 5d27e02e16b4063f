"""Open a suite: one that ships, by its name, or a file or folder in any of the known formats."""

import os
import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ...memory.home import Home
from ...records.errors import SuiteError
from ..scorers.registry import scorer as scorer_of
from .browsecomp import COLUMNS, decrypted_rows
from .card import CARD, Card, read_card
from .gaia_folder import METADATA, gaia_tasks
from .parquet import parquet_files, parquet_rows
from .rows import Row, csv_rows, json_rows
from .shipped import older_shipped, open_shipped, shipped_suites
from .suite import Suite, Task
from .task_row import FieldMap, tasks_of

_TASK_FILES = ("tasks.jsonl", "tasks.csv")
_LINES = (".jsonl", ".ndjson")


def load_suite(
    name_or_path: str | Path,
    *,
    seed: int | None = None,
    size: int | None = None,
    fields: FieldMap | None = None,
    split: str | None = None,
    scorer: str | None = None,
    home: Home | None = None,
    check_files: bool = True,
) -> Suite:
    """Return a suite.

    A name (`gaia-like`) makes one of those that ship, or finds it made before. A path may be a
    GAIA folder (`metadata.jsonl`), a folder with `tasks.jsonl` or `tasks.csv`, a folder of Parquet
    files, or one file: JSON lines as Inspect has them, CSV, BrowseComp's CSV, or Parquet. A card
    `suite.json` in the folder says what the files do not. For JSON lines and CSV the corpus is
    `NAME_corpus.jsonl`, `corpus.jsonl` or `corpus/` beside the file.

    Args:
        name_or_path: Name of a suite that ships, else a path. `./gaia-like` is always a path.
        seed: Of a suite that ships: other tasks. Of a path: which tasks are drawn, with `size`.
        size: How many tasks; None is all, or the usual number.
        fields: Names that the file has for this project's fields, over those of the card.
        split: Which split of a Parquet folder.
        scorer: Name of the scorer; None leaves it to the card, or `gaia` (`choice` where the tasks
            have choices).
        home: Where suites that ship are kept; the user's own by default.
        check_files: Whether a missing attachment is an error.

    Raises:
        SuiteError: There is no such suite, or it cannot be read; the message says where and why.
    """
    if size is not None and size < 1:
        raise SuiteError(f"a suite needs at least one task, not {size}")
    if str(name_or_path) in shipped_suites():
        suite = _shipped(str(name_or_path), home or Home.of(os.environ), seed=seed, size=size)
        seed = size = None
    else:
        path = Path(name_or_path).expanduser()
        card = read_card(path if path.is_dir() else path.parent)
        suite = _open(path, card, fields=fields, split=split)
    suite = replace(suite, scorer=scorer or suite.scorer, tasks=_drawn(suite.tasks, seed, size))
    scorer_of(suite.scorer)
    if not suite.tasks:
        raise SuiteError(f"{name_or_path} holds no tasks; each line must be one")
    if check_files:
        _check_files(suite.tasks)
    return suite


def _shipped(name: str, home: Home, *, seed: int | None, size: int | None) -> Suite:
    """Return a suite that ships, with a note where it replaces what an earlier version made."""
    folder, is_new = open_shipped(name, home, seed=seed, size=size)
    suite = _open(folder, read_card(folder), fields=None, split=None)
    older = older_shipped(name, home, seed=seed, size=size)
    if not (is_new and older):
        return suite
    note = (
        f"{name} is made anew, since its tasks differ from those of an earlier version; runs of "
        f"that one go on with {older[0]}"
    )
    return replace(suite, notes=(note,))


def load_older(
    name: str, content_sha256: str, *, seed: int | None, size: int | None, home: Home | None = None
) -> Suite | None:
    """Return a suite that ships as an earlier version made it; None where it is not kept here.

    Args:
        name: Name of the suite.
        content_sha256: Digest of what it is to hold.
        seed: Seed that it was made from.
        size: Size that it was made with.
        home: Where suites that ship are kept; the user's own by default.

    Raises:
        SuiteError: One that is kept here cannot be read.
    """
    if name not in shipped_suites():
        return None
    kept = older_shipped(name, home or Home.of(os.environ), seed=seed, size=size)
    suites = (_open(folder, read_card(folder), fields=None, split=None) for folder in kept)
    return next((suite for suite in suites if suite.content_sha256 == content_sha256), None)


def _open(path: Path, card: Card, *, fields: FieldMap | None, split: str | None) -> Suite:
    if not path.exists():
        ships = ", ".join(sorted(shipped_suites()))
        raise SuiteError(f"there is no suite and no file {str(path)!r}; suites that ship: {ships}")
    folder = path if path.is_dir() else path.parent
    source = _source(path, card)
    if source.name == METADATA:
        tasks = tuple(gaia_tasks(folder))
    else:
        rows = _rows(source, split or card.split)
        tasks = tuple(tasks_of(rows, base=folder, fields={**card.fields, **(fields or {})}))
    has_choices = bool(tasks) and all(task.choices for task in tasks)
    return Suite(
        name=card.name or (path.name if path.is_dir() else path.stem),
        tasks=tasks,
        scorer=card.scorer or ("choice" if has_choices else "gaia"),
        corpus=tuple(_corpus(source, folder, card)),
        answerer=card.answerer,
    )


def _source(path: Path, card: Card) -> Path:
    """Return the file that holds the tasks, or the folder of Parquet files."""
    if path.is_file():
        return path
    for name in (*((card.tasks,) if card.tasks else ()), METADATA, *_TASK_FILES):
        if (path / name).is_file():
            return path / name
    if next(path.rglob("*.parquet"), None) is not None:
        return path
    splits = sorted(str(found.parent) for found in path.glob(f"*/{METADATA}"))
    if splits:
        raise SuiteError(f"{path} has several splits; give one of: {', '.join(splits)}")
    raise SuiteError(
        f"{path} holds no tasks: {METADATA} (GAIA), {' or '.join(_TASK_FILES)}, or Parquet files;"
        f" or name the file in {CARD}"
    )


def _rows(source: Path, split: str | None) -> Iterable[Row]:
    suffix = source.suffix.lower()
    if source.is_dir():
        return parquet_rows(parquet_files(source, split=split))
    if suffix == ".parquet":
        return parquet_rows([source])
    if suffix in _LINES:
        return json_rows(source)
    if suffix == ".csv":
        rows = list(csv_rows(source))
        is_encrypted = bool(rows) and rows[0].values.keys() >= COLUMNS
        return decrypted_rows(rows) if is_encrypted else rows
    raise SuiteError(f"{source}: a suite is .jsonl, .csv or .parquet, or a folder; save it as one")


def _corpus(source: Path, folder: Path, card: Card) -> Iterable[Path]:
    if card.corpus:
        for name in card.corpus:
            if not (folder / name).exists():
                raise SuiteError(f"{folder / CARD} names the corpus {name!r}, which is not there")
            yield (folder / name).absolute()
        return
    for name in (f"{source.stem}_corpus.jsonl", "corpus.jsonl", "corpus"):
        if source != folder and (folder / name).exists():
            yield (folder / name).absolute()
            return


def _drawn(tasks: tuple[Task, ...], seed: int | None, size: int | None) -> tuple[Task, ...]:
    """Return the first tasks, or with a seed a sample, in their order."""
    if size is None or size >= len(tasks):
        return tasks
    if seed is None:
        return tasks[:size]
    return tuple(tasks[i] for i in sorted(random.Random(seed).sample(range(len(tasks)), size)))


def _check_files(tasks: Iterable[Task]) -> None:
    missing = [(task.id, file) for task in tasks for file in task.files if not file.is_file()]
    if missing:
        first, file = missing[0]
        raise SuiteError(
            f"{len(missing)} attachments are missing, the first {file} of task {first!r};"
            " put them beside the tasks (`sonde bench suites lint` lists them)"
        )
