"""Progress on stderr: nothing, plain lines, or a live view, after what stderr is."""

import os
import sys
from typing import Protocol, Self

from ..records.events import Event
from ..tools.corpus.summary import IndexProgress
from .live_view import LiveView
from .printable import shortened
from .progress_lines import LineWriter
from .screen import say

_FILES_A_LINE = 1_000
_LONGEST_PATH = 60


class Progress(Protocol):
    """Shows how far a command is."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def hear(self, event: Event) -> None:
        """Show an event of the run."""
        ...

    def show_indexing(self, progress: IndexProgress) -> None:
        """Show how far indexing is."""
        ...

    def note(self, line: str) -> None:
        """Show a line of the command itself."""
        ...


class QuietProgress:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hear(self, event: Event) -> None:
        """Pass over an event."""

    def show_indexing(self, progress: IndexProgress) -> None:
        """Pass over the indexing."""

    def note(self, line: str) -> None:
        """Show the line all the same: it answers a key that the person has just pressed."""
        say(line)


class PlainProgress:
    """Lines, for a log file or a pipe."""

    def __init__(self, *, is_verbose: bool) -> None:
        self._writer = LineWriter(is_verbose=is_verbose)
        self._is_verbose = is_verbose
        self._told_files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hear(self, event: Event) -> None:
        """Write the lines that an event is worth."""
        for line in self._writer.lines(event):
            say(line)

    def show_indexing(self, progress: IndexProgress) -> None:
        """Write a line for every thousand files, and one at the end."""
        if not progress.files_total:
            return
        is_due = progress.files_done - self._told_files >= _FILES_A_LINE
        if is_due or progress.phase == "ready" or (self._is_verbose and progress.path):
            self._told_files = progress.files_done
            say(indexing_in_words(progress))

    def note(self, line: str) -> None:
        """Write a line of the command itself."""
        say(line)


def indexing_in_words(progress: IndexProgress) -> str:
    """Return how far indexing is, on one line."""
    line = f"index: {progress.files_done:,} of {progress.files_total:,} new or changed files"
    line += f", {progress.documents:,} documents"
    return line if progress.path is None else f"{line}, {shortened(progress.path, _LONGEST_PATH)}"


def choose_progress(*, is_quiet: bool, is_verbose: bool) -> Progress:
    """Return what fits stderr: a live view on a terminal, lines elsewhere, nothing if so wished."""
    if is_quiet:
        return QuietProgress()
    if sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return LiveView(is_verbose=is_verbose)
    return PlainProgress(is_verbose=is_verbose)
