"""`runs rm`: runs are deleted, once the person has said so."""

import os
import sys
import time
from collections.abc import Sequence

import typer

from ..memory.home import Home, RunFolder
from ..memory.run_lock import is_locked
from ..records.errors import SetupError
from .figures import count
from .run_entry import entry_of
from .screen import say

_SECONDS_A_DAY = 86_400


def remove_stored(
    run_ids: Sequence[str], *, older_than_days: float | None, is_confirmed: bool
) -> None:
    """Delete the runs that are named, and those older than so many days.

    Raises:
        SetupError: No run is meant, one does not exist or is under way, or nobody can be asked.
    """
    if not run_ids and older_than_days is None:
        raise SetupError("name runs to delete (see `sonde runs list`), or give --older-than DAYS")
    home = Home.of(os.environ)
    named = [home.run(each) for each in run_ids]
    old = [] if older_than_days is None else _older_than(home, older_than_days)
    folders = list({folder.run_id: folder for folder in [*named, *old]}.values())
    busy = [folder.run_id for folder in folders if is_locked(folder)]
    if busy:
        raise SetupError(f"run {busy[0]} is under way; stop it first")
    if not folders:
        say(f"no run is older than {older_than_days:g} days")
        return
    if not is_confirmed:
        _ask(folders)
    for folder in folders:
        home.remove_run(folder.run_id)
    say(f"deleted {count(len(folders), 'run')}")


def _older_than(home: Home, days: float) -> list[RunFolder]:
    limit = time.time() - days * _SECONDS_A_DAY
    return [folder for folder in home.list_runs() if _began(folder) < limit]


def _began(folder: RunFolder) -> float:
    started_at = entry_of(folder).started_at
    return started_at.timestamp() if started_at else folder.path.stat().st_mtime


def _ask(folders: Sequence[RunFolder]) -> None:
    names = ", ".join(folder.run_id for folder in folders[:5])
    more = f" and {len(folders) - 5} more" if len(folders) > 5 else ""
    if not sys.stdin.isatty():
        raise SetupError(f"nobody can be asked whether to delete {names}{more}; give --yes")
    typer.confirm(f"Delete {names}{more}?", abort=True, err=True)
