"""A lock on a run's folder: no two processes work on one run.

It is SQLite's own lock on a small file, because that holds on every platform, and the system lets
go of it when the process that holds it ends, however it ends.
"""

import sqlite3
from contextlib import closing

from ..records.errors import SetupError
from .home import RunFolder

_A_LOOK_S = 0.2
"""How long taking a lock waits: `is_locked` in another process holds it for a moment to look."""


class RunLock:
    """Held from its making until it is closed."""

    def __init__(self, folder: RunFolder) -> None:
        """Take the lock, waiting no longer than others look at it.

        Raises:
            SetupError: Another process holds it, or the folder cannot be written.
        """
        connection = None
        try:
            connection = sqlite3.connect(folder.lock, timeout=_A_LOOK_S, isolation_level=None)
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as err:
            if connection is not None:
                connection.close()
            raise _failure(folder, err) from err
        self._connection = connection

    def close(self) -> None:
        """Let go of the lock."""
        self._connection.close()


def is_locked(folder: RunFolder) -> bool:
    """Return whether a process works on a run."""
    if not folder.lock.is_file():
        return False
    try:
        address = f"{folder.lock.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=0)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as err:
        return _is_held(err)
    return False


def _is_held(err: sqlite3.Error) -> bool:
    return "locked" in str(err)


def _failure(folder: RunFolder, err: sqlite3.Error) -> SetupError:
    if _is_held(err):
        return SetupError(
            f"run {folder.run_id} is being worked on by another process; wait for it to end"
        )
    return SetupError(
        f"cannot write to the run's folder {folder.path}: {err}; check its permissions "
        "and free space, or set SONDE_HOME to another folder"
    )
