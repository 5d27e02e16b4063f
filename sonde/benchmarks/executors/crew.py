"""A crew of workers in processes of their own, any of which may die at any time.

Every attempt ends exactly once: what a dead worker had under way is written down as abandoned, with
the tokens of its calls, and made again by a new worker under the next retry number.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ...costs.purse import Sum
from ...records.attempt import Attempt
from ..runner.bench_journal import BenchJournal, BenchLog
from ..runner.outcome import Frame, broken_off
from ..runner.places import agents_home, journals_of
from ..runner.remaining import give_up, spent_at_most
from ..runner.spec import AttemptSpec
from .executor import Watch, pooled
from .worker_side import Share

_MOST_DEATHS = 3
"""So many workers may die over one attempt; then it is written down as an error."""


class WorkerLost(Exception):
    """A worker died; what it had under way has no record of its own."""


class Worker(Protocol):
    """One worker, as the process that leads it sees it."""

    async def attempt(self, spec: AttemptSpec) -> Attempt:
        """Have an attempt made.

        Raises:
            WorkerLost: The worker is dead.
        """
        ...

    async def aclose(self) -> None:
        """End the worker."""
        ...


Hire = Callable[[str, Share], Awaitable[Worker]]
"""Starts a worker of a name, given what it may use."""


@dataclass(slots=True)
class _Post:
    """A place for a worker: when one dies, another takes its place under a name of its own."""

    name: str
    share: Share
    deaths: int = 0
    worker: Worker | None = None
    spent: Sum = field(default_factory=Sum)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def worker_name(self) -> str:
        return f"{self.name}-{self.deaths + 1}"

    async def manned(self, hire: Hire) -> Worker:
        async with self.lock:
            if self.worker is None:
                self.worker = await hire(self.worker_name, self.share.less(self.spent))
            return self.worker

    async def vacate(self, worker: Worker) -> None:
        async with self.lock:
            if self.worker is worker:
                self.worker = None
                self.deaths += 1
                await worker.aclose()


class CrewExecutor:
    """Makes attempts by a crew."""

    def __init__(
        self,
        hire: Hire,
        *,
        posts: Mapping[str, Share],
        folder: Path,
        journal: BenchJournal,
        suite_sha256: str,
        fetch: Callable[[], None] | None = None,
    ) -> None:
        """Take what is needed to lead a crew.

        Args:
            hire: Starts a worker.
            posts: What the workers of each place may use, by its name.
            folder: Folder of the run, where the workers' journals are read.
            journal: The leader's own, for what a dead worker left.
            suite_sha256: Content of the suite.
            fetch: Brings the journals of workers on other machines; None where all are here.
        """
        self._hire = hire
        self._posts = [_Post(name, share) for name, share in posts.items()]
        self._folder = folder
        self._journal = journal
        self._suite = suite_sha256
        self._fetch = fetch
        self._free: asyncio.Queue[_Post] = asyncio.Queue()
        self._left_by: dict[str, BenchLog] = {}
        self._watch: Watch | None = None

    async def run(self, specs: Sequence[AttemptSpec], *, watch: Watch) -> AsyncGenerator[Attempt]:
        """Make each attempt once, and yield each as it ends."""
        self._watch = watch
        slots = [(turn, post) for post in self._posts for turn in range(post.share.max_conn)]
        for _, post in sorted(slots, key=lambda slot: slot[0]):  # one for each place, then a second
            self._free.put_nowait(post)
        pool = pooled(specs, self._make, slots=len(slots), watch=watch)
        try:
            async with aclosing(pool):
                async for attempt in pool:
                    yield attempt
        finally:
            workers = [post.worker for post in self._posts if post.worker is not None]
            await asyncio.gather(*(worker.aclose() for worker in workers))

    async def _make(self, spec: AttemptSpec) -> Attempt:
        post = await self._free.get()
        try:
            for _ in range(_MOST_DEATHS):
                worker, name = await post.manned(self._hire), post.worker_name
                try:
                    attempt = await worker.attempt(spec)
                    post.spent += spent_at_most([attempt])
                    return attempt
                except WorkerLost:
                    ended = self._left(name).finished.get(spec.attempt_id)
                    if ended is not None:  # it had ended, and the worker died before telling it
                        post.spent += spent_at_most([ended])
                    else:
                        spec = self._give_up(spec, name, post)
                    await post.vacate(worker)
                    if ended is not None:
                        return ended
            return self._give_up_for_good(spec)
        finally:
            self._free.put_nowait(post)

    def _left(self, name: str) -> BenchLog:
        """Return what a dead worker's journal tells, read once."""
        if name not in self._left_by:
            if self._fetch is not None:
                self._fetch()
            log = BenchLog()
            for path in journals_of(self._folder, name):
                log.add(path)
            self._left_by[name] = log
        return self._left_by[name]

    def _give_up(self, spec: AttemptSpec, name: str, post: _Post) -> AttemptSpec:
        """Write an attempt down as abandoned, and return the spec of the next one."""
        log = self._left(name)
        started = log.started.get(spec.attempt_id)
        if started is not None:
            record = give_up(log, self._journal, started, home=agents_home(self._folder))
            post.spent += spent_at_most([record])
            if self._watch is not None:
                self._watch.book(record)
            return spec._replace(retry=spec.retry + 1)
        # its journal may still come to light, on another machine: no attempt has this id again
        return spec if self._fetch is None else spec._replace(retry=spec.retry + 1)

    def _give_up_for_good(self, spec: AttemptSpec) -> Attempt:
        frame = Frame(spec=spec, suite_sha256=self._suite)
        why = f"{_MOST_DEATHS} workers died over it; look into their memory, or run it alone"
        record = broken_off(frame, (), status="error", error=why)
        self._journal.start(spec)
        self._journal.finish(spec, record)
        return record
