"""What stands where in the folder of a benchmark run."""

from glob import escape
from pathlib import Path

FOREIGN = "~"
"""Stands between the worker's name and the machine's in a journal that was brought from another."""


def agents_home(folder: Path) -> Path:
    """Return where the agents' own runs stand: `SONDE_HOME` for `sonde trace`."""
    return folder / "agents"


def journal_path(folder: Path, worker: str) -> Path:
    """Return the journal of a worker."""
    return folder / f"journal-{worker}.jsonl"


def journal_paths(folder: Path) -> list[Path]:
    """Return all journals, in the order of their names."""
    return sorted(folder.glob("journal-*.jsonl"))


def worker_of(path: Path) -> str:
    """Return the worker whose journal this is, with the machine's name where it is another's."""
    return path.name.removeprefix("journal-").removesuffix(".jsonl")


def journals_of(folder: Path, worker: str) -> list[Path]:
    """Return the journals of a worker that are here, wherever it worked."""
    own = journal_path(folder, worker)
    brought = sorted(folder.glob(f"journal-{escape(worker)}{FOREIGN}*.jsonl"))
    return [*([own] if own.is_file() else []), *brought]
