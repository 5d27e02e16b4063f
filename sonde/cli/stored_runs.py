"""`runs list` and `runs show`."""

import json
import os
import shutil
import sys

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..memory.home import Home, RunFolder
from ..memory.journal import read_journal
from ..records.errors import SetupError
from ..records.result import Result
from .figures import dollars
from .printable import one_line
from .rendering import write_result
from .request import ScreenWishes
from .run_entry import RunEntry, entry_of, is_worked_on, result_in
from .screen import write_out

_WIDTH_OF_A_FILE = 160


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
        write_out(_table(entries, left_out=len(folders) - len(entries)))


def show_stored(run_id: str, wishes: ScreenWishes) -> None:
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
    result = result_in(read_journal(folder.journal).events)
    if result is not None:
        return result
    if is_worked_on(folder):
        raise SetupError(f"run {folder.run_id} is still under way; wait for its end")
    raise SetupError(
        f"run {folder.run_id} came to no end; go on with it: sonde resume {folder.run_id}"
    )


def _table(entries: list[RunEntry], *, left_out: int) -> str:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("when", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("question", no_wrap=True, overflow="ellipsis", ratio=3)
    table.add_column("answer", no_wrap=True, overflow="ellipsis", ratio=2)
    table.add_column("cost", no_wrap=True, justify="right")
    for each in entries:
        when = each.started_at.strftime("%Y-%m-%d %H:%M") if each.started_at else "?"
        cost = "unknown" if each.cost_usd is None else dollars(each.cost_usd)
        cells = (each.run_id, when, each.state, each.question, each.answer or "-", cost)
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    if left_out:
        table.caption = f"{left_out} earlier; --limit {left_out + len(entries)} shows all"
        table.caption_justify = "left"
    return _drawn(table)


def _drawn(table: Table) -> str:
    """Return a table as text, as wide as the terminal; a file gets room for the questions."""
    is_screen = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_screen else _WIDTH_OF_A_FILE
    console = Console(width=width, color_system=None, emoji=False, highlight=False)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())
