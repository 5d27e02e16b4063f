"""Where the state lives: SONDE_HOME, else the platform's folder for user data."""

import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ..records.errors import SetupError


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one run, and what stands in it."""

    path: Path
    """The folder; its name is the run's id."""

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """Events, one JSON line each."""
        return self.path / "journal.jsonl"

    @property
    def evidence(self) -> Path:
        """The evidence store; LangGraph's checkpoints stand in the same file."""
        return self.path / "evidence.db"

    @property
    def lock(self) -> Path:
        """Locked while a process works on the run."""
        return self.path / "lock.db"


class Home:
    """The folder that holds runs and indexes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Home":
        """Return the home that an environment names, or the platform's default."""
        named = environ.get("SONDE_HOME", "").strip()
        if named:
            return cls(Path(named).expanduser())
        import platformdirs  # here, because `sonde --help` does not need it

        return cls(Path(platformdirs.user_data_dir("sonde", appauthor=False)))

    @property
    def indexes(self) -> Path:
        """Folder of the corpus indexes."""
        return self.path / "indexes"

    @property
    def pages(self) -> Path:
        """Folder of web pages that were fetched."""
        return self.path / "pages"

    @property
    def prices(self) -> Path:
        """A person's own prices; the file need not be there."""
        return self.path / "prices.toml"

    @property
    def price_books(self) -> Path:
        """Folder of the price books that runs were priced by."""
        return self.path / "price-books"

    @property
    def spending(self) -> Path:
        """What each day has cost."""
        return self.path / "spending.db"

    @property
    def runs(self) -> Path:
        """Folder of the runs."""
        return self.path / "runs"

    @property
    def warehouse(self) -> Path:
        """The warehouse's file."""
        return self.path / "warehouse.duckdb"

    @property
    def bench_list(self) -> Path:
        """List of the folders that benchmark runs stand in, one a line."""
        return self.path / "bench-runs.txt"

    def new_run(self, now: datetime | None = None) -> RunFolder:
        """Make the folder of a new run; its id sorts by time.

        Raises:
            SetupError: The home cannot be written.
        """
        now = now or datetime.now(UTC)
        tick = now.microsecond * 4_096 // 1_000_000  # so that two runs of one second sort, too
        name = f"{now:%Y%m%d-%H%M%S}-{tick:03x}{secrets.token_hex(3)[1:]}"
        folder = self.runs / name
        try:
            folder.mkdir(parents=True)
        except OSError as err:
            raise SetupError(
                f"cannot write to the home {self.path}: {err.strerror or err}; "
                "set SONDE_HOME to a folder that you may write to"
            ) from err
        return RunFolder(folder)

    def run(self, run_id: str | None) -> RunFolder:
        """Return the folder of a run by its id, or by the beginning or end that is its alone.

        Args:
            run_id: The id, or a part of it; None is the latest run.

        Raises:
            SetupError: No run, or more than one, is meant.
        """
        ids = [folder.run_id for folder in self.list_runs()]
        if run_id is None and ids:
            return RunFolder(self.runs / ids[-1])
        if run_id is None:
            raise SetupError(f"there are no runs in {self.runs} yet; ask something first")
        found = [i for i in ids if i == run_id] or [
            i for i in ids if run_id and (i.startswith(run_id) or i.endswith(run_id))
        ]
        if len(found) == 1:
            return RunFolder(self.runs / found[0])
        if found:
            raise SetupError(f"run {run_id!r} could be any of {', '.join(found)}; write more of it")
        latest = f"; the latest is {ids[-1]}" if ids else "; there are none yet"
        raise SetupError(f"no run {run_id!r} in {self.runs}{latest} (see `sonde runs list`)")

    def list_runs(self) -> list[RunFolder]:
        """Return all runs, oldest first."""
        if not self.runs.is_dir():
            return []
        return [RunFolder(path) for path in sorted(self.runs.iterdir()) if path.is_dir()]

    def remove_run(self, run_id: str) -> str:
        """Delete a run's folder and return its whole id.

        Raises:
            SetupError: No run, or more than one, is meant, or it cannot be deleted.
        """
        folder = self.run(run_id)
        try:
            shutil.rmtree(folder.path)
        except OSError as err:
            raise SetupError(
                f"cannot delete {err.filename or folder.path}: {err.strerror or err}; check its "
                "permissions"
            ) from err
        return folder.run_id
