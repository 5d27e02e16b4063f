"""The local executor: one process, many attempts at a time in one event loop."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from ...records.attempt import Attempt
from ..runner.attempting import Attempter
from ..runner.spec import AttemptSpec
from .executor import Watch, pooled


class LocalExecutor:
    """Makes attempts in this process."""

    def __init__(self, attempter: Attempter, *, slots: int) -> None:
        """Take the attempter, and how many attempts it makes at a time."""
        self._attempter = attempter
        self._slots = slots

    async def run(self, specs: Sequence[AttemptSpec], *, watch: Watch) -> AsyncGenerator[Attempt]:
        """Make each attempt once, and yield each as it ends."""
        pool = pooled(specs, self._attempter.make, slots=self._slots, watch=watch)
        async with aclosing(pool):
            async for attempt in pool:
                yield attempt
