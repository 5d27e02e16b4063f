"""What stands where in the folder of a benchmark run."""

from pathlib import Path


def agents_home(folder: Path) -> Path:
    """Return where the agents' own runs stand: `SONDE_HOME` for `sonde trace`."""
    return folder / "agents"


def journal_path(folder: Path, worker: str) -> Path:
    """Return the journal of a worker."""
    return folder / f"journal-{worker}.jsonl"


def journal_paths(folder: Path) -> list[Path]:
    """Return all journals, in the order of their names."""
    return sorted(folder.glob("journal-*.jsonl"))
