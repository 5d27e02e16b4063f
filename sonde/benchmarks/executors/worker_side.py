"""A worker in a process of its own: it reads the manifest and the suite, and keeps its journal."""

import asyncio
import time
from pathlib import Path
from typing import NamedTuple

from ...costs.purse import Purse, Sum
from ...records.attempt import Attempt
from ..runner.attempting import Attempter
from ..runner.bench_journal import BenchJournal
from ..runner.manifest import read_manifest
from ..runner.places import agents_home, journal_path
from ..runner.planning import suite_of
from ..runner.spec import AttemptSpec
from ..runner.workbench import Workbench

SIGN = b"\n"
"""What a worker process writes now and then to show that it is alive: a line without anything."""


class Share(NamedTuple):
    """A worker's part of what the whole run may use; None is no limit."""

    max_conn: int
    """Attempts at a time."""
    usd: float | None = None
    """Dollars."""
    tokens: int | None = None
    """Tokens."""

    def less(self, spent: Sum) -> "Share":
        """Return what is left of the share once so much of it is used."""
        usd = None if self.usd is None else max(0.0, self.usd - (spent.usd or 0.0))
        tokens = None if self.tokens is None else max(0, self.tokens - spent.tokens)
        return self._replace(usd=usd, tokens=tokens)


class WorkerSide:
    """Makes attempts in the process that it stands in; its journal is its own."""

    def __init__(self, folder: Path, name: str, share: Share) -> None:
        """Read what is to be run.

        Args:
            folder: Folder of the run, which holds its manifest.
            name: Name of the worker, which its journal is named by.
            share: Its part of the limits.

        Raises:
            SetupError: Manifest, suite or journal cannot be used.
        """
        manifest = read_manifest(folder)
        suite = suite_of(manifest)
        self._workbench = Workbench(
            suite=suite,
            home=agents_home(folder),
            purse=Purse(usd=share.usd, tokens=share.tokens, clock=time.monotonic),
            max_usd=share.usd,
            max_conn=share.max_conn,
        )
        self._journal = BenchJournal(
            journal_path(folder, name),
            worker=name,
            suite_sha256=suite.content_sha256,
            clock=time.time,
        )
        self._attempter = Attempter(
            manifest=manifest, suite=suite, workbench=self._workbench, journal=self._journal
        )

    async def make(self, spec: AttemptSpec) -> Attempt:
        """Make one attempt.

        Raises:
            SetupError: The journal cannot be written.
        """
        return await self._attempter.make(spec)

    @property
    def has_refused(self) -> bool:
        """Whether its part of the limits is used up."""
        return self._workbench.purse.has_refused

    async def aclose(self) -> None:
        """Close connections and the journal."""
        await self._workbench.aclose()
        self._journal.close()


async def ended_tasks(tasks: set[asyncio.Task[None]]) -> None:
    """Break off what is under way, and wait until it has been written down."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
