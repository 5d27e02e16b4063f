"""`runs list` and `runs show`."""

import json
import os
import shutil
import sys
from collections.abc import Sequence

from ..memory.home import Home, RunFolder
from ..memory.journal import read_journal
from ..memory.run_lock import is_locked
from ..records.errors import SetupError
from ..records.events import RunStarted
from ..records.result import Result
from .figures import dollars
from .going_on import way_on
from .printable import shortened
from .rendering import write_result
from .request import ScreenWishes
from .run_entry import RunEntry, entry_of, result_in
from .screen import say, write_out

_WIDTH_OF_A_FILE = 160
_WIDTH_FOR_WHEN = 110
_LEAST_ROOM = 24
_GAP = "  "


def list_stored(limit: int, *, as_json: bool) -> None:
    """Write the latest runs, the very latest first, as a table or as a JSON array."""
    home = Home.of(os.environ)
    folders = home.list_runs()
    entries = [entry_of(folder) for folder in reversed(folders[-limit:])]
    if as_json:
        write_out(json.dumps([each.as_json() for each in entries], ensure_ascii=False, indent=2))
    elif not entries:
        write_out(f"no runs in {home.runs} yet")
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH_OF_A_FILE
        write_out(_table(entries, width=width))
        if len(folders) > len(entries):
            say(f"{len(folders) - len(entries)} earlier; --limit {len(folders)} shows all")


def show_stored(run_id: str | None, wishes: ScreenWishes) -> None:
    """Write a run's result again.

    Raises:
        SetupError: There is no such run, or it has not ended.
    """
    write_result(stored_result(Home.of(os.environ).run(run_id)), wishes)


def stored_result(folder: RunFolder) -> Result:
    """Return the result of a run that has ended.

    Raises:
        SetupError: It has not.
    """
    events = read_journal(folder.journal).events
    result = result_in(events)
    if result is not None:
        return result
    if is_locked(folder):
        raise SetupError(f"run {folder.run_id} is still under way; wait for its end")
    started = next((each for each in events if isinstance(each, RunStarted)), None)
    next_step = "its start cannot be read, so ask again" if started is None else way_on(started)
    raise SetupError(f"run {folder.run_id} came to no end; {next_step}")


def _table(entries: Sequence[RunEntry], *, width: int) -> str:
    """Return the runs as a table; question and answer share the room that the others leave."""
    heads = ["id", "when", "state", "cost", "question", "answer"]
    rows = [heads, *(_cells(each) for each in entries)]
    if width < _WIDTH_FOR_WHEN:  # the id tells the time too, if less plainly
        rows = [[row[0], *row[2:]] for row in rows]
    fixed = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 2)]
    room = max(_LEAST_ROOM, width - sum(fixed) - len(_GAP) * (len(fixed) + 1))
    widths = [*fixed, room * 3 // 5, room - room * 3 // 5]
    return "\n".join(_line(row, widths) for row in rows)


def _cells(entry: RunEntry) -> list[str]:
    when = f"{entry.started_at:%Y-%m-%d %H:%M}" if entry.started_at else "?"
    cost = "unknown" if entry.cost_usd is None else dollars(entry.cost_usd)
    return [entry.run_id, when, entry.state, cost, entry.question, entry.answer or "-"]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    shown = (shortened(cell, width) for cell, width in zip(cells, widths, strict=True))
    return _GAP.join(f"{c:<{w}}" for c, w in zip(shown, widths, strict=True)).rstrip()
