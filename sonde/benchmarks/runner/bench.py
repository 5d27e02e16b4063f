"""A benchmark run from its plan to its end: what is missing is made, each attempt exactly once."""

import time
from collections.abc import Callable, Container, Generator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias

from ...costs.purse import Purse
from ...memory.home import RunFolder
from ...memory.run_lock import RunLock
from ...records.attempt import Attempt
from ...records.errors import SetupError
from ..executors.executor import Executor
from ..executors.local import LocalExecutor
from ..suites.suite import Suite
from .attempting import Attempter
from .bench_journal import BenchJournal, read_log
from .contents import contents_of
from .manifest import MANIFEST, Manifest, continued, read_manifest, write_manifest
from .places import agents_home, journal_path
from .remaining import give_up_lost, remaining, spent_at_most
from .spec import AttemptSpec, Key, Shard
from .tally import Tally
from .workbench import Workbench


class BenchEnd(StrEnum):
    """How a sitting ended."""

    FINISHED = "finished"
    """Every attempt has been made; some may have met an error."""
    LIMIT = "limit"
    """A limit of the whole run stopped it."""
    HOPELESS = "hopeless"
    """Every attempt met an error."""


class View(Protocol):
    """Shows a run under way."""

    def show(self, tally: Tally, attempt: Attempt | None) -> None:
        """Show where the run stands; the attempt is the one that has just ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a sitting."""

    manifest: Manifest
    """The run."""
    tally: Tally
    """Where it stands."""
    end: BenchEnd
    """How it ended."""
    made: int
    """Attempts of this sitting."""
    lost: int
    """Attempts that an earlier sitting left under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """What one sitting of a run works with."""

    manifest: Manifest
    """The run."""
    suite: Suite
    """What is asked."""
    folder: Path
    """Where it stands."""
    worker: str
    """Name of this process in the journals."""
    journal: BenchJournal
    """This process's journal."""
    purse: Purse
    """The limit of the whole run."""

    def workbench(self) -> Workbench:
        """Return a workbench for attempts in this process."""
        return Workbench(
            suite=self.suite,
            home=agents_home(self.folder),
            purse=self.purse,
            max_usd=self.manifest.max_usd,
            max_conn=self.manifest.max_conn,
        )


MakeExecutor: TypeAlias = Callable[[Sitting, Workbench], Executor]
"""Makes the executor of a sitting."""


def local_executor(sitting: Sitting, workbench: Workbench) -> Executor:
    """Return the executor that makes all attempts in this process."""
    attempter = Attempter(
        manifest=sitting.manifest,
        suite=sitting.suite,
        workbench=workbench,
        journal=sitting.journal,
    )
    return LocalExecutor(attempter, slots=sitting.manifest.max_conn)


async def run_bench(
    wanted: Manifest,
    suite: Suite,
    folder: Path,
    *,
    shard: Shard | None = None,
    view: View | None = None,
    make_executor: MakeExecutor = local_executor,
    only: Container[Key] | None = None,
    first_retry: int = 0,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
) -> Outcome:
    """Run what is missing of a benchmark run; each attempt is made exactly once.

    Args:
        wanted: What is to be run; a folder that holds a run of the same suite is gone on with.
        suite: The suite, whole.
        folder: Where the run stands.
        shard: The part that is run here; None is all.
        view: Shows how far it is.
        make_executor: Makes what the attempts are made by; this process by default.
        only: The attempts that may be made now; None is all.
        first_retry: Least retry number, where machines that are gone may have made attempts that
            are not known here.
        clock: Seconds, from any zero.
        now: Seconds since the epoch.

    Raises:
        SetupError: Something must be mended first; another process works on the same part; or the
            folder holds another run.
    """
    manifest = _prepared(wanted, suite, folder)
    worker = "main" if shard is None else shard.name
    with _locked(folder, worker), _journal(folder, worker, suite, now) as journal:
        log = read_log(folder)
        lost = give_up_lost(log, journal, manifest, shard, home=agents_home(folder))
        left = remaining(log, manifest, shard, only=only, first_retry=first_retry)
        before = spent_at_most(left.spent_before)
        purse = Purse(usd=manifest.max_usd, tokens=manifest.max_tokens, clock=clock, before=before)
        tally = Tally(
            total=left.total,
            agents=len(manifest.agents),
            clock=clock,
            has_refusals=lambda: purse.has_refused,
        )
        for attempt in left.spent_before:
            tally.book(attempt)
        for attempt in left.done:
            tally.judge(attempt)
        sitting = Sitting(
            manifest=manifest,
            suite=suite,
            folder=folder,
            worker=worker,
            journal=journal,
            purse=purse,
        )
        if left.specs:
            await _make(left.specs, sitting, tally, view=view, make_executor=make_executor)
    return Outcome(manifest=manifest, tally=tally, end=_end(tally), made=tally.ended_now, lost=lost)


async def _make(
    specs: Sequence[AttemptSpec],
    sitting: Sitting,
    tally: Tally,
    *,
    view: View | None,
    make_executor: MakeExecutor,
) -> None:
    workbench = sitting.workbench()
    try:
        workbench.prepare(sitting.manifest.agents)
        if view is not None:
            view.show(tally, None)
        executor = make_executor(sitting, workbench)
        async with aclosing(executor.run(specs, watch=tally)) as ended:
            async for attempt in ended:
                tally.end(attempt)
                if view is not None:
                    view.show(tally, attempt)
    finally:
        await workbench.aclose()


def _prepared(wanted: Manifest, suite: Suite, folder: Path) -> Manifest:
    """Write the manifest down, joined with that of a run that stands there, and return it."""
    if wanted.suite.sha256 != suite.content_sha256:
        raise SetupError(
            f"the suite {suite.name} has changed since the run began (content "
            f"{suite.content_sha256[:8]}, not {wanted.suite.sha256[:8]}); restore it, or begin a "
            "new run with another --out"
        )
    held = {agent.sha256: contents_of(agent, leave_out=folder) for agent in wanted.agents}
    wanted = wanted.model_copy(update={"contents_sha256": held})
    has_run = (folder / MANIFEST).is_file()
    manifest = continued(read_manifest(folder), wanted, folder=folder) if has_run else wanted
    write_manifest(folder, manifest)
    return manifest


def _journal(folder: Path, worker: str, suite: Suite, now: Callable[[], float]) -> BenchJournal:
    path = journal_path(folder, worker)
    return BenchJournal(path, worker=worker, suite_sha256=suite.content_sha256, clock=now)


@contextmanager
def _locked(folder: Path, worker: str) -> Generator[None]:
    """Hold a part of a run, so that no two processes work on it."""
    place = folder / f".lock-{worker}"
    place.mkdir(parents=True, exist_ok=True)
    try:
        lock = RunLock(RunFolder(place))
    except SetupError as err:
        raise SetupError(
            f"another process works on {folder} ({worker}); wait for it, or give another --out"
        ) from err
    try:
        yield
    finally:
        lock.close()


def _end(tally: Tally) -> BenchEnd:
    if tally.is_hopeless:
        return BenchEnd.HOPELESS
    return BenchEnd.LIMIT if tally.is_at_limit else BenchEnd.FINISHED
