"""How far a benchmark run is: a live view on a terminal, plain lines elsewhere."""

import os
import sys
import time
from collections.abc import Callable
from typing import Protocol, Self

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ..benchmarks.runner.tally import Scores, Tally
from ..benchmarks.statistics.intervals import wilson
from ..records.attempt import Attempt
from .figures import count, dollars, seconds
from .printable import one_line, shortened
from .screen import say

_LINES = 20  # a plain view tells so many lines of a run, and no more often than this:
_LINE_S = 1.0
_LONGEST_ERROR = 160


class BenchView(Protocol):
    """Shows a run under way."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, tally: Tally, attempt: Attempt | None) -> None:
        """Show where the run stands."""
        ...


class QuietView:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def show(self, tally: Tally, attempt: Attempt | None) -> None:
        """Pass it over."""


class PlainView:
    """A line now and then, for a log or a pipe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told_at = float("-inf")
        self._told_done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def show(self, tally: Tally, attempt: Attempt | None) -> None:
        """Write a line where one is due; an error is told at once."""
        if attempt is not None and attempt.status == "error":
            say(_error(attempt))
        step = max(1, tally.total // _LINES)
        is_due = tally.done - self._told_done >= step or tally.done == tally.total
        if attempt is None or (is_due and self._clock() - self._told_at >= _LINE_S):
            self._told_at, self._told_done = self._clock(), tally.done
            say(tally_in_words(tally))


class LiveBenchView:
    """A bar with figures that stays in its place; errors scroll above it."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, emoji=False)
        self._tally: Tally | None = None
        self._live = Live(
            console=self._console,
            get_renderable=self._frame,
            transient=True,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, tally: Tally, attempt: Attempt | None) -> None:
        """Keep the tally for the next frame, and print an error above."""
        self._tally = tally
        if attempt is not None and attempt.status == "error":
            text = Text(one_line(_error(attempt)), style="yellow")
            self._console.print(text, no_wrap=True, overflow="ellipsis")

    def _frame(self) -> Table | Text:
        tally = self._tally
        if tally is None:
            return Text("preparing", style="dim")
        row = Table.grid(padding=(0, 1))
        row.add_column(width=24)
        row.add_column(no_wrap=True, overflow="ellipsis")
        bar = ProgressBar(total=max(1, tally.total), completed=tally.done, width=24)
        row.add_row(bar, Text(tally_in_words(tally)))
        return row


def choose_view(*, is_quiet: bool) -> BenchView:
    """Return what fits stderr: a live view on a terminal, lines elsewhere, nothing if so wished."""
    if is_quiet:
        return QuietView()
    if sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb":
        return LiveBenchView()
    return PlainView()


def tally_in_words(tally: Tally) -> str:
    """Return where a run stands, in one line: done, running, accuracy, spend, rate, time left."""
    parts = [f"{tally.done:,} of {tally.total:,} done"]
    if tally.running:
        parts.append(f"{tally.running} running")
    if tally.errors:
        parts.append(count(tally.errors, "error"))
    if tally.pooled.scored:
        pooled = "pooled " if tally.agents > 1 else ""
        parts.append(pooled + _accuracy(tally.pooled))
    if tally.done or tally.ended_now or tally.tokens:
        parts.append(_spend(tally))
    rate = tally.per_second
    if rate is not None and tally.running:
        parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.2g}/s")
        if tally.left_s is not None:
            parts.append(f"{seconds(tally.left_s)} left")
    elif tally.ended_now:
        parts.append(seconds(tally.elapsed_s))
    return " · ".join(parts)


def agent_in_words(name: str, scores: Scores | None) -> str:
    """Return how one of several agents did, in one line."""
    found = scores or Scores()
    parts = [f"{found.done:,} done"]
    if found.scored:
        parts.append(_accuracy(found))
    return f"  {one_line(name)}: {' · '.join(parts)}"


def _accuracy(found: Scores) -> str:
    share = wilson(found.score, found.scored)
    return f"accuracy {found.score / found.scored:.1%} ({share.low:.1%} to {share.high:.1%})"


def _spend(tally: Tally) -> str:
    if tally.tokens is None:
        return "no model tokens" if tally.cost_usd == 0 else "tokens unknown"
    price = "price unknown" if tally.cost_usd is None else dollars(tally.cost_usd)
    return f"{count(tally.tokens, 'token')}, {price}"


def _error(attempt: Attempt) -> str:
    what = shortened(attempt.error or "an error", _LONGEST_ERROR)
    return f"{attempt.task_id} (repetition {attempt.epoch}): {what}"
