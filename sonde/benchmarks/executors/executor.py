"""The protocol of executors, and the pool that all of them share."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol

from ...records.attempt import Attempt
from ..runner.spec import AttemptSpec


class Watch(Protocol):
    """Hears of attempts as they begin, and says whether another may."""

    def may_go_on(self) -> bool:
        """Return whether another attempt may begin."""
        ...

    def begin(self, spec: AttemptSpec) -> None:
        """Hear that an attempt begins."""
        ...

    def finish(self) -> None:
        """Hear that an attempt has ended; it is yielded soon after."""
        ...

    def book(self, attempt: Attempt) -> None:
        """Hear what an attempt took that was lost with its worker, and is made again."""
        ...


class Executor(Protocol):
    """Makes attempts somewhere."""

    def run(self, specs: Sequence[AttemptSpec], *, watch: Watch) -> AsyncGenerator[Attempt]:
        """Make each attempt once, and yield each as it ends, in any order.

        When the watch says stop, what is under way ends and nothing else begins.
        """
        ...


async def pooled(
    specs: Sequence[AttemptSpec],
    make: Callable[[AttemptSpec], Awaitable[Attempt]],
    *,
    slots: int,
    watch: Watch,
) -> AsyncGenerator[Attempt]:
    """Make attempts, so many at a time, and yield each as it ends.

    Closing the generator breaks off what is under way, and so does a failure of one attempt's
    making: nothing goes on once the generator has ended.
    """
    waiting = iter(specs)
    ended: asyncio.Queue[Attempt | None] = asyncio.Queue()

    async def work() -> None:
        while watch.may_go_on() and (spec := next(waiting, None)) is not None:
            watch.begin(spec)
            attempt = await make(spec)
            watch.finish()
            ended.put_nowait(attempt)

    crew = [asyncio.create_task(work()) for _ in range(min(slots, len(specs)))]
    whole = asyncio.gather(*crew)
    whole.add_done_callback(lambda _: ended.put_nowait(None))
    try:
        while (attempt := await ended.get()) is not None:
            yield attempt
        await whole
    finally:
        for each in crew:
            each.cancel()
        await asyncio.gather(whole, *crew, return_exceptions=True)
