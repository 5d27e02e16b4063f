"""Progress on stderr: nothing, plain lines, or a live view, after what stderr is."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, Self

from ..records.events import Event
from ..tools.corpus.summary import CorpusStats, IndexProgress
from .indexing_words import corpus_in_words, indexing_in_words
from .live_view import LiveView
from .progress_lines import LineWriter
from .screen import say

_FILES_A_LINE = 1_000


class Progress(Protocol):
    """Shows how far a command is."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    @property
    def shows_drafts(self) -> bool:
        """Whether the answer is shown while it is written."""
        ...

    def hear(self, event: Event) -> None:
        """Show an event of the run."""
        ...

    def show_indexing(self, progress: IndexProgress) -> None:
        """Show how far indexing is."""
        ...

    def show_embedding(self, done: int, total: int) -> None:
        """Show how many new passages have a vector."""
        ...

    def show_corpus(self, stats: CorpusStats) -> None:
        """Show what the corpus holds, once it is open."""
        ...

    def note(self, line: str) -> None:
        """Show a line of the command itself."""
        ...

    def paused(self) -> AbstractContextManager[object]:
        """Leave the terminal to a person for a while."""
        ...


class QuietProgress:
    """Shows nothing."""

    shows_drafts = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def hear(self, event: Event) -> None:
        """Pass over an event."""

    def show_indexing(self, progress: IndexProgress) -> None:
        """Pass over the indexing."""

    def show_embedding(self, done: int, total: int) -> None:
        """Pass over the embedding."""

    def show_corpus(self, stats: CorpusStats) -> None:
        """Pass over the corpus."""

    def note(self, line: str) -> None:
        """Show the line all the same: it answers a key that the person has just pressed."""
        say(line)

    def paused(self) -> AbstractContextManager[object]:
        """Do nothing: nothing is shown."""
        return nullcontext()


class PlainProgress:
    """Lines, for a log file or a pipe."""

    shows_drafts = False

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
        """Write a line for every thousand files; for every one, if so wished."""
        is_due = progress.files_done - self._told_files >= _FILES_A_LINE
        if is_due or (self._is_verbose and progress.path is not None):
            self._told_files = progress.files_done
            say(indexing_in_words(progress))

    def show_embedding(self, done: int, total: int) -> None:
        """Write how many new passages have a vector."""
        say(f"embedded {done:,} of {total:,} passages")

    def show_corpus(self, stats: CorpusStats) -> None:
        """Write a line where something was read or left out."""
        if stats.read_now or stats.skipped:
            say(corpus_in_words(stats))

    def note(self, line: str) -> None:
        """Write a line of the command itself."""
        say(line)

    def paused(self) -> AbstractContextManager[object]:
        """Do nothing: lines come with events alone."""
        return nullcontext()


def choose_progress(*, is_quiet: bool, is_verbose: bool) -> Progress:
    """Return what fits stderr: a live view on a terminal, lines elsewhere, nothing if so wished."""
    if is_quiet:
        return QuietProgress()
    if sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return LiveView(is_verbose=is_verbose)
    return PlainProgress(is_verbose=is_verbose)
