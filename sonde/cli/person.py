"""The person at the terminal, as someone whom a run can ask."""

import asyncio
import select
import sys
from collections.abc import Awaitable, Callable

from .printable import one_line
from .progress import Progress

_POLL_S = 0.05


def person_at(progress: Progress) -> Callable[[str], Awaitable[str]] | None:
    """Return what puts a question to the person; None where nobody sits at the terminal.

    Args:
        progress: Makes room for the question and for the answer.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    async def ask(question: str) -> str:
        with progress.paused():
            sys.stderr.write(f"? {one_line(question)}\n> ")
            sys.stderr.flush()
            return await _line()

    return ask


async def _line() -> str:
    """Return a line of stdin; waiting for it leaves the loop free, so Ctrl-C still ends the run."""
    while not select.select([sys.stdin], [], [], 0)[0]:
        await asyncio.sleep(_POLL_S)
    return sys.stdin.readline().strip()
