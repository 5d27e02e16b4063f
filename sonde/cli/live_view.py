"""The live view: finished steps scroll, and one line below them tells what goes on."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from ..records.events import AnswerDelta, Event
from ..tools.corpus.summary import CorpusStats, IndexProgress
from .figures import seconds
from .indexing_words import corpus_in_words, indexing_in_words
from .printable import one_line, printable
from .progress_lines import LineWriter

_FRAMES_A_SECOND = 8
_DRAFT_LINES = 6


class LiveView:
    """Progress on a terminal; the last lines go when the work is done."""

    shows_drafts = True

    def __init__(
        self,
        *,
        is_verbose: bool,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._writer = LineWriter(is_verbose=is_verbose)
        self._console = console or Console(stderr=True, highlight=False, emoji=False)
        self._clock = clock
        self._start = clock()
        self._spinner = Spinner("dots", style="cyan")
        self._indexing: IndexProgress | None = None
        self._draft = ""
        self._live = Live(
            console=self._console,
            get_renderable=self._status,
            transient=True,
            refresh_per_second=_FRAMES_A_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def hear(self, event: Event) -> None:
        """Print what an event is worth above the status line."""
        self._indexing = None
        if isinstance(event, AnswerDelta):
            self._draft = event.text if event.starts_anew else self._draft + event.text
        for line in self._writer.lines(event):
            self._print(line, style="dim")

    def show_indexing(self, progress: IndexProgress) -> None:
        """Show in the status line how far indexing is."""
        self._indexing = progress if progress.files_total else None

    def show_embedding(self, done: int, total: int) -> None:
        """Print how many new passages have a vector."""
        self._print(f"embedded {done:,} of {total:,} passages", style="dim")

    def show_corpus(self, stats: CorpusStats) -> None:
        """Print what the corpus holds where something was read or left out."""
        self._indexing = None
        if stats.read_now or stats.skipped:
            self._console.print(Text(corpus_in_words(stats), style="dim"))

    def note(self, line: str) -> None:
        """Print a line of the command itself."""
        self._print(line, style="yellow")

    @contextmanager
    def paused(self) -> Generator[None]:
        """Take the status line away while a person types."""
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()

    def _print(self, line: str, *, style: str) -> None:
        text = Text(one_line(line), style=style)
        self._console.print(text, no_wrap=True, overflow="ellipsis")

    def _status(self) -> Group:
        """Return what stands at the bottom: the end of the answer so far, and what goes on."""
        if not self._draft:
            return Group(self._line())
        width = max(20, self._console.width - 2)
        shown = printable(self._draft)[-_DRAFT_LINES * width :]
        lines = Text(shown).wrap(self._console, width)[-_DRAFT_LINES:]
        return Group(*lines, self._line())

    def _line(self) -> Table:
        row = Table.grid(padding=(0, 1))
        row.add_column(no_wrap=True)
        row.add_column(no_wrap=True, overflow="ellipsis")
        row.add_row(self._spinner, self._words())
        return row

    def _words(self) -> Text:
        elapsed = seconds(self._clock() - self._start)
        if self._indexing is not None:
            words = indexing_in_words(self._indexing)
            return Text.assemble((words, "bold"), (f" · {elapsed}", "dim"))
        so_far = self._writer.so_far
        if so_far.round == 0:
            return Text.assemble((so_far.doing, "bold"), (f" · {elapsed}", "dim"))
        parts = [f"round {so_far.round}", so_far.bill, elapsed]
        text = Text.assemble((one_line(so_far.doing), "bold"), (" · " + " · ".join(parts), "dim"))
        if so_far.belief:
            text.append(f" · {so_far.belief}", style="green")
        return text
