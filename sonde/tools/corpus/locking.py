"""One process at a time: a lock that dies with its holder."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

from ...records.errors import SetupError

_SLICE_S = 0.25  # waiting is done in slices, so that Ctrl-C is heard


@contextmanager
def exclusive(
    path: Path, *, wait_s: float, clock: Callable[[], float] = monotonic
) -> Generator[None]:
    """Hold the lock at this path; an empty SQLite file carries it, on every platform.

    Raises:
        SetupError: Another process held it for the whole of `wait_s`.
    """
    deadline = clock() + wait_s
    with closing(sqlite3.connect(path, timeout=_SLICE_S, isolation_level=None)) as connection:
        while not _taken(connection):
            if clock() >= deadline:
                raise SetupError(
                    f"another process has been indexing {str(path.parent)!r} for {wait_s:.0f} s;"
                    " wait until it is done, or stop it"
                )
        yield


def _taken(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as err:
        if err.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        raise
    return True
